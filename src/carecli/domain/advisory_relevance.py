"""Which open advisories are worth a look before a case is opened: by its service and the words they share."""

from collections.abc import Iterable
from typing import Final, TypeVar

from carecli.domain.advisory import Draft
from carecli.domain.knowledge_words import telling, words

T = TypeVar("T")

ENOUGH: Final = 2
"""So many words must an advisory of no service in particular share with the text."""


def ranked(found: Iterable[tuple[T, Draft]], text: str, service: str | None) -> list[T]:
    """Those that may be about what a text tells, best first; of equals the first stays first (OPEN-7).

    One of the case's own service is worth a look whatever its words: the service is known to be in trouble.
    """
    asked = frozenset(telling(words(text)))
    weighed = []
    for one, draft in found:
        shared = _shared(asked, draft)
        own = bool(draft.services) and service is not None
        if own or shared >= ENOUGH:
            weighed.append((shared, own, one))
    weighed.sort(key=lambda each: each[:2], reverse=True)
    return [one for _, _, one in weighed]


def _shared(asked: frozenset[str], draft: Draft) -> int:
    """How many telling words both have."""
    return len(asked & frozenset(telling(words(f"{draft.title} {draft.text}"))))
