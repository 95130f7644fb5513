"""The tables, migration by migration; each runs in the transaction that records it.

A migration that has been released is never edited: what changes comes as a new one, with `schema.VERSION` raised.
Names are kept folded (without letter case) in key columns, as people wrote them in the JSON beside.
"""

import secrets
import sqlite3

from sqlite_utils import Database, Migrations

RECORD = Migrations("care")

_TALLY_NEW = "INSERT INTO tallies VALUES (NEW.status, 1) ON CONFLICT DO UPDATE SET cases = cases + 1"
_TALLY_OLD = "UPDATE tallies SET cases = cases - 1 WHERE status = OLD.status"
_MAIL_TIMER = "INSERT INTO timers SELECT NEW.next_at, coalesce(NEW.number, 0), 4, '', NEW.id"
_MAIL_TIMER_OLD = """DELETE FROM timers WHERE fires_at = OLD.next_at AND number = coalesce(OLD.number, 0)
    AND kind = 4 AND metric = '' AND cycle = OLD.id"""


def wrapped(db: sqlite3.Connection) -> Database:
    """The connection as sqlite_utils wants it, without anybody's plugins."""
    return Database(db, execute_plugins=False)


@RECORD(name="0001_log")
def log(db: Database) -> None:
    """Events: appended in order, never changed (AUD-1)."""
    _run(
        db,
        """CREATE TABLE events (
            position INTEGER PRIMARY KEY,
            number INTEGER,
            seq INTEGER NOT NULL,
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            via TEXT NOT NULL,
            kind TEXT NOT NULL,
            visibility TEXT NOT NULL,
            data TEXT NOT NULL,
            digest TEXT NOT NULL
        ) STRICT""",
        "CREATE UNIQUE INDEX events_of_case ON events (number, seq)",
        "CREATE UNIQUE INDEX events_of_desk ON events (seq) WHERE number IS NULL",
        """CREATE INDEX events_clock_marks ON events (number, kind)
            WHERE kind IN ('clock-warned', 'clock-breached')""",
        """CREATE TRIGGER events_keep BEFORE UPDATE ON events
            BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END""",
        """CREATE TRIGGER events_stay BEFORE DELETE ON events
            BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END""",
        # INSERT OR REPLACE deletes without asking the trigger above.
        """CREATE TRIGGER events_follow BEFORE INSERT ON events
            WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM events)
              OR EXISTS (SELECT 1 FROM events WHERE number IS NEW.number AND seq = NEW.seq)
            BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END""",
    )


