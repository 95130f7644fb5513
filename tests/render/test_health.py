"""How a desk is doing as people and monitors read it (TICK-4, AUD-1, AUD-2)."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from render.test_screens import in_a_pipe, on_terminal

from carecli.domain.health import Condition, Finding, Health, Pulse, Safety, State, Vitals, Watch
from carecli.domain.verify import Difference, Part, VerifyReport
from carecli.render import health_document, verified
from carecli.render.health import health_page
from carecli.render.health_metrics import exposition, unknown_line, watch_line

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
VITALS = Vitals({"open": 3, "closed": 1}, 0, None, 2, 0, 0, None, 0, 0, 0, (), NOW + timedelta(hours=1))
CONDITION = Condition("/srv/desk.db", 8, 8, 0o600, 4096, 0, 10**9)


def pulse(last: datetime | None = NOW - timedelta(minutes=2), **vitals: Any) -> Pulse:
    """A desk whose tick ran two minutes ago."""
    return Pulse(NOW, last, 900, VITALS._replace(**vitals), CONDITION)


@pytest.mark.parametrize(
    ("felt", "line"),
    [
        (pulse(), "CARE OK - tick 2m ago"),
        (pulse(None), "CARE WARNING - no tick has ever run"),
        (pulse(NOW - timedelta(hours=3)), "CARE WARNING - tick 3h ago, late"),
        (pulse(mail_stuck=1), "CARE WARNING - 1 mail stuck, tick 2m ago"),
        (pulse(held=(7, 8)), "CARE WARNING - 2 follow-ups held, tick 2m ago"),
        (pulse(clocks_warned=1), "CARE CRITICAL - 1 clock warned, tick 2m ago"),
        (pulse(None, clocks_unmarked=2), "CARE CRITICAL - 2 clocks due and not marked, no tick has ever run"),
        (
            pulse(NOW - timedelta(hours=1), clocks_breached=1_200, mail_stuck=2),
            "CARE CRITICAL - 1,200 clocks breached, 2 mails stuck, tick 1h ago, late",
        ),
    ],
)
def test_the_line_for_a_monitor(felt: Pulse, line: str) -> None:
    """TICK-4: one line: the state, what is the matter, and behind a bar the figures with their bounds."""
    said, bar, figures = watch_line(felt).partition(" | ")
    assert (said, bar) == (line, " | ")
    label = re.compile(r"[a-z_]+=(U|\d+s?)(;\d*){0,2}")
    assert all(label.fullmatch(figure) for figure in figures.split(" "))
    assert "\n" not in figures


def test_what_is_not_known_is_one_line() -> None:
    """TICK-4: an error's words are one line without a bar or terminal codes."""
    assert unknown_line("no\x1b[31m database\na|b") == "CARE UNKNOWN - no database a/b"


SAMPLE = re.compile(r"([a-z_]+)(?:\{([a-z]+)=\"([^\"\\\n]*)\"\})? (-?\d+)")


def parsed(text: str) -> dict[tuple[str, str | None], int]:
    """Prometheus' text format, by its own rules: HELP, TYPE, then the samples of one metric, each once."""
    assert text.endswith("\n")
    samples: dict[tuple[str, str | None], int] = {}
    told: list[str] = []
    for line in text.splitlines():
        if line.startswith("# HELP "):
            name, _, help_ = line.removeprefix("# HELP ").partition(" ")
            assert help_
            assert name not in told
            told.append(name)
        elif line.startswith("# TYPE "):
            kind = "counter" if told[-1].endswith("_total") else "gauge"
            assert line == f"# TYPE {told[-1]} {kind}"
        else:
            match = SAMPLE.fullmatch(line)
            assert match, line
            assert match[1] == told[-1]
            assert (match[1], match[3]) not in samples
            samples[match[1], match[3]] = int(match[4])
    assert {name for name, _ in samples} == set(told)
    return samples


def test_prometheus_reads_every_figure() -> None:
    """TICK-4: every metric has HELP and TYPE, and says what the pulse says; one that only grows is a counter."""
    safety = Safety(NOW - timedelta(hours=1), 65, refused=2, refused_ever=7, pins_locked=1)
    felt = pulse(mail_failed=1, mail_stuck=1, clocks_warned=4, held=(1,))._replace(safety=safety)
    samples = parsed(exposition(felt))
    assert samples["care_up", None] == 1
    assert samples["care_check_status", None] == 2
    assert samples["care_last_tick_timestamp_seconds", None] == int(NOW.timestamp()) - 120
    assert samples["care_tick_late", None] == 0
    assert samples["care_cases", "open"] == 3
    assert samples["care_clocks", "warned"] == 4
    assert samples["care_mail_waiting", "failed"] == 1
    assert samples["care_disk_free_bytes", None] == 10**9
    assert samples["care_last_backup_timestamp_seconds", None] == int(NOW.timestamp()) - 3_600
    assert samples["care_schema_version", None] == CONDITION.version
    assert samples["care_events_recorded_total", None] == 65
    assert samples["care_gate_refusals_total", None] == 7
    assert samples["care_pins_locked", None] == 1


def test_every_metric_is_explained() -> None:
    """TICK-4: the page on monitoring names every metric, and none that there is not."""
    felt = pulse()._replace(safety=Safety(NOW))
    told = Path(__file__).parents[2].joinpath("docs/monitoring.md").read_text("utf-8")
    assert set(re.findall(r"`(care_[a-z_]+)", told)) == {name for name, _ in parsed(exposition(felt))}


