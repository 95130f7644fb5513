"""Calendar arithmetic in bulk, over JSON lines (CAL-1, CAL-2, CAL-3, CAL-4, SLA-4)."""

import json
from typing import Any

import pytest

from carecli.desk.arithmetic import answer, answers

BASE: dict[str, Any] = {
    "zone": "America/New_York",
    "week": {"mon": [["09:00", "12:30"], ["13:15", "17:00"]], "tue": [["09:00", "17:00"]], "sat": []},
    "closed": ["2026-12-25"],
    "from": "2026-03-02T14:00:00Z",  # Monday 09:00 in New York
}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({"amount": "6bh"}, {"at": "2026-03-02T20:45:00Z"}),
        ({"amount": "26100s", "open": True}, {"at": "2026-03-02T22:00:00Z"}),  # at closing: that closing
        ({"amount": "26101s", "open": True}, {"at": "2026-03-03T14:00:01Z"}),
        ({"amount": "90s"}, {"at": "2026-03-02T14:01:30Z"}),
        ({"amount": "30m", "open": True}, {"at": "2026-03-02T14:30:00Z"}),
        ({"amount": "6bh", "open": True}, {"at": "2026-03-02T20:45:00Z"}),
        ({"amount": "1bd"}, {"at": "2026-03-03T14:00:00Z"}),
        ({"amount": "7d"}, {"at": "2026-03-09T13:00:00Z"}),  # the same wall time, clocks having changed
        ({"amount": "168h"}, {"at": "2026-03-09T14:00:00Z"}),
        (
            {"amount": "1bh", "holes": [["2026-03-02T14:30:00Z", "2026-03-02T15:00:00Z"]]},
            {"at": "2026-03-02T15:30:00Z"},
        ),
        (
            {"amount": "1h", "holes": [["2026-03-02T14:30:00Z", "2026-03-02T15:00:00Z"]]},
            {"at": "2026-03-02T15:30:00Z"},
        ),
        (
            {"amount": "1bd", "holes": [["2026-03-02T23:00:00Z", "2026-03-03T13:00:00Z"]]},
            {"at": "2026-03-03T14:00:00Z"},
        ),
        (
            {"amount": "1bd", "holes": [["2026-03-02T14:00:00Z", "2026-03-02T15:00:00Z"]]},
            {"at": "2026-03-03T15:00:00Z"},
        ),
        ({"to": "2026-03-04T00:00:00Z"}, {"open_s": 26_100 + 28_800}),
        (
            {"to": "2026-03-04T00:00:00Z", "holes": [["2026-03-03T15:00:00Z", "2026-03-03T16:00:00Z"]]},
            {"open_s": 51_300},
        ),
        ({"to": "2026-03-01T00:00:00Z"}, {"open_s": 0}),
        ({"to": "2026-03-02T10:00:00"}, {"open_s": 3_600}),  # naive: read in the line's zone
        ({"from": "2026-03-02T09:00", "amount": "1bh"}, {"at": "2026-03-02T15:00:00Z"}),
        ({"from": "2026-03-02T15:00:00+01:00", "amount": "1bh"}, {"at": "2026-03-02T15:00:00Z"}),
        ({"closed": {"2026-03-02": "Casimir Pulaski Day"}, "amount": "1bh"}, {"at": "2026-03-03T15:00:00Z"}),
        ({"closed": None, "holes": None, "amount": "1bh"}, {"at": "2026-03-02T15:00:00Z"}),
        ({"week": {"mon": [["22:00", "06:00"]]}, "amount": "3bh"}, {"at": "2026-03-03T06:00:00Z"}),
        ({"week": {"sun": [["00:00", "24:00"]]}, "to": "2026-03-09T14:00:00Z"}, {"open_s": 23 * 3_600}),
    ],
)
def test_answers(line: dict[str, Any], expected: dict[str, Any]) -> None:
    """CAL-1, CAL-2, CAL-3, SLA-4: each question has the one answer that the rules give."""
    assert answer(BASE | line) == expected


@pytest.mark.parametrize(
    ("line", "about"),
    [
        ({}, "one thing"),
        ({"amount": "1bh", "to": "2026-03-04T00:00:00Z"}, "one thing"),
        ({"amount": "1bh", "week": None}, "week"),
        ({"amount": "1bh", "week": {}}, "open time"),
        ({"amount": "1bh", "zone": None}, "zone"),
        ({"amount": "1bh", "zone": "Amercia/New_York"}, "America/New_York"),
        ({"amount": "1bh", "closed": ["someday"]}, "someday"),
        ({"amount": "1bh", "from": None}, "from"),
        ({"amount": "1bh", "from": "yesterday"}, "yesterday"),
        ({"amount": "1bh", "from": "2026-03-02T14:00:00.5Z"}, "fraction"),
        ({"amount": "1bh", "from": "0001-01-01T00:00:00+14:00"}, "instant"),
        ({"amount": "1bh", "from": "0001-01-01T00:00:00Z"}, "reach"),
        ({"to": 5}, "to"),
        ({"amount": 5}, "amount"),
        ({"amount": "5"}, "no unit"),
        ({"amount": "-5h"}, "amount of time"),
        ({"amount": "5d", "open": True}, "business days"),
        ({"amount": "5h", "open": "yes"}, "open"),
        ({"amount": "1000000000bh"}, "100 years"),
        ({"amount": "1bh", "holes": "none"}, "list"),
        ({"amount": "1bh", "holes": [["2026-03-02T14:00:00Z"]]}, "pair"),
        ({"amount": "1bh", "holes": [["2026-03-03T14:00:00Z", "2026-03-02T14:00:00Z"]]}, "before"),
        ({"amount": "1bh", "holes": [["2026-03-03T14:00:00Z", None]]}, "hole"),
    ],
)
def test_invalid_lines(line: dict[str, Any], about: str) -> None:
    """CAL-4: a question that means nothing answers with what is wrong, never with an exception."""
    found = answer(BASE | line)
    assert list(found) == ["error"]
    assert about in str(found["error"])


def test_a_bad_line_does_not_end_the_rest() -> None:
    """CAL-4: every line has its answer in order, whatever stands in the others."""
    good = json.dumps(BASE | {"amount": "1bh"})
    deep = "[" * 100_000
    found = list(answers([good, "{", "", "[]", '"x"', deep, "1" * 5_000, good, "", ""]))
    assert [list(each) for each in found] == [
        ["at"], ["error"], ["error"], ["error"], ["error"], ["error"], ["error"], ["at"], ["error"],
    ]  # fmt: skip


def test_one_trailing_empty_line_is_no_question() -> None:
    """CAL-4: text that ends in a newline asks nothing after it, and no text asks nothing."""
    good = json.dumps(BASE | {"amount": "1bh"})
    assert len(list(answers(f"{good}\n{good}\n".split("\n")))) == 2
    assert list(answers([])) == []
    assert list(answers([""])) == []


def test_each_line_has_its_own_calendar() -> None:
    """ACC-3: lines with different zones, weeks and closed days do not mix."""
    lines = [
        BASE | {"amount": "1bh"},
        BASE | {"amount": "1bh", "zone": "Europe/Madrid"},
        BASE | {"amount": "1bh", "closed": ["2026-03-02"]},
        BASE | {"amount": "1bh"},
    ]
    found = [each["at"] for each in answers(map(json.dumps, lines))]
    assert found == [
        "2026-03-02T15:00:00Z",
        "2026-03-02T15:00:00Z",
        "2026-03-03T15:00:00Z",
        "2026-03-02T15:00:00Z",
    ]
