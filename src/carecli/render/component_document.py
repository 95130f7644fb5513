"""What was learned of components, and what is chosen by it, as the JSON that scripts read (OPEN-6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from carecli.domain.instants import iso
from carecli.domain.selection import BEST

if TYPE_CHECKING:
    from carecli.domain.selection import Known, Learned, Selection

Document = dict[str, Any]

PREDICTED: Final = ("component", "candidates", "share", "words")
KNOWN: Final = ("component", "examples", "learned_at")


def predicted(selection: Selection, *, why: bool) -> Document:
    """The component chosen for a text, the three best, and with `why` the words that spoke for it."""
    document: Document = {
        "component": selection.component,
        "candidates": [one.component for one in selection.candidates[:BEST]],
        "share": round(selection.candidates[0].share, 4) if selection.candidates else None,
    }
    return document | {"words": [word(*one) for one in selection.words]} if why else document


def word(text: str, weight: float) -> Document:
    """A word and what it adds to the lead of the chosen component over the next best."""
    return {"word": text, "weight": round(weight, 3)}


def known(one: Known) -> Document:
    """A component that was learned."""
    return {"component": one.name, "examples": one.examples, "learned_at": iso(one.learned_at)}


def learned(lesson: Learned) -> Document:
    """What a lesson brought."""
    return {
        "examples": lesson.examples,
        "known": lesson.known,
        "left_out": lesson.left_out,
        "cases": lesson.cases,
        "components": lesson.components,
        "afresh": lesson.afresh,
    }
