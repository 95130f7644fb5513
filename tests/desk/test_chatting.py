"""Two people in a chat on one real database, each with a connection of their own (CHAT-1)."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest
from desk_fixtures import ABC, ADA, BEN, DANA, LENA, MIA, OMAR, RITA, ROSA, SAM, Office, ask, plain
from engine import open_store
from notation import when

from carecli.commands.chatting.conversation import Conversation, Shown
from carecli.desk import cases, chats, directory, reading, splitting
from carecli.desk import home as homes
from carecli.desk.chatting import BEAT_MS, Talk
from carecli.domain import chatting
from carecli.domain.chat import Ending
from carecli.domain.events import Kind
from carecli.domain.outbox import MailKind
from carecli.domain.vocabulary import CaseType
from carecli.errors import DatabaseUnusable, ExitStatus, NotFound, NotPermitted, Refused

OPENED = "Mon 09:00"


class Hall:
    """A desk on which people chat: their programs, one clock for what is recorded, one pulse for who is alive."""

    def __init__(self, office: Office, stack: ExitStack) -> None:
        self.office = office
        self.now = when("Mon 10:00")
        self.pulse_ms = 1_000_000
        self._stack = stack

    def clock(self) -> datetime:
        """The moment that each line takes."""
        return self.now

    def enters(self, who: str, number: int = 1) -> Talk:
        """Somebody comes in by a program, and so by a connection, of their own."""
        store = open_store(self.office.config.db)
        self._stack.callback(store.close)
        desk = Office(self.office.config, store).by(who, self.now)
        return Talk(desk, number, self.clock, lambda: self.pulse_ms)

    def passes(self, seconds: float, *alive: Talk) -> None:
        """Let time go by, while these give signs of life as they do."""
        for _ in range(round(seconds * 1000 / BEAT_MS)):
            self.pulse_ms += BEAT_MS
            self.now += timedelta(milliseconds=BEAT_MS)
            for one in alive:
                one.beat()


@pytest.fixture
def hall(office: Office) -> Iterator[Hall]:
    """A desk with an open case of ABC, which Ben owns."""
    number = office.open(OPENED)
    cases.assign(office.by(BEN, "Mon 09:05"), number)
    with ExitStack() as stack:
        yield Hall(office, stack)


def said(talk: Talk) -> list[str]:
    """What is new to somebody, line by line, and why it is over."""
    entries = talk.heard().entries
    return [e.event.data.get("text") or e.event.data.get("reason") or str(e.event.kind) for e in entries]


def ends(hall: Hall) -> list[tuple[str, str | None]]:
    """How the chats on the case ended."""
    events = [entry.event for entry in hall.office.history(1) if entry.event.kind is Kind.CHAT_ENDED]
    return [(event.data["reason"], event.data["who"]) for event in events]


def chat_mails(hall: Hall, number: int = 1) -> list[tuple[str, str]]:
    """The mails that chats left behind: to whom, and of what kind."""
    kinds = {MailKind.TRANSCRIPT, MailKind.CHAT_UNANSWERED}
    return [(mail.to, mail.kind.value) for mail in hall.office.mails(number) if mail.kind in kinds]


def test_what_one_says_the_other_hears(hall: Hall) -> None:
    """CHAT-1: in the order of the record, one's own lines too, and each line is an event of the case."""
    dana, ben = hall.enters(DANA), hall.enters(BEN)
    assert said(dana) == said(ben) == ["chat-started"]
    dana.say(["Is there news?", "About the queue."])
    ben.say(["Yes."])
    assert said(dana) == said(ben) == ["Is there news?", "About the queue.", "Yes."]
    assert said(dana) == []
    kinds = hall.office.kinds(1, Kind.CHATTED)
    assert kinds == ["2026-03-02 10:00 chatted"] * 3
    assert hall.office.differences() == []


def test_who_comes_later_hears_it_all(hall: Hall) -> None:
    """CHAT-1: staff who join read what was said while the customer waited."""
    dana = hall.enters(DANA)
    dana.say(["Anybody here?"])
    assert (dana.alone, dana.owner, dana.wait_s) == (True, BEN, 60)
    ben = hall.enters(BEN)
    assert said(ben) == ["chat-started", "Anybody here?"]
    assert (dana.heard().came, dana.alone, ben.alone) == ((BEN,), False, False)


def test_who_goes_ends_it(hall: Hall) -> None:
    """CHAT-1: with the last of a side the chat is over; the transcript goes once, to the customer alone."""
    dana, omar, ben = hall.enters(DANA), hall.enters(OMAR), hall.enters(BEN)
    omar.say(["I am here too."])
    ben.say(["Good morning."])
    assert ben.heard().came == (DANA, OMAR)
    dana.leave()
    assert (ends(hall), ben.heard().went) == ([], (DANA,))
    ben.leave()
    assert (ends(hall), said(omar)[-1]) == ([("left", BEN)], "left")
    omar.leave()
    assert ends(hall) == [("left", BEN)]
    assert chat_mails(hall) == [(DANA, "transcript"), (OMAR, "transcript")]
    assert hall.office.differences() == []


