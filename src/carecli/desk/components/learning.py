"""Learning which words speak for which component: from files of examples, and from the desk's own cases (OPEN-6).

Of the desk's own cases those are learned whose component a person chose, confirmed or corrected; what was chosen
by words alone would only learn itself. What is learned is derived: it can be forgotten and learned afresh.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from carecli.desk.components.examples import USUAL, Columns, Example, examples
from carecli.desk.components.often import Often
from carecli.desk.components.selecting import case_text
from carecli.domain import access, features, learning
from carecli.domain.access import Right
from carecli.domain.events import Kind
from carecli.domain.learning import Row
from carecli.domain.selection import BY_WORDS, Known, Learned
from carecli.domain.sight import confidential_state
from carecli.errors import Invalid, Refused
from carecli.store.component_rows import PackedRow, packed
from carecli.store.entries_opening import Progress

if TYPE_CHECKING:
    from datetime import datetime

    from carecli.desk.desk import Desk
    from carecli.domain.events import Recorded
    from carecli.store.protocol import Reading, Writing

TRIES: Final = 3
NAME_MAX: Final = 200
COMPONENTS_MAX: Final = 1_000
"""More different names than this are no components: the wrong column was named.

Each takes eight bytes of every row, and so time and memory.
"""

FEATURES_MAX: Final = 2_000_000
"""A desk that knows so many features, some 200 MB, learns no new ones case by case: `--afresh` sifts them."""

BATCH: Final = 100
"""How many cases of the desk's own a tick learns at most, each at a few milliseconds; the next goes on."""

RARE: Final = 20_000
"""For every so many examples a feature must stand in one more to be learned: others tell nothing of many."""

READ: Final = 1_000
"""For how many examples what is known is read at once."""

STRIDE: Final = 20_000
"""How many events of the log a tick looks through at most for them."""


class Lesson(NamedTuple):
    """What is about to be kept: rows, components, digests of examples, and up to where the log was learned."""

    rows: Sequence[PackedRow]
    components: Sequence[Known]
    digests: Iterable[bytes]
    progress: Progress


