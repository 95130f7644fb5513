"""The case process of 2025, auto follow-up: reminded after 2 and 5 days, closed after 10, as often as it is asked.

Customer Care asks or proposes; who opened the case is reminded of what is asked for; at the end the case closes.
An answer ends the round; another request begins another. Days are business days of the account's calendar, and
plain days for a desk that takes the page at its word.
"""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from case_process_desk import BEN, DORA, KIM, Desk, standing, sydney, words

OPENED = "2026-03-31T22:30:00Z"
"""Wednesday, 1 April 2026, 09:30 AEDT."""
ASKED = "2026-03-31T23:00:00Z"
"""10:00 AEDT."""
# Business days behind it: Thursday the 2nd is the first; Good Friday, the weekend with the change of the clocks
# and Easter Monday do not count; Tuesday the 7th is the second, Wednesday the third, Thursday the fourth.
FIRST, SECOND = "2026-04-07T00:00:00Z", "2026-04-10T00:00:00Z"
"""Two and five business days on: Tuesday the 7th and Friday the 10th, 10:00 AEST."""
CLOSED = "2026-04-17T00:00:00Z"
"""Ten: from Monday the 13th, the sixth, to Friday the 17th."""
PLAIN = ("2026-04-02T23:00:00Z", "2026-04-06T00:00:00Z", "2026-04-11T00:00:00Z")
"""Plain days: Good Friday 10:00 AEDT, Easter Monday 10:00 AEST, Saturday the 11th."""
QUESTION = "Please describe what happened before the first call dropped."


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The desk, which counts business days."""
    return sydney(tmp_path)


def second_before(instant: str) -> str:
    """The last second before an instant."""
    return f"{datetime.fromisoformat(instant) - timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"


def test_nobody_answers_a_question(desk: Desk) -> None:
    """FU-1, FU-2, CAL-2: each stage at its time over Easter and the change of the clocks, not a second before."""
    number = desk.opened(OPENED)
    asked = desk.by(BEN, ASKED).json("ask", number, "-m", QUESTION)
    assert (standing(asked), asked["followup"]["next_at"]) == ("awaiting-info/info-required-from-customer", FIRST)
    for stage, (due, action) in enumerate(((FIRST, "reminder"), (SECOND, "reminder"), (CLOSED, "close")), start=1):
        assert desk.laddered(second_before(due)) == []
        assert desk.laddered(due) == [(number, stage, due, action)]
        told = words(desk.last_mail(number, due))
        how = "care update" if action == "reminder" else "+1 555 010 0100"
        assert (number in told, how in told, "even after reminders" in told) == (True, True, stage == 3)
        assert (QUESTION in told) == (action == "reminder")
    case = desk.by(DORA, CLOSED).json("show", number)
    assert (standing(case), case["closed_at"], case["closed_by"]) == (
        "closed/cancelled",
        CLOSED,
        "auto-follow-up",
    )
    sent = [(kind, to) for kind, to in desk.outbox(number, CLOSED) if kind != "acknowledgement"]
    assert sent == [("request", DORA), ("reminder", DORA), ("reminder", DORA), ("closing", DORA)]
    assert desk.differences(CLOSED) == []


def test_it_starts_and_stops_several_times(desk: Desk) -> None:
    """FU-3, FU-5, STAT-3: an answer ends a round, a note of staff does not; the next counts from itself."""
    number = desk.opened(OPENED)
    desk.by(BEN, ASKED).json("ask", number, "-m", QUESTION)
    assert desk.laddered(FIRST) == [(number, 1, FIRST, "reminder")]
    noted = desk.by(BEN, "2026-04-07T01:00:00Z").json("update", number, "--internal", "-m", "Nothing yet.")
    assert noted["followup"]["next_at"] == SECOND
    answered = desk.by(KIM, "2026-04-09T05:00:00Z").json("update", number, "-m", "The trunk was restarted.")
    assert (standing(answered), answered["followup"]) == ("open/customer-responded", None)
    assert desk.laddered(SECOND) == []
    # Proposed on Friday the 10th, 10:00: Monday the 13th and Tuesday the 14th.
    proposed = desk.by(BEN, SECOND).json("propose", number, "-m", "The trunk has a new card. Does it work?")
    assert (proposed["followup"]["round"], proposed["followup"]["next_at"]) == (2, "2026-04-14T00:00:00Z")
    assert desk.laddered("2026-04-14T00:00:00Z") == [(number, 1, "2026-04-14T00:00:00Z", "reminder")]
    rejected = desk.by(DORA, "2026-04-15T00:00:00Z").json("reject", number, "-m", "It still drops.")
    assert (standing(rejected), rejected["followup"]) == ("open/customer-responded", None)
    # Proposed again on Wednesday the 15th, 11:00: Thursday, Friday the 17th; Monday, Tuesday, Wednesday the 22nd.
    again = desk.by(BEN, "2026-04-15T01:00:00Z").json("propose", number, "-m", "And now?")
    assert (again["followup"]["round"], again["followup"]["next_at"]) == (3, "2026-04-17T01:00:00Z")
    assert desk.laddered("2026-04-17T01:00:00Z") == [(number, 1, "2026-04-17T01:00:00Z", "reminder")]
    assert "And now?" in words(desk.last_mail(number, "2026-04-17T01:00:00Z"))
    assert desk.laddered("2026-04-22T01:00:00Z") == [(number, 2, "2026-04-22T01:00:00Z", "reminder")]
    assert standing(desk.by(DORA, "2026-04-22T02:00:00Z").json("accept", number)) == "closed/resolved"
    assert desk.laddered("2026-05-20T01:00:00Z") == []
    assert desk.differences("2026-05-20T01:00:00Z") == []


def test_a_proposal_without_an_answer_closes_as_resolved(desk: Desk) -> None:
    """FU-1, STAT-1: what nobody rejected was the solution."""
    number = desk.opened(OPENED)
    desk.by(BEN, ASKED).json("propose", number, "-m", "Restart the trunk.")
    for due in (FIRST, SECOND):
        desk.tick(due)
    assert desk.tick(CLOSED)["closed"] == [number]
    assert standing(desk.by(DORA, CLOSED).json("show", number)) == "closed/resolved"
    assert desk.differences(CLOSED) == []


def test_plain_days_as_the_page_has_them(tmp_path: Path) -> None:
    """FU-2: under the policy of that page Good Friday, Easter Monday and Saturday count as well."""
    desk = sydney(tmp_path, "process-2025")
    number = desk.opened(OPENED)
    asked = desk.by(BEN, ASKED).json("ask", number, "-m", QUESTION)
    assert asked["followup"]["next_at"] == PLAIN[0]
    for stage, (due, action) in enumerate(zip(PLAIN, ("reminder", "reminder", "close"), strict=True), start=1):
        assert desk.laddered(second_before(due)) == []
        assert desk.laddered(due) == [(number, stage, due, action)]
    case = desk.by(DORA, PLAIN[2]).json("show", number)
    assert (standing(case), case["closed_at"]) == ("closed/cancelled", PLAIN[2])
    assert desk.differences(PLAIN[2]) == []
