"""One case for each group of alerts, whatever comes in whatever order (OPEN-12, SLA-3, FU-5, DC-3)."""

import json
import sqlite3
import threading
from collections.abc import Mapping
from typing import Any

import pytest
from desk_fixtures import ABC, ADA, DANA, HARBOR, LENA, OMAR, SAM, Office
from engine import open_store
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from webhooks import KEY, alert, webhook

from carecli.desk import alerts, cases, directory, reading
from carecli.desk.alerts import Outcome, Taken
from carecli.domain.events import Kind
from carecli.domain.vocabulary import Metric, Priority, Status, Via
from carecli.errors import CareError, Invalid, NotFound, NotPermitted, Refused

GIVEN = {"account": ABC, "deployment": "West", "service": "Voice"}
FIRING, TWO = webhook(), webhook([alert("a"), alert("b")])
RESOLVED = webhook([alert(firing=False)])


def take(office: Office, text: str = FIRING, at: str = "Mon 09:00", who: str = "system", **given: str) -> Taken:
    return alerts.take(office.by(who, at), text, {**GIVEN, **given})


def number(taken: Taken) -> int:
    assert taken.view is not None
    return taken.view.case.number


def all_cases(office: Office) -> list[int]:
    with office.store.read() as record:
        return record.told_cases()


def test_a_group_opens_a_case(office: Office) -> None:
    """OPEN-12: the first alerts open a case via monitoring, for the account's first Designated Contact."""
    taken = take(office)
    case = office.case(number(taken))
    assert (taken.outcome, case.via, case.status) == (Outcome.OPENED, Via.MONITORING, Status.OPEN)
    assert (case.account, case.contact, case.service, case.group) == (ABC, DANA, "Voice", "Voice")
    assert (case.priority, case.stage, case.subject) == (Priority.HIGH, "production", "HighErrorRate job=sip")
    assert len(case.description.split()) >= 10
    assert {clock.metric for clock in case.clocks} == set(Metric)
    (opening,) = office.history(case.number)
    assert (opening.event.actor, opening.event.data["logged_by"]) == (DANA, "system")
    assert [mail.kind for mail in office.mails(case.number)] == ["acknowledgement"]
    assert office.differences() == []


def test_what_is_new_becomes_an_update(office: Office) -> None:
    """OPEN-12: other alerts and resolved ones are told; the same again is not; nothing is closed by it."""
    case = number(take(office))
    outcomes = [
        take(office, text, f"Mon 10:{minute:02d}").outcome
        for minute, text in enumerate((FIRING, TWO, TWO, FIRING, RESOLVED, RESOLVED, FIRING))
    ]
    assert outcomes == ["unchanged", "updated", "unchanged", "updated", "updated", "unchanged", "updated"]
    assert office.kinds(case) == [
        "2026-03-02 09:00 opened",
        *(f"2026-03-02 10:0{minute} commented" for minute in (1, 3, 4, 6)),
    ]
    assert all_cases(office) == [case]
    assert office.case(case).status is Status.OPEN
    assert office.differences() == []
    assert len(office.mails(case)) == 1, "an alert that comes and goes must not flood the customer"


def test_an_update_is_nobodys_answer(office: Office) -> None:
    """SLA-3, FU-5: it meets no clock, moves no status and stops no ladder, also where staff pass it on."""
    case = number(take(office))
    cases.ask(office.by(SAM, "Mon 09:30"), case, "Since when?")
    before = office.case(case)
    for at, who, text in (("Mon 10:00", "system", TWO), ("Mon 10:05", SAM, FIRING)):
        assert take(office, text, at, who).outcome is Outcome.UPDATED
    after = office.case(case)
    assert (after.standing, after.followup, after.clocks) == (before.standing, before.followup, before.clocks)
    told = [entry.event for entry in office.history(case) if "alert" in entry.event.data]
    assert [(event.actor, event.data.get("logged_by")) for event in told] == [("system", None), ("system", SAM)]
    unanswered = number(take(office, webhook(key="other")))
    take(office, webhook([alert("z")], key="other"), "Mon 09:05", SAM)
    assert office.clock(unanswered, Metric.RESPONSE).met_at is None


