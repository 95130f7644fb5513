"""Whose case it is not, for him it is not there: every command, held against a desk that never had the case.

Each desk here is a copy of one and the same, to which one case was added with everything that a case can have.
Whoever may not see it must be answered byte for byte as on the desk without it, whatever is asked (DC-3, ACC-5,
SR-1). Commands are taken from the program itself, so that one that is new is asked too.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from cli.acceptance import Ran
from cli.clinic_desk import (
    ADA,
    BASIC,
    COLLEAGUE,
    MIA,
    NOW,
    OWN,
    PARENT,
    PARENTS_READER,
    PRIVACY,
    READER,
    SAM,
    SIBLING,
    STRANGER,
    SYSTEM,
    TOLD,
    Desk,
    commands,
    in_memory,
    opening,
)

from carecli.commands.declared import Argument, Command

STAFF: Final = (ADA, MIA, SAM, SYSTEM)
EVERYBODY: Final = (
    *(ADA, MIA, SAM, SYSTEM, OWN, COLLEAGUE, READER, BASIC, PARENT, PARENTS_READER, SIBLING, STRANGER),
)
WORD: Final = "Xylophonically"
SUBJECT: Final = f"{WORD} spoken records"
NUMBER: Final = "3"
"""That of the case that was added."""


class Kind(NamedTuple):
    """A case that was added: who opened it how, and who may see it."""

    by: str
    options: tuple[str, ...]
    seen_by: tuple[str, ...]


KINDS: Final = {
    "ordinary": Kind(OWN, (), (ADA, MIA, SAM, SYSTEM, OWN, COLLEAGUE, READER, PARENT)),
    "of the parent": Kind(PARENT, (), (ADA, MIA, SAM, SYSTEM, OWN, COLLEAGUE, READER, PARENT)),
    "data-privacy": Kind(OWN, PRIVACY, (ADA, OWN)),
    "data-privacy of the parent": Kind(PARENT, PRIVACY, (ADA, PARENT)),
}
HIDDEN_FROM: Final = {who: [name for name, made in KINDS.items() if who not in made.seen_by] for who in EVERYBODY}
LIKE_ANOTHER: Final = {
    **dict.fromkeys((BASIC, STRANGER), ("of the parent", "data-privacy of the parent")),
    **dict.fromkeys((MIA, SYSTEM), ("data-privacy of the parent",)),
    **dict.fromkeys((SIBLING, PARENTS_READER), ("data-privacy",)),
    SAM: ("data-privacy",),
}
"""Kinds asked of with CARE_EVERY=1 alone: to these people a parent's case is as hidden as the account's own,
or one about privacy as any other."""
if os.environ.get("CARE_EVERY") != "1":
    for _who, _kinds in LIKE_ANOTHER.items():
        HIDDEN_FROM[_who] = [kind for kind in HIDDEN_FROM[_who] if kind not in _kinds]
SEEN_BY: Final = [
    pytest.param(kind, who, id=f"{kind}, {who}") for kind, made in KINDS.items() for who in made.seen_by
]


@pytest.fixture(scope="session")
def added(clinic: Desk) -> dict[str, Desk]:
    """For each kind of case the desk to which one was added."""
    return {name: _with_case(clinic.copied(name.replace(" ", "-")), kind) for name, kind in KINDS.items()}


def _with_case(desk: Desk, kind: Kind) -> Desk:
    """A case with an update, a note, files, an answer due, an escalation, mail, a chat, an article."""
    staff = ADA if kind.options else SAM
    desk.does(kind.by, *opening("Clinic", SUBJECT, *kind.options), "--attach", "trace.log")
    desk.does(kind.by, "update", NUMBER, "-m", f"{WORD} once more", now=TOLD)
    desk.does(staff, "assign", NUMBER, now=TOLD)
    desk.does(staff, "update", NUMBER, "--internal", "-m", f"{WORD} on our side", now=TOLD)
    desk.does(staff, "attachment", "add", NUMBER, "trace.log", "--name", "ours.log", "--internal", now=TOLD)
    desk.does(staff, "component", "set", NUMBER, WORD, now=TOLD)
    desk.does(ADA, "kb", "link", "KB-0001", NUMBER, now=TOLD)
    desk.does(kind.by, "escalate", NUMBER, "-m", f"{WORD} now", now=TOLD)
    desk.does(kind.by, "chat", "join", NUMBER, "-m", f"{WORD} at once", now=TOLD)
    desk.does(staff, "ask", NUMBER, "-m", f"{WORD}?", now=TOLD)
    mark = next(part for part in _mail(desk)["subject"].split("[") if part.startswith("ref:"))
    # The second is answered, where it is about a case that is not its sender's to know of.
    for sender in (SAM, COLLEAGUE):
        head = f"From: {sender}\nTo: care@desk.example\nMessage-ID: <{sender}>\n"
        mail = f"{head}Subject: Re: [{mark} {WORD}\n\n{WORD} indeed.\n"
        desk.does(SYSTEM, "mail", "receive", now=TOLD, stdin=mail.encode())
    return desk


def _mail(desk: Desk) -> dict[str, str]:
    """The last mail of the case that was added."""
    found: dict[str, str] = desk.does(ADA, "--json", "mail", "outbox", NUMBER).json["mail"][0]
    return found


VALUES: Final = {
    "number": NUMBER,
    "other": "1",
    "others": "1",
    "owner": ADA,
    "seq": "2",
    "to": "high",
    "files": "trace.log",
    "which": "1",
    "id_": "1",
    "name": WORD,
}
"""What is said for the arguments beside a case's number."""
FIRST: Final = {"kb link": {"id_": "KB-0001"}, "mail triage link": {"id_": "in-1"}}
QUESTIONS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "list": (
        *(("--all",), ("--all", "--group"), ("--all", "--mine"), ("--group",), ("--all", "--in-group", "Voice")),
        *(("--account", "Clinic", "--all"), ("--contact", OWN, "--all"), ("--owner", ADA, "--all")),
        *(("--escalated", "--all"), ("--status", "awaiting-info", "--all"), ("--component", WORD, "--all")),
        *(("--all", "--limit", "1"), ("--all", "--at", NOW), ("--all", "--group", "--at", NOW, "--limit", "0")),
        ("--type", "service-request", "--all"),
    ),
    "search": (
        (WORD,),
        (NUMBER,),
        ("once", "more", "--group"),
        ("on", "our"),
        ("calls", "--all"),
        (WORD, "--at", NOW),
    ),
    "export": (
        *(("-", "--all"), ("-", "--all", "--group", "--format", "tsv"), ("-", "--all", "--at", NOW)),
        *(("-", "--words", WORD), ("-", "--all", "--format", "jsonl", "--sort", "subject")),
    ),
    "similar": (("-s", SUBJECT, "--all"), ("-s", "Calls drop", "-m", SUBJECT), (NUMBER,), ("1", "--all")),
    "forecast": (("--within", "90bd"), ("--within", "90bd", "--mine"), ("--within", "90bd", "--all")),
    "report": (
        *((), ("--at", NOW), ("--account", "Clinic"), ("--policy", "guide"), ("--html", "-")),
        ("--by", "plan,priority,account,owner,group,service,component,type,week", "--numbers"),
        *(("--list", name) for name in ("attainment", "breaches", "backlog", "clocks", "cases")),
        *(("--list", name, "--format", "csv") for name in ("attainment", "clocks")),
    ),
    "log": ((NUMBER,), ("--all",), ("--all", "--at", NOW), (NUMBER, "--at", NOW)),
    "show": ((NUMBER,), (NUMBER, "--at", NOW)),
    "explain": ((NUMBER,), (NUMBER, "--at", NOW), (NUMBER, "--html", "-")),
    "exempt": (
        (NUMBER, "--from", "2026-03-02", "--to", NOW, "--reason", WORD),
        (NUMBER, "--withdraw", "1", "-m", WORD),
    ),
    "tick": (("--dry-run",), ("--dry-run", "--exit-code"), ("--dry-run", "--at", NOW)),
    "policy show": (("--case", NUMBER),),
    "policy list": ((),),
    "policy diff": (("guide",), ("guide", "--case", NUMBER)),
    "policy impact": ((), ("guide",), ("guide", "--all", "--account", "Clinic")),
    "policy rebase": (("guide", "--dry-run"),),
    "calendar impact": (("--account", "all", "--hours", "24x7"), ("--account", "Clinic", "--all")),
    "calendar rebase": (("--account", "Clinic", "--dry-run"),),
    "mail outbox": ((), (NUMBER,), ("--state", "queued")),
    "mail inbox": ((), (NUMBER,)),
    "mail triage list": ((), ("--all",)),
    "mail triage show": (("in-1",), ("in-1", "--raw")),
    "mail triage discard": (("in-1", "--reason", "x"),),
    "kb show": (("KB-0001",),),
    "kb list": ((),),
    "kb search": (("trunk",), (WORD,)),
    "attachment get": ((NUMBER, "--output", "-"), (NUMBER, "1", "--output", "-")),
    "attachment scan": (("trace.log",),),
    "account list": ((),),
    "account show": (("Clinic",), ("Reseller",), ("School",), ("Elsewhere",)),
    "account entitlements": (("Clinic",), ("Elsewhere",)),
    "contact list": ((), ("--account", "Clinic")),
    "contact-us": ((), ("--account", "Clinic")),
    "maintenance show": ((), ("--account", "Clinic")),
    "staff list": ((),),
    "whatnext": ((), ("record",)),
    "advisory list": ((),),
    "advisory subscriptions": ((),),
    "chat list": ((),),
    "component list": ((),),
    "component predict": (),
    "calendar show": (("--account", "Clinic"),),
    "verify": ((NUMBER,),),
    "complete": tuple(
        (kind, prefix) for kind, prefix in (("case", ""), ("case", "3"), ("case", "#"), ("component", ""))
    ),
    "open": (
        opening("Clinic", "Calls drop again", "--follows", NUMBER)[1:],
        opening("Clinic", "Calls drop again", *PRIVACY, "--follows", NUMBER)[1:],
    ),
}
"""What is asked of commands that take no case's number, or more than that."""
OF_NO_CASE: Final = frozenset(
    {
        *("kb vote", "kb add", "kb edit", "kb import", "kb publish", "kb retire", "kb versions", "kb diff"),
        *("attachment tidy", "component learn", "maintenance reschedule", "maintenance announce"),
        *("advisory show", "advisory read", "advisory subscribe", "advisory unsubscribe", "advisory add"),
        *("advisory edit", "advisory publish", "advisory withdraw", "cron show", "cron install", "calendar add"),
        *(
            "calendar between",
            "calendar check",
            "init",
            "policy check",
            "policy use",
            "demo",
            "account add",
            "account edit",
        ),
        *("contact add", "contact edit", "contact deactivate", "staff add", "staff edit", "staff deactivate"),
        *("import", "bundle verify", "completion", "schema"),
        # What passes the gate is one of these commands; its log and its keys are for admins.
        *("gate enter", "gate keys", "gate log", "postgres roles"),
        *("mail key show", "mail key renew"),
        # What the machine does, and how it is: counts alone, for whoever runs it.
        *("backup", "copy", "doctor", "mail deliver", "mail fetch", "mail receive"),
    }
)
"""Commands that neither take a case's number nor tell of cases."""
OF_A_MAIL: Final = frozenset({"mail show", "mail resend"})


