"""Mail at the desk: the outbox on its way, what comes in and what becomes of it (MAIL-2..6)."""
