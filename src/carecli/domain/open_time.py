"""The time line of one business calendar in integer seconds: open time and business days (CAL-1, CAL-2)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from carecli.domain.calendar import DAY_S, Calendar, Span, find_zone
from carecli.domain.interval import Interval, clip, union
from carecli.errors import Invalid

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_WALL_EPOCH: Final = EPOCH.replace(tzinfo=None)
_CHUNK_S: Final = 64 * DAY_S
_SPAN_DAYS: Final = 36_600
SPAN_S: Final = _SPAN_DAYS * DAY_S
# Years 1 and 9999 less two days, so that no zone's local reading leaves what datetime can hold.
_FIRST_S: Final = -719_160 * DAY_S
_LAST_S: Final = 2_932_894 * DAY_S
_HINT: Final = "check the amount, the hours and the closed dates; the arithmetic reaches 100 years"


def epoch_s(at: datetime) -> int:
    """Return the whole seconds from 1970-01-01T00:00Z to an aware `at`."""
    passed = at - EPOCH
    return passed.days * DAY_S + passed.seconds


def instant(seconds: int) -> datetime:
    """Return the UTC instant that many seconds after 1970-01-01T00:00Z; raises Invalid outside its range."""
    if not _FIRST_S <= seconds <= _LAST_S:
        raise unreachable()
    return EPOCH + timedelta(seconds=seconds)


def unreachable() -> Invalid:
    """Return the refusal of an amount or a span that no arithmetic reaches (CAL-4)."""
    return Invalid("no working time is reachable within that span", hint=_HINT, rule="CAL-4")


class _Segment(NamedTuple):
    """A stretch of the time line in which local time is UTC plus `offset` seconds."""

    start: int
    end: int
    offset: int


class _Chunk(NamedTuple):
    """64 days of the time line: its open intervals and the open seconds `before` each of them."""

    segments: list[_Segment]
    starts: list[int]
    ends: list[int]
    before: list[int]
    total: int

    def open_before(self, at: int) -> int:
        """Count the chunk's open seconds before `at`."""
        index = bisect_right(self.starts, at) - 1
        return 0 if index < 0 else self.before[index] + min(at, self.ends[index]) - self.starts[index]


