"""PINs of callers: locked after too many wrong ones, alike for everybody, and swapped by nobody unseen (DC-4)."""

import json
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from desk_fixtures import ADA, DANA, LENA, MIA, OMAR, SAM, Office
from engine import open_store
from notation import when

from carecli.desk import cases, directory, pins
from carecli.desk.attachments.taking import Files, Handling
from carecli.domain.events import Event, Kind
from carecli.domain.pins import Tries, fingerprint
from carecli.domain.vocabulary import Via
from carecli.errors import CareError, Invalid, NotFound, NotPermitted, Refused

PIN, WRONG = "4711", "4712"
NOBODY = "nobody@abc.example"


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most of these are about counting: hashes of little memory, unless a test is about the hash itself."""
    if "real_hash" not in request.fixturenames:
        monkeypatch.setattr(pins, "PASSES", 1)
        monkeypatch.setattr(pins, "MEMORY_KIB", 64)


@pytest.fixture
def real_hash() -> None:
    """Marks a test that wants the desk's own parameters."""


@pytest.fixture
def called(office: Office) -> Office:
    """A desk with an open case of Dana's, who has a PIN."""
    office.open("Mon 09:00")
    directory.edit_contact(office.by(ADA, "Mon 09:05"), DANA, pin=PIN)
    return office


def call(office: Office, at: str, pin: str | None = PIN, caller: str = DANA) -> Any:
    """An update that staff log for a caller."""
    return cases.update(office.by(SAM, at), 1, "Called.", via=Via.PHONE, contact=caller, pin=pin)


def refusal(office: Office, at: str, pin: str | None = WRONG, caller: str = DANA) -> CareError:
    """What a call is refused with."""
    with pytest.raises(CareError) as error:
        call(office, at, pin, caller)
    return error.value


def lock(office: Office) -> CareError:
    """Five wrong PINs at ten; the last refusal."""
    return [refusal(office, "Mon 10:00") for _ in range(5)][-1]


def told(office: Office, *kinds: Kind) -> list[Event]:
    """The desk's events of some kinds."""
    with office.store.read() as record:
        return [entry.event for entry in record.events() if entry.event.kind in kinds]


def failures(office: Office, who: str = DANA) -> int:
    """How many wrong ones in a row are counted."""
    with office.store.read() as record:
        return record.pin_tries(who).failures


def test_five_wrong_pins_lock_it_for_the_right_one_too(called: Office) -> None:
    """DC-4: the fifth wrong PIN in a row says until when it is locked; until then the right one is refused."""
    first, last = refusal(called, "Mon 10:00"), lock(called)
    assert {(each.exit_status, each.rule) for each in (first, last)} == {(4, "DC-4")}
    assert first.message == f"this is not the PIN of {DANA}"
    # Four of the five were counted with the first, the last one found it locked.
    assert last.message == f"the PIN of {DANA} is locked until 2026-03-02T10:15:00Z, after 5 wrong ones in a row"
    assert f"care contact edit {DANA} --unlock-pin" in (last.hint or "")
    assert "locked until 2026-03-02T10:15:00Z" in refusal(called, "Mon 10:14", PIN).message
    assert call(called, "Mon 10:15")
    locked = told(called, Kind.PIN_LOCKED)
    assert [(e.actor, dict(e.data)) for e in locked] == [
        (SAM, {"email": DANA, "failures": 5, "until": "2026-03-02T10:15:00Z"})
    ]
    assert called.differences() == []


def test_the_last_try_says_that_it_was_the_last(called: Office) -> None:
    """DC-4: whoever gives the wrong PIN that locks it hears so at once, with the time."""
    assert lock(called).message == (
        f"this is not the PIN of {DANA}: wrong 5 times in a row, it is locked until 2026-03-02T10:15:00Z"
    )


def test_a_refused_try_is_counted_and_nothing_else_is_kept(called: Office) -> None:
    """DC-4, STAT-4: the count outlives the transaction that was refused; of the act nothing does."""
    before = called.history(1)
    refusal(called, "Mon 10:00")
    refusal(called, "Mon 10:01", caller=DANA.upper())
    with called.store.read() as record:
        assert record.pin_tries(DANA) == Tries(2, when("Mon 10:01"))
    assert called.history(1) == before
    assert told(called, Kind.PIN_LOCKED) == []


