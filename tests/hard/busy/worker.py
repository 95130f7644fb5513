"""One process at the busy desk: its connections, whoever acts through them, and what became of every act."""

import re
import time
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from hard.busy.clock import TICK_S, Clock
from hard.busy.ledger import KEPT, REFUSED, Ledger
from hard.busy.mailbox import Mailbox
from hard.busy.people import ADMINS, AGENTS, BY_ACCOUNT, CUSTOMERS, MANAGERS

from carecli.config import Config
from carecli.desk import tick as ticking
from carecli.desk.desk import Desk, identified
from carecli.desk.rulebook import Rulebook
from carecli.domain.case import Case
from carecli.domain.desk_settings import DeskSettings
from carecli.errors import CareError, DatabaseUnusable
from carecli.store.sqlite.store import SqliteStore, open_store

CONNECTIONS: Final = 3
LIVE, ENDED = 900, 200
"""So many cases, open and closed ones, a process has in mind."""
FRESH: Final = 2_000
"""After so many commands a connection is opened anew, as that of another command would be."""
TENTHS: Final = 10
FAULTS: Final = 10
OUTAGE: Final = (50_000, 52_500)
"""In these seconds of the day no mail can leave."""
WORDS: Final = re.findall(
    r"\w+",
    "trunk queue gateway caller agent transfer silence wallboard report export login headset codec carrier "
    "routing latency restart firmware dashboard timeout certificate browser recording prompt menu overflow",
)


class Took(NamedTuple):
    """How often something was done in a tenth of the day, how long it took in all and at most, in seconds.

    `busy_s` is what the processor worked for it, whatever else the machine did.
    """

    times: int = 0
    total_s: float = 0.0
    longest_s: float = 0.0
    busy_s: float = 0.0

    def and_(self, other: "Took") -> "Took":
        """Both together."""
        return Took(
            self.times + other.times,
            self.total_s + other.total_s,
            max(self.longest_s, other.longest_s),
            self.busy_s + other.busy_s,
        )


