"""Calendar arithmetic: when an amount of time has gone by, and how much lies between."""

import io
import sys
from typing import TYPE_CHECKING, Annotated, Any

from carecli.commands.declared import Argument, Family, Option, command
from carecli.commands.instants import parse
from carecli.commands.invocation import Invocation
from carecli.domain.instants import instant, iso
from carecli.errors import ExitStatus, Invalid
from carecli.render import json_text
from carecli.render.words import clock_time, duration

if TYPE_CHECKING:
    from carecli.desk.desk import Desk

app = Family("Calendar arithmetic, by an account's business time.")

Account = Annotated[str | None, Option("--account", metavar="NAME", help="Whose calendar; by default the desk's.")]


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


def _bulk() -> int:
    """Answer each line of standard input by itself; neither actor nor database is needed."""
    from carecli.desk.arithmetic import answers

    failed = False
    # Bytes that are no UTF-8 spoil their own line, not the rest.
    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
    for answer in answers(lines):
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
