"""What a search demands, as conditions on rows with their words: a tsquery for the index, and what it cannot tell.

A row holds its words twice: in a tsvector, once each and without places, for the index; and in columns of tokens,
in their order, each between two blanks. There phrases, prefixes and how often they occur are told by their text.
So nothing is lost of long texts, of which a tsvector knows the first 16,383 places, and of a word 256.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from carecli.store.sight import Parameter

VECTOR_MAX: Final = 1_000_000
"""How many bytes of different words of a row the index takes; PostgreSQL refuses a tsvector of 1 MiB."""

_WORD_MAX: Final = 250

_OVERLAPPING_MAX: Final = 4
"""Where words repeat themselves, an expression holds all of a phrase against each of its places."""


class Phrase(NamedTuple):
    """Words that stand one behind the other; the last one may be unfinished."""

    tokens: tuple[str, ...]
    unfinished: bool = False

    @property
    def exact(self) -> bool:
        """Whether the index alone tells that it occurs."""
        return len(self.tokens) == 1 and len(self.tokens[0]) < _WORD_MAX

    @property
    def needle(self) -> str:
        """How it stands in a column of tokens."""
        joined = written(self.tokens)
        return joined[:-1] if self.unfinished else joined

    @property
    def overlapping(self) -> bool:
        """Whether it may stand in a text twice with words in common; of a long one nobody asks that."""
        if len(self.tokens) > _OVERLAPPING_MAX:
            return False
        ends = (self.tokens[-length:] for length in range(1, len(self.tokens)))
        return any(_begins(self.tokens, end, unfinished=self.unfinished) for end in ends)

    def query(self) -> str:
        """What all rows with it fulfil, as a tsquery."""
        words = [f"'{lexeme(token)}'" for token in self.tokens]
        return " & ".join([*words[:-1], f"{words[-1]}:*" if self.unfinished else words[-1]])


class Demand(NamedTuple):
    """Of each of these groups one phrase must occur."""

    groups: tuple[tuple[Phrase, ...], ...]

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """All of them, in their order."""
        return tuple(phrase for group in self.groups for phrase in group)

    def condition(self, columns: Sequence[str], *, within: bool = False) -> tuple[str, list[Parameter]]:
        """The demand as a condition on rows, with its parameters; `within` where other columns do not count."""
        asked = " & ".join(f"({' | '.join(f'({phrase.query()})' for phrase in group)})" for group in self.groups)
        sql, parameters = "words @@ CAST(? AS tsquery)", [asked]
        for group in self.groups:
            if within or not all(phrase.exact for phrase in group):
                needles = [phrase.needle for phrase in group for _ in columns]
                sql += f" AND ({' OR '.join(f'strpos({name}, ?) > 0' for _ in group for name in columns)})"
                parameters += needles
        return sql, [*parameters]


def demand(groups: Iterable[Iterable[Phrase]]) -> Demand:
    """A demand; what is no word occurs nowhere, and where that is demanded nothing is."""
    known = [tuple(phrase for phrase in group if phrase.tokens) for group in groups]
    return Demand(tuple(known) if all(known) else ())


def weighed(phrase: Phrase, columns: Sequence[str], weights: Sequence[int]) -> tuple[str, list[Parameter]]:
    """How often a phrase occurs in columns, by their weights, and the parameters of that."""
    if phrase.overlapping:
        counted = " + ".join(
            f"{weight} * regexp_count({name}, ?)" for name, weight in zip(columns, weights, strict=True)
        )
        return counted, [f"(?={phrase.needle})"] * len(columns)
    size = len(phrase.needle.encode())
    counted = " + ".join(
        f"{weight} * ((octet_length({name}) - octet_length(replace({name}, ?, ''))) / {size})"
        for name, weight in zip(columns, weights, strict=True)
    )
    return counted, [phrase.needle] * len(columns)


def written(tokens: Iterable[str]) -> str:
    """Words as a column of tokens has them; two such texts joined are that of all their words."""
    return "".join(f" {token} " for token in tokens)


def vector(*columns: Iterable[str]) -> str:
    """A row's different words as a tsvector; of far too many the shortest, which people rather look for."""
    room = VECTOR_MAX
    words: list[str] = []
    for word in sorted(dict.fromkeys(lexeme(token) for column in columns for token in column), key=len):
        room -= len(word.encode())
        if room < 0:
            break
        words.append(f"'{word}'")
    return " ".join(words)


def lexeme(token: str) -> str:
    """A word as the index has it, or as much of it: it takes none of more than 2,046 bytes."""
    return token[:_WORD_MAX]


def _begins(tokens: Sequence[str], end: Sequence[str], *, unfinished: bool) -> bool:
    """Whether a phrase begins as it ends."""
    begun = tokens[: len(end)]
    last = begun[-1].startswith(end[-1]) if unfinished else begun[-1] == end[-1]
    return last and tuple(begun[:-1]) == tuple(end[:-1])
