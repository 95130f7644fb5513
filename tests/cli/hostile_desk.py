"""A desk on which every text that somebody from outside can write is hostile."""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from struct import pack
from typing import Any, Final, NamedTuple
from zlib import crc32

import pytest
import webhooks
from cli.acceptance import ADA, BEN, MIA, NOW, Ran, Who
from engine import ON_SERVER
from hostile import ALL, BRIEF, HIDDEN, LINES
from other_hands import peeked

SYSTEM: Final = "system"
MON: Final = "2026-03-23T15:00:00Z"
LATER: Final = "2026-04-20T15:00:00Z"
L: Final = LINES
ACCOUNT: Final = '+HYPERLINK("http://evil.example";"x") [bold red]maark[/] <b>\''
SERVICE: Final = "[bold red]maark[bold] {{7*1910191}} <b>"
AGENT: Final = "=cmd|'x'!a1@desk.example"
CONTACT: Final = "+1-&{{7*1910191}}%s@evil.example"
SECOND: Final = "='`id`$id|x@evil.example"
READER: Final = "-reader@evil.example"
PLACE: Final = ("--account", ACCOUNT, "--deployment", L["at"], "--service", "Voice")
KEY: Final = "ssh-ed25519 " + b64encode(pack(">I11sI", 11, b"ssh-ed25519", 32) + bytes(range(32))).decode()
WORDS: Final = f"ten words of a text that is long enough for all\n{ALL}"
LAST: Final = "LAST"
"""Stands for the case that was opened last."""


class Act(NamedTuple):
    """Who does what when, with what on standard input; one that is not `taken` may be refused."""

    who: str
    words: tuple[str, ...]
    now: str = NOW
    stdin: bytes = b""
    taken: bool = True
    environ: Mapping[str, str] = {}


def _opening(subject: str, *options: str, who: str = CONTACT) -> Act:
    kept = ("-s", subject, "--deployment", L["at"], "--service", "Voice", "--priority", "high", "-m", WORDS)
    return Act(who, ("open", *kept, *options))


PROBLEM: Final = (
    *("--stage", "production", "--impact", ALL, "--users-affected", L["plus"], "--frequency", L["html"]),
    *("--observed-at", "2026-03-19", "--steps", ALL, "--troubleshooting", ALL, "--local-contact", L["markup"]),
    *(
        "--hours-location",
        L["svg"],
        "--field",
        f"DNs={ALL}",
        "--field",
        f"{L['pipe']}=x",
        "--component",
        L["wide"],
    ),
    *("--check", "help", "--account", ACCOUNT),
)
REQUEST: Final = ("--type", "service-request", "--subtype", "change-request", "--field", "change=add")

