"""What whoever opens a case should know: what it lacks, what goes on, who is not there (OPEN-4, MNT-1, DC-2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from carecli.domain import details
from carecli.domain.access import Right
from carecli.domain.instants import instant
from carecli.domain.numbers import written

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.desk.record import Record
    from carecli.domain.case import Case
    from carecli.domain.people import Account


def notices(desk: Desk, record: Record, account: Account, case: Case) -> Iterator[str]:
    """A sentence for each, the most pressing first."""
    yield from _lacking(case)
    yield from _trouble(desk, record, account, case)


def _lacking(case: Case) -> Iterator[str]:
    """What its sub-type still has to tell, and how it is told (OPEN-4, ROUTE-1)."""
    missing = details.lacking(case.subtype, case.fields)
    if missing:
        yield f"the case is incomplete (OPEN-4), add to it: care update {written(case.number)} {' '.join(missing)}"


def _trouble(desk: Desk, record: Record, account: Account, case: Case) -> Iterator[str]:
    """Maintenance that is going on (MNT-1); an account needs two trained Designated Contacts (DC-2)."""
    window = case.intake.get("maintenance")
    if window:
        end = instant(window["ends_at"]).astimezone(ZoneInfo(desk.zone))
        label = window.get("advisory")
        named = (
            f"the maintenance that {label} announces" if label else f"planned maintenance of {window['product']}"
        )
        yield (
            f"opened during {named}, until {end:%Y-%m-%d %H:%M %Z} (MNT-1): {case.service} may be away until then"
        )
    trained = [c for c in record.writing.contacts(account.name) if c.designated and c.trained]
    if len(trained) < 2:
        admin = Right.ADMINISTER in record.actor.rights
        yield (
            f"{account.name} needs two trained Designated Contacts, who may open cases, and has {len(trained)}"
            f" (DC-2): {'care contact edit EMAIL --trained' if admin else 'an admin of the desk marks them'}"
        )
