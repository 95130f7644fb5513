"""How often features stand in examples, counted in little memory: rare ones teach nothing of many (OPEN-6)."""

from array import array
from collections.abc import Iterable, Mapping
from typing import Final
from zlib import crc32

from carecli.domain import features

BUCKETS: Final = 1 << 22


class Often:
    """How many examples a feature stands in, give or take: features of one hash are counted together."""

    def __init__(self) -> None:
        self.counts = array("I", bytes(4 * BUCKETS))

    def add(self, said: Iterable[str]) -> None:
        """Count the features of an example."""
        counts = self.counts
        for feature in said:
            counts[crc32(feature.encode("utf-8", "surrogatepass")) % BUCKETS] += 1

    def told(self, said: Mapping[str, int], least: int) -> dict[str, int]:
        """The features that stand in more than `least` examples; pairs and pieces in one more."""
        return {
            feature: strength
            for feature, strength in said.items()
            if self.counts[crc32(feature.encode("utf-8", "surrogatepass")) % BUCKETS]
            > least + (not features.is_word(feature))
        }
