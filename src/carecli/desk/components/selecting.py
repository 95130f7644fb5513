"""Which component a case is about: chosen by its words, or set by a person (OPEN-6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from carecli.domain import access, features, selection
from carecli.domain.access import Right
from carecli.domain.selection import Known, Selection, Text
from carecli.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carecli.desk.desk import Desk
    from carecli.store.protocol import Reading

BATCH: Final = 500
"""For how many texts what was learned is read at once."""


def select(reading: Reading, *, candidates: Sequence[str], subject: str, description: str) -> Selection:
    """The candidate that a case's words speak for, with the next best; none where nothing speaks for any (OPEN-6).

    Only the words of this very text are told as the reasons, whatever they were learned of (DC-3).
    """
    if not candidates:
        return Selection(())
    among = selection.options(candidates, reading.components(candidates))
    return selection.select(next(_texts(reading, [case_text(subject, description)])), among)


def case_text(subject: str, description: str) -> str:
    """What of a case its component is chosen by, and learned from."""
    return f"{subject}\n{description}"


def require(desk: Desk) -> None:
    """Raise NotPermitted for who chooses no components, before a large file of theirs is read."""
    access.require(desk.actor, Right.WORK_CASES)


def predict(
    desk: Desk,
    texts: Sequence[str],
    *,
    service: str | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Selection]:
    """The component of each text in order, among those of a service or all that are known; for staff (OPEN-6).

    Behind a chosen one stand the next best, so many that there are three where there are three components.
    """
    require(desk)
    with desk.reading() as reading:
        names = _named(reading, service)
        among = selection.options(names, reading.components(names))
        found = []
        for text in _texts(reading, texts):
            found.append(selection.filled(selection.select(text, among), among))
            progress(len(found))
        return found


def _named(reading: Reading, service: str | None) -> list[str]:
    """The components of a service, as all accounts list them; without one all that were learned, else all listed.

    Raises NotFound for a service of which no component is listed.
    """
    learned = [one.name for one in reading.components()] if service is None else []
    if learned:
        return learned
    wanted = service.strip().casefold() if service is not None else None
    offered = [s for a in reading.accounts() for d in a.deployments for s in d.services]
    names = [name for s in offered if wanted in {None, s.name.casefold()} for name in s.components]
    if service is not None and not names:
        raise NotFound(
            f"no account lists components of a service {service[:80]!r}",
            hint="care account edit NAME --component SERVICE=COMPONENT adds one",
            rule="ACC-2",
        )
    return names


def _texts(reading: Reading, texts: Iterable[str]) -> Iterator[Text]:
    """Texts with what was learned of their words, read for many at once."""
    waiting, size = iter(texts), reading.component_size()
    while some := list(islice(waiting, BATCH)):
        said = [features.words(text) for text in some]
        strengths = [features.features(words) for words in said]
        rows = reading.component_rows(list(dict.fromkeys(feature for one in strengths for feature in one)))
        for words, strong in zip(said, strengths, strict=True):
            own = {feature: rows[feature] for feature in strong if feature in rows}
            yield Text(words, strong, own, size)


def known(desk: Desk) -> list[Known]:
    """The components that examples were learned of, those of the most examples first; for staff."""
    access.require(desk.actor, Right.WORK_CASES)
    with desk.reading() as reading:
        return sorted(reading.components(), key=lambda one: (-one.examples, one.name.casefold()))
