"""What must hold at any time of a busy day, looked for each hour: beside the desk, by other ways than its own."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from random import Random
from typing import Any, Final

from hard.busy.ledger import KEPT, REFUSED, TOKEN, Ledger
from hard.busy.people import MANAGERS
from hard.busy.worker import Worker
from ledger_checker import faults

from carecli.config import Config
from carecli.desk import explaining, reading, sealing
from carecli.desk.desk import Desk
from carecli.domain.case import Case
from carecli.domain.deadlines import timers
from carecli.domain.events import Kind, Recorded
from carecli.domain.outbox import Mail, MailKind, MailState
from carecli.domain.seal import Proof, parse_seal
from carecli.domain.vocabulary import AUTO_FOLLOW_UP, SYSTEM
from carecli.render import case_document, explain_document
from carecli.store.protocol import Reading

SAMPLE: Final = 15
"""So many cases' clocks are proved each hour."""
BY_HAND: Final = 3
"""Of these so many are added up by hand: that takes long."""
CROSSINGS: Final = frozenset({Kind.CLOCK_WARNED, Kind.CLOCK_BREACHED})
TOLD: Final = 20
"""So many complaints are told in full."""


class Audit:
    """The hourly look; `complaints` is what was found wrong."""

    def __init__(self, config: Config, ledger: Ledger, seed: int) -> None:
        self.config, self.ledger = config, ledger
        self.draw = Random(seed)
        self.position = self.given = 0
        self.complaints: list[str] = []
        self.looked = {"events": 0, "texts": 0, "closings": 0, "clocks": 0, "added up": 0, "seals": 0, "mails": 0}

    def look(self, worker: Worker) -> None:
        """Look at everything that came since the last look, and at a sample of all."""
        worker.ledger.flush()
        desk = worker.by(MANAGERS[0])
        with desk.machinery() as record:
            self._events(record)
            self._seal(record)
        self._texts()
        self._numbers()
        self._mails()
        self._clocks(desk, worker)

    def wrong(self, what: str) -> None:
        """Note a complaint."""
        if len(self.complaints) < TOLD:
            self.complaints.append(what)

    def _events(self, record: Reading) -> None:
        """AUD-1, STAT-4: no text on record twice; no case closed by time without its reminders (FU-1)."""
        closed, told = [], []
        with closing(sqlite3.connect(f"file:{self.config.db}?mode=ro", uri=True)) as db:
            for position, number, kind, actor, data in db.execute(
                "SELECT position, number, kind, actor, data FROM events WHERE position > ? ORDER BY position",
                (self.position,),
            ):
                if position != self.position + 1:
                    self.wrong(f"event {position} follows {self.position}")
                self.position = position
                self.looked["events"] += 1
                told += [(token, kind, number) for token in {*TOKEN.findall(data)} if number is not None]
                if kind == Kind.CLOSED and actor == AUTO_FOLLOW_UP:
                    closed.append((number, position))
        self._tell(told)
        for number, position in closed:
            self._reminded(record, number, position)

    def _tell(self, told: list[tuple[str, str, int]]) -> None:
        db = self.ledger.db
        db.execute("BEGIN IMMEDIATE")
        for one in told:
            if db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", one).rowcount != 1:
                self.wrong(f"told twice: {one}")
        db.execute("COMMIT")

    def _texts(self) -> None:
        """AUD-1: what was acknowledged is on record, what was refused is not."""
        last = self.ledger.count("SELECT coalesce(max(id), 0) FROM given")
        self.looked["texts"] += last - self.given
        for fate, on_record, what in ((KEPT, "NOT IN", "lost"), (REFUSED, "IN", "refused and yet on record")):
            for (token,) in self.ledger.db.execute(
                "SELECT token FROM given WHERE id > ? AND fate = ?"
                f" AND token {on_record} (SELECT token FROM seen)",
                (self.given, fate),
            ):
                self.wrong(f"{what}: {token}")
        self.given = last

    def _reminded(self, record: Reading, number: int, position: int) -> None:
        """FU-1, FU-6: both reminders of the round were sent and had left before the case was closed by time."""
        self.looked["closings"] += 1
        before = [entry for entry in record.history(number) if entry.position < position]
        sent = _stages(before)
        last = max((round_ for round_, _ in sent), default=0)
        stages = [stage for round_, stage in sent if round_ == last]
        mails = [mail for mail in record.mail_of(number) if _reminder(mail, last)]
        found = [mail for mail in mails if self.ledger.found_once(mail.message_id)]
        if stages != [1, 2, 3][: len(stages)] or len(stages) < 2 or len(found) != 2:
            self.wrong(
                f"case {number} closed by time at {position}: stages {sent}, mails {mails}, {len(found)} found"
            )

    def _numbers(self) -> None:
        """OPEN-1: numbers in order without gaps, whoever was refused; each case's events counted without gaps."""
        with closing(sqlite3.connect(f"file:{self.config.db}?mode=ro", uri=True)) as db:
            count, highest = db.execute("SELECT count(*), max(number) FROM cases").fetchone()
            (gaps,) = db.execute(
                "SELECT count(*) FROM (SELECT 1 FROM events WHERE number IS NOT NULL"
                " GROUP BY number HAVING count(*) <> max(seq) OR count(DISTINCT seq) <> max(seq))"
            ).fetchone()
        if count != highest or gaps:
            self.wrong(f"{count} cases, the last is {highest}; {gaps} histories with gaps")

    def _mails(self) -> None:
        """MAIL-6, FU-5: each mail was found once; what is marked as sent has arrived, and nothing else has."""
        db = self.ledger.db
        self.looked["mails"] = self.ledger.count("SELECT count(*) FROM mails")
        again = (
            "SELECT message_id, again FROM mails WHERE again >"
            " (SELECT count(*) FROM resent WHERE resent.message_id = mails.message_id) LIMIT 5"
        )
        for id_, times in db.execute(again):
            self.wrong(f"mail {id_} came {times + 1} times")

    def _clocks(self, desk: Desk, worker: Worker) -> None:
        """TICK-3: what `explain` proves is what the case has and what waits in the queue, and adds up by hand."""
        with desk.machinery() as record:
            rules = {d: record.document(d) for kind in ("policy", "calendar") for d in record.documents(kind)}
            cases = list(record.cases(self.draw.sample(worker.live, min(SAMPLE, len(worker.live)))))
            waiting = {case.number: record.timers(case.number) for case in cases}
        for place, case in enumerate(cases):
            if waiting[case.number] != sorted({*timers(case)}):
                self.wrong(f"case {case.number} waits for {waiting[case.number]}, and shall for {[*timers(case)]}")
            if case.opened_at <= desk.now and desk.actor.sight.case(case):
                self._proved(desk, case, rules if place < BY_HAND else None)

    def _proved(self, desk: Desk, case: Case, rules: Mapping[str, Any] | None) -> None:
        proof = explaining.explain(desk, case.number)
        if tuple(one.clock for one in proof.ledgers) != case.clocks:
            self.wrong(f"case {case.number}: {proof.ledgers} are proved, and {case.clocks} on record")
        self.looked["clocks"] += len(proof.ledgers)
        told = explain_document.explain(proof)
        history = reading.log(desk, case.number)
        moments = [entry.event.at for entry in history]
        if rules and moments == sorted(moments):
            # Whoever adds it up takes time for going on, as it did here.
            self.looked["added up"] += len(proof.ledgers)
            events = [case_document.event(entry) for entry in history]
            named = rules[proof.case.calendar], rules[proof.case.policy]
            for fault in faults(told, named[0], events, named[1], rules):
                self.wrong(f"case {case.number} at {desk.now}: {fault}")

    def _seal(self, record: Reading) -> None:
        """AUD-1: the seal of the hour, to be held against the chain at the end of the day."""
        taken = sealing.seal(record)
        assert taken is not None, "the log has a first event"
        self.ledger.db.execute("INSERT OR IGNORE INTO seals VALUES (?)", (str(taken),))
        self.looked["seals"] += 1

    def closing(self, record: Reading) -> None:
        """At the end of the day: what time brought, seals, and the mail that left against the mail that came."""
        self._once(record)
        self._prove_seals(record)
        found = {id_ for (id_,) in self.ledger.db.execute("SELECT message_id FROM mails")}
        with closing(sqlite3.connect(f"file:{self.config.db}?mode=ro", uri=True)) as db:
            told = dict(db.execute("SELECT message_id, state FROM outbox").fetchall())
        lost = [id_ for id_, state in told.items() if state == MailState.SENT and id_ not in found]
        if lost or found - told.keys():
            self.wrong(f"sent and never found: {lost[:5]}; found and never sent: {list(found - told.keys())[:5]}")

    def _once(self, record: Reading) -> None:
        """SLA-7, FU-5: time brings each stage once, a crossing again only where a person moved its clock between.

        A machine whose clock was ahead may have brought it too early: whoever acts before its time, once the clock
        is right, has it come again.
        """
        for number in record.told_cases():
            known = set[tuple[Any, ...]]()
            for event in (entry.event for entry in record.history(number)):
                if event.kind is Kind.FOLLOW_UP_SENT:
                    what: tuple[Any, ...] = (event.kind, event.data["round"], event.data["stage"])
                elif event.kind in CROSSINGS:
                    what = (event.kind, event.data["metric"], event.data["cycle"])
                else:
                    if event.actor != SYSTEM:
                        known = {one for one in known if one[0] not in CROSSINGS}
                    continue
                if what in known:
                    self.wrong(f"case {number} has twice in a row: {what}")
                known.add(what)

    def _prove_seals(self, record: Reading) -> None:
        """Every seal taken is still that of the log up to there."""
        taken = [parse_seal(text) for (text,) in self.ledger.db.execute("SELECT seal FROM seals")]
        for one in sealing.held(record, taken):
            if one.proof is not Proof.HOLDS:
                self.wrong(f"the seal {one.seal} of the day is not proved: {one.proof}")


def _stages(history: list[Recorded]) -> list[tuple[int, int]]:
    sent = (entry.event.data for entry in history if entry.event.kind is Kind.FOLLOW_UP_SENT)
    return [(data["round"], data["stage"]) for data in sent]


def _reminder(mail: Mail, round_: int) -> bool:
    return mail.kind is MailKind.REMINDER and mail.round == round_ and mail.state is MailState.SENT


def box(config: Config) -> dict[str, Any]:
    """What the outbox says, by state."""
    with closing(sqlite3.connect(f"file:{config.db}?mode=ro", uri=True)) as db:
        return dict(db.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())
