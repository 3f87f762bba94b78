"""Finding people by three letters of a name."""
