"""An incident report in words: as Markdown for people to keep, and plain for a mail (INC-3).

Both leave out what is not always necessary where nothing is known of it: customer specifics, root cause, measures
and comments.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from carecli.domain.incident import Action
from carecli.domain.incident_report import Moment, Report
from carecli.render import legible
from carecli.render.words import duration

UNKNOWN = "Not described yet."
GOING_ON = "The service is still affected."
NO_ACTIONS = "Nothing more is to be done."
NO_PLAN = "Not decided yet."


class Field(NamedTuple):
    """A part of a report that is told in a text."""

    title: str
    text: str


def when(at: datetime, zone: str) -> str:
    """An instant as a report tells it: `Friday 27 March 2026, 16:30 EDT`."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M %Z}"


def day(at: datetime, zone: str) -> str:
    """A date as a report tells it."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%B %Y}"


def facts(report: Report) -> Iterator[tuple[str, str]]:
    """What stands at the head: number, clients, times."""
    if report.numbers:
        yield "Case number", ", ".join(report.numbers)
    yield "Clients affected", ", ".join(report.clients)
    yield "Date and time", when(report.started_at, report.zone)
    yield "Service back", when(report.restored_at, report.zone) if report.restored_at else GOING_ON
    yield "Duration", lasted(report)
    if report.post_mortem_at:
        yield "Post-mortem", when(report.post_mortem_at, report.zone)


def lasted(report: Report) -> str:
    """How long the service was affected."""
    so_far = "" if report.restored_at else " so far"
    return duration(report.duration_s) + so_far


def before_the_plan(report: Report) -> Iterator[Field]:
    """What happened: the fields up to the action plan, without those of which nothing is known."""
    yield Field("Incident details", report.details or UNKNOWN)
    if report.description:
        yield Field("Description of the case", report.description)
    alone = len(report.specifics) == 1 and report.account is not None
    for one in report.specifics:
        yield Field("Customer specific details" + ("" if alone else f": {one.account}"), one.text)
    yield Field("Incident restoration", report.restoration or UNKNOWN)
    if report.root_cause:
        yield Field("Root cause", report.root_cause)
    if report.measures:
        yield Field("Corrective measures", report.measures)


def after_the_plan(report: Report) -> Iterator[Field]:
    """What stands behind the action plan."""
    if report.comments:
        yield Field("Comments", report.comments)


def without_actions(report: Report) -> str:
    """What stands in the place of an action plan: that nothing is to be done is known only when it is over."""
    return NO_ACTIONS if report.restored_at else NO_PLAN


def state(action: Action, zone: str) -> str:
    """How far an action has come."""
    return f"done {day(action.done_at, zone)}" if action.done_at else "open"


def markdown(report: Report) -> str:
    """The report as Markdown; what people wrote stands there as text and does nothing."""
    return "\n".join(_lines(report, _marked)) + "\n"


def plain(report: Report) -> str:
    """The report as a mail holds it: the same layout, each text as it was written."""
    return "\n".join(_lines(report, legible.lines)) + "\n"


Safe = Callable[[str], str]


def _lines(report: Report, safe: Safe) -> Iterator[str]:
    yield f"# Incident: {_one_line(report.title, safe)}"
    yield ""
    for name, value in facts(report):
        yield f"- **{name}:** {_one_line(value, safe)}" if safe is _marked else f"{name}: {_one_line(value, safe)}"
    for field in before_the_plan(report):
        yield from _field(field, safe)
    yield from ("", "## Action plan", "", *_actions(report, safe))
    for field in after_the_plan(report):
        yield from _field(field, safe)
    yield from ("", "## Course of the incident", "")
    yield from (f"- {when(one.at, report.zone)}: {one.what}" for one in report.milestones)
    if report.timeline:
        yield from ("", "## Timeline of interactions", "")
        for moment in report.timeline:
            yield from _moment(moment, report.zone, safe)
    yield from ("", f"As of {when(report.at, report.zone)}; times in {report.zone}.")


def _field(field: Field, safe: Safe) -> Iterator[str]:
    yield from ("", f"## {_one_line(field.title, safe)}", "", _text(field.text, safe))


def _actions(report: Report, safe: Safe) -> Iterator[str]:
    if not report.actions:
        yield without_actions(report)
    for one in report.actions:
        who = _one_line(one.owner, safe)
        what = _one_line(one.text, safe)
        yield f"{one.id}. {what} ({who}, by {day(one.due_at, report.zone)}; {state(one, report.zone)})"


def _moment(moment: Moment, zone: str, safe: Safe) -> Iterator[str]:
    colon = ":" if moment.text else ""
    yield f"- {when(moment.at, zone)}: {_one_line(moment.who, safe)} {moment.what}{colon}"
    if moment.text:
        yield from (f"  {line}".rstrip() for line in _text(moment.text, safe).split("\n"))


def _one_line(text: str, safe: Safe) -> str:
    return safe(legible.line(text))


def _text(text: str, safe: Safe) -> str:
    """A text of several lines; in Markdown a line's end stays one."""
    lines = [safe(line.strip()) for line in legible.lines(text).strip().split("\n")]
    return ("  \n" if safe is _marked else "\n").join(lines)


_SIGNS = re.compile(r"([\\`*_\[\]<>#|~!&])")
_LINKS = re.compile(r"(\b(?:www(?=\.)|\w+(?=://)))([.:])", re.IGNORECASE)
_FIRST = re.compile(r"^(\s*)([-+=:]|\d+[.)])")


def _marked(text: str) -> str:
    """A line in which nothing is Markdown, HTML or a link."""
    escaped = _LINKS.sub(r"\1\\\2", _SIGNS.sub(r"\\\1", text))
    return _FIRST.sub(lambda found: found[1] + found[2][:-1] + "\\" + found[2][-1], escaped)
