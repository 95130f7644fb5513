"""One fault after another in the way of a command: errors, kills and power cuts, each counted."""

import hashlib
import random
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import Final, NamedTuple

from cli.acceptance import Ran
from hard.faults import disk
from hard.faults.acts import PLACE, Act, laid, settled
from hard.faults.holding import KILLED, Ends, answered, at_home, complained, held, hold
from hard.faults.tracing import NAMES, OPENS, SIZES, STEPS, SYNCS, WRITES, Step, Traced, traced

OTHERS: Final = ("EDQUOT", "EIO")
MANY: Final = 150
"""From how many steps on not each of those that are alike is tried."""
ENVIRON: Final = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}

ONCE, FOR_GOOD, SYNC, KILL, CUT, LOST = (
    "disk full once",
    "disk full for good",
    "sync fails",
    "killed",
    "power cut",
    "power cut after a failed sync",
)
KINDS: Final = (ONCE, FOR_GOOD, SYNC, KILL, CUT, LOST)


class Fault(NamedTuple):
    """What goes wrong, at which step, and how strace is told."""

    kind: str
    step: Step
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} at {self.step}: {' '.join(self.words)}"


class Bench:
    """An act at a place of its own, to be disturbed again and again."""

    def __init__(self, act: Act, environ: Mapping[str, str] | None = None) -> None:
        self.act = act
        self.folder = act.desk.with_name(PLACE)
        self.environ = {**ENVIRON, **at_home(self.folder), **(environ or {})}
        self.tried = Counter[str]()
        self.missed = 0
        self._log = act.desk.with_name("strace.log")
        self._states: set[bytes] = set()

        laid(act, self.folder)
        before = held(act, self.folder)
        self.whole = self._run(())
        """The run that nobody disturbs, with all that it writes."""
        assert self.whole.ran.status == 0, self.whole.ran
        self.ends = Ends(before, held(act, self.folder))

    @cached_property
    def steps(self) -> list[Step]:
        """The steps on its own disk, and the writing of its answer."""
        root = str(self.folder)
        changing = [
            step
            for step in self.whole.steps
            if step.name in STEPS
            and (step.name not in OPENS or "O_CREAT" in step.told)
            and (step.path == root or step.path.startswith(f"{root}/") or step.descriptor in {1, 2})
        ]
        return [*_unlike(changing), self.whole.steps[-1]]

    def faults(self) -> Iterator[Fault]:
        """Every fault that can be put in the way of a step."""
        for step in self.steps:
            here = f"when={step.nth}"
            if step.name in SYNCS:
                yield from (Fault(SYNC, step, (f"{step.name}:error={e}:{here}",)) for e in ("EIO", "ENOSPC"))
            elif step.name.startswith(("unlink", "rmdir")):
                yield Fault(ONCE, step, (f"{step.name}:error=EIO:{here}",))
            elif step.name in (*WRITES, *SIZES, *OPENS, *NAMES):
                errors = ("ENOSPC", OTHERS[step.nth % 2]) if step.name in (*WRITES, *SIZES) else ("ENOSPC",)
                yield from (Fault(ONCE, step, (f"{step.name}:error={e}:{here}",)) for e in errors)
                yield Fault(FOR_GOOD, step, tuple(self._from(step, "ENOSPC")))
            yield Fault(KILL, step, (f"{step.name}:signal=KILL:{here}",))

    def _from(self, first: Step, error: str) -> Iterator[str]:
        """That a step and whatever else would need room from there on fails."""
        place = self.whole.steps.index(first)
        counted = Counter(step.name for step in self.whole.steps[:place] if step.thread == first.thread)
        for name in dict.fromkeys((first.name, *WRITES, *SIZES, "mkdir", "link", "rename")):
            before = counted[name]
            # The program opens its own modules as well, which no full disk keeps it from.
            ever = "" if name in OPENS else "+"
            yield f"{name}:error={error}:when={before + 1}{ever}"

    def disturb(self, fault: Fault, draw: random.Random, most: int) -> None:
        """Put one fault in the way, and see what is left; after a sync that failed cut the power as well."""
        __tracebackhide__ = True
        syncing = fault.kind == SYNC
        run = self._run(fault.words, record=syncing)
        hit = run.ran.status in KILLED if fault.kind == KILL else any(step.injected for step in run.steps)
        self.missed += not hit
        self.tried[fault.kind] += 1
        try:
            self._see(run.ran)
            if syncing:
                self._cut(run, LOST, draw, most, last=True)
        except AssertionError as error:
            raise AssertionError(f"{self.act.name}: {fault}\n{run.ran}\n{error}") from error

    def _see(self, ran: Ran) -> None:
        if ran.status not in KILLED:
            complained(ran)
        hold(self.act, self.folder, self.ends, acknowledged=ran.status == 0 or answered(ran))

    def cut(self, draw: random.Random, most: int, share: float = 1.0) -> None:
        """Cut the power at its steps, each in some ways."""
        self._cut(self.whole, CUT, draw, most, share)

    def _cut(
        self, run: Traced, kind: str, draw: random.Random, most: int, share: float = 1.0, *, last: bool = False
    ) -> None:
        __tracebackhide__ = True
        before = disk.read(self.act.desk)
        recorded = disk.Recorded(before, self.folder, run.steps)
        mine = {id(step) for step in (*self.steps, run.steps[-1])} if run is self.whole else None
        told = False
        for place, moment in enumerate(recorded.moments):
            step = moment.after
            told = told or (run.ran.status == 0 and step.descriptor == 1 and step.name in WRITES)
            if mine is not None and id(step) not in mine:
                continue
            if last and place < len(recorded.moments) - 1:
                continue
            if draw.random() >= share:
                continue
            done = run.ran.status == 0 and (told or step.name == "exit_group")
            for cut in disk.cuts(recorded, moment, draw, most):
                self._cut_off(cut, kind, moment, acknowledged=done)

    def _cut_off(self, cut: disk.Cut, kind: str, moment: disk.Moment, *, acknowledged: bool) -> None:
        mark = _mark(cut.tree, acknowledged=acknowledged)
        if mark in self._states:
            return
        self._states.add(mark)
        shutil.rmtree(self.folder)
        self.folder.mkdir()
        disk.write(cut.tree, self.folder)
        settled(self.folder)
        self.tried[kind] += 1
        try:
            hold(self.act, self.folder, self.ends, acknowledged=acknowledged)
        except AssertionError as error:
            told = f"{self.act.name}: {kind} after {moment.after}, {cut.how} is left\n{error}"
            raise AssertionError(told) from error

    def _run(self, faults: Sequence[str], *, record: bool = True) -> Traced:
        laid(self.act, self.folder)
        return traced(
            self.act.args(self.folder),
            self._log,
            stdin=self.act.stdin,
            environ=self.environ,
            faults=faults,
            record=record,
        )


def _mark(tree: disk.Tree, *, acknowledged: bool) -> bytes:
    """What tells one state of a disk from others."""
    told = hashlib.sha256(b"%d" % acknowledged)
    for path, content in sorted(tree.items()):
        told.update(repr((path, content is None, len(content or b""))).encode())
        told.update(content or b"")
    return told.digest()


def _unlike(steps: list[Step]) -> Iterator[Step]:
    """All of the steps; where they are many, of those alike in a row some at both ends and some in between."""
    if len(steps) <= MANY:
        yield from steps
        return
    for _, row in groupby(steps, lambda step: (step.name, step.path)):
        alike = list(row)
        yield from (
            step for place, step in enumerate(alike) if min(place, len(alike) - 1 - place) < 6 or place % 8 == 0
        )
