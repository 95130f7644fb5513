"""A chat as it goes on: what happens between the lines, at a terminal, and in a pipe (CHAT-1)."""
