"""`care doctor`: what waits too long, what is at risk, and each finding with its fix (TICK-4, AUD-2)."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from desk_fixtures import ABC, ADA, DANA, HARBOR, LENA, MIA, SAM, START, Office, ask, say
from notation import when

from carecli.desk import directory, doctor
from carecli.domain.health import Finding, State, Watch
from carecli.domain.people import CalendarSpec
from carecli.domain.vocabulary import Access, Plan, Priority
from carecli.errors import NotPermitted

HOLIDAYS = CalendarSpec(holidays="ES-MD")
OF_HARBOR = "WHERE name LIKE 'harbor%'"
MODES = [(0o600, "fine"), (0o640, "advice"), (0o644, "wrong"), (0o602, "wrong")]


def examined(office: Office, at: str, who: str = ADA) -> dict[str, Finding]:
    """What `care doctor` finds, the gravest finding of each check."""
    order = list(State)
    found: dict[str, Finding] = {}
    for one in doctor.examine(office.by(who, at)).findings:
        if one.check not in found or order.index(one.state) > order.index(found[one.check].state):
            found[one.check] = one
    return found


def wrong(office: Office, at: str) -> set[str]:
    """The checks that need mending."""
    return {name for name, one in examined(office, at).items() if one.state is State.WRONG}


def failing(office: Office) -> Office:
    """The same office with a maildir that cannot be written."""
    file = Path(office.config.db).parent / "file"
    file.touch()
    return office.delivering_to(file / "mail")


def changed(office: Office, sql: str, *values: str) -> None:
    """Change the record behind the desk's back."""
    with closing(sqlite3.connect(office.config.db)) as db:
        db.execute(sql, values)
        db.commit()


@pytest.fixture
def sound(office: Office) -> Office:
    """A desk with which nothing is wrong: holidays, two trained contacts at each account, a tick a minute ago."""
    office.setting(START, hours=HOLIDAYS)
    directory.add_contact(
        office.by(ADA, START), "max@harbor.example", account=HARBOR, access_level=Access.READ_WRITE, trained=True
    )
    office.tick("Mon 09:00")
    return office


def test_a_sound_desk(sound: Office) -> None:
    """AUD-2: every check says that all is in order, and nothing needs mending."""
    found = examined(sound, "Mon 09:10")
    assert {name for name, one in found.items() if one.state is not State.FINE} <= {"policy", "backup"}
    assert set(found) == {
        *(
            "database",
            "record",
            "permissions",
            "reference key",
            "pins",
            "backup",
            "disk",
            "tick",
            "timers",
            "mail",
            "maildir",
            "files",
            "clocks",
            "deadlines",
            "policy",
            "calendar",
        ),
        "contacts",
    }
    assert doctor.examine(sound.by(ADA, "Mon 09:10")).sound
    assert doctor.pulse(sound.by(ADA, "Mon 09:10")).watch is Watch.OK


def test_each_thing_that_is_wrong_says_how_to_mend_it(sound: Office) -> None:
    """AUD-2: what is not in order carries its fix."""
    sound.open("Mon 09:30")
    for one in doctor.examine(failing(sound).by(ADA, "Thu 09:00")).findings:
        assert one.what
        assert (one.fix is None) == (one.state is State.FINE), one


@pytest.mark.parametrize(("at", "late"), [("Mon 09:15", False), ("Mon 09:16", True), ("Tue 09:00", True)])
def test_a_late_tick(sound: Office, at: str, late: bool) -> None:
    """TICK-4: a tick is late once it has been silent for longer than `late_after`, to the second."""
    assert doctor.pulse(sound.by(ADA, at)).tick_late is late
    assert ("tick" in wrong(sound, at)) is late
    assert doctor.pulse(sound.by(ADA, at)).watch is (Watch.WARNING if late else Watch.OK)
    patient = Office(sound.config._replace(late_after_s=86_400), sound.store)
    assert not doctor.pulse(patient.by(ADA, at)).tick_late


def test_a_tick_that_never_ran(office: Office) -> None:
    """TICK-4: a monitor is told of a desk whose tick was never set up; staff only once something is due."""
    assert doctor.pulse(office.by(ADA, "Mon 09:00")).watch is Watch.WARNING
    assert examined(office, "Mon 09:00")["tick"].fix == "care cron install"
    assert doctor.late_since(office.by(SAM, "Mon 09:00")) is None
    office.open("Mon 09:00")
    assert doctor.late_since(office.by(SAM, "Mon 09:10")) is None
    assert doctor.late_since(office.by(SAM, "Mon 17:00")) == (None,)


