"""A file for each command or family: arguments in, one use case, rendering out."""