class Worker:
    """Commands of many people, one after the other, on several connections."""

    def __init__(self, folder: Path, config: Config, name: str, clock: Clock) -> None:
        self.name, self.config, self.clock = name, config, clock
        self.draw = Random(f"{clock.seed} {name}")
        self.ledger = Ledger(folder)
        self.mailbox = Mailbox(Path(config.maildir), self.ledger, self.draw)
        self.stores = [open_store(config.db, create=False) for _ in range(CONNECTIONS)]
        self.rulebooks = [Rulebook() for _ in self.stores]
        self.second = 0.0
        self.live: list[int] = []
        self.ended: list[int] = []
        self.token: str | None = None
        self.done = self.tokens = 0
        self.refused = Counter[str]()
        self.faults: list[str] = []
        self.took: dict[str, list[Took]] = {}
        self.came = Counter[str]()
        self._file = folder / f"file-{name}.log"
        self.recall()

    # Who, when and where.

    def by(self, who: str) -> Desk:
        """The desk as somebody sees it now, on any connection."""
        return self.through(self.draw.randrange(len(self.stores)), who)

    def through(self, place: int, who: str) -> Desk:
        """The desk on one of the connections."""
        store = self.stores[place]
        with store.read() as reading:
            settings, actor = reading.settings() or DeskSettings(), identified(reading, who)
        config = self.config
        if OUTAGE[0] <= self.second < OUTAGE[1]:
            config = config._replace(maildir_set=f"{config.db}/nowhere")
        return Desk(store, actor, self.now(), "UTC", config, settings, self.rulebooks[place])

    def now(self) -> datetime:
        """What the machine's clock shows."""
        return self.clock.at(self.second)

    def agent(self) -> str:
        """Somebody of staff, mostly one who works cases."""
        return self.draw.choice(AGENTS if self.draw.random() < 0.85 else (*MANAGERS, *ADMINS))

    def admin(self) -> str:
        """Somebody who administers the desk."""
        return self.draw.choice(ADMINS)

    def customer(self, case: Case | None = None) -> str:
        """A contact, of a case's account where there is one; now and then one who may not act, or of another."""
        customer = BY_ACCOUNT[case.account] if case and self.draw.random() < 0.95 else self.draw.choice(CUSTOMERS)
        people = customer.people()
        return self.draw.choice(people if self.draw.random() < 0.1 else people[:4])

    # What they turn to.

    def number(self) -> int:
        """A case that may be open still."""
        return self.draw.choice(self.live)

    def case(self, number: int | None = None) -> Case:
        """A case as it stands, and no longer in mind where it is closed."""
        named = number or self.number()
        with self.stores[0].read() as reading:
            case = reading.case(named)
        assert case is not None
        if case.closed:
            self.forget(named)
        return case

    def recall(self) -> None:
        """Call to mind the cases that are open now."""
        with self.stores[0].read() as reading:
            latest = reading.told_cases()[-5 * LIVE :]
            self.live = [case.number for case in reading.cases(latest) if not case.closed][-LIVE:]

    def keep(self, number: int) -> None:
        """Have a case in mind."""
        if len(self.live) < LIVE:
            self.live.append(number)
        else:
            self.live[self.draw.randrange(LIVE)] = number

    def forget(self, number: int) -> None:
        """Think no more of a case as of an open one."""
        if number in self.live and len(self.live) > 20:
            self.live.remove(number)
            self.ended.append(number)
            del self.ended[:-ENDED]

    # What they say.

    def text(self, words: int = 12) -> str:
        """Words that nobody else says: what becomes of the act becomes of them."""
        assert self.token is None, "one act, one text; `settle` comes between two"
        self.tokens += 1
        self.token = f"tok-{self.name}-{self.tokens}x"
        return " ".join([*self.draw.choices(WORDS, k=words), self.token])

    def settle(self, fate: str = KEPT) -> None:
        """Note what became of the last text."""
        if self.token:
            self.ledger.give(self.token, fate)
            self.token = None

    def file(self) -> str:
        """A file of a few kilobytes to attach, mostly one that was attached before."""
        lines = self.draw.randrange(40) if self.draw.random() < 0.7 else self.draw.randrange(1_000_000)
        self._file.write_text(f"trace {lines}\n" * (20 + lines % 200))
        return str(self._file)

    # Doing it.

    def do(self, name: str, act: Callable[["Worker"], None], tenth: int) -> None:
        """One command, which may be refused with a reason; anything else is a fault."""
        start, busy = time.perf_counter(), time.process_time()
        try:
            act(self)
            self.settle()
        except DatabaseUnusable:
            self._fault(name)
        except CareError as error:
            self.settle(REFUSED)
            why = f"{name}: {type(error).__name__} {error.rule or ''}".strip()
            self.refused[why] += 1
        except Exception:  # noqa: BLE001  # whatever it is, it is told at the end of the day
            self._fault(name)
        took = self.took.setdefault(name, [Took()] * TENTHS)
        took_s = time.perf_counter() - start
        took[tenth] = took[tenth].and_(Took(1, took_s, took_s, time.process_time() - busy))
        self.done += 1
        if self.done % FRESH == 0:
            self._open_anew(self.done // FRESH % len(self.stores))

    def tick(self) -> None:
        """What cron does every five minutes; then the customers look into their mailboxes."""
        report = ticking.tick(self.by("system"))
        self.came["fired"] += report.fired
        self.came["stages"] += len(report.followups)
        self.came["closed by time"] += len(report.closed)
        self.came["new breaches"] += sum(breach.new for breach in report.breaches)
        self.came["mails sent"] += report.mail.sent
        self.came["mails failed"] += report.mail.failed
        self.came["mails found"] += self.mailbox.collect()
        self.ledger.flush()

    def ticks_between(self, before: float, after: float) -> bool:
        """Whether a tick falls into these seconds."""
        return before // TICK_S != after // TICK_S

    def _fault(self, name: str) -> None:
        self.settle("unknown")
        if len(self.faults) < FAULTS:
            self.faults.append(f"{self.now()} {name}: {traceback.format_exc()}")

    def _open_anew(self, place: int) -> None:
        self.stores[place].close()
        self.stores[place] = open_store(self.config.db, create=False)
        self.rulebooks[place] = Rulebook()

    def store(self) -> SqliteStore:
        """One of its connections."""
        return self.stores[0]

    def descriptors(self) -> int:
        """How many files the process has open."""
        return sum(1 for _ in Path("/proc/self/fd").iterdir())

    def close(self) -> None:
        """Go home."""
        for store in self.stores:
            store.close()
        self.ledger.close()
