"""`care schema`: what every command answers with --json is described, and nothing else is answered."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import other_desks
import pytest
from cli.acceptance import ADA, BEN, DANA, FORM, LENA, MIA, NOW, Ran, Who, care
from engine import ON_SERVER
from jsonschema import Draft202012Validator

from carecli.commands.declared import Family
from carecli.commands.panels import COMMANDS, HIDDEN, loaded
from carecli.domain import events, vocabulary
from carecli.domain.advisory import AdvisoryKind, AdvisoryStatus
from carecli.domain.attachment import Sanitised
from carecli.domain.clock import ClockState
from carecli.domain.deadline import DeadlineKind, DeadlineState
from carecli.domain.escalation import Addressee
from carecli.domain.forecast import Effect
from carecli.domain.knowledge import ArticleStatus, Audience
from carecli.domain.ledger_hours import Why
from carecli.domain.linking import LinkKind
from carecli.domain.outbox import MailKind, MailState
from carecli.domain.request import PaperKind, RequestStage
from carecli.domain.sanitising import Sensitive
from carecli.domain.seal import Proof
from carecli.domain.subscription import Frequency
from carecli.domain.verify import Part
from carecli.render import schema

WHOLE = schema.whole()
LATER = "2026-03-23T15:00:00Z"
CHANGE = (
    *("--type", "service-request", "--subtype", "change-request", "--deployment", "East", "--service", "Voice"),
    *("--priority", "low", "-s", "Add ten numbers", "--field", "change=add"),
    *("-m", "Please add ten direct numbers for the new team in the east wing."),
)
PIN = (
    *("--type", "admin", "--subtype", "pin-reset", "-s", "A forgotten PIN"),
    *("-m", "I cannot remember the PIN that I am asked for when I call you."),
)
FRI, MON = NOW, LATER
SSH_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICNbRy5e01nsE6KYFyG9rG9fmU20FDQYL/r8FvHHvSCw"
WISH = ("--deployment", "East", "--service", "Voice", "--priority", "low", "-m", "A wish in ten words " * 3)
SEAL = "care1-65-my9qps-6n3wp49a-rh49nwhh-1g32dkdt-dwr9f8nd-kx63"
"""Another desk's."""
LAST = "LAST"
"""Stands for the case that was opened last."""
FEATURES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (DANA, MON, ("open", "--type", "feature-request", "-s", "Time in state", *WISH)),
    (BEN, MON, ("feature", "product-management", LAST)),
    (BEN, MON, ("feature", "under-review", LAST)),
    (BEN, MON, ("feature", "future-candidate", LAST)),
    (BEN, MON, ("feature", "planned", LAST, "--release", "2026.3")),
    (BEN, MON, ("feature", "committed", LAST)),
    (BEN, MON, ("feature", "exists", LAST, "-m", "Admin, Wallboards.")),
    (DANA, MON, ("home",)),
    (BEN, MON, ("feature", "convert", LAST, "--stage", "uat", "--impact", "Agents wait.")),
    (BEN, MON, ("explain", LAST)),
    (DANA, MON, ("open", "--type", "feature-request", "-s", "Dark wallboards", *WISH)),
    (BEN, MON, ("feature", "duplicate", LAST, "--of", "3")),
    (DANA, MON, ("open", "--type", "feature-request", "-s", "Light wallboards", *WISH)),
    (BEN, MON, ("feature", "declined", LAST, "-m", "They are light.")),
    (DANA, MON, ("open", "--type", "feature-request", "-s", "Larger wallboards", *WISH)),
    (BEN, MON, ("feature", "delivered", LAST)),
    (DANA, MON, ("open", *CHANGE)),
    (DANA, MON, ("explain", LAST)),
    (BEN, MON, ("forecast", "--within", "9bd")),
    ("system", "2026-03-27T15:00:00Z", ("tick",)),
    (MIA, "2026-03-27T15:00:00Z", ("home",)),
    (ADA, "2026-03-27T15:00:00Z", ("doctor", "--check")),
    (BEN, "2026-03-27T15:00:00Z", ("explain", LAST)),
)
"""Feature requests from the wish to their ends."""
# Who runs what when, one after the other on one desk: each command at least once, and what makes answers rich.
RUNS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (ADA, FRI, ("home",)),
    (DANA, FRI, ("home",)),
    (BEN, FRI, ("home",)),
    (DANA, FRI, ("open", *FORM)),
    (DANA, FRI, ("open", "--template")),
    (BEN, FRI, ("list", "--all", "--limit", "100")),
    (BEN, FRI, ("list", "--all", "--tab", "closed", "--format", "jsonl")),
    (DANA, FRI, ("list", "--group")),
    (DANA, FRI, ("search", "calls")),
    (BEN, FRI, ("export", "-", "--all")),
    (DANA, FRI, ("export", "-", "--words", "calls")),
    (BEN, FRI, ("export", "-", "--all", "--format", "jsonl")),
    (BEN, FRI, ("export", "cases.xlsx", "--all")),
    (BEN, FRI, ("search", "reports", "--format", "jsonl")),
    (DANA, FRI, ("similar", "3", "--all")),
    (BEN, FRI, ("similar", "-s", "Calls drop after transfer", "--all", "--format", "jsonl")),
    *((BEN, FRI, ("show", str(number))) for number in range(1, 11)),
    (DANA, FRI, ("show", "3")),
    (DANA, FRI, ("log", "3")),
    (BEN, FRI, ("log", "--all")),
    (BEN, FRI, ("log", "5", "--format", "jsonl")),
    (BEN, FRI, ("log", "--all", "--format", "jsonl")),
    *((BEN, FRI, ("explain", str(number))) for number in range(1, 11)),
    (MIA, FRI, ("exempt", "3", "--from", "2026-03-09T14:00Z", "--to", "2026-03-12T12:00Z", "-m", "Their line.")),
    (MIA, FRI, ("exempt", "3", "--from", "2026-03-09", "--to", "2026-03-20", "--metric", "response", "-m", "x")),
    (DANA, FRI, ("show", "3")),
    (BEN, FRI, ("explain", "3")),
    (MIA, FRI, ("exempt", "3", "--withdraw", "2", "-m", "It was not.")),
    (DANA, FRI, ("explain", "3")),
    *((who, FRI, ("bundle", "write", "3")) for who in (BEN, DANA)),
    (BEN, FRI, ("bundle", "write", "3", "--output", "case-3.json")),
    (BEN, FRI, ("bundle", "verify", "case-3.json")),
    (BEN, FRI, ("assign", "10")),
    (BEN, FRI, ("investigate", "10")),
    (BEN, FRI, ("update", "10", "-m", "A note.", "--internal")),
    (BEN, FRI, ("priority", "10", "medium", "-m", "It is better.")),
    (DANA, FRI, ("escalate", "10", "--priority", "high", "-m", "It is worse.")),
    (MIA, FRI, ("home",)),
    (BEN, FRI, ("link", "10", "9", "--kind", "caused-by")),
    (BEN, FRI, ("split", "3", "4", "-s", "How the report reads the zone")),
    (DANA, FRI, ("open", *CHANGE)),
    (BEN, FRI, ("request", "ack", LAST)),
    (BEN, FRI, ("request", "reject", LAST, "-m", "There is no room.")),
    (DANA, FRI, ("request", "resubmit", LAST, "-m", "Three, then.")),
    (BEN, FRI, ("request", "accept", LAST, "--order", "-")),
    (DANA, FRI, ("request", "sign", LAST)),
    (BEN, FRI, ("show", LAST)),
    (BEN, FRI, ("request", "sign", LAST)),
    (BEN, FRI, ("request", "complete", LAST)),
    (DANA, FRI, ("open", *PIN)),
    (ADA, FRI, ("approve", LAST)),
    (DANA, FRI, ("open", *PIN)),
    (ADA, FRI, ("decline", LAST, "-m", "Call us, please.")),
    (BEN, FRI, ("ask", "10", "-m", "Which queue?")),
    (DANA, FRI, ("update", "10", "-m", "The sales queue.")),
    (BEN, FRI, ("restore", "10", "-m", "It works again.")),
    (DANA, FRI, ("reject", "10", "-m", "It does not.")),
    (BEN, FRI, ("propose", "10", "-m", "Try again.")),
    (DANA, FRI, ("chat", "join", "5", "-m", "Please call me.")),
    (DANA, FRI, ("chat", "join", "5")),
    (BEN, FRI, ("chat", "show", "5")),
    (BEN, FRI, ("chat", "list")),
    (BEN, FRI, ("forecast", "--within", "30d")),
    (BEN, FRI, ("forecast", "--within", "30d", "--format", "jsonl")),
    (BEN, FRI, ("report",)),
    (DANA, FRI, ("report", "--by", "owner,week", "--numbers", "--policy", "guide")),
    (BEN, FRI, ("report", "--by", "plan,priority,account,group,service,component,type,day,quarter")),
    *((BEN, FRI, ("report", "--list", name)) for name in ("attainment", "breaches", "backlog", "clocks", "cases")),
    (BEN, FRI, ("report", "--by", "month", "--format", "jsonl")),
    *(
        (BEN, FRI, ("report", "--list", name, "--format", "jsonl"))
        for name in ("breaches", "backlog", "clocks", "cases")
    ),
    (DANA, FRI, ("accept", "10")),
    (DANA, FRI, ("reopen", "10", "-m", "It is back since noon, on all queues.")),
    (BEN, FRI, ("explain", "10")),
    (BEN, FRI, ("close", "10", "-m", "Done.")),
    ("system", FRI, ("tick", "--dry-run")),
    ("system", MON, ("tick",)),
    ("system", MON, ("tick", "--exit-code")),
    (BEN, MON, ("list", "--all")),
    (BEN, MON, ("incident", "declare", "8", "--title", "Calls fail", "-m", "A relay failed.")),
    (BEN, MON, ("incident", "affect", "8", "7")),
    (LENA, MON, ("incident", "request", "7")),
    (DANA, MON, ("incident", "request", "8", "-m", "Please.")),
    (BEN, MON, ("restore", "8", "-m", "It works again.")),
    (
        BEN,
        MON,
        ("incident", "describe", "8", "--restoration", "By it.", "--specific", "Northwind=All day."),
    ),
    (BEN, MON, ("incident", "post-mortem", "8", "--root-cause", "A full disk.")),
    (BEN, MON, ("incident", "action", "add", "8", "-m", "Alert on it", "--due", "2026-04-02")),
    (BEN, MON, ("incident", "action", "list")),
    (BEN, MON, ("incident", "action", "list", "--format", "jsonl")),
    (BEN, MON, ("incident", "report", "8")),
    (BEN, MON, ("incident", "report", "8", "--send")),
    (DANA, MON, ("incident", "report", "8")),
    (BEN, MON, ("incident", "action", "done", "8", "1")),
    (BEN, MON, ("incident", "show", "8")),
    (DANA, MON, ("show", "8")),
    (BEN, MON, ("show", "8")),
    (LENA, MON, ("show", "7")),
    (ADA, MON, ("contact", "edit", DANA, "--ssh-key", SSH_KEY)),
    (ADA, MON, ("gate", "keys")),
    (DANA, MON, ("gate", "enter")),
    (ADA, MON, ("gate", "log")),
    (ADA, MON, ("gate", "log", "--format", "jsonl")),
    *([] if ON_SERVER else [(ADA, MON, ("backup", "copy.db"))]),  # a server makes its own
    (ADA, MON, ("backup", "--list")),
    (ADA, MON, ("copy", "--to", "elsewhere.db")),
    (ADA, MON, ("doctor",)),
    (ADA, MON, ("doctor", "--check")),
    (ADA, MON, ("verify",)),
    (ADA, MON, ("verify", "--seal", "--against", SEAL)),
    (ADA, MON, ("verify", "--repair", "--dry-run")),
    (ADA, MON, ("verify", "--repair")),
    (ADA, MON, ("cron", "show")),
    (ADA, MON, ("cron", "show", "--systemd")),
    (ADA, MON, ("cron", "install", "--systemd", "--yes")),
    (ADA, MON, ("calendar", "show", "2026-11", "--months", "2")),
    (DANA, MON, ("calendar", "show", "--timezone", "Europe/Madrid", "--holidays", "ES-MD")),
    (ADA, MON, ("calendar", "check", "--account", "all")),
    (ADA, MON, ("calendar", "check", "--hours", "never")),
    (ADA, MON, ("calendar", "add", "2026-03-06T16:00", "6bh")),
    (ADA, MON, ("calendar", "between", "2026-03-06T16:00", "2026-03-09T10:00")),
    (BEN, MON, ("maintenance", "show")),
    (DANA, MON, ("maintenance", "show", "--within", "30d")),
    (BEN, MON, ("maintenance", "show", "--format", "jsonl")),
    (ADA, MON, ("account", "edit", "Northwind", "--service", "East/Premier Edition")),
    (DANA, MON, ("maintenance", "reschedule", "Premier Edition", "-m", "Our campaign begins.", "--to", "Sunday")),
    (BEN, MON, ("maintenance", "announce", "Premier Edition", "--to", "+2h", "-m", "A disk is changed.")),
    (DANA, MON, ("contact-us",)),
    (BEN, MON, ("contact-us", "--priority", "critical")),
    (BEN, MON, ("contact-us", "--format", "jsonl")),
    (DANA, MON, ("whatnext",)),
    (BEN, MON, ("whatnext", "outage", "--format", "jsonl")),
    (ADA, MON, ("policy", "show")),
    (BEN, MON, ("policy", "show", "--case", "3")),
    (ADA, MON, ("policy", "show", "guide")),
    (ADA, MON, ("policy", "check")),
    (ADA, MON, ("policy", "check", "guide", "none.toml")),
    (ADA, MON, ("policy", "list")),
    (ADA, MON, ("policy", "list", "--format", "jsonl")),
    (ADA, MON, ("policy", "diff", "guide")),
    (ADA, MON, ("policy", "diff", "default", "process-2025", "--format", "jsonl")),
    (BEN, MON, ("policy", "diff", "--case", "3")),
    (BEN, MON, ("policy", "impact", "guide", "--account", "Northwind", "--from", "2026-03-01", "--all")),
    (BEN, MON, ("policy", "impact", "process-2025", "--all", "--format", "jsonl")),
    (ADA, MON, ("policy", "rebase", "guide", "--account", "Northwind", "--yes")),
    (ADA, MON, ("policy", "rebase", "guide", "--dry-run")),
    (ADA, MON, ("policy", "use", "process-2025")),
    (BEN, MON, ("calendar", "impact", "--account", "Northwind", "--close-on", "2026-03-25")),
    (BEN, MON, ("calendar", "impact", "--account", "all", "--hours", "24x7", "--format", "jsonl")),
    (ADA, MON, ("calendar", "rebase", "--account", "all", "--yes")),
    (
        ADA,
        MON,
        ("account", "add", "New Co", "--hours", "Mon-Fri 09:00-23:59", "--deployment", "A", "--service", "B"),
    ),
    (ADA, MON, ("account", "edit", "New Co", "--plan", "business-care", "--add-on", "cxm=cay@desk.example")),
    (DANA, MON, ("account", "list")),
    (ADA, MON, ("account", "list", "--format", "jsonl")),
    (ADA, MON, ("account", "show", "New Co")),
    (ADA, MON, ("account", "edit", "New Co", "--parent", "Northwind", "--remove-add-on", "cxm")),
    (DANA, MON, ("account", "entitlements")),
    (ADA, MON, ("account", "entitlements", "New Co", "--format", "jsonl")),
    (DANA, MON, ("account", "show", "Northwind")),
    (ADA, MON, ("contact", "add", "new@new.example", "--account", "New Co")),
    (ADA, MON, ("contact", "edit", "new@new.example", "--phone", "+1 555 1")),
    (ADA, MON, ("contact", "deactivate", "new@new.example")),
    (DANA, MON, ("contact", "list")),
    (ADA, MON, ("contact", "list", "--format", "jsonl")),
    (ADA, MON, ("staff", "add", "new@desk.example")),
    (ADA, MON, ("staff", "edit", "new@desk.example", "--product-group", "Voice")),
    (ADA, MON, ("staff", "deactivate", "new@desk.example")),
    (ADA, MON, ("staff", "list")),
    (ADA, MON, ("staff", "list", "--format", "jsonl")),
    (DANA, MON, ("attachment", "add", "3", "-", "--name", "empty.log")),
    (BEN, MON, ("attachment", "add", "3", "-", "--internal", "--confirm-sanitized")),
    (DANA, MON, ("attachment", "list", "3")),
    (BEN, MON, ("attachment", "list", "3", "--format", "jsonl")),
    (BEN, MON, ("show", "3")),
    (BEN, MON, ("attachment", "scan", "3", "1")),
    (BEN, MON, ("attachment", "get", "3", "1", "--output", "/dev/null")),
    (ADA, MON, ("attachment", "tidy", "--dry-run")),
    (BEN, MON, ("kb", "add", "-s", "Reset a password", "-m", "Choose *Forgot*.", "--publish")),
    (BEN, MON, ("kb", "add", "-s", "The vault", "-m", "It is rotated.", "--audience", "internal")),
    (BEN, MON, ("kb", "edit", "kb-1", "-m", "Choose *Forgot password*.", "--keyword", "login", "--publish")),
    (BEN, MON, ("kb", "publish", "2")),
    (BEN, MON, ("kb", "from-case", "1")),
    (BEN, MON, ("kb", "link", "kb-1", "3", "--defect", "NUM-1")),
    (DANA, MON, ("kb", "vote", "kb-1", "--helpful")),
    (DANA, MON, ("kb", "search", "pasword", "resett", "zebra")),
    (BEN, MON, ("kb", "search", "password", "--format", "jsonl")),
    (DANA, MON, ("advisory", "subscribe", "daily", "--service", "Voice")),
    (LENA, MON, ("advisory", "subscribe")),
    (BEN, MON, ("advisory", "add", "-s", "Calls drop", "-m", "One in five.", "--service", "Voice", "--publish")),
    (BEN, MON, ("advisory", "add", "-s", "Voice is restarted", "-m", "Soon.", "--kind", "maintenance")),
    (BEN, MON, ("advisory", "edit", "2", "--from", "2026-03-24T01:00Z", "--to", "2026-03-24T02:00Z")),
    (BEN, MON, ("advisory", "publish", "2")),
    (BEN, MON, ("advisory", "list")),
    (BEN, MON, ("advisory", "list", "--format", "jsonl")),
    (DANA, MON, ("home",)),
    (DANA, MON, ("advisory", "read", "1")),
    (DANA, MON, ("advisory", "show", "1")),
    (DANA, MON, ("advisory", "subscriptions")),
    (ADA, MON, ("advisory", "subscriptions", "--all", "--format", "jsonl")),
    (BEN, MON, ("advisory", "withdraw", "2", "-m", "Not needed.", "--yes")),
    (LENA, MON, ("advisory", "unsubscribe")),
    (DANA, MON, ("open", "--solved-by", "SA-1", "-s", "Calls drop")),
    ("system", "2026-03-24T15:00:00Z", ("tick", "--dry-run")),
    (DANA, MON, ("kb", "list")),
    (BEN, MON, ("kb", "list", "--format", "jsonl")),
    (DANA, MON, ("kb", "show", "reset-a-password")),
    (BEN, MON, ("kb", "show", "kb-3")),
    (BEN, MON, ("kb", "versions", "1")),
    (BEN, MON, ("kb", "diff", "1")),
    (BEN, MON, ("kb", "retire", "2")),
    (BEN, MON, ("kb", "import", "-")),
    (BEN, MON, ("show", "3")),
    (ADA, MON, ("component", "learn", str(Path(__file__).with_name("tickets.csv")))),
    (ADA, MON, ("component", "learn", "--afresh")),
    (BEN, MON, ("component", "set", "3", "Routing", "-m", "Not the recording.")),
    (ADA, MON, ("component", "learn")),
    (BEN, MON, ("component", "list")),
    (BEN, MON, ("component", "list", "--format", "jsonl")),
    (BEN, MON, ("component", "predict", str(Path(__file__).with_name("tickets.csv")), "--why")),
    (BEN, MON, ("component", "predict", str(Path(__file__).with_name("tickets.csv")), "--format", "jsonl")),
    (BEN, MON, ("mail", "outbox")),
    (BEN, MON, ("mail", "outbox", "3", "--state", "sent", "--format", "jsonl")),
    (BEN, MON, ("mail", "show", "1")),
    (BEN, MON, ("mail", "inbox")),
    (BEN, MON, ("mail", "triage", "list")),
    (ADA, MON, ("mail", "deliver", "--all")),
    (ADA, MON, ("mail", "key", "renew")),
    (ADA, MON, ("mail", "key", "show")),
    (ADA, MON, ("init", "--desk-name", "Ours", "--close-on", "2020-01-01")),
    (ADA, MON, ("complete", "case", "")),
    (ADA, MON, ("completion", "bash")),
    (ADA, MON, ("schema",)),
    (ADA, MON, ("schema", "case")),
    (ADA, MON, ("help", "formats")),
    *FEATURES,
)
FAILURES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (ADA, ("show", "99")),
    (ADA, ("show", "x")),
    (ADA, ("nonsense",)),
    (ADA, ("list", "--nonsense")),
    (ADA, ("list", "--sort", "nonsense")),
    (DANA, ("staff", "list")),
    (DANA, ("reopen", "3", "-m", "x")),
    ("nobody@x.example", ("list",)),
    (ADA, ("schema", "nonsense")),
    (ADA, ("policy", "show", "abcdef12")),
)
NOT_RUN = {
    "postgres roles",
    *("demo", "import", "mail fetch", "mail resend", "attachment confirm"),
    # These in test_mail_receive.py.
    *("mail receive", "mail triage show", "mail triage link", "mail triage discard"),
}
"""Run by tests of their own below."""


