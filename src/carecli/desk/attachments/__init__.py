"""Files on cases: taken in, added, read, looked after (ATT-1, ATT-2)."""
