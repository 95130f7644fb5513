"""Remind, reply, stop: mail goes out by a real SMTP server and comes back by a real IMAP server or a pipe.

Every way to answer has a case of its own, which was asked about on Monday and is reminded of on Wednesday. The
replies lie in dovecot, or are piped in as Postfix does it (MAIL-1, MAIL-2, STAT-3, FU-5).
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cli.acceptance import Ran, care, shell
from correspondence import DESK, PROGRAMS, Program, by_hand, delivered, reply
from desk_fixtures import BEN, DANA, OMAR, found
from postoffice import PASSWORD, Certificates, Dovecot, Letterbox, smtp_server

EML = Path(__file__).parents[3] / "shared" / "data" / "eml"
ASKED, REMINDED, ANSWERED = "2026-03-02T09:00:00Z", "2026-03-04T09:00:00Z", "2026-03-04T10:00:00Z"
LATER = ("2026-03-04T10:05:00Z", "2026-03-10T09:00:00Z", "2026-04-10T09:00:00Z")
TEXT = "Since this morning every third call to the queue drops after ten seconds."
DANA_WRITES = f"Dana <{DANA}>"
ANSWER = "It is the sales queue.\n\nOnly on transfers."

_CONFIG = """
[mail]
transport = "smtp"
from = "Customer Care <care@desk.example>"
[mail.smtp]
host = "localhost"
port = {smtp}
security = "starttls"
user = "care@desk.example"
password_file = '{password}'
ca_file = '{ca_file}'
[mail.imap]
host = "localhost"
port = {imap}
user = "{user}"
password_file = '{password}'
ca_file = '{ca_file}'
"""


class World(NamedTuple):
    """A desk, the mailboxes around it, and how commands reach it."""

    database: str
    config: str
    user: str
    mailboxes: Dovecot
    letters: Letterbox

    def options(self, who: str, now: str) -> tuple[str, ...]:
        """The options that place a command."""
        return ("--config", self.config, "--db", self.database, "--as", who, "--now", now)

    def __call__(self, who: str, now: str, *args: str, stdin: bytes = b"") -> Ran:
        """Run a command in this process."""
        return care(*self.options(who, now), "--json", *args, stdin=stdin)

    def asked(self, name: str) -> str:
        """Open a case and ask its contact something: the case's number."""
        form = ("-s", f"On {name}", "--deployment", "West", "--service", "Voice", "--stage", "production")
        more = ("--priority", "medium", "-m", TEXT, "--impact", "Agents call back by hand.")
        number: str = self(DANA, ASKED, "open", *form, *more).json["number"]
        assert self(BEN, ASKED, "ask", number, "-m", "Which queue is it?").status == 0
        return number

    def reminder(self, number: str) -> EmailMessage:
        """The last mail about a case that its contact was sent."""
        return [m for m in self.letters.messages if m["To"] == DANA and number in str(m["Subject"])][-1]

    def show(self, number: str) -> dict[str, Any]:
        """A case as it stands."""
        shown: dict[str, Any] = self(BEN, ANSWERED, "show", number).json
        return shown


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, known: Certificates, mailboxes: Dovecot) -> Iterator[World]:
    """A desk that sends by SMTP and fetches by IMAP, both with TLS and a login."""
    folder = tmp_path_factory.mktemp("world")
    (folder / "password").write_text(f"{PASSWORD}\n")
    (folder / "password").chmod(0o600)
    template, user = found(folder), mailboxes.user()
    with smtp_server(known, "care@desk.example") as server:
        told = {"smtp": server.port, "imap": mailboxes.tls, "user": user, "password": folder / "password"}
        (folder / "config.toml").write_text(_CONFIG.format(**told, ca_file=known.ca_file))
        yield World(template.db, str(folder / "config.toml"), user, mailboxes, server.box)


Answer = Callable[[EmailMessage], bytes]
PIPED = ("gmail-ja", "outlook-de", "with a file", "vacation")