def calls(name: str, command: Command) -> Iterator[tuple[str, ...]]:
    """How a command is called about the case that was added."""
    for args in QUESTIONS.get(name, ()):
        yield (*name.split(), *args)
    places = [p.name for p in command.parameters() if isinstance(p.declared, Argument)]
    if name in QUESTIONS or "number" not in places:
        return
    known = {**VALUES, **FIRST.get(name, {})}
    texts = [p.name for p in command.parameters() if p.name in {"message", "reason"}]
    yield (*name.split(), *(known[place] for place in places), *(("-m", WORD) if texts else ()))


NAMED_LAST: Final = (("link", "1", NUMBER), ("incident", "affect", "1", NUMBER))
"""Where the case that was added is the other one."""
EVERY_CALL: Final = [*(call for name, command in commands() for call in calls(name, command)), *NAMED_LAST, ()]


Answers = dict[tuple[str, ...], Ran]


def asked(desk: Desk, who: str, mails: Sequence[str], folder: Path) -> Answers:
    """Every question with its answer, one after the other on a copy of the desk.

    As JSON, and where that is no refusal, as text: a refusal in words is made of the same words.
    """
    copy = desk.copied_to(folder)
    about = [("mail", verb, mail) for mail in mails for verb in ("show", "resend")]
    return {call: ran for each in (*EVERY_CALL, *about) for call, ran in answered(copy, who, each)}


