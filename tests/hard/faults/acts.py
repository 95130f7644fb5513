"""Everything that writes: a desk before it, the command, and what may be told apart afterwards."""

import atexit
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from cli.acceptance import Who
from desk.test_importing import row, written
from desk_fixtures import ADA, DANA, SAM
from hard.faults.copies import backups_whole, kept_before_migration
from letters import OPEN, Scene, copied_scene, letter, mixed, scene_in
from memory import roomy
from store.test_released import unpacked

from carecli.config import Config

HERE: Final = "<here>"
"""Stands for the folder in the words of a command."""
PLACE: Final = "place"
"""The folder, beside those that acts start from, in which they are tried."""
DATABASE: Final = "desk.db"
FRIDAY, LATER, WEEK_AFTER = "2026-03-06T10:00:00Z", "2026-03-06T12:00:00Z", "2026-03-13T15:00:00Z"
MTIME: Final = 1_772_000_000
"""When every file of a desk was written, by its clock."""
_KIB: Final = 1024


class Act(NamedTuple):
    """A command, and the folder it starts from.

    `whole` is one that is on record as a whole or not at all; others are done in steps. `same` is one that leads
    to the same record when it is run again. `outputs` are files that it writes for somebody: the old or the new.
    """

    name: str
    desk: Path
    words: tuple[str, ...]
    who: str = ADA
    at: str = FRIDAY
    stdin: bytes = b""
    whole: bool = True
    same: bool = False
    outputs: tuple[str, ...] = ()
    then: tuple[tuple[str, ...], ...] = ()
    """What follows when it is tried again."""
    database: str = DATABASE
    also: Callable[[Path], None] | None = None
    """What else must hold below the folder, at any time."""
    damaged: bool = False
    """Whether the desk it starts from does not verify."""
    admin: str = ADA
    stored: bool = False
    """Whether its acknowledgement says no more than that the message is stored."""

    def args(self, folder: Path, words: Iterable[str] | None = None) -> list[str]:
        """The words that it is started with, below a folder."""
        here = [word.replace(HERE, str(folder)) for word in (self.words if words is None else words)]
        return ["--db", str(folder / self.database), "--as", self.who, "--now", self.at, "--json", *here]


def room(folder: Path) -> Path:
    """A folder in memory where that has room, as thousands of desks are laid out in it; else this one."""
    memory = roomy()
    if memory is None:
        return folder
    made = Path(tempfile.mkdtemp(prefix="care-faults-", dir=memory))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def made(template: Config, room: Path) -> dict[str, Act]:
    """Every act by its name, each with a desk below `room`."""
    desks = _Desks(template, room)
    acts = [act for make in _MAKERS for act in make(desks)]
    return {act.name: act for act in acts}


class _Desks:
    """The desks that acts start from, each made when it is first asked for."""

    def __init__(self, template: Config, room: Path) -> None:
        self.template = template
        self.room = room
        self._scene = scene_in(template, _folder(room / "scene"))

    def copied(self, name: str) -> tuple[Path, Scene]:
        """A folder with the desk at which mail arrives; whoever takes it closes it."""
        folder = _folder(self.room / name)
        return folder, copied_scene(self.template, self._scene, folder)

    def closed(self, name: str) -> Path:
        """A folder with that desk, ready."""
        folder, scene = self.copied(name)
        scene.office.store.close()
        return folder


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _case_acts(desks: _Desks) -> Iterable[Act]:
    folder = desks.closed("cases")
    (folder / "small.log").write_bytes(b"one line of a log\n" * 64)
    (folder / "large.bin").write_bytes(os.urandom(3 * _KIB) * 700)
    files = ("--attach", f"{HERE}/small.log", "--attach", f"{HERE}/large.bin", "--confirm-sanitized")
    form = ("-s", "Calls drop", "--deployment", "West", "--service", "Voice", "--stage", "production")
    text = (
        "-m",
        "Since this morning every third call to the queue drops after ten seconds.",
        "--impact",
        "Agents call back.",
        "--priority",
        "low",
    )
    yield Act("open --attach", folder, ("open", *form, *text, *files), DANA)
    yield Act("update", folder, ("update", "3", "-m", "It still happens every day."), DANA)
    yield Act("close", folder, ("close", "3", "-m", "It is repaired."), SAM)
    yield Act("policy rebase", folder, ("policy", "rebase", "guide", "--yes"), ADA, same=True, whole=False)
    piped = ("attachment", "add", "3", "-", "--name", "trace.log", "--confirm-sanitized")
    yield Act("attachment add -", folder, piped, DANA, stdin=b"a trace that came by a pipe\n" * 40)


def _outputs(desks: _Desks) -> Iterable[Act]:
    folder = desks.closed("outputs")
    _run_before(
        folder, ["attachment", "add", "3", "-", "--name", "a.log", "--confirm-sanitized"], b"a line\n" * 900
    )
    for name in ("cases.csv", "log.tsv", "a.log"):
        (folder / name).write_text("before")
    yield Act("export", folder, ("export", f"{HERE}/cases.csv"), SAM, same=True, outputs=("cases.csv",))
    log = ("log", "--all", "--output", f"{HERE}/log.tsv")
    yield Act("log --output", folder, log, SAM, same=True, outputs=("log.tsv",))
    got = ("attachment", "get", "3", "--output", f"{HERE}/a.log")
    yield Act("attachment get", folder, got, SAM, same=True, outputs=("a.log",))


def _run_before(folder: Path, words: list[str], stdin: bytes = b"", *, who: str = SAM, at: str = FRIDAY) -> None:
    ran = Who(str(folder / DATABASE), who, at)(*words, stdin=stdin)
    assert ran.status == 0, ran


