"""What `care doctor` finds about PINs (AUD-2, DC-4); where the key of references is: test_reference_keys."""

import sqlite3
from contextlib import closing

import pytest
from argon2 import PasswordHasher
from desk_fixtures import ADA, DANA, OMAR, Office
from notation import when

from carecli.desk import directory, pins
from carecli.desk.doctor_secrets import findings
from carecli.domain.health import Finding, State
from carecli.domain.pins import Tries


def told(office: Office, at: str = "Mon 10:00") -> list[Finding]:
    """What is found of PINs."""
    return [one for one in findings(office.by(ADA, at)) if one.check == "pins"]


@pytest.fixture
def pinned(office: Office) -> Office:
    """A desk whose Dana has a PIN."""
    directory.edit_contact(office.by(ADA, "Mon 09:00"), DANA, pin="4711")
    return office


def test_pins_that_are_in_order(pinned: Office) -> None:
    """AUD-2: how many there are, and how they are hashed."""
    (one,) = told(pinned)
    assert (one.state, one.what) == (State.FINE, "contacts with a PIN: 1 (argon2id, 64 MiB, 3 passes, 4 lanes)")


def test_a_locked_pin_is_told_until_its_end(pinned: Office) -> None:
    """DC-4: who is locked until when, as somebody may be trying; afterwards no word of it."""
    with pinned.store.write() as writing:
        writing.put_pin_tries(DANA, Tries(5, when("Mon 10:00")))
        writing.put_pin_tries(OMAR, Tries(4, when("Mon 10:00")))
    (one,) = told(pinned, "Mon 10:14")
    assert (one.state, one.what) == (
        State.ADVICE,
        f"locked after wrong PINs: {DANA} until 2026-03-02T10:15:00Z",
    )
    assert "--unlock-pin" in (one.fix or "")
    assert told(pinned, "Mon 10:15")[0].state is State.FINE


def test_a_pin_of_an_older_release_wants_to_be_set_again(pinned: Office) -> None:
    """AUD-1: verify cannot vouch for a PIN that no event tells of: the doctor says whose."""
    with pinned.store.write() as writing:
        writing.put_pin_hash(OMAR, pins.hashed("4711"))
    (one,) = told(pinned)
    assert (one.state, OMAR in one.what, DANA in one.what) == (State.ADVICE, True, False)
    directory.edit_contact(pinned.by(ADA, "Mon 10:00"), OMAR, pin="4711")
    assert told(pinned)[0].state is State.FINE


def test_a_swapped_pin_is_wrong(pinned: Office) -> None:
    """AUD-1: a PIN that is not the one that was set, or that is gone."""
    for put in ("pin_hash || 'x'", "NULL"):
        with closing(sqlite3.connect(pinned.config.db)) as db, db:
            db.execute(f"UPDATE contacts SET pin_hash = {put} WHERE email = ?", (DANA,))
        (one,) = told(pinned)
        assert (one.state, DANA in one.what) == (State.WRONG, True)


def test_older_parameters_are_counted(pinned: Office) -> None:
    """DC-4: PINs hashed by other parameters than today's are no fault, and told."""
    with pinned.by(ADA, "Mon 09:30").record() as record:
        weak = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("4711")
        pins._keep(record, DANA, weak)
    (one,) = told(pinned)
    assert one.state is State.FINE
    assert one.what.endswith("; 1 of older parameters, made anew at the next right call")
