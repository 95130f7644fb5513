"""`care verify` and `--repair` tell and mend the same on every engine (AUD-1)."""

from collections.abc import Callable, Iterable, Sequence

import pytest
from desk_fixtures import ABC, ADA, DANA, ROSA, SAM
from tampering import Tampered

from carecli.desk.repair import repair
from carecli.desk.verify import verify
from carecli.domain.verify import Difference, LogBroken, Part
from carecli.domain.vocabulary import Visibility

LATER = "Fri+2 09:00"

Harm = str | tuple[str, str, str, Callable[[dict[str, object]], object]]
"""A statement, or a table, column and condition with a change of the document there."""


def harmed(tampered: Tampered, *harms: Harm) -> list[Difference]:
    """What verify finds after these changes by hand."""
    for harm in harms:
        if isinstance(harm, str):
            tampered.do(harm)
        else:
            tampered.change(*harm)
    return tampered.office.differences()


def places(found: Iterable[Difference]) -> set[tuple[int | None, Part, str | None]]:
    """Where the differences are: number, part and name."""
    return {(one.number, one.part, one.name) for one in found}


DERIVED: list[tuple[Harm, tuple[int | None, Part, str | None]]] = [
    ("UPDATE cases SET owner = NULL WHERE number = 1", (1, Part.CASE, "owner")),
    ("UPDATE cases SET subject = 'nothing' WHERE number = 1", (1, Part.CASE, "subject")),
    ("UPDATE cases SET modified_at = '2026-03-01T09:00:00Z' WHERE number = 1", (1, Part.CASE, "modified_at")),
    (("cases", "state", "number = 1", lambda d: d.update(priority="low")), (1, Part.CASE, "state.priority")),
    (("cases", "state", "number = 1", lambda d: d.update(extra=1)), (1, Part.CASE, "state.extra")),
    (("cases", "state", "number = 1", lambda d: d.pop("links")), (1, Part.CASE, "state.links")),
    (("cases", "texts", "number = 1", lambda d: d.update(impact=None)), (1, Part.CASE, "texts.impact")),
    ("DELETE FROM timers WHERE number = 1", (1, Part.TIMERS, None)),
    ("INSERT INTO timers VALUES ('2030-01-01T00:00:00Z', 3, 3, '', 0)", (3, Part.TIMERS, None)),
    ("UPDATE standing SET mark = 'clock-warned' WHERE number = 2", (2, Part.CLOCK_MARKS, None)),
    ("DELETE FROM search WHERE rowid = 2", (2, Part.SEARCH, None)),
    ("UPDATE search SET subject = 'Other' WHERE rowid = 2", (2, Part.SEARCH, "subject")),
    ("UPDATE search_notes SET notes = 'Other' WHERE rowid = 1", (1, Part.SEARCH, "notes")),
    ("UPDATE counters SET value = 9", (None, Part.COUNTER, "case")),
    ("DELETE FROM counters", (None, Part.COUNTER, "case")),
    ("INSERT INTO externals VALUES ('acme/INC1', 2)", (None, Part.EXTERNALS, "acme/INC1/2")),
    ("DELETE FROM accounts WHERE name = 'harbor clinic'", (None, Part.ACCOUNT, "harbor clinic")),
    ("INSERT INTO accounts SELECT 'x', document FROM accounts LIMIT 1", (None, Part.ACCOUNT, "x")),
    (
        ("accounts", "document", "name LIKE 'abc%'", lambda d: d.update(plan="care")),
        (None, Part.ACCOUNT, ABC.casefold()),
    ),
    (f"UPDATE contacts SET account = 'harbor clinic' WHERE email = '{ROSA}'", (None, Part.CONTACT, ROSA)),
    (("staff", "document", f"email = '{SAM}'", lambda d: d.update(role="admin")), (None, Part.STAFF, SAM)),
    (
        ("desk", "document", "name = 'settings'", lambda d: d.update(name="Theirs")),
        (None, Part.SETTINGS, "settings"),
    ),
    ("DELETE FROM desk WHERE name = 'settings'", (None, Part.SETTINGS, "settings")),
]
"""What is derived of events, falsified, and where that is told."""


@pytest.mark.parametrize(("harm", "expected"), DERIVED, ids=[str(turn) for turn in range(len(DERIVED))])
def test_whatever_is_derived_is_told_and_mended(
    tampered: Tampered, harm: Harm, expected: tuple[int | None, Part, str | None]
) -> None:
    """AUD-1: a falsified row is told by its number and name, put right from the events, and then there is none."""
    assert places(harmed(tampered, harm)) == {expected}
    report = repair(tampered.office.by(ADA, LATER), sure=lambda _: True)
    assert expected in places(report.mended)
    assert (report.left, tampered.office.differences()) == ((), [])


def test_a_dry_run_mends_nothing(tampered: Tampered) -> None:
    """AUD-1: what would be put right is told, and still differs afterwards."""
    found = harmed(
        tampered, "UPDATE cases SET owner = NULL WHERE number = 1", "DELETE FROM timers WHERE number = 1"
    )
    report = repair(tampered.office.by(ADA, LATER), dry_run=True)
    assert places(report.mended) == places(found) == places(tampered.office.differences())


def test_a_look_changes_nothing(tampered: Tampered) -> None:
    """AUD-1: a whole desk has no difference, and no event comes of a look or of a repair of nothing."""
    length = verify(tampered.office.by(ADA, LATER)).events
    report = repair(tampered.office.by(ADA, LATER))
    assert (report.mended, report.left, report.events) == ((), (), length)
    assert verify(tampered.office.by(ADA, LATER)).events == length