def test_what_was_written_before_a_wrong_pin_is_undone(called: Office) -> None:
    """STAT-4: a try is counted even where something was written first, and that is undone."""

    def tried() -> None:
        with called.by(SAM, "Mon 10:00").record() as record:
            record.desk_event(Kind.MAIL_DISCARDED, {"nothing": "of this stays"})
            pins.prove(record, DANA, record.writing.contact(DANA), WRONG)

    with pytest.raises(NotPermitted, match="not the PIN"):
        tried()
    assert told(called, Kind.MAIL_DISCARDED) == []
    assert failures(called) == 1


def test_a_trial_run_is_no_way_to_try_pins(called: Office) -> None:
    """DC-4: a wrong PIN within a transaction that shows what would be counts as well."""
    with pytest.raises(NotPermitted), called.by(SAM, "Mon 10:00").trial() as record:
        pins.prove(record, DANA, record.writing.contact(DANA), WRONG)
    assert failures(called) == 1


def test_the_right_one_begins_the_count_anew(called: Office) -> None:
    """DC-4: only wrong ones in a row count."""
    for minute in range(2):
        for _ in range(4):
            refusal(called, f"Mon 10:0{minute}")
        assert call(called, f"Mon 10:0{minute}")
    assert told(called, Kind.PIN_LOCKED) == []


@pytest.mark.parametrize(
    "freed",
    [
        lambda office: directory.edit_contact(office.by(ADA, "Mon 10:01"), DANA, unlock_pin=True),
        lambda office: directory.edit_contact(office.by(ADA, "Mon 10:01"), DANA, pin=PIN),
        lambda office: directory.edit_contact(office.by(DANA, "Mon 10:01"), DANA, pin=PIN),
    ],
)
def test_an_admin_or_a_new_pin_unlocks(called: Office, freed: Callable[[Office], object]) -> None:
    """DC-4: an admin unlocks a PIN, and so does a new one; both are on record with whoever did it."""
    lock(called)
    before = len(told(called, Kind.CONTACT_CHANGED))
    freed(called)
    assert call(called, "Mon 10:02")
    assert len(told(called, Kind.CONTACT_CHANGED)) == before + 1


def test_nobody_else_unlocks(called: Office) -> None:
    """DC-4, DC-6: neither agents nor managers unlock a PIN, nor contacts their own."""
    lock(called)
    for who in (SAM, MIA, DANA, OMAR):
        with pytest.raises(NotPermitted):
            directory.edit_contact(called.by(who, "Mon 10:01"), DANA, unlock_pin=True)
    assert "locked" in refusal(called, "Mon 10:02", PIN).message


def test_a_caller_is_told_alike_whoever_it_is(called: Office) -> None:
    """DC-4: a wrong PIN, a contact without one, another account's and nobody get the same answers."""
    told_by = {}
    for caller in (DANA, OMAR, LENA, NOBODY):
        answers = [refusal(called, "Mon 10:00", caller=caller) for _ in range(6)]
        told_by[caller] = [
            json.dumps([a.exit_status, a.code, a.message, a.hint, a.rule]).replace(caller, "X") for a in answers
        ]
    assert told_by[DANA] == told_by[OMAR] == told_by[LENA] == told_by[NOBODY]
    assert "is locked" in told_by[NOBODY][-1]
    # On record is whose PIN is locked now, and by whom: that of another account's contact as well.
    locked = told(called, Kind.PIN_LOCKED)
    assert [(event.actor, event.data["email"]) for event in locked] == [(SAM, DANA), (SAM, OMAR), (SAM, LENA)]


@pytest.mark.usefixtures("real_hash")
def test_each_answer_takes_its_hash(called: Office) -> None:
    """DC-4: a wrong PIN, none, another account's contact and nobody cost the same work, that of one hash."""
    spent: dict[str, float] = {}
    for caller in (DANA, OMAR, LENA, NOBODY):
        # The better of two: a busy machine makes work longer, and never shorter.
        spent[caller] = min(_spent(lambda: refusal(called, "Mon 10:00", caller=caller)) for _ in range(2))  # noqa: B023
    print("\nprocessor time of a refusal:", {name: f"{s * 1000:.0f} ms" for name, s in spent.items()})
    # Without the hash it would be a fiftieth.
    assert max(spent.values()) < 3 * min(spent.values())


