"""Lists of pairs."""