PEOPLE: Final = (
    Act(
        ADA,
        (
            *("account", "add", ACCOUNT, "--plan", "business-care", "--deployment", L["at"]),
            *(
                "--service",
                "Voice",
                "--service",
                SERVICE,
                "--service",
                "Premier Edition",
                "--component",
                f"Voice={L['wide']}",
            ),
            *("--component", f"Voice={SERVICE}"),
            *(
                "--add-on",
                f"cxm={AGENT}",
                "--executive",
                AGENT,
                "--success-manager",
                AGENT,
                "--parent",
                "Northwind",
            ),
        ),
    ),
    Act(ADA, ("account", "edit", ACCOUNT, "--deployment", L["plus"], "--service", L["shell"])),
    Act(ADA, ("staff", "add", AGENT, "--name", L["markup"], "--role", "admin", "--product-group", L["minus"])),
    Act(ADA, ("staff", "edit", AGENT, "--name", L["html"], "--product-group", L["wide"])),
    Act(
        ADA,
        (
            *("contact", "add", CONTACT, "--account", ACCOUNT, "--name", L["formula"], "--access", "read-write"),
            *("--phone", L["at"], "--pin", "4711", "--trained"),
        ),
    ),
    Act(ADA, ("contact", "add", SECOND, "--account", ACCOUNT, "--name", L["toml"], "--access", "read-write")),
    Act(ADA, ("contact", "add", "--account", ACCOUNT, "--access", "read-only", "--", READER)),
    Act(CONTACT, ("contact", "edit", CONTACT, "--name", L["format"], "--phone", L["plus"])),
    Act(CONTACT, ("contact", "edit", CONTACT, "--ssh-key", f"{KEY} {L['markup']} {L['html']}"), taken=False),
    Act(ADA, ("contact", "edit", SECOND, "--ssh-key", f"{KEY} {L['formula']}"), taken=False),
    Act(ADA, ("init", "--desk-name", L["markup"], "--name", L["json"]), taken=False),
)
ARTICLES: Final = (
    Act(
        BEN,
        (
            *("kb", "add", "-s", L["markup"], "-m", ALL, "--service", L["html"], "--component", L["shell"]),
            *("--keyword", L["template"], "--publish"),
        ),
    ),
    Act(BEN, ("kb", "edit", "1", "-s", L["formula"], "-m", f"{ALL}\nmore", "--keyword", L["minus"])),
    Act(BEN, ("kb", "edit", "1", "--service", L["format"], "--component", L["svg"], "--publish")),
    Act(BEN, ("kb", "link", "1", "3", "--defect", L["pipe"])),
    Act(CONTACT, ("kb", "vote", "1", "--helpful")),
    Act(
        BEN,
        (
            *("advisory", "add", "-s", L["formula"], "-m", ALL, "--solution", ALL, "--service", "Voice"),
            *("--account", ACCOUNT, "--publish"),
        ),
    ),
    Act(BEN, ("advisory", "edit", "1", "-s", L["markup"], "-m", f"{ALL}\nmore", "--solution", f"{ALL}\nmore")),
    Act(BEN, ("advisory", "publish", "1")),
    Act(BEN, ("advisory", "add", "-s", L["html"], "-m", ALL, "--kind", "news", "--publish")),
    Act(CONTACT, ("advisory", "subscribe", "daily", "--service", "Voice")),
)
CASES: Final = (
    _opening(L["formula"], *PROBLEM, "--attach", "evil.log", "--confirm-sanitized"),
    Act(BEN, ("assign", LAST, AGENT, "-m", ALL, "--product-group", L["at"])),
    Act(BEN, ("investigate", LAST, "-m", ALL)),
    Act(BEN, ("update", LAST, "-m", ALL, "--field", f"{L['json']}={ALL}")),
    Act(CONTACT, ("update", LAST, "-m", ALL, "--attach", "evil.log", "--confirm-sanitized")),
    Act(
        BEN,
        ("attachment", "add", LAST, "-", "--name", L["formula"], "-m", ALL, "--confirm-sanitized"),
        stdin=ALL.encode(),
    ),
    Act(BEN, ("attachment", "add", LAST, "-", "--name", L["html"], "--redact"), stdin=b"4111 1111 1111 1111 x"),
    Act(BEN, ("component", "set", LAST, SERVICE, "-m", ALL)),
    Act(BEN, ("priority", LAST, "medium", "-m", ALL)),
    Act(CONTACT, ("escalate", LAST, "-m", ALL, "--priority", "critical")),
    Act(MIA, ("escalate", LAST, "--answer", "-m", ALL), taken=False),
    Act(BEN, ("ask", LAST, "-m", ALL)),
    Act(CONTACT, ("chat", "join", LAST, "-m", ALL)),
    Act(AGENT, ("chat", "join", LAST, "-m", ALL)),
    Act(BEN, ("link", LAST, "3", "--kind", "relates")),
    Act(MIA, ("exempt", LAST, "--from", "2026-03-20T22:00Z", "--to", "2026-03-22", "-m", ALL)),
    Act(BEN, ("propose", LAST, "-m", ALL)),
    Act(CONTACT, ("reject", LAST, "-m", ALL)),
    Act(BEN, ("restore", LAST, "-m", ALL)),
    Act(
        AGENT,
        (
            *("split", LAST, "7", "-s", L["html"], "-m", ALL, "--impact", ALL, "--deployment", L["at"]),
            *("--service", "Voice"),
        ),
    ),
    Act(BEN, ("incident", "declare", LAST, "--title", L["formula"], "-m", ALL, "--specific", f"{ACCOUNT}={ALL}")),
    Act(BEN, ("incident", "affect", LAST, "3", "-m", ALL), taken=False),
    Act(BEN, ("incident", "affect", LAST, "--account", "Harbor Clinic", "-m", ALL), taken=False),
    Act(
        BEN,
        (
            *("incident", "describe", LAST, "--title", L["svg"], "--details", ALL, "--restoration", ALL),
            *("--root-cause", ALL, "--measures", ALL, "--comments", ALL, "--specific", f"{ACCOUNT}={ALL} more"),
        ),
    ),
    Act(CONTACT, ("incident", "request", LAST, "-m", ALL), taken=False),
    Act(BEN, ("incident", "post-mortem", LAST, "-m", ALL, "--root-cause", f"{ALL} more")),
    Act(BEN, ("incident", "action", "add", LAST, "-m", BRIEF, "--due", "2026-04-02", "--owner", AGENT)),
    Act(BEN, ("incident", "action", "add", LAST, "-m", BRIEF, "--due", "2026-04-03")),
    Act(BEN, ("incident", "action", "done", LAST, "1", "-m", ALL)),
    Act(BEN, ("incident", "report", LAST, "--send")),
    Act(BEN, ("close", LAST, "-m", ALL, "--root-cause", ALL, "--article", "kb-1", "--defect", L["pipe"]), now=MON),
    Act(CONTACT, ("reopen", LAST, "-m", ALL), now=MON),
    Act(BEN, ("propose", LAST, "-m", ALL), now=MON),
    Act(CONTACT, ("accept", LAST, "-m", ALL), now=MON),
    Act(BEN, ("kb", "from-case", LAST), now=MON),
)
REQUESTS: Final = (
    _opening(L["markup"], *REQUEST, "--account", ACCOUNT, "--field", f"x={ALL}"),
    Act(BEN, ("request", "ack", LAST, "-m", ALL)),
    Act(BEN, ("request", "reject", LAST, "-m", ALL)),
    Act(CONTACT, ("request", "resubmit", LAST, "-m", ALL, "--field", f"{L['at']}={ALL}")),
    Act(
        BEN,
        ("request", "accept", LAST, "-m", ALL, "--order", "evil.log", "--sow", "evil.log", "--confirm-sanitized"),
    ),
    Act(CONTACT, ("request", "sign", LAST, "-m", ALL)),
    Act(BEN, ("request", "sign", LAST, "-m", ALL)),
    Act(BEN, ("request", "complete", LAST, "-m", ALL)),
    _opening(
        L["minus"],
        "--type",
        "service-request",
        "--subtype",
        "data-privacy",
        "--field",
        "privacy_right=access",
        "--field",
        f"data_subject={L['html']}",
        "--account",
        ACCOUNT,
    ),
    Act(
        CONTACT,
        (
            *("open", "--type", "admin", "--subtype", "contact-data", "-s", L["toml"], "-m", WORDS),
            *("--field", f"name={L['wide']}", "--field", f"phone={L['at']}", "--account", ACCOUNT),
        ),
    ),
    Act(ADA, ("approve", LAST, "-m", ALL)),
    Act(
        CONTACT,
        (
            *("open", "--type", "admin", "--subtype", "pin-reset", "-s", L["json"], "-m", WORDS),
            *("--account", ACCOUNT),
        ),
    ),
    Act(ADA, ("decline", LAST, "-m", ALL)),
    _opening(L["svg"], "--type", "feature-request", "--account", ACCOUNT),
    Act(BEN, ("feature", "product-management", LAST, "-m", ALL)),
    Act(BEN, ("feature", "under-review", LAST, "-m", ALL)),
    Act(BEN, ("feature", "future-candidate", LAST, "-m", ALL)),
    Act(BEN, ("feature", "planned", LAST, "-m", ALL, "--release", L["formula"])),
    Act(BEN, ("feature", "committed", LAST, "-m", ALL, "--release", L["markup"])),
    Act(BEN, ("feature", "exists", LAST, "-m", ALL, "--release", L["pipe"])),
    Act(BEN, ("feature", "convert", LAST, "-m", ALL, "--stage", "uat", "--impact", ALL)),
    _opening(L["shell"], "--type", "feature-request", "--account", ACCOUNT),
    Act(BEN, ("feature", "delivered", LAST, "-m", ALL, "--release", L["at"])),
    _opening(L["header"], "--type", "feature-request", "--account", ACCOUNT),
    Act(BEN, ("feature", "declined", LAST, "-m", ALL)),
    _opening(L["pipe"], "--type", "feature-request", "--account", ACCOUNT),
    Act(BEN, ("feature", "duplicate", LAST, "-m", ALL, "--of", "3"), taken=False),
    Act(
        CONTACT,
        (
            *("maintenance", "reschedule", "Premier Edition", "-m", ALL, "--to", L["at"], "--account", ACCOUNT),
            *("--deployment", L["at"]),
        ),
        taken=False,
    ),
    Act(
        BEN,
        ("maintenance", "announce", SERVICE, "--to", "+2h", "-s", L["formula"], "-m", ALL, "--account", ACCOUNT),
        taken=False,
    ),
)


