"""`care advisory`: written, published, read, subscribed to, as people and scripts run it."""

import json
import os
import signal
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest
from cli.acceptance import ADA, BEN, DANA, FORM, LENA, NOW, OMAR, Who, command, terminal
from other_hands import opened

NEXT_DAY = "2026-03-21T12:00:00Z"
"""08:00 in New York."""
DROPS = ("-s", "Calls drop on transfer", "-m", "One call in five drops.", "--service", "Voice")


@pytest.fixture
def ben(trial: str) -> Who:
    """An agent."""
    return Who(trial, BEN)


def published(ben: Who, *args: str) -> str:
    """Publish an advisory: its id."""
    id_: str = ben.json("advisory", "add", *(args or DROPS), "--publish")["id"]
    return id_


def test_from_the_issue_to_its_end(ben: Who, trial: str) -> None:
    """ADV-1: written, published, announced, read, mended, each with one line and a next step."""
    dana = Who(trial, DANA)
    assert ben("advisory", "add", *DROPS).out == ("SA-0001 added; `care advisory publish SA-0001` publishes it\n")
    assert "SA-0001" not in dana("advisory", "list").out
    assert ben("advisory", "publish", "sa-1").out == "SA-0001 published\n"
    page = dana.json()["announcements"]
    assert (page["unread"], page["open"]) == (1, 1)
    assert page["advisories"][0]["title"] == "Calls drop on transfer"
    assert "care advisory read ID" in terminal(*dana.options).out
    read = dana("advisory", "read", "SA-0001")
    assert "One call in five drops." in read.out
    assert dana.json()["announcements"]["unread"] == 0
    told = ben("advisory", "edit", "1", "--solution", "Restart the phone.").out
    assert told == "SA-0001 changed; `care advisory publish SA-0001` publishes it\n"
    assert dana.json("advisory", "show", "1")["solution"] is None
    assert ben("advisory", "edit", "1", "--publish").out == "SA-0001 published\n"
    assert dana.json("advisory", "show", "1")["unread"]
    assert "Restart the phone." in dana("advisory", "read", "1").out
    assert ben("advisory", "withdraw", "1", "-m", "Mended.").out == "SA-0001 withdrawn\n"
    assert dana.json("advisory", "list")["advisories"] == []
    assert dana.json("advisory", "show", "1")["reason"] == "Mended."
    assert Who(trial, ADA)("verify").status == 0


def test_a_quiet_run_says_nothing(ben: Who, trial: str) -> None:
    """CLI: with --quiet what was changed is silent; what was asked for is told."""
    assert ben("--quiet", "advisory", "add", *DROPS).out == ""
    dana = Who(trial, DANA)
    assert dana("--quiet", "advisory", "subscribe", "daily").out == ""
    assert "daily" in dana("--quiet", "advisory", "subscriptions").out


def test_subscriptions(ben: Who, trial: str) -> None:
    """ADV-1: how often is a word, of which service an option; the next digest is told once something waits."""
    dana = Who(trial, DANA)
    rows = dana.json("advisory", "subscribe", "Weekly", "--service", "voice")["subscriptions"]
    assert [(row["service"], row["frequency"], row["next_at"]) for row in rows] == [("Voice", "weekly", None)]
    assert rows[0]["timezone"] == "America/New_York"
    assert len(dana.json("advisory", "subscribe", "daily")["subscriptions"]) == 2
    published(ben)
    due = {row["next_at"] for row in dana.json("advisory", "subscriptions")["subscriptions"]}
    assert due == {NEXT_DAY}
    assert dana.json("advisory", "unsubscribe")["subscriptions"] == []
    assert "hourly" in dana("advisory", "subscribe", "hourly").refused(2)
    assert "at-once, daily, weekly" in dana("advisory", "subscribe", "hourly").err


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (("read",), 2),
        (("read", "1", "--all"), 2),
        (("read", "9"), 3),
        (("show", "kb-1"), 3),
        (("show", "SA-99999999999999999999"), 3),
        (("list", "--kind", "rumour"), 2),
        (("list", "--status", "draft"), 4),
        (("list", "--limit", "0"), 2),
        (("add", *DROPS), 4),
        (("publish", "1"), 4),
        (("withdraw", "1", "-m", "Mine."), 4),
        (("subscribe", "daily", "--service", "Nonsense"), 3),
        (("subscribe", "daily", "--for", OMAR), 4),
        (("unsubscribe",), 3),
        (("subscriptions", "--all"), 4),
    ],
)
def test_what_a_contact_is_refused(ben: Who, trial: str, args: tuple[str, ...], status: int) -> None:
    """CLI: one short message with what to do instead, whatever is asked wrongly."""
    published(ben)
    Who(trial, DANA)("advisory", *args).refused(status)


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (("add", "-m", "No title."), 2),
        (("add", "-s", "No text"), 2),
        (("add", "-s", " ", "-m", "x"), 2),
        (("add", "-s", "x", "-m", "x", "--service", "Nonsense"), 3),
        (("add", "-s", "x", "-m", "x", "--account", "Nobody"), 3),
        (("add", "-s", "x", "-m", "x", "--from", "tomorrow", "--to", "today"), 2),
        (("add", "-s", "x", "-m", "x", "--to", "2020-01-01", "--publish"), 5),
        (("withdraw", "1"), 2),
        (("edit", "7", "--title", "x"), 3),
    ],
)
def test_what_staff_are_refused(ben: Who, args: tuple[str, ...], status: int) -> None:
    """CLI: one short message with what to do instead, and nothing is written."""
    ben("advisory", *args).refused(status)
    assert ben.json("advisory", "list", "--all", "--status", "published")["total"] == 0


