"""Cases whose component is known, made up: each component has words of its own between everybody's."""

from itertools import accumulate
from random import Random
from typing import Final

from words import Words

OWN: Final = 40
"""How many words a component has of its own; like all words, some are used all the time and most hardly ever."""

SAID: Final = (2, 5)
"""How many words of its component a case says, between as many as it likes of everybody's."""

SLIPS: Final = 0.1
"""How many of the words are written wrong."""


class LabelledCases:
    """Draws cases of so many components."""

    def __init__(self, seed: int, components: int, *, vocabulary: int = 30_000) -> None:
        self.random = Random(seed)
        self.words = Words(self.random, vocabulary)
        # Components share words: each word belongs to about two of them.
        pool = self.words.known[200 : 200 + components * OWN // 2]
        self.own = {
            f"component-{place:03}": self.random.sample(pool, min(OWN, len(pool))) for place in range(components)
        }
        self._weights = list(accumulate(1 / (place + 2) for place in range(OWN)))

    def case(self) -> tuple[str, str]:
        """A text and its component."""
        component = self.random.choice(list(self.own))
        said = self.words.text(8, 30).rstrip(".").split()
        own = self.own[component]
        said += self.random.choices(own, cum_weights=self._weights[: len(own)], k=self.random.randint(*SAID))
        self.random.shuffle(said)
        return " ".join(self._slipped(word) for word in said), component

    def cases(self, count: int) -> list[tuple[str, str]]:
        """So many of them."""
        return [self.case() for _ in range(count)]

    def _slipped(self, word: str) -> str:
        if len(word) < 4 or self.random.random() > SLIPS:
            return word
        place = self.random.randrange(1, len(word) - 1)
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
