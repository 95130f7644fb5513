"""What a webhook of Alertmanager says, and what stands on the case for it (OPEN-12)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webhooks import KEY, alert, webhook

from carecli.domain import alerts
from carecli.errors import Invalid

HOSTILE = "\x1b[31mred\x1b[0m [bold]x[/bold]\n=HYPERLINK() \u202eold\0"


def read(text: str) -> alerts.Group:
    return alerts.read(text)


def test_a_group_is_read() -> None:
    """OPEN-12: key, alerts, labels and what was left out."""
    group = read(webhook([alert("a"), alert("b", firing=False)], truncatedAlerts=3))
    assert (group.key, group.truncated, group.name) == (KEY, 3, "alertname=HighErrorRate, job=sip")
    assert [one.fingerprint for one in group.firing] == ["print-a"]
    assert [one.fingerprint for one in group.resolved] == ["print-b"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no JSON object"),
        ("{}", "version None"),
        (webhook(version="3"), "version 3"),
        (webhook(version=HOSTILE), "version [31mred [0m [bold]"),
        (webhook(groupKey=""), "lacks its groupKey"),
        (webhook(groupKey=7), "lacks its groupKey"),
        (webhook([]), "names no alerts"),
        (webhook(alerts="x"), "names no alerts"),
        (webhook(alerts=[1]), "alert 1 is neither"),
        (webhook([alert(), alert() | {"status": "pending"}]), "alert 2 is neither"),
        (webhook([alert() | {"labels": {"a": 1}}]), "labels must be texts"),
        (webhook([alert() | {"annotations": "x"}]), "annotations must be texts"),
        (webhook(commonLabels=[]), "commonLabels must be texts"),
        (webhook(truncatedAlerts="many"), "truncatedAlerts must be a number"),
        (webhook(truncatedAlerts=True), "truncatedAlerts must be a number"),
        (webhook(truncatedAlerts=-1), "truncatedAlerts must be a number"),
    ],
)
def test_what_is_no_webhook(text: str, told: str) -> None:
    """OPEN-12: one message that says what is wrong, and how it is meant."""
    with pytest.raises(Invalid) as refused:
        read(text)
    assert told in refused.value.message
    assert "--from-alert" in (refused.value.hint or "")


def test_what_older_versions_leave_out() -> None:
    """OPEN-12: an alert without a fingerprint is known by its labels, and all else may be missing."""
    bare = {"version": "4", "groupKey": "k", "alerts": [{"status": "firing", "labels": {"b": "1", "a": "2"}}]}
    turned = {"version": "4", "groupKey": "k", "alerts": [{"status": "firing", "labels": {"a": "2", "b": "1"}}]}
    other = {"version": "4", "groupKey": "k", "alerts": [{"status": "firing", "labels": {"a": "3"}}]}
    assert read(json.dumps(bare)).digest == read(json.dumps(turned)).digest
    assert read(json.dumps(bare)).digest != read(json.dumps(other)).digest
    group = read(json.dumps({"version": "4", "groupKey": "k", "alerts": [{"status": "firing"}]}))
    assert alerts.subject(group, 100) == "Alert k"
    assert "an alert without a name" in alerts.description(group)


def test_the_same_again() -> None:
    """OPEN-12: order, and what is resolved already, tell nothing new; what fires, or how much more, does."""
    first = read(webhook([alert("a"), alert("b")]))
    assert first.digest == read(webhook([alert("b"), alert("a"), alert("c", firing=False)])).digest
    assert first.digest != read(webhook([alert("a")])).digest
    assert first.digest != read(webhook([alert("a"), alert("b")], truncatedAlerts=4)).digest
    resolved = [alert("a", firing=False)]
    assert read(webhook(resolved)).digest == read(webhook(resolved, truncatedAlerts=4)).digest


def test_a_key_of_each_account() -> None:
    """DC-3: two accounts' monitors may use the same key; one account in other letters is the same."""
    group = read(webhook())
    assert group.hash_for("ABC") == group.hash_for("abc") != group.hash_for("Harbor")


