"""Many at one desk at once: nobody is turned away, and nothing is done twice or lost (TICK-1, OPEN-1)."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from cli.acceptance import FORM
from desk_fixtures import DANA, LENA, OMAR, SAM, Office
from hard import crowd
from hard.at_once import run_at_once
from hard.crowd import Whole

from carecli.config import Config

REPEAT: Final = """
import sys
from carecli.cli import main
sys.exit(max(main(sys.argv[2:]) for _ in range(int(sys.argv[1]))))
"""
"""A process that runs a command so many times; its exit status is the worst."""
FORM_OF_ABC: Final = [word.replace("East", "West") for word in FORM]
AT: Final = "2026-03-02T10:00:00Z"


@pytest.mark.parametrize("how", [(), ("--replay",)], ids=["paced", "replayed"])
def test_eight_ticks_at_once_do_the_work_of_one(
    busy: Config, alone: Callable[[tuple[str, ...]], Whole], tmp_path: Path, how: tuple[str, ...]
) -> None:
    """TICK-1: of eight ticks at once all succeed, and together they do what one does, each mail leaving once."""
    whole = alone(how)
    database = crowd.copy(busy, tmp_path, "desk")
    reports = [json.loads(out) for out in at_once([crowd.ticking(database, *how)] * 8)]
    outcome = crowd.outcome(database)
    assert outcome.by_case() == whole.outcome.by_case()
    assert outcome._replace(order=[]) == whole.outcome._replace(order=[])
    assert crowd.delivered(database) == whole.mails
    assert sum(report["mail"]["sent"] for report in reports) == len(whole.mails)
    assert sum(report["fired"] for report in reports) >= crowd.DUE
    new = [(b["number"], b["metric"]) for report in reports for b in report["breaches"] if b["new"]]
    assert len(new) == len(set(new)) == len(whole.outcome.breaches)


def test_sixteen_who_open_at_once_get_their_numbers(office: Office) -> None:
    """OPEN-1: 16 processes open 8 cases each at once: 128 numbers in order, none lost, none refused."""
    openers = [repeated(8, office, who, "open", *FORM_OF_ABC) for who in (DANA, OMAR) * 8]
    numbers = [int(case["number"]) for out in at_once(openers) for case in documents(out)]
    assert sorted(numbers) == list(range(1, 129))
    told = [number for number, *_ in office.log()]
    assert told == list(range(1, 129))
    assert office.differences() == []


def test_a_whole_desk_at_work_at_once(office: Office) -> None:
    """TICK-1, OPEN-1: openings, updates, notes, ticks and lists at once all succeed and are all on record."""
    number = str(office.open("2026-03-02 08:00"))
    at_work = [
        *(repeated(10, office, who, "open", *FORM_OF_ABC) for who in (DANA, LENA)),
        *(repeated(10, office, who, "update", number, "-m", "It still happens.") for who in (DANA, OMAR)),
        repeated(10, office, SAM, "update", number, "--internal", "-m", "Looked at the trunk."),
        *(repeated(10, office, "system", "tick") for _ in range(2)),
        *(repeated(10, office, who, "list") for who in (SAM, LENA)),
    ]
    assert all(len(documents(out)) == 10 for out in at_once(at_work))
    kinds = Counter(kind for _, _, _, kind, _ in office.log())
    assert (kinds["opened"], kinds["commented"]) == (21, 30)
    assert office.differences() == []
    ids = [mail["Message-ID"] for mail in office.delivered()]
    assert len(ids) == len(set(ids))


def repeated(times: int, office: Office, who: str, *args: str) -> list[str]:
    """A process in which somebody runs a command again and again."""
    placed = ("--db", office.config.db, "--as", who, "--now", AT, "--json")
    return [sys.executable, "-c", REPEAT, str(times), *placed, *args]


def at_once(commands: Sequence[Sequence[str]]) -> list[str]:
    """Start processes together, all of which end well; the answer is what each wrote."""
    return [out for _, out, _ in run_at_once(commands)]


def documents(text: str) -> list[Any]:
    """The JSON documents that stand one behind the other."""
    found, decoder, place = [], json.JSONDecoder(), 0
    while place < len(text):
        document, end = decoder.raw_decode(text, place)
        found.append(document)
        place = end + len(text[end:]) - len(text[end:].lstrip())
    return found
