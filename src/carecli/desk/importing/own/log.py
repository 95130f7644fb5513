"""The lines of our own log, `care log --all --format jsonl`, read and held against one another (IMP-1)."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, NamedTuple

from carecli.desk.importing.reading import LONGEST, Line, lines
from carecli.desk.told_desk import UNREADABLE
from carecli.domain.events import Event, Kind
from carecli.domain.instants import instant
from carecli.domain.numbers import parse_number
from carecli.domain.vocabulary import Via, Visibility
from carecli.errors import CareError, Invalid, Refused
from carecli.store.codec import GENESIS, event_digest

NO_DIGEST = ""


class Entry(NamedTuple):
    """A line: an event, the case that it is of, and its digest, empty where the line has none."""

    line: int
    number: int | None
    seq: int
    event: Event
    digest: str


def entries(file: BinaryIO) -> Iterator[Entry]:
    """Each line of a log from its beginning; raises Invalid, which names the first that is none."""
    file.seek(0)
    for line in lines(file):
        yield _entry(line)


def placed(file: BinaryIO, places: dict[int, int]) -> Iterator[Entry]:
    """The same; `places` is told where each line begins."""
    file.seek(0)
    place = 0
    for line in lines(file):
        places[line.number] = place
        place += len(line.raw or b"")
        yield _entry(line)


def entry_at(file: BinaryIO, place: int, line: int) -> Entry:
    """The event of the line that begins at a place."""
    file.seek(place)
    return _entry(Line(line, file.readline(LONGEST)))


def proved(told: Iterable[Entry]) -> Iterator[Entry]:
    """The same entries, each held against those before it; raises Refused, which names the first that fails."""
    before, seqs = GENESIS, {None: 0}  # type: str, dict[int | None, int]
    chained: bool | None = None
    for entry in told:
        if chained is None:
            chained = bool(entry.digest)
        follows(entry, seqs.get(entry.number, 0) + 1)
        if chained:
            before = event_digest(before, entry.number, entry.seq, entry.event)
        same(entry, before if chained else NO_DIGEST)
        seqs[entry.number] = entry.seq
        yield entry


def follows(entry: Entry, seq: int) -> None:
    """Raise Refused where an event is not the next one of its case, or of the desk's own."""
    if entry.seq == seq:
        return
    whose = "the desk's own events" if entry.number is None else f"case {entry.number}"
    raise broken(entry.line, f"event {entry.seq} of {whose} stands where event {seq} should follow")


def same(entry: Entry, digest: str) -> None:
    """Raise Refused where the digest of a line is not the one that its content and all lines before it make."""
    if entry.digest != digest:
        raise broken(
            entry.line, "it is not what its digest says: changed, moved, put in, or a line before it is gone"
        )


def broken(line: int, why: str) -> CareError:
    """The error for a line that is no part of a whole log."""
    return Refused(
        f"line {line:,}: {why}; nothing was brought in",
        hint="write it again, as an admin: `care log --all --format jsonl > FILE`",
        rule="IMP-1",
    )


def _entry(line: Line) -> Entry:
    if line.raw is None:
        raise _unreadable(line.number, f"it is longer than {LONGEST >> 20} MiB")
    try:
        told = json.loads(line.raw.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        cut = "" if line.raw.endswith(b"\n") else ", and it does not end: the file was cut off"
        raise _unreadable(line.number, f"it is no JSON object{cut}") from None
    try:
        return _read(line.number, told)
    except UNREADABLE as error:
        raise _unreadable(line.number, _reason(error)) from None


def _read(line: int, told: Any) -> Entry:
    data, digest = told["data"], told.get("digest")
    number = None if told["number"] is None else parse_number(_text(told["number"]))
    if not isinstance(data, dict):
        raise TypeError("`data` is no object")
    if not isinstance(told["seq"], int) or told["seq"] < 1:
        raise TypeError("`seq` is no number")
    event = Event(
        instant(_text(told["at"])),
        _text(told["actor"]),
        Via(told["via"]),
        Kind(told["kind"]),
        Visibility(told["visibility"]),
        data,
    )
    return Entry(line, number, told["seq"], event, NO_DIGEST if digest is None else _text(digest))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{str(value)[:40]!r} is no text")
    value.encode()  # half a surrogate pair is none either
    return value


def _no_number(word: str) -> None:
    raise ValueError(word)


def _reason(error: Exception) -> str:
    if isinstance(error, CareError):
        return error.message
    return f"it has no {error}" if isinstance(error, KeyError) else str(error)[:200]


def _unreadable(line: int, why: str) -> CareError:
    return Invalid(
        f"line {line:,} is no event: {why}; nothing was brought in",
        hint="what `care log --all --format jsonl` writes can be read, whole and as it is",
        rule="IMP-1",
    )
