"""Which component a new case is about, chosen from its words (OPEN-6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from math import log
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from carecli.domain import features, learning

if TYPE_CHECKING:
    from carecli.domain.learning import Row

BY_WORDS: Final = "words"
"""What a kept selection is `by` where no person confirmed it: from such ones nothing is learned."""

OWN_WORDS: Final = 4.0
"""What a text that holds all words of a component's name is worth, while no example of it is known."""

OWN_HALF: Final = 20
"""After so many examples of a component its name counts half, as what was learned says it better."""

WORDS_TOLD: Final = 8
BEST: Final = 3
"""How many components a prediction names, the chosen one first, where there are so many."""


class Candidate(NamedTuple):
    """A component and how much speaks for it, from 0 to 1; all candidates together make at most 1."""

    component: str
    share: float


class Word(NamedTuple):
    """A word or pair of words of the case, and how much it spoke for the chosen component."""

    word: str
    weight: float


class Selection(NamedTuple):
    """The chosen component first, the next best behind it; `words` are why, the weightiest first.

    A word's weight is what it adds to the lead of the chosen component over the next best.
    """

    candidates: tuple[Candidate, ...]
    words: tuple[Word, ...] = ()

    @property
    def component(self) -> str | None:
        """The chosen one, None where nothing speaks for any."""
        return self.candidates[0].component if self.candidates else None


class Known(NamedTuple):
    """A component that examples were learned of, as it was first spelled."""

    id: int
    name: str
    examples: int
    learned_at: datetime


class Learned(NamedTuple):
    """What a lesson brought: examples learned, known before, and left out for want of a text or a component."""

    examples: int
    known: int
    left_out: int
    cases: int
    components: int
    afresh: bool


class NameWord(NamedTuple):
    """A word of a component's name, its pieces, and its part of what the whole name is worth."""

    word: str
    pieces: Sequence[str]
    part: float


class Option(NamedTuple):
    """A component that may be chosen: its name and that in words, and, if it is known, as what and how well."""

    name: str
    own: Sequence[NameWord] = ()
    id: int | None = None
    examples: int = 0


class Text(NamedTuple):
    """A text to choose by: its words, its features with their strengths, and what the rows of these say.

    The rows tell of components below `size`.
    """

    words: Sequence[str]
    features: Mapping[str, int]
    rows: Mapping[str, Row] = MappingProxyType({})
    size: int = 0


def options(names: Sequence[str], known: Sequence[Known]) -> list[Option]:
    """The names to choose from, each once, letter case aside, with what is known of them."""
    spelled: dict[str, str] = {}
    for name in names:
        spelled.setdefault(name.casefold(), name)
    by_name = {one.name.casefold(): one for one in known}
    said = {folded: list(dict.fromkeys(features.name_words(name))) for folded, name in spelled.items()}
    often = Counter(word for own in said.values() for word in own)
    found = []
    for folded, own in said.items():
        # Words that stand in other names too are a smaller part of a name.
        rarity = {word: log(1 + len(said) / often[word]) for word in own}
        parts = [NameWord(w, features.pieces(w), rare / sum(rarity.values())) for w, rare in rarity.items()]
        one = by_name.get(folded)
        found.append(Option(spelled[folded], parts, *((one.id, one.examples) if one else ())))
    return found


def select(text: Text, among: Sequence[Option]) -> Selection:
    """The component that a text speaks for, with the others that it says anything of; none where there is none."""
    score = _scores(text, among)
    ranked = sorted(score, key=lambda place: (-score[place], place))
    if not ranked or score[ranked[0]] <= 0:
        return Selection(())
    shares = learning.chances([score[place] for place in ranked])
    found = tuple(Candidate(among[place].name, share) for place, share in zip(ranked, shares, strict=True))
    lead = leading(text, *(among[place] for place in ranked[:2]))
    best = sorted(((word, weight) for word, weight in lead.items() if weight > 0), key=lambda one: -one[1])
    return Selection(found, tuple(Word(*one) for one in best[:WORDS_TOLD]))


def filled(found: Selection, among: Sequence[Option]) -> Selection:
    """A choice with BEST candidates if there are so many: behind those that are likely, the best known."""
    lacking = BEST - len(found.candidates)
    if not found.candidates or lacking <= 0:
        return found
    named = {one.component for one in found.candidates}
    others = sorted((one for one in among if one.name not in named), key=lambda one: -one.examples)
    more = (Candidate(one.name, 0.0) for one in others[:lacking])
    return found._replace(candidates=(*found.candidates, *more))


def _scores(text: Text, among: Sequence[Option]) -> dict[int, float]:
    """How much the text speaks for each of the options, by its place, but for those of which it says nothing."""
    strengths = [text.features[feature] for feature in text.rows]
    learned = learning.scores(text.rows.values(), strengths, text.size)
    score = {}
    for place, option in enumerate(among):
        own = sum(_own(text, option).values())
        taught = learned[option.id] if option.id is not None else 0.0
        if own or taught:
            score[place] = own + taught
    return score


def leading(text: Text, first: Option, second: Option | None = None) -> dict[str, float]:
    """What each word and pair adds to the lead of one component over another; their sum is the whole lead."""
    ahead, behind = _worth(text, first), _worth(text, second) if second else {}
    lead = {feature: ahead.get(feature, 0.0) - behind.get(feature, 0.0) for feature in text.features}
    return features.spoken(text.words, lead)


def _worth(text: Text, option: Option) -> dict[str, float]:
    """What each feature of the text says for a component, by what was learned and by the component's name."""
    worth = _own(text, option)
    if option.id is None:
        return worth
    for feature, row in text.rows.items():
        learned = row.weight(option.id) * text.features[feature] / (learning.UNIT * features.STRENGTH)
        worth[feature] = worth.get(feature, 0.0) + learned
    return worth


def _own(text: Text, option: Option) -> dict[str, float]:
    """What each word of the text has in common with a component's name, in worth."""
    scale = OWN_WORDS * OWN_HALF / (OWN_HALF + option.examples)
    worth: dict[str, float] = {}
    for own in option.own:
        word = own.word if own.word in text.features else _like(own, text)
        if word is not None:
            worth[word] = worth.get(word, 0.0) + scale * own.part
    return worth


def _like(own: NameWord, text: Text) -> str | None:
    """The first word of the text that has half of a name's word, or more: bent, joined or written wrong."""
    shared = {piece for piece in own.pieces if piece in text.features}
    if not shared or 2 * len(shared) < len(own.pieces):
        return None
    for word in text.words:
        if 2 * len(shared.intersection(features.pieces(word))) >= len(own.pieces):
            return word
    return None
