"""Advisories as their events add up to them, and whom they are for (ADV-1)."""

from datetime import UTC, datetime

import pytest

from carecli.domain import advisory
from carecli.domain.advisory import Advisory, AdvisoryKind, AdvisoryStatus, Draft
from carecli.domain.events import Event, Kind
from carecli.domain.people import Account, Deployment, Service
from carecli.domain.vocabulary import Plan, Via, Visibility

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 9, tzinfo=UTC)
DRAFT = Draft("Calls drop", "One in five.", "Restart.", AdvisoryKind.MAINTENANCE, ("Voice",), ("ABC",), AT, LATER)


def told(kind: Kind, **data: object) -> Event:
    """An event of advisory 1."""
    return Event(AT, "sam@desk.example", Via.DESK, kind, Visibility.INTERNAL, {"id": 1, **data})


def wrote(version: int = 1, draft: Draft = DRAFT) -> Event:
    """A text of advisory 1."""
    return told(Kind.ADVISORY_WRITTEN, version=version, text=draft.document())


def after(*events: Event) -> Advisory:
    """The advisory that events lead to."""
    one: Advisory | None = None
    for event in events:
        one = advisory.after(one, event)
    assert one is not None
    return one


def test_a_text_comes_back_the_same() -> None:
    """ADV-1: what a draft says survives the log."""
    assert advisory.from_document(DRAFT.document()) == DRAFT
    assert advisory.from_document(Draft("a", "b").document()) == Draft("a", "b")


def test_from_draft_to_withdrawn() -> None:
    """STAT-4: an advisory is what its events add up to; a newer text waits until it is published."""
    one = after(wrote())
    assert (one.status, one.published, one.label) == (AdvisoryStatus.DRAFT, None, "SA-0001")
    publish = told(Kind.ADVISORY_PUBLISHED, version=1, place=4)
    newer = DRAFT._replace(title="Calls drop again")
    one = after(wrote(), publish, wrote(2, newer))
    assert (one.status, one.published, one.text, one.place) == (AdvisoryStatus.PUBLISHED, DRAFT, newer, 4)
    one = after(wrote(), publish, told(Kind.ADVISORY_WITHDRAWN, reason="Mended."))
    assert (one.status, one.reason, one.withdrawn_at) == (AdvisoryStatus.WITHDRAWN, "Mended.", AT)


@pytest.mark.parametrize(
    "events",
    [
        (told(Kind.ADVISORY_PUBLISHED, version=1, place=1),),
        (wrote(2),),
        (wrote(), wrote(3)),
        (wrote(), told(Kind.ADVISORY_PUBLISHED, version=2, place=1)),
    ],
)
def test_damage_is_told(events: tuple[Event, ...]) -> None:
    """AUD-1: events that cannot follow each other raise, for verify to tell."""
    with pytest.raises((LookupError, ValueError)):
        after(*events)


def test_what_is_open() -> None:
    """ADV-1: an advisory is open from its publication until it ends, to the second, or is withdrawn."""
    one = after(wrote(), told(Kind.ADVISORY_PUBLISHED, version=1, place=1))
    assert one.open_at(AT)
    assert not one.open_at(LATER)
    assert not after(wrote()).open_at(AT)
    assert not one._replace(status=AdvisoryStatus.WITHDRAWN).open_at(AT)


@pytest.mark.parametrize(
    ("written", "id_"),
    [("SA-0001", 1), ("sa-12", 12), ("7", 7), ("#3", 3), ("kb-1", None), ("SA-", None), ("x", None), ("٣", None)],
)
def test_how_ids_are_written(written: str, id_: int | None) -> None:
    """ADV-1: SA-0001, sa-1 and 1 are one advisory."""
    assert advisory.numbered(written) == id_


def account(name: str, *services: str, active: bool = True) -> Account:
    """An account with services."""
    return Account(
        name, Plan.CARE, deployments=(Deployment("West", tuple(Service(s, s) for s in services)),), active=active
    )


@pytest.mark.parametrize(
    ("who", "text", "reached"),
    [
        (account("ABC", "Voice"), DRAFT, True),
        (account("abc", "VOICE"), DRAFT, True),
        (account("ABC", "Chat"), DRAFT, False),
        (account("Harbor", "Voice"), DRAFT, False),
        (account("Harbor", "Voice"), DRAFT._replace(accounts=()), True),
        (account("Harbor"), Draft("News", "For all."), True),
        (account("Harbor", active=False), Draft("News", "For all."), False),
    ],
)
def test_whom_it_is_for(who: Account, text: Draft, reached: bool) -> None:
    """DC-3: an advisory is for the accounts that it names and that have one of its services, and for no other."""
    assert advisory.reaches(text, [who]) is reached
