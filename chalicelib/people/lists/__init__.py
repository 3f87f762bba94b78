"""Lists of people, as far as a viewer reaches."""
