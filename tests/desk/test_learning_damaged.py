"""What was learned of components, damaged by hand: nothing breaks, and somebody is told (OPEN-6, AUD-1)."""

import sqlite3
import struct
import threading
import zlib
from collections.abc import Sequence
from contextlib import closing

import pytest
from desk_fixtures import ABC, ADA, BEN, HARBOR, LENA, MIA, TEXT, Office
from engine import open_store

from carecli.desk import directory
from carecli.desk.components import learning, selecting
from carecli.domain import learning as maths
from carecli.domain.selection import Selection

NOW = "Mon 09:00"
WRONG_TEAM = "Since the release of this morning callers reach the wrong team, whatever number they dial."
NAMES = ("Routing", "Recording", "Voicemail")
DAMAGES = {
    "cut short": "UPDATE component_features SET weights = x'00'",
    "no compression": "UPDATE component_features SET weights = x'9a9999999999b93f00112233'",
    "moved nowhere": "UPDATE component_features SET weights = moved(weights, 0.0)",
    "moved backwards": "UPDATE component_features SET weights = moved(weights, -1.0)",
    "moved without end": "UPDATE component_features SET weights = moved(weights, 9e999)",
    "of components that there are not": "UPDATE component_features SET weights = lanes(weights)",
    "no progress": "DELETE FROM component_progress",
    "progress ahead": "UPDATE component_progress SET position = 1 << 40",
    "no such moment": "UPDATE components SET learned_at = 'yesterday'",
    "an id beyond any": "UPDATE components SET id = 1 << 50 WHERE id = 0",
    "an id below any": "UPDATE components SET id = -7 WHERE id = 0",
    "components gone": "DELETE FROM components",
}


@pytest.fixture
def taught(office: Office) -> Office:
    """An office that learned two cases, with a third that waits to be learned."""
    for account in (ABC, HARBOR):
        directory.edit_account(office.by(ADA, NOW), account, components=[f"Voice={name}" for name in NAMES])
    for component in NAMES[:2]:
        office.open(NOW, LENA, component=component, subject="Wrong team", description=f"{WRONG_TEAM} {TEXT}")
    office.tick("Mon 09:05")
    office.open("Mon 09:10", component="Routing", subject="Wrong team", description=WRONG_TEAM)
    return office


def damaged(office: Office, statement: str) -> None:
    with closing(sqlite3.connect(office.config.db)) as db, db:
        db.create_function("moved", 2, lambda row, far: struct.pack("<d", far) + row[8:])
        db.create_function("lanes", 1, lambda row: row[:8] + zlib.compress((1 << 9_000).to_bytes(2_000, "little")))
        db.execute(statement)


def counts(office: Office) -> dict[str, int]:
    """How many examples were learned of each component."""
    return {one.name: one.examples for one in selecting.known(office.by(BEN, NOW))}


def chosen(office: Office) -> Selection:
    with office.store.read() as record:
        return selecting.select(record, candidates=NAMES, subject="", description=WRONG_TEAM)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_stops_nothing_and_is_told(taught: Office, damage: str) -> None:
    """OPEN-6, TICK-1: cases open and ticks run on without what cannot be read, and `--afresh` mends it."""
    damaged(taught, damage)
    assert {str(found.part) for found in taught.differences()} == {"components"}
    chosen(taught)
    taught.open("Mon 09:12", subject="Wrong team", description=WRONG_TEAM)
    taught.tick("Mon 09:15")
    chosen(taught)
    learning.learn(taught.by(MIA, "Mon 09:20"), afresh=True)
    assert chosen(taught).component in NAMES
    assert taught.differences() == []


def test_an_event_that_was_tampered_with_teaches_nothing(taught: Office) -> None:
    """OPEN-6, TICK-1: a tick goes on behind what it cannot read."""
    taught.open("Mon 09:11", component="Recording", subject="Silence", description=WRONG_TEAM)
    damaged(taught, "DROP TRIGGER events_keep")
    damaged(taught, "UPDATE events SET data = '{}' WHERE number = 3 AND kind = 'opened'")
    taught.open("Mon 09:12", component="Voicemail", subject="Greeting", description=WRONG_TEAM)
    damaged(taught, "UPDATE events SET data = 'no JSON' WHERE number = 4 AND kind = 'opened'")
    taught.tick("Mon 09:15")
    with taught.store.read() as record:
        assert not record.components_behind()
    assert counts(taught) == {"Routing": 1, "Recording": 1, "Voicemail": 1}


def test_learning_of_a_tick_lets_others_write(taught: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """TICK-1: while a tick learns, somebody else writes; nothing is learned twice or lost."""
    step = maths.step
    other = Office(taught.config, open_store(taught.config.db, busy_s=0.1))
    heard: list[int] = []

    def meanwhile(example: maths.Example, known: Sequence[int]) -> float:
        heard.append(other.open("Mon 09:13", component="Voicemail", subject="Beep", description=WRONG_TEAM))
        return step(example, known)

    monkeypatch.setattr(maths, "step", meanwhile)
    taught.tick("Mon 09:15")
    monkeypatch.undo()
    other.store.close()
    assert len(heard) == 1
    taught.tick("Mon 09:20")
    assert counts(taught) == {"Routing": 2, "Recording": 1, "Voicemail": 1}


def test_ticks_at_once_learn_each_case_once(taught: Office) -> None:
    """OPEN-6: of ticks that learn the same cases at the same moment one alone keeps them."""
    gate = threading.Barrier(3)

    def run() -> None:
        own = Office(taught.config, open_store(taught.config.db))
        try:
            gate.wait()
            learning.catch_up(own.by("system", "Mon 09:15"))
        finally:
            own.store.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts(taught) == {"Routing": 2, "Recording": 1}


def test_a_trial_tick_learns_nothing(taught: Office) -> None:
    """TICK-2: `--dry-run` keeps nothing, neither what was learned."""
    before = taught.dump()
    taught.tick("Mon 09:15", dry_run=True)
    assert taught.dump() == before


def test_a_desk_of_too_many_components_learns_no_more_of_them(
    taught: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OPEN-6: names that anybody may invent make rows no longer than allowed; known ones are learned on."""
    monkeypatch.setattr(learning, "COMPONENTS_MAX", 2)
    taught.open("Mon 09:12", component="Voicemail", subject="Beep", description=WRONG_TEAM)
    taught.tick("Mon 09:15")
    assert counts(taught) == {"Routing": 2, "Recording": 1}


def test_a_desk_that_knows_enough_words_learns_no_new_ones(
    taught: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OPEN-6: case by case what was learned does not grow for ever; what is known goes on being learned."""

    def features() -> int:
        with taught.store.read() as record:
            return record.component_features()

    monkeypatch.setattr(learning, "FEATURES_MAX", features())
    before = features()
    taught.open(
        "Mon 09:12", component="Voicemail", subject="Unheard-of", description=f"{WRONG_TEAM} Qualms abound."
    )
    taught.open(
        "Mon 09:13", component="Voicemail", subject="日本語", description=f"{'日本語の' * 20} a b c d e f g h i j"
    )
    taught.tick("Mon 09:15")
    assert features() == before
    assert counts(taught) == {"Routing": 2, "Recording": 1, "Voicemail": 2}
    assert taught.differences() == []


def test_a_component_is_known_as_it_is_in_files(office: Office) -> None:
    """OPEN-6: blanks between its words make no second component; what is no name is not learned."""
    for name in ("Call  routing", "x" * 300):
        office.open(NOW, component=name, service="Wallboard", subject="Beep", description=WRONG_TEAM)
    office.tick("Mon 09:15")
    assert counts(office) == {"Call routing": 1}
