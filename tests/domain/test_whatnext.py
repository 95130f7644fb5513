"""Which needs fit what somebody says (WHERE-1)."""

import pytest
from notation import shipped

from carecli.domain import policy_tables, whatnext

NEEDS = policy_tables.needs(shipped())


def best(*words: str) -> str | None:
    """The key of the need that fits best."""
    found = whatnext.found(NEEDS, words)
    return found[0].key if found else None


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("invoice", "billing"),
        ("my INVOICE is wrong", "billing"),
        ("outage", "severe-impact"),
        ("I cannot upload a log", "file-transfer"),
        ("quote", "pricing"),
        ("enhancement", "feature-request"),
        ("reopen", "reopen-case"),
        ("recording", "service-order"),
        ("third-party headset", "third-party"),
        ("statement of work", "statement-of-work"),
        ("postpone maintenance", "maintenance"),
        ("complaint about a slow answer", "escalation"),
        # A form of a word, and one written wrong.
        ("recordings", "service-order"),
        ("maintainance", "maintenance"),
        # Words that everybody says of everything decide nothing.
        ("how do I close my case", "close-case"),
        ("the system is down", "severe-impact"),
        # What people ask for by the desk's own names.
        ("raise prority", "severe-impact"),
        ("csm", "about-care"),
        ("change the call flow", "service-order"),
    ],
)
def test_a_need_is_found(words: str, key: str) -> None:
    """WHERE-1: people's words find their need, in any case, as another form, or written wrong."""
    assert best(*words.split()) == key
    assert best(words) == key


@pytest.mark.parametrize("words", ["zzzzzz", "qwertz uiopü", "1"])
def test_what_fits_nothing(words: str) -> None:
    """WHERE-1: words that speak for no need find none; what says nothing at all lists every need."""
    assert best(words) is (None if len(words) > 1 else NEEDS[0].key)


def test_without_words_there_is_everything() -> None:
    """WHERE-1: without words the whole table is told, by channel: cases first, what is outside support last."""
    found = whatnext.found(NEEDS, ())
    assert found == list(NEEDS)
    channels = [need.channel for need in found]
    assert channels == sorted(channels, key=list(policy_tables.Channel).index)
