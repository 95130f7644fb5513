"""What search finds of a case, told from its events (FIND-3)."""

from collections.abc import Iterable, Iterator

from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.store.entries import CaseTexts


def texts(case: Case, events: Iterable[Event]) -> Iterator[CaseTexts]:
    """The texts that these events of a case add to the search index; notes apart, for staff alone (DC-3)."""
    for event in events:
        opening = event.kind is Kind.OPENED
        text = event.data.get("text") or ""
        if opening or text:
            yield CaseTexts(
                case.number,
                subject=case.subject if opening else "",
                description=case.description if opening else "",
                updates=text if event.public else "",
                notes="" if event.public else text,
            )