def test_when_staff_are_told(sound: Office) -> None:
    """TICK-4: staff are told once the last tick is too long ago, never of a clock that was set back."""
    assert doctor.late_since(sound.by(SAM, "Mon 09:15")) is None
    assert doctor.late_since(sound.by(SAM, "Mon 09:16")) == (when("Mon 09:00"),)
    assert doctor.late_since(sound.by(SAM, "Mon 08:00")) is None
    assert doctor.pulse(sound.by(SAM, "Mon 08:00")).tick_age_s == 0


def test_a_tick_in_time_to_come_is_no_sign_of_life(sound: Office) -> None:
    """TICK-4: after a trial far ahead a monitor is told that nobody knows, until the next tick has run."""
    sound.tick("Mon+4 09:00")
    assert examined(sound, "Mon 09:10")["tick"].fix == "care tick"
    sound.tick("Mon 09:10")
    assert "tick" not in wrong(sound, "Mon 09:12")


def test_a_tick_some_hours_ahead_is_told(sound: Office) -> None:
    """TICK-4: a last tick that lies ahead by less than a day was not `0s ago`; one by seconds was."""
    assert doctor.pulse(sound.by(ADA, "Mon 08:59")).tick_ahead_s == 0
    assert "0s ago" in examined(sound, "Mon 08:59")["tick"].what
    found = examined(sound, "Mon 02:40")["tick"]
    assert (found.state, found.what) == (State.ADVICE, "the last tick lies 6h 20m ahead of now")
    assert found.fix is not None
    assert doctor.pulse(sound.by(ADA, "Mon 02:40")).watch is Watch.OK


def test_overdue_timers(sound: Office) -> None:
    """AUD-2: timers that no tick fired are counted once they are overdue for longer than a tick may be silent."""
    sound.open("Mon 09:00")
    assert doctor.pulse(sound.by(ADA, "Mon 10:30")).vitals.timers_overdue == 0
    felt = doctor.pulse(sound.by(ADA, "Mon 10:46")).vitals
    assert (felt.timers_overdue, felt.timers_since) == (1, when("Mon 10:30"))
    assert "timers" in wrong(sound, "Mon 10:46")


def test_clocks_at_risk(sound: Office) -> None:
    """TICK-4: a warned or breached clock is a 2, whatever else; one that a late tick left unmarked too."""
    number = sound.open("Mon 09:00")
    assert doctor.pulse(sound.by(ADA, "Mon 10:29")).clocks_at_risk == 0
    unmarked = doctor.pulse(sound.by(ADA, "Mon 10:30"))
    assert (unmarked.vitals.clocks_unmarked, unmarked.watch) == (1, Watch.CRITICAL)
    sound.tick("Mon 10:30")
    warned = doctor.pulse(sound.by(ADA, "Mon 10:31")).vitals
    assert (warned.clocks_warned, warned.clocks_breached, warned.clocks_unmarked) == (1, 0, 0)
    # Once warned it is at risk already: its breach, due and unmarked, is not counted beside it.
    assert doctor.pulse(sound.by(ADA, "Mon 11:30")).clocks_at_risk == 1
    sound.tick("Mon 11:30")
    breached = doctor.pulse(sound.by(ADA, "Mon 11:31"))
    assert (breached.vitals.clocks_breached, breached.watch) == (1, Watch.CRITICAL)
    assert examined(sound, "Mon 11:31")["clocks"].state is State.ADVICE
    say("We look.")(sound.by(SAM, "Mon 11:40"), number)
    assert doctor.pulse(sound.by(ADA, "Mon 11:41")).watch is Watch.OK


def test_stuck_mail(sound: Office) -> None:
    """TICK-4: mail that did not leave for longer than a tick may be silent is stuck; then its ladder is held."""
    number = sound.open("Mon 09:05")
    ask(sound.by(SAM, "Mon 09:06"), number)
    broken = failing(sound)
    broken.tick("Mon 09:10")
    assert doctor.pulse(broken.by(ADA, "Mon 09:15")).vitals.mail_stuck == 0
    assert doctor.pulse(broken.by(ADA, "Mon 09:15")).vitals.mail_failed == 2
    broken.tick("Mon 09:21")
    stuck = doctor.pulse(broken.by(ADA, "Mon 09:22"))
    assert (stuck.vitals.mail_stuck, stuck.vitals.mail_since) == (2, when("Mon 09:05"))
    assert (stuck.tick_late, stuck.watch) == (False, Watch.WARNING)
    assert {"mail", "maildir"} <= wrong(broken, "Mon 09:22")
    sound.tick("Mon 09:31")
    assert doctor.pulse(sound.by(ADA, "Mon 09:32")).watch is Watch.OK


