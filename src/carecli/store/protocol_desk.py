"""What the desk asks of a store about itself: settings, policies, calendars, its last tick (SLA-8, TICK-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from carecli.domain.desk_settings import DeskSettings
    from carecli.store.entries import LastTick


class DeskReading(Protocol):
    """The desk's own facts."""

    def settings(self) -> DeskSettings | None:
        """The desk's settings, None before the first set-up."""

    def document(self, digest: str) -> Mapping[str, Any]:
        """A policy or calendar document by its content hash (SLA-8)."""

    def documents(self, kind: str) -> list[str]:
        """The content hashes of every `policy` or `calendar` kept, in order (SLA-8)."""

    def calendar_digest(self, key: str) -> str | None:
        """The calendar document that a specification and year were resolved to before."""

    def last_tick(self) -> LastTick | None:
        """When the tick last ran."""

    def adopted(self) -> int:
        """Up to which place the log came from another desk, whose mails went out there; 0 for none of it."""

    def adopted_log(self) -> tuple[int, str]:
        """Up to which place the log came from another desk, and the digest there; 0 and none for none of it."""


class DeskWriting(DeskReading, Protocol):
    """The desk's own facts as they are kept."""

    def put_settings(self, settings: DeskSettings) -> None:
        """Keep the desk's settings."""

    def put_document(self, kind: str, document: Mapping[str, Any]) -> tuple[str, bool]:
        """Keep a policy or calendar document; the answer is its content hash, and whether it is new (SLA-8)."""

    def put_calendar_digest(self, key: str, digest: str) -> None:
        """Remember what a specification and year were resolved to."""

    def put_last_tick(self, tick: LastTick) -> None:
        """Remember that the tick ran."""

    def forget_last_tick(self) -> None:
        """Have it that no tick ever ran."""

    def put_adopted(self, position: int, digest: str, at: datetime) -> None:
        """Remember up to which event the log was written from another desk's, and when (IMP-1)."""
