"""Reports of random histories, played on the real desk and counted again by hand from the log's lines (RPT-1)."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

import report_by_hand as by_hand
from cli.acceptance import care
from desk_fixtures import ADA, BEN, DANA, LENA, MIA, OMAR, SAM, Office, copied, note, say, yes
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from notation import when

from carecli.config import Config
from carecli.desk import cases, exempting, severity
from carecli.desk.desk import Desk
from carecli.domain.exempting import Stretch
from carecli.domain.instants import iso
from carecli.domain.vocabulary import CaseType, Priority
from carecli.errors import CareError

MINUTES: Final = {"response": (90, 240, 480, 900), "restoration": (400, 900, 2_000, 3_000)}
TARGETS: Final = {
    (plan, priority, metric): MINUTES.get(metric, (2_000, 6_000, 9_000, 20_000))[place] + extra
    for plan, extra in (("care", 60), ("business-care", 0))
    for place, priority in enumerate(by_hand.PRIORITIES)
    for metric in by_hand.METRICS
}
POLICY: Final = 'name = "plain"\n' + "".join(
    f"[targets.{plan}.{priority}]\n"
    + "".join(f'{metric} = "{TARGETS[plan, priority, metric]}m"\n' for metric in by_hand.METRICS)
    for plan in ("care", "business-care")
    for priority in by_hand.PRIORITIES
)
START: Final = when("Mon 09:00")

Played = tuple[int, int, str]
ACTS: Final[dict[str, tuple[str, Callable[[Desk, int], Any]]]] = {
    "replied": (SAM, say("We look into it.")),
    "noted": (SAM, note("The trunk again.")),
    "asked": (SAM, lambda desk, number: cases.ask(desk, number, "Please send the trace.")),
    "proposed": (SAM, lambda desk, number: cases.propose(desk, number, "Use the other trunk.")),
    "restored": (SAM, lambda desk, number: cases.restore(desk, number, "It works again.")),
    "investigated": (SAM, lambda desk, number: cases.investigate(desk, number)),
    "closed": (SAM, lambda desk, number: cases.close(desk, number, "Done.")),
    "dropped": (SAM, lambda desk, number: cases.close(desk, number, "Never mind.", substatus="cancelled")),
    "took": (BEN, lambda desk, number: cases.assign(desk, number, BEN)),
    "said": ("customer", say("Here is the trace.")),
    "accepted": ("customer", lambda desk, number: cases.accept(desk, number)),
    "rejected": ("customer", lambda desk, number: cases.reject(desk, number, "It dropped again.")),
    "withdrew": ("customer", lambda desk, number: cases.close(desk, number, "It went away.")),
    "reopened": ("customer", lambda desk, number: cases.reopen(desk, number, "It is back.")),
    "exempted": (MIA, lambda desk, number: _exempt(desk, number)),
    **{
        priority.value: (SAM, partial(severity.change, to=priority, reason="As it is.", confirm=yes))
        for priority in Priority
    },
}
OPENINGS: Final = (
    (DANA, Priority.HIGH, CaseType.SUPPORT),
    (OMAR, Priority.MEDIUM, CaseType.SUPPORT),
    (LENA, Priority.HIGH, CaseType.SUPPORT),
    (LENA, Priority.LOW, CaseType.ADMIN),
)
STEPS: Final = 36
GAPS: Final = (1, 5, 10, 30, 30, 30, 60, 60, 120, 240, 300, 900, 4_000)
"""Minutes between two steps."""


def _exempt(desk: Desk, number: int) -> Any:
    return exempting.exempt(desk, number, Stretch(desk.now - timedelta(hours=20), desk.now), "A storm.")


@settings(max_examples=20, phases=(Phase.explicit, Phase.generate))
@given(st.integers(0, 2**32))
def test_a_report_is_what_one_counts_by_hand(template: Config, tmp_path_factory: Any, seed: int) -> None:
    """RPT-1: of random histories every figure, and each case behind it, is what the lines of the log add up to."""
    office = copied(template, tmp_path_factory.mktemp("desk"))
    try:
        at = _play(office, _history(Random(seed)))
    finally:
        office.store.close()
    told = _asked(office, at, "report", "--numbers", "--by", "plan,priority,account,owner,group,type,week")
    found = by_hand.cases(_log(office, at), TARGETS, (DANA, OMAR, LENA), int(at.timestamp()))
    assert told["population"]["cases"] == len(found)
    assert told["population"]["open"] == sum(case.known["status"] != "closed" for case in found)
    _agree({(one["metric"],): one for one in told["overall"]}, by_hand.figures(found, ()))
    for table in (told["trend"], *told["tables"]):
        _agree(_by_key(table), by_hand.figures(found, table["by"]))
    late = [(one["number"], one["metric"], one["cycle"]) for one in told["breaches"]]
    assert sorted(late) == sorted(by_hand.missed(found)) == _breaches(office)
    assert {one["age"]: (one["statuses"], one["numbers"]) for one in told["backlog"]} == by_hand.backlog(
        found, int(at.timestamp())
    )
    standing = {one.pop("status"): one for one in told["time_in_status"]}
    assert standing == by_hand.stood(found)
    for one in told["follow_ups"]:
        counts = by_hand.rounds(found)[one["kind"]]
        assert {name: one[name] for name in counts} == counts
        assert one["rounds"] == sum(counts.values())


@settings(max_examples=8, phases=(Phase.explicit, Phase.generate))
@given(st.integers(0, 2**32), st.integers(1, 35))
def test_a_report_of_then_is_the_one_made_then(
    template: Config, tmp_path_factory: Any, seed: int, looked: int
) -> None:
    """TICK-3, RPT-1: of random histories, what a report says of a past moment is what it said at that moment."""
    office = copied(template, tmp_path_factory.mktemp("desk"))
    history = list(_history(Random(seed)))
    asked = ("report", "--numbers", "--by", "plan,priority,account,owner,day")
    try:
        then = _play(office, history[:looked])
        made = _asked(office, then, *asked)
        now = _play_on(office, then, history[looked:])
    finally:
        office.store.close()
    assert _asked(office, now, *asked, "--at", iso(then)) == made


def _history(random: Random) -> Iterator[Played]:
    """Steps of which some are refused, as people's are: a gap in minutes, a case, an act."""
    for _ in range(STEPS):
        yield random.choice(GAPS), random.randrange(len(OPENINGS)), random.choice(sorted(ACTS))


