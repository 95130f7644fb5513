"""The layouts of the pages that we make: whatever people wrote stands in them as text, never as HTML."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from carecli.render import legible

_FOLDER: Final = Path(__file__).parent / "layout"


@cache
def layout(name: str, *shown: Callable[..., str]) -> Template:
    """The layout of this name, read once; in it the functions `shown` are filters by their names."""
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=_text,
    )
    made.filters.update({one.__name__: one for one in shown})
    return made.get_template(f"{name}.html.j2")


def _text(value: Any) -> Any:
    # What a layout has escaped already is of a class of its own.
    return legible.lines(value) if type(value) is str else value
