"""Understanding one message: hostile bytes in, plain values out; no desk, no store (MAIL-2, MAIL-5)."""
