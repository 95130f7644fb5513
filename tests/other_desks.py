"""Lines of another desk's log, written as a test wants them: any cell may be anything."""

from typing import Final

HEADER: Final = (
    *("number", "incident_state", "sys_mod_count", "caller_id", "opened_by", "opened_at", "sys_updated_by"),
    *("sys_updated_at", "contact_type", "category", "subcategory", "u_symptom", "priority", "assignment_group"),
    "assigned_to",
)
USUAL: Final = {
    "number": "INC1",
    "incident_state": "New",
    "sys_mod_count": "0",
    "caller_id": "Caller 1",
    "opened_by": "Opened by 8",
    "opened_at": "02-03-2026 09:00",
    "sys_updated_by": "Updated by 21",
    "sys_updated_at": "02-03-2026 09:10",
    "contact_type": "Phone",
    "category": "Category 55",
    "subcategory": "Subcategory 170",
    "u_symptom": "Symptom 72",
    "priority": "2 - High",
    "assignment_group": "Group 56",
    "assigned_to": "?",
}


def row(**changes: str) -> str:
    """A line of a log as it stands, cells as they are given."""
    return ",".join({**USUAL, **changes}[name] for name in HEADER)


def lines(*told: str, end: str = "\n") -> bytes:
    """A log of these lines under its header."""
    return "".join(f"{line}{end}" for line in (",".join(HEADER), *told)).encode()
