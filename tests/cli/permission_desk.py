"""The desk of the permission matrix: every state of a case in which somebody may want to act, and everybody.

Cases go by their names here, as the grid (`permissions.txt`) calls them. Each holds `WORD`, which everybody who
may see the case may read, and `NOTE`, which is for staff alone.
"""

import base64
import json
import shlex
from collections.abc import Mapping
from typing import Final, NamedTuple

import webhooks
from cli.acceptance import FORM, Ran, events
from cli.clinic_desk import (
    ADA,
    BASIC,
    COLLEAGUE,
    MIA,
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
    opening,
)

GONE, GONE_STAFF, FORMER = "gone@clinic.example", "gone@desk.example", "former@former.example"
NOBODIES: Final = (GONE, GONE_STAFF, FORMER, "unknown@clinic.example", "root")
"""Who may do nothing: deactivated, both kinds, of a deactivated account, known to nobody, no address at all."""
ROLES: Final[Mapping[str, str]] = {
    "b": BASIC,
    "r": READER,
    "o": OWN,
    "c": COLLEAGUE,
    "p": PARENT,
    "q": PARENTS_READER,
    "s": SIBLING,
    "f": STRANGER,
    "a": SAM,
    "m": MIA,
    "d": ADA,
    "y": SYSTEM,
}
"""The columns of the grid but the last, which stands for each of `NOBODIES`."""
ENDED, NOW = "2026-03-19T15:00:00Z", "2026-03-20T15:00:00Z"
WORD, NOTE, PIN = "Xylophonically", "Quetzalcoatl", "2468"
HELD: Final = f"{WORD} in a file"
MORE: Final = "one two three four five six seven eight nine ten eleven"

MAILED: Final = (
    "From: {sender}\nTo: care@desk.example\nMessage-ID: <{id}@mail.example>\nSubject: {subject}\n"
    "MIME-Version: 1.0\n"
    'Content-Type: multipart/mixed; boundary="cut"\n\n--cut\nContent-Type: text/plain\n\nHere it is.\n'
    '--cut\nContent-Type: text/plain\nContent-Disposition: attachment; filename="mailed.log"\n\n{text}\n--cut--\n'
)


TICKETS: Final = (
    "ID,Subject,Status,Priority,Created at,Requester email\n"
    "7,Lines are dead,Open,High,2026-03-02 10:00,own@clinic.example\n"
)
SEQS: Final = tuple(
    (sign, name, internal)
    for name in ("calls", "closed", "private")
    for sign, internal in (("SEQ", False), ("NOTED", True))
)
"""Which updates of a case the grid names: the contact's own, and the note."""
EXEMPTED: Final = ("--from", "2026-03-02T15:00", "--to", "2026-03-02T16:00", "--reason", WORD)
WINDOWED: Final = "Premier Edition"
"""A service that has maintenance windows."""


KEY: Final = "ssh-ed25519 " + base64.b64encode(b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + bytes(range(32))).decode()
"""A public key that nobody has."""


class Stage(NamedTuple):
    """The desk, and what the grid's words stand for: the numbers of its cases among them."""

    desk: Desk
    words: Mapping[str, str]
    events: int
    """How many its log holds."""


def build(desk: Desk) -> Stage:
    """Make all of it on a desk as `clinic_desk` builds it."""
    _people(desk)
    made = _Making(desk)
    cases = made.cases()
    words = {**cases, **made.texts(cases)}
    return Stage(desk, words, events(str(desk.folder / "desk.db")))


def _people(desk: Desk) -> None:
    desk.does(ADA, "account", "add", "Former", "--plan", "care")
    for account, email in (("Clinic", GONE), ("Former", FORMER)):
        desk.does(ADA, "contact", "add", email, "--account", account)
    desk.does(ADA, "staff", "add", GONE_STAFF, "--role", "admin")
    desk.does(ADA, "contact", "deactivate", GONE)
    desk.does(ADA, "staff", "deactivate", GONE_STAFF)
    desk.does(ADA, "account", "edit", "Former", "--inactive")
    desk.does(ADA, "account", "edit", "Clinic", "--success-manager", MIA, "--executive", ADA)
    desk.does(ADA, "contact", "edit", OWN, "--pin", PIN)
    desk.does(OWN, "advisory", "subscribe", "daily")
    for account in ("Reseller", "Clinic", "School", "Elsewhere"):
        desk.does(ADA, "account", "edit", account, "--service", WINDOWED)
    for folder in ("Maildir", "articles"):
        (desk.folder / folder).mkdir()
    for box in ("cur", "new", "tmp"):
        (desk.folder / "Maildir" / box).mkdir()


