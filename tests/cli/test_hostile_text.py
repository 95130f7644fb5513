"""What strangers write is never obeyed: by a terminal, a spreadsheet, a browser, a mail program, another program.

One desk holds hostile text in everything that somebody from outside can write. Every command that reads is run on
it, in every form that it has, and every option of every command that writes is given hostile text.
"""

import csv
import io
import json
import mailbox
import os
import shutil
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final, NamedTuple

import hostile
import other_desks
import pytest
from cli import hostile_desk
from cli.acceptance import ADA, Ran, Who, care
from cli.at_a_terminal import screen
from cli.hostile_desk import ACCOUNT, CONTACT, LATER, Act, Made
from hostile import ALL, BRIEF, LINES

from carecli.commands import listing, plain
from carecli.commands.declared import Argument, Command, Family, Parameter
from carecli.commands.panels import COMMANDS, HIDDEN, loaded

EVERYTHING: Final = os.environ.get("CARE_HOSTILE") == "all"
"""Whether every hostile text is tried in every place, which takes minutes."""
STATUSES: Final = {0, 1, 2, 3, 4, 5, 6, 10, 65}


class Place(NamedTuple):
    """The desk with everything hostile on it."""

    folder: Path
    tried: int
    stored: int

    @property
    def database(self) -> str:
        """Where it is."""
        return str(self.folder / "desk.db")


def commands() -> Iterator[tuple[str, Command]]:
    """Every command by the words that call it."""
    for name, named in {**COMMANDS, **HIDDEN}.items():
        found = loaded(named) if named.target else None
        if isinstance(found, Family):
            yield from ((f"{name} {words}", command) for words, command in found.every())
        elif found is not None:
            yield name, found


EVERY: Final = dict(commands())


def command_of(words: tuple[str, ...]) -> str:
    """The command that words call."""
    return next(" ".join(words[:n]) for n in (3, 2, 1) if " ".join(words[:n]) in EVERY)


# Writing

ELSEWHERE: Final = {
    *("demo", "import", "mail fetch", "policy use", "policy rebase", "calendar rebase", "component learn"),
    *("kb import", "kb publish", "kb retire", "advisory withdraw", "advisory read", "advisory unsubscribe"),
    *("attachment confirm", "attachment tidy", "contact deactivate", "staff deactivate", "cron install"),
    *("mail deliver", "mail resend", "mail triage link", "mail triage discard", "mail key renew", "gate enter"),
}
"""Commands that write and take no text of a stranger, or are tried by tests of their own below."""


def texts(name: str) -> list[Parameter]:
    """What of a command's options and arguments is a text."""
    return [p for p in EVERY[name].parameters() if "str" in str(p.type)]


def given(words: tuple[str, ...]) -> dict[str, object]:
    """What the words of a call say for each parameter."""
    read = plain.call(loaded({**COMMANDS, **HIDDEN}[words[0]]), words[0], words)
    return {} if read is None else read.values


def with_text(words: tuple[str, ...], parameter: Parameter, text: str) -> tuple[str, ...] | None:
    """The call with a text for that parameter; None where an argument is not told."""
    if isinstance(parameter.declared, Argument):
        said = given(words).get(parameter.name)
        first = said[0] if isinstance(said, list) and said else said
        return tuple(text if word == first else word for word in words) if first in words else None
    flag = parameter.flags[0]
    rest = [
        word
        for place, word in enumerate(words)
        if word not in parameter.flags and words[place - 1] not in parameter.flags
    ]
    return (*rest[: len(rest)], f"{flag}={text}") if "--" not in rest else None


