"""Mail in both directions (MAIL-1..6)."""

import secrets

from sqlite_utils import Database

from carecli.store.sqlite.migrations.registry import RECORD, run

_MAIL_TIMER = "INSERT INTO timers SELECT NEW.next_at, coalesce(NEW.number, 0), 4, '', NEW.id"
_MAIL_TIMER_OLD = """DELETE FROM timers WHERE fires_at = OLD.next_at AND number = coalesce(OLD.number, 0)
    AND kind = 4 AND metric = '' AND cycle = OLD.id"""


@RECORD(name="0009_mail")
def mail(db: Database) -> None:
    """Mail both ways: what still has to leave waits in the one queue, what came in is kept (MAIL-2..6)."""
    run(
        db,
        """CREATE TABLE outgoing (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            number INTEGER,
            kind TEXT NOT NULL,
            recipient TEXT NOT NULL,
            subject TEXT NOT NULL,
            content TEXT NOT NULL,
            message_id TEXT NOT NULL,
            named TEXT NOT NULL,
            queued_at TEXT NOT NULL,
            not_before TEXT NOT NULL,
            round INTEGER NOT NULL,
            stage INTEGER NOT NULL,
            state TEXT NOT NULL,
            next_at TEXT,
            attempts INTEGER NOT NULL,
            sent_at TEXT,
            error TEXT
        ) STRICT""",
        """INSERT INTO outgoing
            SELECT id, key, number, kind, recipient, subject, json_object('body', body), message_id, '', queued_at,
                not_before, round, stage, state, iif(state IN ('queued', 'failed'), not_before, NULL), 0,
                sent_at, error
            FROM outbox""",
        "DROP TABLE outbox",
        "ALTER TABLE outgoing RENAME TO outbox",
        "CREATE INDEX outbox_of_case ON outbox (number)",
        "CREATE INDEX outbox_waiting ON outbox (state, next_at, queued_at) WHERE state IN ('queued', 'failed')",
        "CREATE INDEX outbox_bounced ON outbox (number) WHERE state = 'bounced'",
        "CREATE INDEX outbox_by_message_id ON outbox (message_id)",
        "CREATE INDEX outbox_answers ON outbox (recipient, queued_at) WHERE number IS NULL",
        # What went out, as it went out; apart, so that nobody reads it who only counts.
        "CREATE TABLE outbox_raw (id INTEGER PRIMARY KEY, raw BLOB NOT NULL) STRICT",
        # Timers are of kind 4 here: no command that moves a case knows of its mail, and none has to.
        f"""CREATE TRIGGER outbox_comes AFTER INSERT ON outbox WHEN NEW.next_at IS NOT NULL
            BEGIN {_MAIL_TIMER}; END""",
        f"""CREATE TRIGGER outbox_moves AFTER UPDATE OF next_at ON outbox WHEN NEW.next_at IS NOT OLD.next_at
            BEGIN {_MAIL_TIMER_OLD}; {_MAIL_TIMER} WHERE NEW.next_at IS NOT NULL; END""",
        f"""CREATE TRIGGER outbox_goes AFTER DELETE ON outbox
            BEGIN {_MAIL_TIMER_OLD}; END""",
        """INSERT INTO timers SELECT next_at, coalesce(number, 0), 4, '', id FROM outbox
            WHERE next_at IS NOT NULL""",
        """CREATE TABLE received (
            id INTEGER PRIMARY KEY,
            digest TEXT NOT NULL UNIQUE,
            received_at TEXT NOT NULL,
            source TEXT NOT NULL,
            size INTEGER NOT NULL,
            message_id TEXT,
            sender TEXT,
            subject TEXT NOT NULL,
            outcome TEXT,
            number INTEGER,
            code TEXT,
            reason TEXT,
            settlement TEXT,
            settled_at TEXT,
            settled_by TEXT,
            settled_why TEXT
        ) STRICT""",
        "CREATE INDEX received_by_message_id ON received (message_id) WHERE message_id IS NOT NULL",
        "CREATE INDEX received_of_case ON received (number) WHERE number IS NOT NULL",
        "CREATE INDEX received_waiting ON received (id) WHERE outcome = 'triaged' AND settlement IS NULL",
        "CREATE INDEX received_unseen ON received (id) WHERE outcome IS NULL",
        # Apart, as lists would walk over every message otherwise.
        "CREATE TABLE received_raw (id INTEGER PRIMARY KEY, raw BLOB NOT NULL) STRICT",
        """CREATE TABLE fetched (
            source TEXT NOT NULL, uid TEXT NOT NULL, PRIMARY KEY (source, uid)
        ) STRICT, WITHOUT ROWID""",
        "CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
    )
    # What makes references unguessable: made here once, never shown, never logged (MAIL-1).
    db.conn.execute("INSERT INTO secrets VALUES ('reference', ?)", (secrets.token_bytes(32),))
