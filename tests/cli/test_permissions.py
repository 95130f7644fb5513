"""Every command, every role, every kind of case: what each may do, held against a grid written from the rules.

`permissions.txt` is the grid. Every cell is tried: by exit status and code, and by what is in the log afterwards.
A command, an option or a cell that is missing there fails a test of its own.
"""

import json
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import engine
import pytest
from cli import permission_desk
from cli.acceptance import Ran, care
from cli.clinic_desk import SYSTEM, Desk, commands
from cli.permission_desk import NOBODIES, NOTE, NOW, ROLES, WORD, Entry, Stage
from cli.permission_grid import COLUMNS, NO_CASE, Act, Unreadable, acts, filled
from engine import sqlite_alone
from other_hands import peeked
from served_desks import address, kept

from carecli.commands.declared import Option
from carecli.desk import pins

ACTS: Final = acts()
TEAM: Final = frozenset(map(ROLES.__getitem__, "amdy"))
CODES: Final = {2: "invalid", 3: "not-found", 4: "not-permitted", 5: "refused"}
OTHERWISE: Final = {"mail receive": {75: "T"}, "doctor --check": {3: "U"}}
"""Commands that answer another program have statuses of their own."""
BY_ITSELF: Final = (
    "tick",
    "mail deliver",
    "mail fetch",
    "mail receive",
    "open --from-alert",
    "doctor",
    "verify",
    "backup",
    "copy",
)
"""What cron, monitors and mail servers run: as the system where nobody is named."""
CONSEQUENCES: Final = frozenset(
    {
        *("clocks-started", "clock-met", "clock-warned", "clock-breached", "deadline-met", "deadline-missed"),
        *("service-back", "component-changed", "follow-up-held", "investigated", "document-added"),
    }
)
"""Events that an act may bring about beside its own: what time and other rules make of it."""


UNTRIED: Final = frozenset({"demo", "cron install", "gate enter"})
"""What writes outside of the desk (a trial desk, a crontab), and what runs any other command (`test_gate`)."""
NEUTRAL: Final = frozenset(
    {
        # What is said, and how it is told.
        *(
            "message",
            "file",
            "reason",
            "format_",
            "fields",
            "output",
            "limit",
            "page",
            "sort",
            "layout",
            "numbers",
        ),
        *("yes", "redact", "confirm_sanitized", "force", "name", "title", "specific", "restoration", "measures"),
        *("comments", "started", "slug", "keyword", "solution", "kind", "release", "base", "wanted", "window"),
        # What narrows a list: rows that may not be seen are not there to begin with.
        *(
            "status",
            "type_",
            "priority",
            "escalated",
            "deployment",
            "service",
            "component",
            "since",
            "until",
            "state",
        ),
        *("outcome", "unread", "metric", "by", "plan", "owner", "in_group", "list_", "all_", "every", "months"),
        # How time and tables are read.
        *("timezone", "hours", "holidays", "close_on", "text_column", "label_column", "why", "sla", "exit_code"),
    }
)
"""Options that decide nothing about who may do what."""
NEUTRAL_HERE: Final = frozenset(
    {
        *("open subject", "open description", "open impact", "open stage", "open subtype", "open users_affected"),
        *("open frequency", "open observed_at", "open steps", "open troubleshooting", "open local_contact"),
        *("open hours_location", "open field", "open check", "open resume"),
        *("similar description", "kb import dry_run", "split stage", "split impact", "component learn afresh"),
        *(
            "incident describe root_cause",
            "request resubmit field",
            "request sign document",
            "feature convert subtype",
        ),
        *("maintenance show within", "maintenance announce begins", "advisory add from_", "advisory add to"),
        *(
            "advisory edit from_",
            "advisory edit to",
            "tick replay",
            "tick watch",
            "policy show toml",
            "mail fetch keep",
        ),
        *("mail key renew accept_for", "account edit remove_add_on", "gate keys program", "import dry_run"),
        *("import copies", "backup keep", "backup no_verify", "schema lines", "cron show systemd"),
    }
)
"""The same, of one command."""


