"""A policy as people look at it: promises, the meaning of priorities, and the desk's habits (SLA-1, SEV-1)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from carecli.domain.counting import counted
from carecli.domain.policy import OLDER_PHONE
from carecli.domain.policy_diff import Setting
from carecli.domain.policy_views import Judged, Listed, PolicyView
from carecli.domain.vocabulary import Metric, Plan, Priority
from carecli.render import json_text, policy_tables
from carecli.render.judged import verdict
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone
from carecli.render.words import titled

_FACTS = (Column("field", "Field"), Column("value", "Value", least=30))
TARGET_COLUMNS = (
    Column("plan", "Plan"),
    Column("priority", "Priority"),
    *(Column(metric.value, metric.title()) for metric in Metric),
)
SEVERITY_COLUMNS = (Column("priority", "Priority"), Column("meaning", "Meaning", least=30))
DIFFERENCE_COLUMNS = (
    Column("setting", "Setting"),
    Column("old", "Old", least=12),
    Column("new", "New", least=12),
)
LIST_COLUMNS = (
    Column("name", "Policy", least=16),
    Column("digest", "Digest", least=12),
    Column("shipped", "Shipped"),
    Column("in_force", "In force"),
)
_UNITS = "m and h run day and night, bh and bd in business time; - promises nothing"
_SOURCES = {
    "desk": "in force on this desk",
    "shipped": "shipped with care",
    "file": "the file {of}",
    "case": "case {of}",
    "record": "this desk's record",
}


def policy_page(view: PolicyView) -> list[Section]:
    """One policy, whole."""
    document = view.document
    return [
        _facts(f"Policy {document['name']}", _origin(view)),
        _targets(document["targets"]),
        _severities(document["severity"]),
        _facts("Clocks", _clocks(document["sla"])),
        _facts("Auto follow-up", _follow_up(document["followup"])),
        _facts("Cases", _cases(document)),
        *(_plan(document["plans"][plan.value]) for plan in Plan),
        *policy_tables.tables(document),
    ]


def _facts(title: str, facts: Iterator[tuple[str, str]]) -> Sheet:
    rows = tuple((Cell(name, tone=Tone.QUIET), Cell(value)) for name, value in facts)
    return Sheet(title, _FACTS, rows, headed=False)


def _origin(view: PolicyView) -> Iterator[tuple[str, str]]:
    yield "From", _SOURCES[view.source].format(of=view.of)
    yield "Digest", view.digest
    if view.source != "desk" and view.in_force is not None:
        yield "In force", "yes" if view.in_force else "no: new cases are opened under another"


def _targets(targets: Mapping[str, Mapping[str, Mapping[str, str]]]) -> Sheet:
    rows = tuple(
        (
            Cell(plan.value, titled(plan)),
            Cell(priority.value, f"{priority.severity}-{priority.title()}"),
            *(Cell(targets[plan.value][priority.value][metric.value]) for metric in Metric),
        )
        for plan in Plan
        for priority in Priority
    )
    return Sheet("Targets", TARGET_COLUMNS, rows, note=_UNITS)


def _severities(severity: Mapping[str, str]) -> Sheet:
    rows = tuple(
        (
            Cell(priority.value, f"{priority.severity}-{priority.title()}", Tone.STRONG),
            Cell(severity[priority.value]),
        )
        for priority in Priority
    )
    return Sheet("Priorities", SEVERITY_COLUMNS, rows, headed=False)


def _clocks(sla: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    pauses = ", ".join(map(titled, sla["pause"]))
    yield "Run for", ", ".join(map(titled, sla["types"])) or "no case"
    yield "Warn at", f"{sla['warn_at_percent']} % of a target"
    yield "Pause", f"restoration and resolution in {pauses}" if pauses else "never"
    from_open = sla["raise_base"] == "from-open"
    yield "A raised priority", f"counts from {'the opening of the case' if from_open else 'the raise'}"
    yield "Goal", f"{sla['restoration_goal_percent']} % of restorations in time"


def _follow_up(followup: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    *reminders, last = followup["stages"]
    kind = "business" if followup["days"] == "business" else "calendar"
    for place, day in enumerate(reminders, 1):
        yield f"Reminder #{place}", f"after {counted(day, f'{kind} day')}"
    yield "Close", f"after {counted(last, f'{kind} day')}"
    paced = followup["catch_up"] == "pace"
    late = "the stages behind it move along" if paced else "stages still fire at their own times"
    yield "A late tick", f"by more than {followup['grace']}: {late}"


def _cases(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    opening, reopen, phone = document["opening"], document["reopen"], document["phone"]
    yield "Subject", f"at most {counted(opening['subject_max'], 'character')}"
    yield "Description", f"at least {counted(opening['description_min_words'], 'word')}"
    yield "Details", "needed at the opening" if opening.get("require_details") else "may follow the opening"
    yield "Prompts", " ".join(opening["prompts"]) or "none"
    resolved = ", never one that was marked Resolved" if reopen["refuse_resolved"] else ""
    yield "Reopening", f"within {counted(reopen['within_days'], 'day')} of closing{resolved}"
    yield "Phone", phone["number"] or "none"
    yield "PIN", "asked of callers" if phone["ask_pin"] else "not asked of callers"
    pins = {**OLDER_PHONE, **phone}
    yield "Wrong PINs", f"{pins['pin_tries']} in a row lock the PIN for {pins['pin_locked']}"
    yield "Mail", "held overnight unless Critical" if document["mail"]["quiet_hours"] else "sent at any hour"
    yield "Lists", f"{counted(document['list']['page_size'], 'case')} a page"
    yield "Product groups", ", ".join(document["product_groups"]["names"]) or "none"


def _plan(plan: Mapping[str, Any]) -> Prose:
    return Prose(plan["title"], "\n".join(plan["features"]) or "nothing")


def judged_page(verdicts: Sequence[Judged]) -> list[Section]:
    """Policies with what is wrong with them, each under its name."""
    return [verdict(one.file or "The policy in force", one.problems, one.warnings) for one in verdicts]


def policy_sheet(rows: Sequence[Listed]) -> Sheet:
    """The policies that can be named."""
    cells = tuple(
        (
            Cell(row.name, tone=Tone.STRONG),
            Cell(row.digest, row.digest[:12]),
            Cell(row.shipped),
            Cell(row.in_force),
        )
        for row in rows
    )
    return Sheet("Policies", LIST_COLUMNS, cells)


def difference_sheet(old: PolicyView, new: PolicyView, rows: Sequence[Setting]) -> Sheet:
    """What differs between two policies, as a policy file writes it."""
    cells = tuple((Cell(row.setting, tone=Tone.STRONG), _value(row.old), _value(row.new)) for row in rows)
    title = f"{_titled(old)} -> {_titled(new)}"
    note = f"settings that differ: {len(rows)}" if rows else "no setting differs"
    return Sheet(title, DIFFERENCE_COLUMNS, cells, note=note)


def _titled(view: PolicyView) -> str:
    found = f"case {view.of}" if view.source == "case" else view.of or view.document["name"]
    return f"{found} {view.digest[:12]}"


def _value(value: Any) -> Cell:
    if value is None:
        return Cell(None, "-")
    if isinstance(value, str):
        return Cell(value)
    return Cell(json_text.json_text(value))