def test_the_words_of_a_case() -> None:
    """OPEN-12, OPEN-3: the subject is the shared summary, else the group; the description has its ten words."""
    group = read(webhook([alert("a"), alert("b", firing=False)]))
    assert alerts.subject(group, 100) == "HighErrorRate job=sip"
    assert alerts.subject(read(webhook(commonAnnotations={"summary": "SIP is down"})), 100) == "SIP is down"
    assert alerts.subject(read(webhook(commonAnnotations={"summary": "x" * 500})), 100) == "x" * 99 + "…"
    assert alerts.description(group) == (
        "Monitoring reports 1 alert that fires in the group alertname=HighErrorRate, job=sip."
        " The desk opened this case by itself, and keeps it up to date for as long as it is open.\n"
        "\n"
        "Firing:\n"
        "- HighErrorRate instance=a:9100, job=sip, severity=critical; SIP errors on a;"
        " since 2026-03-02T08:58:03.123Z\n"
        "\n"
        "Resolved:\n"
        "- HighErrorRate instance=b:9100, job=sip, severity=critical; SIP errors on b;"
        " since 2026-03-02T08:58:03.123Z"
    )
    told, _, listed = alerts.update(read(webhook([alert(firing=False)]))).partition("\n")
    assert (
        told == "Monitoring reports that all alerts of the group are resolved. The case stays open nevertheless."
    )
    assert listed.startswith("\nResolved:\n- HighErrorRate")


def test_ten_thousand_alerts() -> None:
    """OPEN-12: the first are named, the rest is counted, so that a case stays readable."""
    text = alerts.description(read(webhook([alert(str(n)) for n in range(10_000)], truncatedAlerts=7)))
    assert text.count("\n- ") == alerts.LISTED_MAX + 1
    assert "10,000 alerts that fire" in text
    assert "- and 9,975 more" in text
    assert text.endswith("7 more are not in the message that Alertmanager sent.")


TEXTS = st.text(max_size=60) | st.sampled_from([HOSTILE, "\ud800", "", "x" * 5_000])


@given(st.dictionaries(TEXTS, TEXTS, max_size=4), TEXTS.filter(bool), st.lists(TEXTS, min_size=1, max_size=3))
def test_hostile_labels(labels: dict[str, str], key: str, names: list[str]) -> None:
    """OPEN-12: whatever labels hold, every text is printable lines, bounded, and has its ten words."""
    told = [alert("a") | {"labels": labels | {"alertname": name}, "annotations": labels} for name in names]
    group = read(webhook(told, key=key, groupLabels=labels, commonLabels=labels, commonAnnotations=labels))
    subject, text = alerts.subject(group, 100), alerts.description(group)
    assert subject
    assert len(subject) <= 100
    assert subject.isprintable()
    assert all(line.isprintable() for line in [*text.split("\n"), *alerts.update(group).split("\n")])
    assert len(text.split()) >= 10
    assert len(text) < 5_000
    assert group.digest == read(webhook(told[::-1], key=key)).digest
    kept: dict[str, Any] = alerts.kept(group, group.hash_for("ABC"))
    json.dumps(kept).encode("ascii")


def test_an_update_answers_nothing() -> None:
    """SLA-3, FU-5: an update by monitoring has no status, no answer, and the monitor for its author."""
    from store.samples import new_case

    from carecli.domain.access import Act
    from carecli.domain.vocabulary import SYSTEM, Side, Via

    group = read(webhook())
    act = Act(SYSTEM, Side.SYSTEM, Via.MONITORING)
    event = alerts.told(new_case(), group, "h", act, datetime(2026, 3, 2, 10, tzinfo=UTC))
    assert event.public
    assert event.actor == SYSTEM
    assert not {"status", "answers", "logged_by"} & event.data.keys()