def answered(desk: Desk, who: str, call: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Ran]]:
    """A question with its answer as JSON, and where that is no refusal, as text."""
    told = desk(who, "--json", *call)
    yield ("--json", *call), told
    if '"error"' not in told.err:
        yield call, desk(who, *call)


def test_every_command_is_asked() -> None:
    """DC-3: a command that is new is among those asked below, or it is said that it tells of no case."""
    known = {name for name, command in commands() if any(calls(name, command))}
    every = {name for name, _ in commands()}
    assert every - known - OF_NO_CASE - OF_A_MAIL - {"component predict"} == set()


@pytest.mark.parametrize("who", [who for who, kinds in HIDDEN_FROM.items() if kinds])
def test_a_case_that_is_not_for_somebody_is_not_there(
    clinic: Desk, added: dict[str, Desk], who: str, tmp_path: Path
) -> None:
    """DC-3, ACC-5, SR-1: every answer of every command is that of a desk without the case, byte for byte."""
    mails = sorted({str(_mail(added[kind])["id"]) for kind in HIDDEN_FROM[who]})
    with in_memory(tmp_path) as place:
        there = asked(clinic, who, mails, place / "none" / "desk")
        for kind in HIDDEN_FROM[who]:
            here = asked(added[kind], who, mails, place / kind / "desk")
            told = {call: (here.get(call), there.get(call)) for call in here.keys() | there.keys()}
            assert {call: pair for call, pair in told.items() if pair[0] != pair[1]} == {}, kind


SHOWING: Final = (
    *(("show", NUMBER), ("log", NUMBER), ("explain", NUMBER), ("attachment", "list", NUMBER), ("search", WORD)),
    *(("similar", "-s", SUBJECT, "--all", "--account", "Clinic"), ("complete", "case", NUMBER)),
    *(("report", "--account", "Clinic", "--list", name) for name in ("cases", "backlog")),
)


@pytest.mark.parametrize(("kind", "who"), SEEN_BY)
def test_a_case_is_there_for_whom_it_is_for(clinic: Desk, added: dict[str, Desk], kind: str, who: str) -> None:
    """DC-1, DC-3, ACC-5, SR-1: it shows, is listed, found and told of; so the answers above could differ."""
    group = () if who in STAFF else ("--group",)
    for call in (*SHOWING, ("list", "--all", *group)):
        here, there = added[kind](who, *call), clinic(who, *call)
        assert (here.status, here == there) == (0, False), (call, here)
