"""A desk under fire: whatever mail it is thrown, what must not happen is looked for (MAIL-2..5)."""

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from desk_fixtures import ADA, BEN, DANA, LENA, MIA, OMAR, RITA, SAM, found
from hard.fuzz_oracle import Truth, robot, senders
from hard.fuzz_seeds import AND, KILLED, THEN
from letters import ARRIVAL, AWAITING, CLOSED, HARBORS, OPEN, PROPOSED, Scene, copied_scene, scene_in

from carecli.desk.desk import Desk
from carecli.desk.mail import inbox
from carecli.domain.inbox import Outcome, Received
from carecli.mail.incoming import reading
from carecli.store.sqlite.store import SqliteStore

KEY: Final = b"fuzzed".ljust(32, b"!")
"""The desk's secret, always the same: what was found once is found again."""

MESSAGES: Final = 6
"""So many messages of one input are taken in, no more."""

VERIFIED: Final = 16
"""One in so many runs that change a case ends with a check of the whole record."""

ANSWERS: Final = frozenset({"how-to-open", "how-to-reopen", "how-to-reply", "unknown-sender"})


class Nested(sqlite3.Connection):
    """A connection whose transactions stand within one, so that everything can be taken back at once."""

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        """Run a statement; the ends of a transaction are those of a savepoint."""
        if sql.startswith("BEGIN"):
            sql = "SAVEPOINT within"
        elif sql == "COMMIT":
            sql = "RELEASE within"
        elif sql == "ROLLBACK":
            super().execute("ROLLBACK TO within")
            sql = "RELEASE within"
        return super().execute(sql, *parameters)

    def outermost(self, sql: str) -> None:
        """Begin or take back what everything stands within."""
        super().execute(sql)


class Standing(NamedTuple):
    """What must change only for a reason: the events, the cases, and the mails in the outbox."""

    events: Mapping[int, tuple[int | None, str]]
    cases: Mapping[int, tuple[Any, ...]]
    mails: Mapping[int, tuple[Any, ...]]