def test_a_program_that_vanishes_is_noticed(hall: Hall) -> None:
    """CHAT-1: whoever gives no sign of life for six seconds is gone, and the other side ends the chat."""
    dana, ben = hall.enters(DANA), hall.enters(BEN)
    ben.say(["One moment."])
    hall.passes(30, dana, ben)
    assert ends(hall) == []
    hall.passes(6, dana)
    assert ends(hall) == []
    hall.passes(3, dana)
    assert ends(hall) == [("vanished", BEN)]
    assert (said(dana)[-1], said(ben)[-1]) == ("vanished", "vanished")
    assert chat_mails(hall) == [(DANA, "transcript")]
    assert hall.office.history(1)[-1].event.actor == "system"


def test_whoever_was_held_up_accuses_nobody(hall: Hall) -> None:
    """CHAT-1: a long import stops every program's signs of life: those that come back are all still there."""
    dana, ben = hall.enters(DANA), hall.enters(BEN)
    hall.passes(9, dana, ben)
    hall.pulse_ms += 40_000
    dana.beat()
    ben.beat()
    hall.passes(9, dana, ben)
    assert ends(hall) == []


def test_a_second_window_is_one_person(hall: Hall) -> None:
    """CHAT-1: who is killed and comes again goes on in the same chat; what is left of the first is forgotten."""
    first, ben = hall.enters(DANA), hall.enters(BEN)
    first.say(["Hello?"])
    hall.passes(3, ben)
    second = hall.enters(DANA)
    hall.passes(9, second, ben)
    assert (ends(hall), said(second)) == ([], ["chat-started", "Hello?"])
    with hall.office.store.read() as record:
        assert {one.session for one in record.present(1)} == {second.session, ben.session}


def test_time_ends_what_both_have_left(hall: Hall) -> None:
    """CHAT-1, TICK-1: both killed: the tick ends it half an hour after its last line, once, with one mail."""
    dana, ben = hall.enters(DANA), hall.enters(BEN)
    dana.say(["Hello?"])
    ben.say(["Hello."])
    assert hall.office.tick("Mon 10:29").fired == 0
    hall.office.tick("Mon 12:00")
    hall.office.tick("Mon 12:05")
    ended = [entry.event for entry in hall.office.history(1) if entry.event.kind is Kind.CHAT_ENDED]
    assert [(event.at, event.data["reason"]) for event in ended] == [(when("Mon 10:30"), "idle")]
    assert chat_mails(hall) == [(DANA, "transcript")]
    assert hall.office.differences() == []


def test_the_program_ends_an_idle_chat_too(hall: Hall) -> None:
    """CHAT-1: without any tick, at the same time as the tick would have said."""
    dana, ben = hall.enters(DANA), hall.enters(BEN)
    dana.say(["Hello?"])
    hall.now = when("Mon 10:40")
    hall.passes(3, dana, ben)
    assert (ends(hall), said(ben)[-1]) == ([("idle", None)], "idle")
    assert hall.office.history(1)[-1].event.at == when("Mon 10:30")
    with pytest.raises(Refused, match="is over"):
        dana.say(["Still there?"])


def test_a_chat_that_nobody_answers_reaches_the_owner(hall: Hall) -> None:
    """CHAT-1: the message and what was written before are mailed to the owner, and are public on the case."""
    dana = hall.enters(DANA)
    dana.say(["Anybody here?"])
    dana.say(["Please call me.\n10:00 ben@desk.example: I promise."], message=True)
    dana.leave(message=True)
    assert ends(hall) == [("message-left", DANA)]
    assert chat_mails(hall) == [(DANA, "transcript"), (BEN, "chat-unanswered")]
    hall.office.tick("Mon 10:05")
    mail = next(m for m in hall.office.delivered() if m["To"] == BEN and "nobody answered" in m["Subject"])
    text = plain(mail)
    told = f"{DANA} left a message in the chat on case 0000000001 of {ABC}, and nobody answered."
    assert told in " ".join(text.split())
    # What was written in a message cannot pass for a line of somebody else.
    assert f"10:00 {DANA}: Anybody here?\n10:00 {DANA}: Please call me.\n      10:00 ben@" in text
    assert "care update 0000000001" in text


