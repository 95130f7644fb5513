"""Cases as people look at them: the list, one case whole, and the line that a command answers with."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from carecli.domain import splitting
from carecli.domain.case import Case
from carecli.domain.counting import counted
from carecli.domain.escalation import TITLES, Addressee
from carecli.domain.events import Kind, Recorded
from carecli.domain.instants import instant
from carecli.domain.linking import Link
from carecli.domain.numbers import written
from carecli.domain.views import CasePage, CaseView
from carecli.domain.vocabulary import Priority, Via
from carecli.render import attachment, chat, exemption, incident, rebasing, request
from carecli.render.clocks import clock_sheet
from carecli.render.deadlines import deadline_sheet
from carecli.render.export import CASE_COLUMNS, CLOCK_COLUMNS, clock_cells
from carecli.render.next_step import next_step, ways_out
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone
from carecli.render.words import titled, zoned_time

HELD, ESCALATED = " (mail held)", "! "
SNIPPET = Column("snippet", "Found", rank=2, least=24)

_PRIORITY_TONES = {Priority.CRITICAL: Tone.ALARM, Priority.HIGH: Tone.WARNING}


def case_sheet(page: CasePage, zone: str, *, title: str = "Cases") -> Sheet:
    """A page of cases (FIND-2)."""
    found = any(view.snippet for view in page.views)
    columns = (*CASE_COLUMNS[:2], *((SNIPPET,) if found else ()), *CASE_COLUMNS[2:], *CLOCK_COLUMNS)
    rows = tuple(_case_row(view, found=found) for view in page.views)
    return Sheet(title, columns, rows, zone, note=_page_note(page))


def _case_row(view: CaseView, *, found: bool) -> tuple[Cell, ...]:
    case = view.case
    substatus = case.standing.substatus
    return (
        Cell(written(case.number), tone=Tone.STRONG),
        Cell(case.subject),
        *((Cell(view.snippet),) if found else ()),
        Cell(case.account),
        Cell(case.deployment),
        Cell(case.service),
        Cell(case.component),
        Cell(case.type.value, titled(case.type)),
        Cell(case.priority.value, tone=_PRIORITY_TONES.get(case.priority, Tone.PLAIN)),
        _status(case),
        Cell(substatus.value, titled(substatus)),
        Cell(case.contact),
        Cell(case.owner),
        Cell(case.opened_at),
        Cell(case.modified_at),
        Cell(case.subtype, titled(case.subtype)),
        Cell(case.stage, titled(case.stage)),
        Cell(case.plan.value, titled(case.plan)),
        Cell(case.group),
        Cell(case.priority.severity),
        Cell(case.via.value),
        Cell(case.closed_at),
        Cell(case.closed_by),
        Cell(case.escalated, "yes" if case.escalated else ""),
        *clock_cells(view.state),
    )


def _page_note(page: CasePage) -> str:
    tabs = ", ".join(f"{titled(tab)} {count:,}" for tab, count in page.tabs.items() if count)
    notes = [counted(page.total, "case"), *([tabs] if tabs else [])]
    if page.pages > 1:
        more = f", next: --page {page.page + 1}" if page.page < page.pages else ""
        notes.append(f"page {page.page} of {page.pages}{more}")
    if any(view.state["escalated"] for view in page.views):
        notes.append(f"{ESCALATED}escalated")
    if page.ranked is not None:
        notes.append(f"ranked among the newest {page.ranked:,} hits")
    return " · ".join(notes)


def _status(case: Case) -> Cell:
    """A status, marked where an escalation stands (ESC-1), or a ladder waits as its mail did not arrive (FU-6)."""
    held = HELD if case.followup and case.followup.held else ""
    if case.escalated:
        return Cell(case.status.value, ESCALATED + titled(case.status) + held, Tone.ALARM)
    if held:
        return Cell(case.status.value, titled(case.status) + held, Tone.WARNING)
    return Cell(case.status.value, titled(case.status), Tone.QUIET if case.closed else Tone.PLAIN)


def case_page(view: CaseView, zone: str, now: datetime) -> list[Section]:
    """One case: what it is, what is promised, what happens next, and what was said (TICK-3)."""
    case = view.case
    sections: list[Section] = [_facts(case, zone)]
    if case.clocks:
        sections.append(clock_sheet(view, zone, now))
    if case.exemptions:
        sections.append(exemption.exemption_sheet(case, zone))
    if case.deadlines:
        sections.append(deadline_sheet(case, zone, now))
    step = next_step(view, zone)
    steps = [*([step] if step else []), *ways_out(case), *request.ways_out(case)]
    if steps:
        sections.append(Prose("Next", "\n".join(steps)))
    sections.append(Prose("Description", case.description))
    if case.impact:
        sections.append(Prose("Business impact", case.impact))
    if papers := request.sheet(case, zone):
        sections.append(papers)
    if view.attachments:
        sections.append(attachment.sheet(view.attachments, zone))
    return [*sections, *_updates(view, zone)]


def _updates(view: CaseView, zone: str) -> Iterator[Prose]:
    """What was said, newest first; a chat stands as one."""
    moved = splitting.moved(entry.event for entry in view.updates)
    for entry in chat.gathered(view.updates):
        if isinstance(entry, Recorded):
            if entry.event.kind is not Kind.OPENED:
                yield _update(entry, zone, moved.get(entry.seq))
        else:
            yield chat.section(entry, zone, chat.SHOWN)


def _facts(case: Case, zone: str) -> Sheet:
    where = " / ".join(part for part in (case.deployment, case.service, case.component) if part)
    status = f"{titled(case.status)} / {titled(case.standing.substatus)}"
    facts: list[tuple[str, str | datetime | None, Tone]] = [
        ("Status", status, Tone.STRONG),
        (
            "Priority",
            f"{case.priority.severity}-{case.priority.title()}",
            _PRIORITY_TONES.get(case.priority, Tone.PLAIN),
        ),
        *_escalation(case, zone),
        ("Type", " / ".join(filter(None, (titled(case.type), titled(case.subtype)))), Tone.PLAIN),
        ("Request", request.stage(case), Tone.PLAIN),
        ("Account", f"{case.account} ({titled(case.plan)})", Tone.PLAIN),
        ("Service", where, Tone.PLAIN),
        ("Stage", titled(case.stage), Tone.PLAIN),
        ("Contact", case.contact, Tone.PLAIN),
        ("Owner", case.owner or "nobody yet", Tone.PLAIN),
        ("Group", case.group, Tone.PLAIN),
        ("Opened", case.opened_at, Tone.PLAIN),
        ("Modified", case.modified_at, Tone.PLAIN),
        ("Closed", case.closed_at, Tone.PLAIN),
        ("Closed by", case.closed_by, Tone.PLAIN),
        ("Root cause", case.root_cause, Tone.PLAIN),
        ("Release", case.release, Tone.PLAIN),
        ("Defect", case.defect, Tone.PLAIN),
        ("Articles", ", ".join(case.articles), Tone.PLAIN),
        *((_field_name(name), str(value), Tone.PLAIN) for name, value in case.fields.items()),
        *_intake(case, zone),
        *((titled(link.kind), _linked(link), Tone.PLAIN) for link in case.links),
    ]
    rows = tuple((Cell(name, tone=Tone.QUIET), Cell(value, tone=tone)) for name, value, tone in facts if value)
    columns = (Column("field", "Field"), Column("value", "Value", least=30))
    return Sheet(f"{written(case.number)}  {case.subject}", columns, rows, zone, headed=False)


def _intake(case: Case, zone: str) -> Iterator[tuple[str, str, Tone]]:
    """What was kept of the opening; its assessment is there for staff alone (OPEN-5, OPEN-6, ROUTE-1, MNT-1)."""
    window = case.intake.get("maintenance")
    if window:
        since, until = (zoned_time(instant(window[key]), zone) for key in ("starts_at", "ends_at"))
        yield "Opened during maintenance", f"of {window['product']}, {since} to {until}", Tone.WARNING
    chosen = case.intake.get("selection")
    if chosen:
        named = ", ".join(f"{c['component']} {c['share']:.0%}" for c in chosen["candidates"])
        yield "Component by its words", named, Tone.PLAIN
    answers = case.intake.get("checklist") or {}
    for name, said in (("yes", True), ("no", False)):
        items = ", ".join(key for key, answer in answers.items() if answer is said)
        if items:
            yield f"Checklist, {name}", items, Tone.PLAIN
    found = case.intake.get("assessment")
    if found:
        yield "Assessed", _assessed(found), Tone.PLAIN


def _assessed(found: Mapping[str, Any]) -> str:
    lacking = ", ".join(_field_name(name).lower() for name in found["missing"])
    complete = f"incomplete, lacks {lacking}" if lacking else "complete"
    facts = f" ({', '.join(found['facts'])})" if found["facts"] else ""
    return f"{complete}; criticality {found['criticality']}; {found['complexity']}{facts}"


def _escalation(case: Case, zone: str) -> Iterator[tuple[str, str, Tone]]:
    """To whom a case is escalated, by whom and since when, and what priority is wished for (ESC-1)."""
    if raised := case.escalation:
        told = f"to {TITLES[raised.to]}, by {raised.by}, since {zoned_time(raised.since, zone)}"
        yield "Escalated", told + _wish(raised.priority), Tone.ALARM


def _wish(priority: str | None) -> str:
    return f"; wanted: priority {priority}" if priority else ""


def _linked(link: Link) -> str:
    hidden = " (another account's, for staff alone)" if link.internal else ""
    return written(link.number) + hidden


def _field_name(key: str) -> str:
    # Only the first letter: a customer's DN is no Dn.
    return f"{key[:1].upper()}{key[1:]}".replace("_", " ")


CHANNELS = {Via.PHONE: " by phone", Via.EMAIL: " by mail"}
"""How an event came in, where that is worth a word."""


def _update(entry: Recorded, zone: str, moved_to: int | None = None) -> Prose:
    event = entry.event
    channel = "" if "mail_kind" in event.data else CHANNELS.get(event.via, "")
    hidden = "" if event.public else " (internal note)"
    moved = f" (moved to case {written(moved_to)})" if moved_to else ""
    title = f"{zoned_time(event.at, zone)}  {event.actor}: {titled(event.kind)}{channel}{hidden}{moved}"
    return Prose(title, "\n".join(_told(entry, zone)), Tone.PLAIN if event.public else Tone.QUIET)


def _told(entry: Recorded, zone: str) -> Iterator[str]:
    """An event in words: what changed, then what was written."""
    data = entry.event.data
    yield from _changes(data)
    yield from exemption.told(entry.event, zone)
    yield from rebasing.told(entry.event)
    yield from request.told(entry.event)
    if data.get("logged_by"):
        yield f"logged by {data['logged_by']}"
    if entry.event.kind is Kind.SPLIT:
        stays = f"; here stay its files {', '.join(data['stays'])}" if "stays" in data else ""
        yield f"update {data['seq']} is an issue of its own: case {written(data['number'])}{stays}"
    yield from incident.told(entry.event)
    if entry.event.kind is Kind.REPORT_SENT:
        # It is a page of its own: here it would hide what else was said.
        yield f"to {', '.join(data['addressed'])}; to read it: care incident report {written(entry.number or 0)}"
    elif data.get("text"):
        yield data["text"]
    yield from map(attachment.told, data.get("files", ()))
    if entry.event.kind is Kind.SANITISED:
        yield f"file {data['file']} is said to hold no customer data"
    if "mail" in data and "mail_kind" not in data:
        yield f"the original: care mail show {data['mail']}"


def _changes(data: Mapping[str, Any]) -> Iterator[str]:
    if "stage" in data and "action" in data:
        yield f"{titled(data['action'])} #{data['stage']} of the auto follow-up to {data['contact']}"
        if delayed := data.get("delayed"):
            yield f"delayed, no tick from {delayed['from'] or 'the beginning'} to {delayed['to']}"
    if "status" in data:
        yield f"-> {titled(data['status'])} / {titled(data['substatus'])}"
    if "priority" in data and "was" in data:
        yield f"priority {data['was']} -> {data['priority']}"
    if "wanted_priority" in data:
        yield f"to {TITLES[Addressee(data['to'])]}: {', '.join(data['addressed'])}{_wish(data['wanted_priority'])}"
    if "mail_kind" in data:
        yield f"{titled(data['mail_kind'])}, mail {data['mail']} to {data['to']}: {data['reason']}"
    if "owner" in data:
        yield f"owner {data['owner'] or 'nobody'}, group {data['group'] or 'none'}"
