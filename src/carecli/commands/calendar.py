"""The business calendar: shown, checked, and reckoned with."""

import io
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from carecli.commands import calendar_changes
from carecli.commands.account import CloseOn, Holidays, Hours, Timezone
from carecli.commands.declared import Argument, Family, Option, command
from carecli.commands.instants import EARLIEST, LATEST, parse
from carecli.commands.invocation import Invocation
from carecli.domain.calendar import find_zone
from carecli.domain.instants import instant, iso
from carecli.domain.people import CalendarSpec
from carecli.errors import ExitStatus, Invalid
from carecli.render import json_text
from carecli.render.words import clock_time, duration

if TYPE_CHECKING:
    from carecli.desk.calendars import Owned
    from carecli.desk.desk import Desk

LINE_MAX = 1 << 20
"""The most characters that are read as one JSON line."""

app = Family("Business time: shown, checked, reckoned with, changed.")

Account = Annotated[
    str | None,
    Option(
        "--account",
        metavar="NAME",
        help="Whose calendar; by default the desk's, for contacts their own.",
        completes="account",
    ),
]


@app.command("add")
@command
def add(
    invocation: Invocation,
    start: Annotated[str, Argument(metavar="INSTANT", help="From when; - reads JSON lines.")],
    amount: Annotated[str | None, Argument(metavar="AMOUNT", help="15m 4h 3d, or 30bm 6bh 2bd.")] = None,
    account: Account = None,
) -> int:
    """Tell when an amount of time has gone by.

    care calendar add 2026-03-06T16:00 6bh --account "ABC Testing Co"

    care calendar add - < questions.jsonl
    """
    if start == "-":
        return _bulk()
    if amount is None:
        raise Invalid("how much is to be added?", hint="care calendar add INSTANT AMOUNT, as 2026-03-06T16:00 6bh")
    with invocation.desk() as desk:
        zone, answer = _answered(desk, account, {"from": start, "amount": amount})
    invocation.done(answer, f"{clock_time(instant(answer['at']), zone)} {zone}")
    return ExitStatus.DONE


@app.command("between")
@command
def between(
    invocation: Invocation,
    start: Annotated[str, Argument(metavar="FROM", help="From when; - reads JSON lines.")],
    end: Annotated[str | None, Argument(metavar="TO", help="Until when.")] = None,
    account: Account = None,
) -> int:
    """Tell how much business time lies between two instants.

    care calendar between "2026-03-06 16:00" "2026-03-09 10:00" --account "ABC Testing Co"

    care calendar between - < questions.jsonl
    """
    if start == "-":
        return _bulk()
    if end is None:
        raise Invalid("until when?", hint="care calendar between FROM TO")
    with invocation.desk() as desk:
        _, answer = _answered(desk, account, {"from": start, "to": end})
    invocation.done(answer, f"{duration(answer['open_s'], days=False)} open ({answer['open_s']} s)")
    return ExitStatus.DONE


MonthText = Annotated[
    str | None, Argument(metavar="[MONTH]", help="Which month, as 2026-10; by default this one.")
]
Months = Annotated[int, Option("--months", metavar="COUNT", min=1, help="How many months.")]
LONGEST = 120
"""How many months are shown at most."""


@app.command("show")
@command
def show(
    invocation: Invocation,
    month: MonthText = None,
    months: Months = 1,
    account: Account = None,
    timezone: Timezone = None,
    hours: Hours = None,
    holidays: Holidays = None,
    close_on: CloseOn = None,
) -> None:
    """Draw a month with its open hours, holidays and changes of the clocks.

    With --timezone, --hours or --holidays and no account it needs no desk.

    care calendar show 2026-10 --account "ABC Testing Co"

    care calendar show --months 3 --timezone Europe/Madrid --hours "Mon-Fri 09:00-17:00" --holidays ES-MD
    """
    from carecli.desk import calendars
    from carecli.render import calendar, calendar_document

    if months > LONGEST:
        raise Invalid(f"--months {months} is more than {LONGEST}", hint="give fewer, and a MONTH to begin with")
    (owned,), now = _calendars(invocation, account, CalendarSpec(timezone, hours, holidays, tuple(close_on or ())))
    first = _month(month) if month else now.astimezone(find_zone(str(owned.spec.timezone))).date().replace(day=1)
    view = calendars.months(owned, first, months, now)
    reader = invocation.screen(sys.stdout)
    width = reader.width if reader.terminal else None
    invocation.emit(calendar_document.months(view), lambda: calendar.calendar_page(view, width))


