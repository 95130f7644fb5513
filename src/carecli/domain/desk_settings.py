"""What holds for the whole desk: its name, its own business calendar, and the policy in force."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from carecli.domain.people import DESK_CALENDAR, CalendarSpec


class DeskSettings(NamedTuple):
    """The desk as `care init` set it up; `policy` is a policy document's hash, None the shipped default."""

    name: str = "Support desk"
    calendar: CalendarSpec = DESK_CALENDAR
    policy: str | None = None

    def document(self) -> dict[str, Any]:
        """The settings as JSON."""
        return {"name": self.name, "calendar": self.calendar.document(), "policy": self.policy}

    @classmethod
    def from_document(cls, doc: Mapping[str, Any]) -> "DeskSettings":
        """Read what `document` wrote."""
        return cls(doc["name"], CalendarSpec.from_document(doc["calendar"]), doc["policy"])
