"""How the desk learns which features speak for which component: a sparse logistic model, one example at a time.

A row holds, for one feature, how much it speaks for and against each component. Learning an example changes the
rows of its own features alone, each at its own pace: one that moved often moves little (AdaGrad, with one pace for
the row).

Python adds and multiplies whole numbers of any length at the speed of the machine. So the weights of a row stand
in one whole number, side by side in lanes of 64 bits, the first component in the lowest: two rows are added, and a
row is multiplied, all lanes in one step and exactly. That takes a tenth of the time of a loop over components, and
sums are the same on every machine, in whatever order they are made.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from math import exp
from typing import Final, NamedTuple

from carecli.domain.features import STRENGTH

RATE: Final = 1.0
"""How far the first examples move a row."""

SMALL: Final = 0.01
"""A component that an example gives less than this chance learns nothing from it: rows stay short."""

PASSES: Final = 6
"""How often many examples are gone through at once; very many less often, and never less than twice."""

STEPS: Final = 200_000

SURE: Final = 0.95
"""An example that is given this chance need not be gone through the next time."""

_FIRST_PACE: Final = 0.01
# Chances and paces are whole numbers too: the last places of exponentials differ between machines.
_CHANCE: Final = 10_000
_PACE: Final = 4_096
UNIT: Final = _CHANCE * _PACE
"""What a weight of 1 is in a row."""

_LANE: Final = 8
_HALF: Final = 1 << 63
_WHOLE: Final = (1 << 64) - 1


class Row:
    """What one feature says: `moved` is the sum of its squared steps, `lanes` are weights by component.

    It changes in place while its owner learns; nobody else ever holds it.
    """

    __slots__ = ("lanes", "moved")

    def __init__(self, moved: float = _FIRST_PACE, lanes: int = 0) -> None:
        self.moved = moved
        self.lanes = lanes

    def weight(self, component: int) -> int:
        """What it says of one component, in UNITs."""
        place = 8 * _LANE * component
        return ((self.lanes + _middle(component + 1) >> place) & _WHOLE) - _HALF

    def weights(self, size: int) -> dict[int, int]:
        """Its weights in UNITs, of those components below `size` of which it says anything."""
        return {component: weight for component, weight in enumerate(spread(self.lanes, size)) if weight}


class Example(NamedTuple):
    """The rows of an example's features with their strengths, and the component that it is about."""

    rows: Sequence[Row]
    strengths: Sequence[int]
    component: int


def joined(weights: Mapping[int, int]) -> int:
    """The lanes of these weights by component."""
    size = max(weights, default=-1) + 1
    cells = [_HALF] * size
    for component, weight in weights.items():
        cells[component] += weight
    return int.from_bytes(struct.pack(f"<{size}Q", *cells), "little") - _middle(size)


def spread(lanes: int, size: int) -> list[int]:
    """The weights of the components below `size`, above which there must be none."""
    raw = (lanes + _middle(size)).to_bytes(_LANE * size, "little")
    return [cell - _HALF for cell in struct.unpack(f"<{size}Q", raw)]


@cache
def _middle(size: int) -> int:
    return int.from_bytes(struct.pack("<Q", _HALF) * size, "little")


def scores(rows: Iterable[Row], strong: Iterable[int], size: int) -> list[float]:
    """How much rows with these strengths speak for each component below `size`."""
    total = sum(row.lanes * strength for row, strength in zip(rows, strong, strict=True))
    return [one / (UNIT * STRENGTH) for one in spread(total, size)]


def chances(found: Sequence[float]) -> list[float]:
    """The chance of each of these scores against the others and against none of them, which has the score 0."""
    highest = max(0.0, *found) if found else 0.0
    powers = [exp(score - highest) for score in found]
    total = sum(powers) + exp(-highest)
    return [power / total for power in powers]


def step(example: Example, known: Sequence[int]) -> float:
    """Learn an example: move the weights of its features towards its component, away from likely others.

    `known` are the components in the order of their ids. The answer is the chance that its own had before.
    """
    found = scores(example.rows, example.strengths, known[-1] + 1)
    likely = dict(zip(known, chances([found[component] for component in known]), strict=True))
    right = likely.pop(example.component)
    if right > 1.0 - SMALL:
        return right
    pulls = {component: -round(chance * _CHANCE) for component, chance in likely.items() if chance >= SMALL}
    pulls[example.component] = round((1.0 - right) * _CHANCE)
    force = sum(pull * pull for pull in pulls.values()) / (_CHANCE * STRENGTH) ** 2
    direction = joined(pulls)
    for row, strength in zip(example.rows, example.strengths, strict=True):
        row.moved += strength * strength * force
        row.lanes += direction * round(RATE * _PACE / STRENGTH * strength / row.moved**0.5)
    return right


def passes(count: int) -> int:
    """How often so many examples are gone through."""
    return min(PASSES, max(2, STEPS // max(1, count)))


def learn(examples: Sequence[Example], known: Sequence[int], progress: Callable[[int], None]) -> None:
    """Learn many examples, in several passes; `progress` hears how many steps are done.

    Whatever is well known in one pass is left out of the next.
    """
    done = 0
    sure: set[int] = set()
    for turn in range(passes(len(examples))):
        resting, sure = sure, set()
        for place in order(len(examples), turn):
            done += 1
            if not done % 100:
                progress(done)
            if place not in resting and step(examples[place], known) >= SURE:
                sure.add(place)


def order(count: int, turn: int) -> Iterator[int]:
    """Every place below `count` once, far apart one after the other: files are often sorted by component."""
    stride = int(count * (0.6180339887498949 - turn / 16)) | 1
    while _common(stride, count) > 1:
        stride += 2
    return ((place * stride + turn) % count for place in range(count))


def _common(one: int, other: int) -> int:
    while other:
        one, other = other, one % other
    return one
