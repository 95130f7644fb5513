"""Advisories, their readers and their digests (ADV-1)."""

from sqlite_utils import Database

from carecli.store.sqlite.migrations.registry import RECORD, run

_TIMER = "INSERT INTO timers SELECT NEW.next_at, 0, 6, '', NEW.id"
_TIMER_OLD = "DELETE FROM timers WHERE (fires_at, number, kind, metric, cycle) = (OLD.next_at, 0, 6, '', OLD.id)"


@RECORD(name="0016_advisories")
def advisories(db: Database) -> None:
    """Advisories as the events of the desk add up to them, who read them, and who is owed what by a digest."""
    run(
        db,
        """CREATE TABLE advisories (
            id INTEGER PRIMARY KEY,
            status TEXT NOT NULL,
            version INTEGER NOT NULL,
            document TEXT NOT NULL,
            author TEXT NOT NULL,
            editor TEXT NOT NULL,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            published TEXT,
            published_version INTEGER,
            published_at TEXT,
            place INTEGER,
            withdrawn_at TEXT,
            reason TEXT,
            deflected INTEGER NOT NULL
        ) STRICT""",
        "CREATE INDEX advisories_published ON advisories (place) WHERE status = 'published'",
        """CREATE TABLE advisory_publications (
            place INTEGER PRIMARY KEY,
            id INTEGER NOT NULL,
            version INTEGER NOT NULL,
            at TEXT NOT NULL,
            document TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX advisory_publications_of ON advisory_publications (id)",
        """CREATE TABLE advisory_reads (
            person TEXT NOT NULL,
            id INTEGER NOT NULL,
            place INTEGER NOT NULL,
            PRIMARY KEY (person, id)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE advisory_told (
            id INTEGER NOT NULL,
            person TEXT NOT NULL,
            PRIMARY KEY (id, person)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE subscribers (
            id INTEGER PRIMARY KEY,
            person TEXT NOT NULL UNIQUE,
            address TEXT NOT NULL,
            next_at TEXT
        ) STRICT""",
        """CREATE TABLE subscriptions (
            subscriber INTEGER NOT NULL,
            topic TEXT NOT NULL,
            service TEXT,
            frequency TEXT NOT NULL,
            since TEXT NOT NULL,
            PRIMARY KEY (subscriber, topic)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE owed_advisories (
            subscriber INTEGER NOT NULL,
            place INTEGER NOT NULL,
            due_at TEXT NOT NULL,
            PRIMARY KEY (subscriber, place)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX owed_advisories_of ON owed_advisories (place)",
        # Timers of digests are of kind 6: they stand as long as their subscriber is owed something.
        f"""CREATE TRIGGER subscribers_wait AFTER UPDATE OF next_at ON subscribers
            WHEN NEW.next_at IS NOT OLD.next_at
            BEGIN {_TIMER_OLD}; {_TIMER} WHERE NEW.next_at IS NOT NULL; END""",
    )
