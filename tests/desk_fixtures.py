"""A real desk in a real database for one test: named people, fixed moments, and what it holds told in short."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from pathlib import Path
from typing import Any, Final

import engine
import pytest
from notation import when

from carecli.config import Config
from carecli.desk import cases, directory, intake, reading, setup
from carecli.desk import tick as ticking
from carecli.desk.desk import Desk, identified
from carecli.desk.rulebook import Rulebook
from carecli.desk.verify import differences
from carecli.domain.case import Case
from carecli.domain.clock import Clock
from carecli.domain.desk_settings import DeskSettings
from carecli.domain.events import Kind, Recorded
from carecli.domain.opening import Form
from carecli.domain.outbox import Mail
from carecli.domain.people import CalendarSpec
from carecli.domain.tick_report import TickReport
from carecli.domain.verify import Difference
from carecli.domain.views import CaseView
from carecli.domain.vocabulary import Access, Metric, Plan, Priority, Role, Via
from carecli.store.sqlite.store import SqliteStore

START: Final = "2026-02-27 09:00"
ADA, MIA, SAM, BEN, RITA = (f"{name}@desk.example" for name in ("ada", "mia", "sam", "ben", "rita"))
DANA, OMAR, ROSA, BOB = (f"{name}@abc.example" for name in ("dana", "omar", "rosa", "bob"))
LENA: Final = "lena@harbor.example"
ABC, HARBOR = "ABC Testing Co", "Harbor Clinic"
TEXT: Final = "Since this morning every third call to the queue drops after ten seconds."
HOURS: Final = CalendarSpec("UTC", "Mon-Fri 09:00-17:00", "")
FORM: Final = Form(
    deployment="West",
    service="Voice",
    stage="production",
    priority=Priority.HIGH,
    subject="Calls drop",
    description=TEXT,
    impact="Agents lose a third of their callers.",
)


@dataclass
class Office:
    """A desk's database with everybody in it; `by(who, when)` is the desk as that person at that moment."""

    config: Config
    store: SqliteStore
    """Its record, of whichever engine: some tests look into SQLite's."""

    def by(self, who: str, at: str | datetime) -> Desk:
        """The desk as somebody sees it at `Mon 09:00` (of the week of 2 March 2026, UTC) or an instant."""
        moment = when(at) if isinstance(at, str) else at
        with self.store.read() as record:
            settings = record.settings() or DeskSettings()
            return Desk(self.store, identified(record, who), moment, "UTC", self.config, settings, Rulebook())

    def open(self, at: str | datetime, who: str = DANA, *, via: Via | None = None, **form: Any) -> int:
        """Open a case as a contact would; the answer is its number."""
        return intake.open_case(self.by(who, at), FORM._replace(**form), via=via).view.case.number

    def tick(self, at: str | datetime, **how: Any) -> TickReport:
        """Let time act, as cron does."""
        return ticking.tick(self.by("system", at), **how)

    def setting(self, at: str, *, hours: CalendarSpec | None = None, policy: str | None = None) -> None:
        """Run `care init` again with other hours or another policy."""
        given = setup.Setup(ADA, None, None, hours or CalendarSpec(), policy)
        setup.init(self.config, given, now=lambda _: when(at))

    def delivering_to(self, maildir: Path) -> "Office":
        """The same office with another maildir."""
        return Office(self.config._replace(maildir_set=str(maildir)), self.store)

    def case(self, number: int) -> Case:
        """A case as it is stored."""
        with self.store.read() as record:
            case = record.case(number)
        assert case is not None
        return case

    def clock(self, number: int, metric: Metric) -> Clock:
        """The latest clock of a metric."""
        return [clock for clock in self.case(number).clocks if clock.metric is metric][-1]

    def history(self, number: int) -> list[Recorded]:
        """The events of a case."""
        with self.store.read() as record:
            return record.history(number)

    def kinds(self, number: int, *kinds: Kind) -> list[str]:
        """The events of some kinds in a few words, such as `2026-03-04 09:00 follow-up-sent`."""
        entries = [entry.event for entry in self.history(number)]
        return [f"{e.at:%Y-%m-%d %H:%M} {e.kind}" for e in entries if not kinds or e.kind in kinds]

    def mails(self, number: int) -> list[Mail]:
        """The mails of a case in the outbox."""
        with self.store.read() as record:
            return record.mail_of(number)

    def delivered(self) -> list[EmailMessage]:
        """What lies in the maildir, as a mail program reads it."""
        new = Path(self.config.maildir) / "new"
        # The Q part of a name counts this process's deliveries; the time before it has no fixed width.
        found = (
            sorted(new.iterdir(), key=lambda p: int(p.name.partition("Q")[2].partition(".")[0]))
            if new.is_dir()
            else []
        )
        return [BytesParser(_class=EmailMessage, policy=modern).parsebytes(p.read_bytes()) for p in found]

    def differences(self) -> list[Difference]:
        """What `care verify` finds."""
        desk = self.by(ADA, START)
        with desk.reading() as record:
            return list(differences(record, desk.rulebook))

    def dump(self) -> list[str]:
        """The whole content of the database."""
        if engine.ON_SERVER:
            return engine.dump(self.config.db)
        db = sqlite3.connect(self.config.db)
        try:
            return list(db.iterdump())
        finally:
            db.close()

    def log(self) -> list[tuple[Any, ...]]:
        """What happened to every case, without the places in the desk's log, in the order recorded."""
        with self.store.read() as record:
            return [
                (e.number, e.event.at, e.event.actor, e.event.kind, dict(e.event.data))
                for e in record.events()
                if e.number is not None
            ]