def _play(office: Office, history: Iterable[Played]) -> datetime:
    """Let a history happen, time acting before each step; the answer is when it is looked at."""
    policy = Path(office.config.db).with_name("plain.toml")
    policy.write_text(POLICY)
    office.setting("2026-02-27 10:00", policy=str(policy))
    now = START
    for place, (who, priority, type_) in enumerate(OPENINGS):
        subject = f"Calls drop {place}"
        assert office.open(now, who, priority=priority, type=type_, subject=subject) == place + 1
        now += timedelta(minutes=20)
    return _play_on(office, now, history)


def _play_on(office: Office, now: datetime, history: Iterable[Played]) -> datetime:
    for minutes, place, act in history:
        now += timedelta(minutes=minutes)
        # Half a minute before, so that no tick comes in the very second of anything else.
        office.tick(now - timedelta(seconds=30))
        who, does = ACTS[act]
        customer = OPENINGS[place][0]
        try:
            does(office.by(customer if who == "customer" else who, now), place + 1)
        except CareError:
            continue
    at = now + timedelta(seconds=30)
    office.tick(at)
    return at


def _asked(office: Office, at: datetime, *args: str) -> Any:
    return care("--db", office.config.db, "--as", ADA, "--now", iso(at), "--json", *args).json


def _breaches(office: Office) -> list[tuple[str, str, int]]:
    """The breaches that other programs read, which a tick has brought up to the moment of the report."""
    db = sqlite3.connect(office.config.db)
    try:
        return sorted(db.execute("SELECT number, metric, cycle FROM care_breaches"))
    finally:
        db.close()


def _log(office: Office, at: datetime) -> Iterator[Any]:
    placed = ("--db", office.config.db, "--as", ADA, "--now", iso(at))
    return map(json.loads, care(*placed, "log", "--all", "--format", "jsonl").out.splitlines())


def _by_key(table: dict[str, Any]) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {
        (*(row["key"][name] for name in table["by"]), one["metric"]): one
        for row in table["rows"]
        for one in row["metrics"]
    }


def _agree(told: dict[tuple[Any, ...], Any], counted: dict[tuple[Any, ...], Any]) -> None:
    """Hold a table against the one that was counted by hand; exempted time never makes a promise missed."""
    assert told.keys() == counted.keys()
    for key, one in counted.items():
        raw, adjusted = told[key]["raw"], told[key]["adjusted"]
        shown = {name: raw[name] for name in one if name in raw}
        assert shown | {name: told[key][name] for name in ("elapsed", "numbers")} == one, key
        assert adjusted["missed"] <= raw["missed"], key
        assert sum(adjusted[name] for name in by_hand_outcomes()) == sum(raw[name] for name in by_hand_outcomes())


def by_hand_outcomes() -> tuple[str, ...]:
    """The outcomes, which adjusting moves clocks between and loses none of."""
    return ("kept", "missed", "running", "paused", "cancelled")