PANELS: Final = (PEOPLE, ARTICLES, CASES, REQUESTS)


def _mail(sender: str, subject: str, text: str, *, name: str) -> bytes:
    known = crc32(f"{subject} {text}".encode("utf-8", "surrogatepass"))
    head = f"From: {sender}\r\nTo: care@desk.example\r\nSubject: {subject}\r\nMessage-ID: <{known}@e>\r\n"
    kind = 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="x"\r\n'
    part = f'--x\r\nContent-Type: text/plain; charset="utf-8"\r\n\r\n{text}\r\n'
    called = f'Content-Type: text/html; name="{name}"\r\nContent-Disposition: attachment; filename="{name}"\r\n'
    file = f"--x\r\n{called}\r\n{L['html']}\r\n--x--\r\n"
    return f"{head}{kind}\r\n{part}{file}".encode("utf-8", "surrogatepass")


def _mails(database: str) -> Iterator[Act]:
    """What comes by mail: to a case and to triage, its headers and file names as hostile as its text."""
    for place, line in enumerate((*LINES.values(), *HIDDEN.values())):
        bent = line.replace("\r", " ").replace("\n", " ")
        sender = f'"{bent.replace(chr(34), "")}" <{(CONTACT, "evil@evil.example", SECOND)[place % 3]}>'
        name = f"../../{bent}/{bent[:40]}.html".replace('"', "")
        yield Act(SYSTEM, ("mail", "receive"), stdin=_mail(sender, bent, f"{ALL}{place}", name=name))
    told = "SELECT subject FROM outbox WHERE recipient = ? ORDER BY id LIMIT 3"
    for (subject,) in peeked(database, told, (CONTACT,)):
        yield Act(SYSTEM, ("mail", "receive"), stdin=_mail(CONTACT, f"Re: {subject}", ALL, name=L["formula"]))


