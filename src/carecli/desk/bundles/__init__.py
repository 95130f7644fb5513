"""A case as a file that proves itself: written, and checked without any database (IMP-2)."""
