"""Access in the database itself: roles, policies, and what contacts and staff look through by plain SQL (DC-3)."""
