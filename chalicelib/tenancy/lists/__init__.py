"""Lists, as far as a viewer reaches."""
