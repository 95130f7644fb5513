"""Files on cases (ATT-1)."""

from itertools import groupby
from operator import attrgetter

from sqlite_utils import Database

from carecli.domain import attachment
from carecli.store import codec
from carecli.store.attachments import INSERT, rows
from carecli.store.sqlite.migrations.registry import RECORD, run


@RECORD(name="0010_attachments")
def attachments(db: Database) -> None:
    """Every file that came to a case, in their order there; told by the events, those of mail too (ATT-1)."""
    run(
        db,
        """CREATE TABLE attachments (
            number INTEGER NOT NULL,
            place INTEGER NOT NULL,
            id TEXT NOT NULL,
            public INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            size INTEGER NOT NULL,
            by_mail INTEGER NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (number, place)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX attachments_by_content ON attachments (sha256)",
    )
    # Looked for as text: taking every event's JSON apart would take minutes at a large desk.
    told = db.conn.execute(
        f"SELECT {codec.EVENT_COLUMNS} FROM events WHERE number IS NOT NULL"  # noqa: S608 - names from this program
        " AND (kind IN ('attached', 'sanitised') OR instr(data, '\"files\":')) ORDER BY number, seq"
    )
    for number, history in groupby(map(codec.recorded, told), attrgetter("number")):
        db.conn.executemany(INSERT, rows(number, attachment.files(history)))
