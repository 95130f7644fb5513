# ruff: noqa: E501 - a screen of 120 columns is as wide as it is
"""Advisories and announcements as whole screens at 80 and 120 columns, and in a pipe."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from render import pages

from carecli.domain.access import contact_actor
from carecli.domain.advisory import Advisory, AdvisoryKind, AdvisoryStatus, Announced, Draft
from carecli.domain.home import Announcements, Home
from carecli.domain.people import Contact
from carecli.domain.subscription import Frequency, Subscribed, Subscription
from carecli.domain.tick_report import SentDigest
from carecli.domain.vocabulary import Access, Status
from carecli.render import advisory, delimited, terminal, tick_document
from carecli.render.home import home_page
from carecli.render.screen import Screen
from carecli.render.sheet import Section
from carecli.render.tick import tick_page

ZONE = "America/New_York"
NOW = datetime(2026, 3, 2, 22, tzinfo=UTC)
DANA = contact_actor(Contact("dana@abc.example", "Dana", "ABC Testing Co", Access.READ_WRITE))
DROPS = Draft(
    "[bold]Calls\x1b[31m drop when an agent transfers them to another queue",
    "Since this morning one call in five drops.\n\nWe look into it.",
    "Call back by hand.",
    services=("Voice", "Routing"),
)
RESTART = Draft(
    "Voice is restarted",
    "Calls end.",
    kind=AdvisoryKind.MAINTENANCE,
    services=("Voice",),
    accounts=("ABC Testing Co",),
    starts_at=NOW + timedelta(hours=5),
    ends_at=NOW + timedelta(hours=7),
)


def made(id_: int, text: Draft, status: AdvisoryStatus = AdvisoryStatus.PUBLISHED, **more: object) -> Advisory:
    """An advisory, published an hour ago."""
    at = NOW - timedelta(hours=1)
    published = {"published": text, "published_version": 1, "published_at": at, "place": id_}
    values = published if status is not AdvisoryStatus.DRAFT else {}
    return Advisory(id_, 1, status, text, "sam@desk.example", "sam@desk.example", at, at, **{**values, **more})  # type: ignore[arg-type]


FOUND = (
    Announced(made(7, RESTART), unread=True),
    Announced(made(1, DROPS), unread=False),
    Announced(
        made(2, Draft("A new release", "Soon.", kind=AdvisoryKind.NEWS), AdvisoryStatus.DRAFT), unread=False
    ),
    Announced(made(3, DROPS, AdvisoryStatus.WITHDRAWN, withdrawn_at=NOW, reason="Mended."), unread=False),
)


def on_terminal(sections: Sequence[Section], width: int) -> str:
    """A page at a terminal."""
    out = io.StringIO()
    terminal.write(sections, out, Screen(terminal=True, color=False, width=width))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def in_a_pipe(sections: Sequence[Section]) -> str:
    """A page in a pipe."""
    out = io.StringIO()
    delimited.write_plain(sections, out)
    return out.getvalue()


def home_sections() -> list[Section]:
    """A home page that announces two of six."""
    announced = Announcements(FOUND[:2], 1, 6)
    return home_page(Home(NOW, "Test desk", DANA, {Status.OPEN: 1}, "care list", announcements=announced), ZONE)


def listed() -> list[Section]:
    """A list."""
    return [advisory.advisory_sheet(FOUND, 9, NOW, ZONE)]


def one() -> list[Section]:
    """An advisory as it is read."""
    return advisory.page(FOUND[3], NOW, ZONE)


def subscribed() -> list[Section]:
    """Subscriptions."""
    since = NOW - timedelta(days=3)
    ways = ((None, Frequency.WEEKLY, NOW), ("Voice", Frequency.AT_ONCE, None), ("Chat", Frequency.DAILY, None))
    rows = [Subscribed("dana@abc.example", Subscription(s, often, since), ZONE, at) for s, often, at in ways]
    return [advisory.subscription_sheet(rows, ZONE)]


HOME_80 = """\
Test desk: dana@abc.example, ABC Testing Co  2026-03-02 17:00 EST
  Open 1 (care list)
  nothing waits for you

Announcements: 1 unread  times in America/New_York
Id       Title                             Kind         When              Read
────────────────────────────────────────────────────────────────────────────────
SA-0007  Voice is restarted                Maintenance  2026-03-02 22:00  unread
SA-0001  [bold]Calls drop when an agent …  Advisory                       read
care advisory read ID · 2 of 6; all: care advisory list"""

HOME_120 = """\
Test desk: dana@abc.example, ABC Testing Co  2026-03-02 17:00 EST
  Open 1 (care list)
  nothing waits for you