def _alert() -> Act:
    labels: dict[str, Any] = {"alertname": f"{ALL}\ud800", L["json"]: ALL}
    told = webhooks.webhook(
        [webhooks.alert(ALL, **labels)], key=ALL, groupLabels=labels, commonAnnotations={"summary": ALL}
    )
    return Act(SYSTEM, ("open", "--from-alert", *PLACE), stdin=told.encode("utf-8", "surrogatepass"))


def acts(database: str) -> Iterator[Act]:
    """Everything that is done on the desk, one after the other."""
    for panel in PANELS:
        yield from panel
    yield _alert()
    yield from _mails(database)
    yield Act(SYSTEM, ("tick",), now=LATER)
    backup = f"{HIDDEN['colour']}{HIDDEN['override']} [bold red]maark[bold].db"
    yield Act(ADA, ("backup", backup), now=LATER, taken=not ON_SERVER)  # a server makes its own
    for text in (
        *LINES.values(),
        *HIDDEN.values(),
        ALL,
        *(f"show 1 --output '{text}'" for text in LINES.values()),
    ):
        came = {"SSH_ORIGINAL_COMMAND": text.replace("\0", ""), "SSH_CONNECTION": f"{BRIEF} 1 ::1 22"}
        yield Act(CONTACT, ("gate",), now=LATER, environ=came, taken=False)


def places(folder: Path) -> None:
    """The files that commands name."""
    (folder / "evil.log").write_text(ALL, "utf-8", "surrogatepass")
    cells = [text.replace('"', '""') for text in (ALL, *LINES.values())]
    (folder / "evil.csv").write_text(
        "text,label\n" + "".join(f'"{cell}","{cell[:40]}"\n' for cell in cells), "utf-8"
    )
    policy = files("carecli").joinpath("policies/default.toml").read_text("utf-8")
    (folder / "evil.toml").write_text(policy, "utf-8")


class Made(NamedTuple):
    """A desk that is being made: where it is, and the case that was opened last."""

    database: str
    last: str = "1"

    def words(self, act: Act) -> tuple[str, ...]:
        """The words of an act, with the number that it is about."""
        return tuple(self.last if word is LAST else word for word in act.words)

    def does(self, act: Act) -> tuple["Made", Ran]:
        """Do it; the answer is the desk behind it, and what was said."""
        words = self.words(act)
        opening = words[0] in {"open", "split"}
        with pytest.MonkeyPatch.context() as patch:
            for name, value in act.environ.items():
                patch.setenv(name, value)
            ran = Who(self.database, act.who, act.now)(*(("--json",) if opening else ()), *words, stdin=act.stdin)
        number = json.loads(ran.out).get("number") if opening and ran.status == 0 and words[0] == "open" else None
        return self._replace(last=number or self.last), ran
