"""The component that a text speaks for, the next best, and why (OPEN-6)."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.domain import features, learning, selection
from carecli.domain.learning import Row
from carecli.domain.selection import Known, Text

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAMES = ("Call Routing", "call-recording", "VoiceMail")
LESSONS = (
    ("the queue sends callers to the wrong team", 0),
    ("callers wait and reach nobody", 0),
    ("audio of the conversation is silent", 1),
    ("greeting plays twice", 2),
)


def text(words: str, rows: dict[str, Row] | None = None, size: int = 0) -> Text:
    """A text, with what is known of its features."""
    said = features.words(words)
    found = features.features(said)
    return Text(said, found, {f: rows[f] for f in found if f in rows} if rows else {}, size)


def taught(lessons: Sequence[tuple[str, int]] = LESSONS) -> dict[str, Row]:
    """What is known after some lessons."""
    rows: dict[str, Row] = {}
    for words, right in [*lessons] * 3:
        found = features.features(features.words(words))
        lesson = learning.Example([rows.setdefault(f, Row()) for f in found], list(found.values()), right)
        learning.step(lesson, [0, 1, 2])
    return rows


def known(examples: int = 4) -> list[Known]:
    """The components as they are known after lessons."""
    return [Known(place, name, examples, AT) for place, name in enumerate(NAMES)]


def chosen(words: str, names: Sequence[str] = NAMES) -> list[str]:
    """The candidates by their names alone."""
    found = selection.select(text(words), selection.options(names, []))
    return [one.component for one in found.candidates]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Calls go to the wrong agent since the new routing", ["Call Routing", "call-recording"]),
        ("recordings are silent", ["call-recording"]),
        ("my voicemail greeting is gone", ["VoiceMail"]),
        ("the voice mail is full", ["VoiceMail"]),
        ("the recroding is silent, please look at the recording of noon", ["call-recording"]),
        ("nothing works", []),
        ("", []),
        ("日本語 😀", []),
    ],
)
def test_without_an_example_the_own_words_of_components_decide(words: str, names: list[str]) -> None:
    """OPEN-6: a cold start goes by the components' names, bent or joined; what matches none chooses none."""
    assert chosen(words) == names


def test_other_scripts_have_words_too() -> None:
    """OPEN-6: names in scripts with and without blanks."""
    assert chosen("通話録音が再生できません", ["通話録音", "着信"])[0] == "通話録音"
    assert chosen("Не работает запись звонков", ["Маршрутизация", "Запись звонков"]) == ["Запись звонков"]


def test_a_word_of_every_name_says_little() -> None:
    """OPEN-6: where all names share a word, the others decide."""
    found = selection.select(text("call quality of the west"), selection.options(("Call East", "Call West"), []))
    assert found.component == "Call West"
    assert [one.component for one in found.candidates] == ["Call West", "Call East"]
    assert found.candidates[0].share > 0.7


def test_names_are_matched_whatever_their_case_and_shown_as_offered() -> None:
    """OPEN-6: VOICEMAIL is what was learned as VoiceMail, and is offered once."""
    options = selection.options(("VOICEMAIL", "call-recording", "voicemail"), known())
    assert [(option.name, option.id) for option in options] == [("VOICEMAIL", 2), ("call-recording", 1)]


def test_what_was_learned_decides_where_names_do_not() -> None:
    """OPEN-6: words that no name has, learned from cases."""
    found = selection.select(text("callers reach the wrong team", taught(), 3), selection.options(NAMES, known()))
    assert found.component == "Call Routing"
    assert {"wrong team", "callers"} <= {word.word for word in found.words}
    assert all(set(word.word.split()) <= {"callers", "reach", "the", "wrong", "team"} for word in found.words)


def test_the_name_counts_less_the_more_is_known() -> None:
    """OPEN-6: a blend; a component of many examples is known by them."""
    words, rows = "the voicemail says: wrong team", taught()
    first = selection.select(text(words, rows, 3), selection.options(NAMES, known(1)))
    later = selection.select(text(words, rows, 3), selection.options(NAMES, known(500)))
    assert (first.component, later.component) == ("VoiceMail", "Call Routing")


def test_what_is_not_offered_is_not_chosen() -> None:
    """OPEN-6, DC-3: components of another service or account are no candidates, whatever was learned of them."""
    found = selection.select(
        text("callers reach the wrong team", taught(), 3), selection.options(NAMES[1:], known())
    )
    assert "Call Routing" not in {one.component for one in found.candidates}


@given(
    st.lists(st.sampled_from([*" ".join(words for words, _ in LESSONS).split(), "voicemail", "zzz"]), max_size=12)
)
def test_reasons_add_up_to_the_lead(words: list[str]) -> None:
    """OPEN-6: what words are said to be worth is the whole difference of the two best, and nothing else."""
    given_ = text(" ".join(words), taught(), 3)
    options = selection.options(NAMES, known())
    found = selection.select(given_, options)
    names = [one.component for one in found.candidates]
    assert len(set(names)) == len(names)
    shares = [one.share for one in found.candidates]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 1 + 1e-9
    if len(names) < 2:
        return
    first, second = (next(option for option in options if option.name == name) for name in names[:2])
    lead = selection.leading(given_, first, second)
    alone = [sum(selection.leading(given_, option).values()) for option in (first, second)]
    assert sum(lead.values()) == pytest.approx(alone[0] - alone[1], abs=1e-9)
    assert dict(found.words).items() <= {word: weight for word, weight in lead.items() if weight > 0}.items()
    # The shares tell the same lead: they are the exponentials of the scores.
    assert shares[0] / shares[1] == pytest.approx(2.718281828459045 ** sum(lead.values()), rel=1e-6)
