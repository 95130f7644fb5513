"""The ways by which mail leaves: a maildir, an SMTP server, a sendmail program (MAIL-6)."""