def learn(
    desk: Desk,
    file: str | None = None,
    columns: Columns = USUAL,
    *,
    afresh: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Learned:
    """Learn a file of examples, or the desk's own cases up to now; all of it or nothing, for managers and admins.

    An example that was learned before is not learned again. `afresh` forgets everything first, and learns the
    desk's own cases along with the file. `progress` hears how many of how many steps are done. Raises Invalid
    for a file that is no table of examples.
    """
    access.require(desk.actor, Right.TEACH)
    given = examples(file, columns) if file is not None else []
    for _ in range(TRIES):
        with desk.machinery() as reading:
            base = reading.component_progress()
            start = 0 if afresh else base.position
            until = reading.log_length() if afresh or file is None else start
            own = _own(reading, start, until)
            sieve = _sieved(reading, [*own, *given], afresh=afresh)
            task = _task(reading, sieve.fresh, desk.now, afresh=afresh)
        # Without the lock, which others wait for; kept if nobody learned anything else meanwhile.
        lesson = Lesson(
            _learned(task, progress), task.components, sieve.digests, Progress(until, base.edition + 1)
        )
        if _kept(desk, lesson, base.edition, afresh=afresh):
            count = len({example.label.casefold() for example in sieve.fresh})
            return Learned(len(sieve.fresh), sieve.known, sieve.left_out, len(own), count, afresh)
    raise Refused("the desk went on learning meanwhile; nothing was kept", hint="repeat it", rule="OPEN-6")


def _learned(task: _Task, progress: Callable[[int, int], None]) -> list[PackedRow]:
    steps = len(task.examples) * learning.passes(len(task.examples))
    learning.learn(task.examples, [one.id for one in task.components], lambda done: progress(done, steps))
    # They take most of the memory, and what is packed takes more of it.
    task.examples.clear()
    return packed(task.rows)


def catch_up(desk: Desk) -> int:
    """Learn the next of the desk's own cases, one after the other as the log tells them; how many there were.

    Others wait for the lock only while it is kept; where another learned meanwhile, nothing is (TICK-1).
    """
    with desk.machinery() as reading:
        base = reading.component_progress()
        until = min(reading.log_length(), base.position + STRIDE)
        told: list[Example] = []
        for entry, example in _told(reading, base.position, until):
            told.append(example)
            if len(told) == BATCH:
                until = entry.position
                break
        lesson = stepped(reading, told, desk.now)
    lesson = lesson._replace(progress=Progress(until, base.edition + bool(told)))
    return len(told) if _kept(desk, lesson, base.edition, afresh=False) else 0


def _own(reading: Reading, after: int, until: int) -> list[Example]:
    """The desk's own cases whose component a person chose, each once, as it was chosen last."""
    latest = {entry.number: example for entry, example in _told(reading, after, until)}
    return list(latest.values())


def _told(reading: Reading, after: int, until: int) -> Iterator[tuple[Recorded, Example]]:
    """Each choice of a component by a person, with the event that tells it."""
    for entry in reading.component_choices(after, until):
        try:
            chosen = _choice(reading, entry)
        except (AttributeError, LookupError, TypeError, ValueError):
            # An event that was tampered with teaches nothing; `verify` tells of it.
            continue
        example = _clean(chosen) if chosen else None
        if example is not None and features.words(example.text):
            yield entry, example


def _choice(reading: Reading, entry: Recorded) -> Example | None:
    """What an event teaches: nothing where words or a label of a monitor chose the component."""
    data, number = entry.event.data, entry.number
    component = data["component"]
    if not component or number is None:
        return None
    if entry.event.kind is Kind.COMPONENT_CHANGED:
        row = reading.state(number)
        if row is None or confidential_state(row.state):
            return None
        return Example(case_text(row.state["subject"], row.texts["description"]), component)
    # What was learned is shown to everybody: nothing is of what only admins may read (SR-1).
    if confidential_state(data):
        return None
    intake = data.get("intake") or {}
    selection = intake.get("selection") or {}
    by_words = selection.get("by") == BY_WORDS and selection.get("component") == component
    if by_words or "alert" in intake:
        return None
    return Example(case_text(data["subject"], data["description"]), component)


class _Sieve(NamedTuple):
    fresh: Sequence[Example]
    digests: Sequence[bytes]
    known: int
    left_out: int


def _sieved(reading: Reading, given: Sequence[Example], *, afresh: bool) -> _Sieve:
    """The examples that say something and are new, in their order."""
    complete = [one for one in (_clean(example) for example in given) if one]
    by_digest = {_digest(example): example for example in complete}
    before = set() if afresh else reading.components_learned(by_digest)
    fresh = {digest: example for digest, example in by_digest.items() if digest not in before}
    names = {example.label.casefold() for example in fresh.values()}
    known = set() if afresh else {one.name.casefold() for one in reading.components()}
    if len(names | known) > COMPONENTS_MAX:
        raise Invalid(
            f"{len(names | known):,} different components are no components",
            hint="--label-column names the column that holds them",
            rule="OPEN-6",
        )
    return _Sieve(list(fresh.values()), list(fresh), len(complete) - len(fresh), len(given) - len(complete))


def _clean(example: Example) -> Example | None:
    label = " ".join(example.label.split())
    usable = label and len(label) <= NAME_MAX and label.isprintable() and example.text.strip()
    return Example(example.text, label) if usable else None


def _digest(example: Example) -> bytes:
    from hashlib import blake2b

    told = f"{example.label.casefold()}\0{example.text}".encode("utf-8", "surrogatepass")
    return blake2b(told, digest_size=16).digest()


class _Task(NamedTuple):
    """Examples to be learned, with the rows and the components that they lead to."""

    rows: dict[str, Row]
    components: Sequence[Known]
    examples: list[learning.Example]


def _task(reading: Reading, given: Sequence[Example], now: datetime, *, afresh: bool) -> _Task:
    """Many examples, on top of what is known unless `afresh`."""
    components = _counted([] if afresh else reading.components(), given, now)
    ids = {one.name.casefold(): one.id for one in components}
    often = Often()
    for example in given:
        often.add(_said(example))
    least = len(given) // RARE
    rows: dict[str, Row] = {}
    lessons: list[learning.Example] = []
    for some in _batches(given):
        # Read again rather than kept: the features of a hundred thousand cases would fill the memory.
        said = [often.told(_said(example), least) for example in some]
        new = dict.fromkeys(feature for one in said for feature in one if feature not in rows)
        rows |= {} if afresh else reading.component_rows(new)
        for one, example in zip(said, some, strict=True):
            own = [rows.setdefault(feature, Row()) for feature in one]
            lessons.append(learning.Example(own, array("H", one.values()), ids[example.label.casefold()]))
    return _Task(rows, components, lessons)


def _said(example: Example) -> dict[str, int]:
    """The features of an example with their strengths."""
    return features.features(features.words(example.text))


def _batches(given: Sequence[Example]) -> Iterator[Sequence[Example]]:
    return (given[place : place + READ] for place in range(0, len(given), READ))


def stepped(reading: Reading, given: Sequence[Example], now: datetime) -> Lesson:
    """Learn examples one after the other, as if each had come alone; too many components are not learned."""
    components = reading.components()
    full = bool(given) and reading.component_features() >= FEATURES_MAX
    rows: dict[str, Row] = {}
    for example in given:
        counted = _counted(components, [example], now)
        if len(counted) > max(COMPONENTS_MAX, len(components)):
            continue
        components = counted
        ids = {one.name.casefold(): one.id for one in components}
        said = _said(example)
        rows |= reading.component_rows([feature for feature in said if feature not in rows])
        told = [feature for feature in said if feature in rows] if full else list(said)
        lesson = [rows.setdefault(feature, Row()) for feature in told]
        strengths, right = [said[feature] for feature in told], ids[example.label.casefold()]
        learning.step(learning.Example(lesson, strengths, right), sorted(ids.values()))
    return Lesson(packed(rows), components, (), Progress())


def _counted(known: Sequence[Known], given: Sequence[Example], now: datetime) -> list[Known]:
    """The components with the examples added to their counts; new ones get the next ids in order of appearance."""
    counts = Counter(example.label.casefold() for example in given)
    spelled = {example.label.casefold(): example.label for example in reversed(given)}
    old = [
        one._replace(examples=one.examples + counts.pop(folded), learned_at=now) if folded in counts else one
        for one, folded in ((one, one.name.casefold()) for one in known)
    ]
    first = max((one.id for one in old), default=-1) + 1
    new = [Known(id_, spelled[folded], count, now) for id_, (folded, count) in enumerate(counts.items(), first)]
    return [*old, *new]


def _kept(desk: Desk, lesson: Lesson, edition: int, *, afresh: bool) -> bool:
    with desk.store.write() as writing:
        if writing.component_progress().edition != edition:
            return False
        if afresh:
            writing.forget_components()
        keep(writing, lesson)
        return True


def keep(writing: Writing, lesson: Lesson) -> None:
    """Write what was learned, all of it in the caller's transaction."""
    writing.put_components(lesson.components)
    writing.put_component_rows(lesson.rows)
    writing.remember_components_learned(lesson.digests)
    writing.put_component_progress(lesson.progress)