class Fuzzed:
    """The desk under fire."""

    def __init__(self, tally: Path) -> None:
        """`tally` is the file that is told what happened."""
        with TemporaryDirectory() as made:
            self.scene = _scene(Path(made))
            self.db = self._in_memory()
        self.desk = self.scene.office.by("system", ARRIVAL)
        self.truth = truth(self.scene)
        self.tally: Counter[str] = Counter()
        self.file = tally
        self.told_at = time.monotonic()

    def _in_memory(self) -> Nested:
        office = self.scene.office
        db = sqlite3.connect(":memory:", isolation_level=None, factory=Nested)
        office.store.db.backup(db)
        db.execute("PRAGMA foreign_keys = ON")
        office.store.close()
        office.store = SqliteStore(db, ":memory:")
        return db

    def run(self, data: bytes) -> None:
        """Take in the messages of one input, judge what became of them, and take everything back."""
        self.db.outermost("BEGIN")
        try:
            before = self._standing()
            for minutes, together in enumerate(data.split(THEN)[:MESSAGES]):
                self._arrive(together.split(AND)[:MESSAGES], minutes)
            if self._standing().events != before.events:
                self.tally["runs that changed a case"] += 1
                if self.tally["runs that changed a case"] % VERIFIED == 0:
                    assert not self.scene.office.differences(), "`care verify` finds a difference"
                    self.tally["verified"] += 1
        finally:
            self.db.outermost("ROLLBACK")
        self.tally["runs"] += 1
        if time.monotonic() - self.told_at > 1:
            self.tell()

    def close(self) -> None:
        """Let go of the desk."""
        self.db.close()

    def tell(self) -> None:
        """Write down what happened so far; libFuzzer ends the process without asking."""
        self.told_at = time.monotonic()
        self.file.write_text(json.dumps(self.tally))

    def _arrive(self, raws: Sequence[bytes], minutes: int) -> None:
        before = self._standing()
        desk = self.desk.at(self.desk.now + timedelta(minutes=minutes))
        received = self._received(desk, raws)
        after = self._standing()
        assert len(received) == len(raws)
        for raw, each in zip(raws, received, strict=True):
            self._kept(raw, each)
        fresh = [(raw, each) for raw, each in zip(raws, received, strict=True)]
        self._cases_moved_rightly(fresh, before, after)
        self._mails_moved_rightly(fresh, before, after)

    def _received(self, desk: Desk, raws: Sequence[bytes]) -> Sequence[Received]:
        if not raws[0].startswith(KILLED):
            return inbox.take_in(desk, [(raw, "fuzz") for raw in raws])
        with desk.store.write() as writing:
            kept = [writing.store_raw(raw, desk.now, "fuzz") for raw in raws]
        inbox.look_again(desk)
        with desk.reading() as reading:
            return [reading.received(each.id) or each for each in kept]

    def _kept(self, raw: bytes, each: Received) -> None:
        """Stored byte for byte, with an outcome, and understood by intent, not by accident."""
        assert each.outcome is not None, "a message has no outcome"
        assert each.code != "unreadable", each.reason
        stored = self.db.execute(
            "SELECT raw, outcome FROM received JOIN received_raw USING (id) WHERE id = ?", (each.id,)
        ).fetchone()
        assert stored is not None, "a message is lost"
        assert stored[0] == raw, "a message is not stored as it came"
        assert stored[1] is not None, "a message has no outcome on record"
        self.tally[f"{each.outcome.value} {each.code}"] += 1

    def _cases_moved_rightly(
        self, fresh: Sequence[tuple[bytes, Received]], before: Standing, after: Standing
    ) -> None:
        new = [after.events[position] for position in after.events.keys() - before.events.keys()]
        assert before.events.items() <= after.events.items(), "an event was changed"
        updated = {each.number for _, each in fresh if each.outcome is Outcome.UPDATED}
        bounced = {each.number for _, each in fresh if (each.outcome, each.code) == (Outcome.BOUNCE, "bounced")}
        changed = {number for number, _ in new}
        assert updated <= changed <= updated | bounced, f"{changed} changed, {updated} and {bounced} should"
        for number in after.cases.keys() - changed:
            assert after.cases[number] == before.cases[number], f"case {number} changed without an event"
        kinds = {(number, kind) for number, kind in new if number in bounced - updated}
        assert {kind for _, kind in kinds} <= {"mail-bounced", "follow-up-held"}, f"a bounce brought {kinds}"
        for raw, each in fresh:
            if each.outcome is Outcome.UPDATED:
                assert each.number, "an update has a case"
                why = self.truth.against_update(raw, each.number, each.sender)
                assert why is None, f"case {each.number} was updated by {each.sender}, but {why}"
            elif each.code == "bounced" and each.number:
                why = self.truth.against_bounce(raw, each.number)
                assert why is None, f"a mail of case {each.number} is marked as bounced, but {why}"

    def _mails_moved_rightly(
        self, fresh: Sequence[tuple[bytes, Received]], before: Standing, after: Standing
    ) -> None:
        new = [mail for id_, mail in after.mails.items() if id_ not in before.mails]
        marked = {id_ for id_, mail in before.mails.items() if after.mails.get(id_) != mail}
        assert len(marked) <= sum(each.code == "bounced" for _, each in fresh), "a mail was marked for no reason"
        answers = [(kind, recipient.lower()) for kind, recipient, *_ in new if kind in ANSWERS]
        people = [raw for raw, _ in fresh if not robot(raw)] if answers else []
        answered = {address for raw in people for address in senders(raw)}
        for kind, recipient in answers:
            assert recipient in answered, f"{kind} went to {recipient}, who wrote nothing"
            assert recipient.isascii(), f"{kind} went to {recipient}, which is a guess"
        assert len(answers) <= len(people), "more answers than messages of people"

    def _standing(self) -> Standing:
        events = self.db.execute("SELECT position, number, kind FROM events")
        cases = self.db.execute("SELECT * FROM cases")
        mails = self.db.execute("SELECT id, kind, recipient, number, state FROM outbox")
        return Standing(
            {position: (number, kind) for position, number, kind in events},
            {row[0]: row for row in cases},
            {id_: tuple(rest) for id_, *rest in mails},
        )


def _scene(folder: Path) -> Scene:
    template = found(folder)
    with closing(sqlite3.connect(template.db, isolation_level=None)) as db:
        db.execute("UPDATE secrets SET value = ? WHERE name = 'reference'", (KEY,))
    return copied_scene(template, scene_in(template, folder), folder)


def truth(scene: Scene) -> Truth:
    """What the oracle has to know."""
    numbers = (AWAITING, PROPOSED, OPEN, CLOSED, HARBORS)
    mails = {n: {mail.message_id for mail in scene.office.mails(n)} for n in numbers}
    ids = {n: {*mails[n], *(scene.mid(n, place) for place in range(1, 4))} for n in numbers}
    abc = frozenset({DANA, OMAR})
    return Truth(
        secrets={n: frozenset({scene.ref(n), *map(_core, ids[n])}) for n in numbers},
        message_ids={n: frozenset(map(_core, mails[n])) for n in numbers},
        writers={AWAITING: abc, PROPOSED: abc, OPEN: abc, CLOSED: frozenset(), HARBORS: frozenset({LENA})},
        staff=frozenset({ADA, MIA, SAM, BEN, RITA}),
        server="mx.desk.example",
    )


def _core(message_id: str) -> str:
    """The part of a Message-ID that only the desk could make."""
    return message_id.strip("<>").partition("@")[0].lower()


def swallowed(fuzzed: Fuzzed) -> None:
    """Count what the mail room stumbles over and keeps for staff as a message of which nothing is understood."""
    real = reading._read

    def told(root: Any) -> Any:
        try:
            return real(root)
        except Exception as error:
            fuzzed.tally[f"not understood: {type(error).__name__}"] += 1
            raise

    reading._read = told
