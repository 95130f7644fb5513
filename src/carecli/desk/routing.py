"""Who gets a new case: where the policy says so, whoever of its product group has the least to do (ROUTE-1)."""

from typing import Final

from carecli.desk.record import Record
from carecli.domain.vocabulary import Role

LEAST_LOADED: Final = "least-loaded"
"""What `routing.assign` of the policy says where the desk hands out new cases itself."""


def owner(record: Record, group: str | None, *, confidential: bool = False) -> str | None:
    """The active member of the group with the fewest open cases; None where the policy leaves cases to be taken.

    A `confidential` case goes to admins alone (SR-1). Of equals it is who got a case least recently, then the
    first by address. Asked within the transaction that opens the case, so that of two cases opened at once the
    second counts the first.
    """
    if group is None or record.policy().routing.assign != LEAST_LOADED:
        return None
    name = group.casefold()
    members = [
        member.email
        for member in record.writing.staff()
        if member.active
        and member.group is not None
        and member.group.casefold() == name
        and (member.role is Role.ADMIN or not confidential)
    ]
    return min(members, key=lambda email: (*record.writing.workload(email), email.casefold()), default=None)
