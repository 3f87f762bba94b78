"""Errors that end a command with one line instead of a stack trace."""


class Problem(Exception):
    """Something the person at the keyboard can put right; its text says how, on one line."""
