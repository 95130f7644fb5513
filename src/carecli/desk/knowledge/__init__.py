"""Knowledge articles: found, read, written, brought in (KB-1)."""
