"""What an admin case asks for, and what comes of it when an admin approves or declines (ADM-1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from carecli.domain import details, lifecycle
from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.numbers import written
from carecli.domain.people import Contact
from carecli.domain.transitions import Move
from carecli.domain.vocabulary import Access, CaseType, Substatus
from carecli.errors import Invalid, Refused

APPLIED: Final = frozenset({"access-level", "contact-data", "pin-reset"})
"""The sub-types of admin cases whose wish the desk applies itself."""


class Change(NamedTuple):
    """What is asked for a contact; None leaves it as it is."""

    person: str
    access: Access | None = None
    name: str | None = None
    phone: str | None = None
    pin_reset: bool = False

    def applied(self, contact: Contact) -> Contact:
        """The contact with the change."""
        return contact._replace(
            access=self.access or contact.access,
            name=self.name or contact.name,
            phone=self.phone or contact.phone,
        )


def asked(subtype: str | None, fields: Mapping[str, Any], contact: str) -> Change | None:
    """What a case asks for in its fields, for its own `contact` where it names nobody; None for nothing."""
    if subtype not in APPLIED:
        return None
    said = {name: details.told(fields, name) or None for name in ("person", "access", "name", "phone")}
    return Change(
        person=said["person"] or contact,
        access=Access(said["access"].lower()) if subtype == "access-level" and said["access"] else None,
        name=said["name"] if subtype == "contact-data" else None,
        phone=said["phone"] if subtype == "contact-data" else None,
        pin_reset=subtype == "pin-reset",
    )


def change(case: Case) -> Change:
    """What an admin case asks for; raises Refused where it is none, or asks for nothing that can be applied."""
    _require_admin_case(case)
    found, number = asked(case.subtype, case.fields, case.contact), written(case.number)
    missing = details.lacking(case.subtype, case.fields)
    if missing and not case.closed:
        raise Refused(
            f"case {number} does not tell yet what is to be changed to what",
            hint=f"it is added with care update {number} {' '.join(missing)}",
            rule="ADM-1",
        )
    if found is None:
        raise Refused(
            f"case {number} asks for nothing that could be applied",
            hint=f"answer it: care propose {number} -m TEXT, or care close {number} -m TEXT",
            rule="ADM-1",
        )
    return found


def approve(case: Case, wanted: Change, was: Contact, text: str | None, act: Act, at: datetime) -> Event:
    """An admin's approval: it says what was changed for whom, and closes the case as Resolved.

    Raises Refused where everything is so already.
    """
    told = _told(wanted, was)
    if not told and not wanted.pin_reset:
        raise Refused(
            f"{was.email} has what is asked for already",
            hint=f"care close {written(case.number)} -m TEXT",
            rule="ADM-1",
        )
    data = {"person": was.email, "changes": told, "pin_reset": wanted.pin_reset}
    said = lifecycle.text_or_none(text)
    return lifecycle.moved(case, Move.CLOSE, Kind.CHANGE_APPROVED, act, at, said, Substatus.RESOLVED, **data)


def _told(wanted: Change, was: Contact) -> dict[str, list[str | None]]:
    """What becomes of each thing that changes: what it was, and what it is then."""
    before, after = was.document(), wanted.applied(was).document()
    return {key: [before[key], after[key]] for key in ("access", "name", "phone") if before[key] != after[key]}


def decline(case: Case, text: str, act: Act, at: datetime) -> Event:
    """An admin's no, with the reason: the case closes as Cancelled, and nothing is changed."""
    _require_admin_case(case)
    if not text.strip():
        raise Invalid("the text is empty", hint="give it with -m TEXT, -m - or -F FILE")
    said = lifecycle.text_or_none(text)
    return lifecycle.moved(case, Move.CLOSE, Kind.CHANGE_DECLINED, act, at, said, Substatus.CANCELLED)


def _require_admin_case(case: Case) -> None:
    if case.type is not CaseType.ADMIN:
        raise Refused(
            f"case {written(case.number)} is no admin case, but {case.type}",
            hint="admin cases are opened with care open --type admin --subtype access-level",
            rule="ADM-1",
        )