def _with_files(mail: EmailMessage) -> bytes:
    message = by_hand(mail, DANA_WRITES, ANSWER)
    message.add_attachment(b"%PDF-1.4 trace", maintype="application", subtype="pdf", filename="trace März.pdf")
    return message.as_bytes()


def _quoted_only(mail: EmailMessage) -> bytes:
    return reply(PROGRAMS[0]._replace(text="", html=False), mail, DANA_WRITES)


def _written(program: Program) -> Answer:
    return lambda mail: reply(program, mail, DANA_WRITES)


STOPPING: dict[str, tuple[Answer, str]] = {
    **{program.name: (_written(program), program.text) for program in PROGRAMS},
    "python": (lambda mail: by_hand(mail, DANA_WRITES, ANSWER).as_bytes(), ANSWER),
    "reference in the subject alone": (
        lambda mail: by_hand(mail, DANA_WRITES, ANSWER, In_Reply_To="", References="").as_bytes(),
        ANSWER,
    ),
    "reference in the quoted body alone": (
        lambda mail: _without_headers(reply(PROGRAMS[7], mail, DANA_WRITES)),
        PROGRAMS[7].text,
    ),
    "a colleague of the same account": (lambda mail: by_hand(mail, OMAR, ANSWER).as_bytes(), ANSWER),
    "with a file": (_with_files, ANSWER),
    "no Message-ID": (lambda mail: by_hand(mail, DANA_WRITES, ANSWER, Message_ID="").as_bytes(), ANSWER),
}
"""Every way in which the customer's side answers, and what it said."""

IGNORED: dict[str, tuple[Answer, str]] = {
    "vacation": (
        lambda mail: by_hand(mail, DANA_WRITES, "I am away.", Auto_Submitted="auto-replied").as_bytes(),
        "ignored",
    ),
    "our own mail coming back": (lambda mail: mail.as_bytes(), "ignored"),
    "a list": (
        lambda mail: by_hand(mail, DANA_WRITES, ANSWER, Precedence="list", List_Id="<x.abc.example>").as_bytes(),
        "ignored",
    ),
    "a stranger": (lambda mail: by_hand(mail, "eve@elsewhere.example", ANSWER).as_bytes(), "triaged"),
    "another account": (lambda mail: by_hand(mail, "lena@harbor.example", ANSWER).as_bytes(), "triaged"),
    "a forged reference": (
        lambda mail: by_hand(
            mail,
            DANA_WRITES,
            ANSWER,
            In_Reply_To="<0000000001.1.aaaaaaaaaaaaaaaa@desk.example>",
            References="",
            Subject=re.sub(r"-[a-z2-7]{16}\]", "-aaaaaaaaaaaaaaaa]", str(mail["Subject"])),
        ).as_bytes(),
        "triaged",
    ),
}
"""What must not stop a ladder, and what becomes of it."""


def _without_headers(raw: bytes) -> bytes:
    """A reply by a program that keeps neither thread nor subject."""
    raw = re.sub(rb"(?m)^(?:In-Reply-To|References): .*\n(?:[ \t].*\n)*", b"", raw)
    return re.sub(rb"(?m)^Subject: .*\n(?:[ \t].*\n)*", b"Subject: your question\n", raw, count=1)


class Story(NamedTuple):
    """What every way of answering came to."""

    world: World
    numbers: dict[str, str]
    fetched: dict[str, Any]


@pytest.fixture(scope="module")
def story(world: World) -> Story:
    """All cases asked about, reminded of, answered, and the answers fetched at once."""
    ways = {**STOPPING, **IGNORED}
    numbers = {name: world.asked(name) for name in ways}
    assert world("system", ASKED, "tick").status == 0
    tick = world("system", REMINDED, "tick").json
    assert [each["stage"] for each in tick["followups"]] == [1] * len(ways)
    for name, (answer, _) in ways.items():
        mail = world.reminder(numbers[name])
        assert f"reminder 1: On {name}" in str(mail["Subject"])
        world.mailboxes.deliver(world.user, delivered(answer(mail), DANA))
    return Story(world, numbers, world("system", ANSWERED, "mail", "fetch").json)


