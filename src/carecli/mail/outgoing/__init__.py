"""What people are told of a case, and how it is written down (MAIL-1, FU-1)."""
