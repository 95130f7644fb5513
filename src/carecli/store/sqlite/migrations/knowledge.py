"""Knowledge articles (KB-1)."""

from sqlite_utils import Database

from carecli.store.sqlite.migrations.registry import RECORD, run


@RECORD(name="0011_knowledge")
def knowledge(db: Database) -> None:
    """Articles as the events of the desk add up to them, their versions and votes, and how they are found."""
    run(
        db,
        """CREATE TABLE articles (
            id INTEGER PRIMARY KEY,
            slug TEXT NOT NULL UNIQUE,
            status TEXT NOT NULL,
            version INTEGER NOT NULL,
            published_version INTEGER,
            public INTEGER NOT NULL,
            author TEXT NOT NULL,
            created_at TEXT NOT NULL,
            deflected INTEGER NOT NULL
        ) STRICT""",
        """CREATE TABLE article_versions (
            id INTEGER NOT NULL,
            version INTEGER NOT NULL,
            at TEXT NOT NULL,
            editor TEXT NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (id, version)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE article_votes (
            id INTEGER NOT NULL,
            person TEXT NOT NULL,
            helpful INTEGER NOT NULL,
            PRIMARY KEY (id, person)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE article_cases (
            id INTEGER NOT NULL,
            number INTEGER NOT NULL,
            PRIMARY KEY (id, number)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX article_cases_of_case ON article_cases (number)",
        # What contacts find is kept apart: ranks, counts and known words of one would tell of drafts.
        """CREATE VIRTUAL TABLE search_articles USING fts5 (
            title, keywords, body, tokenize = 'porter unicode61 remove_diacritics 2'
        )""",
        """CREATE VIRTUAL TABLE search_public_articles USING fts5 (
            title, keywords, body, tokenize = 'porter unicode61 remove_diacritics 2'
        )""",
        """CREATE TABLE article_words (
            public INTEGER NOT NULL,
            word TEXT NOT NULL,
            articles INTEGER NOT NULL,
            PRIMARY KEY (public, word)
        ) STRICT, WITHOUT ROWID""",
    )
