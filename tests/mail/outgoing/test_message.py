"""Mail as it leaves: text and HTML in one message, in which nothing that was written gets out of its place."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path

import pytest
from desk_fixtures import DANA, MIA, SAM, Office, ask, copied, plain, say
from hypothesis import given, settings
from hypothesis import strategies as st
from outgoing_mail import AT, MAIL, WRITER, hypertext, of_each_kind, read

from carecli.config import Config
from carecli.desk import escalation
from carecli.domain import legible
from carecli.domain.inbox import Outcome
from carecli.domain.outbox import ANSWERS, Mail, MailKind
from carecli.errors import Failed
from carecli.mail.incoming.replies import MARKER
from carecli.mail.outgoing.message import Writer

NAMES = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "X-Care-Desk",
    "MIME-Version",
    "Content-Type",
]
LETTERS = Path(__file__).parent / "letters"


def lines(raw: bytes) -> list[bytes]:
    """The lines of a message as a server takes them."""
    return raw.split(b"\n")


@pytest.mark.parametrize("kind", MailKind)
def test_a_letter_of_each_kind(letters: dict[MailKind, Mail], kind: MailKind) -> None:
    """MAIL-1, FU-1, TICK-3: what is asked, what is next and when, what to type, the link, the reference."""
    message = read(WRITER.written(letters[kind]))
    shown = re.sub("-[a-z2-7]{16}", "-" + "x" * 16, f"Subject: {message['Subject']}\n\n{plain(message)}")
    assert shown == (LETTERS / f"{kind}.txt").read_text()
    marked_up = re.sub("<style>.*?</style>|<[^>]+>", " ", hypertext(message), flags=re.DOTALL)
    seen = re.sub(r"\s+", " ", unescape(marked_up))
    content = letters[kind].content
    for part in (content["lead"], content["said"], content["next"], content["reply"], content["reference"]):
        assert re.sub(r"\s+", " ", part or "") in seen
    assert all(way["command"] in seen for way in content["ways"])


@pytest.fixture(scope="module")
def letters(template: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[MailKind, Mail]]:
    """A mail of each kind."""
    office = copied(template, tmp_path_factory.mktemp("letters"))
    yield of_each_kind(office)
    office.store.close()


def test_programs_know_that_a_program_wrote_it(letters: dict[MailKind, Mail]) -> None:
    """MAIL-1, RFC 3834: answers say that they are answers; nobody is asked to keep bounces to himself (FU-6)."""
    for kind, mail in letters.items():
        message = read(WRITER.written(mail))
        assert message["Auto-Submitted"] == ("auto-replied" if kind in ANSWERS else "auto-generated")
        assert "OOF" in message["X-Auto-Response-Suppress"]
        assert "NDR" not in message["X-Auto-Response-Suppress"].split(", ")
        assert message["X-Care-Desk"] == "care@desk.example"
        assert "Precedence" not in message


def test_the_marker_comes_first_in_both(letters: dict[MailKind, Mail]) -> None:
    """MAIL-2: all that a reply repeats of the mail stands below the line that tells it from the reply."""
    message = read(WRITER.written(letters[MailKind.REQUEST]))
    assert plain(message).startswith(MARKER + "\n")
    body = hypertext(message).partition("<body")[2]
    assert re.sub(r"(?s)<[^>]*>|<!--.*?-->", "", body.partition(">")[2]).strip().startswith(MARKER)
    assert MARKER not in plain(read(WRITER.written(letters[MailKind.HOW_TO_OPEN])))


def test_the_mails_of_a_case_are_one_thread(office: Office) -> None:
    """MAIL-1: each mail follows the case's first one, then the customer's last message, if any."""
    number = office.open("Mon 09:00")
    first, second = (say(text)(office.by(SAM, f"Mon {hour}:00"), number) for text, hour in (("A", 10), ("B", 11)))
    assert first.case.number == second.case.number
    root, *others = office.mails(number)
    assert root.named == ()
    assert [mail.named for mail in others] == [(root.message_id,)] * 2
    with office.store.write() as record:
        kept = record.store_raw(b"raw", AT, "test")
        kept = kept._replace(message_id="<their.one@abc.example>", outcome=Outcome.UPDATED, number=number)
        record.mark_received([kept])
    ask(office.by(SAM, "Mon 12:00"), number)
    message = read(WRITER.written(office.mails(number)[-1]))
    assert message["References"] == f"{root.message_id} <their.one@abc.example>"
    assert message["In-Reply-To"] == "<their.one@abc.example>"


def test_two_mails_of_one_event_are_one_thread(office: Office) -> None:
    """MAIL-1: also where the case had no mail before."""
    number = office.open("Mon 09:00")
    with closing(sqlite3.connect(office.config.db)) as db:
        db.execute("DELETE FROM outbox")
        db.commit()
    desk = office.by(DANA, "Mon 10:00")
    escalation.escalate(desk, number, "Too slow.")
    escalation.answer(office.by(MIA, "Mon 11:00"), number, "Yes.")
    first, *others = office.mails(number)
    assert {mail.named for mail in others} == {(first.message_id,)}


def test_what_is_no_message_id_is_not_followed() -> None:
    """MAIL-1: a Message-ID that came from outside never breaks a header."""
    strange = ("<a@b>\nBcc: x@y", "junk", "<é@b>", "<" + "a" * 999 + "@b>", "<fine@b.example>", "<a b@c>")
    message = read(WRITER.written(MAIL._replace(named=strange)))
    assert message["References"] == message["In-Reply-To"] or message["References"] == "<fine@b.example>"
    assert "Bcc" not in message
    message = read(WRITER.written(MAIL._replace(named=strange[:4])))
    assert "References" not in message


HOSTILE_SUBJECTS = [
    "x" * 100,
    "é" * 100,
    "日本語" * 33,
    "a\u2028Bcc: evil@x.example",
    "a\u0085Bcc: evil@x.example",
    "a\u009b31mred",
    "a\r\nBcc: evil@x.example",
    "=cmd|' /C calc'!A0",
    "Subject: To: evil@x.example",
    "\u202egnp.exe",
    "=?utf-8?q?=0aBcc=3a_evil=40x.example?=",
    "x =?utf-8?q?=0d=0a=0d=0aA_body?=",
    "é =?utf-8?q?=0d=0a=0d=0aA_body?= é",
    "=?utf-8?b?CkJjYzogZXZpbEB4LmV4YW1wbGU=?=",
    "half \ud83d a character",
    "{{ 7 * 7 }} {% for x in y %}",
]


@pytest.mark.parametrize("subject", HOSTILE_SUBJECTS)
def test_a_hostile_subject_stays_in_its_header(subject: str) -> None:
    """MAIL-1: whatever a subject holds, the mail has its own headers once each, and the body stays the body."""
    case = {"number": "0000000042", "subject": subject, "account": "A", "priority": "high", "status": "open"}
    raw = WRITER.written(
        MAIL._replace(subject=f"[Case # 0000000042 ] an update: {subject}", content={"case": case})
    )
    message = read(raw)
    assert message.keys() == NAMES
    assert message["Subject"].startswith("[Case # 0000000042 ] an update: ")
    assert "\n" not in message["Subject"]
    assert "0000000042" in plain(message)
    assert max(map(len, lines(raw.partition(b"\n\n")[0]))) <= 76


HOSTILE_TEXTS = [
    "Line one.\n.\nFrom here on.\n\nBcc: evil@x.example",
    "\r\n.\r\nQUIT\r\n",
    "é日本\U0001f600" * 50,
    "y" * 5000,
    "\v".join(["y" * 600] * 9),
    "\x1b[31mred\x1b[0m \x07\x08",
    "--\n-- \n==\n--===============1==",
    "=?utf-8?q?=0aBcc=3a_evil=40x.example?=",
    "<script>alert(1)</script><img src=https://x.example/p.png>\"'",
    "{{ ''.__class__ }}{% for x in range(10) %}",
]


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_a_hostile_text_stays_in_the_body(text: str) -> None:
    """MAIL-1: any text leaves in the body alone, in lines that servers take; no terminal obeys it."""
    raw = WRITER.written(MAIL._replace(content={"said": text}))
    message = read(raw)
    assert message.keys() == NAMES
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert legible.lines(text) in plain(message)
    assert not re.search("<script|<img", hypertext(message))
    assert max(map(len, lines(raw))) <= 998
    assert b"\r" not in raw


def test_the_boundary_cannot_be_guessed_into_a_text() -> None:
    """MAIL-1: a text that holds what would part the message is told from it."""
    boundary = read(WRITER.written(MAIL)).get_boundary()
    message = read(WRITER.written(MAIL._replace(content={"said": f"--{boundary}\n\nMine.\n--{boundary}--"})))
    assert "Mine." in plain(message)
    assert len(list(message.iter_parts())) == 2


ANY = st.text(st.characters(), max_size=200)


@settings(max_examples=100, deadline=None)
@given(ANY, ANY, ANY)
def test_any_text_is_read_back(subject: str, said: str, name: str) -> None:
    """MAIL-1: any subject and text are read back as they can be shown; the same mail is the same bytes."""
    mail = MAIL._replace(subject=f"[Case # 0000000042 ] {subject}", content={"lead": name, "said": said})
    raw = WRITER.written(mail)
    again = Writer(WRITER.sender, WRITER.desk, WRITER.case_url, None)
    assert again.written(mail) == raw
    message = read(raw)
    assert message.keys() == NAMES
    broken_up = subject.replace("=?", "= ?")
    words = [re.sub("[\x00-\x1f\x7f-\x9f]", "\ufffd", word) for word in broken_up.split()]
    assert message["Subject"] == " ".join(["[Case # 0000000042 ]", *words])
    assert legible.lines(said) in plain(message)


def test_half_a_character_stops_no_mail() -> None:
    """MAIL-1: what cannot be written in UTF-8 is marked where it stood."""
    message = read(WRITER.written(MAIL._replace(content={"said": "a\ud83db", "lead": "\udcff"})))
    assert "a?b" in plain(message)


@pytest.mark.parametrize(
    "address",
    ["a@b.example\nBcc: x@y.example", "a@b.example, x@y.example", "Dana <a@b.example>", "", "@b", "é@b.example"],
)
def test_an_address_that_is_not_one_stops_the_mail(address: str) -> None:
    """MAIL-1: a damaged recipient is told of, with what to do about it."""
    with pytest.raises(Failed, match="no mail can be sent to") as raised:
        WRITER.written(MAIL._replace(to=address))
    assert raised.value.hint


def test_a_domain_of_any_script_is_written_as_servers_know_it() -> None:
    """MAIL-1: a recipient's domain with letters beyond ASCII."""
    assert read(WRITER.written(MAIL._replace(to="dana@bücher.example")))["To"] == "dana@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "sender", ["care", "", "care@desk.example\nBcc: x@y.example", "a@b, c@d", "é@desk.example"]
)
def test_a_sender_that_is_none_is_told_of_when_mail_leaves(sender: str) -> None:
    """MAIL-6: a wrong setting keeps mail with its remedy, and never gets into a header."""
    with pytest.raises(Failed, match="is no sender of mail") as raised:
        Writer(sender, "Test desk", None, None).written(MAIL)
    assert "`from`" in (raised.value.hint or "")


