"""`care verify`: whatever is derived, damaged behind the desk's back, is told by number and name (AUD-1)."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from desk_fixtures import ABC, ADA, DANA, MIA, ROSA, SAM, Office, copied, note, say
from engine import open_store
from notation import when
from tampering import live

from carecli.config import Config
from carecli.desk.verify import cases as counted
from carecli.desk.verify import verify
from carecli.domain.events import Event, Kind
from carecli.domain.verify import Difference, Part
from carecli.domain.vocabulary import Via, Visibility
from carecli.errors import DatabaseUnusable, NotFound, NotPermitted
from carecli.store.codec import event_digest, text_hash

LATER = "Fri+2 09:00"
REST = (
    "number, kind, recipient, subject, content, message_id, named, queued_at, not_before, round, stage, state,"
    " attempts"
)
TRIGGERS = ("events_keep", "events_stay", "events_follow")


@pytest.fixture(scope="session")
def walked(template: Config, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A desk that has lived for some days, and at which nothing is wrong."""
    office = copied(template, tmp_path_factory.mktemp("walked"))
    live(office)
    assert office.differences() == []
    office.store.close()
    return office.config


@pytest.fixture
def busy(walked: Config, tmp_path: Path) -> Iterator[Office]:
    """A copy of that desk for one test."""
    office = copied(walked, tmp_path)
    yield office
    office.store.close()


def harmed(office: Office, *statements: str) -> list[Difference]:
    """What verify finds after these changes by hand; the schema is put back as it was."""
    with closing(sqlite3.connect(office.config.db)) as db:
        schema = dict(db.execute("SELECT name, sql FROM sqlite_schema").fetchall())
        for name in TRIGGERS:
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            db.execute(statement)
        for name in TRIGGERS:
            db.execute(schema[name])
        db.commit()
    return office.differences()


def places(found: Iterable[Difference]) -> set[tuple[int | None, Part, str | None]]:
    """Where the differences are: number, part and name."""
    return {(one.number, one.part, one.name) for one in found}


COLUMNS = [
    ("account", "'other'"),
    ("contact", "'x@y.example'"),
    ("owner", "NULL"),
    ("product_group", "'reporting'"),
    ("deployment", "'east'"),
    ("service", "'mail'"),
    ("component", "'trunk'"),
    ("type", "'incident'"),
    ("severity", "4"),
    ("subject", "'nothing'"),
    ("opened_at", "'2026-03-01T09:00:00Z'"),
    ("modified_at", "'2026-03-01T09:00:00Z'"),
    ("closed", "1"),
    ("held", "1"),
]


@pytest.mark.parametrize(("column", "value"), COLUMNS)
def test_each_key_column_of_a_case_is_held_against_its_events(busy: Office, column: str, value: str) -> None:
    """AUD-1: a changed column of a case's row is told by the case's number and the column's name."""
    found = harmed(busy, f"UPDATE cases SET {column} = {value} WHERE number = 1")
    assert places(found) == {(1, Part.CASE, column)}


