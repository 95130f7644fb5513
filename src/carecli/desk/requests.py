"""The use cases of service requests: acknowledged, decided, signed by both sides, completed (SR-1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from carecli.desk import parties
from carecli.desk.cases import appended
from carecli.desk.reading import view
from carecli.domain import access, requesting, services_order
from carecli.domain.numbers import written
from carecli.domain.vocabulary import Role
from carecli.errors import Failed

if TYPE_CHECKING:
    from datetime import datetime

    from carecli.desk.attachments.taking import Files, Handling
    from carecli.desk.desk import Desk
    from carecli.desk.record import Record
    from carecli.domain.access import Act
    from carecli.domain.case import Case
    from carecli.domain.events import Event
    from carecli.domain.views import CaseView
    from carecli.domain.vocabulary import Via


class Documents(NamedTuple):
    """The documents of an accepted request, by their paths, and how the files are taken in (ATT-1, ATT-2)."""

    orders: tuple[str, ...]
    sows: tuple[str, ...]
    how: Handling


def acknowledge(desk: Desk, number: int, text: str | None = None) -> CaseView:
    """Take note of a request, by staff; the first of its two deadlines is met."""
    return appended(desk, number, lambda record, case: requesting.acknowledge(case, text, *_by_staff(record)))


def accept(desk: Desk, number: int, documents: Documents, text: str | None = None) -> CaseView:
    """Take a request on, by staff, with a services order and perhaps statements of work for both sides to sign.

    Where no order is given the desk draws one up, from the request and from what is said of it. Accepted again
    before both have signed, new documents take the place of the old ones. Raises what any attached file raises.
    """
    with _with_order(desk, number, documents, text) as complete:
        return _accepted(desk, number, complete, text)


@contextmanager
def _with_order(desk: Desk, number: int, documents: Documents, text: str | None) -> Iterator[Documents]:
    """The documents, an order among them; one that is drawn up is kept free of customer data (ATT-2)."""
    if documents.orders:
        yield documents
        return
    with desk.reading() as reading:
        case = access.seen(desk.actor, reading.case(number), written(number))
    how = documents.how if documents.how.confirm else documents.how._replace(redact=True)
    with TemporaryDirectory() as folder:
        order = Path(folder) / services_order.name(case)
        order.write_text(services_order.drawn_up(case, text), encoding="utf-8")
        yield documents._replace(orders=(str(order),), how=how)


def _accepted(desk: Desk, number: int, documents: Documents, text: str | None) -> CaseView:
    from carecli.desk.attachments import taking
    from carecli.desk.attachments.taking import Files

    def decide(record: Record, case: Case, files: Sequence[Mapping[str, Any]] = ()) -> Event:
        return requesting.accept(case, text, files, len(documents.orders) if files else 0, *_by_staff(record))

    files = Files((*documents.orders, *documents.sows), documents.how)
    staged = taking.staged_for(desk, number, decide, files)
    desk = taking.afterwards(desk, files.how)
    with desk.record() as record:
        case = record.case(number)
        told = taking.documents(record, case, staged, public=True)
        return view(desk, record.writing, record.append(case, decide(record, case, told)))


class Rejected(NamedTuple):
    """A request that was rejected, and who was told to rework it with the customer."""

    view: CaseView
    told: tuple[str, ...]


def reject(desk: Desk, number: int, text: str) -> Rejected:
    """Do not take a request on as it is, by staff; who reworks it with the customer is told by mail."""
    told: tuple[str, ...] = ()

    def decide(record: Record, case: Case) -> Event:
        nonlocal told
        act, at = _by_staff(record)
        told = _reworking(record, case)
        return requesting.reject(case, text, told, act, at)

    return Rejected(appended(desk, number, decide), told)


def resubmit(
    desk: Desk,
    number: int,
    text: str,
    *,
    fields: Mapping[str, str] | None = None,
    via: Via | None = None,
    contact: str | None = None,
    pin: str | None = None,
    files: Files | None = None,
) -> CaseView:
    """Bring a rejected request back, reworked, by the customer or by staff on his behalf: the same case."""

    def decide(record: Record, case: Case) -> Event:
        act = parties.either_act(record, case, via, contact, pin)
        return requesting.resubmit(case, text, fields or {}, act, record.now)

    return appended(desk, number, decide, files)


def sign(desk: Desk, number: int, named: Sequence[str] = (), text: str | None = None) -> CaseView:
    """Sign documents of an accepted request: a Designated Contact for the customer, staff for Customer Care.

    What is signed is named in the record by its hash; raises Failed where its bytes are not there any more.
    """

    def decide(record: Record, case: Case) -> Event:
        act = parties.either_act(record, case, None)
        event = requesting.sign(case, named, text, act, record.now)
        _require_bytes(record, event.data["documents"])
        return event

    return appended(desk, number, decide)


def complete(desk: Desk, number: int, text: str | None = None) -> CaseView:
    """Record that a service request was carried out, by staff: the case closes, and its originator is mailed."""
    return appended(desk, number, lambda record, case: requesting.complete(case, text, *_by_staff(record)))


def _by_staff(record: Record) -> tuple[Act, datetime]:
    return parties.staff_act(record), record.now


def _require_bytes(record: Record, documents: Sequence[Mapping[str, Any]]) -> None:
    """Nobody signs what cannot be read: raise Failed where the bytes of a document are gone."""
    # Imported here: most acts on a request touch no file.
    from carecli.desk.blobs import blobs_of

    blobs = blobs_of(record.config)
    gone = next((told["name"] for told in documents if blobs.size(told["sha256"]) is None), None)
    if gone is not None:
        raise Failed(f"the bytes of {gone} are gone", hint="accept it again with --order FILE", rule="SR-1")


def _reworking(record: Record, case: Case) -> tuple[str, ...]:
    """Who reworks a request with the customer: the success manager, else the managers of Customer Care."""
    account = record.writing.account(case.account)
    named = account.success_manager if account else None
    member = record.writing.staff_member(named) if named else None
    if named and (member is None or member.active):
        return (named,)
    staff = [one for one in record.writing.staff() if one.active]
    managers = [one.email for one in staff if one.role is Role.MANAGER]
    return tuple(managers or [one.email for one in staff if one.role is Role.ADMIN])
