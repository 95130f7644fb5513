"""Another policy or calendar for open cases: told beforehand, then done, on one path (SLA-8).

The desk keeps Mon-Fri 09:00-17:00 in UTC. ABC has Business Care: of high priority 2 bh, 2 bd, 15 bd, so a case of
Mon 09:00 is to be restored by Wed 09:00. Harbor has Care: 6 bh, 4 bd, 15 bd, so by Fri 09:00.
"""

from pathlib import Path

import pytest
from desk_fixtures import ABC, ADA, DANA, HARBOR, LENA, MIA, SAM, Office, propose, say
from notation import said, when

from carecli.desk import cases, directory, impact, policies, reading, retrospect, whatif
from carecli.desk.impact import Rules, Which
from carecli.domain.events import Kind
from carecli.domain.impact import Impact
from carecli.domain.people import CalendarSpec
from carecli.domain.vocabulary import Metric, Plan
from carecli.errors import Invalid, NotFound, NotPermitted

REST = Metric.RESTORATION


@pytest.fixture
def desk(office: Office) -> Office:
    """Case 1 of ABC and case 2 of Harbor, both of Mon 09:00 and answered at 10:00."""
    office.open("Mon 09:00")
    office.open("Mon 09:00", LENA)
    for number in (1, 2):
        say("We look into it.")(office.by(SAM, "Mon 10:00"), number)
    return office


def policy(tmp_path: Path, target: str, plan: str = "business-care", name: str = "mine") -> str:
    """A policy file that promises another restoration."""
    file = tmp_path / f"{name}-{target}-{plan}.toml"
    file.write_text(f'name = "{name}"\n[targets.{plan}.high]\nrestoration = "{target}"\n')
    return str(file)


def under(name: str) -> Rules:
    """The rules of a policy."""
    return Rules(policy=policies.load(name))


def told(found: Impact) -> list[str]:
    """What moves, in a few words: case, clock, due before and after, breach."""
    return [
        f"{one.number} {one.metric} {said(one.old_due_at)} -> {said(one.new_due_at)} {one.breach or '-'}"
        for one in found.shifts
        if one.moves
    ]


MOVES = [
    ("Mon 12:00", "1bd", "1 restoration Wed 09:00 -> Tue 09:00 -"),
    ("Tue 12:00", "1bd", "1 restoration Wed 09:00 -> Tue 12:00 appears"),
    ("Wed 12:00", "5bd", "1 restoration Wed 09:00 -> Mon+1 09:00 vanishes"),
    ("Fri 12:00", "3bd", "1 restoration Wed 09:00 -> Thu 09:00 stays"),
    ("Mon 12:00", "-", "1 restoration Wed 09:00 -> None -"),
]


@pytest.mark.parametrize(("at", "target", "line"), MOVES)
def test_what_is_told_is_what_is_done(desk: Office, tmp_path: Path, at: str, target: str, line: str) -> None:
    """SLA-8: the impact writes nothing, the rebasing comes to the same, and the record is sound after it."""
    rules = under(policy(tmp_path, target))
    before = desk.dump()
    foreseen = impact.would_be(desk.by(SAM, at), rules, Which())
    assert told(foreseen) == [line]
    assert desk.dump() == before
    assert impact.rebase(desk.by(ADA, at), rules, Which()) == foreseen
    assert desk.differences() == []
    assert (foreseen.totals.cases, foreseen.totals.clocks) == (2, 4)


def test_breaches_come_with_the_rebasing(desk: Office, tmp_path: Path) -> None:
    """SLA-7, SLA-8: an overtaken clock is breached in the second of the rebasing, and no tick repeats it."""
    impact.rebase(desk.by(ADA, "Tue 12:00"), under(policy(tmp_path, "1bd")), Which())
    desk.tick("Tue 12:15")
    assert desk.kinds(1)[-3:] == [
        "2026-03-03 12:00 rebased",
        "2026-03-03 12:00 clock-warned",
        "2026-03-03 12:00 clock-breached",
    ]
    assert [(one.number, one.metric, one.due_at) for one in desk.tick("Tue 12:30").breaches] == [
        (1, REST, when("Tue 12:00"))
    ]