def test_a_maildir_that_cannot_even_be_looked_for(sound: Office) -> None:
    """AUD-2: a maildir whose name the file system refuses is one of the findings, and all others are told too."""
    found = examined(sound.delivering_to(Path("x" * 300)), "Mon 09:10")
    assert found["maildir"].state is State.WRONG
    assert "File name too long" in found["maildir"].what
    assert "contacts" in found


def test_a_held_ladder(sound: Office) -> None:
    """FU-6: a follow-up held for its mail is told with its case, to people and to a monitor."""
    number = sound.open("Mon 09:05", priority=Priority.LOW)
    ask(sound.by(SAM, "Mon 09:06"), number)
    sound.tick("Mon 09:10")
    broken = failing(sound)
    broken.tick("Wed 09:10")
    felt = doctor.pulse(broken.by(ADA, "Wed 09:11"))
    assert (felt.vitals.held, felt.vitals.mail_stuck) == ((number,), 0)
    assert felt.watch is Watch.WARNING
    assert "0000000001" in examined(broken, "Wed 09:11")["follow-up"].what


def test_mail_that_waits_for_quiet_hours_is_not_stuck(sound: Office) -> None:
    """FU-5: mail that may not leave before Monday is not stuck on Sunday."""
    sound.open("Mon 09:05")
    changed(sound, "UPDATE outbox SET not_before = '2026-03-03T09:00:00Z'")
    assert doctor.pulse(sound.by(ADA, "Tue 09:10")).vitals.mail_stuck == 0
    assert doctor.pulse(sound.by(ADA, "Tue 09:16")).vitals.mail_stuck == 1


@pytest.mark.parametrize(("mode", "state"), MODES)
def test_permissions(sound: Office, mode: int, state: str) -> None:
    """AUD-2: a database that everybody may read is to be mended, one shared with a group worth a look."""
    Path(sound.config.db).chmod(mode)
    found = examined(sound, "Mon 09:10")["permissions"]
    assert found.state == state
    assert state == "fine" or f"chmod 600 {sound.config.db}" in (found.fix or "")


@pytest.mark.parametrize(("free", "state"), [(10, "wrong"), (200 << 20, "fine")])
def test_room_on_the_disk(sound: Office, monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    """AUD-2: little room on the disk is told before nothing can be recorded."""
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=free))
    assert examined(sound, "Mon 09:10")["disk"].state == state