def test_words_that_are_not_those_of_a_text_are_told(tampered: Tampered) -> None:
    """FIND-3: the text is as it was, and nobody would find it: each engine has its own way to say which words."""
    harms = [
        "UPDATE search SET subject = 'zebra' WHERE rowid = 2",
        "UPDATE search_content SET c0 = 'Wallboard is slow' WHERE id = 2",
    ]
    if tampered.office.config.is_server:
        harms = ["UPDATE search SET words = CAST('''zebra''' AS tsvector) WHERE rowid = 2"]
    assert places(harmed(tampered, *harms)) == {(None, Part.SEARCH, "search")}
    report = repair(tampered.office.by(ADA, LATER))
    assert (None, Part.SEARCH, "search") in places(report.mended)
    assert (report.left, tampered.office.differences()) == ((), [])


def position_of(tampered: Tampered) -> int:
    """The place of case 1's note."""
    history = tampered.office.history(1)
    return next(entry.position for entry in history if entry.event.visibility is Visibility.INTERNAL)


FIELDS = [
    ("at", "'2026-03-02T09:29:59Z'"),
    ("at", "'2026-03-02T09:30:00.5Z'"),
    ("actor", "'eve@x.example'"),
    ("via", "'phone'"),
    ("kind", "'assigned'"),
    ("visibility", "'public'"),
    ("data", """'{"text":"Nothing."}'"""),
    ("data", """'{ "text":"The trunk is old."}'"""),
    ("digest", "'abc'"),
    ("seq", "77"),
]


@pytest.mark.parametrize(("field", "value"), FIELDS)
def test_each_field_of_an_event_is_held_by_the_chain(tampered: Tampered, field: str, value: str) -> None:
    """AUD-1: whatever of an event is changed, by however little, the event is told by its place and its case."""
    position = position_of(tampered)
    found = harmed(tampered, f"UPDATE events SET {field} = {value} WHERE position = {position}")
    told = [(one.number, one.event) for one in found if one.part is Part.EVENT and one.event]
    assert (1, position) in told
    assert {place for _, place in told} <= {position, position + 1}
    with pytest.raises(LogBroken):
        repair(tampered.office.by(ADA, LATER))


def test_events_taken_out_moved_and_put_in_are_told(tampered: Tampered) -> None:
    """AUD-1: what was done to the log is told by what it was, on every engine in the same words."""
    first, second = (entry.position for entry in tampered.office.history(1)[1:3])
    moved = harmed(
        tampered,
        f"UPDATE events SET position = -1 WHERE position = {first}",
        f"UPDATE events SET position = {first} WHERE position = {second}",
        f"UPDATE events SET position = {second} WHERE position = -1",
    )
    assert {first, second} <= {one.event for one in moved if one.part is Part.EVENT}
    assert (1, Part.EVENT, None) in places(one for one in moved if one.event is None)
    taken = harmed(tampered, "DELETE FROM events WHERE position <= 3")
    assert "events 1 to 3 are missing from the log" in [one.what for one in taken]
    columns = "number, seq + 90, at, actor, via, kind, visibility, data, digest"
    put_in = harmed(tampered, f"INSERT INTO events SELECT -5, {columns} FROM events WHERE position = {first}")
    assert (-5, "put-in") in [(one.event, one.name) for one in put_in]


def test_a_log_cut_at_its_end_speaks(tampered: Tampered) -> None:
    """AUD-1: cases, the last tick and the counter have seen more of it; a repair asks before it goes on."""
    end = tampered.office.history(3)[-1].position
    asked: list[str] = []
    tampered.do(f"DELETE FROM events WHERE position >= {end}")

    def sure(signs: Sequence[str]) -> bool:
        asked.extend(signs)
        return True

    report = repair(tampered.office.by(ADA, LATER), sure=sure)
    assert [one.split(" saw ")[0] for one in asked if " saw " in one] == ["the last tick"]
    assert any(one.startswith("case 3 is stored as after its event") for one in asked)
    assert (3, Part.CASE, "closed") in places(report.mended)
    assert tampered.office.differences() == []


def test_a_seal_is_held_against_the_log(tampered: Tampered) -> None:
    """AUD-1: the seal of a log is the same log's on every engine, and one that was cut does not hold it."""
    ada = tampered.office.by(ADA, LATER)
    seal = verify(ada).seal
    assert seal is not None
    assert [one.proof.value for one in verify(ada, against=[seal]).proofs] == ["holds"]
    tampered.do(f"DELETE FROM events WHERE position = {seal.position}")
    assert [one.proof.value for one in verify(ada, against=[seal]).proofs] == ["cut"]


def test_one_case_alone(tampered: Tampered) -> None:
    """AUD-1: `verify NUMBER` looks at that case alone."""
    tampered.do("UPDATE cases SET owner = 'x' WHERE number = 2")
    assert verify(tampered.office.by(ADA, LATER), 1).differences == ()
    assert places(verify(tampered.office.by(ADA, LATER), 2).differences) == {(2, Part.CASE, "owner")}


def test_a_pin_stays_when_its_contact_is_mended(tampered: Tampered) -> None:
    """DC-4: the hash of a PIN is in no event, and mending the row beside it leaves it alone."""
    tampered.do(f"UPDATE contacts SET pin_hash = 'kept', account = 'harbor clinic' WHERE email = '{DANA}'")
    repair(tampered.office.by(ADA, LATER))
    with tampered.hands() as run:
        assert run(f"SELECT pin_hash, account FROM contacts WHERE email = '{DANA}'") == [("kept", ABC.casefold())]
