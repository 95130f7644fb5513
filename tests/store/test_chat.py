"""Signs of life of those who chat, and what was just said (CHAT-1)."""

from store.samples import T0, opening

from carecli.domain.chat import Present
from carecli.domain.events import Event, Kind
from carecli.domain.timers import Timer, TimerKind
from carecli.domain.vocabulary import Side, Via, Visibility
from carecli.store.protocol import Store

DANA = Present(1, "a", "dana@abc.example", Side.CONTACT, 100)
BEN = Present(1, "b", "ben@desk.example", Side.STAFF, 200)


def test_who_is_there(store: Store) -> None:
    """CHAT-1: each program by its last sign of life, of its own case alone, until it is forgotten."""
    with store.write() as writing:
        for one in (BEN, DANA, DANA._replace(number=2), DANA._replace(beat_ms=300)):
            writing.put_present(one)
        assert writing.present(1) == [DANA._replace(beat_ms=300), BEN]
        writing.drop_present(1, "a")
        assert (writing.present(1), len(writing.present(2))) == ([BEN], 1)


def test_what_was_said_since(store: Store) -> None:
    """CHAT-1: the events behind one of them, oldest first."""
    line = Event(T0, "dana@abc.example", Via.CHAT, Kind.CHATTED, Visibility.PUBLIC, {"text": "x"})
    with store.write() as writing:
        writing.append(1, [opening(), line, line])
        writing.append(2, [line])
        assert [entry.seq for entry in writing.history_since(1, 1)] == [2, 3]
        assert writing.history_since(1, 3) == []


def test_a_version_changes_with_others_alone(store: Store) -> None:
    """CHAT-1: looking often costs next to nothing; reading changes nothing."""
    before = store.version()
    with store.read() as reading:
        assert reading.chats() == []
    assert store.version() == before


def test_where_a_chat_stands(store: Store) -> None:
    """CHAT-1: told by its timer, whatever else the case waits for."""
    from store.samples import RULES

    from carecli.domain.folding import replay

    case = replay([opening()], lambda *_: RULES)
    with store.write() as writing:
        writing.append(1, [opening()])
        writing.save(case, [Timer(T0, 1, TimerKind.FOLLOW_UP)])
        assert writing.chats() == []
        writing.save(case, [Timer(T0, 1, TimerKind.FOLLOW_UP), Timer(T0, 1, TimerKind.CHAT, None, 1)])
        assert writing.chats() == [1]
