"""Files: their bytes by content, and the look through them for customer data."""
