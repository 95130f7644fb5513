"""What a text is weighed by: words, pairs and pieces of words, in any script (OPEN-6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.domain import features

TEXTS = st.text(max_size=300) | st.text(st.sampled_from("ab c-_#<>日本語録音звонок😀'1"), max_size=80)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Calls drop; they DROP!", ["calls", "drop", "they", "drop"]),
        ("It's the agent’s phone", ["its", "the", "agents", "phone"]),
        ("snake_case and-hyphens", ["snake", "case", "and", "hyphens"]),
        ("error 504 for +1 555 0100200", ["error", "504", "for", "1", "555"]),
        ("Звонок прерван", ["звонок", "прерван"]),
        ("ＣＡＬＬ Straße", ["call", "strasse"]),
        ("録音が無い", ["録音", "音が", "が無", "無い"]),
        ("録音", ["録音"]),
        ("😀🔥 -- !!", []),
        ("", []),
    ],
)
def test_the_words_of_a_text(text: str, words: list[str]) -> None:
    """OPEN-6: words without letter case; two signs at a time where a script has no blanks; no long numbers."""
    assert features.words(text) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("CallRouting", ["call", "routing"]),
        ("call-recording v2", ["call", "recording", "v2"]),
        ("SIPTrunk", ["sip", "trunk"]),
        ("wrap_up_codes", ["wrap", "up", "codes"]),
        ("IVR", ["ivr"]),
    ],
)
def test_the_words_of_a_name(name: str, words: list[str]) -> None:
    """OPEN-6: a component's own words, split at blanks, hyphens, underscores and where camelCase changes."""
    assert features.name_words(name) == words


def test_what_two_words_are_weighed_by() -> None:
    """OPEN-6: the words, what stands beside what, and pieces of four letters."""
    found = features.features(["lost", "it"])
    assert list(found) == [
        *("lost", "it"),
        *(" lost", "lost it", "it "),
        *("#<los", "#lost", "#ost>", "#<it>"),
    ]
    assert len({found["lost"], found["lost it"]}) == 1
    assert found["#lost"] < found["lost"]


@given(TEXTS)
def test_the_features_of_any_text_have_one_length(text: str) -> None:
    """OPEN-6: whatever was written, the strengths make a vector of one length, or none at all."""
    said = features.words(text)
    found = features.features(said)
    assert bool(found) == bool(said)
    if found:
        length = sum(strength**2 for strength in found.values()) ** 0.5
        assert length == pytest.approx(features.STRENGTH, rel=0.02)


@pytest.mark.parametrize(
    "text", ["word " * 100_000, "x" * 1_000_000, "録" * 1_000_000, "a1 " * 50_000, "😀" * 50_000]
)
def test_a_very_long_text_is_bounded(text: str) -> None:
    """OPEN-6: of a log that somebody pasted only the beginning is weighed."""
    said = features.words(text)
    assert len(said) <= features.WORDS_MAX
    assert max(map(len, said), default=0) <= features.WORD_MAX


@given(TEXTS, st.lists(st.floats(-5, 5), min_size=1, max_size=20))
def test_worth_is_told_by_words_without_loss(text: str, worths: list[float]) -> None:
    """OPEN-6: what features are worth adds up to what is told of the words and pairs of the text."""
    said = features.words(text)
    worth = {feature: worths[place % len(worths)] for place, feature in enumerate(features.features(said))}
    told = features.spoken(said, worth)
    assert sum(told.values()) == pytest.approx(sum(worth.values()), abs=1e-6)
    assert all(set(word.split()) <= set(said) for word in told)
