"""Who is in which chat (CHAT-1)."""

from sqlite_utils import Database

from carecli.store.migrations.registry import RECORD, run


@RECORD(name="0017_chat")
def chat(db: Database) -> None:
    """Nothing yet."""
    run(
        db,
    )
