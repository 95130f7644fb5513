"""The home page as people see it: counts, what needs them next, what time will do, and whether it runs."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from carecli.domain.access import Actor, Right
from carecli.domain.counting import counted
from carecli.domain.home import Home, Machinery, Need, NeedKind, Waiting, Welcome
from carecli.domain.numbers import written
from carecli.domain.vocabulary import Priority
from carecli.render.advisory import announcement_sheet
from carecli.render.chat import calling_sheet
from carecli.render.forecast import coming_sheet, what
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone
from carecli.render.words import duration, titled, zoned_time

_CASE: Final = (
    Column("number", "Number"),
    Column("subject", "Subject", least=14),
    Column("account", "Account", rank=2, least=12),
    Column("priority", "Priority"),
)
_ANSWER: Final = (
    Column("number", "Number"),
    Column("subject", "Subject", least=10),
    Column("status", "Status", rank=1),
    Column("next", "Next"),
    Column("next_at", "When"),
    Column("command", "Answer with"),
)
_LEFT: Final = Column("left_s", "Left", right=True)
_CLOCK: Final = (*_CASE, Column("metric", "Clock"), Column("due_at", "Due"), _LEFT)
_OVERDUE: Final = (*_CLOCK[:-1], _LEFT._replace(title="Overdue"))
_LATE: Final = (*_CASE, Column("deadline", "Deadline"), Column("due_at", "Due"), _OVERDUE[-1])
_CASE_ONLY: Final = (*_CASE, Column("status", "Status", rank=1), Column("modified_at", "Modified"))

_STEPS: Final = (Column("command", "Command"), Column("does", "Does", least=20))

_TITLES: Final = {
    NeedKind.ANSWER: "Waiting for your answer",
    NeedKind.ESCALATED: "Escalated",
    NeedKind.BREACHED: "Breached",
    NeedKind.WARNED: "Soon to breach",
    NeedKind.LATE: "Deadlines missed",
    NeedKind.RESPONDED: "The customer responded",
    NeedKind.UNASSIGNED: "Without an owner",
}
_PRIORITY_TONES: Final = {Priority.CRITICAL: Tone.ALARM, Priority.HIGH: Tone.WARNING}
_REASONS: Final = {
    "no-database": "there is no desk at {database} yet",
    "no-actor": "the desk at {database} does not know who you are yet",
    "system": "the desk at {database}; `system` acts for cron and has no cases of its own",
}


def home_page(page: Home, zone: str) -> list[Section]:
    """What the actor should know first."""
    sections: list[Section] = [Prose(_heading(page, zone), "\n".join(_counts(page)))]
    if page.announcements and page.announcements.first:
        sections.append(announcement_sheet(page.announcements, page.now, zone))
    if page.chats:
        sections.append(calling_sheet(page.chats, zone))
    sections += [_need(need, page.now, zone) for need in page.needs]
    if page.coming:
        title = "Promised next" if page.actor.is_contact else "Next, if nobody acts"
        note = "care forecast tells more"
        promised = page.actor.is_contact
        sections.append(coming_sheet(title, page.coming, page.now, zone, note=note, promised=promised))
    if page.machinery:
        tone = Tone.ALARM if page.machinery.late or page.machinery.mail_failed else Tone.PLAIN
        sections.append(Prose("Time and mail", "\n".join(_machinery(page.machinery, page.now, zone)), tone))
    return sections


def welcome_page(page: Welcome) -> list[Section]:
    """How to begin."""
    steps = tuple((Cell(command, tone=Tone.GOOD), Cell(does)) for command, does in page.steps)
    return [
        Prose("care: a support desk in your terminal", _REASONS[page.reason].format(database=page.database)),
        Sheet("Begin with", _STEPS, steps, headed=False),
    ]


def _heading(page: Home, zone: str) -> str:
    return f"{page.desk}: {page.actor.email}, {_standing(page.actor)}  {zoned_time(page.now, zone)}"


def _standing(actor: Actor) -> str:
    if actor.is_contact:
        return str(actor.account)
    return " ".join(filter(None, (actor.group, actor.role and actor.role.value)))


def _counts(page: Home) -> Iterator[str]:
    if page.counts is None:
        yield from _without_cases(page.actor)
        return
    told = ", ".join(f"{titled(tab)} {count:,}" for tab, count in page.counts.items() if count)
    yield f"{told} ({page.counts_command})" if told else "no cases"
    if page.triage:
        yield f"mail in triage: {page.triage:,} (care mail triage list)"
    elif not page.needs:
        yield "nothing waits for you"
    yield from _first_steps(page)


def _without_cases(actor: Actor) -> Iterator[str]:
    """What whoever sees no cases may do (DC-1, DC-6)."""
    from shlex import quote

    yield "with basic access you see no cases; what you can see and do:"
    yield "care advisory list"
    yield "care kb search WORDS"
    yield "care contact list"
    yield f"care account show {quote(str(actor.account))}"
    yield f"care contact edit {quote(actor.email)} --phone NUMBER"


def _first_steps(page: Home) -> Iterator[str]:
    """What is still to do on a desk without cases."""
    if page.counts and any(page.counts.values()):
        return
    if Right.ADMINISTER in page.actor.rights:
        yield _in_turn(page.lacking)
    elif Right.ACT_AS_CUSTOMER in page.actor.rights:
        yield "care open opens a case"


def _in_turn(lacking: tuple[str, ...]) -> str:
    commands = [f"care {part} add" for part in lacking]
    if not commands:
        return "next: care open (it has --help)"
    return f"first: {', '.join(commands)}, then care open (each has --help)"


def _need(need: Need, now: datetime, zone: str) -> Sheet:
    columns, row = {
        NeedKind.ANSWER: (_ANSWER, _answer_row),
        NeedKind.BREACHED: (_OVERDUE, _clock_row),
        NeedKind.WARNED: (_CLOCK, _clock_row),
        NeedKind.LATE: (_LATE, _late_row),
    }.get(need.kind, (_CASE_ONLY, _case_row))
    rows = tuple(row(waiting, now) for waiting in need.waiting)
    sheet = Sheet(f"{_TITLES[need.kind]}: {need.total:,}", columns, rows, zone, _note(need))
    acts = any(waiting.command for waiting in need.waiting)
    return sheet.picked_places([p for p, column in enumerate(columns) if acts or column.key != "command"])


def _note(need: Need) -> str | None:
    notes = []
    if any(waiting.command and waiting.command.startswith("care accept") for waiting in need.waiting):
        notes.append("not solved? care reject NUMBER -m WHY")
    if need.total > len(need.waiting):
        notes.append(f"{len(need.waiting)} of {need.total:,}; all: {need.command}")
    return " · ".join(notes) or None


def _answer_row(waiting: Waiting, _now: datetime) -> tuple[Cell, ...]:
    case, coming = waiting.case, waiting.coming
    held = case.followup is not None and case.followup.held
    following = what(coming) if coming else "mail held" if held else ""
    return (
        Cell(written(case.number), tone=Tone.STRONG),
        Cell(case.subject),
        Cell(case.status.value, titled(case.status)),
        Cell(coming.effect.value if coming else None, following),
        Cell(coming.due_at if coming else None),
        Cell(waiting.command, tone=Tone.GOOD),
    )


def _case_cells(waiting: Waiting) -> tuple[Cell, ...]:
    case = waiting.case
    return (
        Cell(written(case.number), tone=Tone.STRONG),
        Cell(case.subject),
        Cell(case.account),
        Cell(case.priority.value, tone=_PRIORITY_TONES.get(case.priority, Tone.PLAIN)),
    )


def _clock_row(waiting: Waiting, now: datetime) -> tuple[Cell, ...]:
    clock = waiting.clock
    assert clock is not None, "it stands here for its clock"
    left = int((clock.due_at - now).total_seconds())
    shown = "due now" if left <= 0 and clock.breached_at is None else duration(abs(left))
    if left > 0 and clock.breached_at:  # a tick in time to come called it breached
        shown = f"in {shown}"
    told = Cell(left, shown, Tone.WARNING if left > 0 else Tone.ALARM)
    return (*_case_cells(waiting), Cell(clock.metric.value, titled(clock.metric)), Cell(clock.due_at), told)


def _late_row(waiting: Waiting, now: datetime) -> tuple[Cell, ...]:
    one = waiting.deadline
    assert one is not None, "it stands here for its deadline"
    left = int((one.due_at - now).total_seconds())
    told = Cell(left, duration(-left) if left <= 0 else f"in {duration(left)}", Tone.ALARM)
    return (*_case_cells(waiting), Cell(one.kind.value, titled(one.kind)), Cell(one.due_at), told)


def _case_row(waiting: Waiting, _now: datetime) -> tuple[Cell, ...]:
    case = waiting.case
    return (*_case_cells(waiting), Cell(case.status.value, titled(case.status)), Cell(case.modified_at))


def _machinery(machinery: Machinery, now: datetime, zone: str) -> Iterator[str]:
    last = machinery.last_tick_at
    yield f"last tick {zoned_time(last, zone)}" if last else "the tick has never run; cron calls `care tick`"
    if machinery.late:
        yield "LATE: `care tick` catches up, `care doctor` tells what mends it"
    if machinery.due_since:
        yield f"timers have been due for {duration(int((now - machinery.due_since).total_seconds()))}"
    waiting, failed = machinery.mail_waiting, machinery.mail_failed
    if failed:
        yield f"mail: {counted(waiting, 'mail')} waiting, {failed:,} failed; the next tick tries again"
    elif waiting:
        them = "it" if waiting == 1 else "them"
        yield f"mail: {counted(waiting, 'mail')} waiting; the next tick delivers {them}"
