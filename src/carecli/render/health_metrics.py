"""How the desk is doing, for monitors: a line as Nagios reads it, and Prometheus' text exposition (TICK-4)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from carecli.domain.counting import counted
from carecli.domain.health import Pulse, Watch
from carecli.render import legible
from carecli.render.words import duration


class Metric(NamedTuple):
    """What is measured; its values by their labels, as `state="queued"`. A counter only ever grows."""

    name: str
    help: str
    values: Mapping[str, int]
    kind: str = "gauge"


def watch_line(pulse: Pulse) -> str:
    """One line: state, what is the matter, and behind a bar the figures."""
    return f"CARE {pulse.watch.name} - {', '.join(_matters(pulse))} | {' '.join(_performance(pulse))}"


def unknown_line(message: str) -> str:
    """The line where nothing can be known; a bar in it would begin figures."""
    return f"CARE {Watch.UNKNOWN.name} - {legible.line(message).replace('|', '/')}"


def _matters(pulse: Pulse) -> Iterator[str]:
    vitals = pulse.vitals
    for count, of, what in (
        (vitals.clocks_breached, "clock", "breached"),
        (vitals.clocks_warned, "clock", "warned"),
        (vitals.clocks_unmarked, "clock", "due and not marked"),
        (vitals.deadlines_missed, "deadline", "missed"),
        (vitals.mail_stuck, "mail", "stuck"),
        (vitals.mail_given_up, "mail", "given up"),
        (vitals.mail_bounced, "mail", "bounced"),
        (len(vitals.held), "follow-up", "held"),
    ):
        if count:
            yield f"{counted(count, of)} {what}"
    age = pulse.tick_age_s
    if age is None:
        yield "no tick has ever run"
    else:
        yield f"tick {duration(age)} ago{', late' if pulse.tick_late else ''}"


def _performance(pulse: Pulse) -> Iterator[str]:
    """Figures as `name=value;warning;critical`, U for unknown."""
    vitals = pulse.vitals
    age = "U" if pulse.tick_age_s is None else f"{pulse.tick_age_s}s"
    yield f"tick_age={age};{pulse.late_after_s}"
    yield f"timers_overdue={vitals.timers_overdue}"
    yield f"mail_stuck={vitals.mail_stuck};0"
    yield f"followups_held={len(vitals.held)};0"
    yield f"clocks_warned={vitals.clocks_warned};;0"
    yield f"clocks_breached={vitals.clocks_breached};;0"
    yield f"clocks_unmarked={vitals.clocks_unmarked};;0"
    yield f"deadlines_missed={vitals.deadlines_missed};;0"
    yield f"backup_age={'U' if pulse.backup_age_s is None else f'{pulse.backup_age_s}s'}"
    yield f"refusals={pulse.safety.refused}"
    yield f"pins_locked={pulse.safety.pins_locked}"


def exposition(pulse: Pulse | None) -> str:
    """Every metric in Prometheus' text format; without a pulse only that nothing is known."""
    return "".join(line + "\n" for metric in _metrics(pulse) for line in _lines(metric))


def _lines(metric: Metric) -> Iterator[str]:
    yield f"# HELP {metric.name} {metric.help}"
    yield f"# TYPE {metric.name} {metric.kind}"
    for labels, value in metric.values.items():
        yield f"{metric.name}{f'{{{labels}}}' if labels else ''} {value}"


def _metrics(pulse: Pulse | None) -> Iterator[Metric]:
    watch = Watch.UNKNOWN if pulse is None else pulse.watch
    yield _gauge("care_up", "Whether the desk could be looked at.", pulse is not None)
    answers = "0 ok, 1 warning, 2 critical, 3 unknown"
    yield _gauge("care_check_status", f"What care doctor --check answers: {answers}.", watch)
    if pulse is not None:
        yield from _of_time(pulse)
        yield from _of_work(pulse)
        yield from _of_the_file(pulse)
        yield from _of_safety(pulse)


def _of_time(pulse: Pulse) -> Iterator[Metric]:
    if pulse.last_tick_at:
        at = int(pulse.last_tick_at.timestamp())
        yield _gauge("care_last_tick_timestamp_seconds", "When the tick last ran.", at)
    yield _gauge("care_tick_late", "Whether the tick is late, or has never run.", pulse.tick_late)
    yield _gauge("care_tick_late_after_seconds", "How long the tick may be silent.", pulse.late_after_s)
    yield _gauge("care_timers_overdue", "Timers that no tick has fired in that time.", pulse.vitals.timers_overdue)
    if pulse.vitals.next_due_at:
        at = int(pulse.vitals.next_due_at.timestamp())
        yield _gauge("care_next_timer_timestamp_seconds", "When the next timer is due.", at)


def _of_work(pulse: Pulse) -> Iterator[Metric]:
    vitals = pulse.vitals
    cases = _labelled("status", vitals.cases.items())
    if cases:
        yield Metric("care_cases", "Cases by status.", cases)
    clocks = (
        ("warned", vitals.clocks_warned),
        ("breached", vitals.clocks_breached),
        ("unmarked", vitals.clocks_unmarked),
    )
    help_ = "Clocks of open cases that stand warned or breached, or would if a tick had come."
    yield Metric("care_clocks", help_, _labelled("state", clocks))
    yield _gauge("care_deadlines_missed", "Deadlines past their due time and not met.", vitals.deadlines_missed)
    mail = (("queued", vitals.mail_queued), ("failed", vitals.mail_failed))
    yield Metric("care_mail_waiting", "Mail that has not left, by state.", _labelled("state", mail))
    yield _gauge("care_mail_stuck", "Mail that should have left.", vitals.mail_stuck)
    lost = (("given-up", vitals.mail_given_up), ("bounced", vitals.mail_bounced))
    help_ = "Mail of cases not closed that did not arrive, by state; nobody tries it again by itself."
    yield Metric("care_mail_lost", help_, _labelled("state", lost))
    yield _gauge("care_followups_held", "Follow-ups held because a mail did not arrive.", len(vitals.held))


def _of_the_file(pulse: Pulse) -> Iterator[Metric]:
    condition = pulse.condition
    yield _gauge("care_database_bytes", "The size of the database.", condition.bytes)
    yield _gauge("care_database_wal_bytes", "The size of its write-ahead log.", condition.wal_bytes)
    if condition.free_bytes is not None:
        yield _gauge("care_disk_free_bytes", "What is free on its disk.", condition.free_bytes)


def _of_safety(pulse: Pulse) -> Iterator[Metric]:
    safety = pulse.safety
    if safety.last_backup_at:
        at = int(safety.last_backup_at.timestamp())
        yield _gauge("care_last_backup_timestamp_seconds", "When the last backup was made.", at)
    yield _gauge("care_schema_version", "The version of the database's tables.", pulse.condition.version)
    yield _counter("care_events_recorded_total", "Events in the log, which only ever grows.", safety.events)
    yield _counter(
        "care_gate_refusals_total", "What was refused at the gate since it is there.", safety.refused_ever
    )
    yield _gauge("care_pins_locked", "PINs of contacts that wrong ones have locked.", safety.pins_locked)


def _counter(name: str, help_: str, value: int) -> Metric:
    return Metric(name, help_, {"": value}, "counter")


def _gauge(name: str, help_: str, value: int) -> Metric:
    return Metric(name, help_, {"": int(value)})


def _labelled(label: str, values: Iterable[tuple[str, int]]) -> dict[str, int]:
    # The words are the desk's own: nothing in them needs escaping.
    return {f'{label}="{word}"': count for word, count in values}
