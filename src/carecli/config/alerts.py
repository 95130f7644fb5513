"""What a case says that an alert opens, where neither an option nor a label does: the [alerts] part (OPEN-12)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

PRIORITIES: Final = ("critical", "high", "medium", "low")
SEVERITIES: Final[Mapping[str, str]] = {
    # Critical is set by staff on the phone (OPEN-9), unless the file says otherwise.
    "critical": "high",
    "page": "high",
    "error": "high",
    "high": "high",
    "warning": "medium",
    "medium": "medium",
    "info": "low",
    "low": "low",
    "none": "low",
}
"""Which priority a severity becomes."""

FIELDS: Final = ("account", "contact", "deployment", "service", "component", "stage")
LABELS: Final = tuple(f"{name}_label" for name in (*FIELDS, "severity"))
TEXTS: Final = (*FIELDS, "priority", "impact", *LABELS)
IMPACT: Final = "Not known yet: monitoring has told of it, nobody has looked into it."


class AlertSettings(NamedTuple):
    """Which label tells which field, what holds where none does, and which priority a severity becomes."""

    labels: Mapping[str, str]
    defaults: Mapping[str, str]
    severities: Mapping[str, str]

    @property
    def severity_label(self) -> str:
        """The label that tells how grave an alert is."""
        return self.labels["severity"]


def settings(table: Mapping[str, Any]) -> AlertSettings:
    """Read the [alerts] part of a file that the checks found nothing wrong with."""
    names = (*FIELDS, "severity")
    defaults = {"stage": "production", "priority": "medium", "impact": IMPACT}
    given = {name: table[name].strip() for name in (*FIELDS, "priority", "impact") if name in table}
    mapped = {name.casefold(): priority for name, priority in table.get("severities", {}).items()}
    return AlertSettings(
        {name: table.get(f"{name}_label", name) for name in names},
        {**defaults, **given},
        {**SEVERITIES, **mapped},
    )


def problems(severities: object) -> Iterator[str]:
    """What is wrong with [alerts.severities], whose names are the monitor's own."""
    if severities is None:
        return
    if not isinstance(severities, dict):
        yield "alerts.severities is a table: write [alerts.severities]"
        return
    for name, priority in severities.items():
        if priority not in PRIORITIES:
            yield f"alerts.severities.{name} is {priority!r}, not one of {', '.join(PRIORITIES)}"
