"""Chats as people and scripts read them (CHAT-1)."""

from datetime import timedelta
from typing import Any

from render.pages import NINE, ZONE, case
from render.test_screens import in_a_pipe, on_terminal

from carecli.domain import case_state
from carecli.domain.chat import Chat, Ending, Present, Waiting
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.vocabulary import Side, Via, Visibility
from carecli.render import chat, chat_document

DANA, BEN = "dana@abc.example", "ben@desk.example"
CHAT = Chat(1, DANA, NINE, NINE + timedelta(minutes=30), (BEN,), 2, (DANA,))
SHOWN = 'As of 09:00:\n10:00 ben@desk.example: I [b]promise[/b] \x1b[31mred\u202e "all"'


def told(seq: int, minute: int, actor: str, kind: Kind, **data: Any) -> Recorded:
    """Something that happened in the chat."""
    at = NINE + timedelta(minutes=minute)
    return Recorded(seq, 42, seq, Event(at, actor, Via.CHAT, kind, Visibility.PUBLIC, {"chat": 1, **data}), "")


def said(seq: int, minute: int, who: str, text: str, **more: Any) -> Recorded:
    """A line."""
    return told(seq, minute, who, Kind.CHATTED, text=text, side="contact" if who == DANA else "staff", **more)


BEGUN = told(2, 0, DANA, Kind.CHAT_STARTED, side="contact", asked=[BEN])
ENDED = told(6, 5, BEN, Kind.CHAT_ENDED, reason="left", who=BEN, lines=3, addressed=[DANA], missed_by=[])
TALK = (
    BEGUN,
    said(3, 1, DANA, "Is there news of the calls that drop after they are transferred to the second queue?"),
    said(4, 2, BEN, "Yes."),
    said(5, 3, DANA, SHOWN, message=True),
    ENDED,
)

WHOLE_80 = """\
2026-03-02 09:00 EST  Chat 1: dana@abc.example, ben@desk.example, 3 lines
  09:01 dana@abc.example: Is there news of the calls that drop after they are
  transferred to the second queue?
  09:02 ben@desk.example: Yes.
  09:03 dana@abc.example: As of 09:00:
        10:00 ben@desk.example: I [b]promise[/b] red "all"
  ben@desk.example left: the chat is over."""

WHOLE_60 = """\
2026-03-02 09:00 EST  Chat 1: dana@abc.example,
ben@desk.example, 3 lines
  09:01 dana@abc.example: Is there news of the calls that
  drop after they are transferred to the second queue?
  09:02 ben@desk.example: Yes.
  09:03 dana@abc.example: As of 09:00:
        10:00 ben@desk.example: I [b]promise[/b] red "all"
  ben@desk.example left: the chat is over."""

LIST_80 = """\
Chats  times in America/New_York
Number      Subject           Begun by         Since             In it now
────────────────────────────────────────────────────────────────────────────────
0000000042  Calls drop afte…  dana@abc.examp…  2026-03-02 09:00  dana@abc.examp…
care chat NUMBER joins one"""

LIST_120 = """\
Chats  times in America/New_York
Number      Subject           Account         Owner            Begun by         Since             Lines  In it now
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
0000000042  Calls drop afte…  ABC Testing Co  ben@desk.examp…  dana@abc.examp…  2026-03-02 09:00      2  dana@abc.examp…
care chat NUMBER joins one"""  # noqa: E501


def waiting(*sides: Side) -> Waiting:
    """A chat that stands, with these in it."""
    people = {Side.CONTACT: DANA, Side.STAFF: BEN}
    present = tuple(Present(42, str(place), people[side], side, 0) for place, side in enumerate(sides))
    return Waiting(case_state.state(case()), CHAT, present)


def test_a_chat_whole() -> None:
    """CHAT-1, DC-3: who said what when; what was written in a message cannot pass for another's line."""
    page = [chat.section(TALK, ZONE)]
    assert on_terminal(page, 80) == WHOLE_80
    assert on_terminal(page, 60) == WHOLE_60
    assert "\x1b" not in in_a_pipe(page)


def test_a_long_chat_on_a_case() -> None:
    """CHAT-1: the case shows its last lines, and says where the rest is."""
    lines = [said(3 + place, 1, DANA, f"Line {place}") for place in range(100)]
    shown = chat.section([BEGUN, *lines], ZONE, chat.SHOWN).text.splitlines()
    assert (shown[0], shown[1], shown[-2]) == (
        "... 70 before: care chat show",
        "09:01 dana@abc.example: Line 70",
        "09:01 dana@abc.example: Line 99",
    )
    assert shown[-1] == "It is still going on."


def test_a_chat_stands_as_one_among_the_updates() -> None:
    """CHAT-1, UPD-1: newest first, a chat where its last line stands, its own lines oldest first."""
    note = told(7, 9, BEN, Kind.COMMENTED, text="x")
    between = told(4, 2, BEN, Kind.ASSIGNED, owner=BEN)
    updates = [note, ENDED, TALK[3], between, TALK[1], BEGUN]
    assert list(chat.gathered(updates)) == [note, (BEGUN, TALK[1], TALK[3], ENDED), between]


def test_who_waits() -> None:
    """CHAT-1: at a terminal, and on the home page."""
    sheet = chat.waiting_sheet([waiting(Side.CONTACT)], ZONE)
    assert (on_terminal([sheet], 80), on_terminal([sheet], 120)) == (LIST_80, LIST_120)
    assert on_terminal([chat.waiting_sheet([], ZONE)], 80) == "Chats\nnobody is in a chat"
    (title, *_) = on_terminal([chat.calling_sheet([waiting(Side.CONTACT)], ZONE)], 80).splitlines()
    assert title == "Waiting for you in a chat: 1  times in America/New_York"


def test_who_is_in_it() -> None:
    """CHAT-1: it waits where the customer is there alone."""
    known = {(): False, (Side.CONTACT,): True, (Side.STAFF,): False, (Side.CONTACT, Side.STAFF): False}
    assert {sides: waiting(*sides).waits for sides in known} == known
    assert chat_document.row(waiting(Side.STAFF))["present"] == [{"email": BEN, "side": "staff"}]


def test_why_it_is_over() -> None:
    """CHAT-1: each end has its words, with no control character of a name in them."""
    ends = [chat.end(told(6, 5, BEN, Kind.CHAT_ENDED, reason=end.value, who="x\x1b[2Jy").event) for end in Ending]
    assert ends == [
        "xy left: the chat is over.",
        "xy left a message: the chat is over.",
        "xy is gone, the connection broke off: the chat is over.",
        "Nobody wrote any more: the chat is over.",
        "The case was closed: the chat is over.",
    ]


def test_a_line_for_a_pipe() -> None:
    """CLI, CHAT-1: one line each, whatever it holds; at a terminal the reader's own are `you`."""
    line = chat.spoken(TALK[3].event, ZONE)
    assert line.line == '09:03 dana@abc.example: As of 09:00: 10:00 ben@desk.example: I [b]promise[/b] red "all"'
    assert chat.spoken(TALK[3].event, ZONE, DANA).who == "you"


def test_a_chat_as_a_document() -> None:
    """CHAT-1: lines counted from 1; what goes on has no end yet."""
    whole = chat_document.chat(TALK)
    assert (whole["reason"], whole["who"], whole["ended_at"]) == ("left", BEN, "2026-03-02T14:05:00Z")
    assert [line["line"] for line in whole["lines"]] == [1, 2, 3]
    assert chat_document.chat(TALK[:-1])["ended_at"] is None
