"""What is known of whoever reads: a terminal or not, how large, with colour or without."""

import os
from collections.abc import Mapping
from typing import NamedTuple, TextIO


class Screen(NamedTuple):
    """What is known of a stream: whether a terminal reads it, how large it is, whether colour is wanted."""

    terminal: bool
    color: bool
    width: int = 80
    height: int = 24


def screen(stream: TextIO, environ: Mapping[str, str], *, no_color: bool, setting: str) -> Screen:
    """Look at a stream; --no-color beats NO_COLOR, that FORCE_COLOR, that the configuration."""
    terminal = stream.isatty()
    color = not no_color and _color(terminal, environ, setting)
    if not terminal:
        return Screen(terminal, color)
    return Screen(terminal, color, _size(stream, environ, "COLUMNS", 80), _size(stream, environ, "LINES", 24))


def _color(terminal: bool, environ: Mapping[str, str], setting: str) -> bool:
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "0") not in {"", "0"}:
        return True
    if setting != "auto":
        return setting == "always"
    return terminal and environ.get("TERM") != "dumb"


def _size(stream: TextIO, environ: Mapping[str, str], name: str, usual: int) -> int:
    """How many COLUMNS or LINES there are: as the environment says, else as the terminal does."""
    said = environ.get(name, "")
    if said.isascii() and said.isdigit() and int(said):
        return int(said)
    try:
        told: int = getattr(os.get_terminal_size(stream.fileno()), name.lower())
    except OSError:
        return usual
    return told or usual
