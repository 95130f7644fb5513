"""Service advisories at the desk: written, published, told at once or by digests, offered (ADV-1, OPEN-7)."""