def test_a_damaged_database(sound: Office) -> None:
    """AUD-2: what SQLite finds wrong with the file is told."""
    for place in range(60):
        sound.open(f"Mon 09:{place:02d}")
    with closing(sqlite3.connect(sound.config.db)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'cases_by_modified'").fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    with open(sound.config.db, "r+b") as file:  # noqa: PTH123 - as bytes, in place
        file.seek((page - 1) * size)
        file.write(b"\x0a" + b"\x00" * 64)
    found = examined(sound, "Mon 10:10")["database"]
    assert found.state is State.WRONG
    assert "damaged" in found.what


CALENDARS: list[tuple[CalendarSpec, str]] = [
    (CalendarSpec(holidays=""), "no holidays are known for 2027"),
    (CalendarSpec(hours="Mon 09:00-10:00", close_on=tuple(f"2026-03-{d:02d}" for d in (2, 9, 16, 23))), "2026"),
]


@pytest.mark.parametrize(("spec", "told"), CALENDARS)
def test_an_accounts_calendar(sound: Office, spec: CalendarSpec, told: str) -> None:
    """CAL-4: an account's own calendar without holidays for next year, or with a slip, is told by its name."""
    directory.edit_account(sound.by(ADA, START), HARBOR, calendar=spec)
    found = [one for one in doctor.examine(sound.by(ADA, "Mon 09:10")).findings if one.check == "calendar"]
    assert any(HARBOR in one.what and told in one.what for one in found), found
    assert all(ABC not in one.what for one in found)
    assert all("care account edit" in (one.fix or "") for one in found)


def test_the_desks_own_calendar_is_told_once(office: Office) -> None:
    """CAL-4: accounts that follow the desk are told of with it, in one finding, mended by `care init`."""
    office.tick("Mon 09:00")
    found = examined(office, "Mon 09:10")["calendar"]
    assert found.state is State.ADVICE
    assert f"the desk, {ABC}, {HARBOR}: no holidays are known for 2027" in found.what
    assert (found.fix or "").startswith("care init")


def test_a_calendar_that_never_opens(sound: Office) -> None:
    """CAL-4: no working time within reach needs mending."""
    mondays = tuple(str(date(2025, 12, 29) + timedelta(weeks=week)) for week in range(110))
    spec = json.dumps(CalendarSpec("UTC", "Mon 09:00-10:00", "", mondays).document())
    changed(sound, f"UPDATE accounts SET document = json_set(document, '$.calendar', json(?)) {OF_HARBOR}", spec)
    assert "calendar" in wrong(sound, "Mon 09:10")


def test_a_calendar_that_cannot_be_read(sound: Office) -> None:
    """CAL-4: a zone or code that means nothing any more needs mending, and trips nothing."""
    changed(
        sound, f"UPDATE accounts SET document = json_set(document, '$.calendar.timezone', 'No/City') {OF_HARBOR}"
    )
    found = examined(sound, "Mon 09:10")["calendar"]
    assert (found.state, HARBOR in found.what) == (State.WRONG, True)


def test_accounts_with_too_few_trained_contacts(sound: Office) -> None:
    """DC-2: each active account needs two trained Designated Contacts; others do not count."""
    desk = sound.by(ADA, START)
    assert examined(sound, "Mon 09:10")["contacts"].state is State.FINE
    directory.add_account(desk, "New Co", plan=Plan.CARE)
    directory.add_contact(desk, "a@new.example", account="New Co", access_level=Access.READ_WRITE, trained=False)
    directory.add_contact(desk, "b@new.example", account="New Co", access_level=Access.READ_ONLY, trained=True)
    found = examined(sound, "Mon 09:10")["contacts"]
    assert (found.state, found.what.endswith(": New Co")) == (State.ADVICE, True)
    directory.edit_contact(desk, LENA, active=False)
    assert HARBOR in examined(sound, "Mon 09:10")["contacts"].what
    directory.edit_account(desk, "New Co", active=False)
    assert "New Co" not in examined(sound, "Mon 09:10")["contacts"].what


def test_a_policy_that_cannot_be_used(sound: Office) -> None:
    """AUD-2: a policy in force that lacks what this program asks for, or that is gone, needs mending."""
    changed(sound, "UPDATE documents SET body = json_set(body, '$.unheard', 1) WHERE kind = 'policy'")
    assert "unheard" in examined(sound, "Mon 09:10")["policy"].what
    changed(sound, "UPDATE documents SET body = '[]' WHERE kind = 'policy'")
    assert "cannot be read" in examined(sound, "Mon 09:10")["policy"].what
    changed(sound, "DELETE FROM documents WHERE kind = 'policy'")
    assert "policy" in wrong(sound, "Mon 09:10")


def test_the_shipped_telephone_number_is_nobodys(sound: Office) -> None:
    """AUD-2, OPEN-9: customers are told a number to call, so the shipped made-up one is worth a look."""
    told = examined(sound, "Mon 09:10")["policy"]
    assert (told.state, told.what) == (State.ADVICE, "mail gives customers +1 555 010 0100, a made-up number")
    assert "[phone] number" in str(told.fix)
    changed(
        sound, "UPDATE documents SET body = json_set(body, '$.phone.number', '+49 30 1') WHERE kind = 'policy'"
    )
    assert "made-up" not in examined(sound, "Mon 09:10")["policy"].what


def test_a_desk_without_a_policy(sound: Office) -> None:
    """AUD-2: a desk that lacks a policy is told how to get one."""
    changed(sound, "DELETE FROM desk WHERE name = 'settings'")
    assert examined(sound, "Mon 09:10")["policy"].fix == "care init --policy default"


@pytest.mark.parametrize("look", [doctor.pulse, doctor.examine])
def test_who_may_look(sound: Office, look: Callable[..., object]) -> None:
    """DC-3: all staff and the system see how the desk is doing; contacts, to whom accounts are foreign, do not."""
    for who in (SAM, MIA, ADA, "system"):
        assert look(sound.by(who, "Mon 09:10"))
    for who in (DANA, LENA):
        with pytest.raises(NotPermitted):
            look(sound.by(who, "Mon 09:10"))


def test_looking_changes_nothing(sound: Office) -> None:
    """AUD-2: neither a monitor's look nor the doctor's writes anything."""
    sound.open("Mon 09:05")
    before = sound.dump()
    doctor.examine(sound.by(ADA, "Thu 09:10"))
    doctor.late_since(sound.by(SAM, "Thu 09:10"))
    assert sound.dump() == before
