"""References that only this desk can make, and that nobody can guess (MAIL-1, MAIL-2a)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.domain.reference_key import KeyRing
from carecli.mail.reference import message_id, number_in, numbers, reference

KEY = b"k" * 32
KEYS = KeyRing(KEY)
TRUE = reference(KEY, 42)
ID = message_id(KEY, 42, 3, "desk.example")


@pytest.mark.parametrize(
    "text",
    [
        TRUE,
        TRUE.upper(),
        f"Re: [Case # 0000000042 ] about [{TRUE}]",
        f"> Reference ID: {TRUE}.\n",
        f"{TRUE} {TRUE}",
        f"ref:0000000042-aaaaaaaaaaaaaaaa {TRUE}",
    ],
)
def test_a_reference_is_found_in_a_text(text: str) -> None:
    """MAIL-1: wherever it stands, in either case, once."""
    assert list(numbers(KEYS, text)) == [42]


@pytest.mark.parametrize(
    "text",
    [
        "",
        TRUE[:-1],
        TRUE + "a",
        TRUE.replace("0000000042", "0000000043"),
        "ref:0000000042-",
        reference(b"another desk", 42),
        # Digits and letters of other scripts, which fold into those of ours.
        TRUE.replace("0000000042", "\u0660" * 8 + "\u0664\u0662"),
        "ref:0000000042-" + "\u017f" * 16,
    ],
)
def test_any_other_text_names_no_case(text: str) -> None:
    """MAIL-2a: a number, a guess or another desk's reference opens nothing, and nothing raises."""
    assert list(numbers(KEYS, text)) == []


def test_a_message_id_names_its_case() -> None:
    """MAIL-1: with or without brackets; 0 for mail about no case; its place is part of what is signed."""
    assert number_in(KEYS, ID) == number_in(KEYS, ID[1:-1].upper()) == 42
    assert number_in(KEYS, message_id(KEY, None, 7, "desk.example")) == 0
    assert number_in(KEYS, ID.replace(".3.", ".4.")) is None
    assert number_in(KEYS, "<0000000042.\u0663.aaaaaaaaaaaaaaaa@desk.example>") is None
    assert number_in(KeyRing(b"another desk"), ID) is None


@given(text=st.text(), number=st.integers(1, 9_999_999_999), place=st.integers(1, 999_999_999))
def test_whatever_stands_around(text: str, number: int, place: int) -> None:
    """MAIL-1, MAIL-2a: no text raises or names a case by itself, and none hides a true reference."""
    assert list(numbers(KEYS, text)) == []
    assert number in list(numbers(KEYS, f"{text} {reference(KEY, number)} {text}"))
    assert number_in(KEYS, text) is None
    assert number_in(KEYS, message_id(KEY, number, place, "x.example")) == number