def test_a_sender_with_a_name_of_any_script() -> None:
    """MAIL-1: the name is encoded, the address is as it was."""
    message = read(Writer("Kündenservice <care@desk.example>", "Test desk", None, None).written(MAIL))
    [sender] = message["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Kündenservice", "care@desk.example")


def test_a_mail_from_before_templates_leaves(letters: dict[MailKind, Mail]) -> None:
    """MAIL-6: what an older version queued, laid out already, is sent in the new form, signed once."""
    body = "Case 0000000042: an update.\n\nWords.\n\n-- \nTest desk\n"
    message = read(WRITER.written(MAIL._replace(content={"body": body}, message_id="<0000000042.2@desk.example>")))
    assert "Case 0000000042: an update.\n\nWords.\n" in plain(message)
    assert Counter(plain(message).split("\n"))["-- "] == 1
    assert letters


def test_html_holds_nothing_to_be_fetched(letters: dict[MailKind, Mail]) -> None:
    """MAIL-1: no picture, font, style or script comes from elsewhere; the one address is the case's."""
    for mail in letters.values():
        found = hypertext(read(WRITER.written(mail)))
        assert not re.search(r"<(?:img|link|script|iframe|object|form)|url\(|@import|src=", found)
        assert set(re.findall(r"https?://[^\s\"<]+", found)) <= {
            f"https://desk.example/cases/{n:010d}" for n in range(1, 43)
        }