def found(folder: Path) -> Config:
    """Set up the desk with its people, once; tests copy the file or the database."""
    return peopled(Config(db=engine.new(folder, "template.db"), mail_from="care@desk.example"))


def peopled(config: Config) -> Config:
    """Set up a desk with its people, wherever it lies."""
    setup.init(config, setup.Setup(ADA, "Ada Park", "Test desk", HOURS), now=lambda _: when(START))
    office = Office(config, engine.open_store(config.db))
    ada = office.by(ADA, START)
    for email, role, group in (
        (MIA, Role.MANAGER, "Voice"),
        (SAM, Role.AGENT, "Voice"),
        (BEN, Role.AGENT, "Voice"),
        (RITA, Role.AGENT, "Reporting"),
    ):
        directory.add_staff(ada, email, role=role, group=group)
    for name, plan in ((ABC, Plan.BUSINESS_CARE), (HARBOR, Plan.CARE)):
        directory.add_account(
            ada, name, plan=plan, deployments=["West"], services=["Voice", "Wallboard=Reporting"]
        )
    for email, access, account in (
        (DANA, Access.READ_WRITE, ABC),
        (OMAR, Access.READ_WRITE, ABC),
        (ROSA, Access.READ_ONLY, ABC),
        (BOB, Access.BASIC, ABC),
        (LENA, Access.READ_WRITE, HARBOR),
    ):
        directory.add_contact(ada, email, account=account, access_level=access, trained=True)
    office.store.close()
    return config


def copied(template: Config, folder: Path) -> Office:
    """A desk of its own, from the template's file or database."""
    place = engine.copied(template.db, folder)
    return Office(template._replace(db=place, maildir_set=str(folder / "mail")), engine.open_store(place))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The desk that every test starts from."""
    return found(tmp_path_factory.mktemp("template"))


@pytest.fixture
def office(template: Config, tmp_path: Path) -> Iterator[Office]:
    """A desk in a file or database of its own."""
    fresh = copied(template, tmp_path)
    yield fresh
    fresh.store.close()
    engine.forget(fresh.config.db)


def plain(message: EmailMessage) -> str:
    """The plain text of a mail, as a person reads it."""
    part = message.get_body(("plain",))
    assert part is not None, "every mail has a part of plain text"
    text: str = part.get_content()
    return text


Act = Callable[[Desk, int], CaseView]


def say(text: str) -> Act:
    """An update."""
    return lambda desk, number: cases.update(desk, number, text)


def note(text: str) -> Act:
    """An internal note."""
    return lambda desk, number: cases.update(desk, number, text, internal=True)


def ask(desk: Desk, number: int) -> CaseView:
    """A question to the customer."""
    return cases.ask(desk, number, "Please send the trace.")


def propose(desk: Desk, number: int) -> CaseView:
    """A proposed solution."""
    return cases.propose(desk, number, "Use the other trunk.")


def yes(_: object) -> bool:
    """Whatever is asked, it is confirmed."""
    return True


def numbers(desk: Desk, **how: Any) -> list[int]:
    """The cases of a list, by number."""
    return [view.case.number for view in reading.list_cases(desk, **how).views]
