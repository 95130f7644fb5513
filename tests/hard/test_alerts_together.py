"""Webhooks and openings by many processes at once: one case a group, and nobody gets more than the others."""

import json
from collections import Counter
from importlib import resources
from pathlib import Path

from cli.acceptance import FORM, command
from desk_fixtures import ABC, DANA, OMAR, Office
from hard.at_once import run_at_once
from webhooks import webhook

AT = "2026-03-02T10:00:00Z"


def test_a_group_has_one_case(office: Office, tmp_path: Path) -> None:
    """OPEN-12: of eight webhooks of two groups that come at once two open a case, the rest is nothing new."""
    files = [tmp_path / f"{name}.json" for name in "ab"]
    for file in files:
        file.write_text(webhook(key=file.stem))
    place = ("--account", ABC, "--deployment", "West", "--service", "Voice", "--json")
    ran = run_at_once(
        [
            command("--db", office.config.db, "--now", AT, "open", "--from-alert", "-F", str(file), *place)
            for file in files * 4
        ]
    )
    told = [json.loads(out) for _, out, _ in ran]
    assert Counter(one["alert"]["outcome"] for one in told) == {"opened": 2, "unchanged": 6}
    assert {one["number"] for one in told} == {"0000000001", "0000000002"}
    assert office.differences() == []


def test_cases_are_handed_out_evenly(office: Office, tmp_path: Path) -> None:
    """ROUTE-1: of nine cases that are opened at once each of three members gets three."""
    policy = tmp_path / "policy.toml"
    text = (resources.files("carecli") / "policies" / "default.toml").read_text("utf-8")
    policy.write_text(text.replace('assign = "nobody"', 'assign = "least-loaded"'))
    office.setting("Fri 10:00", policy=str(policy))
    form = [word.replace("East", "West") for word in FORM]
    ran = run_at_once(
        [
            command("--db", office.config.db, "--now", AT, "--as", who, "open", *form, "--json")
            for who in (DANA, OMAR, DANA) * 3
        ]
    )
    owners = Counter(json.loads(out)["owner"] for _, out, _ in ran)
    assert sorted(owners.values()) == [3, 3, 3]