def _spent(work: Callable[[], object]) -> float:
    """How many seconds of the processor something takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def test_a_contact_who_acts_no_more_is_none_after_the_pin(called: Office) -> None:
    """ACC-4, OPEN-10: who has the right PIN and may not act hears why; without a PIN the old words stand."""
    directory.deactivate_contact(called.by(ADA, "Mon 09:30"), DANA)
    assert isinstance(refusal(called, "Mon 10:00", PIN), Refused)
    assert isinstance(refusal(called, "Mon 10:00", None, NOBODY), NotFound)


def test_what_is_no_text_is_no_pin(called: Office) -> None:
    """DC-4: bytes that are no UTF-8, as a command line may hold them, are a wrong PIN like any other."""
    assert refusal(called, "Mon 10:00", "\udcff\ud800").message == f"this is not the PIN of {DANA}"
    assert refusal(called, "Mon 10:00", "\udcff", NOBODY).exit_status == 4
    assert (failures(called), failures(called, NOBODY)) == (1, 1)


def test_who_may_call_nobody_hears_what_helps(called: Office) -> None:
    """UPD-1: a contact who names a caller is not told to add what is there already; staff are."""
    for who, via, hint in (
        (DANA, Via.PHONE, "leave them out"),
        (DANA, None, "leave them out"),
        (SAM, None, "add"),
    ):
        for caller, pin in ((OMAR, None), (None, PIN), (None, "")):
            with pytest.raises(Invalid) as error:
                cases.update(called.by(who, "Mon 10:00"), 1, "Called.", via=via, contact=caller, pin=pin)
            assert (error.value.hint or "").startswith(hint)


def test_many_at_once_get_no_more_tries(called: Office) -> None:
    """DC-4: twelve who try at the same moment are told "not the PIN" five times, and are locked out then."""

    def once(_: int) -> str:
        store = open_store(called.config.db)
        try:
            return refusal(Office(called.config, store), "Mon 10:00").message
        finally:
            store.close()

    with ThreadPoolExecutor(6) as crowd:
        answers = list(crowd.map(once, range(12)))
    assert sum(message.startswith("this is not the PIN") for message in answers) == 5
    assert sum(message.startswith("the PIN of") for message in answers) == 7
    assert len(told(called, Kind.PIN_LOCKED)) == 1


def test_a_wrong_pin_with_files_counts_once(called: Office, tmp_path: Path) -> None:
    """DC-4, ATT-1: an act with files looks at the PIN before it reads them, and again later: one try, no bytes."""
    (tmp_path / "log.txt").write_text("nothing to see")
    files = Files((str(tmp_path / "log.txt"),), Handling())
    with pytest.raises(NotPermitted):
        cases.update(
            called.by(SAM, "Mon 10:00"), 1, "Called.", via=Via.PHONE, contact=DANA, pin=WRONG, files=files
        )
    assert failures(called) == 1
    assert cases.update(called.by(SAM, "Mon 10:00"), 1, "Called.", via=Via.PHONE, pin=PIN, files=files)
    assert failures(called) == 0


def test_a_policy_of_before_has_the_usual_rule(called: Office) -> None:
    """DC-4: a policy that was kept before PINs were locked says nothing of it: five, and a quarter of an hour."""
    with called.store.write() as writing:
        settings = writing.settings()
        assert settings is not None
        document = dict(writing.document(settings.policy or ""))
        document["phone"] = {key: value for key, value in document["phone"].items() if not key.startswith("pin_")}
        digest, _ = writing.put_document("policy", document)
        writing.put_settings(settings._replace(policy=digest))
    assert "until 2026-03-02T10:15:00Z" in lock(called).message


def test_a_policy_of_ones_own(called: Office, tmp_path: Path) -> None:
    """DC-4: how many wrong ones lock a PIN, and for how long, is the policy's; that in force counts."""
    (tmp_path / "p.toml").write_text('name = "p"\n[phone]\npin_tries = 2\npin_locked = "2h"\n')
    called.setting("Mon 09:30", policy=str(tmp_path / "p.toml"))
    refusal(called, "Mon 10:00")
    assert "until 2026-03-02T12:00:00Z" in refusal(called, "Mon 10:00").message


def test_a_pin_is_on_record_by_a_fingerprint_alone(called: Office) -> None:
    """DC-4, AUD-1: setting a PIN is an event with the fingerprint of its hash; neither it nor the hash is."""
    (event,) = told(called, Kind.PIN_SET)
    with called.store.read() as record:
        hashed = record.pin_hash(DANA)
        log = json.dumps([dict(entry.event.data) for entry in record.events()])
    assert hashed is not None
    assert event.actor == ADA
    assert dict(event.data) == {"email": DANA, "fingerprint": fingerprint(hashed)}
    assert PIN not in log
    assert "argon2" not in log


