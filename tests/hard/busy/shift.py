"""A stretch of the day at the desk: one process does its share of the commands, and ticks every five minutes."""

import json
import sys
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, NamedTuple

from hard.busy.clock import DAY_S, TICK_S, Clock
from hard.busy.courses import COURSES
from hard.busy.reads import READS
from hard.busy.worker import TENTHS, Took, Worker
from hard.busy.writes import WRITES

from carecli.config import Config

ACTS: Final = {**READS, **WRITES, **COURSES}
_NAMED: Final = list(ACTS)
_UP_TO: Final = list(accumulate(ACTS.values()))


class Shift(NamedTuple):
    """From when until when, in seconds of the day, and how many commands; the ticks come on top."""

    since: int
    until: int
    commands: int

    def second(self, place: int) -> float:
        """When a command is given."""
        return self.since + (self.until - self.since) * place / max(1, self.commands)


def work(worker: Worker, shift: Shift) -> None:
    """Do a shift."""
    for place in range(shift.commands):
        before, worker.second = worker.second, shift.second(place)
        tenth = int(worker.second * TENTHS / DAY_S)
        if worker.ticks_between(before, worker.second):
            # At the very moment, whenever the next command is.
            worker.second = worker.second // TICK_S * TICK_S
            worker.do("tick", Worker.tick, tenth)
            worker.second = shift.second(place)
        act = worker.draw.choices(_NAMED, cum_weights=_UP_TO)[0]
        worker.do(act.__name__, act, tenth)


def summary(worker: Worker) -> dict[str, Any]:
    """What a process tells of its shift."""
    return {
        "done": worker.done,
        "refused": worker.refused,
        "faults": worker.faults,
        "took": worker.took,
        "came": worker.came,
    }


def main(folder: str, db: str, maildir: str, *numbers_and_name: str) -> None:
    """Do a shift in a process of its own (seed, seconds, commands, name); what became of it is printed as JSON."""
    *numbers, name = numbers_and_name
    seed, *stretch = map(int, numbers)
    config = Config(db=db, mail_from="care@desk.example", maildir_set=maildir)
    worker = Worker(Path(folder), config, name, Clock(seed))
    shift = Shift(*stretch)
    worker.second = shift.since
    work(worker, shift)
    told = summary(worker)
    worker.close()
    print(json.dumps(told))


def merged(mine: dict[str, list[Took]], theirs: dict[str, Any]) -> None:
    """Add what another process measured."""
    for name, tenths in theirs.items():
        ours = mine.setdefault(name, [Took()] * TENTHS)
        mine[name] = [one.and_(Took(*other)) for one, other in zip(ours, tenths, strict=True)]


if __name__ == "__main__":
    main(*sys.argv[1:])
