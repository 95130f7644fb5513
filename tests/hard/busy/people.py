"""The fifty who act at a busy desk, its rules, and the cases that have long waited for customers."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from desk_fixtures import Office, ask, propose
from hard.busy.clock import DAWN

from carecli.config import Config
from carecli.desk import directory, setup
from carecli.desk.knowledge import writing
from carecli.domain.knowledge import Draft
from carecli.domain.opening import Form
from carecli.domain.people import CalendarSpec
from carecli.domain.vocabulary import Access, Plan, Priority, Role
from carecli.store.sqlite.store import open_store

ADMINS: Final = ("ada@desk.example", "abe@desk.example")
MANAGERS: Final = ("mia@desk.example", "max@desk.example", "moe@desk.example")
GROUPS: Final = ("Voice", "Digital", "Reporting")
AGENTS: Final = tuple(f"agent{place}@desk.example" for place in range(14))
FOUNDED: Final = DAWN - timedelta(days=20)
POLICY: Final = """name = "busy"
[mail]
trusted_servers = ["mx.desk.example"]
[phone]
number = "+1 555 010 0199"
[product_groups]
names = ["Voice", "Digital", "Reporting"]
[targets.care.high]
response = "20m"
restoration = "3h"
resolution = "15bd"
"""
"""Some targets are short: of every kind clocks warn and breach within the day."""
SERVICES: Final = ("Voice", "Chat=Digital", "Wallboard=Reporting")
NAMES: Final = ("Voice", "Chat", "Wallboard")


class Customer(NamedTuple):
    """An account with the domain of its contacts."""

    name: str
    domain: str
    plan: Plan
    hours: CalendarSpec
    ladder: tuple[int, int, int]
    """How many days before the day a request was made whose first, second, last stage falls on it (FU-1)."""
    parent: str | None = None

    def people(self) -> tuple[str, ...]:
        """Its contacts: four who act on cases, one who reads them, one who may not."""
        return tuple(f"c{place}@{self.domain}" for place in range(6))


_ALWAYS: Final = CalendarSpec("UTC", "Mon-Sun 00:00-24:00", "")
CUSTOMERS: Final = (
    Customer(
        "Fern Trams",
        "fern.example",
        Plan.BUSINESS_CARE,
        CalendarSpec("America/New_York", "Mon-Fri 08:00-18:00", "US"),
        (2, 7, 14),
    ),
    Customer(
        "Quay Clinic",
        "quay.example",
        Plan.CARE,
        CalendarSpec("Europe/London", "Mon-Sat 07:30-20:00", "GB"),
        (2, 6, 12),
    ),
    Customer(
        "Tide Bank",
        "tide.example",
        Plan.BUSINESS_CARE,
        CalendarSpec("Asia/Tokyo", "Mon-Fri 09:00-18:00", ""),
        (2, 7, 14),
    ),
    Customer("Elm Resale", "elm.example", Plan.BUSINESS_CARE, _ALWAYS, (2, 5, 10)),
    Customer("Moss Retail", "moss.example", Plan.CARE, _ALWAYS, (2, 5, 10), "Elm Resale"),
)
LEVELS: Final = (*[Access.READ_WRITE] * 4, Access.READ_ONLY, Access.BASIC)
BY_ACCOUNT: Final = {customer.name: customer for customer in CUSTOMERS}
ACTORS: Final = len(ADMINS) + len(MANAGERS) + len(AGENTS) + 6 * len(CUSTOMERS) + 1
"""With the system itself."""


def found(folder: Path, waiting: int, seed: int) -> Config:
    """Set up the desk with everybody and so many cases that wait, as it stands at midnight."""
    rules = folder / "busy.toml"
    rules.write_text(POLICY)
    config = Config(db=str(folder / "desk.db"), mail_from="care@desk.example", maildir_set=str(folder / "mail"))
    given = setup.Setup(
        ADMINS[0], "Ada Park", "Busy desk", CalendarSpec("UTC", "Mon-Fri 08:00-18:00", ""), str(rules)
    )
    setup.init(config, given, now=lambda _: FOUNDED)
    office = Office(config, open_store(config.db))
    # Nobody pulls the plug before the day has begun.
    office.store.db.execute("PRAGMA synchronous = OFF")
    _hire(office)
    _sell(office)
    _articles(office)
    _wait(office, waiting, Random(seed))
    office.store.close()
    return config


def _hire(office: Office) -> None:
    ada = office.by(ADMINS[0], FOUNDED)
    directory.add_staff(ada, ADMINS[1], role=Role.ADMIN, group=GROUPS[0])
    for place, email in enumerate(MANAGERS):
        directory.add_staff(ada, email, role=Role.MANAGER, group=GROUPS[place % 3])
    for place, email in enumerate(AGENTS):
        directory.add_staff(ada, email, role=Role.AGENT, group=GROUPS[place % 3])


def _sell(office: Office) -> None:
    ada = office.by(ADMINS[0], FOUNDED)
    for customer in CUSTOMERS:
        directory.add_account(
            ada,
            customer.name,
            plan=customer.plan,
            calendar=customer.hours,
            deployments=["West", "East"],
            services=SERVICES,
            success_manager=MANAGERS[0],
            parent=customer.parent,
        )
        for email, level in zip(customer.people(), LEVELS, strict=True):
            directory.add_contact(ada, email, account=customer.name, access_level=level, trained=True)


def _articles(office: Office) -> None:
    agent = office.by(AGENTS[0], FOUNDED)
    for place in range(20):
        body = f"When calls drop on trunk {place}, reload the gateway and watch the queue for ten minutes."
        writing.add(agent, Draft(f"Calls drop on trunk {place}", body, services=("Voice",)), publish=True)


def form(draw: Random, subject: str, description: str, **more: object) -> Form:
    """What a contact tells of a problem."""
    filled = Form(
        deployment=draw.choice(("West", "East")),
        service=draw.choice(NAMES),
        stage="production",
        priority=draw.choice((Priority.HIGH, Priority.MEDIUM, Priority.MEDIUM, Priority.LOW)),
        subject=subject,
        description=description,
        impact="A third of the callers is lost.",
    )
    return filled._replace(**more)  # type: ignore[arg-type]


def _wait(office: Office, waiting: int, draw: Random) -> None:
    """Cases asked about in the days before, at every hour; time acts on them thrice a day until midnight."""
    asked = sorted(_requests(waiting, draw), reverse=True)
    moment, until = FOUNDED, DAWN - timedelta(minutes=5)
    while moment < until:
        moment = min(moment + timedelta(hours=8), until)
        while asked and asked[-1][0] < moment:
            _asked(office, *asked.pop(), draw)
        office.tick(moment)


def _requests(waiting: int, draw: Random) -> Iterator[tuple[datetime, int]]:
    for _ in range(waiting):
        place = draw.randrange(len(CUSTOMERS))
        days = draw.choice((*CUSTOMERS[place].ladder, CUSTOMERS[place].ladder[-1], draw.randrange(1, 12)))
        yield DAWN - timedelta(days=days) + timedelta(seconds=draw.randrange(85_000)), place


def _asked(office: Office, at: datetime, place: int, draw: Random) -> None:
    number = office.open(
        at - timedelta(minutes=9),
        draw.choice(CUSTOMERS[place].people()[:4]),
        **form(
            draw, "Calls drop on a trunk", "Since last week every fourth call drops after some seconds."
        )._asdict(),
    )
    draw.choice((ask, propose))(office.by(draw.choice(AGENTS), at), number)