OTHER = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$0000000000000000000000000000000000000000000"


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (f"UPDATE contacts SET pin_hash = '{OTHER}' WHERE email = '{DANA}'", "is not the one that was set"),
        (f"UPDATE contacts SET pin_hash = NULL WHERE email = '{DANA}'", "is gone, and no event took it away"),
    ],
)
def test_a_pin_that_was_swapped_is_named(called: Office, statement: str, what: str) -> None:
    """AUD-1: verify names the contact whose PIN was swapped or taken away behind the desk's back."""
    with closing(sqlite3.connect(called.config.db)) as db, db:
        db.execute(statement)
    assert [(d.part, d.name, d.what) for d in called.differences()] == [("contact", DANA, f"pin_hash {what}")]


def test_a_pin_that_was_taken_away_and_is_back_is_named(called: Office) -> None:
    """AUD-1: a PIN put back after the desk took it away is no PIN."""
    with called.store.read() as reading:
        before = reading.pin_hash(DANA)
    with called.by(ADA, "Mon 10:00").record() as record:
        pins.take_away(record, DANA)
    assert called.differences() == []
    with called.store.write() as writing:
        writing.put_pin_hash(DANA, before)
    (found,) = called.differences()
    assert (found.name, found.what) == (DANA, "pin_hash is there, and its last event took it away")


def test_a_pin_of_an_older_release_alarms_nobody(office: Office) -> None:
    """AUD-1: no event tells of a PIN that was set before there were such events."""
    with office.store.write() as writing:
        writing.put_pin_hash(OMAR, OTHER)
    assert office.differences() == []


def test_a_log_that_was_adopted_brought_no_pins(called: Office) -> None:
    """IMP-1: what an adopted log tells of PINs is about those of the other desk."""
    with called.store.write() as writing:
        writing.put_pin_hash(DANA, None)
        last = list(writing.events())[-1]
        writing.put_adopted(last.position, last.digest, when("Mon 09:30"))
    assert called.differences() == []
    directory.edit_contact(called.by(ADA, "Mon 10:00"), DANA, pin=PIN)
    assert called.differences() == []
    with called.store.write() as writing:
        writing.put_pin_hash(DANA, OTHER)
    assert [found.name for found in called.differences()] == [DANA]


def test_who_says_that_the_log_was_adopted_swaps_no_pin(called: Office) -> None:
    """AUD-1, DC-4: where the log's PIN is said to be another desk's, none can be here unless it was set since."""
    with called.store.write() as writing:
        writing.put_pin_hash(DANA, OTHER)
        last = list(writing.events())[-1]
        writing.put_adopted(last.position, last.digest, when("Mon 09:30"))
    assert [found.name for found in called.differences()] == [DANA]


@pytest.mark.usefixtures("real_hash")
def test_older_parameters_are_made_good_at_the_next_call(called: Office) -> None:
    """DC-4: a PIN hashed by weaker parameters works, and is hashed anew with today's, on the record."""
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PIN)
    with called.store.write() as writing:
        writing.put_pin_hash(DANA, old)
    assert pins.outdated(old)
    refusal(called, "Mon 10:00")
    assert call(called, "Mon 10:01")
    with called.store.read() as reading:
        new = reading.pin_hash(DANA)
    assert new is not None
    assert new.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert not pins.outdated(new)
    assert called.differences() == []
    assert call(called, "Mon 10:02")


def test_a_hash_that_is_none_lets_nobody_in(called: Office) -> None:
    """DC-4: damage in the place of a hash is a PIN that nobody has, and no fault of the program."""
    for damage in ("", "$argon2id$x", PIN, "\x01"):
        with called.store.write() as writing:
            writing.put_pin_hash(DANA, damage)
            writing.put_pin_tries(DANA, Tries())
        assert refusal(called, "Mon 10:00", PIN).message == f"this is not the PIN of {DANA}"
        assert not pins.outdated(damage)


def test_tries_as_strangers_stay_few(called: Office) -> None:
    """DC-4: whoever makes names up fills no disk, and pushes no contact's tries out."""
    at = when("Mon 10:00")
    with called.store.write() as writing:
        writing.put_pin_tries(DANA, Tries(3, at))
        for number in range(1_100):
            writing.put_pin_tries(f"x{number}@x.example", Tries(1, at + timedelta(seconds=number)))
        rows = writing.db.execute("SELECT count(*), min(last_at) FROM pin_tries WHERE email LIKE 'x%'").fetchone()
        assert tuple(rows) == (1_000, "2026-03-02T10:01:40Z")
        assert writing.pin_tries(DANA).failures == 3
        assert list(writing.all_pin_tries()) == [DANA]