def tried(desk: Made, act: Act, name: str, folder: Path, refusing: Counter[int]) -> Iterator[tuple[str, str, Ran]]:
    """Each text of a call replaced by hostile ones, on a copy of the desk: what it was, and what was answered."""
    for parameter in texts(name):
        # What several commands declare as one and the same, and twice refused, they all refuse.
        if refusing[id(parameter.declared)] > 1 and not EVERYTHING:
            continue
        for text in (ALL, BRIEF, *LINES.values()):
            words = with_text(desk.words(act), parameter, text)
            if words is None:
                break
            shutil.copyfile(desk.database, folder / "copy.db")
            ran = Who(str(folder / "copy.db"), act.who, act.now)(*words, stdin=act.stdin)
            yield parameter.name, text, ran
            refusing[id(parameter.declared)] += ran.status == 2 and text == LINES["markup"]
            # A text that takes everything takes what is in it; one that does not may take a line.
            if not EVERYTHING and (ran.status == 0 or text == LINES["markup"]):
                break


@pytest.fixture(scope="module")
def place(trial_desk: bytes, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The desk, made by commands; each text that one of them takes was tried on the way."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "desk.db").write_bytes(trial_desk)
    hostile_desk.places(folder)
    desk, done, wrong, counts = Made(str(folder / "desk.db")), set[str](), list[object](), [0, 0]
    refusing = Counter[int]()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("HOME", str(folder))
        for name in ("CONFIG", "DATA", "STATE"):
            patch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
        for act in hostile_desk.acts(desk.database):
            name = command_of(act.words) if act.words != ("gate",) else "gate enter"
            if name not in done and act.taken:
                done.add(name)
                for option, text, ran in tried(desk, act, name, folder, refusing):
                    counts[0] += 1
                    counts[1] += ran.status == 0
                    faults = [*hostile.of_plain(ran.out), *hostile.of_plain(ran.err)]
                    if faults or ran.status not in STATUSES:
                        wrong.append((name, option, text[:30], faults, ran))
            desk, ran = desk.does(act)
            if ran.status != 0 and act.taken:
                wrong.append((act.words, ran))
    assert not wrong, "\n".join(map(str, wrong[:20]))
    return Place(folder, *counts)


def test_what_is_written(place: Place) -> None:
    """CLI: each text of each command that writes is taken or refused, and nothing of it is obeyed on the way."""
    print(f"\nhostile texts tried in options and arguments: {place.tried:,}, taken: {place.stored:,}")
    assert place.tried > 300
    assert place.stored >= 80


# Reading

OWN, PART, ASKED, PRIVACY = "10", "11", "12", "13"
"""The problem that became an incident, its part, the change request, the data-privacy request."""
READS: Final[tuple[tuple[str, ...], ...]] = (
    (),
    ("list", "--all", "--group", "--limit", "100"),
    ("search", "evil", "--all", "--group"),
    ("search", LINES["html"], "--all"),
    *(("show", number) for number in ("10", "11", "12", "14", "16", "20", "21")),
    ("show", OWN, "--at", LATER),
    ("similar", "-s", LINES["markup"], "--all"),
    ("similar", OWN, "--all"),
    ("kb", "search", LINES["template"]),
    ("kb", "list"),
    ("kb", "show", "1"),
    ("kb", "show", "2"),
    ("kb", "versions", "1"),
    ("kb", "diff", "1"),
    ("log", OWN),
    ("log", "--all"),
    ("explain", OWN),
    ("export", "-", "--all"),
    ("bundle", "write", OWN),
    ("attachment", "list", OWN),
    ("attachment", "scan", OWN, "1"),
    ("chat", "list"),
    ("chat", "show", OWN),
    ("component", "list"),
    ("component", "predict", "evil.csv"),
    ("incident", "show", OWN),
    ("incident", "report", OWN),
    ("incident", "action", "list", OWN),
    ("maintenance", "show", "--within", "30d"),
    ("advisory", "list"),
    ("advisory", "show", "1"),
    ("advisory", "subscriptions", "--all"),
    ("contact-us", "--account", ACCOUNT),
    ("whatnext",),
    ("tick", "--dry-run"),
    ("forecast", "--within", "90d"),
    ("report", "--by", "plan,priority,account,owner,group,service,component,type", "--numbers"),
    *(("report", "--list", name) for name in ("attainment", "breaches", "backlog", "clocks", "cases")),
    ("policy", "show"),
    ("policy", "check", "evil.toml"),
    ("policy", "list"),
    ("policy", "diff", "evil.toml"),
    ("policy", "impact", "evil.toml"),
    ("calendar", "show", "--account", ACCOUNT),
    ("calendar", "check", "--account", "all"),
    ("calendar", "impact", "--account", ACCOUNT, "--hours", "24x7"),
    ("mail", "outbox", "--limit", "200"),
    *(("mail", "show", str(number)) for number in (*range(20, 60, 6),)),
    ("mail", "inbox", "--limit", "200"),
    ("mail", "triage", "list", "--limit", "200"),
    *(("mail", "triage", "show", f"in-{number}") for number in range(2, 32, 7)),
    ("account", "list"),
    ("account", "show", ACCOUNT),
    ("account", "entitlements", ACCOUNT),
    ("contact", "list", "--account", ACCOUNT),
    ("staff", "list"),
    ("doctor",),
    ("verify",),
    ("verify", "--seal"),
    ("backup", "--list"),
    ("gate", "log", "--limit", "100"),
    ("gate", "keys"),
    ("mail", "key", "show"),
    ("cron", "show"),
    *(
        ("complete", kind, "")
        for kind in ("account", "case", "component", "contact", "deployment", "person", "service")
    ),
)
TO_A_FILE: Final[tuple[tuple[str, ...], ...]] = (
    ("explain", OWN, "--html", "page.html"),
    ("report", "--html", "page.html"),
    ("report", "--format", "xlsx", "--output", "book.xlsx"),
    ("incident", "report", OWN, "--format", "html", "--output", "page.html"),
    ("incident", "report", OWN, "--format", "md", "--output", "page.md"),
    ("maintenance", "show", "--within", "30d", "--format", "ics", "--output", "dates.ics"),
    ("export", "book.xlsx", "--all"),
    ("export", "sheet.csv", "--all"),
    ("export", "sheet.tsv", "--all"),
    ("doctor", "--format", "prometheus"),
    ("log", "--all", "--format", "jsonl", "--output", "log.jsonl"),
)
SILENT: Final = {
    "postgres roles",
    "calendar add",
    "calendar between",
    "bundle verify",
    "schema",
    "completion",
    "attachment get",
}
"""Commands that tell nothing of a stranger's, or his bytes as they are."""
UNFOLDED: Final = {
    "incident report",
    "cron show",
    "complete",
    "kb diff",
    "bundle write",
    "export",
    "mail show",
    "gate keys",
}
"""Commands that write a document as it is, for another program as well."""
READERS: Final = {ADA: (80, 120), CONTACT: (80, 120) if EVERYTHING else (80,)}
"""Who reads, at terminals of which widths."""


def lists(name: str) -> bool:
    """Whether a command has the formats of a listing."""
    return any(p.declared is listing.Format.__metadata__[0] for p in EVERY[name].parameters())  # type: ignore[attr-defined]


def read(place: Place, who: str, *args: str) -> Ran:
    """Run a command on the desk, away from a terminal."""
    return Who(place.database, who, LATER)(*args)


def texts_of(place: Place, who: str, words: tuple[str, ...], widths: tuple[int, ...]) -> Iterator[str]:
    """What is wrong with an answer in the forms that every command has."""
    ran = read(place, who, *words)
    assert ran.status in STATUSES, ran
    unfolded = bool(words) and command_of(words) in UNFOLDED
    if words[:1] == ("bundle",):  # a JSON document anywhere
        yield from (f"pipe: {one}" for one in hostile.of_json(ran.out or "{}"))
        return
    yield from (f"pipe: {one}" for one in (*hostile.of_plain(ran.out), *hostile.of_plain(ran.err)))
    ran = read(place, who, "--json", *words)
    yield from (f"json: {one}" for one in hostile.of_json(ran.out or ran.err))
    for columns in widths:
        seen = screen("--db", place.database, "--as", who, "--now", LATER, *words, columns=columns)
        assert "Traceback" not in seen.out
        yield from (
            f"{columns} columns: {one}"
            for one in hostile.of_terminal(seen.out, None if unfolded or seen.status else columns)
        )


def sheets_of(place: Place, who: str, words: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with a listing in the forms that listings have."""
    for form in ("csv", "tsv", "jsonl"):
        ran = read(place, who, *words, "--format", form)
        if ran.status in {0, 10}:
            wrong = (
                hostile.of_json(ran.out, lines=True)
                if form == "jsonl"
                else hostile.of_sheet(ran.out, {"csv": ",", "tsv": "\t"}[form])
            )
            yield from (f"{form}: {one}" for one in wrong)
    if read(place, who, *words, "--format", "xlsx", "--output", "listing.xlsx").status == 0:
        yield from (f"xlsx: {one}" for one in hostile.of_workbook(Path("listing.xlsx").read_bytes()))


@pytest.mark.parametrize("who", READERS)
def test_what_is_read(place: Place, who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """CLI, EXP-1: no answer, in any form, holds what a terminal, a spreadsheet or a script would obey."""
    monkeypatch.chdir(place.folder)
    wrong, answers = [], 0
    for words in READS:
        name = command_of(words) if words else "home"
        table = bool(words) and lists(name)
        found = [*texts_of(place, who, words, READERS[who] if table or EVERYTHING else (80,))]
        if table and (who == ADA or EVERYTHING):
            found += sheets_of(place, who, words)
        answers += 1
        wrong += [f"{' '.join(words)[:60]}: {one}" for one in dict.fromkeys(found)]
    print(f"\nhostile answers looked at as {who}: {answers:,}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("words", TO_A_FILE, ids=" ".join)
def test_what_is_written_to_files(place: Place, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """EXP-1, TICK-3, RPT-1, INC-3, MNT-1, TICK-4: pages, workbooks, Markdown, dates, metrics."""
    monkeypatch.chdir(place.folder)
    for who in READERS:
        ran = read(place, who, *words)
        if ran.status in {3, 4, 5}:
            assert who != ADA, ran
            continue
        assert (ran.status if "doctor" not in words else 0, hostile.found(hostile.of_plain(ran.err))) == (0, [])
        assert hostile.found(_of_file(words, ran)) == []


def _of_file(words: tuple[str, ...], ran: Ran) -> Iterator[str]:
    name = next((word for word in words if "." in word), "metrics")
    if name == "metrics":
        return hostile.of_exposition(ran.out)
    raw = Path(name).read_bytes()
    if name.endswith(".xlsx"):
        return hostile.of_workbook(raw)
    if name.endswith(".ics"):
        return hostile.of_calendar(raw)
    text = raw.decode()
    if name.endswith(".html"):
        return hostile.of_page(text)
    if name.endswith(".md"):
        return hostile.of_markdown(text)
    if name.endswith(".jsonl"):
        return hostile.of_json(text, lines=True)
    return hostile.of_sheet(text, "," if name.endswith(".csv") else "\t")


def test_mail_that_went_out(place: Place) -> None:
    """MAIL-1: no header, recipient, escape sequence or element of a stranger is in any mail that the desk sent."""
    mails = [message.as_bytes() for message in mailbox.Maildir(place.folder / "desk.maildir", create=False)]
    print(f"\nhostile mails looked at: {len(mails)}")
    assert len(mails) > 40
    assert {fault for raw in mails for fault in hostile.of_mail(raw)} == set()


def test_every_command_is_tried() -> None:
    """CLI: a command that is new is read, or written with hostile text, or it is said why not."""
    acted = {command_of(act.words) for panel in hostile_desk.PANELS for act in panel} | {
        "mail receive",
        "tick",
        "backup",
        "copy",
    }
    looked = {command_of(words) for words in (*READS, *TO_A_FILE) if words}
    assert EVERY.keys() - acted - looked - SILENT - ELSEWHERE == set()
    assert (acted | looked) & (SILENT | ELSEWHERE) == set()


# What comes in by files


def _leaves(node: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where the texts of a settings file stand."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(node, str):
        yield path


def _quoted(text: str) -> str:
    """A text as TOML and YAML take it: half characters, as JSON writes them, are none there."""
    return '"' + "".join(json.dumps(c)[1:-1] if ord(c) < 0x10000 else c for c in text) + '"'


def _toml(path: tuple[str, ...], text: str) -> str:
    """A file in which one setting is that text, and a table is called so."""
    *tables, name = path
    head = f"[{'.'.join(map(_quoted, tables))}]\n" if tables else ""
    return f"{head}{_quoted(name)} = {_quoted(text)}\n"


def _said(ran: Ran) -> list[str]:
    """What is wrong with what was said; a traceback would have come through."""
    assert ran.status in STATUSES, ran
    return hostile.found((*hostile.of_plain(ran.out), *hostile.of_plain(ran.err)))


def _together(paths: Iterable[tuple[str, ...]], text: str) -> str:
    """A file in which all these settings are that text."""
    tables: dict[tuple[str, ...], list[str]] = {}
    for path in paths:
        tables.setdefault(path[:-1], []).append(f"{_quoted(path[-1])} = {_quoted(text)}\n")
    heads = (
        (f"[{'.'.join(map(_quoted, table))}]\n" if table else "", lines) for table, lines in sorted(tables.items())
    )
    return "".join(head + "".join(lines) for head, lines in heads)


def test_a_hostile_policy(trial: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SLA-8: whatever text of a policy is hostile, it is refused or shown as it stands."""
    monkeypatch.chdir(tmp_path)
    ada, shipped = Who(trial, ADA), tomllib.loads(files("carecli").joinpath("policies/default.toml").read_text())
    leaves, wrong = {f"{place}.toml": path for place, path in enumerate(_leaves(shipped))}, {}
    for name, path in leaves.items():
        Path(name).write_text(_toml(path, ALL), "utf-8")
    wrong["check"] = _said(ada("policy", "check", *leaves))
    judged = json.loads(ada("policy", "check", *leaves, "--json").out)["policies"]
    taken = [leaves[one["file"]] for one in judged if not one["problems"]]
    print(f"\nhostile policies: {len(leaves)}, taken: {len(taken)}")
    assert len(taken) > 5
    for text in (ALL, LINES["markup"]):
        Path("all.toml").write_text(_together(taken, text), "utf-8")
        for words in (
            *(("policy", what, "all.toml") for what in ("check", "show", "diff", "impact", "use")),
            *SHOWING_A_POLICY,
        ):
            wrong[" ".join(words)] = _said(ada(*words))
            seen = screen(*ada.options, *words, columns=80)
            wrong[f"{words} at a terminal"] = hostile.found(hostile.of_terminal(seen.out, None))
    assert {at: told for at, told in wrong.items() if told} == {}


SHOWING_A_POLICY: Final = (
    ("policy", "show"),
    ("policy", "list"),
    ("policy", "diff", "default"),
    ("whatnext",),
    ("contact-us",),
    (),
)
"""What tells the texts of a policy in force."""


def test_a_hostile_configuration(trial: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CLI: whatever text of the config file is hostile, it is refused or told without being obeyed."""
    monkeypatch.chdir(tmp_path)
    sample = tomllib.loads(Path(__file__).parents[2].joinpath("sample-config.toml").read_text())
    wrong = {}
    for path in (*_leaves(sample), ("[bold]\x1b[31m",), ("mail", ALL)):
        text = ALL if path != ("mail", "transport") else LINES["markup"]
        Path("care.toml").write_text(_toml(path, text), "utf-8")
        options = ("--config", "care.toml", "--as", ADA, *(() if path == ("db",) else ("--db", trial)))
        for words in (("doctor",), ("cron", "show"), ("mail", "outbox")):
            wrong[path, words] = _said(care(*options, *words))
    Path("care.toml").write_bytes(b'as = "\x1b[31m')
    assert _said(care("--config", "care.toml", "list")) == []
    assert {at: told for at, told in wrong.items() if told} == {}


def _csv(cells: Mapping[str, str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([cells.keys(), cells.values()])
    return out.getvalue().encode("utf-8", "replace")


def _tickets() -> Iterator[tuple[str, bytes]]:
    """Files of other desks: each cell in turn is hostile."""
    usual = {**other_desks.USUAL}
    for place, name in enumerate(usual):
        yield "servicenow", _csv({**usual, "number": f"INC{place}", name: ALL})
    yield "servicenow", _csv({ALL: "x", **usual})
    ticket = {
        "id": 7,
        "subject": f"\ud800{ALL}",
        "description": f"{ALL}\udfff",
        "status": "open",
        "priority": "high",
        "created_at": "2026-03-02T09:00:00Z",
    }
    yield (
        "zendesk",
        json.dumps({**ticket, "updated_at": "2026-03-02T10:00:00Z", "tags": [ALL], ALL: ALL}).encode(
            "utf-8", "replace"
        ),
    )
    yield "care", json.dumps({"seq": 1, "kind": ALL, "actor": ALL, "data": {ALL: ALL}}).encode("utf-8", "replace")


def test_hostile_imports(trial: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """IMP-1: what another desk's file holds is told of, brought in and listed without being obeyed."""
    monkeypatch.chdir(tmp_path)
    ada, wrong, place = Who(trial, ADA), dict[tuple[str, str], list[str]](), 0
    for place, (source, raw) in enumerate(_tickets()):
        Path("tickets").write_bytes(raw)
        where = () if source == "care" else ("--account", ACCOUNT, "--timezone", "UTC")
        wrong[source, str(place)] = _said(ada("import", "tickets", "--from", source, *where))
    print(f"\nhostile tickets: {place + 1}, cases now: {ada.json('list', '--all')['total']}")
    assert ada.json("list", "--all")["total"] > 15
    for line in ("list --all --limit 100", "contact list", "staff list", "account list", "log --all"):
        wrong[line, "pipe"] = _said(ada(*line.split()))
        seen = screen(*ada.options, *line.split(), columns=80)
        wrong[line, "screen"] = hostile.found(hostile.of_terminal(seen.out, 80))
    assert {at: told for at, told in wrong.items() if told} == {}
    assert ada("verify").status == 0


def test_hostile_articles(trial: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """KB-1: a Markdown file's name, front matter and text are brought in or refused, and never obeyed."""
    monkeypatch.chdir(tmp_path)
    ada, wrong = Who(trial, ADA), {}
    for place, text in enumerate((*LINES.values(), *hostile.HIDDEN.values(), ALL)):
        head = "".join(f"{key}: {_quoted(text)}\n" for key in ("title", "service", "keywords"))
        name = f"{place} {text[:60]}.md".replace("/", "").replace("\0", "")
        Path(name).write_text(f"---\n{head}---\n{ALL}", "utf-8", "surrogatepass")
    wrong["import"] = _said(ada("kb", "import", ".", "--publish"))
    listed = ada.json("kb", "list", "--limit", "100")
    assert listed["total"] > 10
    for number in range(2, listed["total"] + 1):
        wrong[f"show {number}"] = _said(ada("kb", "show", str(number)))
        seen = screen(*ada.options, "kb", "show", str(number), columns=80)
        wrong[f"screen {number}"] = hostile.found(hostile.of_terminal(seen.out, 80))
    assert {at: told for at, told in wrong.items() if told} == {}