def test_hostile_words(ben: Who, trial: str) -> None:
    """CLI: escapes, markup and formulas stand on every page as what they are."""
    published(
        ben, "-s", "=cmd|' /C calc'!A0 \x1b[31m[bold]x", "-m", "\x1b]0;x\x07[link=x]y", "--solution", "\x9b5m"
    )
    dana = Who(trial, DANA)
    for args in (("advisory", "list"), ("advisory", "show", "1"), ("advisory", "read", "1"), ()):
        for shown in (
            dana(*args).out,
            terminal(*dana.options, "--no-pager", "--no-color", *args, columns=120).out,
        ):
            assert "\x1b[31m" not in shown
            assert "\x07" not in shown
            assert "[bold]x" in shown
    csv = dana("advisory", "list", "--format", "csv").out
    assert "'=cmd" in csv


def test_solved_by_an_advisory(ben: Who, trial: str) -> None:
    """OPEN-7: a script says that an advisory spared a case; one that is not there is refused."""
    dana, lena = Who(trial, DANA), Who(trial, LENA)
    published(ben, *DROPS, "--account", "Northwind")
    assert dana.json("open", "--solved-by", "sa-1", "-s", "Calls drop") == {"deflected": "SA-0001"}
    assert ben.json("advisory", "show", "1")["deflected"] == 1
    assert "SA-1" in lena("open", "--solved-by", "SA-1", "-s", "Calls drop").refused(3)


def test_a_case_that_an_advisory_tells_of(ben: Who, trial: str) -> None:
    """OPEN-7: whoever opens a case by options at a terminal is pointed to the open advisory that fits best."""
    published(ben)
    seen = terminal(*Who(trial, DANA).options, "open", *FORM).out
    assert "care: Calls drop on transfer is known: care advisory show SA-0001" in seen
    assert Who(trial, DANA)("open", *FORM).err == ""


def test_what_others_are_told_is_the_desks_business(ben: Who, trial: str) -> None:
    """DC-3: neither the log nor the outbox tells a contact who else reads what."""
    Who(trial, OMAR).json("advisory", "subscribe")
    published(ben)
    dana = Who(trial, DANA)
    for args in (("log", "--all"), ("mail", "outbox")):
        dana(*args).refused(4)


def test_a_killed_tick_sends_each_digest_once(ben: Who, trial: str, tmp_path: Path) -> None:
    """TICK-1 and ADV-1: killed at any instant and run again, the tick sends each digest once, with its event."""
    ada = Who(trial, ADA)
    for number in range(60):
        email = f"reader{number}@northwind.example"
        ada.json("contact", "add", email, "--account", "Northwind", "--access", "basic")
        ada.json("advisory", "subscribe", "daily", "--for", email)
    published(ben)
    words = command("--db", trial, "--as", "system", "--now", NEXT_DAY, "--quiet", "tick")
    kills, began = 0, time.monotonic()
    subprocess.run([*words, "--dry-run"], cwd=tmp_path, check=True)
    whole_s = time.monotonic() - began
    for round_ in range(12):
        run = subprocess.Popen(words, cwd=tmp_path, env={**os.environ})
        time.sleep(whole_s * (0.5 + 0.15 * round_))
        if run.poll() is None:
            run.send_signal(signal.SIGKILL)
            kills += 1
        run.wait()
    assert kills, "some runs were killed"
    assert subprocess.run(words, cwd=tmp_path, check=False).returncode == 0
    with_digests = ada.at(NEXT_DAY).json("mail", "outbox", "--limit", "1000")["mail"]
    digests = [mail for mail in with_digests if mail["kind"] == "digest"]
    assert len(digests) == len({mail["to"] for mail in digests}) == 60
    assert {mail["state"] for mail in digests} == {"sent"}
    with closing(opened(trial)) as store, store.read() as record:
        sent = [e.event.data["person"] for e in record.events() if e.event.kind == "digest-sent"]
    assert sorted(sent) == sorted(mail["to"] for mail in digests)
    assert ada("verify").status == 0


def test_the_log_tells(ben: Who, trial: str) -> None:
    """STAT-4: all that happened to advisories stands in the desk's log."""
    Who(trial, DANA).json("advisory", "subscribe")
    published(ben)
    Who(trial, DANA).json("advisory", "read", "1")
    lines = Who(trial, ADA)("log", "--all", "--format", "jsonl").out.splitlines()
    assert [json.loads(line)["kind"] for line in lines][-4:] == [
        "subscribed",
        "advisory-written",
        "advisory-published",
        "advisory-read",
    ]
    assert json.loads(lines[-2])["data"]["told"] == [DANA]
    assert json.loads(lines[-2])["at"] == NOW
