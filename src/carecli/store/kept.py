"""Every table of the record that is not made by triggers, for whoever takes all of it elsewhere (AUD-2)."""

from collections.abc import Sequence
from typing import Final, NamedTuple


class Kept(NamedTuple):
    """A table: the columns that tell its rows apart, in whose order they are read, and all that it holds."""

    name: str
    key: str
    columns: str
    json: frozenset[str] = frozenset()
    """Columns that hold JSON, which an engine may spell in its own way."""
    unwritten: tuple[str, int] | None = None
    """Which rows are not written, by what a column holds, as triggers see to them."""
    read: str = "TRUE"
    """Which rows belong to the record."""

    @property
    def copied(self) -> str:
        """The condition that a row is written."""
        return "{} <> {}".format(*self.unwritten) if self.unwritten else "TRUE"

    def is_copied(self, row: Sequence[object]) -> bool:
        """Whether a row is written."""
        return self.unwritten is None or row[self.names.index(self.unwritten[0])] != self.unwritten[1]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self.columns.split(", "))


_DOCUMENT: Final = frozenset({"document"})

COPY: Final = "copy"
"""Under what name the `desk` table of a copy tells what it is a copy of."""
MOVED: Final = "moved"
"""Under what name that of a desk that was moved tells where it works now."""

EVENTS: Final = Kept(
    "events",
    "position",
    "position, number, seq, at, actor, via, kind, visibility, data, digest",
    frozenset({"data"}),
)
DESK: Final = Kept("desk", "name", "name, document", _DOCUMENT, read=f"name NOT IN ('{COPY}', '{MOVED}')")
"""The desk's own facts, its settings first: without them nobody works in a record. What only one place says of
itself is no part of what is copied and hashed."""
RAW: Final = (Kept("outbox_raw", "id", "id, raw"), Kept("received_raw", "id", "id, raw"))
"""Mail as it went out and came in."""
OTHERS: Final = (
    Kept("documents", "digest", "digest, kind, body", frozenset({"body"})),
    Kept("calendar_digests", "name", "name, digest"),
    DESK,
    Kept("accounts", "name", "name, document", _DOCUMENT),
    Kept("contacts", "email", "email, account, document, pin_hash", _DOCUMENT),
    Kept("staff", "email", "email, document", _DOCUMENT),
    Kept("secrets", "name", "name, value"),
    Kept("counters", "name", "name, value"),
    Kept("externals", "reference", "reference, number"),
    Kept(
        "cases",
        "number",
        "number, account, contact, owner, product_group, deployment, service, component, type, status, severity,"
        " subject, opened_at, modified_at, closed, held, state, texts, escalated, confidential",
        frozenset({"state", "texts"}),
    ),
    Kept("search", "rowid", "rowid, subject, description, updates"),
    Kept("search_notes", "rowid", "rowid, notes"),
    Kept("standing", "number, metric, cycle", "number, metric, cycle, mark, due_at"),
    Kept("late_deadlines", "number, id", "number, id, due_at"),
    Kept("alerts", "group_hash", "group_hash, number, firing"),
    Kept(
        "attachments",
        "number, place",
        "number, place, id, public, sha256, size, by_mail, document",
        _DOCUMENT,
    ),
    Kept(
        "articles",
        "id",
        "id, slug, status, version, published_version, public, author, created_at, deflected",
    ),
    Kept("article_versions", "id, version", "id, version, at, editor, document", _DOCUMENT),
    Kept("article_votes", "id, person", "id, person, helpful"),
    Kept("article_cases", "id, number", "id, number"),
    Kept("search_articles", "rowid", "rowid, title, keywords, body"),
    Kept("search_public_articles", "rowid", "rowid, title, keywords, body"),
    Kept("article_words", "public, word", "public, word, articles"),
    Kept("components", "id", "id, folded, name, examples, learned_at"),
    Kept("component_features", "feature", "feature, weights"),
    Kept("component_examples", "digest", "digest"),
    Kept("component_progress", "one", "one, position, edition"),
    Kept(
        "advisories",
        "id",
        "id, status, version, document, author, editor, created_at, updated_at, published, published_version,"
        " published_at, place, withdrawn_at, reason, deflected",
        frozenset({"document", "published"}),
    ),
    Kept("advisory_publications", "place", "place, id, version, at, document", _DOCUMENT),
    Kept("advisory_reads", "person, id", "person, id, place"),
    Kept("advisory_told", "id, person", "id, person"),
    Kept("subscribers", "id", "id, person, address, next_at"),
    Kept("subscriptions", "subscriber, topic", "subscriber, topic, service, frequency, since"),
    Kept("owed_advisories", "subscriber, place", "subscriber, place, due_at"),
    Kept(
        "outbox",
        "id",
        "id, key, number, kind, recipient, subject, content, message_id, named, queued_at, not_before, round,"
        " stage, state, next_at, attempts, sent_at, error",
        frozenset({"content"}),
    ),
    Kept(
        "received",
        "id",
        "id, digest, received_at, source, size, message_id, sender, subject, outcome, number, code, reason,"
        " settlement, settled_at, settled_by, settled_why",
    ),
    Kept("fetched", "source, uid", "source, uid"),
    # Behind the mails, whose own timers a trigger puts there.
    Kept(
        "timers",
        "fires_at, number, kind, metric, cycle",
        "fires_at, number, kind, metric, cycle",
        unwritten=("kind", 4),
    ),
    Kept("chat_presence", "number, session", "number, session, email, side, beat_ms"),
    Kept("refusals", "id", "id, at, actor, client, key, words, reason"),
    Kept("pin_tries", "email", "email, failures, last_at"),
    Kept("backups", "id", "id, at, path, source, bytes, files, position, digest, itself"),
)
"""What changes as a desk works, in an order in which it can be written."""

TABLES: Final = (EVENTS, *RAW, *OTHERS)
