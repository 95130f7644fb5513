"""What must hold after any fault: the record sound, what was acknowledged on it, and a retry that succeeds."""

import json
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from cli.acceptance import Ran, care
from hard.faults.acts import Act

_UNSET: Final = "no desk"
_ROWS: Final = {
    "events": (
        "SELECT number, at, actor, via, kind, visibility, data FROM events"
        " WHERE kind NOT IN ('follow-up-held', 'follow-up-resumed') ORDER BY position"
    ),
    "outbox": "SELECT id, key, number, kind, recipient, subject, content, message_id, state FROM outbox",
    "received": "SELECT digest, source, size, message_id, outcome, number, reason FROM received ORDER BY digest",
    "stored": "SELECT digest, raw FROM received JOIN received_raw USING (id)",
}
KILLED: Final = {-9, 137}
STATUSES: Final = {0, 1, 6, 75}
"""What a command under a fault may answer: done, failed, database; and of a mail server's pipe: try again."""


class Held(NamedTuple):
    """All that a desk holds and has written for others."""

    rows: dict[str, list[Any]]
    mails: list[tuple[bytes, bytes]]
    files: list[str]
    boxes: list[str]
    outputs: dict[str, bytes | None]

    @property
    def events(self) -> list[Any]:
        """The log, digests included."""
        return self.rows.get("events", [])


def held(act: Act, folder: Path) -> Held:
    """What a folder holds; it is the first to open the database, with nothing but SQLite."""
    database = folder / act.database
    return Held(
        _rows(database),
        sorted(_mail(path) for path in folder.glob("desk.maildir/[cn]*/*")),
        sorted(path.parent.name + path.name for path in folder.glob("desk.files/??/*")),
        sorted(path.name.partition(":")[0] for path in folder.glob("box/[cn]*/*")),
        {name: _bytes(folder / name) for name in act.outputs},
    )


def _rows(database: Path) -> dict[str, list[Any]]:
    if not database.exists() or not database.stat().st_size:
        return {}
    with closing(sqlite3.connect(database)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "SQLite finds it damaged"
        if not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'outbox'").fetchone():
            return {}
        rows: dict[str, list[Any]] = {}
        for name, sql in _ROWS.items():
            with suppress(sqlite3.OperationalError):  # an older desk has fewer tables
                rows[name] = db.execute(sql).fetchall()
        return rows


def _mail(path: Path) -> tuple[bytes, bytes]:
    raw = path.read_bytes()
    identities = [line for line in raw.split(b"\n\n")[0].split(b"\n") if line.startswith(b"Message-ID: ")]
    return (identities[0] if identities else b"", raw)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


class Ends(NamedTuple):
    """How a desk was before an act, and how the act leaves it when nothing is in its way."""

    before: Held
    after: Held


def hold(act: Act, folder: Path, ends: Ends, *, acknowledged: bool) -> None:
    """See that a desk is sound as a fault has left it and one of those it may be, and that a retry succeeds."""
    now = held(act, folder)
    if not (act.damaged and now.events == ends.before.events):
        _sound(act, folder, now)
    _halfway(act, now, ends, acknowledged=acknowledged)
    if act.also:
        act.also(folder)
    retried = _run(folder, act.args(folder), act.stdin)
    for words in act.then:
        followed = _run(folder, act.args(folder, words))
        assert followed.status == 0, f"what follows a retry fails: {followed}"
    done = now.events == ends.after.events
    if act.same or not done:
        assert retried.status == 0, f"a retry fails: {retried}"
        final = held(act, folder)
        _same(final, ends.after)
    else:
        assert retried.status in {0, 5}, f"a retry fails: {retried}"
        final = held(act, folder)
    _sound(act, folder, final)
    if act.also:
        act.also(folder)
    # A migration that is done makes no copy again, and so clears nothing: the next backup does.
    left = [path.name for path in folder.rglob(".care-copy-*") if path.parent != folder]
    assert not left, f"a retry has not cleared {left}"


def at_home(folder: Path) -> dict[str, str]:
    """The variables of a command that is at home below a folder."""
    return {"HOME": str(folder / "home"), "XDG_CONFIG_HOME": str(folder / "home" / "config")}


def _run(folder: Path, args: list[str], stdin: bytes = b"") -> Ran:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in at_home(folder).items():
            patch.setenv(name, value)
        return care(*args, stdin=stdin)


def _sound(act: Act, folder: Path, now: Held) -> None:
    """Nobody is asked to repair anything (AUD-1)."""
    if now.events:
        words = ["--db", str(folder / act.database), "--as", act.admin, "--now", act.at, "--json", "verify"]
        verified = _run(folder, words)
        assert verified.status == 0, f"it is not sound: {verified} {_files(folder)}"


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def _halfway(act: Act, now: Held, ends: Ends, *, acknowledged: bool) -> None:
    """Where it may stand between before and after."""
    events, before, after = now.events, ends.before.events, ends.after.events
    assert events == after[: len(events)], "other events than the undisturbed command writes"
    if events or before:
        assert len(events) >= len(before), "what was on record before is gone"
    if acknowledged and act.stored:
        assert set(ends.after.rows["stored"]) <= set(now.rows["stored"]), "acknowledged, and the message is gone"
    elif acknowledged:
        assert events == after, f"acknowledged, and {len(after) - len(events)} of its events are gone"
    elif act.whole:
        assert events in (before, after), "half of it is on record"
    assert len(set(now.mails)) == len(now.mails), "a mail was delivered twice"
    assert set(now.mails) <= set(ends.after.mails), "a mail that is not whole was delivered"
    for name, content in now.outputs.items():
        allowed = (
            [ends.after.outputs[name]] if acknowledged else [ends.before.outputs[name], ends.after.outputs[name]]
        )
        assert content in allowed, f"{name} is neither the old file nor the new one"
    for kept in ends.before.files:
        assert kept in now.files, f"the file {kept} is gone"


def _same(now: Held, whole: Held) -> None:
    """That a retry came to the same as the command that nobody disturbed."""
    for name, rows in whole.rows.items():
        assert now.rows[name] == rows, f"{name} differ after the retry"
    assert [mail for mail, _ in now.mails] == [mail for mail, _ in whole.mails], "other mails were delivered"
    assert set(now.files) == set(whole.files), "other files are kept"
    assert now.boxes == whole.boxes, "other messages are left in the mailbox"
    assert now.outputs == whole.outputs, "the files written differ"


def answered(ran: Ran) -> bool:
    """Whether somebody has read that it is done."""
    try:
        return ran.status in {0, *KILLED} and json.loads(ran.out) is not None
    except ValueError:
        return False


def complained(ran: Ran) -> None:
    """That a command said in one message what is wrong, or could not say anything at all."""
    assert "Traceback" not in ran.err, ran.err
    assert ran.status in STATUSES, ran
    if ran.status and ran.err:
        assert set(json.loads(ran.err)) == {"error"}, ran
