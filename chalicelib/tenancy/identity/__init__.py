"""Who somebody is, before it is known for which tenant they act: keys, sessions, codes."""
