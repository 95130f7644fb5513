"""Which needs of the policy's table fit what somebody says (WHERE-1)."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from carecli.domain.knowledge_words import telling
from carecli.domain.policy_tables import Need

_SHORTEST: Final = 3
"""Words of fewer letters say nothing of a need."""
_STEM: Final = 4
"""How many letters words must begin with alike to be taken for forms of one."""
_ALIKE: Final = 0.8
"""From which likeness on a word is taken for another written wrong."""
_SAME, _FORM, _SLIP = 6, 4, 2
_IN_WORDS: Final = 2
"""How much more a word counts that the table gives for finding a need than one of its sentence."""


class Directed(NamedTuple):
    """A need, whom to write to about it where somebody is named, and whether one may call about it now.

    `may_call` is None where that depends on the account, as it does for staff.
    """

    need: Need
    address: str | None
    may_call: bool | None


def found(needs: Sequence[Need], words: Iterable[str]) -> list[Need]:
    """The needs that the words fit, the best first; every need, in the table's order, where no word is given."""
    said = telling(word for text in words for word in _words(text))
    if not said:
        return list(needs)
    scores = {need.key: sum(_weight(word, need) for word in said) for need in needs}
    best = max(scores.values(), default=0)
    # What fits half as well as the best is told beside it, as the best may not be what is meant.
    fitting = [need for need in needs if scores[need.key] and 2 * scores[need.key] >= best]
    return sorted(fitting, key=lambda need: -scores[need.key])


def _words(text: str) -> list[str]:
    kept = "".join(char if char.isalnum() or char in "-/" else " " for char in text.casefold())
    return [word for word in kept.split() if len(word) >= _SHORTEST]


def _weight(word: str, need: Need) -> int:
    """How much a word speaks for a need: by what it is found by, by its sentence, by where it goes."""
    found_by = [part for text in need.words for part in (text.casefold(), *_words(text))]
    rest = [*_words(need.need), *_words(need.channel.value.replace("-", " "))]
    return max(_IN_WORDS * _likeness(word, found_by), _likeness(word, rest))


def _likeness(word: str, known: Iterable[str]) -> int:
    return max((_alike(word, other) for other in known), default=0)


def _alike(word: str, other: str) -> int:
    if word == other:
        return _SAME
    shorter, longer = sorted((word, other), key=len)
    if len(shorter) >= _STEM and longer.startswith(shorter):
        return _FORM
    if len(shorter) > _STEM and SequenceMatcher(None, word, other).ratio() >= _ALIKE:
        return _SLIP
    return 0
