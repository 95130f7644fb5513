"""Timers: the moments that cases wait for, in the order in which they fire (TICK-1)."""

from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

from carecli.domain.vocabulary import Metric


class TimerKind(IntEnum):
    """What a timer brings; of those due at one instant the lower comes first."""

    WARN = 1
    BREACH = 2
    FOLLOW_UP = 3
    MAIL = 4
    DEADLINE = 5
    DIGEST = 6
    CHAT = 7


class Timer(NamedTuple):
    """A moment that a case waits for; timers sort into the order in which they fire.

    That of a mail has the mail's id as its `cycle`, and the number 0 where the mail is about no case; that of a
    deadline has the deadline's id; that of a digest has the number 0 and the subscription's id.
    """

    fires_at: datetime
    number: int
    kind: TimerKind
    metric: Metric | None = None
    cycle: int = 0
