"""Mappings of other desks' files: what a document says, and everything that is wrong with one (IMP-1)."""

from typing import Any

import pytest

from carecli.domain.import_mapping import Meaning, Source, mapping
from carecli.domain.import_mapping_check import problems

GOOD: dict[str, Any] = {
    "title": "A log",
    "format": "csv",
    "records": "updates",
    "first_state": "New",
    "ticket": {"reference": "id", "opened_at": "created", "caller": ["mail", "name"]},
    "update": [{"at": "updated", "state": "state"}],
    "states": {"New": "new", "On*": {"is": "investigation", "noted": True}, "*": "resolved"},
    "priorities": {"1": "critical", "": "low"},
}


def wrong(**changes: Any) -> list[str]:
    """The places that are wrong in a good mapping with these changes; None takes a key away."""
    document = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    return [one.where for one in problems(document)]


def test_a_mapping_says_places_and_words() -> None:
    """IMP-1: places in order, words whatever their case, by their beginning, or any other."""
    read = mapping(GOOD)
    assert read.ticket.caller == Source(("mail", "name"))
    assert (read.per_ticket, read.answers_by_text, read.times) == (False, True, ("iso",))
    assert read.states.meaning("NEW") == Meaning("new")
    assert read.states.meaning("On hold") == Meaning("investigation", noted=True)
    assert read.states.meaning("anything") == Meaning("resolved")
    assert read.states.meaning("") is None
    assert read.priorities.meaning("") == Meaning("low")
    assert read.priorities.meaning("2") is None


def test_constants_minutes_and_parts() -> None:
    """IMP-1: words that are always the same, minutes after a time, and updates made of parts."""
    parts = {
        "list": "events",
        "kind": "type",
        "changes": ["Change"],
        "field": "f",
        "value": "v",
        "fields": {"s": "state"},
    }
    updates = [
        {"at": {"from": "created", "minutes": "first"}, "text": {"is": "Hello"}, "optional": True},
        {"at": "at", "list": "audits", "unless": "x", "parts": parts},
    ]
    assert not wrong(records="tickets", update=updates)
    first, second = mapping({**GOOD, "records": "tickets", "update": updates}).updates
    assert (first.at, first.text, first.optional) == (
        Source(("created",), None, "first"),
        Source((), "Hello"),
        True,
    )
    assert second.parts
    assert (second.list, [*second.parts.changes], second.parts.fields["s"]) == ("audits", ["Change"], "state")


@pytest.mark.parametrize(
    ("where", "changes"),
    [
        ("title", {"title": None}),
        ("titel", {"titel": "x"}),
        ("format", {"format": "xml"}),
        ("format", {"format": 1}),
        ("records", {"records": "rows"}),
        ("order", {"order": "random"}),
        ("ticket", {"ticket": "x"}),
        ("ticket.caller", {"ticket": {"reference": "a", "opened_at": "b"}}),
        ("ticket.caller", {"ticket": {**GOOD["ticket"], "caller": 5}}),
        ("ticket.caller", {"ticket": {**GOOD["ticket"], "caller": []}}),
        ("ticket.subject", {"ticket": {**GOOD["ticket"], "subject": "{a"}}),
        ("ticket.subject.minutes", {"ticket": {**GOOD["ticket"], "subject": {"is": "x", "minutes": "y"}}}),
        ("ticket.colour", {"ticket": {**GOOD["ticket"], "colour": "x"}}),
        ("ticket.keep", {"ticket": {**GOOD["ticket"], "keep": "x"}}),
        ("update", {"update": {"at": "x"}}),
        ("update", {"update": [GOOD["update"][0]] * 2}),
        ("update", {"update": [{"at": "x", "list": "y"}]}),
        ("update.at", {"update": [{"state": "x"}]}),
        ("update.at.minutes", {"update": [{"at": {"from": "x"}}]}),
        ("update.optional", {"update": [{"at": "x", "optional": "yes"}]}),
        ("update.parts", {"update": [{"at": "x", "parts": "y"}]}),
        ("update.parts.kind", {"update": [{"at": "x", "parts": {"list": "y"}}]}),
        (
            "update.parts.fields.s",
            {"update": [{"at": "x", "parts": {"list": "y", "kind": "z", "fields": {"s": "q"}}}]},
        ),
        ("update 2.at", {"records": "tickets", "update": [{"at": "x"}, {}]}),
        ("states.New", {"states": {"New": "fresh"}}),
        ("states.New.is", {"states": {"New": {"noted": True}}}),
        ("states.New.noted", {"states": {"New": {"is": "new", "noted": 1}}}),
        ("first_state", {"first_state": "Fresh"}),
        ("priorities.1", {"priorities": {"1": "urgent"}}),
        ("channels.Web", {"channels": {"Web": "tick"}}),
        ("lookup.people", {"lookup": {"people": "users"}}),
        ("lookup.persons", {"lookup": {"persons": ["users"]}}),
        ("times", {"times": ["yesterday"]}),
        ("times", {"times": "iso"}),
        ("delimiter", {"delimiter": ";;"}),
    ],
)
def test_what_is_wrong_is_named_by_its_place(where: str, changes: dict[str, Any]) -> None:
    """IMP-1: each fault of a mapping is told under its own key, and a good mapping has none."""
    assert where in wrong(**changes)
    assert not wrong()


def test_every_fault_is_told_at_once() -> None:
    """IMP-1: a mapping with several faults is told all of them."""
    assert set(wrong(format="xml", colour="red", states={"New": "fresh"})) == {"format", "colour", "states.New"}


@pytest.mark.parametrize("value", [None, 1, 1.5, "x", [], [1], {}, {"x": []}, [{}], True])
@pytest.mark.parametrize("key", [*GOOD, "lookup", "times", "channels", "machines", "optional"])
def test_any_value_anywhere_is_judged(key: str, value: Any) -> None:
    """IMP-1: a mapping of any shape is judged with no exception, and what is called right can be read."""
    document = {**GOOD, key: value}
    if not list(problems(document)):
        mapping(document)
