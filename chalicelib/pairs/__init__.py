"""The life of a pair: launch, sessions, contacts, closure; its colour; does it count for the plan."""
