"""How like two texts are (OPEN-7, OPEN-11)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.domain import likeness

TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=80)


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("archives", "archiv"),
        ("archiving", "archiv"),
        ("archived", "archiv"),
        ("dropped", "drop"),
        ("dropping", "drop"),
        ("falls", "fall"),
        ("falling", "fall"),
        ("queries", "query"),
        ("query", "query"),
        ("quickly", "quick"),
        ("is", "is"),
        ("as", "as"),
        ("2053s", "2053s"),
        ("größe", "größe"),
    ],
)
def test_endings(word: str, stem: str) -> None:
    """OPEN-11: English endings make no other word; short words keep theirs."""
    assert likeness.stem(word) == stem


@pytest.mark.parametrize(
    "words", ["call calls called calling", "drop drops dropped dropping", "query queries", "archive archived"]
)
def test_forms_lead_back(words: str) -> None:
    """OPEN-11: an index of whole words is asked for every form of a stem."""
    each = words.split()
    assert set(each) <= set(likeness.forms(likeness.stem(each[0])))
    assert {likeness.stem(word) for word in each} == {likeness.stem(each[0])}


@given(st.from_regex(r"[a-z]{1,14}", fullmatch=True) | st.text(min_size=1, max_size=9))
def test_every_word_is_a_form_of_its_stem(text: str) -> None:
    """OPEN-11: whatever a text holds, the index is asked for the very words of it."""
    for word in likeness.words(text):
        assert word in likeness.forms(likeness.stem(word))


@given(TEXTS)
def test_no_word_is_an_operator(text: str) -> None:
    """FIND-3: words hold letters and digits alone, so no text is an expression of the index."""
    assert all(
        word and all(c.isalnum() or c.isalpha() or not c.isspace() for c in word) for word in likeness.words(text)
    )
    assert not any({'"', "*", "(", ")", "\0"} & set(word) for word in likeness.words(text))


WEIGHTS = {"call": 2.0, "drop": 4.0, "transf": 5.0, "on": 0.5, "east": 4.0, "west": 4.0, "report": 3.0}


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Calls drop on transfer", "calls drop on transfers", True),
        ("Calls drop on transfer", "On transfer, calls drop", True),
        ("Calls drop on transfer", "Calls drop on tranfser", True),
        ("Calls drop on transfer", "Call dropped on transferring!", True),
        ("Calls drop on transfer", "Calls drop", False),
        ("Calls drop on transfer east", "Calls drop on transfer west", False),
        ("Calls drop on line 4012", "Calls drop on line 4021", False),
        ("Reports are empty", "Calls drop on transfer", False),
        ("", "", False),
        ("", "Calls drop", False),
    ],
)
def test_near_identical_subjects(one: str, other: str, near: bool) -> None:
    """OPEN-11: order, endings and slips of the keyboard aside; names and numbers make another issue."""
    pair = [likeness.text(subject, "").subject for subject in (one, other)]
    weights = {stem: WEIGHTS.get(stem, 3.0) for subject in pair for stem in subject}
    for first, second in (pair, pair[::-1]):
        alike = likeness.subject_likeness(first, second, weights, 3.0)
        assert (alike >= likeness.NEAR_FROM, 0 <= alike <= 1) == (near, True)


def points(
    subject: str, description: str, other: tuple[str, str], spread: dict[str, int], total: int = 100
) -> float:
    """The likeness of a text and another, of the same day."""
    of = likeness.text(subject, description)
    said, told = likeness.telling(of)
    asked = likeness.asked(of, spread, total)
    known = likeness.stems_by_form((*told, *said))
    own = likeness.counted(known, subject, f"{subject} {description}")
    counted = likeness.counted(known, *other)
    average = likeness.lengths([own, counted])
    whole = likeness.score(asked, own, average)
    return likeness.likeness(likeness.score(asked, counted, average), whole, 0)


def test_rare_words_weigh_more() -> None:
    """OPEN-7: of two cases that share one word each, the one with the rarer word is liker."""
    spread = {likeness.stem("trunk"): 2, likeness.stem("phone"): 60}
    rare = points("Trunk phone", "", ("Trunk broken", "nothing else"), spread)
    common = points("Trunk phone", "", ("Phone broken", "nothing else"), spread)
    assert 0 < common < rare < 1


def test_the_subject_weighs_more() -> None:
    """OPEN-7: the same word tells more in both subjects than in a subject and a description."""
    spread = {"trunk": 2}
    assert points("Trunk", "", ("Trunk", "x"), spread) > points("Trunk", "", ("x", "Trunk"), spread) > 0


def test_long_ago_is_less_like() -> None:
    """OPEN-7: of two equal texts the nearer in time is liker; none falls to nothing."""
    ages = [likeness.likeness(5, 5, days) for days in (0, 30, 365, 3650)]
    assert ages == sorted(ages, reverse=True)
    assert ages[0] == 1 > ages[-1] > 0.7
    assert likeness.likeness(5, 5, -30) == ages[1]
    assert likeness.likeness(5, 0, 0) == 0


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_always_a_share(one: str, two: str, three: str, four: str) -> None:
    """OPEN-7: whatever the texts hold, a likeness lies between 0 and 1."""
    assert 0 <= points(one, two, (three, four), {}) <= 1
