"""Values found in a record by their places, and made texts, times and labels of ours (IMP-1)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from carecli.domain.import_mapping import ImportMapping, Source
from carecli.domain.lifecycle import TEXT_MAX, encodable

EARLIEST = 1970
"""No desk kept its log on a computer of this kind before; such a time is a slip."""
LABEL_MAX = 200
SHOWN = 40
REMEMBERED = 50_000
Find = Callable[[Mapping[str, Any]], str | None]


class Values:
    """Finds the values of records as a mapping says; times without a zone are in `zone`, none is after `now`."""

    def __init__(self, mapping: ImportMapping, zone: str, now: datetime) -> None:
        self.mapping = mapping
        self.zone = ZoneInfo(zone)
        self.now = now
        self._places: dict[str, Find] = {}
        self._times: dict[str, datetime] = {}

    def text(self, source: Source, record: Mapping[str, Any]) -> str | None:
        """The first of a source's places that says something."""
        if source.constant is not None:
            return source.constant
        for place in source.places:
            found = self._find(place)(record)
            if found is not None:
                return found
        return None

    def place(self, place: str, record: Mapping[str, Any]) -> str | None:
        """What stands at one place."""
        return self._find(place)(record)

    def time(self, source: Source, record: Mapping[str, Any], name: str) -> datetime:
        """The time there, in UTC; raises ValueError for none, one in the future, or before 1970."""
        said = self.text(source, record)
        at = self.moment(said or "", name)
        if source.minutes is None:
            return at
        minutes = self.place(source.minutes, record) or ""
        try:
            later = at + timedelta(seconds=round(float(minutes) * 60))
        except (ValueError, OverflowError) as error:
            raise ValueError(f"{source.minutes} {minutes[:SHOWN]!r} is no number of minutes") from error
        if later > self.now or later < at:
            raise ValueError(f"{name} {said} and {minutes[:SHOWN]} minutes lies in the future")
        return later

    def moment(self, said: str, name: str) -> datetime:
        """The instant that a text says, in UTC; raises ValueError."""
        if not said:
            raise ValueError(f"{name} says no time")
        known = self._times.get(said)
        if known is not None:
            return known
        at = self._read(said)
        if at is None:
            raise ValueError(f"{name} {said[:SHOWN]!r} is no time")
        if at > self.now:
            raise ValueError(f"{name} {said[:SHOWN]} lies in the future")
        if at.year < EARLIEST:
            raise ValueError(f"{name} {said[:SHOWN]} lies before {EARLIEST}")
        if len(self._times) >= REMEMBERED:
            self._times.clear()
        self._times[said] = at
        return at

    def _read(self, said: str) -> datetime | None:
        for pattern in self.mapping.times:
            try:
                at = _parsed(said, pattern)
                aware = at if at.tzinfo else at.replace(tzinfo=self.zone)
                return aware.astimezone(UTC).replace(microsecond=0)
            except (ValueError, OverflowError, OSError):
                continue
        return None

    def _find(self, place: str) -> Find:
        find = self._places.get(place)
        if find is None:
            find = self._places[place] = self._template(place) if "{" in place else self._plain(place)
        return find

    def _plain(self, place: str) -> Find:
        unknown = self.mapping.unknown
        if self.mapping.format == "csv":
            column = place.casefold()

            def cell(record: Mapping[str, Any]) -> str | None:
                found: str | None = record.get(column)
                return found if found and found not in unknown else None

            return cell
        steps = [*_steps(place)]

        def reached(record: Mapping[str, Any]) -> str | None:
            said = written(_walk(record, steps))
            return said if said and said not in unknown else None

        return reached

    def _template(self, template: str) -> Find:
        """A text with places in braces, `{column|what is said where it says nothing}`."""
        first, *rest = template.split("{")
        pieces = [(*piece.partition("}")[0].partition("|"), piece.partition("}")[2]) for piece in rest]

        def filled(record: Mapping[str, Any]) -> str | None:
            text = first
            for place, bar, otherwise, after in pieces:
                found = self.place(place, record)
                if found is None and not bar:
                    return None
                text += (otherwise if found is None else found) + after
            return text.strip() or None

        return filled


def listed(record: Mapping[str, Any], place: str) -> list[Mapping[str, Any]]:
    """The documents in the list at a place; a single one counts as a list of it."""
    found = _walk(record, [*_steps(place)])
    found = found if isinstance(found, list) else [found]
    return [one for one in found if isinstance(one, dict)]


def written(value: Any) -> str:
    """A value of a document as text; of a list its texts, of a document none."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(int(value)) if isinstance(value, float) and value.is_integer() else _number(value)
    if isinstance(value, list):
        return ", ".join(filter(None, map(written, value)))
    return ""


def _number(value: int | float) -> str:
    try:
        return str(value)
    except ValueError:  # more digits than Python writes
        return ""


def _steps(place: str) -> Iterator[tuple[str, str]]:
    """The names of a path, each with the id that it is asked for in brackets."""
    for step in place.split("."):
        name, _, rest = step.partition("[")
        yield name, rest.removesuffix("]")


def _walk(value: Any, steps: list[tuple[str, str]]) -> Any:
    for name, id_ in steps:
        value = value.get(name) if isinstance(value, dict) else None
        if id_:
            value = _of_id(value, id_)
    return value


def _of_id(value: Any, id_: str) -> Any:
    for one in value if isinstance(value, list) else ():
        if isinstance(one, dict) and written(one.get("id")) == id_:
            return one.get("value")
    return None


def _parsed(said: str, pattern: str) -> datetime:
    if pattern == "iso":
        return datetime.fromisoformat(said)
    if pattern == "epoch":
        return datetime.fromtimestamp(float(said), UTC)
    return datetime.strptime(said, pattern)  # noqa: DTZ007 - the zone is given by whoever asked


def label(text: str | None) -> str | None:
    """A name of theirs as one of ours: printable, of at most 200 characters."""
    if text is None:
        return None
    if len(text) <= LABEL_MAX and text.isprintable():
        return text
    clean = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return clean if len(clean) <= LABEL_MAX else f"{clean[: LABEL_MAX - 1]}…"


def prose(text: str | None) -> str | None:
    """A text of theirs as the record can hold it: no NUL, no half character, no more than a text may have."""
    if text is None:
        return None
    clean = text if encodable(text) else text.encode("utf-8", "replace").decode()
    clean = clean.replace("\0", "\ufffd")
    if len(clean) <= TEXT_MAX:
        return clean
    cut = f"\n[{len(clean):,} characters, cut here]"
    return clean[: TEXT_MAX - len(cut)] + cut