def test_it_fires_again_after_closing(office: Office) -> None:
    """OPEN-12, REO-1: a closed case stays closed; a new one follows it, linked both ways."""
    old = number(take(office))
    cases.close(office.by(SAM, "Mon 11:00"), old, "Restarted.")
    resolved = take(office, RESOLVED, "Mon 11:30")
    assert (resolved.outcome, number(resolved)) == (Outcome.UNCHANGED, old)
    again = take(office, FIRING, "Mon 12:00")
    new = number(again)
    assert (again.outcome, new != old) == (Outcome.OPENED, True)
    assert [(link.kind, link.number) for link in office.case(new).links] == [("follows", old)]
    assert [(link.kind, link.number) for link in office.case(old).links] == [("followed-by", new)]
    assert take(office, FIRING, "Mon 12:01").outcome is Outcome.UNCHANGED
    assert office.differences() == []


def test_nothing_fires_and_nothing_is_known(office: Office) -> None:
    """OPEN-12: the end of alerts that no case tells of changes nothing."""
    before = office.dump()
    assert take(office, RESOLVED)[:1] + take(office, RESOLVED)[2:] == (Outcome.UNCHANGED, None)
    assert office.dump() == before


def test_two_accounts_with_the_same_key(office: Office) -> None:
    """DC-3: a key names a group of one account; another account's alerts never reach its case."""
    one, two = number(take(office)), number(take(office, account=HARBOR))
    assert one != two
    assert (office.case(one).account, office.case(two).contact) == (ABC, LENA)
    take(office, TWO, "Mon 10:00", account=HARBOR)
    assert len(office.history(one)) == 1
    with pytest.raises(NotFound):
        reading.show(office.by(DANA, "Mon 10:00"), two)


@pytest.mark.parametrize(
    ("labels", "given", "told"),
    [
        ({}, {"account": ABC, "service": "Voice", "deployment": "West"}, (ABC, "Voice", "high", "production")),
        (
            {"account": "abc testing co", "service": "voice", "deployment": "WEST", "stage": "uat"},
            {},
            (ABC, "Voice", "high", "uat"),
        ),
        (
            {"account": HARBOR, "service": "Wallboard", "deployment": "West"},
            {"account": ABC, "service": "Voice", "priority": "low"},
            (ABC, "Voice", "low", "production"),
        ),
    ],
)
def test_options_beat_labels(
    office: Office, labels: Mapping[str, str], given: Mapping[str, str], told: tuple[str, ...]
) -> None:
    """OPEN-12: a field is as an option says, else a label that all alerts share."""
    taken = alerts.take(office.by("system", "Mon 09:00"), webhook(commonLabels=labels), dict(given))
    case = office.case(number(taken))
    assert (case.account, case.service, case.priority, case.stage) == told


def configured(office: Office, **table: Any) -> Office:
    return Office(office.config._replace(alerts_table=table), office.store)


def test_the_configuration_says_the_rest(office: Office) -> None:
    """OPEN-12: labels of other names, defaults, and severities of the desk's own."""
    other = configured(
        office,
        account_label="tenant",
        severity_label="level",
        contact=OMAR,
        deployment="West",
        service="Voice",
        stage="uat",
        impact="Seen by the monitor.",
        severities={"Sev1": "critical", "sev2": "low"},
    )
    told = webhook([alert(level="sev2"), alert("b", level="SEV1")], commonLabels={"tenant": ABC})
    case = other.case(number(alerts.take(other.by("system", "Mon 09:00"), told, {})))
    assert (case.contact, case.stage, case.impact) == (OMAR, "uat", "Seen by the monitor.")
    assert (case.priority, case.fields["available_contact"]) == (Priority.CRITICAL, OMAR)


