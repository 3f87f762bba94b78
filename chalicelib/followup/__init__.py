"""What is sent when a pair goes silent, and when: the runs of the tick, the reminders, the register."""
