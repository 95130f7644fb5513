"""Mail that came in, as people look at it (MAIL-2, MAIL-3)."""

from datetime import timedelta

from render.pages import NINE, ZONE
from render.test_screens import in_a_pipe, on_terminal

from carecli.domain.inbox import Enclosure, Incoming, Outcome, Received, Settlement
from carecli.render.inbox import inbox_sheet, message_page, outcome_line

DANA = "dana@abc.example"
BARE = Received(4, "", NINE, "pipe", 812)
UPDATED = BARE._replace(
    id=1,
    message_id="<1@x>",
    sender=DANA,
    subject="Re: Calls drop",
    outcome=Outcome.UPDATED,
    number=42,
    code="message-id",
    reason="it answers a mail of the case",
)
UNCLEAR = BARE._replace(
    id=2,
    received_at=NINE + timedelta(minutes=5),
    subject="\x1b[31mred",
    outcome=Outcome.TRIAGED,
    code="unclear-sender",
    reason="its From names nobody, or more than one",
)
DISCARDED = UPDATED._replace(
    id=3,
    subject="=HYPERLINK()",
    outcome=Outcome.TRIAGED,
    number=None,
    code="no-case",
    reason="it names no case",
    settlement=Settlement.DISCARDED,
    settled_at=NINE,
    settled_by="ben@desk.example",
    settled_why="an advertisement",
)
FILE = Enclosure(1, "a\u202egpj.log", "text/plain", 1200, "ab")
MESSAGE = Incoming(
    "<2@x>", None, "", ("care@desk.example",), "", ("<a@b>",), "New.\n> old", (FILE,), "no return path", None, ()
)

LIST_80 = """\
Mail that came in  times in America/New_York
Id    From             Subject         Outcome        Why             Case
────────────────────────────────────────────────────────────────────────────────
in-1  dana@abc.examp…  Re: Calls drop  Updated        message id      0000000042
in-2  nobody           red             Triaged        unclear sender
in-3  dana@abc.examp…  =HYPERLINK()    Discarded      no case
in-4  nobody                           not looked at
4 mails · care mail triage show ID tells more"""

LIST_120 = """\
Mail that came in  times in America/New_York
Id    Received          From              Subject         Outcome        Why             Case
───────────────────────────────────────────────────────────────────────────────────────────────────
in-1  2026-03-02 09:00  dana@abc.example  Re: Calls drop  Updated        message id      0000000042
in-2  2026-03-02 09:05  nobody            red             Triaged        unclear sender
in-3  2026-03-02 09:00  dana@abc.example  =HYPERLINK()    Discarded      no case
in-4  2026-03-02 09:00  nobody                            not looked at
4 mails · care mail triage show ID tells more"""

MESSAGE_80 = """\
in-2  red  times in America/New_York
Outcome      Triaged
Reason       its From names nobody, or more than one
From         nobody that can be told
To           care@desk.example
Return path  none (<>)
Received     2026-03-02 09:05
Source       pipe
Answers      <a@b>
Robot        no return path

New text
  New.

The whole text
  New.
  > old

Files
File  Name      Type        Bytes  Sanitised
──────────────────────────────────────────────────────────────
   1  agpj.log  text/plain   1200  not yet confirmed sanitised"""


def test_the_list() -> None:
    """MAIL-3: who, what became of it and why; a stranger's escapes do nothing."""
    sheet = inbox_sheet((UPDATED, UNCLEAR, DISCARDED, BARE), ZONE)
    assert on_terminal([sheet], 80) == LIST_80
    assert on_terminal([sheet], 120) == LIST_120


def test_one_message() -> None:
    """MAIL-2: what it says of itself, what is new in it, the whole of it, and its files."""
    page = message_page(UNCLEAR, MESSAGE, "New.", ZONE)
    assert on_terminal(page, 80) == MESSAGE_80
    piped = in_a_pipe(page)
    assert "1\tagpj.log\ttext/plain\t1200\tnot yet confirmed sanitised" in piped
    assert "\x1b" not in piped
    settled = in_a_pipe(message_page(DISCARDED, MESSAGE, "New.", ZONE))
    assert "Settled\tdiscarded by ben@desk.example: an advertisement" in settled


def test_the_line_of_receive() -> None:
    """MAIL-6: what a mail server's log may keep of it."""
    assert outcome_line(UPDATED) == "in-1 updated 0000000042: it answers a mail of the case"
    assert outcome_line(UNCLEAR) == "in-2 triaged: its From names nobody, or more than one"
    assert outcome_line(BARE) == "in-4 stored; it is looked at with the next mail or tick"