@pytest.mark.parametrize(
    ("severities", "priority"),
    [
        (("critical",), "high"),
        (("warning", "page"), "high"),
        (("warning", "info"), "medium"),
        (("info",), "low"),
        (("odd",), "medium"),
        (("",), "medium"),
    ],
)
def test_severity_becomes_priority(office: Office, severities: tuple[str, ...], priority: str) -> None:
    """OPEN-9, OPEN-12: the gravest of what fires; Critical is left to people unless the configuration says so."""
    told = webhook([alert(str(n), severity=name) for n, name in enumerate(severities)])
    assert office.case(number(take(office, told))).priority == priority


def test_severity_that_all_alerts_share(office: Office) -> None:
    """OPEN-12: what stands among the common labels alone is said of each alert."""
    told = webhook([alert(severity="")], commonLabels={"severity": "page"})
    assert office.case(number(take(office, told))).priority == "high"


@pytest.mark.parametrize(
    ("given", "error", "word"),
    [
        ({"account": ""}, Invalid, "the account"),
        ({"account": "Nobody"}, NotFound, "no account"),
        ({"deployment": ""}, Invalid, "the deployment"),
        ({"deployment": "", "service": ""}, Invalid, "the deployment and the service"),
        ({"deployment": "Moon"}, NotFound, "no deployment"),
        ({"service": "Moon"}, NotFound, "no service"),
        ({"contact": LENA}, NotFound, "no contact"),
        ({"contact": "rosa@abc.example"}, Refused, "no active Designated Contact"),
        ({"stage": "moon"}, Invalid, "no stage"),
    ],
)
def test_what_is_missing_or_wrong(
    office: Office, given: dict[str, str], error: type[CareError], word: str
) -> None:
    """OPEN-12, ACC-2: one message, and nothing is kept; what a group's update needs is its account alone."""
    before = office.dump()
    with pytest.raises(error) as refused:
        take(office, **given)
    assert word in refused.value.message
    assert office.dump() == before


def test_an_account_without_contacts(office: Office) -> None:
    """OPEN-10: a case is a Designated Contact's, so an account without one has none."""
    directory.deactivate_contact(office.by(ADA, "Mon 08:00"), LENA)
    with pytest.raises(NotFound, match="no Designated Contact"):
        take(office, account=HARBOR)


@pytest.mark.parametrize("who", [DANA, "rosa@abc.example", "bob@abc.example"])
def test_for_the_desk_alone(office: Office, who: str) -> None:
    """DC-1: monitoring is the desk's; a contact opens a case as everybody does."""
    with pytest.raises(NotPermitted):
        take(office, who=who)


def test_the_case_reopened(office: Office) -> None:
    """OPEN-12: alerts go on telling the case of their group once it is open again."""
    case = number(take(office))
    cases.close(office.by(SAM, "Mon 11:00"), case, "Done.")
    cases.reopen(office.by(SAM, "Mon 12:00"), case, "It is not.")
    taken = take(office, TWO, "Mon 13:00")
    assert (taken.outcome, number(taken)) == (Outcome.UPDATED, case)


def test_verify_holds_groups_against_the_log(office: Office) -> None:
    """AUD-1: what is stored of a group is made of events, and a change by hand is found."""
    case = number(take(office))
    db = sqlite3.connect(office.config.db)
    with db:
        db.execute("UPDATE alerts SET firing = 'x'")
    assert [(found.number, str(found.part)) for found in office.differences()] == [(case, "alerts")]
    with db:
        db.execute("DELETE FROM alerts")
    assert [(found.number, str(found.part)) for found in office.differences()] == [(case, "alerts")]
    with db:
        db.execute("INSERT INTO alerts VALUES ('x', 1, 'x')")
        db.execute("DROP TRIGGER events_keep")
        db.execute("UPDATE events SET data = json_set(data, '$.intake.alert.group', 5)")
    assert {"alerts", "event"} <= {str(found.part) for found in office.differences()}
    db.close()