def test_a_message_without_waiting(hall: Hall) -> None:
    """CHAT-1: left at once; where a chat stands it is said in that one."""
    chats.leave_message(hall.office.by(DANA, "Mon 10:00"), 1, "Please call me.")
    assert (ends(hall), chat_mails(hall)) == (
        [("message-left", DANA)],
        [(DANA, "transcript"), (BEN, "chat-unanswered")],
    )
    ben = hall.enters(BEN)
    chats.leave_message(hall.office.by(OMAR, "Mon 10:01"), 1, "Me too.")
    assert said(ben) == ["chat-started", "Me too."]
    assert len(ends(hall)) == 1


def test_a_case_without_an_owner_asks_its_group(office: Office) -> None:
    """CHAT-1, ROUTE-1: whoever may take it is asked to come, and is mailed what nobody heard."""
    number = office.open(OPENED)
    chats.leave_message(office.by(DANA, "Mon 10:00"), number, "Please call me.")
    told = [mail.to for mail in office.mails(number) if mail.kind is MailKind.CHAT_UNANSWERED]
    assert told == [BEN, MIA, SAM]  # of Voice; Rita is of Reporting


def test_a_chat_nobody_wrote_in_mails_nothing(hall: Hall) -> None:
    """CHAT-1: come and gone without a word."""
    hall.enters(DANA).leave()
    assert (ends(hall), chat_mails(hall)) == ([("left", DANA)], [])


def test_no_line_is_mailed_by_itself(hall: Hall) -> None:
    """CHAT-1, MAIL-6: a hundred lines of staff are one mail."""
    dana, ben = hall.enters(DANA), hall.enters(BEN)
    before = len(hall.office.mails(1))
    ben.say([f"Line {n}" for n in range(100)])
    dana.leave()
    assert len(hall.office.mails(1)) == before + 1


def test_two_chats_on_one_case(hall: Hall) -> None:
    """CHAT-1: one after the other, each with its own transcript; whoever still sits in the first is not in it."""
    dana = hall.enters(DANA)
    dana.say(["First."])
    dana.leave()
    again, ben = hall.enters(DANA), hall.enters(BEN)
    ben.say(["Second."])
    assert said(again) == ["chat-started", "Second."]
    with pytest.raises(Refused, match="is over"):
        dana.say(["Late."])
    ben.leave()
    texts = [mail.content["said"] for mail in hall.office.mails(1) if mail.kind is MailKind.TRANSCRIPT]
    assert ["First." in text for text in texts] == [True, False]
    assert ["Second." in text for text in texts] == [False, True]
    assert hall.office.differences() == []


def test_who_may_chat(hall: Hall) -> None:
    """DC-1, DC-3, CHAT-1: a Designated Contact of the account and staff; for a stranger there is no such case."""
    with pytest.raises(NotPermitted):
        hall.enters(ROSA)
    with pytest.raises(NotFound, match="there is no case 0000000001"):
        hall.enters(LENA)
    with pytest.raises(NotFound, match="there is no case 0000000099"):
        hall.enters(LENA, 99)
    hall.enters(RITA).leave()
    cases.close(hall.office.by(DANA, "Mon 10:00"), 1)
    with pytest.raises(Refused, match="closed"):
        hall.enters(DANA)


def test_whoever_is_nobody_any_more_says_nothing(hall: Hall) -> None:
    """DC-5, ACC-4: a contact who is deactivated in mid-chat writes no more, and can still go."""
    dana, ben = hall.enters(DANA), hall.enters(BEN)
    directory.deactivate_contact(hall.office.by(ADA, "Mon 10:00"), DANA)
    with pytest.raises(NotPermitted, match="not known"):
        dana.say(["Hello?"])
    dana.leave()
    assert said(ben)[-1] == "left"


def test_a_closed_case_ends_the_chat(hall: Hall) -> None:
    """CHAT-1: whoever closes it, by whatever command."""
    dana, ben = hall.enters(DANA), hall.enters(BEN)
    dana.say(["It works again."])
    cases.close(hall.office.by(BEN, "Mon 10:10"), 1)
    assert (said(dana)[-1], said(ben)[-1], ends(hall)) == ("closed", "closed", [(Ending.CLOSED.value, None)])
    assert (DANA, "transcript") in chat_mails(hall)


def test_a_line_stops_the_ladder(hall: Hall) -> None:
    """FU-5, STAT-3: who answers in a chat is reminded of nothing."""
    ask(hall.office.by(BEN, "Mon 09:10"), 1)
    dana = hall.enters(DANA)
    dana.say(["The trace is on its way."])
    assert hall.office.case(1).followup is None
    hall.office.tick("Mon+2 09:00")
    assert hall.office.kinds(1, Kind.FOLLOW_UP_SENT) == []


