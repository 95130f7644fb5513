"""What is known of whoever reads: a terminal or not, how wide, with colour or without."""

import os
from collections.abc import Mapping
from typing import NamedTuple, TextIO


class Screen(NamedTuple):
    """What is known of a stream: whether a terminal reads it, how wide it is, whether colour is wanted."""

    terminal: bool
    color: bool
    width: int = 80


def screen(stream: TextIO, environ: Mapping[str, str], *, no_color: bool, setting: str) -> Screen:
    """Look at a stream; --no-color beats NO_COLOR, that FORCE_COLOR, that the configuration."""
    terminal = stream.isatty()
    color = not no_color and _color(terminal, environ, setting)
    return Screen(terminal, color, _width(stream, environ) if terminal else 80)


def _color(terminal: bool, environ: Mapping[str, str], setting: str) -> bool:
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "0") not in {"", "0"}:
        return True
    if setting != "auto":
        return setting == "always"
    return terminal and environ.get("TERM") != "dumb"


def _width(stream: TextIO, environ: Mapping[str, str]) -> int:
    columns = environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except OSError:
        return 80
