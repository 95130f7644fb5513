"""Where mail that came in lies until the desk fetches it: a maildir, or a mailbox on an IMAP server (MAIL-6)."""
