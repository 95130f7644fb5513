"""Which component a case is about: learned, chosen, set (OPEN-6)."""