def test_another_writer_is_waited_for_and_nothing_is_lost(hall: Hall) -> None:
    """CHAT-1: while somebody keeps the database a line is not said, and may be tried again."""
    dana = hall.enters(DANA)
    with hall.office.store.write():
        with pytest.raises(DatabaseUnusable, match="busy"):
            dana.say(["Hello?"])
        hall.pulse_ms += BEAT_MS
        dana.beat()  # waits a moment, and complains not
    dana.say(["Hello?"])
    assert said(dana) == ["chat-started", "Hello?"]


def test_who_waits(hall: Hall) -> None:
    """CHAT-1, DC-3: staff see on their home page who waits for them; strangers nothing."""
    number = hall.office.open("Mon 09:30", LENA)
    dana, lena = hall.enters(DANA), hall.enters(LENA, number)
    hall.pulse_ms = chats.pulse_ms()
    for one in (dana, lena):
        one.beat()
    at = "Mon 10:00"

    def shown(who: str) -> list[int]:
        return [one.state["number"] for one in homes.home(hall.office.by(who, at)).chats]

    assert [(one.state["number"], one.waits) for one in chats.waiting(hall.office.by(BEN, at))] == [
        (1, True),
        (number, True),
    ]
    assert (shown(BEN), shown(SAM), shown(MIA), shown(RITA)) == ([1, number], [number], [1, number], [])
    assert [one.state["number"] for one in chats.waiting(hall.office.by(OMAR, at))] == [1]
    assert (shown(DANA), shown(LENA)) == ([], [])
    ben = hall.enters(BEN)
    ben.beat()
    assert shown(BEN) == [number]
    dana.leave()
    lena.leave()
    assert chats.waiting(hall.office.by(BEN, at)) == []


def test_what_is_shown_of_chats(hall: Hall) -> None:
    """DC-3, CHAT-1: the contact's log counts without the notes between, and an old look shows what stood then."""
    dana = hall.enters(DANA)
    dana.say(["Hello?"])
    cases.update(hall.office.by(BEN, "Mon 10:01"), 1, "A note.", internal=True)
    dana.leave()
    told = chats.of_case(hall.office.by(OMAR, "Mon 11:00"), 1)
    assert [entry.event.kind for entry in told] == [Kind.CHAT_STARTED, Kind.CHATTED, Kind.CHAT_ENDED]
    shown = reading.show(hall.office.by(OMAR, "Mon 11:00"), 1)
    assert [entry.event.kind for entry in shown.updates if entry.event.kind in chatting.KINDS] == [
        Kind.CHAT_ENDED,
        Kind.CHATTED,
        Kind.CHAT_STARTED,
    ]
    with pytest.raises(NotFound):
        chats.of_case(hall.office.by(LENA, "Mon 11:00"), 1)


def test_a_data_privacy_request_is_between_its_contact_and_admins(office: Office) -> None:
    """SR-1, DC-3: nobody else is asked to come, sees the chat or gets into it."""
    fields = {"privacy_right": "deletion", "data_subject": "Pat"}
    number = office.open(OPENED, type=CaseType.SERVICE_REQUEST, subtype="data-privacy", fields=fields)
    chats.leave_message(office.by(DANA, "Mon 10:00"), number, "How long will it take?")
    told = [mail.to for mail in office.mails(number) if mail.kind is MailKind.CHAT_UNANSWERED]
    assert told == [ADA]
    for who in (OMAR, BEN, MIA):
        with pytest.raises(NotFound):
            chats.leave_message(office.by(who, "Mon 10:01"), number, "Let me in.")
        with pytest.raises(NotFound):
            chats.of_case(office.by(who, "Mon 10:01"), number)


def test_an_issue_of_its_own_in_a_chat(hall: Hall) -> None:
    """OPEN-11: a line can be made a case of its own, as any update can."""
    chats.leave_message(hall.office.by(DANA, "Mon 10:00"), 1, "By the way: the wallboard is dark.")
    line = next(entry.seq for entry in hall.office.history(1) if entry.event.kind is Kind.CHATTED)
    made = splitting.split(hall.office.by(BEN, "Mon 10:05"), 1, line)
    assert made.view.case.description == "By the way: the wallboard is dark."


def test_what_was_entered_and_never_said_is_told(hall: Hall) -> None:
    """CHAT-1: whoever is left by the other side while lines wait hears how many nobody will read."""
    dana, ben = hall.enters(DANA), hall.enters(BEN)
    told: list[str] = []
    conversation = Conversation(ben, Shown(lambda _: None, told.append), asks_for_message=False)
    for place in range(80):
        conversation.typed(f"row {place}")
    conversation.turn()
    dana.leave()
    conversation.turn()
    assert "30 lines were not said." in told
    assert (conversation.over, conversation.status) == (True, ExitStatus.REFUSED)
    assert hall.office.case(1).chat is None
    assert hall.office.differences() == []
