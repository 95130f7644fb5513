"""What a chat does to a case: lines, clocks, the ladder, and its ends (CHAT-1)."""

from datetime import timedelta

import pytest
from notation import CONTACT, DANA, SAM, STAFF, history, when

from carecli.domain import chatting, deadlines, lifecycle
from carecli.domain.access import Act
from carecli.domain.case_state import case as read
from carecli.domain.case_state import state, texts
from carecli.domain.chat import Chat, Ending
from carecli.domain.events import Event, Kind
from carecli.domain.folding import evolve, replay
from carecli.domain.vocabulary import SYSTEM, Metric, Via
from carecli.errors import Invalid, Refused

OPENED = "Mon 09:00 opened high"
IDLE = timedelta(minutes=30)
"""What the shipped policy gives a chat in which nobody writes."""


class Room:
    """A case on which people chat; each act goes the way of a command, with all that follows from it."""

    def __init__(self, *played: str) -> None:
        self.desk = history(OPENED, *played)
        self.case = self.desk.case
        self.events = list(self.desk.events)

    def take(self, event: Event) -> None:
        """Let it happen, as `Record.append` does."""
        self.case, told = deadlines.consequences(self.case, event, self.desk.rules)
        self.events += told

    def begin(self, at: str, act: Act = CONTACT, asked: tuple[str, ...] = (SAM,)) -> None:
        """Begin a chat."""
        self.take(chatting.started(self.case, act, when(at), asked))

    def say(self, at: str, text: str, act: Act = CONTACT, *, message: bool = False) -> None:
        """Say a line."""
        self.take(chatting.said(self.case, text, act, when(at), message=message))

    @property
    def chat(self) -> Chat:
        """The chat that stands."""
        assert self.case.chat is not None
        return self.case.chat

    @property
    def last(self) -> Event:
        """What happened last."""
        return self.events[-1]


def begun() -> Room:
    room = Room()
    room.begin("Mon 10:00")
    return room


def test_a_chat_stands_from_its_beginning() -> None:
    """CHAT-1: who began it, whom of staff it is meant for, and when it ends by itself."""
    room = begun()
    assert room.chat == Chat(1, DANA, when("Mon 10:00"), when("Mon 10:30"), (SAM,), 0, (DANA,), answered=False)
    assert (room.case.chats, room.last.via, room.last.public) == (1, Via.CHAT, True)
    assert (room.case.standing, room.case.modified_at) == (room.desk.case.standing, room.desk.case.modified_at)


def test_a_line_is_an_update() -> None:
    """STAT-3, UPD-1, SLA-3: a line of staff answers the case and begins the work, one of the customer is new."""
    room = begun()
    room.say("Mon 10:01", "Is there news?")
    assert (str(room.case.standing.substatus), room.case.modified_at) == ("new", when("Mon 10:01"))
    assert room.case.clock(Metric.RESPONSE, 1).met_at is None
    room.say("Mon 10:02", "Yes: we have found it.", STAFF)
    assert str(room.case.standing.substatus) == "investigation"
    assert room.case.clock(Metric.RESPONSE, 1).met_at == when("Mon 10:02")
    assert (room.chat.lines, room.chat.answered, room.chat.idle_at) == (2, True, when("Mon 10:02") + IDLE)


@pytest.mark.parametrize("waiting", ["asked", "proposed"])
def test_a_line_answers_a_request(waiting: str) -> None:
    """STAT-3, FU-5: in Awaiting Info or Solution Proposed it is the customer's response, and ends the ladder."""
    room = Room(f"Mon 09:30 {waiting}")
    room.begin("Mon 10:00")
    assert room.case.followup is not None
    room.say("Mon 10:01", "Here it is.")
    assert str(room.case.standing.substatus) == "customer-responded"
    assert room.case.followup is None


def test_what_is_no_line_is_refused() -> None:
    """CHAT-1: nothing, and more than a line holds; breaks within a line are blanks."""
    room = begun()
    for text in ("", "  ", "\n"):
        with pytest.raises(Invalid, match="empty"):
            room.say("Mon 10:01", text)
    with pytest.raises(Invalid, match="10,001 characters"):
        room.say("Mon 10:01", "x" * 10_001)
    room.say("Mon 10:01", "a\nb\u2028c")
    assert room.last.data["text"] == "a b c"
    room.say("Mon 10:02", "a\nb", message=True)
    assert (room.last.data["text"], room.last.data["message"]) == ("a\nb", True)


