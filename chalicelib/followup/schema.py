"""What goes out about reminders."""

from chalicelib.tenancy.bodies import Shown


class ReminderOut(Shown):
    """One reminder: to whom, by which channel, and what became of it."""

    id: str
    at: str
    pair: str
    step: int
    to: str
    channel: str
    status: str