def _said(case: dict[str, Any]) -> list[str]:
    return [update["data"]["text"] for update in case["updates"] if update["via"] == "email"]


def test_every_message_is_fetched_once(story: Story) -> None:
    """MAIL-6: none is lost, none comes twice, and none is marked as seen."""
    assert story.fetched["fetched"] == len(story.numbers)
    outcomes = {"ignored": 3, "triaged": 3, "updated": len(STOPPING)}
    assert story.fetched["outcomes"] == outcomes
    again = story.world("system", ANSWERED, "mail", "fetch").json
    assert (again["fetched"], again["mail"], again["left"]) == (0, [], [])
    assert set(story.world.mailboxes.flags(story.world.user)) == {()}


@pytest.mark.parametrize("name", STOPPING)
def test_a_reply_lands_on_its_case_and_stops_the_ladder(story: Story, name: str) -> None:
    """MAIL-2, STAT-3, FU-5: Open / Customer Responded, nothing more to come, and the new text alone."""
    case = story.world.show(story.numbers[name])
    assert (case["status"], case["substatus"], case["followup"]) == ("open", "customer-responded", None)
    (text,) = _said(case)
    assert text.split() == STOPPING[name][1].split()


@pytest.mark.parametrize("name", IGNORED)
def test_what_is_no_answer_stops_nothing(story: Story, name: str) -> None:
    """MAIL-5, MAIL-2a: the ladder stands where it stood."""
    case = story.world.show(story.numbers[name])
    assert (case["status"], case["followup"]["stage"], _said(case)) == ("awaiting-info", 1, [])
    place = [*STOPPING, *IGNORED].index(name)
    assert story.fetched["mail"][place]["outcome"] == IGNORED[name][1]


def test_a_file_of_a_reply_is_listed_on_the_case(story: Story) -> None:
    """MAIL-2, ATT-2: with its name, not yet confirmed as holding no customer data."""
    case = story.world.show(story.numbers["with a file"])
    (update,) = (update for update in case["updates"] if update["via"] == "email")
    (file,) = update["data"]["files"]
    assert (file["name"], file["size"], file["sanitised"]) == ("trace März.pdf", 14, None)


def test_who_answered_is_who_wrote(story: Story) -> None:
    """MAIL-2: a colleague's reply is the colleague's."""
    case = story.world.show(story.numbers["a colleague of the same account"])
    assert [update["actor"] for update in case["updates"] if update["via"] == "email"] == [OMAR]


def test_later_ticks_remind_only_of_what_nobody_answered(story: Story, tmp_path: Path) -> None:
    """FU-5: not minutes, not weeks later; on a copy of the desk, whose mail goes into a folder."""
    copy = tmp_path / "later.db"
    shutil.copy(story.world.database, copy)
    told = set[str]()
    for now in LATER:
        tick = care("--db", str(copy), "--as", "system", "--now", now, "--json", "tick").json
        told |= {each["number"] for each in tick["followups"]}
    assert told == {story.numbers[name] for name in IGNORED}


def test_mail_went_out_by_tls_and_login_and_names_its_case(story: Story) -> None:
    """MAIL-1, MAIL-6: with the reference, the thread and the marks that keep robots from answering."""
    number = story.numbers["python"]
    mails = [m for m in story.world.letters.messages if number in str(m["Subject"]) and m["To"] == DANA]
    assert len(mails) == 3, "we have it, we need something, reminder 1"
    last = story.world.reminder(number)
    assert re.search(rf"ref:{number}-[a-z2-7]{{16}}", str(last["Subject"]))
    assert last["Auto-Submitted"] == "auto-generated"
    assert str(mails[0]["Message-ID"]) in str(last["References"])
    sender, recipients, _ = story.world.letters.envelopes[0]
    assert (sender, len(recipients)) == ("care@desk.example", 1)