def test_no_column_of_a_case_is_forgotten(busy: Office) -> None:
    """AUD-1: every column that a case's row has, also a new one, is looked at."""
    with closing(sqlite3.connect(busy.config.db)) as db:
        columns = [(name, kind) for _, name, kind, *_ in db.execute("PRAGMA table_info(cases)")]
    for name, kind in columns:
        if name in {"number", "state", "texts"}:
            continue
        wrong = "'!'" if kind == "TEXT" else "77"
        with closing(sqlite3.connect(busy.config.db)) as db:
            (right,) = db.execute(f"SELECT quote({name}) FROM cases WHERE number = 1").fetchone()
        found = harmed(busy, f"UPDATE cases SET {name} = {wrong} WHERE number = 1")
        assert (1, Part.CASE, name) in places(found)
        assert harmed(busy, f"UPDATE cases SET {name} = {right} WHERE number = 1") == []


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("state = json_set(state, '$.priority', 'low')", "state.priority"),
        ("state = json_set(state, '$.seq', 99)", "state.seq"),
        ("state = json_set(state, '$.clocks[0].due_at', '2030-01-01T00:00:00Z')", "state.clocks"),
        ("state = json_set(state, '$.followup.stage', 2)", "state.followup"),
        ("state = json_remove(state, '$.links')", "state.links"),
        ("state = json_set(state, '$.extra', 1)", "state.extra"),
        ("state = ' ' || state", "state"),
        ("state = 'no json'", "state"),
        ("texts = json_set(texts, '$.description', 'Nothing.')", "texts.description"),
        ("texts = json_set(texts, '$.impact', NULL)", "texts.impact"),
    ],
)
def test_each_key_of_a_cases_state_is_held_against_its_events(busy: Office, statement: str, name: str) -> None:
    """AUD-1: a changed state is told key by key."""
    assert places(harmed(busy, f"UPDATE cases SET {statement} WHERE number = 1")) == {(1, Part.CASE, name)}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("DELETE FROM timers WHERE number = 1", (1, Part.TIMERS, None)),
        ("UPDATE timers SET fires_at = '2030-01-01T00:00:00Z' WHERE number = 1", (1, Part.TIMERS, None)),
        ("INSERT INTO timers VALUES ('2030-01-01T00:00:00Z', 3, 3, '', 0)", (3, Part.TIMERS, None)),
        ("DELETE FROM standing WHERE number = 2", (2, Part.CLOCK_MARKS, None)),
        ("UPDATE standing SET mark = 'clock-warned' WHERE number = 2", (2, Part.CLOCK_MARKS, None)),
        ("INSERT INTO standing VALUES (3, 'response', 1, 'clock-breached', 'x')", (3, Part.CLOCK_MARKS, None)),
        ("DELETE FROM search WHERE rowid = 2", (2, Part.SEARCH, None)),
        ("UPDATE search SET subject = 'Other' WHERE rowid = 2", (2, Part.SEARCH, "subject")),
        ("UPDATE search SET description = '' WHERE rowid = 2", (2, Part.SEARCH, "description")),
        ("UPDATE search SET updates = 'More' WHERE rowid = 1", (1, Part.SEARCH, "updates")),
        ("UPDATE search_notes SET notes = 'Other' WHERE rowid = 1", (1, Part.SEARCH, "notes")),
        ("DELETE FROM search_notes", (1, Part.SEARCH, None)),
        ("INSERT INTO search_notes (rowid, notes) VALUES (2, 'A note')", (2, Part.SEARCH, None)),
        ("UPDATE tallies SET cases = 7 WHERE status = 'open'", (None, Part.TALLIES, "open")),
        ("INSERT INTO tallies VALUES ('unheard-of', 1)", (None, Part.TALLIES, "unheard-of")),
        ("UPDATE counters SET value = 2", (None, Part.COUNTER, "case")),
        ("UPDATE counters SET value = 9", (None, Part.COUNTER, "case")),
        ("DELETE FROM counters", (None, Part.COUNTER, "case")),
        ("INSERT INTO externals VALUES ('acme/INC1', 2)", (None, Part.EXTERNALS, "acme/INC1/2")),
        ("DELETE FROM outbox WHERE stage = 1", (1, Part.OUTBOX, "1/1")),
        ("UPDATE outbox SET number = 9 WHERE stage = 0 AND number = 3", (9, Part.CASE, None)),
        (
            f"INSERT INTO outbox (key, {REST}) SELECT 'twice', {REST} FROM outbox WHERE stage = 1",
            (1, Part.OUTBOX, "twice"),
        ),
    ],
)
def test_whatever_is_derived_is_held_against_the_events(
    busy: Office, statement: str, expected: tuple[int | None, Part, str | None]
) -> None:
    """AUD-1: timers, standing marks, search texts, tabs, the counter and the outbox are told one by one."""
    assert places(harmed(busy, statement)) == {expected}


