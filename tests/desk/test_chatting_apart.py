"""Two people in a chat from two machines, each of which counts its milliseconds since it was started (CHAT-1)."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Final

import pytest
from desk_fixtures import BEN, DANA, Office, peopled
from engine import open_store
from notation import when

from carecli.config import Config
from carecli.desk import chats
from carecli.desk.chatting import BEAT_MS, Talk

DAY_MS: Final = 86_400_000
NOW: Final = "Mon 10:00"
ITS_OWN: Final = chats.pulse_ms
"""What this machine counts."""


class Machine:
    """A machine that was started so long before this one."""

    def __init__(self, ahead_ms: int) -> None:
        self.ahead_ms = ahead_ms

    def pulse_ms(self) -> int:
        """What it counts, and what the test has let pass."""
        return ITS_OWN() + self.ahead_ms


@pytest.fixture
def office(new_postgres: Callable[[], AbstractContextManager[str]], tmp_path: Path) -> Iterator[Office]:
    """A desk on a server, with a case."""
    with new_postgres() as url:
        config = peopled(Config(db=url, mail_from="care@desk.example", maildir_set=str(tmp_path / "mail")))
        with closing(open_store(url)) as store:
            office = Office(config, store)
            office.open("Mon 09:00")
            yield office


def enters(office: Office, who: str, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """Somebody comes into the chat at a machine."""
    monkeypatch.setattr(chats, "pulse_ms", machine.pulse_ms)
    return Talk(office.by(who, NOW), 1, lambda: when(NOW))


def there(office: Office) -> set[str]:
    """Who is in the chat, as the list of all chats tells it."""
    return {one.email for waiting in chats.waiting(office.by(BEN, NOW)) for one in waiting.present}


@pytest.mark.parametrize("days", [-10, 10])
def test_those_at_two_machines_see_each_other(office: Office, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """CHAT-1: signs of life from a machine that was started days before or after ours are as fresh as they are."""
    first, second = Machine(0), Machine(days * DAY_MS)
    with closing(open_store(office.config.db)) as store:
        dana = enters(office, DANA, first, monkeypatch)
        ben = enters(Office(office.config, store), BEN, second, monkeypatch)
        for _ in range(6):  # longer than somebody may be silent
            for talk, machine in ((dana, first), (ben, second)):
                machine.ahead_ms += BEAT_MS
                talk.beat()
        ben.say(["One moment."])
        assert dana.heard().entries[-1].event.data["text"] == "One moment."
        assert ben.heard().went == ()
        assert [[one.email for one in talk.others] for talk in (dana, ben)] == [[BEN], [DANA]]


def test_who_is_there_is_told_at_any_machine(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """CHAT-1: the list of chats knows who is there, and who has given no sign of life for six seconds."""
    machine = Machine(10 * DAY_MS)
    enters(office, DANA, machine, monkeypatch)
    monkeypatch.setattr(chats, "pulse_ms", ITS_OWN)
    assert there(office) == {DANA}
    with office.store.write() as writing:
        (sign,) = writing.present(1)
        writing.put_present(sign._replace(beat_ms=sign.beat_ms - chats.GONE_MS))
    assert there(office) == set()
