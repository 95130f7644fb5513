"""What holds for the whole desk: settings, the last tick, policies and calendars by content hash (SLA-8)."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from carecli.domain.desk_settings import DeskSettings
from carecli.domain.instants import instant, iso
from carecli.errors import NotFound
from carecli.store.codec import canonical, content_hash
from carecli.store.entries import LastTick
from carecli.store.session import Session


class DeskReading(Session):
    """The desk's own facts."""

    def settings(self) -> DeskSettings | None:
        """The desk's settings, None before the first set-up."""
        found = self._fact("settings")
        return None if found is None else DeskSettings.from_document(found)

    def last_tick(self) -> LastTick | None:
        """When the tick last ran."""
        found = self._fact("last tick")
        return None if found is None else LastTick(instant(found["at"]), found["position"])

    def adopted(self) -> int:
        """Up to which place the log came from another desk, whose mails went out there; 0 for none of it."""
        return self.adopted_log()[0]

    def adopted_log(self) -> tuple[int, str]:
        """Up to which place the log came from another desk, and the digest there; 0 and none for none of it."""
        found = self._fact("adopted")
        return (0, "") if found is None else (int(found["position"]), str(found["digest"]))

    def document(self, digest: str) -> Mapping[str, Any]:
        """A policy or calendar document by its content hash (SLA-8); raises NotFound."""
        body = self.one("SELECT body FROM documents WHERE digest = ?", (digest,))
        if body is None:
            raise NotFound(f"there is no policy or calendar {digest[:12]}", rule="SLA-8")
        found: Mapping[str, Any] = json.loads(body)
        return found

    def documents(self, kind: str) -> list[str]:
        """The content hashes of every policy or calendar kept, in order (SLA-8)."""
        rows = self.db.execute("SELECT digest FROM documents WHERE kind = ? ORDER BY digest", (kind,))
        return [digest for (digest,) in rows]

    def calendar_digest(self, key: str) -> str | None:
        """The calendar document that a specification and year were resolved to before."""
        digest: str | None = self.one("SELECT digest FROM calendar_digests WHERE name = ?", (key,))
        return digest

    def reference_key(self) -> bytes | None:
        """The key of this desk's references, known to nobody else; None where it is kept elsewhere (MAIL-1)."""
        key: bytes | None = self.one("SELECT value FROM secrets WHERE name = 'reference'")
        return key

    def older_reference_keys(self) -> str:
        """The keys of before as `domain.reference_key` writes them, behind the key of today."""
        found: bytes | None = self.one("SELECT value FROM secrets WHERE name = 'references'")
        return "" if found is None else found.decode()

    def _fact(self, name: str) -> Any:
        found = self.one("SELECT document FROM desk WHERE name = ?", (name,))
        return None if found is None else json.loads(found)


class DeskWriting(DeskReading):
    """The desk's own facts as they change."""

    def put_settings(self, settings: DeskSettings) -> None:
        """Keep the desk's settings."""
        self._put_fact("settings", settings.document())

    def put_reference_keys(self, key: bytes | None, text: str) -> None:
        """Keep the key of references and, as a text, those of before; None has the database know none (MAIL-1)."""
        self.db.execute("DELETE FROM secrets WHERE name IN ('reference', 'references')")
        if key is not None:
            self.db.execute("INSERT INTO secrets VALUES ('reference', ?)", (key,))
            self.db.execute("INSERT INTO secrets VALUES ('references', ?)", (text.encode(),))

    def put_last_tick(self, tick: LastTick) -> None:
        """Remember that the tick ran."""
        self._put_fact("last tick", {"at": iso(tick.at), "position": tick.position})

    def forget_last_tick(self) -> None:
        """Have it that no tick ever ran."""
        self.db.execute("DELETE FROM desk WHERE name = 'last tick'")

    def put_adopted(self, position: int, digest: str, at: datetime) -> None:
        """Remember up to which event the log was written from another desk's, and when (IMP-1)."""
        self._put_fact("adopted", {"position": position, "digest": digest, "at": iso(at)})

    def put_document(self, kind: str, document: Mapping[str, Any]) -> tuple[str, bool]:
        """Keep a policy or calendar document; the answer is its content hash, and whether it is new (SLA-8)."""
        digest = content_hash(document)
        added = self.db.execute(
            "INSERT INTO documents VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (digest, kind, canonical(document))
        )
        return digest, added.rowcount == 1

    def put_calendar_digest(self, key: str, digest: str) -> None:
        """Remember what a specification and year were resolved to."""
        self.db.execute(
            "INSERT INTO calendar_digests VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET digest = excluded.digest",
            (key, digest),
        )

    def _put_fact(self, name: str, document: Mapping[str, Any]) -> None:
        self.db.execute(
            "INSERT INTO desk VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET document = excluded.document",
            (name, canonical(document)),
        )