class Trial(NamedTuple):
    """A desk on which each act begins anew."""

    stage: Stage
    fresh: bytes
    watch: "Watch"

    @property
    def file(self) -> Path:
        """Its database."""
        return self.stage.desk.folder / "desk.db"

    def run(self, act: Act, who: str | None, case: str) -> tuple[Ran, bool, list[Entry]]:
        """Do it: how it ended, whether anything at all was written, and the events; then all is as before."""
        args = filled(act.words, self.stage.words, case)
        if "-" not in args and args[0] not in {"complete", "completion"}:
            args = ["--json", *args]
        self.watch.begin()
        stdin = self.stage.words[act.stdin].encode() if act.stdin else b""
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.stage.desk.folder)
            asked = ("--db", "desk.db", *(("--as", who) if who else ()), "--now", NOW)
            ran = care(*asked, *args, stdin=stdin)
        written = self.watch.written()
        entries = self._since() if written else []
        if written:
            self._restore()
        return ran, written, entries

    def _since(self) -> list[Entry]:
        asked = "SELECT number, kind, actor, data FROM events WHERE position > ? ORDER BY position"
        return [Entry(*row) for row in peeked(str(self.file), asked, (self.stage.events,))]

    def _restore(self) -> None:
        self.watch.close()
        for tail in ("-wal", "-shm"):
            Path(f"{self.file}{tail}").unlink(missing_ok=True)
        self.file.write_bytes(self.fresh)


class Watch:
    """Whether anybody writes to the desk in a file."""

    def __init__(self, file: Path) -> None:
        self.file = str(file)
        self._db: sqlite3.Connection | None = None
        self._before = 0

    def begin(self) -> None:
        """Look from now on."""
        self._db = self._db or sqlite3.connect(self.file)
        self._before = self._version()

    def written(self) -> bool:
        """Whether anything was written since."""
        return self._version() != self._before

    def close(self) -> None:
        """Let go of the file."""
        if self._db:
            self._db.close()
        self._db = None

    def _version(self) -> int:
        assert self._db
        (version,) = self._db.execute("PRAGMA data_version").fetchone()
        return int(version)


class ServedWatch(Watch):
    """The same of a desk on a server: compared as a whole, but only after somebody was about to write."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self._fresh = engine.dump(address(self.file))

    def begin(self) -> None:
        """Look from now on."""
        self._before = self._version()

    def written(self) -> bool:
        """Whether anything was written, and stayed."""
        return self._version() != self._before and engine.dump(address(self.file)) != self._fresh

    def _version(self) -> int:
        """The number of the server's next transaction that writes."""
        return int(engine.server().asked("SELECT CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text)"))