def test_a_mail_of_another_stage_is_told(busy: Office) -> None:
    """FU-5: one mail for each case, round and stage: one too many and one too few are told, each by its name."""
    found = harmed(busy, "UPDATE outbox SET stage = 2 WHERE stage = 1")
    assert places(found) == {(1, Part.OUTBOX, "0000000001/follow-up/1/1"), (1, Part.OUTBOX, "1/1")}


def test_mail_that_would_never_leave_is_told(busy: Office) -> None:
    """AUD-1, MAIL-6: a waiting mail without its timer, a timer without its mail, a message without its bytes."""
    at = "2026-03-09T09:00:00Z"
    found = harmed(
        busy,
        f"UPDATE outbox SET state = 'failed', next_at = '{at}' WHERE id = 1",
        "DELETE FROM timers WHERE kind = 4",
        f"INSERT INTO timers VALUES ('{at}', 0, 4, '', 99)",
        "INSERT INTO received (id, digest, received_at, source, size, subject)"
        f" VALUES (7, 'x', '{at}', 'test', 1, '')",
    )
    assert [(one.number, one.part, one.what, one.name) for one in found] == [
        (1, Part.OUTBOX, "mail 1 waits to leave, and no timer tells when", "1"),
        (None, Part.TIMERS, "a timer waits for mail 99, which does not", "99"),
        (None, Part.INBOX, "in-7 came in, and its original is gone", "in-7"),
    ]


def test_timers_are_told_in_words(busy: Office) -> None:
    """AUD-1: which timer is lacking and which is there beside is said, not only that some differ."""
    (found,) = harmed(busy, "UPDATE timers SET fires_at = '2030-01-01T00:00:00Z' WHERE number = 1")
    assert found.what == "lacks 2026-03-11T09:00:00Z follow_up; has beside 2030-01-01T00:00:00Z follow_up"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("DELETE FROM accounts WHERE name = 'harbor clinic'", (Part.ACCOUNT, "harbor clinic")),
        ("INSERT INTO accounts SELECT 'x', document FROM accounts LIMIT 1", (Part.ACCOUNT, "x")),
        (
            "UPDATE accounts SET document = json_set(document, '$.plan', 'care') WHERE name LIKE 'abc%'",
            (Part.ACCOUNT, ABC.casefold()),
        ),
        (f"UPDATE contacts SET account = 'harbor clinic' WHERE email = '{ROSA}'", (Part.CONTACT, ROSA)),
        (
            f"UPDATE contacts SET document = json_set(document, '$.access', 'read-write') WHERE email = '{ROSA}'",
            (Part.CONTACT, ROSA),
        ),
        (f"DELETE FROM contacts WHERE email = '{DANA}'", (Part.CONTACT, DANA)),
        (
            f"UPDATE staff SET document = json_set(document, '$.role', 'admin') WHERE email = '{SAM}'",
            (Part.STAFF, SAM),
        ),
        ("INSERT INTO staff SELECT 'eve@x.example', document FROM staff LIMIT 1", (Part.STAFF, "eve@x.example")),
        (
            "UPDATE desk SET document = json_set(document, '$.name', 'Their desk') WHERE name = 'settings'",
            (Part.SETTINGS, "settings"),
        ),
        ("DELETE FROM desk WHERE name = 'settings'", (Part.SETTINGS, "settings")),
    ],
)
def test_people_and_settings_are_held_against_the_desks_events(
    busy: Office, statement: str, expected: tuple[Part, str]
) -> None:
    """AUD-1: an account, contact, member of staff or setting that no event made so is told by its name."""
    assert places(harmed(busy, statement)) == {(None, *expected)}