def test_a_chat_ends_by_itself() -> None:
    """CHAT-1, TICK-1: half an hour after its last line, at that very time, whenever the tick comes."""
    room = begun()
    room.say("Mon 10:10", "Hello?")
    (timer,) = chatting.timers(room.case)
    assert timer.fires_at == when("Mon 10:40")
    (event,) = deadlines.fired(room.case, timer, room.desk.rules, deadlines.Pace(when("Mon 12:00")))
    assert (event.at, event.actor, event.data["reason"]) == (when("Mon 10:40"), SYSTEM, Ending.IDLE)
    after = evolve(room.case, event, room.desk.rules)
    assert (after.chat, after.chats, list(chatting.timers(after))) == (None, 1, [])


def test_a_command_records_an_end_that_fell_due_before() -> None:
    """CHAT-1, SLA-7: the next chat is another one, also where no tick came between."""
    room = begun()
    room.say("Mon 10:10", "Hello?")
    room.begin("Mon 11:00")
    kinds = [(f"{e.at:%H:%M}", e.kind) for e in room.events if e.kind in chatting.KINDS]
    assert kinds[-2:] == [("10:40", Kind.CHAT_ENDED), ("11:00", Kind.CHAT_STARTED)]
    assert (room.chat.id, room.case.chats, room.chat.lines) == (2, 2, 0)


def test_nobody_writes_into_a_chat_that_is_over() -> None:
    """CHAT-1: at its last moment one still may, a second later not, whether or not the tick has come."""
    room = begun()
    room.say("Mon 10:30", "Just in time.")
    late = when("Mon 11:00") + timedelta(seconds=1)
    with pytest.raises(Refused, match="the chat on case 0000000042 is over"):
        chatting.said(room.case, "Too late.", CONTACT, late)


def test_a_closed_case_has_no_chat() -> None:
    """CHAT-1, STAT-4: closing it ends the chat in the same breath, and none begins before it is reopened."""
    room = begun()
    room.say("Mon 10:01", "Thank you.", STAFF)
    room.take(lifecycle.close(room.case, None, None, STAFF, when("Mon 10:05")))
    assert (room.last.kind, room.last.data["reason"]) == (Kind.CHAT_ENDED, Ending.CLOSED)
    assert room.case.chat is None
    with pytest.raises(Refused, match="closed"):
        room.begin("Mon 10:06")


def test_who_is_told_of_the_end() -> None:
    """CHAT-1: the transcript is for whoever wrote for the customer; an unheard chat is for whom it was meant."""
    room = begun()
    quiet = chatting.left(room.case, room.chat, CONTACT, when("Mon 10:01"))
    assert (quiet.data["addressed"], quiet.data["missed_by"]) == ([], [])
    omar = CONTACT._replace(by="omar@abc.example")
    room.say("Mon 10:02", "Hello?", omar)
    unheard = chatting.left(room.case, room.chat, omar, when("Mon 10:03"), message=True)
    assert (unheard.data["addressed"], unheard.data["missed_by"]) == ([DANA, "omar@abc.example"], [SAM])
    assert unheard.data["reason"] == Ending.MESSAGE
    owned = chatting.idle(room.case._replace(owner="mia@desk.example"), room.chat)
    assert owned.data["missed_by"] == ["mia@desk.example"]
    room.say("Mon 10:04", "Yes?", STAFF)
    heard = chatting.vanished(room.case, room.chat, SAM, when("Mon 10:05"))
    assert (heard.data["missed_by"], heard.data["who"], heard.actor) == ([], SAM, SYSTEM)


def test_a_history_with_chats_adds_up() -> None:
    """STAT-4, CHAT-1: replayed it is the same case, and kept as JSON it comes back."""
    room = begun()
    room.say("Mon 10:01", "Hello?")
    room.say("Mon 10:02", "Hello.", STAFF)
    assert replay(room.events, lambda *_: room.desk.rules) == room.case
    assert read(state(room.case), texts(room.case)) == room.case
    room.take(chatting.left(room.case, room.chat, CONTACT, when("Mon 10:03")))
    assert replay(room.events, lambda *_: room.desk.rules) == room.case
    assert "chat" not in state(room.case)
    assert state(room.desk.case).keys().isdisjoint({"chat", "chats"})
