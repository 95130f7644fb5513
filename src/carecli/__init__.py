"""A command-line support desk: cases, service-level clocks and auto follow-up in one SQLite file."""

__version__ = "0.1.0"