class OpenTime:
    """The open seconds of one calendar; instants are ints, seconds since 1970-01-01T00:00Z (CAL-1).

    Built lazily, 64 days at a time. Every method raises Invalid for what lies beyond 100 years.
    """

    __slots__ = ("_chunks", "_closed", "_spans", "_week", "_zone")

    def __init__(self, calendar: Calendar) -> None:
        self._zone = find_zone(calendar.zone)
        self._week = calendar.week
        self._closed = frozenset((datetime.fromisoformat(day) - _WALL_EPOCH).days for day in calendar.closed)
        self._chunks: dict[int, _Chunk] = {}
        self._spans: dict[int, tuple[Interval, ...]] = {}

    def is_open(self, at: int) -> bool:
        """Whether the desk is open at `at`; at the closing instant it is not (CAL-1)."""
        chunk = self._chunk(at // _CHUNK_S)
        index = bisect_right(chunk.starts, at) - 1
        return index >= 0 and at < chunk.ends[index]

    def next_open(self, at: int) -> int:
        """Return the first open instant not before `at`."""
        first = at // _CHUNK_S
        for number in range(first, first + SPAN_S // _CHUNK_S):
            chunk = self._chunk(number)
            index = bisect_right(chunk.ends, at)
            if index < len(chunk.starts):
                return max(at, chunk.starts[index])
        raise unreachable()

    def measure(self, start: int, end: int) -> int:
        """Count the open seconds in [start, end); none when `end` comes first."""
        if end <= start:
            return 0
        if end - start > 2 * SPAN_S:
            raise unreachable()
        first, last = start // _CHUNK_S, end // _CHUNK_S
        seconds = self._chunk(last).open_before(end) - self._chunk(first).open_before(start)
        for number in range(first, last):
            seconds += self._chunk(number).total
        return seconds

    def advance(self, at: int, seconds: int, limit: int | None = None) -> int:
        """Return the first instant by which `seconds` open seconds have gone by since `at` (CAL-1)."""
        if seconds == 0:
            return at
        number = at // _CHUNK_S
        last = (at + SPAN_S if limit is None else limit) // _CHUNK_S
        if number > last or not 0 < seconds <= SPAN_S:
            raise unreachable()
        chunk = self._chunk(number)
        seconds += chunk.open_before(at)
        while seconds > chunk.total:
            seconds -= chunk.total
            number += 1
            if number > last:
                raise unreachable()
            chunk = self._chunk(number)
        index = bisect_left(chunk.before, seconds) - 1
        return chunk.starts[index] + seconds - chunk.before[index]

    def advance_days(self, at: int, days: int) -> int:
        """Return the instant `days` business days after `at`, literally as CAL-2 says."""
        at = self.next_open(at)
        if days == 0:
            return at
        day, wall = self.reading(at)
        last_day = self._business_day(day, days)
        due = self.resolve(last_day, wall)
        if self.is_open(due):
            return due
        spans = self._open_on(last_day)
        closings = [span.end for span in spans if span.end <= due]
        return closings[-1] if closings else spans[0].start

    def stretches(self, start: int, end: int) -> tuple[Interval, ...]:
        """Return the open stretches of [start, end), in order, those that touch as one."""
        chunks = self._chunks_of(start, end)
        return clip(
            union(span for chunk in chunks for span in zip(chunk.starts, chunk.ends, strict=True)), start, end
        )

    def days(self, start: int, end: int) -> Iterator[tuple[int, Interval]]:
        """Cut [start, end) at local midnights and changes of the clocks: each part with its local date.

        Dates are days since 1970-01-01.
        """
        for chunk in self._chunks_of(start, end):
            for segment in chunk.segments:
                position, last = max(segment.start, start), min(segment.end, end)
                while position < last:
                    day = (position + segment.offset) // DAY_S
                    midnight = (day + 1) * DAY_S - segment.offset
                    yield day, Interval(position, min(midnight, last))
                    position = min(midnight, last)

    def reading(self, at: int) -> tuple[int, int]:
        """Return what the zone's clock shows at `at`: days since 1970-01-01, and seconds of that day."""
        return divmod(at + self._offset(at), DAY_S)

    def resolve(self, day: int, wall: int) -> int:
        """Return the instant of a wall-clock reading: the first of two; a skipped one moves forward."""
        seconds = day * DAY_S + wall
        if not _FIRST_S <= seconds <= _LAST_S:
            raise unreachable()
        local = (_WALL_EPOCH + timedelta(seconds=seconds)).replace(tzinfo=self._zone)
        return epoch_s(local)

    def _chunks_of(self, start: int, end: int) -> Iterator[_Chunk]:
        if end - start > 2 * SPAN_S:
            raise unreachable()
        if start < end:
            yield from map(self._chunk, range(start // _CHUNK_S, (end - 1) // _CHUNK_S + 1))

    def _business_day(self, day: int, count: int) -> int:
        if 0 < count <= _SPAN_DAYS:
            for later in range(day + 1, day + _SPAN_DAYS):
                count -= bool(self._open_on(later))
                if not count:
                    return later
        raise unreachable()

    def _open_on(self, day: int) -> tuple[Interval, ...]:
        spans = self._spans.get(day)
        if spans is None:
            if len(self._spans) > 2 * _SPAN_DAYS:
                self._spans.clear()
            near = {(day - 1) * DAY_S // _CHUNK_S, (day + 2) * DAY_S // _CHUNK_S}
            segments = [segment for number in near for segment in self._chunk(number).segments]
            spans = union(span for segment in segments for span in self._lay(day, segment))
            self._spans[day] = spans
        return spans

    def _chunk(self, number: int) -> _Chunk:
        chunk = self._chunks.get(number)
        if chunk is None:
            # Two lifetimes of chunks are 20 MB; more are a loop over history that need not stay.
            if len(self._chunks) > 1_200:
                self._chunks.clear()
            chunk = self._chunks[number] = self._build(number * _CHUNK_S)
        return chunk

    def _build(self, start: int) -> _Chunk:
        if not _FIRST_S <= start <= _LAST_S - _CHUNK_S:
            raise unreachable()
        segments = self._segments(start)
        spans = union(
            span
            for segment in segments
            for day in range(
                (segment.start + segment.offset) // DAY_S, (segment.end - 1 + segment.offset) // DAY_S + 1
            )
            for span in self._lay(day, segment)
        )
        before, total = [], 0
        for opens, closes in spans:
            before.append(total)
            total += closes - opens
        return _Chunk(segments, [s for s, _ in spans], [e for _, e in spans], before, total)

    def _lay(self, day: int, segment: _Segment) -> Iterator[Span]:
        if day in self._closed:
            return
        start, end, offset = segment
        midnight = day * DAY_S - offset
        for opens, closes in self._week[(day + 3) % 7]:  # 1970-01-01 was a Thursday
            first, last = max(midnight + opens, start), min(midnight + closes, end)
            if first < last:
                yield first, last

    def _segments(self, start: int) -> list[_Segment]:
        segments: list[_Segment] = []
        position, offset = start, self._offset(start)
        # No zone has ever changed twice within a day, so a look each day sees every change.
        for seen in range(start + DAY_S, start + _CHUNK_S + DAY_S, DAY_S):
            if self._offset(seen) != offset:
                change = self._change(seen - DAY_S, seen)
                segments.append(_Segment(position, change, offset))
                position, offset = change, self._offset(change)
        segments.append(_Segment(position, start + _CHUNK_S, offset))
        return [segment for segment in segments if segment.start < segment.end]

    def _change(self, low: int, high: int) -> int:
        offset = self._offset(low)
        while high - low > 1:
            middle = (low + high) // 2
            if self._offset(middle) == offset:
                low = middle
            else:
                high = middle
        return high

    def _offset(self, at: int) -> int:
        if not _FIRST_S <= at <= _LAST_S:
            raise unreachable()
        utc = (_WALL_EPOCH + timedelta(seconds=at)).replace(tzinfo=self._zone)
        offset = self._zone.fromutc(utc).utcoffset()
        assert offset is not None
        return offset.days * DAY_S + offset.seconds
