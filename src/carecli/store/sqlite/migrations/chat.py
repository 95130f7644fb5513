"""Who is in which chat (CHAT-1)."""

from sqlite_utils import Database

from carecli.store.sqlite.migrations.registry import RECORD, run


@RECORD(name="0017_chat")
def chat(db: Database) -> None:
    """The programs that are in a chat, by their last sign of life, and the timers of chats that stand."""
    run(
        db,
        """CREATE TABLE chat_presence (
            number INTEGER NOT NULL,
            session TEXT NOT NULL,
            email TEXT NOT NULL,
            side TEXT NOT NULL,
            beat_ms INTEGER NOT NULL,
            PRIMARY KEY (number, session)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX timers_of_chats ON timers (number) WHERE kind = 7",
    )