@pytest.fixture(scope="module")
def trial(clinic: Desk) -> Iterator[Trial]:
    """The desk of `permission_desk`, with its first state kept; its PINs cost nothing to check."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"PASSES": 1, "MEMORY_KIB": 8, "LANES": 1}.items():
            patch.setattr(pins, name, value)
        stage = permission_desk.build(clinic.copied("permissions"))
        file = stage.desk.folder / "desk.db"
        watch = ServedWatch(file) if engine.ON_SERVER else Watch(file)
        yield Trial(stage, kept(file), watch)
    watch.close()


def marked(
    act: Act, stage: Stage, case: str, who: str | None, ran: Ran, written: bool, entries: list[Entry]
) -> str:
    """The mark that an outcome has earned; `!` and why where it is none of them."""
    if ran.status not in act.done:
        return _refused(act, ran, written, entries)
    if act.kinds is not None:
        return _done(act, stage, who, entries)
    if entries:
        return f"! {[entry.kind for entry in entries]}"
    number = stage.words.get(case, "\0")
    wanted = act.shown.format_map(stage.words) if act.shown else number
    shown = wanted in ran.out or (act.of_case and not act.shown and WORD in ran.out)
    noted = (NOTE in ran.out or "ours.log" in ran.out) and "{NOTE}" not in act.line
    if act.of_case or act.shown:
        return "." if not (shown or noted) else "i" if noted and shown else "v" if shown else "! a note"
    # In a list of many cases a note may stand at another one.
    return "! a note" if noted and who not in TEAM else "v" if shown else "."


def _refused(act: Act, ran: Ran, written: bool, entries: list[Entry]) -> str:
    if ran.status in OTHERWISE.get(act.line, {}):
        return OTHERWISE[act.line][ran.status]
    if entries or (written and '"rule": "DC-4"' not in ran.err):
        return f"! {ran.status}, and something was written"
    if ran.out or ran.status not in CODES:
        return f"! {ran.status} {ran.err}"
    code = json.loads(ran.err)["error"]["code"] if ran.err.startswith("{") else CODES[ran.status]
    return str(ran.status) if code == CODES[ran.status] else f"! {ran.status} {code}"


def _done(act: Act, stage: Stage, who: str | None, entries: list[Entry]) -> str:
    assert act.kinds is not None
    kinds = {entry.kind for entry in entries}
    missing, more = act.kinds.keys() - kinds, kinds - act.kinds.keys() - CONSEQUENCES
    others = {
        entry.actor for entry in entries if entry.kind in act.kinds and entry.actor != _by(act, stage, who, entry)
    }
    if missing or more or others:
        return f"! without {sorted(missing)}, with {sorted(more)}, by {sorted(others)}"
    return "+"


def _by(act: Act, stage: Stage, who: str | None, entry: Entry) -> str:
    """Whose act an event has to be."""
    named = (act.kinds or {}).get(entry.kind)
    return named.format_map(stage.words) if named else who or SYSTEM


def people(act: Act, column: str, row: int) -> list[str | None]:
    """Who stands behind a column: one person, or nobody; None is not named at all.

    Every kind of nobody tries each command once; on its other rows they take turns.
    """
    by_itself = act.line.startswith(BY_ITSELF)
    if column != "n":
        return [ROLES[column], *([None] if column == "y" and by_itself else [])]
    nobodies: list[str | None] = [*NOBODIES, *([] if by_itself else [None])]
    if act.line.startswith("init"):  # which asks for an address first of all
        nobodies = [who for who in NOBODIES if "@" in who]
    return nobodies if row == 0 else [nobodies[row % len(nobodies)]]


def outcomes(trial: Trial, act: Act) -> Iterator[tuple[str, str, str, str]]:
    """Each cell that came out otherwise: case, column, what was expected, what was."""

    @cache
    def ran(who: str | None, case: str) -> tuple[Ran, bool, list[Entry]]:
        return trial.run(act, who, case)

    lines = [each.line for each in ACTS if name_of(each) == name_of(act)]
    for row, (case, marks) in enumerate(act.rows.items(), start=lines.index(act.line)):
        for column, expected in zip(COLUMNS, marks, strict=True):
            for who in people(act, column, row):
                outcome = ran(who, case if act.of_case else NO_CASE)
                mark = marked(act, trial.stage, case, who, *outcome)
                if mark != expected:
                    yield case, str(who), expected, f"{mark}  {outcome[0].err.strip()[:200]}"


OF_A_FILE: Final = ("backup copies", "postgres roles")
"""What the grid tells of a desk in a file, which one on a server answers otherwise."""


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(
            act, id=act.line, marks=[sqlite_alone("answered otherwise")] if act.line.startswith(OF_A_FILE) else []
        )
        for act in ACTS
    ],
)
def test_each_may_do_what_the_rules_say(trial: Trial, act: Act) -> None:
    """DC-1, DC-3, DC-5, ACC-5, SR-1: each cell of the grid, by its answer and by the log."""
    assert [*outcomes(trial, act)] == []


def test_no_command_is_missing() -> None:
    """A command that is new stands in the grid, or this fails; so does an act of a command that is gone."""
    known = {name for name, _ in commands()}
    assert known == {name_of(act) for act in ACTS} | UNTRIED


def test_every_option_that_decides_is_tried() -> None:
    """An option that is new is tried in the grid, or it is said that it decides nothing about who may."""
    tried = {name: {word for act in ACTS if name_of(act) == name for word in act.words} for name, _ in commands()}
    missing = {
        f"{name} {parameter.name}"
        for name, command in commands()
        for parameter in command.parameters()
        if name not in UNTRIED
        and isinstance(parameter.declared, Option)
        and parameter.name not in NEUTRAL
        and f"{name} {parameter.name}" not in NEUTRAL_HERE
        and not tried[name] & {each for flag in parameter.flags for each in flag.split("/")}
    }
    assert missing == set()


def test_every_command_on_a_case_is_tried_on_every_kind() -> None:
    """A command that names a case is tried on one that is open, one that is closed, and a private one."""
    of_case = {name_of(act) for act in ACTS if "CASE" in act.words}
    for name in sorted(of_case):
        cases = {case for act in ACTS if name_of(act) == name for case in act.rows}
        closed, private = (
            {case for case in cases if "closed" in case},
            {case for case in cases if "private" in case},
        )
        assert closed, name
        assert private, name
        assert cases - closed - private, name


def test_a_cell_that_is_missing_is_refused() -> None:
    """The grid says something for everybody, or it is not read at all."""
    with pytest.raises(Unreadable, match="a cell is missing"):
        acts(["care list", "    calls  4.v. .... v..v"])
    with pytest.raises(Unreadable, match="a cell is missing, or unknown"):
        acts(["care list", "    calls  4.v. .... v..v ?"])
    with pytest.raises(Unreadable):
        acts(["care list", "    -  4.v. .... v..v 4", "    -  4.v. .... v..v 4"])
    assert all(act.rows for act in ACTS)
    assert len({act.line for act in ACTS}) == len(ACTS)


@cache
def names() -> list[str]:
    """The commands, longer names first."""
    return sorted((name for name, _ in commands()), key=len, reverse=True)


def name_of(act: Act) -> str:
    """The command that an act runs."""
    return _named(act.line)


@cache
def _named(line: str) -> str:
    return next(name for name in names() if f"{line} ".startswith(f"{name} "))
