"""Where the lines of each case stand in a log of ours, so that a case can be told at once (IMP-1)."""

from array import array
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from carecli.desk.importing.own.log import Entry, entry_at, placed, proved
from carecli.domain.events import Event, Kind
from carecli.store.codec import GENESIS, event_digest

PEOPLE = {
    Kind.ACCOUNT_ADDED: ("accounts", "name"),
    Kind.ACCOUNT_CHANGED: ("accounts", "name"),
    Kind.CONTACT_ADDED: ("contacts", "email"),
    Kind.CONTACT_CHANGED: ("contacts", "email"),
    Kind.STAFF_ADDED: ("staff", "email"),
    Kind.STAFF_CHANGED: ("staff", "email"),
}


class Index:
    """The people of a log as it last knew them, and of each case the places of its lines and its ties.

    Of a line no more than two numbers are kept, however long it is.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Read a whole log; raises Invalid and Refused, which name the first line that is no part of one."""
        self._file = file
        self._lines: dict[int, array[int]] = {}
        self._roots: dict[int, int] = {}
        self.people: dict[str, dict[str, Mapping[str, Any]]] = {"accounts": {}, "contacts": {}, "staff": {}}
        self.events = 0
        self.first: tuple[int, str] | None = None
        """The place in that log of the first opening of a case, and the digest of all up to it."""
        before = GENESIS
        places: dict[int, int] = {}
        for entry in proved(placed(file, places)):
            self.events += 1
            self._take(entry, places.pop(entry.line))
            if self.first is None:
                # Made anew, as a log by another hand has none.
                before = event_digest(before, entry.number, entry.seq, entry.event)
                self.first = (self.events, before) if entry.number else None

    def _take(self, entry: Entry, place: int) -> None:
        if entry.number is None:
            self._take_person(entry.event)
            return
        if entry.number not in self._lines:
            self._lines[entry.number] = array("q")
            self._roots[entry.number] = entry.number
        self._lines[entry.number].extend((entry.line, place))
        for other in ties(entry.event):
            self._tie(entry.number, other)

    def _take_person(self, event: Event) -> None:
        if event.kind in PEOPLE and isinstance(event.data.get(PEOPLE[event.kind][1]), str):
            kind, key = PEOPLE[event.kind]
            self.people[kind][event.data[key].casefold()] = event.data

    def groups(self) -> Iterator[list[int]]:
        """The cases, those that are tied to one another together, in the order of their first opening."""
        found: dict[int, list[int]] = {}
        for number in self._lines:
            found.setdefault(self._root(number), []).append(number)
        yield from found.values()

    def entries(self, number: int) -> list[Entry]:
        """The events of a case, oldest first."""
        told = self._lines[number]
        return [entry_at(self._file, told[i + 1], told[i]) for i in range(0, len(told), 2)]

    def size(self, number: int) -> int:
        """How many events a case has."""
        return len(self._lines[number]) // 2

    def _tie(self, one: int, other: int) -> None:
        # A case may be named before its own opening is read.
        self._roots.setdefault(other, other)
        self._roots[self._root(other)] = self._root(one)

    def _root(self, number: int) -> int:
        root = number
        while self._roots[root] != root:
            root = self._roots[root]
        while self._roots[number] != root:
            self._roots[number], number = root, self._roots[number]
        return root


def ties(event: Event) -> Iterator[int]:
    """The other cases that an event names."""
    if event.kind is Kind.OPENED:
        links = event.data.get("links")
        named = [link.get("number") for link in links if isinstance(link, dict)] if isinstance(links, list) else []
    else:
        named = [event.data.get("number")]
    yield from (number for number in named if isinstance(number, int))
