"""What somebody is told of a case's history and ties: of no other case that is not there for him (DC-3, SR-1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from carecli.domain.events import Kind

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.domain.events import Event, Recorded
    from carecli.store.protocol import Reading

TYING = frozenset({Kind.LINKED, Kind.UNLINKED, Kind.SPLIT})
"""Events that name another case than their own."""


ASSESSMENT = "assessment"
"""Under which name the intake of a case keeps what the desk made of it at first sight (ROUTE-1)."""


def visible(desk: Desk, reading: Reading, history: Iterable[Recorded]) -> Iterator[Recorded]:
    """Of the events of a case those that the actor may see, numbered as the actor knows them (DC-3)."""
    told = (entry for entry in history if entry.event.public or not desk.actor.is_contact)
    shown = of_seen(desk, reading, told)
    # A contact's numbering is without gaps: one would tell that a note was written.
    return _renumbered(shown) if desk.actor.is_contact else shown


def of_seen(desk: Desk, reading: Reading, history: Iterable[Recorded]) -> Iterator[Recorded]:
    """Events without what they tell of cases that are not there for the actor (DC-3, SR-1)."""
    if desk.actor.sight.everything:
        yield from history
        return
    for entry in history:
        named = _other_cases(entry.event)
        if not named or (there := _there(desk, reading, named)) == named:
            yield entry
        elif entry.event.kind is Kind.OPENED:
            links = [link for link in entry.event.data["links"] if link["number"] in there]
            yield entry._replace(event=entry.event._replace(data={**entry.event.data, "links": links}))


def _other_cases(event: Event) -> set[int]:
    """The cases that an event ties its own to."""
    if event.kind is Kind.OPENED:
        return {link["number"] for link in event.data["links"]}
    return {event.data["number"]} if event.kind in TYING else set()


def _renumbered(shown: Iterable[Recorded]) -> Iterator[Recorded]:
    """Events counted from one, also where one of them names another (`split`)."""
    known: dict[int, int] = {}
    for seq, entry in enumerate(shown, 1):
        known[entry.seq] = seq
        if entry.event.kind is Kind.SPLIT:
            data = {**entry.event.data, "seq": known[entry.event.data["seq"]]}
            entry = entry._replace(event=entry.event._replace(data=data))
        yield _for_contact(entry, seq)


def _for_contact(entry: Recorded, seq: int) -> Recorded:
    """An event without the id of the mail that it came by, as ids count the mail of every account (DC-3).

    Nor with what the desk made of a new case.
    """
    if not {"mail", "intake"} & entry.event.data.keys():
        return entry._replace(seq=seq)
    data = without(entry.event.data, "mail")
    if "intake" in data:
        data["intake"] = without(data["intake"], ASSESSMENT)
    return entry._replace(seq=seq, event=entry.event._replace(data=data))


def known_links(desk: Desk, reading: Reading, links: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    """Of the ties of a case those that the actor may know of (DC-3, SR-1)."""
    # Kind and number, and behind them whether it is internal, where it is (`case_state`).
    told = [link for link in links if not (desk.actor.is_contact and any(link[2:]))]
    there = _there(desk, reading, {link[1] for link in told})
    return [link for link in told if link[1] in there]


def _there(desk: Desk, reading: Reading, numbers: set[int]) -> set[int]:
    """Of these cases those that are there for the actor (DC-3, SR-1)."""
    sight = desk.actor.sight
    return numbers if sight.everything or not numbers else reading.seeing(sight).visible(numbers)


def without(known: Mapping[str, Any], key: str) -> dict[str, Any]:
    """What is known but for one part."""
    return {name: value for name, value in known.items() if name != key}