class _Making:
    """Opens cases and brings each to where it should stand."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def opened(self, name: str, *options: str, by: str = OWN, files: bool = True) -> str:
        """A case with a note, and perhaps a file for everybody and one for staff: its number."""
        (self.desk.folder / "held.log").write_text(HELD)
        (self.desk.folder / "ours.log").write_text(f"{NOTE} in a file")
        attached = ("--attach", "held.log") if files else ()
        made = self.desk.does(by, "--json", *opening("Clinic", f"{WORD} {name}", *options, "--yes"), *attached)
        number = str(made.json["number"])
        staff = ADA if "data-privacy" in options else SAM
        self.does(staff, "update", number, "--internal", "-m", f"{NOTE} on our side")
        if files:
            self.does(staff, "attachment", "add", number, "ours.log", "--internal")
        self.does(staff, "assign", number)
        return number

    def does(self, who: str, *args: str, stdin: bytes = b"") -> Ran:
        """A command on a day after the opening."""
        return self.desk.does(who, *args, now=TOLD, stdin=stdin)

    def cases(self) -> dict[str, str]:
        """Every case of the grid: what was done to it after it was opened."""
        silent = self._silent()
        cases = {
            "silent": silent,
            "calls": self._talked_of("calls"),
            "closed": self._talked_of("closed"),
            "private": self._talked_of("private", *PRIVACY),
            "asked": self._brought("asked", (SAM, "ask", "-m", f"{WORD}?")),
            "proposed": self._brought("proposed", (SAM, "propose", "-m", WORD)),
            "private-proposed": self._brought("private-proposed", (ADA, "propose", "-m", WORD), options=PRIVACY),
            "private-closed": self._brought("private-closed", (OWN, "close"), options=PRIVACY),
            "escalated": self._brought("escalated", (OWN, "escalate", "-m", WORD), (MIA, "exempt", *EXEMPTED)),
            "escalated-by-staff": self._brought("escalated-by-staff", (SAM, "escalate", "-m", WORD)),
            "private-escalated": self._brought(
                "private-escalated", (OWN, "escalate", "-m", WORD), options=PRIVACY
            ),
        }
        self.does(OWN, "close", cases["closed"])
        others = {"mias": self._brought("mias", (ADA, "assign", MIA)), "linked": self._brought("linked")}
        self.does(SAM, "link", others["linked"], cases["calls"])
        return {**cases, **others, **self._incidents(), **self._requests(), **self._features()}

    def _silent(self) -> str:
        """A case that the auto follow-up closed, before there are others that it would close, too."""
        number = self._brought("silent", (SAM, "ask", "-m", f"{WORD}?"))
        self.desk.does(SYSTEM, "tick", "--replay", now=ENDED)
        return number

    def _talked_of(self, name: str, *options: str) -> str:
        """A case with an update, a file that came by mail, a line of chat and an article."""
        number = self.opened(name, *options)
        staff = ADA if options else SAM
        self.does(OWN, "update", number, "-m", f"{WORD} once more")
        self.does(OWN, "chat", "join", number, "-m", f"{WORD} at once")
        self.does(staff, "update", number, "-m", f"{WORD}, we know")
        self.does(ADA, "kb", "link", "KB-0001", number)
        mail = self.does(ADA, "--json", "mail", "outbox", number).json["mail"][0]
        letter = MAILED.format(sender=OWN, id=name, subject=f"Re: {mail['subject']}", text=WORD)
        self.does(SYSTEM, "mail", "receive", stdin=letter.encode())
        return number

    def _brought(self, name: str, *acts: tuple[str, ...], options: tuple[str, ...] = ()) -> str:
        number = self.opened(name, *options, files=False)
        for who, command, *args in acts:
            self.does(who, *command.split(), number, *args)
        return number

    def _seq(self, number: str, internal: bool) -> str:
        """The place of the contact's update, or of the note, in the log of a case."""
        told = self.does(ADA, "--json", "log", number).json["events"]
        said = [
            event
            for event in told
            if event["kind"] == "commented" and (event["visibility"] == "internal") is internal
        ]
        return str(said[0]["seq"])

    def _incidents(self) -> dict[str, str]:
        declared = ("incident declare", "--title", WORD)
        return {
            "incident": self._brought(
                "incident",
                (SAM, *declared),
                (SAM, "incident action add", "-m", f"{NOTE} to do", "--due", "2026-04-02"),
                (SAM, "incident describe", "-m", WORD, "--restoration", WORD, "--measures", WORD),
                (SAM, "restore", "-m", WORD),
                (SAM, "incident post-mortem", "--root-cause", WORD),
                (OWN, "incident request"),
            ),
            "restored": self._brought("restored", (SAM, *declared), (SAM, "restore", "-m", WORD)),
            "affecting": self._brought("affecting", (SAM, *declared)),
        }

    def _requests(self) -> dict[str, str]:
        change = ("--type", "service-request", "--subtype", "change-request", "--field", "change=add")
        accepted = ((SAM, "request ack"), (SAM, "request accept", "-m", WORD))
        signed = ((OWN, "request sign"), (SAM, "request sign"))
        access = ("--type", "admin", "--subtype", "access-level")
        wished = ("--field", f"person={READER}", "--field", "access=read-write")
        return {
            "change": self._brought("change", options=change),
            "accepted": self._brought("accepted", *accepted, options=change),
            "signed": self._brought("signed", *accepted, *signed, options=change),
            "rejected": self._brought("rejected", (SAM, "request reject", "-m", WORD), options=change),
            "admin": self._brought("admin", options=(*access, *wished)),
        }

    def _features(self) -> dict[str, str]:
        wish = ("--type", "feature-request")
        return {
            "feature": self._brought("feature", options=wish),
            "feature-closed": self._brought("feature-closed", (SAM, "feature declined", "-m", WORD), options=wish),
        }

    def texts(self, cases: Mapping[str, str]) -> dict[str, str]:
        """What the words in capitals of the grid stand for."""
        desk = self.desk
        letter = MAILED.format(sender=OWN, id="lost", subject=f"About case {cases['calls']}", text=WORD)
        lost = self.does(SYSTEM, "--json", "mail", "receive", stdin=letter.encode()).json
        assert lost["outcome"] == "triaged"
        waiting = self.does(ADA, "--json", "mail", "triage", "list").json["mail"]
        mails = {name: self.does(ADA, "--json", "mail", "outbox", cases[name]).json["mail"] for name in cases}
        (desk.folder / "article.md").write_text("# Restart\n\nSwitch it off and on.\n")
        (desk.folder / "mine.toml").write_text('[followup]\ngrace = "2bd"\n')
        (desk.folder / "tickets.csv").write_text("text,component\nthe trunk is gone,Trunk\n")
        (desk.folder / "clean.log").write_text("nothing much")
        desk.does(ADA, "advisory", "add", "-s", f"{WORD} slow", "-m", MORE, "--service", "Voice", "--publish")
        desk.does(ADA, "advisory", "add", "-s", f"{NOTE} drafted", "-m", MORE)
        desk.does(ADA, "kb", "edit", "KB-0001", "-m", f"{NOTE} is next.")
        desk.does(ADA, "kb", "add", "--title", f"{NOTE} inside", "-m", MORE, "--audience", "internal", "--publish")
        desk.does(ADA, "kb", "add", "--title", "Not yet", "-m", MORE)
        self.does(SAM, "bundle", "write", cases["calls"], "--output", "case.json")
        (desk.folder / "clinic.json").write_text(json.dumps({**_fields(), "account": "Clinic"}))
        (desk.folder / "mapping.toml").write_text(self.does(ADA, "import", "--show-mapping", "zendesk-csv").out)
        (desk.folder / "elsewhere.csv").write_text(TICKETS)
        letter = MAILED.format(sender=STRANGER, id="new", subject="Hello", text=WORD)
        return {
            **{name: value for name, value in globals().items() if isinstance(value, str) and name.isupper()},
            "foreign": "0000000002",
            "LETTER": letter,
            "ALERT": webhooks.webhook(),
            "SEAL": str(self.does(ADA, "--json", "verify", "--seal").json["seal"]),
            "PRIVACY": shlex.join([*_form(), *PRIVACY]),
            "TRIAGED": str(waiting[0]["id"]),
            "FORM": shlex.join(_form()),
            "TEXT": f"{WORD} {MORE}",
            **{f"{sign}_{name.upper()}": self._seq(cases[name], internal) for sign, name, internal in SEQS},
            **{
                f"MAIL_{name.upper().replace('-', '_')}": str(sent[0]["id"])
                for name, sent in mails.items()
                if sent
            },
        }


def _fields() -> dict[str, str]:
    """The form as a file holds it."""
    told = dict(zip(*[iter(_form())] * 2, strict=True))
    names = {"-s": "subject", "-m": "description"}
    return {names.get(option, option.removeprefix("--")): text for option, text in told.items()}


def _form() -> list[str]:
    form = [*FORM]
    form[form.index("Calls drop")] = "Reports are empty"
    form[form.index("East")] = "West"
    return form


class Entry(NamedTuple):
    """An event as it stands in the log."""

    number: int | None
    kind: str
    actor: str
    data: str