def test_a_pin_is_no_difference(busy: Office) -> None:
    """DC-4: the hash of a PIN is in no event, and its change none that verify could tell."""
    assert harmed(busy, f"UPDATE contacts SET pin_hash = '$argon2id$x' WHERE email = '{DANA}'") == []


def test_documents_are_held_against_their_content_hash(busy: Office) -> None:
    """SLA-8: a policy or calendar that is not what its hash says, or that is missing or slipped in, is told."""
    with busy.store.read() as record:
        digest = record.settings().policy  # type: ignore[union-attr]
    changed = harmed(busy, f"UPDATE documents SET body = replace(body, '15bd', '16bd') WHERE digest = '{digest}'")
    assert (None, Part.DOCUMENT, digest) in places(changed)
    assert "is not what its content hash says" in changed[0].what
    slipped = text_hash("{}")
    found = harmed(busy, f"INSERT INTO documents VALUES ('{slipped}', 'policy', '{{}}')")
    assert (None, Part.DOCUMENT, slipped) in places(found)
    missing = harmed(busy, f"DELETE FROM documents WHERE digest = '{digest}'")
    assert (None, Part.DOCUMENT, digest) in places(missing)
    # No case can be folded without its policy, and each says so.
    assert {one.number for one in missing if one.number} == {1, 2, 3}


def test_a_calendar_that_is_none_is_told(busy: Office) -> None:
    """SLA-8: what a specification was resolved to must be a calendar of the record."""
    found = harmed(busy, "UPDATE calendar_digests SET digest = 'abc'")
    assert {one.part for one in found} == {Part.CALENDAR}


def test_a_last_tick_from_beyond_the_log_is_told(busy: Office) -> None:
    """AUD-1: a log cut at its end is told by the last tick, which saw more of it."""
    ahead = "json_set(document, '$.position', 9999)"
    found = harmed(busy, f"UPDATE desk SET document = {ahead} WHERE name = 'last tick'")
    assert places(found) == {(None, Part.LAST_TICK, None)}
    assert harmed(busy, "UPDATE desk SET document = '{}' WHERE name = 'last tick'")


FIELDS = [
    ("at", "'2026-03-02T09:29:59Z'"),
    ("actor", "'eve@x.example'"),
    ("via", "'phone'"),
    ("kind", "'assigned'"),
    ("visibility", "'public'"),
    ("data", "json_set(data, '$.text', 'Nothing.')"),
    ("data", "' ' || data"),
    ("data", "'no json'"),
    ("data", "'caf\u00e9'"),
    ("digest", "'abc'"),
    ("seq", "77"),
]


@pytest.mark.parametrize(("field", "value"), FIELDS)
def test_each_field_of_an_event_is_held_by_the_chain(busy: Office, field: str, value: str) -> None:
    """AUD-1: whatever of an event is changed, the event is told by its place and its case."""
    (position,) = [e.position for e in busy.history(1) if e.event.visibility is Visibility.INTERNAL][:1]
    found = harmed(busy, f"UPDATE events SET {field} = {value} WHERE position = {position}")
    told = [(one.number, one.event) for one in found if one.part is Part.EVENT and one.event]
    assert (1, position) in told
    # A changed digest breaks the link to the next event, whatever case that is of.
    assert {place for _, place in told} <= {position, position + 1}


def test_an_event_moved_to_another_case_is_told(busy: Office) -> None:
    """AUD-1: the number is part of what is chained."""
    position = busy.history(1)[-1].position
    found = harmed(busy, f"UPDATE events SET number = 2, seq = 99 WHERE position = {position}")
    assert {(2, position)} <= {(one.number, one.event) for one in found}
    assert {1, 2} <= {one.number for one in found}


def test_a_dropped_event_is_told(busy: Office) -> None:
    """AUD-1: a gap in the log is told by its place, and the case that lacks the event by its number."""
    position = busy.history(1)[1].position
    found = harmed(busy, f"DELETE FROM events WHERE position = {position}")
    assert f"event {position} is missing from the log" in [one.what for one in found]
    assert any(one.number == 1 and one.part is Part.EVENT for one in found)