def validator(name: str, *, line: bool = False) -> Draft202012Validator:
    """What holds answers against one schema."""
    return Draft202012Validator(schema.one(name, line=line))


def faults(name: str, document: Any, *, line: bool = False) -> list[str]:
    """Where a document is not as the schema says."""
    # Where a document may be one of several kinds, what it lacks to be any of them is told.
    found = [leaf for e in validator(name, line=line).iter_errors(document) for leaf in e.context or [e]]
    return [f"{name}: {'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in found]


def command_of(words: tuple[str, ...]) -> str:
    """The command that words call: `account list`, `tick`."""
    named = {**COMMANDS, **HIDDEN}.get(words[0])
    found = loaded(named) if named and named.target else None
    taken = 1
    while isinstance(found, Family):
        found, taken = found.commands[words[taken]], taken + 1
    return " ".join(words[:taken])


def run(database: str, who: str, now: str, words: tuple[str, ...]) -> Ran:
    """Run a command for JSON; `home` is `care` alone."""
    args = () if words == ("home",) else words
    return Who(database, who, now)(*(() if "jsonl" in words else ("--json",)), *args)


def every_command() -> Iterator[str]:
    """Every command by the words that call it."""
    for name, named in {**COMMANDS, **HIDDEN}.items():
        found = loaded(named) if named.target else None
        yield from (f"{name} {words}" for words, _ in found.every()) if isinstance(found, Family) else [name]


def test_every_answer_is_as_its_schema_says(trial: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CLI: what each command answers with --json, and each JSON line, is what `care schema` prints for it."""
    monkeypatch.chdir(tmp_path)
    found: list[str] = []
    last = ""
    for who, now, told in RUNS:
        words = tuple(last if word is LAST else word for word in told)
        ran = run(trial, who, now, words)
        assert (ran.status in {0, 1, 2, 10}, ran.err) == (True, ""), (words, ran)
        lines = "jsonl" in words
        documents = [json.loads(line) for line in ran.out.splitlines()] if lines else [json.loads(ran.out)]
        assert documents or {"search", "gate"} & {*words}, words
        if words[0] == "open":
            last = documents[0].get("number") or last
        for document in documents:
            found += [f"{' '.join(words)}: {fault}" for fault in faults(command_of(words), document, line=lines)]
    assert not found, "\n".join(found)


def test_every_command_has_a_schema_and_is_tried() -> None:
    """CLI: a command that can answer JSON has a schema, and its answer is held against it above."""
    commands = set(every_command())
    assert commands | {"home", "version"} == set(WHOLE["commands"])
    tried = {command_of(words) for _, _, words in RUNS}
    assert commands - tried == NOT_RUN
    listings = {name for name in commands if any(p.name == "format_" for p in _parameters(name))} - {"doctor"}
    assert set(WHOLE["lines"]) == listings | {"tick", "calendar add", "calendar between"}


def _parameters(name: str) -> list[Any]:
    first, _, member = name.partition(" ")
    named = {**COMMANDS, **HIDDEN}[first]
    found = loaded(named) if named.target else None
    if found is None:
        return []
    return (dict(found.every())[member] if isinstance(found, Family) else found).parameters()


def test_the_demo_and_an_import(tmp_path: Path) -> None:
    """CLI: the demo's answer and an import's are as their schemas say."""
    database = str(tmp_path / "demo.db")
    assert faults("demo", care("--json", "--db", database, "demo").json) == []
    row = other_desks.row
    source = other_desks.lines(row(), row(), row(number="INC2", priority="none"))
    args = ("import", "-", "--from", "servicenow", "--account", "ACME", "--timezone", "UTC")
    imported = Who(database, ADA)("--json", *args, stdin=source).json
    assert imported["refused"]
    assert faults("import", imported) == []


def test_the_answers_without_a_desk(trial: str, tmp_path: Path) -> None:
    """CLI: the version, the page of whoever has no desk, and a monitor that learns nothing."""
    none = str(tmp_path / "none.db")
    assert faults("version", care("--version", "--json").json) == []
    assert faults("home", care("--db", none, "--json").json) == []
    assert faults("home", care("--db", trial, "--json").json) == []
    assert faults("doctor", json.loads(care("--db", none, "doctor", "--check", "--json").out)) == []


def test_the_arithmetic_in_bulk() -> None:
    """CLI: each line that `calendar add -` answers is as the schema says."""
    question = {"zone": "UTC", "week": "24x7", "from": NOW}
    lines = [question | {"amount": "6bh"}, question | {"to": LATER}, question]
    ran = care("calendar", "add", "-", stdin="\n".join(map(json.dumps, lines)).encode())
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [list(answer) for answer in answers] == [["at"], ["open_s"], ["error"]]
    assert [fault for answer in answers for fault in faults("calendar add", answer, line=True)] == []


@pytest.mark.parametrize(
    ("who", "words"), FAILURES, ids=lambda value: value if isinstance(value, str) else value[0]
)
def test_every_error_is_as_its_schema_says(trial: str, who: str, words: tuple[str, ...]) -> None:
    """CLI: an error with --json is one document of one shape on standard error."""
    ran = Who(trial, who)("--json", *words)
    assert ran.status in range(1, 7)
    assert ran.out == ""
    assert faults("error", json.loads(ran.err)) == []


# The schemas themselves


def test_they_are_schemas_that_hold_together() -> None:
    """CLI: what is printed is JSON Schema of 2020-12; references lead somewhere, every definition is used."""
    Draft202012Validator.check_schema(WHOLE)
    definitions = set(WHOLE["$defs"])
    referred = set(schema.references(WHOLE))
    assert referred == definitions
    for name in {*WHOLE["commands"], *definitions}:
        alone = schema.one(name)
        assert set(schema.references(alone)) == set(alone["$defs"]), name


def objects(node: Any) -> Iterator[dict[str, Any]]:
    """Every schema of an object with named properties."""
    if isinstance(node, dict):
        if "properties" in node and node.get("type") == "object":
            yield node
        for value in node.values():
            yield from objects(value)
    elif isinstance(node, list):
        for value in node:
            yield from objects(value)


def test_no_answer_may_say_more_than_its_schema() -> None:
    """CLI: objects are closed, so that a new field fails here; lengths end in _s and moments are instants."""
    closed = list(objects(WHOLE["$defs"]))
    assert len(closed) > 60
    for node in closed:
        assert node["additionalProperties"] is False, node
        assert node["description"], node
        for name, value in node["properties"].items():
            if name.endswith("_s"):
                assert "seconds" in set(schema.references(value)), name
            if name.endswith("_at") or name in {"at", "now", "until"}:
                assert "instant" in set(schema.references(value)), name


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        ("priority", vocabulary.Priority),
        ("status", vocabulary.Status),
        ("substatus", vocabulary.Substatus),
        ("metric", vocabulary.Metric),
        ("plan", vocabulary.Plan),
        ("case-type", vocabulary.CaseType),
        ("via", vocabulary.Via),
        ("role", vocabulary.Role),
        ("event-kind", events.Kind),
        ("clock-state", ClockState),
        ("link-kind", LinkKind),
        ("addressee", Addressee),
        ("effect", Effect),
        ("deadline-kind", DeadlineKind),
        ("deadline-state", DeadlineState),
        ("explained-why", Why),
        ("verify-part", Part),
        ("verify-proof", Proof),
        ("sanitised", Sanitised),
        ("sensitive", Sensitive),
        ("mail-kind", MailKind),
        ("mail-state", MailState),
        ("request-stage", RequestStage),
        ("request-document-kind", PaperKind),
        ("article-status", ArticleStatus),
        ("advisory-kind", AdvisoryKind),
        ("advisory-status", AdvisoryStatus),
        ("frequency", Frequency),
        ("audience", Audience),
    ],
)
def test_the_words_are_those_of_the_desk(definition: str, words: Any) -> None:
    """CLI: the words that a schema allows are those that the desk uses."""
    assert WHOLE["$defs"][definition]["enum"] == [word.value for word in words]


def test_one_schema_alone() -> None:
    """CLI: `care schema NAME` prints one command's, with only the definitions that it needs."""
    shown = care("schema", "account", "list").json
    assert shown["$ref"] == "#/$defs/account-list"
    assert set(shown["$defs"]) == {"account-list", "account-row", "calendar-spec", "plan"}
    assert care("--json", "schema", "account", "list").json == shown
    assert care("schema", "log", "--lines").json["$ref"] == "#/$defs/log-line"
    assert "did you mean" in care("schema", "tik").refused(3)
    assert care("schema", "--lines").refused(2)
    assert care("schema", "show", "--lines").refused(3)
