"""What a tick did and found, as tables: breaches first, then what was done (TICK-2)."""

from collections.abc import Iterator

from carecli.domain.counting import counted
from carecli.domain.escalation import Addressee
from carecli.domain.numbers import written
from carecli.domain.tick_report import Breach, Escalated, Missed, SentDigest, SentFollowUp, TickReport, Warned
from carecli.render.mail import delivery_line
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone
from carecli.render.words import duration, titled, zoned_time

_NUMBER = Column("number", "Number")
_CLOCK_COLUMNS = (
    Column("metric", "Clock"),
    Column("priority", "Priority"),
    Column("account", "Account", rank=1, least=12),
    Column("owner", "Owner", rank=2, least=12),
    Column("due_at", "Due"),
)
BREACH_COLUMNS = (_NUMBER, *_CLOCK_COLUMNS, Column("overdue_s", "Overdue", right=True), Column("new", "New"))
WARNING_COLUMNS = (_NUMBER, *_CLOCK_COLUMNS, Column("left_s", "Left", right=True))
ESCALATION_COLUMNS = (
    _NUMBER,
    Column("to", "To"),
    Column("since", "Since"),
    Column("by", "By", rank=1, least=14),
    Column("priority", "Priority", rank=2),
    Column("wanted_priority", "Wanted", rank=3),
    Column("account", "Account", rank=5, least=12),
    Column("owner", "Owner", rank=4, least=12),
    Column("reason", "Reason", least=16),
)
DEADLINE_COLUMNS = (
    _NUMBER,
    Column("kind", "Deadline"),
    Column("about", "About", rank=3, least=16),
    Column("account", "Account", rank=1, least=12),
    Column("owner", "Owner", rank=2, least=12),
    Column("due_at", "Due"),
    Column("overdue_s", "Overdue", right=True),
    Column("new", "New"),
)
FOLLOWUP_COLUMNS = (
    _NUMBER,
    Column("action", "Sent"),
    Column("stage", "Stage", right=True),
    Column("contact", "To", least=16),
    Column("due_at", "Due"),
    Column("delayed", "Pace"),
)
DIGEST_COLUMNS = (Column("person", "To"), Column("due_at", "Due"), Column("advisories", "Advisories", least=20))


def tick_page(report: TickReport, zone: str) -> list[Section]:
    """The tables that have something to say, and a summary at the end."""
    return [*_tables(report, zone), *_done(report, zone), Prose("Tick", "\n".join(_summary(report, zone)))]


def _tables(report: TickReport, zone: str) -> Iterator[Sheet]:
    """What stands."""
    if report.breaches:
        fresh = sum(breach.new for breach in report.breaches)
        title = f"Breaches: {len(report.breaches)} ({fresh} new)"
        yield Sheet(title, BREACH_COLUMNS, tuple(_breach(b) for b in report.breaches), zone)
    if report.warnings:
        title = f"Warnings: {len(report.warnings)}"
        yield Sheet(title, WARNING_COLUMNS, tuple(_warned(w) for w in report.warnings), zone)
    if report.deadlines:
        fresh = sum(missed.new for missed in report.deadlines)
        title = f"Deadlines missed: {len(report.deadlines)} ({fresh} new)"
        yield Sheet(title, DEADLINE_COLUMNS, tuple(_missed(m) for m in report.deadlines), zone)
    if report.escalations:
        title = f"Escalated: {len(report.escalations)}"
        yield Sheet(title, ESCALATION_COLUMNS, tuple(_escalated(e) for e in report.escalations), zone)