@RECORD(name="0002_cases")
def cases(db: Database) -> None:
    """Cases as their events add up to them: key columns, the state, and apart from it the long texts."""
    _run(
        db,
        """CREATE TABLE cases (
            number INTEGER PRIMARY KEY,
            account TEXT NOT NULL,
            contact TEXT NOT NULL,
            owner TEXT,
            product_group TEXT,
            deployment TEXT,
            service TEXT,
            component TEXT,
            type TEXT NOT NULL,
            status TEXT NOT NULL,
            severity INTEGER NOT NULL,
            subject TEXT NOT NULL,
            opened_at TEXT NOT NULL,
            modified_at TEXT NOT NULL,
            closed INTEGER NOT NULL,
            held INTEGER NOT NULL,
            state TEXT NOT NULL,
            texts TEXT NOT NULL
        ) STRICT""",
        # What stands behind the time lets the tabs be counted without a look at the table.
        "CREATE INDEX cases_of_contact ON cases (contact, closed, modified_at, status, account)",
        "CREATE INDEX cases_of_owner ON cases (owner, closed, modified_at, status)",
        "CREATE INDEX cases_of_account ON cases (account, closed, modified_at, status)",
        "CREATE INDEX cases_of_group ON cases (product_group, closed, modified_at, status)",
        "CREATE INDEX cases_by_closed ON cases (closed, modified_at)",
        "CREATE INDEX cases_by_modified ON cases (modified_at)",
        "CREATE INDEX cases_held ON cases (number) WHERE held = 1",
        "CREATE TABLE tallies (status TEXT PRIMARY KEY, cases INTEGER NOT NULL) STRICT, WITHOUT ROWID",
        f"""CREATE TRIGGER cases_come AFTER INSERT ON cases
            BEGIN {_TALLY_NEW}; END""",
        f"""CREATE TRIGGER cases_move AFTER UPDATE OF status ON cases WHEN NEW.status <> OLD.status
            BEGIN {_TALLY_OLD}; {_TALLY_NEW}; END""",
        f"""CREATE TRIGGER cases_go AFTER DELETE ON cases
            BEGIN {_TALLY_OLD}; END""",
        "CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID",
        "INSERT INTO counters VALUES ('case', 0)",
        "CREATE TABLE externals (reference TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    )


@RECORD(name="0003_time")
def time(db: Database) -> None:
    """Timers in the order in which they fire, and the clocks that stand warned or breached (TICK-1, SLA-7)."""
    _run(
        db,
        """CREATE TABLE timers (
            fires_at TEXT NOT NULL,
            number INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            metric TEXT NOT NULL,
            cycle INTEGER NOT NULL,
            PRIMARY KEY (fires_at, number, kind, metric, cycle)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX timers_of_case ON timers (number)",
        """CREATE TABLE standing (
            number INTEGER NOT NULL,
            metric TEXT NOT NULL,
            cycle INTEGER NOT NULL,
            mark TEXT NOT NULL,
            due_at TEXT NOT NULL,
            PRIMARY KEY (number, metric, cycle)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX standing_by_mark ON standing (mark, due_at)",
    )


@RECORD(name="0004_search")
def search(db: Database) -> None:
    """The words of each case; the row id is its number (FIND-3)."""
    _run(
        db,
        """CREATE VIRTUAL TABLE search USING fts5 (
            subject, description, updates, tokenize = 'unicode61 remove_diacritics 2'
        )""",
        # Apart, as ranking weighs a row by its length: a contact's order of hits would tell of notes.
        "CREATE VIRTUAL TABLE search_notes USING fts5 (notes, tokenize = 'unicode61 remove_diacritics 2')",
    )


@RECORD(name="0005_people")
def people(db: Database) -> None:
    """Accounts, contacts, staff, and what holds for the whole desk."""
    _run(
        db,
        "CREATE TABLE accounts (name TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT, WITHOUT ROWID",
        """CREATE TABLE contacts (
            email TEXT PRIMARY KEY, account TEXT NOT NULL, document TEXT NOT NULL, pin_hash TEXT
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX contacts_of_account ON contacts (account)",
        "CREATE TABLE staff (email TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE desk (name TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE documents (digest TEXT PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL) STRICT",
        "CREATE TABLE calendar_digests (name TEXT PRIMARY KEY, digest TEXT NOT NULL) STRICT, WITHOUT ROWID",
    )


@RECORD(name="0006_outbox")
def outbox(db: Database) -> None:
    """Mail on its way, each key once (MAIL-6, FU-5)."""
    _run(
        db,
        """CREATE TABLE outbox (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            number INTEGER NOT NULL,
            kind TEXT NOT NULL,
            recipient TEXT NOT NULL,
            subject TEXT NOT NULL,
            body TEXT NOT NULL,
            message_id TEXT NOT NULL,
            queued_at TEXT NOT NULL,
            not_before TEXT NOT NULL,
            round INTEGER NOT NULL,
            stage INTEGER NOT NULL,
            state TEXT NOT NULL,
            sent_at TEXT,
            error TEXT
        ) STRICT""",
        "CREATE INDEX outbox_of_case ON outbox (number)",
        """CREATE INDEX outbox_waiting ON outbox (queued_at, id, not_before)
            WHERE state IN ('queued', 'failed')""",
    )


@RECORD(name="0007_escalations")
def escalations(db: Database) -> None:
    """Cases that stand escalated are found by an index of their own (ESC-1, FIND-2)."""
    _run(
        db,
        "ALTER TABLE cases ADD COLUMN escalated INTEGER NOT NULL DEFAULT 0",
        "UPDATE cases SET escalated = 1 WHERE state ->> 'escalated'",
        "CREATE INDEX cases_escalated ON cases (modified_at, closed, status, escalated) WHERE escalated = 1",
    )


@RECORD(name="0008_unassigned")
def unassigned(db: Database) -> None:
    """Open cases that nobody has taken, the gravest and oldest of a product group first, for the home page."""
    _run(
        db,
        """CREATE INDEX cases_unassigned ON cases (product_group, severity, opened_at)
            WHERE owner IS NULL AND closed = 0""",
    )


@RECORD(name="0009_mail")
def mail(db: Database) -> None:
    """Mail both ways: what still has to leave waits in the one queue, what came in is kept (MAIL-2..6)."""
    _run(
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


def _run(db: Database, *statements: str) -> None:
    for statement in statements:
        db.execute(statement)