def test_prometheus_is_told_where_nothing_is_known() -> None:
    """TICK-4: without a database the desk is down, its status 3; a tick that never ran has no time."""
    assert parsed(exposition(None)) == {("care_up", None): 0, ("care_check_status", None): 3}
    samples = parsed(exposition(pulse(None)._replace(vitals=VITALS._replace(cases={}, next_due_at=None))))
    assert samples["care_tick_late", None] == 1
    assert ("care_last_tick_timestamp_seconds", None) not in samples
    assert ("care_last_backup_timestamp_seconds", None) not in samples


@given(
    st.none() | st.integers(0, 10**7),
    *(st.sampled_from((0, 1, 10**6)) for _ in range(4)),
    st.lists(st.integers(1, 99), max_size=2),
)
def test_the_three_answers_agree(
    age: int | None, stuck: int, warned: int, breached: int, unmarked: int, held: list[int]
) -> None:
    """TICK-4: line, exposition and document tell one state: 2 for clocks, else 1 for tick or mail, else 0."""
    last = None if age is None else NOW - timedelta(seconds=age)
    felt = pulse(
        last,
        mail_stuck=stuck,
        clocks_warned=warned,
        clocks_breached=breached,
        clocks_unmarked=unmarked,
        held=tuple(held),
    )
    late = age is None or age > 900
    expected = 2 if warned or breached or unmarked else 1 if late or stuck or held else 0
    assert felt.watch == expected
    assert watch_line(felt).startswith(f"CARE {Watch(expected).name} - ")
    assert parsed(exposition(felt))["care_check_status", None] == expected
    assert health_document.watched(felt, "x")["status"] == expected


FIX = "care contact add EMAIL --account NAME --trained; care contact edit EMAIL --trained"
HEALTH = Health(
    pulse(),
    (
        Finding("database", State.FINE, "/srv/desk.db is whole, schema 8"),
        Finding("contacts", State.ADVICE, "fewer than 2: [b]Harbor[/b]", FIX),
        Finding("tick", State.WRONG, "the last tick was 3h ago; it may be silent for 15m", "care cron install"),
    ),
)
HEALTH_80 = """\
Doctor
WRONG   tick      the last tick was 3h ago; it may be silent for 15m
                  -> care cron install
advice  contacts  fewer than 2: [b]Harbor[/b]
                  -> care contact add EMAIL --account NAME --trained
                     care contact edit EMAIL --trained
fine    database  /srv/desk.db is whole, schema 8

Verdict
  1 thing to mend, 1 piece of advice"""
HEALTH_PIPED = """\
# Doctor
wrong\ttick\tthe last tick was 3h ago; it may be silent for 15m\tcare cron install
advice\tcontacts\tfewer than 2: [b]Harbor[/b]\tcare contact add EMAIL --account NAME --trained; care contact edit \
EMAIL --trained
fine\tdatabase\t/srv/desk.db is whole, schema 8\t

# Verdict
1 thing to mend, 1 piece of advice
"""


@pytest.mark.parametrize("width", [80, 120])
def test_the_doctors_page(width: int) -> None:
    """AUD-2: what needs mending comes first, and each fix stands whole on a line of its own."""
    assert shown(on_terminal(health_page(HEALTH), width)) == HEALTH_80


def test_the_doctors_page_in_a_pipe() -> None:
    """AUD-2, CLI: a finding is one line, with its fix as the last field."""
    assert in_a_pipe(health_page(HEALTH, fixes_below=False)) == HEALTH_PIPED


def test_the_doctor_has_nothing_to_say() -> None:
    """AUD-2: where all is in order the verdict says so."""
    (fine, *_) = HEALTH.findings
    page = in_a_pipe(health_page(HEALTH._replace(findings=(fine,))))
    assert page.endswith("nothing needs mending, no advice\n")


def shown(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())


def test_the_doctors_document() -> None:
    """AUD-2: each finding with its state and fix, absent being null."""
    document = health_document.examined(HEALTH)
    assert document["sound"] is False
    assert document["findings"][0] == {
        "check": "database",
        "state": "fine",
        "what": "/srv/desk.db is whole, schema 8",
        "fix": None,
    }
    assert document["tick"] == {
        "last_at": "2026-03-02T08:58:00Z",
        "age_s": 120,
        "late_after_s": 900,
        "late": False,
    }


COUNTED = "the counter of case numbers stands at 9, the last number given is 3"
REPORT = VerifyReport(
    3,
    41,
    (
        Difference(1, Part.EVENT, "is not what was recorded there: changed, moved or put in", event=12),
        Difference(2, Part.CASE, 'owner is "eve\x1b[31m", its events say null', "owner"),
        Difference(
            None, Part.COUNTER, "the counter of case numbers stands at 9, the last number given is 3", "case"
        ),
    ),
)
VERIFIED_80 = """\
Differences
0000000001  event 12  is not what was recorded there: changed, moved or put in
0000000002  case      owner is "eve", its events say null
desk        counter   the counter of case numbers stands at 9, the last number
                      given is 3

Verify
  3 cases, 41 events: 3 differences"""


def test_the_differences_page() -> None:
    """AUD-1: each difference with its case, its part and its place, hostile text made harmless."""
    assert shown(on_terminal(verified.page(REPORT), 80)) == VERIFIED_80
    assert in_a_pipe(verified.page(REPORT)).splitlines()[1].startswith("0000000001\tevent 12\tis not what")
    clean = VerifyReport(1, 7, ())
    assert in_a_pipe(verified.page(clean)) == "1 case, 7 events: all is as the events say\n"


def test_the_differences_document() -> None:
    """CLI: a number has ten digits, the desk's own differences none; every key is there."""
    document = health_document.verified(REPORT)
    assert (document["cases"], document["events"]) == (3, 41)
    assert document["differences"][0]["number"] == "0000000001"
    assert document["differences"][2] == {
        "number": None,
        "part": "counter",
        "what": COUNTED,
        "name": "case",
        "event": None,
    }
