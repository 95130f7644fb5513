"""The record itself: events, cases, time, search, people, the first outbox."""

from sqlite_utils import Database

from carecli.store.sqlite.migrations.registry import RECORD, run

_TALLY_NEW = "INSERT INTO tallies VALUES (NEW.status, 1) ON CONFLICT DO UPDATE SET cases = cases + 1"
_TALLY_OLD = "UPDATE tallies SET cases = cases - 1 WHERE status = OLD.status"


@RECORD(name="0001_log")
def log(db: Database) -> None:
    """Events: appended in order, never changed (AUD-1)."""
    run(
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
    run(
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
    run(
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
    run(
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
    run(
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
    run(
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
    run(
        db,
        "ALTER TABLE cases ADD COLUMN escalated INTEGER NOT NULL DEFAULT 0",
        "UPDATE cases SET escalated = 1 WHERE state ->> 'escalated'",
        "CREATE INDEX cases_escalated ON cases (modified_at, closed, status, escalated) WHERE escalated = 1",
    )


@RECORD(name="0008_unassigned")
def unassigned(db: Database) -> None:
    """Open cases that nobody has taken, the gravest and oldest of a product group first, for the home page."""
    run(
        db,
        """CREATE INDEX cases_unassigned ON cases (product_group, severity, opened_at)
            WHERE owner IS NULL AND closed = 0""",
    )
