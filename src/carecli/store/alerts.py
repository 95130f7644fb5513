"""Alert groups and their cases (OPEN-12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carecli.store.session import Session

if TYPE_CHECKING:
    from carecli.store.entries_opening import AlertGroup


class AlertReading(Session):
    """Alert groups and their cases (OPEN-12)."""

    def alert_group(self, group: str) -> AlertGroup | None:
        """The latest case of an alert group, by the group's hash, and the hash of what fired last."""
        row = self.db.execute("SELECT number, firing FROM alerts WHERE group_hash = ?", (group,)).fetchone()
        from carecli.store.entries_opening import AlertGroup

        return None if row is None else AlertGroup(*row)


class AlertWriting(AlertReading):
    """Alert groups as they change."""

    def put_alert_group(self, group: str, latest: AlertGroup) -> None:
        """Remember the case of an alert group, and the hash of what fires."""
        self.db.execute(
            "INSERT INTO alerts VALUES (?, ?, ?) ON CONFLICT (group_hash)"
            " DO UPDATE SET number = excluded.number, firing = excluded.firing",
            (group, latest.number, latest.firing),
        )