def test_two_at_once(office: Office) -> None:
    """OPEN-12: of webhooks that come at the same moment one opens the case; no group ever has two."""
    outcomes: list[Outcome] = []

    def tell() -> None:
        own = Office(office.config, open_store(office.config.db))
        try:
            outcomes.extend(take(own, webhook(key=f"k{n}")).outcome for n in range(3))
        finally:
            own.store.close()

    threads = [threading.Thread(target=tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["opened"] * 3 + ["unchanged"] * 9
    assert len(all_cases(office)) == 3


MESSAGES = st.tuples(
    st.sampled_from([KEY, "another"]),
    st.lists(st.sampled_from("abc"), unique=True, max_size=3),
    st.lists(st.sampled_from("de"), unique=True, max_size=2),
).filter(lambda told: bool(told[1] or told[2]))
STEPS = st.lists(MESSAGES | st.just("close") | st.just("again"), min_size=1, max_size=8)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_any_sequence(office: Office, steps: list[Any]) -> None:
    """OPEN-12: whatever comes in whatever order, a group has at most one open case; what comes again is nothing.

    The same desk takes every example: what came before must not matter.
    """
    last = None
    for step in steps:
        if step == "close":
            for case in open_cases(office):
                cases.close(office.by(SAM, "Mon 11:00"), case, "Done.")
            last = None
        elif step == "again" and last:
            before = office.dump()
            assert take(office, last, "Mon 11:00").outcome is Outcome.UNCHANGED
            assert office.dump() == before
        elif step != "again":
            key, fires, resolved = step
            last = webhook([*map(alert, fires), *(alert(name, firing=False) for name in resolved)], key=key)
            known = set(all_cases(office))
            taken = take(office, last, "Mon 11:00")
            assert (taken.outcome is Outcome.OPENED) == bool(set(all_cases(office)) - known)
    groups = [office.history(case)[0].event.data["intake"]["alert"]["group"] for case in open_cases(office)]
    assert len(groups) == len(set(groups))
    assert office.differences() == []


def open_cases(office: Office) -> list[int]:
    return [case for case in all_cases(office) if not office.case(case).closed]


def test_what_is_kept_names_the_group(office: Office) -> None:
    """STAT-4: the events alone tell of the group and of what fired."""
    case = number(take(office, webhook(key="k" * 100_000)))
    take(office, webhook([alert("b")], key="k" * 100_000), "Mon 10:00")
    told = [entry.event for entry in office.history(case)]
    first, second = told[0].data["intake"]["alert"], told[1].data["alert"]
    assert first["group"] == second["group"]
    assert (first["firing_count"], second["firing_count"]) == (1, 1)
    assert len(json.dumps(first)) < 1_000
    assert told[1].kind is Kind.COMMENTED


def test_a_component_of_the_monitors_own_keeps_no_case_from_opening(office: Office) -> None:
    """OPEN-12: labels name parts that the service does not list; an option that does is a slip, and told."""
    directory.edit_account(office.by(ADA, "Mon 08:00"), ABC, components=["Voice=Routing"])
    told = {name: webhook(commonLabels={"component": name}, key=name) for name in ("node-exporter", "routing")}
    assert office.case(number(take(office, told["node-exporter"]))).component is None
    assert office.case(number(take(office, told["routing"]))).component == "Routing"
    with pytest.raises(NotFound, match="no component"):
        take(office, webhook(key="third"), component="node-exporter")


def test_a_label_teaches_nothing(office: Office) -> None:
    """OPEN-6: from components that a monitor named, no choice is learned."""
    taken = take(office, webhook(commonLabels={"component": "node-exporter"}), service="Wallboard")
    assert office.case(number(taken)).component == "node-exporter"
    office.tick("Mon 09:05")
    with office.store.read() as record:
        assert record.components() == []
