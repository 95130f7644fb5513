"""The JSON that scripts read, in the names and order of the command line's contract."""

from collections.abc import Sequence

from carecli.domain.import_report import ImportReport
from carecli.domain.instants import iso_or_none
from carecli.domain.people import Account, CalendarSpec, Contact, Staff
from carecli.domain.views import CaseView
from carecli.render import case_document
from carecli.render.case_document import Document


def case(view: CaseView) -> Document:
    """A case, whole."""
    return case_document.case(view)


def account_row(account: Account) -> Document:
    """An account as it is listed."""
    return {**account.document(), "parent": account.parent}


def account(
    account: Account,
    features: Sequence[str],
    designated: int,
    calendar: CalendarSpec,
    end_users: Sequence[str] = (),
) -> Document:
    """An account with what it is entitled to, and those that were sold through it (ACC-1, ACC-5)."""
    entitled = {
        "end_users": list(end_users),
        "features": list(features),
        "designated_contacts": designated,
        "business_calendar": calendar.document(),
    }
    return account_row(account) | entitled


def contact(contact: Contact) -> Document:
    """A contact; `designated` as the desk counts it."""
    return contact.document() | {"designated": contact.designated, "ssh_keys": _fingerprints(contact.ssh_keys)}


def staff(staff: Staff) -> Document:
    """A member of staff."""
    return staff.document() | {"ssh_keys": _fingerprints(staff.ssh_keys)}


def _fingerprints(keys: Sequence[str]) -> list[str]:
    """SSH keys as people tell them apart."""
    if not keys:
        return []
    # Imported here: few people have keys, and hashing takes a while to load.
    from carecli.domain.ssh_key import fingerprint

    return [fingerprint(key) for key in keys]


def imported(report: ImportReport) -> Document:
    """What an import brought in."""
    return {
        "dry_run": report.dry_run,
        "cases": report.cases,
        "known": report.known,
        "events": report.events,
        "accounts": report.accounts,
        "contacts": report.contacts,
        "staff": report.staff,
        "breaches": report.breaches,
        "refused": [{"line": line, "reason": reason} for line, reason in report.refused],
        "shifted": list(report.shifted),
        "source": report.source,
        "grown": report.grown,
        "refused_total": max(report.refused_total, len(report.refused)),
        "garbled": list(report.garbled),
        "first_at": iso_or_none(report.first_at),
        "last_at": iso_or_none(report.last_at),
        "states": [one._asdict() for one in report.states],
        "standing": dict(report.standing),
    }


def mapping_shown(name: str, title: str, text: str) -> Document:
    """A mapping, as it is written."""
    return {"name": name, "title": title, "toml": text}