@pytest.mark.parametrize("name", PIPED)
def test_a_mail_server_may_pipe_the_same_in(world: World, name: str) -> None:
    """MAIL-6: `care mail receive` as a process of its own, with the headers that Postfix writes above."""
    number = world.asked(f"pipe {name}")
    world("system", ASKED, "tick")
    answer, said = {**STOPPING, **IGNORED}[name]
    raw = delivered(answer(world.reminder(number)), DANA)
    ran = shell(*world.options("system", ANSWERED), "--json", "mail", "receive", stdin=raw)
    case = world.show(number)
    if name in IGNORED:
        assert (ran.json["outcome"], case["status"]) == ("ignored", "awaiting-info")
        return
    assert (ran.json["outcome"], ran.json["number"]) == ("updated", number)
    assert (case["status"], case["substatus"], case["followup"]) == ("open", "customer-responded", None)
    assert _said(case)[0].split() == said.split()
    again = shell(*world.options("system", ANSWERED), "--json", "mail", "receive", stdin=raw)
    assert (again.json["outcome"], len(_said(world.show(number)))) == ("duplicate", 1)


@pytest.mark.parametrize("path", ["", "MAILER-DAEMON"])
def test_a_null_return_path_is_a_robots_however_postfix_writes_it(world: World, path: str) -> None:
    """MAIL-5: its pipe puts MAILER-DAEMON there, unless `null_sender=` stands in master.cf."""
    number = world.asked(f"no return path {path}")
    world("system", ASKED, "tick")
    raw = delivered(by_hand(world.reminder(number), DANA_WRITES, ANSWER).as_bytes(), path)
    assert world("system", ANSWERED, "mail", "receive", stdin=raw).json["outcome"] == "ignored"
    assert world.show(number)["status"] == "awaiting-info"


def test_a_reply_without_a_word_of_its_own_stops_the_ladder(world: World) -> None:
    """FU-5: the customer has answered, whatever is in it; staff are told where the original is."""
    number = world.asked("quotes")
    world("system", ASKED, "tick")
    raw = delivered(_quoted_only(world.reminder(number)), DANA)
    received = world("system", ANSWERED, "mail", "receive", stdin=raw).json
    case = world.show(number)
    assert (received["outcome"], case["substatus"], case["followup"]) == ("updated", "customer-responded", None)
    (text,) = _said(case)
    assert "Customer Care has the original" in text
    assert "Which queue" not in text


def _real_replies() -> list[str]:
    manifest = EML / "manifest.json"
    if not manifest.exists():
        return []
    return [each["path"] for each in json.loads(manifest.read_text()) if each["kind"] == "reply"]


@pytest.mark.skipif(not EML.exists(), reason="../shared is not here")
def test_real_messages_made_into_replies_land_on_the_case(world: World) -> None:
    """MAIL-2: what people's programs really wrote, of many kinds, each as an answer to our mail."""
    number = world.asked("real messages")
    world("system", ASKED, "tick")
    mail = world.reminder(number)
    paths = _real_replies()
    for path in paths:
        world.mailboxes.deliver(world.user, delivered(_answering(mail, (EML / path).read_bytes(), path), DANA))
    fetched = world("system", ANSWERED, "mail", "fetch").json
    assert {each["outcome"]: path for each, path in zip(fetched["mail"], paths, strict=True)}.keys() == {"updated"}
    case = world.show(number)
    assert (case["substatus"], len(_said(case))) == ("customer-responded", len(paths))


def _answering(mail: EmailMessage, raw: bytes, path: str) -> bytes:
    """A real message as if it answered a mail of ours: from our contact, in our thread, with an id of its own."""
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    named = rb"From|Sender|To|In-Reply-To|References|Message-ID|Return-Path|Delivered-To"
    kept = re.sub(rb"(?mi)^(?:%s): ?.*\n?(?:[ \t].*\n?)*" % named, b"", head + b"\n")
    own = f"From: {DANA_WRITES}\nTo: {DESK}\nIn-Reply-To: {mail['Message-ID']}\nMessage-ID: <{path}@x>\n"
    return own.encode() + kept + b"\n" + body
