"""Seals: a log's place and digest in few words, typing errors told from other digests (AUD-1)."""

from contextlib import suppress
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.domain.seal import Proof, Seal, parse_seal, proved, sealed, written
from carecli.errors import Invalid

DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
SEALS = st.builds(sealed, st.integers(1, 10**12), DIGESTS, DIGESTS)
FIRST, LAST = (sha256(word).hexdigest() for word in (b"first", b"last"))
ONE = sealed(65, LAST, FIRST)


def test_a_seal_in_words() -> None:
    """AUD-1: form, place, the desk's mark, 160 bits of the digest, check characters; none taken for another."""
    words = written(ONE).split("-")
    assert words[:2] == ["care1", "65"]
    assert [len(word) for word in words[2:]] == [6, 8, 8, 8, 8, 4]
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
    bits = "".join(f"{alphabet.index(letter):05b}" for letter in "".join(words[3:7]))
    assert bits == f"{int(LAST, 16):0256b}"[:160]
    mark = "".join(f"{alphabet.index(letter):05b}" for letter in words[2])
    assert mark == f"{int(FIRST, 16):0256b}"[:30]


@given(SEALS)
def test_what_is_written_is_read(seal: Seal) -> None:
    """AUD-1: a seal comes back from its words, copied in capitals, with blanks, without hyphens, 0 read as O."""
    text = written(seal)
    form, place, *rest = text.split("-")
    assert parse_seal(text) == seal
    assert parse_seal(f"  {text.upper()}\n") == seal
    assert parse_seal(f"{form}-{place}-{''.join(rest)}") == seal
    assert parse_seal(f"{form}-{place}-{'-'.join(rest).replace('0', 'o').replace('1', 'l')}") == seal


def test_a_typing_error_is_told_as_one() -> None:
    """AUD-1: no single wrong character, and no two that changed places, passes for another seal."""
    text = written(ONE)
    wrong = []
    for at, letter in enumerate(text[6:], 6):
        if letter == "-":
            continue
        others = "0123456789" if at < 8 else "0123456789abcdefghjkmnpqrstvwxyz"
        wrong += [text[:at] + other + text[at + 1 :] for other in others if other != letter]
        swapped = text[:at] + text[at + 1 : at + 2] + letter + text[at + 2 :]
        wrong += [swapped] if "-" not in swapped[at : at + 2] and swapped != text and at + 1 < len(text) else []
    for one in wrong:
        with pytest.raises(Invalid):
            parse_seal(one)
    assert len(wrong) > 1200


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no seal"),
        ("hello", "no seal"),
        ("care1", "no seal"),
        ("careful-65-abc", "no seal"),
        (LAST, "no seal"),
        ("care2-65-abcdef", "form care2"),
        ("care1-65-abcdef", "incomplete"),
        (written(ONE)[:-1], "incomplete"),
        (written(ONE) + "0", "incomplete"),
        (written(ONE).replace("care1-65", "care1-0"), "incomplete"),
        (written(ONE).replace("care1-65", "care1--65"), "incomplete"),
        (written(ONE).replace("care1-65", "care1-6٥"), "incomplete"),
        (written(ONE).replace("care1-65", "care1-" + "9" * 5000), "incomplete"),
        (written(ONE)[:-1] + "u", "incomplete"),
        (written(ONE).replace("care1-65", "care1-66"), "typing error"),
    ],
)
def test_what_is_no_seal_says_so(text: str, told: str) -> None:
    """AUD-1: something else, a later form, a part of one and one with a typing error are told apart."""
    with pytest.raises(Invalid, match=told):
        parse_seal(text)


@given(st.text())
def test_any_text_is_a_seal_or_invalid(text: str) -> None:
    """AUD-1: nothing that is typed ends in anything else."""
    with suppress(Invalid):
        assert parse_seal(text)


@pytest.mark.parametrize(
    ("here", "broken", "proof"),
    [
        (ONE, None, Proof.HOLDS),
        (ONE, 66, Proof.HOLDS),
        (ONE, 65, Proof.BROKEN),
        (sealed(65, FIRST, FIRST), None, Proof.CHANGED),
        (sealed(65, LAST, LAST), None, Proof.OTHER_DESK),
        (None, None, Proof.CUT),
    ],
)
def test_what_a_seal_shows(here: Seal | None, broken: int | None, proof: Proof) -> None:
    """AUD-1: history that stands, was changed, does not follow from itself, was cut, or is another desk's."""
    first = here._replace(position=1) if here else ONE._replace(position=1)
    assert proved(ONE, 70, first, here, broken).proof is proof
    # One that is longer than the log, of another desk.
    assert proved(ONE, 60, sealed(1, LAST, LAST), None).proof is Proof.OTHER_DESK