@app.command("check")
@command
def check(
    invocation: Invocation,
    account: Annotated[
        str | None,
        Option(
            "--account",
            metavar="NAME",
            help="Whose calendar, or all; by default the desk's, for contacts their own.",
            completes="account",
        ),
    ] = None,
    timezone: Timezone = None,
    hours: Hours = None,
    holidays: Holidays = None,
    close_on: CloseOn = None,
) -> int:
    """Tell what is wrong with a calendar, and what looks like a slip.

    With --timezone, --hours or --holidays and no account it needs no desk.
    The exit status is 2 where one is wrong, 0 where there are warnings alone.

    care calendar check --account all

    care calendar check --timezone Europe/Madrid --hours "Mon-Fri 09:00-23:59" --holidays ES-MD
    """
    from carecli.desk import calendars
    from carecli.render import calendar, calendar_document

    owned, now = _calendars(invocation, account, CalendarSpec(timezone, hours, holidays, tuple(close_on or ())))
    verdicts = [calendars.judged(one, now) for one in owned]
    invocation.emit(calendar_document.judged(verdicts), lambda: calendar.judged_page(verdicts))
    return ExitStatus.USAGE if any(one.problems for one in verdicts) else ExitStatus.DONE


def _calendars(invocation: Invocation, account: str | None, given: CalendarSpec) -> "tuple[list[Owned], datetime]":
    """The calendars that are meant, with what was given over them, and the present."""
    from carecli.desk import calendars

    # An extra closed day alone is one more of a calendar that is known.
    if account is None and given._replace(close_on=()) != CalendarSpec():
        alone = calendars.alone(given)
        return [alone], calendars.present(alone.spec.timezone, invocation.now)
    with invocation.desk() as desk:
        owned = calendars.all_of(desk) if account == "all" else [calendars.of(desk, account)]
        return [one._replace(spec=given.over(one.spec)) for one in owned], desk.now


def _month(text: str) -> date:
    """The first day of the month that is meant; raises Invalid."""
    year, dash, number = text.strip().partition("-")
    plain = all(part.isascii() and part.isdigit() for part in (year, number))
    known = dash and plain and len(year) == 4 and len(number) <= 2 and EARLIEST <= int(year) <= LATEST
    if known and 1 <= int(number) <= 12:
        return date(int(year), int(number), 1)
    raise Invalid(f"{text[:40]!r} is no month", hint=f"write 2026-10; years {EARLIEST} to {LATEST}")


def _bulk() -> int:
    """Answer each line of standard input by itself; neither actor nor database is needed."""
    from carecli.desk.arithmetic import answers

    failed = False
    # Bytes that are no UTF-8 spoil their own line, not the rest.
    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
    # One without an end would fill the memory: whoever asks may be a stranger at the gate.
    for answer in answers(iter(lambda: lines.readline(LINE_MAX), "")):
        failed = failed or "error" in answer
        sys.stdout.write(json_text.json_text(answer) + "\n")
    return ExitStatus.USAGE if failed else ExitStatus.DONE


def _answered(desk: "Desk", account: str | None, question: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """The zone of the calendar, in which instants are also read, and its answer."""
    from carecli.desk import calendars, directory
    from carecli.desk.arithmetic import answer

    name = account or desk.actor.account
    spec = directory.account(desk, name).calendar if name else desk.settings.calendar
    zone = str(spec.timezone)
    read = {
        key: value if key == "amount" else iso(parse(value, zone=zone, now=desk.now))
        for key, value in question.items()
    }
    answered = answer({**calendars.document(spec, instant(read["from"]).year), **read})
    if "error" in answered:
        raise Invalid(
            str(answered["error"]), hint="amounts: 15m 4h 3d around the clock, 30bm 6bh 2bd business time"
        )
    return zone, answered


app.take("impact", calendar_changes.impact)
app.take("rebase", calendar_changes.rebase)
