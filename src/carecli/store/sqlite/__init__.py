"""The record in one SQLite file: the store of a desk on one machine."""
