"""Service advisories: known issues with what to do, maintenance, news; published, updated, withdrawn (ADV-1)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from carecli.domain.events import Event, Kind
from carecli.domain.instants import instant_or_none, iso_or_none
from carecli.domain.people import Account

LABEL: Final = "SA-"
"""What the ids of advisories begin with."""

LONGEST_ID: Final = 15


class AdvisoryKind(StrEnum):
    """What an advisory is about: a known issue, maintenance that nobody planned, or anything else."""

    ADVISORY = "advisory"
    MAINTENANCE = "maintenance"
    NEWS = "news"


class AdvisoryStatus(StrEnum):
    """Where an advisory stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Draft(NamedTuple):
    """What a writer gives of an advisory; without services or accounts it is for everybody."""

    title: str
    text: str
    solution: str = ""
    kind: AdvisoryKind = AdvisoryKind.ADVISORY
    services: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def over_at(self, at: datetime) -> bool:
        """Whether what it tells of has ended by then; it ends at its last instant."""
        return self.ends_at is not None and self.ends_at <= at

    def document(self) -> dict[str, Any]:
        """The draft as JSON."""
        return {
            "title": self.title,
            "text": self.text,
            "solution": self.solution,
            "kind": self.kind.value,
            "services": list(self.services),
            "accounts": list(self.accounts),
            "starts_at": iso_or_none(self.starts_at),
            "ends_at": iso_or_none(self.ends_at),
        }


class Advisory(NamedTuple):
    """An advisory with one of its texts: staff read the latest, contacts the published one.

    `version` counts its texts from 1. `place` counts what the desk has ever published, so that an update of
    something that was read is unread again.
    """

    id: int
    version: int
    status: AdvisoryStatus
    text: Draft
    author: str
    editor: str
    created_at: datetime
    updated_at: datetime
    published: Draft | None = None
    published_version: int | None = None
    published_at: datetime | None = None
    place: int | None = None
    withdrawn_at: datetime | None = None
    reason: str | None = None
    deflected: int = 0

    @property
    def label(self) -> str:
        """Its id as people and programs write it: `SA-0007`."""
        return label(self.id)

    def open_at(self, now: datetime) -> bool:
        """Whether it is published, neither withdrawn nor over."""
        if self.status is not AdvisoryStatus.PUBLISHED or self.published is None:
            return False
        return not self.published.over_at(now)


class Publication(NamedTuple):
    """One time that an advisory was published, with its text of then; `update` if it was not the first."""

    place: int
    id: int
    version: int
    at: datetime
    text: Draft
    update: bool

    @property
    def label(self) -> str:
        """The id of the advisory."""
        return label(self.id)


class Announced(NamedTuple):
    """An advisory as one reader has it: whether what was published last is still unread."""

    advisory: Advisory
    unread: bool


class AdvisoryFilter(NamedTuple):
    """Which advisories are wanted; without statuses those that are open, and for staff drafts."""

    statuses: tuple[AdvisoryStatus, ...] = ()
    kind: AdvisoryKind | None = None
    service: str | None = None
    unread: bool = False
    over: bool = False
    """Whether those too that are withdrawn or over."""


TOLD = frozenset(
    {
        Kind.ADVISORY_WRITTEN,
        Kind.ADVISORY_PUBLISHED,
        Kind.ADVISORY_WITHDRAWN,
        Kind.ADVISORY_READ,
        Kind.SUBSCRIBED,
        Kind.DIGEST_SENT,
    }
)
"""The events of the desk that tell of advisories; a case that one spared is told by DEFLECTED."""


def concerned(event: Event) -> bool:
    """Whether an event of the desk tells of an advisory, its readers or its digests."""
    return event.kind in TOLD or (event.kind is Kind.DEFLECTED and "advisory" in event.data)


def label(id_: int) -> str:
    """The id of an advisory as people and programs write it: `SA-0007`."""
    return f"{LABEL}{id_:04}"


def numbered(text: str) -> int | None:
    """The id that `SA-0007`, `sa-7` or `7` writes; None for anything else."""
    digits = text.strip().upper().removeprefix("#").removeprefix(LABEL)
    if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_ID:
        return int(digits)
    return None


def from_document(doc: Mapping[str, Any]) -> Draft:
    """Read what `Draft.document` wrote."""
    return Draft(
        title=doc["title"],
        text=doc["text"],
        solution=doc["solution"],
        kind=AdvisoryKind(doc["kind"]),
        services=tuple(doc["services"]),
        accounts=tuple(doc["accounts"]),
        starts_at=instant_or_none(doc["starts_at"]),
        ends_at=instant_or_none(doc["ends_at"]),
    )


def after(advisory: Advisory | None, event: Event) -> Advisory:
    """The advisory after one more event of its own; raises LookupError or ValueError for a damaged one."""
    if event.kind is Kind.ADVISORY_WRITTEN:
        return _rewritten(advisory, event)
    if advisory is None:
        raise LookupError("nothing was written of this advisory before")
    if event.kind is Kind.ADVISORY_PUBLISHED:
        return _published(advisory, event)
    if event.kind is Kind.ADVISORY_WITHDRAWN:
        return advisory._replace(
            status=AdvisoryStatus.WITHDRAWN, withdrawn_at=event.at, reason=event.data["reason"]
        )
    if event.kind is Kind.DEFLECTED:
        return advisory._replace(deflected=advisory.deflected + 1)
    return advisory


def _rewritten(advisory: Advisory | None, event: Event) -> Advisory:
    data, text = event.data, from_document(event.data["text"])
    version = advisory.version + 1 if advisory else 1
    if data["version"] != version:
        raise ValueError(f"version {data['version']} stands where version {version} should")
    if advisory is None:
        return Advisory(
            id=data["id"],
            version=version,
            status=AdvisoryStatus.DRAFT,
            text=text,
            author=event.actor,
            editor=event.actor,
            created_at=event.at,
            updated_at=event.at,
        )
    return advisory._replace(version=version, text=text, editor=event.actor, updated_at=event.at)


def _published(advisory: Advisory, event: Event) -> Advisory:
    if event.data["version"] != advisory.version:
        raise ValueError(
            f"version {event.data['version']} was published, version {advisory.version} is the latest"
        )
    return advisory._replace(
        status=AdvisoryStatus.PUBLISHED,
        published=advisory.text,
        published_version=advisory.version,
        published_at=event.at,
        place=event.data["place"],
        withdrawn_at=None,
        reason=None,
    )


def reaches(text: Draft, accounts: Iterable[Account]) -> bool:
    """Whether a text is for one of these accounts: by name where it names some, and by its services (DC-3)."""
    return any(_reaches(text, account) for account in accounts)


def _reaches(text: Draft, account: Account) -> bool:
    if not account.active:
        return False
    if text.accounts and account.name.casefold() not in {name.casefold() for name in text.accounts}:
        return False
    bought = {service.name.casefold() for deployment in account.deployments for service in deployment.services}
    return not text.services or not bought.isdisjoint(name.casefold() for name in text.services)


def about(text: Draft, service: str | None) -> bool:
    """Whether a text is about a service, as one about all of them is; None stands for any."""
    if service is None or not text.services:
        return True
    return service.strip().casefold() in {name.casefold() for name in text.services}
