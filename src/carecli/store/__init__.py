"""The record: events, what is derived from them, and the queue of timers."""