Announcements: 1 unread  times in America/New_York
Id       Title                                   Kind         Services        When              Read    Published
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
SA-0007  Voice is restarted                      Maintenance  Voice           2026-03-02 22:00  unread  2026-03-02 16:00
SA-0001  [bold]Calls drop when an agent transf…  Advisory     Voice, Routing                    read    2026-03-02 16:00
care advisory read ID · 2 of 6; all: care advisory list"""

LIST_80 = """\
Advisories  times in America/New_York
Id       Title                  Kind         Status     Read    Published
────────────────────────────────────────────────────────────────────────────────
SA-0007  Voice is restarted     Maintenance  Published  unread  2026-03-02 16:00
SA-0001  [bold]Calls drop whe…  Advisory     Published  read    2026-03-02 16:00
SA-0002  A new release          News         Draft
SA-0003  [bold]Calls drop whe…  Advisory     Withdrawn          2026-03-02 16:00
9 advisories, the first 4 of them"""

LIST_120 = """\
Advisories  times in America/New_York
Id       Title                        Kind         Status     Read    Services        Until             Published
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
SA-0007  Voice is restarted           Maintenance  Published  unread  Voice           2026-03-03 00:00  2026-03-02 16:00
SA-0001  [bold]Calls drop when an a…  Advisory     Published  read    Voice, Routing                    2026-03-02 16:00
SA-0002  A new release                News         Draft
SA-0003  [bold]Calls drop when an a…  Advisory     Withdrawn          Voice, Routing                    2026-03-02 16:00
9 advisories, the first 4 of them"""

ONE_80 = """\
SA-0003  [bold]Calls drop when an agent transfers them to another queue  times
in America/New_York
Kind       Advisory
Status     Withdrawn
Services   Voice, Routing
Published  2026-03-02 16:00
Withdrawn  2026-03-02 17:00

What it is about
  Since this morning one call in five drops.

  We look into it.

Recommended solution
  Call back by hand.

Why it was withdrawn
  Mended."""

SUBSCRIBED_80 = """\
Subscriptions  times in America/New_York
Service  How often  Next digest       Zone              Since
────────────────────────────────────────────────────────────────────────
all      Weekly     2026-03-02 17:00  America/New_York  2026-02-27 17:00
Voice    At Once                      America/New_York  2026-02-27 17:00
Chat     Daily      nothing new       America/New_York  2026-02-27 17:00"""

DIGESTS_80 = """\
Digests: 2  times in America/New_York
To                Due               Advisories
────────────────────────────────────────────────────
dana@abc.example  2026-03-02 17:00  SA-0001, SA-0012
gone@abc.example  2026-03-02 17:00  nothing any more"""

HOME_PIPE = """\
# Test desk: dana@abc.example, ABC Testing Co  2026-03-02 17:00 EST
Open 1 (care list)
nothing waits for you

# Announcements: 1 unread
id | title | kind | services | starts_at | unread | published_at
SA-0007 | Voice is restarted | maintenance | Voice | 2026-03-03T03:00:00Z | unread | 2026-03-02T21:00:00Z
SA-0001 | [bold]Calls drop when an agent transfers them to another queue | advisory | Voice, Routing |  | read | 2026-03-02T21:00:00Z
"""


def test_announcements_on_a_home_page() -> None:
    """ADV-1: unread first, with what reads one; services and dates go first where the width is short."""
    assert on_terminal(home_sections(), 80) == HOME_80
    assert on_terminal(home_sections(), 120) == HOME_120


def test_announcements_in_a_pipe() -> None:
    """CLI: in a pipe instants are UTC, nothing is cut off, and words command no terminal."""
    assert in_a_pipe(home_sections()).replace("\t", " | ") == HOME_PIPE


def test_a_list_of_advisories() -> None:
    """ADV-1: where each stands, and what its reader has not read; of what is not open nothing is said of that."""
    assert on_terminal(listed(), 80) == LIST_80
    assert on_terminal(listed(), 120) == LIST_120


def test_an_advisory_as_it_is_read() -> None:
    """ADV-1: what is told of it, its text, what is recommended, and why it holds no longer."""
    assert on_terminal(one(), 80) == ONE_80


def test_subscriptions() -> None:
    """ADV-1: of which service, how often, and when the next digest comes, or that nothing is new."""
    assert on_terminal(subscribed(), 80) == SUBSCRIBED_80


def test_digests_that_a_tick_sent() -> None:
    """TICK-2: to whom, due when, of which advisories; whoever acts here no more was sent none."""
    report = pages.report()._replace(
        breaches=(),
        warnings=(),
        followups=(),
        closed=(),
        held=(),
        escalations=(),
        deadlines=(),
        digests=(SentDigest("dana@abc.example", NOW, (1, 12)), SentDigest("gone@abc.example", NOW, ())),
    )
    shown = on_terminal(tick_page(report, ZONE), 80)
    assert shown.startswith(DIGESTS_80)
    told = tick_document.tick(report)["digests"][0]
    assert told == {
        "person": "dana@abc.example",
        "due_at": "2026-03-02T22:00:00Z",
        "advisories": ["SA-0001", "SA-0012"],
    }


def test_where_an_advisory_stands() -> None:
    """ADV-1: what is over or has a newer text says so."""
    over = made(1, RESTART._replace(ends_at=NOW))
    assert advisory.standing(over, NOW) == "Over"
    assert advisory.standing(made(1, DROPS)._replace(version=2), NOW) == "Published, changed"