def test_dropped_events_are_told_by_their_first_and_last(busy: Office) -> None:
    """AUD-1: a run of missing events is one finding; a log without its beginning too."""
    found = harmed(busy, "DELETE FROM events WHERE position <= 3")
    assert "events 1 to 3 are missing from the log" in [one.what for one in found]


def test_a_log_cut_at_its_end_is_told_by_what_it_left(busy: Office) -> None:
    """AUD-1: what the chain cannot tell, the case that went on can."""
    end = busy.history(3)[-1].position
    found = harmed(busy, f"DELETE FROM events WHERE position >= {end}")
    assert (3, Part.CASE, "closed") in places(found)


def forged(position: int, event: Event, number: int, seq: int, previous: str) -> str:
    """The statement that puts an event in, with a digest that fits the one before it."""
    digest = event_digest(previous, number, seq, event)
    data = '{"text":"Forged."}'
    return (
        f"INSERT INTO events VALUES ({position}, {number}, {seq}, '2026-03-02T10:00:00Z', '{event.actor}',"
        f" '{event.via}', '{event.kind}', '{event.visibility}', '{data}', '{digest}')"
    )


def test_an_inserted_event_is_told(busy: Office) -> None:
    """AUD-1: an event put in, its digest made to fit, breaks the link to the next and differs from the case."""
    with busy.store.read() as record:
        entries = list(record.events())
    cut = busy.history(2)[-1]
    after = entries[cut.position - 1]
    shift = [
        f"UPDATE events SET position = -position - 1 WHERE position > {cut.position}",
        "UPDATE events SET position = -position WHERE position < 0",
    ]
    event = Event(when("Mon 10:00"), SAM, Via.DESK, Kind.COMMENTED, Visibility.PUBLIC, {"text": "Forged."})
    found = harmed(busy, *shift, forged(cut.position + 1, event, 2, cut.seq + 1, after.digest))
    assert [(one.event, one.name) for one in found if one.part is Part.EVENT] == [(cut.position + 1, "put-in")]
    assert (2, Part.CASE, "state.seq") in places(found)


def test_a_break_hides_none_behind_it(busy: Office) -> None:
    """AUD-1: each changed event is told, not only the first."""
    places_ = [entry.position for entry in (busy.history(1)[1], busy.history(3)[1])]
    found = harmed(busy, f"UPDATE events SET actor = 'x' WHERE position IN ({places_[0]}, {places_[1]})")
    assert [one.event for one in found if one.part is Part.EVENT] == sorted(places_)


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("DROP TRIGGER events_keep", "trigger events_keep is missing"),
        ("DROP INDEX cases_of_owner", "index cases_of_owner is missing"),
        ("CREATE TRIGGER mine AFTER INSERT ON cases BEGIN SELECT 1; END", "trigger mine is not ours"),
        ("CREATE TABLE mine (x)", "table mine is not ours"),
    ],
)
def test_the_schema_is_held_against_a_fresh_one(busy: Office, statement: str, what: str) -> None:
    """AUD-1: the triggers that keep the log append-only cannot be taken away unseen."""
    with closing(sqlite3.connect(busy.config.db)) as db:
        db.execute(statement)
        db.commit()
    assert [(one.part, one.what) for one in busy.differences()] == [(Part.DATABASE, what)]


def test_an_opening_of_another_number_is_told(busy: Office) -> None:
    """OPEN-1: a history that begins with another case's opening is none of this case."""
    found = harmed(busy, "UPDATE events SET data = json_set(data, '$.number', 7) WHERE number = 2 AND seq = 1")
    assert any(one.number == 2 and "its opening is that of case 7" in one.what for one in found)