def _done(report: TickReport, zone: str) -> Iterator[Sheet]:
    """What this tick has done."""
    if report.followups:
        title = f"Follow-ups: {len(report.followups)}"
        yield Sheet(title, FOLLOWUP_COLUMNS, tuple(_sent(s) for s in report.followups), zone)
    if report.digests:
        yield Sheet(f"Digests: {len(report.digests)}", DIGEST_COLUMNS, tuple(map(_digest, report.digests)), zone)
    if report.closed:
        rows = tuple((Cell(written(number), tone=Tone.STRONG),) for number in report.closed)
        yield Sheet(f"Closed by auto follow-up: {len(report.closed)}", (_NUMBER,), rows, zone)
    if report.held:
        rows = tuple((Cell(written(number), tone=Tone.WARNING),) for number in report.held)
        yield Sheet(f"Held, mail undelivered: {len(report.held)}", (_NUMBER,), rows, zone)


def _clock_cells(standing: Breach | Warned) -> tuple[Cell, ...]:
    return (
        Cell(written(standing.number), tone=Tone.STRONG),
        Cell(standing.metric.value, titled(standing.metric)),
        Cell(standing.priority.value),
        Cell(standing.account),
        Cell(standing.owner, standing.owner or "nobody"),
        Cell(standing.due_at),
    )


def _breach(breach: Breach) -> tuple[Cell, ...]:
    overdue = Cell(breach.overdue_s, duration(breach.overdue_s), Tone.ALARM)
    new = Cell(breach.new, "NEW" if breach.new else "", Tone.ALARM)
    return (*_clock_cells(breach), overdue, new)


def _warned(warned: Warned) -> tuple[Cell, ...]:
    return (*_clock_cells(warned), Cell(warned.left_s, duration(warned.left_s), Tone.WARNING))


def _missed(missed: Missed) -> tuple[Cell, ...]:
    return (
        Cell(written(missed.number), tone=Tone.STRONG),
        Cell(missed.kind.value, titled(missed.kind)),
        Cell(missed.about),
        Cell(missed.account),
        Cell(missed.owner, missed.owner or "nobody"),
        Cell(missed.due_at),
        Cell(missed.overdue_s, duration(missed.overdue_s), Tone.ALARM),
        Cell(missed.new, "NEW" if missed.new else "", Tone.ALARM),
    )


def _escalated(escalated: Escalated) -> tuple[Cell, ...]:
    wanted = escalated.wanted_priority
    return (
        Cell(written(escalated.number), tone=Tone.STRONG),
        Cell(escalated.to.value, "CXM" if escalated.to is Addressee.CXM else titled(escalated.to), Tone.ALARM),
        Cell(escalated.since),
        Cell(escalated.by),
        Cell(escalated.priority.value),
        Cell(wanted.value if wanted else None),
        Cell(escalated.account),
        Cell(escalated.owner, escalated.owner or "nobody"),
        Cell(escalated.reason),
    )


def _sent(sent: SentFollowUp) -> tuple[Cell, ...]:
    return (
        Cell(written(sent.number), tone=Tone.STRONG),
        Cell(sent.action, titled(sent.action)),
        Cell(sent.stage, f"#{sent.stage}"),
        Cell(sent.contact),
        Cell(sent.due_at),
        Cell(sent.delayed, "DELAYED" if sent.delayed else "", Tone.WARNING),
    )


def _digest(sent: SentDigest) -> tuple[Cell, ...]:
    from carecli.domain.advisory import label

    told = ", ".join(map(label, sent.advisories))
    return Cell(sent.person, tone=Tone.STRONG), Cell(sent.due_at), Cell(told, told or "nothing any more")


def _summary(report: TickReport, zone: str) -> Iterator[str]:
    dry = "would have fired" if report.dry_run else "fired"
    last = zoned_time(report.last_tick_at, zone) if report.last_tick_at else "never"
    yield f"{zoned_time(report.now, zone)}, last tick {last}: {counted(report.fired, 'timer')} {dry}"
    if not report.breaches:
        yield "no clock stands breached"
    delayed = sum(sent.delayed for sent in report.followups)
    if delayed:
        yield f"{counted(delayed, 'follow-up')} went out late; the stages behind moved along"
    yield delivery_line(report.mail, zone)
    yield f"next timer {zoned_time(report.next_due_at, zone)}" if report.next_due_at else "no timer waits"
