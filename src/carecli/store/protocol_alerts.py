"""What the desk asks of a store: alert groups and their cases (OPEN-12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from carecli.store.entries_opening import AlertGroup


class AlertReading(Protocol):
    """Alert groups and their cases (OPEN-12)."""

    def alert_group(self, group: str) -> AlertGroup | None:
        """The latest case of an alert group, by the group's hash, and the hash of what fired last."""


class AlertWriting(Protocol):
    """Alert groups as they change."""

    def put_alert_group(self, group: str, latest: AlertGroup) -> None:
        """Remember the case of an alert group, and the hash of what fires."""
