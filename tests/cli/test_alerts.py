"""`care open --from-alert` as Alertmanager's webhook runs it (OPEN-12)."""

import json
from pathlib import Path
from typing import Any

import pytest
from cli.acceptance import ADA, DANA, Ran, Who, care
from jsonschema import Draft202012Validator
from webhooks import alert, webhook

from carecli.render import schema

PLACE = ("--account", "Northwind", "--deployment", "East", "--service", "Voice")
FIRING, RESOLVED = webhook(), webhook([alert(firing=False)])


def told(trial: str, text: str | bytes = FIRING, *args: str, who: str = "system") -> Ran:
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return Who(trial, who)("open", "--from-alert", *(args or PLACE), stdin=raw)


def test_from_the_first_alert_to_the_last(trial: str) -> None:
    """OPEN-12: opened, told what is new, silent about the same again, and told the end."""
    opened = told(trial, FIRING, *PLACE, "--json").json
    assert opened["alert"] == {"outcome": "opened", "group": "alertname=HighErrorRate, job=sip"}
    assert (opened["via"], opened["contact"], opened["priority"]) == ("monitoring", DANA, "high")
    number = opened["number"]
    line = told(trial)
    assert (line.status, line.err) == (0, "")
    assert line.out.startswith(f"{number} nothing new: it knows what fires: Open / New")
    assert told(trial, webhook([alert("b")])).out.startswith(f"{number} told what fires now: Open / New")
    assert told(trial, RESOLVED, *PLACE, "--json").json["alert"]["outcome"] == "updated"
    Who(trial, ADA)("close", number, "-m", "Done.")
    again = told(trial, FIRING, *PLACE, "--json").json
    assert again["links"] == [{"kind": "follows", "number": number}]


def test_every_answer_has_a_schema(trial: str) -> None:
    """CLI: a case with what became of the webhook; without a case its number is null."""
    valid = Draft202012Validator(schema.one("open"))
    for text, outcome, has_case in (
        (RESOLVED, "unchanged", False),
        (FIRING, "opened", True),
        (FIRING, "unchanged", True),
    ):
        document = told(trial, text, *PLACE, "--json").json
        assert list(valid.iter_errors(document)) == []
        assert (document["alert"]["outcome"], document["number"] is not None) == (outcome, has_case)
    assert told(trial, webhook([alert(firing=False)], key="x")).out.startswith("nothing fires, and no case tells")


def test_nobody_named_is_the_system(trial: str) -> None:
    """OPEN-12: a webhook needs no actor; the system takes it in, as it does mail."""
    ran = care(
        "--db", trial, "--now", "2026-03-20T21:00:00Z", "open", "--from-alert", *PLACE, stdin=FIRING.encode()
    )
    assert (ran.status, ran.err) == (0, "")


def test_from_a_file(trial: str, tmp_path: Path) -> None:
    """CLI: `-F FILE` reads what else standard input holds."""
    file = tmp_path / "webhook.json"
    file.write_text(FIRING)
    assert told(trial, b"", *PLACE, "-F", str(file)).status == 0
    assert "cannot read" in told(trial, b"", *PLACE, "-F", str(tmp_path / "none.json")).refused(2)


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"{", "no JSON"),
        (b"\xff\xfe{}", "no UTF-8"),
        (b"\0", "no JSON"),
        (b"[" * 200_000, "no JSON"),
        (b'{"version": "3"}', "version 3"),
        (webhook([]).encode(), "names no alerts"),
        (b'{"version": 1e999999, "groupKey": NaN}', "version inf"),
        (webhook([alert(), {"status": ["firing"]}]).encode(), "alert 2 is neither firing nor resolved"),
        (webhook(truncatedAlerts=10**400).encode(), "truncatedAlerts must be a number"),
    ],
)
def test_what_is_no_webhook(trial: str, raw: bytes, word: str) -> None:
    """CLI: one message and status 2, whatever is piped in; with --json as JSON."""
    assert word in told(trial, raw).refused(2)
    ran = told(trial, raw, *PLACE, "--json")
    assert (ran.status, ran.out, json.loads(ran.err)["error"]["code"]) == (2, "", "invalid")


def test_a_contact_may_not(trial: str) -> None:
    """DC-1: monitoring is the desk's."""
    assert "may not take in alerts" in told(trial, who=DANA).refused(4)


def test_what_is_missing(trial: str) -> None:
    """OPEN-12: what neither options nor labels nor the configuration tell is named, with the ways to tell it."""
    ran = told(trial, FIRING, "--account", "Northwind")
    assert "the alerts do not tell the deployment and the service" in ran.refused(2)
    assert "--deployment --service" in ran.err
    assert "no account" in told(trial, FIRING, "--account", "Nobody").refused(3)


def test_the_configuration(trial: str, tmp_path: Path) -> None:
    """OPEN-12: [alerts] names the labels, the defaults and what a severity stands for."""
    config = tmp_path / "config.toml"
    config.write_text(
        '[alerts]\naccount_label = "tenant"\ndeployment = "East"\nservice = "Voice"\n'
        '[alerts.severities]\ncritical = "critical"\n'
    )
    text = webhook(commonLabels={"tenant": "northwind"})
    case = told(trial, text, "--config", str(config), "--json").json
    assert (case["account"], case["service"], case["priority"]) == ("Northwind", "Voice", "critical")


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ('[alerts]\nacount = "x"', "did you mean alerts.account?"),
        ('[alerts]\npriority = "urgent"', "alerts.priority is 'urgent'"),
        ("[alerts]\nstage = 3", "alerts.stage must be a text"),
        ('[alerts.severities]\npage = "urgent"', "alerts.severities.page is 'urgent'"),
        ('[alerts]\nseverities = "x"', "write [alerts.severities]"),
        ("alerts = 3", "write [alerts]"),
    ],
)
def test_a_wrong_configuration(trial: str, tmp_path: Path, table: str, word: str) -> None:
    """CLI: each slip in [alerts] is named, with what was meant."""
    config = tmp_path / "config.toml"
    config.write_text(table)
    assert word in told(trial, FIRING, "--config", str(config)).refused(2)


def test_hostile_labels_on_the_screen(trial: str) -> None:
    """OPEN-12: escapes, markup and the like of a label never reach a terminal, and never end a run."""
    labels: dict[str, Any] = {
        "alertname": "\x1b[31mred\x1b]0;title\x07 [bold]x[/bold]",
        "job": "=cmd|' /C calc'!A0\u202e\ud800",
    }
    case = told(trial, webhook([alert("a", **labels)], groupLabels=labels), *PLACE, "--json").json
    shown = Who(trial, ADA)("show", case["number"])
    assert "\x1b" not in shown.out
    assert "\x07" not in shown.out
    assert "[bold]x[/bold]" in shown.out


def test_ten_thousand_alerts(trial: str) -> None:
    """OPEN-12: a message beyond any text's length is taken in, and the case stays readable."""
    case = told(trial, webhook([alert(str(n)) for n in range(10_000)], truncatedAlerts=5), *PLACE, "--json").json
    assert "10,000 alerts that fire" in case["description"]
    assert len(case["description"]) < 10_000