def _time(desks: _Desks) -> Iterable[Act]:
    folder = desks.closed("time")
    then = (("mail", "deliver", "--all"),)
    yield Act("tick", folder, ("tick",), "system", WEEK_AFTER, whole=False, same=True, then=then)


def _mail(desks: _Desks) -> Iterable[Act]:
    folder, scene = desks.copied("mail")
    parts = mixed(
        ("Content-Type: text/plain", "The trace is attached."),
        ('Content-Type: text/x-log; name="a.log"\nContent-Disposition: attachment', "a line\n" * 400),
    )
    message = letter(**parts, in_reply_to=scene.mid(OPEN))
    box = _folder(folder / "box")
    for name in ("new", "cur", "tmp"):
        _folder(box / name)
    for place in range(3):
        raw = letter(f"Answer {place}.", id_=f"<{place}@x>", in_reply_to=scene.mid(OPEN))
        (box / "new" / f"1772000000.{place}.host").write_bytes(raw)
    scene.office.store.close()
    receive = Act("mail receive", folder, ("mail", "receive"), "system", whole=False, same=True, stored=True)
    yield receive._replace(stdin=message)
    fetch = ("mail", "fetch", "--maildir", f"{HERE}/box")
    yield Act("mail fetch", folder, fetch, "system", whole=False, same=True, stored=True)
    yield Act("mail fetch --delete", folder, (*fetch, "--delete"), "system", whole=False, same=True, stored=True)


def _imports(desks: _Desks) -> Iterable[Act]:
    folder = desks.closed("import")
    rows = [row("New", number=f"INC{i:07}") for i in range(104)]
    written(folder, [*rows, *(row("Resolved", "03 09:30", 1, number=f"INC{i:07}") for i in range(0, 104, 9))])
    words = ("import", f"{HERE}/log.csv", "--from", "servicenow", "--account", "Elsewhere")
    yield Act("import", folder, words, ADA, "2026-03-09T09:00:00Z", whole=False, same=True)


def _beside(desks: _Desks) -> Iterable[Act]:
    """A desk whose write-ahead log holds more than the file: somebody else was killed there."""
    folder = desks.closed("beside")
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        # Who looks on keeps the log from being taken into the file.
        db.execute("SELECT count(*) FROM events").fetchone()
        _run_before(folder, ["update", "3", "-m", "This stands in the log alone."])
        for name in (DATABASE, f"{DATABASE}-wal"):
            shutil.copyfile(folder / name, folder / f"{name}.copy")
    for name in (DATABASE, f"{DATABASE}-wal"):
        (folder / f"{name}.copy").replace(folder / name)
    (folder / f"{DATABASE}-shm").unlink(missing_ok=True)
    yield Act("update on a log", folder, ("update", "3", "-m", "It still happens every day."), DANA)


def _copies(desks: _Desks) -> Iterable[Act]:
    # Made where it is tried: a backup knows which desk it is of.
    folder = desks.closed(PLACE)
    words = ["attachment", "add", "3", "-", "--confirm-sanitized", "--name"]
    _run_before(folder, [*words, "a.log"], b"a line\n" * 900)
    one, dated = _folder(folder / "one"), _folder(folder / "many")
    _run_before(folder, ["backup", str(one / "kept.db")], who=ADA)
    _run_before(folder, ["backup", str(dated)], who=ADA)
    _run_before(folder, [*words, "b.log"], b"another line\n" * 500, at=LATER)
    folder = folder.rename(desks.room / "copies")
    backup = Act("backup", folder, ("backup", f"{HERE}/one/kept.db"), ADA, LATER, whole=False, same=True)
    yield backup._replace(also=backups_whole)
    many = ("backup", f"{HERE}/many", "--keep", "1")
    yield backup._replace(name="backup --keep", words=many, also=backups_whole)


def _older(desks: _Desks) -> Iterable[Act]:
    folder = _folder(desks.room / "older")
    unpacked(folder, 13)
    words = ("list", "--all")
    admin = "ada@desk.example"
    yield Act("migration", folder, words, admin, same=True, also=kept_before_migration, admin=admin)


def _damaged(desks: _Desks) -> Iterable[Act]:
    folder = desks.closed("damaged")
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        db.execute("DELETE FROM timers")
        db.execute("DELETE FROM standing")
        db.execute("UPDATE cases SET modified_at = '2026-01-01T00:00:00Z'")
        db.commit()
    words = ("verify", "--repair", "--yes")
    yield Act("verify --repair", folder, words, ADA, same=True, damaged=True)


def _first_use(desks: _Desks) -> Iterable[Act]:
    folder = _folder(desks.room / "init")
    init = ("init", "--email", ADA, "--name", "Ada Park", "--timezone", "UTC")
    yield Act(
        "init",
        folder,
        init,
        ADA,
        whole=False,
        same=True,
        database="new/care/desk.db",
        outputs=("home/config/care/config.toml",),
    )


_MAKERS: Final[tuple[Callable[[_Desks], Iterable[Act]], ...]] = (
    _first_use,
    _case_acts,
    _outputs,
    _time,
    _mail,
    _imports,
    _beside,
    _copies,
    _older,
    _damaged,
)


def laid(act: Act, folder: Path) -> Path:
    """The desk of an act at its place, as it was before."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(act.desk, folder, copy_function=shutil.copyfile)
    settled(folder)
    return folder


def settled(folder: Path) -> None:
    """Have every file below a folder be of the same age, and its owner's alone."""
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o700)
        else:
            path.chmod(0o600)
            os.utime(path, (MTIME, MTIME))