def test_a_damaged_file_is_told_or_refused(busy: Office) -> None:
    """AUD-1: pages of noise are a difference, or the database is said to be damaged; nothing else."""
    busy.store.close()
    with open(busy.config.db, "r+b") as file:  # noqa: PTH123 - as bytes, in place
        file.seek(0, 2)
        size = file.tell()
        file.seek(size // 2)
        file.write(b"\xa5" * 8192)
    try:
        store = open_store(busy.config.db)
    except DatabaseUnusable:
        return  # damaged where every command looks first
    fresh = Office(busy.config, store)
    try:
        assert verify(fresh.by(ADA, LATER)).differences
    except DatabaseUnusable as error:
        assert "damaged" in error.message  # noqa: PT017 - either will do
    finally:
        store.close()


def test_one_case_alone(busy: Office) -> None:
    """AUD-1: `verify NUMBER` looks at that case alone; one that nothing tells of is not found."""
    harmed(busy, "UPDATE cases SET owner = 'x' WHERE number = 2")
    assert verify(busy.by(ADA, LATER), 1).differences == ()
    report = verify(busy.by(ADA, LATER), 2)
    assert places(report.differences) == {(2, Part.CASE, "owner")}
    assert (report.cases, report.events) == (1, len(busy.history(2)))
    with pytest.raises(NotFound):
        verify(busy.by(ADA, LATER), 44)


def busy_length(office: Office) -> int:
    """How many events the desk has recorded."""
    with office.store.read() as record:
        return record.log_length()


def test_everything_is_counted_and_told_as_it_goes(busy: Office) -> None:
    """AUD-1: the report says how much was looked at; whoever waits hears of each case."""
    heard: list[int] = []
    assert counted(busy.by("system", LATER)) == 3
    report = verify(busy.by("system", LATER), on_case=heard.append)
    assert (report.cases, report.events) == (3, busy_length(busy))
    assert heard == [1, 2, 3]


@pytest.mark.parametrize("who", [DANA, ROSA, SAM, MIA])
def test_only_admins_and_the_system_verify(busy: Office, who: str) -> None:
    """DC-5: neither a contact nor staff who are no admins read the whole record so."""
    with pytest.raises(NotPermitted):
        verify(busy.by(who, LATER))


def test_nothing_is_changed_by_looking(busy: Office) -> None:
    """AUD-1: verify writes nothing, and what it makes anew stays in memory."""
    before = busy.dump()
    assert busy.differences() == []
    assert busy.dump() == before


@pytest.mark.parametrize(
    ("table", "column", "expected"),
    [
        ("cases", "state", (1, Part.CASE, "state")),
        ("cases", "owner", (1, Part.CASE, "owner")),
        ("events", "data", (1, Part.EVENT, None)),
        ("events", "actor", (1, Part.EVENT, "changed")),
        ("contacts", "document", (None, Part.CONTACT, DANA)),
        ("documents", "body", None),
        ("timers", "metric", (1, Part.TIMERS, None)),
    ],
)
def test_bytes_that_are_no_text_are_told(
    busy: Office, table: str, column: str, expected: tuple[int | None, Part, str | None] | None
) -> None:
    """AUD-1: bytes that are no UTF-8, wherever they are, are a difference and end nothing."""
    found = harmed(busy, f"UPDATE {table} SET {column} = CAST(x'22ff22' AS TEXT)")
    assert found
    assert expected is None or expected in places(found)
    assert all(one.what.isprintable() or one.what for one in found)


def test_hostile_texts_are_no_difference(office: Office) -> None:
    """AUD-1: control characters, quotes and every script come back as they were recorded."""
    number = office.open("Mon 09:00", subject="\"Calls\" 'drop' 通話が切れる %s")
    for text in ("\x1b[31mred", "'); DROP TABLE cases; --", "e\u0301 \U0001f600 \u202e"):
        say(text)(office.by(SAM, "Mon 10:00"), number)
        note(text)(office.by(SAM, "Mon 10:00"), number)
    assert office.differences() == []
