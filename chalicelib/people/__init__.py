"""Mentors and mentees: the funnel from lead to available, checks, training, consents, duplicates, imports."""