def test_which_cases(desk: Office, tmp_path: Path) -> None:
    """SLA-8: of an account, from a date on; never those that are closed, nor those of a later moment."""
    rules = under(policy(tmp_path, "1bd"))
    desk.open("Tue 09:00")
    propose(desk.by(SAM, "Tue 09:30"), desk.open("Tue 09:00"))
    cases.close(desk.by(SAM, "Tue 10:00"), 4, "Done.")
    desk.open("Thu 09:00")
    at = desk.by(ADA, "Tue 11:00")
    counts = {
        (account, since): impact.would_be(at, rules, Which(account, when(since) if since else None)).totals.cases
        for account in (None, "abc testing co", HARBOR)
        for since in (None, "Mon 09:00", "Mon 09:01")
    }
    assert list(counts.values()) == [3, 3, 1, 2, 2, 1, 1, 1, 0]
    with pytest.raises(NotFound):
        impact.would_be(at, rules, Which("Nobody Inc"))


def test_cut_short_it_goes_on_where_it_stopped(
    desk: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SLA-8, TICK-1: a batch is kept or not; run again, cases under the rules already are left alone."""
    monkeypatch.setattr(impact, "BATCH", 1)
    rules = under(policy(tmp_path, "1bd"))

    def cut(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        impact.rebase(desk.by(ADA, "Mon 12:00"), rules, Which(), cut)
    assert [desk.kinds(number, Kind.REBASED) for number in (1, 2)] == [["2026-03-02 12:00 rebased"], []]
    again = impact.rebase(desk.by(ADA, "Mon 12:05"), rules, Which())
    assert (again.totals.cases, again.totals.already) == (2, 1)
    assert [desk.kinds(number, Kind.REBASED) for number in (1, 2)] == [
        ["2026-03-02 12:00 rebased"],
        ["2026-03-02 12:05 rebased"],
    ]
    last = impact.rebase(desk.by(ADA, "Mon 12:10"), rules, Which())
    assert (last.totals.already, last.shifts) == (2, [])


def test_nobody_is_mailed(desk: Office, tmp_path: Path) -> None:
    """SLA-8: a rebasing is on record, where the customer reads it; it sends nothing."""
    before = len(desk.mails(1))
    impact.rebase(desk.by(ADA, "Tue 12:00"), under(policy(tmp_path, "1bd")), Which())
    assert len(desk.mails(1)) == before
    told_to = [entry.event for entry in reading.log(desk.by(DANA, "Tue 12:00"), 1)]
    assert told_to[-1].kind is Kind.REBASED


def test_who_may(desk: Office, tmp_path: Path) -> None:
    """DC-3, DC-5, SLA-8: staff look ahead, admins change, customers neither."""
    rules = under(policy(tmp_path, "1bd"))
    for who in (SAM, MIA):
        assert impact.would_be(desk.by(who, "Mon 12:00"), rules, Which()).totals.cases == 2
        with pytest.raises(NotPermitted):
            impact.rebase(desk.by(who, "Mon 12:00"), rules, Which())
        with pytest.raises(NotPermitted):
            policies.put_in_force(desk.by(who, "Mon 12:00"), "guide")
    with pytest.raises(NotPermitted):
        impact.would_be(desk.by(DANA, "Mon 12:00"), rules, Which())


def test_a_policy_put_in_force(desk: Office, tmp_path: Path) -> None:
    """SLA-8: new cases are opened under it, open ones keep theirs until they are rebased."""
    mine = policy(tmp_path, "1bd")
    policies.put_in_force(desk.by(ADA, "Mon 12:00"), mine)
    count = len(list(desk.dump()))
    policies.put_in_force(desk.by(ADA, "Mon 12:01"), mine)
    assert len(list(desk.dump())) == count
    assert desk.open("Mon 13:00") == 3
    assert [said(desk.clock(number, REST).due_at) for number in (1, 3)] == ["Wed 09:00", "Tue 13:00"]
    assert policies.in_force(desk.by(SAM, "Mon 13:00")).document["name"] == "mine"
    assert policies.of_case(desk.by(SAM, "Mon 13:00"), 1).document["name"] == "default"
    assert desk.differences() == []
    impact.rebase(desk.by(ADA, "Mon 14:00"), under(mine), Which(ABC))
    assert said(desk.clock(1, REST).due_at) == "Tue 09:00"
    assert policies.of_case(desk.by(SAM, "Mon 14:00"), 1).document["name"] == "mine"
    assert desk.differences() == []


def test_an_accounts_present_calendar(desk: Office) -> None:
    """SLA-8, ACC-3: a day that is closed since moves what is still to come."""
    closed = CalendarSpec(close_on=("2026-03-03",))
    foreseen = impact.would_be(desk.by(SAM, "Mon 12:00"), Rules(calendar=closed), Which(ABC))
    assert told(foreseen) == [
        "1 restoration Wed 09:00 -> Thu 09:00 -",
        "1 resolution Mon+3 09:00 -> Tue+3 09:00 -",
    ]
    directory.edit_account(desk.by(ADA, "Mon 12:00"), ABC, calendar=closed)
    present = Rules(calendar=CalendarSpec())
    assert impact.rebase(desk.by(ADA, "Mon 12:01"), present, Which(ABC)) == foreseen
    assert impact.rebase(desk.by(ADA, "Mon 12:02"), present, Which(ABC)).totals.already == 1
    assert said(desk.clock(2, REST).due_at) == "Fri 09:00"
    assert desk.differences() == []


def test_what_was_met_keeps_its_hours(desk: Office) -> None:
    """SLA-8: a Monday that is closed afterwards takes nothing of the hour that the answer took."""
    directory.edit_account(desk.by(ADA, "Mon 12:00"), ABC, calendar=CalendarSpec(close_on=("2026-03-02",)))
    impact.rebase(desk.by(ADA, "Mon 12:01"), Rules(calendar=CalendarSpec()), Which(ABC))
    view = reading.show(desk.by(SAM, "Tue 10:00"), 1)
    assert view.used_s[:2] == (3600, 3600)
    assert desk.clock(1, Metric.RESPONSE).due_at == when("Mon 11:00")
    assert said(desk.clock(1, REST).due_at) == "Thu 09:00"


def test_as_it_was_before(desk: Office, tmp_path: Path) -> None:
    """TICK-3, SLA-8: a look back sees the rules and the due time of then."""
    impact.rebase(desk.by(ADA, "Mon 12:00"), under(policy(tmp_path, "1bd")), Which())
    later = desk.by(SAM, "Mon 13:00")
    dues = [
        next(c["due_at"] for c in retrospect.show(later, 1, when(at)).state["clocks"] if c["metric"] == REST)
        for at in ("Mon 11:00", "Mon 12:00")
    ]
    assert dues == ["2026-03-04T09:00:00Z", "2026-03-03T09:00:00Z"]


def test_worked_on_after_a_rebasing(desk: Office, tmp_path: Path) -> None:
    """SLA-3, SLA-6, SLA-8: met, rejected, closed and reopened by the new rules, and the record adds up."""
    impact.rebase(desk.by(ADA, "Mon 12:00"), under(policy(tmp_path, "3bd")), Which())
    cases.restore(desk.by(SAM, "Tue 09:00"), 1)
    impact.rebase(desk.by(ADA, "Tue 12:00"), under(policy(tmp_path, "5bd")), Which())
    cases.reject(desk.by(DANA, "Wed 09:00"), 1, "It dropped again.")
    # 8 of 40 bh were used by Tue 09:00, 32 are left from Wed 09:00.
    assert said(desk.clock(1, REST).due_at) == "Mon+1 17:00"
    propose(desk.by(SAM, "Wed 12:00"), 1)
    cases.accept(desk.by(DANA, "Wed 13:00"), 1)
    cases.reopen(desk.by(DANA, "Thu 09:00"), 1, "It is back on all queues.")
    # Another 3 were used by Wed 12:00: 29 are left from Thu 09:00.
    assert said(desk.clock(1, REST).due_at) == "Tue+1 14:00"
    desk.tick("Mon+4 09:00")
    assert desk.differences() == []


def test_the_past_under_another_policy(desk: Office, tmp_path: Path) -> None:
    """SLA-8: a closed case is counted by another promise, and stays as it is."""
    cases.restore(desk.by(SAM, "Tue 12:00"), 1)
    cases.close(desk.by(SAM, "Tue 13:00"), 1, "Done.")
    before = desk.dump()
    asking = desk.by(SAM, "Fri 12:00")
    events = [entry.event for entry in desk.history(1)]
    with asking.reading() as record:
        tighter = whatif.under(asking, record, policy(tmp_path, "1bd")).recounted(events, asking.now)
        older = whatif.under(asking, record, "default").recounted(events, asking.now)
        with pytest.raises(Invalid):
            whatif.under(asking, record, "none.toml")
    assert [(c.metric, c.state) for c in tighter.clocks if c.breached_at] == [(REST, "breached")]
    assert older.clocks == desk.case(1).clocks
    assert desk.dump() == before
    assert desk.case(1).plan is Plan.BUSINESS_CARE
