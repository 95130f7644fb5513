"""Makes desks of any size as the program itself would have written them, from a seed.

Run with: python benchmarks/desks.py --cases 20000 --due 10000 [--into FOLDER]

It prints the database's path; a desk that is there already is kept. At `NOWS[n]` so many of its timers are due.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

import patterns
from filling import Draft, Writer, bulk
from histories import Patterns
from patterns import Fate, Pattern, Terms
from prints import KEY, MARKS, folded_stand_in, marks
from words import RARE, RARE_CASES, Words

from carecli.config import Config
from carecli.desk import calendars, setup
from carecli.desk.catalogue import with_products
from carecli.desk.desk import Desk, open_desk
from carecli.desk.directory import keep_staff
from carecli.domain import policy
from carecli.domain.business_time import business_time
from carecli.domain.calendar import Calendar
from carecli.domain.events import Kind
from carecli.domain.numbers import written
from carecli.domain.people import Account, CalendarSpec, Contact, Staff
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import Access, Plan, Role
from carecli.mail.outgoing.office import Office
from carecli.store import codec

ADMIN: Final = "ada@desk.example"
FOUNDED: Final = patterns.LAST_TICK - timedelta(days=90)
NOWS: Final = {
    count: patterns.LAST_TICK + n * patterns.HOUR for n, count in enumerate((0, 1_000, 10_000, 100_000))
}
"""At which moment how many timers are due, on a desk that was made with at least so many."""

CLOSED_SHARE: Final = 0.1
"""Closed cases, as a share of the open ones."""

SPECS: Final = (
    CalendarSpec(),
    CalendarSpec("America/New_York", "Mon-Fri 09:00-17:00", "US"),
    CalendarSpec("America/Los_Angeles", "Mon-Fri 07:00-16:00", "US-CA"),
    CalendarSpec("Europe/Berlin", "Mon-Fri 08:00-17:00", "DE"),
    CalendarSpec("Europe/London", "Mon-Fri 09:00-12:30 13:15-17:30", "GB"),
    CalendarSpec("Asia/Tokyo", "Mon-Fri 09:00-18:00", "JP"),
)
GROUPS: Final = ("Voice", "Digital", "Routing", "Reporting", "Platform")
MIX: Final = {Fate.REMINDS: 0.4, Fate.CLOSES: 0.15, Fate.WARNS: 0.25, Fate.BREACHES: 0.2}
"""The due timers by what they bring."""

BREACHED: Final = 20
"""So many clocks stand breached at every size, as a tick tells of each."""

FOLDED: Final = (patterns.ACCOUNT, patterns.CONTACT, patterns.OWNER, patterns.DEPLOYMENT, patterns.SUBJECT)


class Home(NamedTuple):
    """An account with the contacts who open its cases, and the hash of its calendar."""

    account: Account
    contacts: tuple[str, ...]
    calendar: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="open cases")
    parser.add_argument("--due", type=int, default=0, help="timers that fall due in the hours after the last tick")
    parser.add_argument("--into", type=Path, default=cache(), help="the folder that keeps the desks")
    given = parser.parse_args()
    start = time.monotonic()
    path = desk(given.cases, given.due, given.into)
    print(f"{path}  ({path.stat().st_size / 1e6:,.0f} MB, {time.monotonic() - start:,.0f} s)")
    print("  ".join(f"{due:,} due: --now {at:%Y-%m-%dT%H:%M:%SZ}" for due, at in NOWS.items() if due <= given.due))


def cache() -> Path:
    """Where desks are kept when nobody says otherwise."""
    return Path(os.environ.get("CARE_BENCH_DIR") or Path(tempfile.gettempdir()) / "care-bench")


def desk(cases: int, due: int = 0, into: Path | None = None, *, seed: int = 1) -> Path:
    """The database of a desk of so many open cases, made unless it is there."""
    folder = into or cache()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"desk-{cases}-{due}-{seed}.db"
    if not path.exists():
        rough = folder / f"{path.name}.{os.getpid()}"
        try:
            build(rough, cases, due, Random(seed))
            rough.rename(path)
        finally:
            for left in folder.glob(f"{rough.name}*"):
                left.unlink()
    return path


def build(path: Path, cases: int, due: int, random: Random) -> None:
    """Write a desk into a new file."""
    # Apart, so that desks of all sizes draw the same patterns.
    histories = Random(random.random())
    homes, owners, terms, office = _founded(path, cases, random)
    drawn = Patterns(histories, terms, list(GROUPS))
    chosen = _chosen(drawn, cases, due, random)
    with bulk(path) as db:
        db.execute("UPDATE secrets SET value = ? WHERE name = 'reference'", (KEY,))
        Writer(db, office).write(_drafts(chosen, homes, owners, random))


def _founded(
    path: Path, cases: int, random: Random
) -> tuple[dict[tuple[str, Plan], list[Home]], dict[str, list[str]], list[Terms], Office]:
    """Set the desk up with its people, by the program's own use cases or what they are made of."""
    config = Config(db=str(path), mail_from="care@desk.example")
    given = setup.Setup(ADMIN, "Ada Park", "Bench desk", CalendarSpec("UTC", "Mon-Fri 09:00-17:00", ""))
    setup.init(config, given, now=lambda _: FOUNDED)
    with open_desk(config, actor=ADMIN, now=lambda _: FOUNDED) as desk_:
        owners = _staff(desk_, max(10, cases // 2_000))
        homes, terms = _accounts(desk_, max(12, cases // 1_000), random)
        office = _office(desk_)
    by_kind: dict[tuple[str, Plan], list[Home]] = {}
    for home in homes:
        by_kind.setdefault((home.calendar, home.account.plan), []).append(home)
    return by_kind, owners, terms, office


def _staff(desk_: Desk, count: int) -> dict[str, list[str]]:
    owners: dict[str, list[str]] = {group: [] for group in GROUPS}
    with desk_.record() as record:
        for place in range(count):
            group = GROUPS[place % len(GROUPS)]
            email = f"agent{place:04}@desk.example"
            keep_staff(record, Staff(email, f"Agent {place:04}", Role.AGENT, group), Kind.STAFF_ADDED)
            owners[group].append(email)
    return owners


def _accounts(desk_: Desk, count: int, random: Random) -> tuple[list[Home], list[Terms]]:
    digest = desk_.settings.policy or ""
    homes, terms = [], {}
    with desk_.record() as record:
        promises = policy.from_document(record.writing.document(digest))
        # Each kind of account at least once, then by chance.
        kinds = [(spec, plan) for spec in SPECS for plan in Plan]
        kinds += [(random.choice(SPECS), random.choice(list(Plan))) for _ in range(count - len(kinds))]
        products = with_products((), ["West", "East"], list(GROUPS), ["Voice=Queue", "Voice=Recording"])
        for place, (spec, plan) in enumerate(kinds):
            account = Account(f"Account {place:05}", plan, spec, products)
            record.writing.put_account(account)
            record.desk_event(Kind.ACCOUNT_ADDED, account.document())
            calendar = calendars.pinned(record, spec.over(desk_.settings.calendar), patterns.LAST_TICK)
            known = Calendar.from_document(record.writing.document(calendar))
            rules = Rules(promises, business_time(known))
            terms[calendar, plan] = Terms(plan, rules, digest, calendar, known.zone)
            contacts = tuple(f"contact{n}@account{place:05}.example" for n in range(3))
            for email in contacts:
                contact = Contact(email, email.partition("@")[0], account.name, Access.READ_WRITE, trained=True)
                record.writing.put_contact(contact)
                record.desk_event(Kind.CONTACT_ADDED, contact.document())
            homes.append(Home(account, contacts, calendar))
    return homes, list(terms.values())


def _office(desk_: Desk) -> Office:
    """How the desk's notices speak; each account's zone is filled in with its case."""
    with desk_.reading() as reading:
        known = desk_.rulebook.policy(reading, desk_.settings.policy or "")
    phone, stages = known.phone["number"], len(known.stages)
    return Office(desk_.config.mail_from, "UTC", phone, stages)


def _chosen(drawn: Patterns, cases: int, due: int, random: Random) -> list[Pattern]:
    """A pattern for each case, in the order in which the cases are opened."""
    breached = min(BREACHED, cases // 10)
    chosen = [*drawn.breached(breached), *_due(drawn, due, random)]
    quiet = drawn.quiet(min(cases, 20_000))
    closed = int(cases * CLOSED_SHARE)
    chosen += _shared(quiet, cases - len(chosen), random)
    chosen += _shared(drawn.closed(min(closed, 2_000)), closed, random)
    random.shuffle(chosen)
    return sorted(chosen, key=lambda pattern: pattern.case.opened_at)


def _due(drawn: Patterns, due: int, random: Random) -> Iterator[Pattern]:
    """Patterns whose timers are due at the moments of `NOWS`, exactly so many."""
    before = 0
    for window, count in enumerate(list(NOWS)[1:]):
        wanted = min(due, count) - before
        before += wanted
        cases = {fate: int(wanted * share) // patterns.TIMERS[fate] for fate, share in MIX.items()}
        cases[Fate.WARNS] += wanted - sum(patterns.TIMERS[fate] * n for fate, n in cases.items())
        for fate, n in cases.items():
            yield from _shared(drawn.due(min(n, 400), fate, window), n, random)


def _shared(known: Sequence[Pattern], count: int, random: Random) -> list[Pattern]:
    """Each pattern once, then as often as chance has it, `count` in all."""
    return (
        [*known[:count], *random.choices(known, k=count - len(known))] if count > len(known) else [*known[:count]]
    )


def _drafts(
    chosen: Sequence[Pattern],
    homes: dict[tuple[str, Plan], list[Home]],
    owners: dict[str, list[str]],
    random: Random,
) -> Iterator[Draft]:
    words = Words(random)
    rare = set(random.sample(range(1, len(chosen) + 1), min(RARE_CASES, len(chosen))))
    for number, pattern in enumerate(chosen, 1):
        home = random.choice(homes[pattern.terms.calendar, pattern.terms.plan])
        names = {
            str(patterns.NUMBER): str(number),
            written(patterns.NUMBER): written(number),
            patterns.ACCOUNT: home.account.name,
            patterns.CONTACT: random.choice(home.contacts),
            patterns.OWNER: random.choice(owners[pattern.group]),
            patterns.DEPLOYMENT: random.choice(("West", "East")),
            patterns.SUBJECT: words.text(3, 8)[:100],
            patterns.DESCRIPTION: words.text(12, 40) + (f" {RARE}" if number in rare else ""),
            patterns.IMPACT: words.text(4, 12),
        }
        names |= dict(zip(MARKS, marks(number), strict=True))
        names |= {folded_stand_in(name): codec.folded(names[name]) for name in FOLDED}
        names |= {patterns.text_stand_in(place): words.text(5, 25) for place in range(pattern.texts)}
        yield Draft(number, pattern, names)


if __name__ == "__main__":
    main()
