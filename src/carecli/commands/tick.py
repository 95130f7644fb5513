"""Letting time act: everything that is due by now."""

import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.vocabulary import SYSTEM
from carecli.errors import ExitStatus, Invalid
from carecli.render import json_text, tick_document

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.domain.tick_report import TickReport
    from carecli.render.sheet import Section

FORMATS = ("table", "json", "jsonl")
SKEW_S = 60
"""How far ahead of the machine's clock a given present is nothing to speak of, in seconds."""


@command
def tick(
    invocation: Invocation,
    dry_run: Annotated[bool, Option("--dry-run", "-n", help="Show what would happen; change nothing.")] = False,
    replay: Annotated[bool, Option("--replay", help="Fire late stages at their own times.")] = False,
    limit: Annotated[int | None, Option(metavar="COUNT", min=1, help="Fire at most so many timers.")] = None,
    exit_code: Annotated[bool, Option("--exit-code", help="Exit with 10 where a breach stands.")] = False,
    watch: Annotated[
        int | None,
        Option("--watch", metavar="SECONDS", min=1, help="Repeat, so many seconds apart, until Ctrl-C."),
    ] = None,
    format_: Annotated[
        str | None, Option("--format", metavar="FORMAT", help="table, json or jsonl.", completes=FORMATS)
    ] = None,
    at: Annotated[
        str | None, Option("--at", metavar="INSTANT", help="With --dry-run: as the desk stood then.")
    ] = None,
    yes: Annotated[bool, Option("--yes", "-y", help="Answer yes where --now lies ahead.")] = False,
) -> int:
    """Advance every clock and follow-up to now, and deliver the mail; for cron.

    care tick

    care tick --dry-run --now "tomorrow 9am"

    care tick --watch 60
    """
    from carecli.desk.tick import tick as advance

    invocation, lines = _formatted(invocation, format_)
    if at is not None and (watch is not None or not dry_run):
        raise Invalid(
            "the past cannot be ticked", hint="--at goes with --dry-run; --now moves the present", rule="TICK-3"
        )
    if watch is not None:
        return _watched(invocation, watch, lines, dry_run=dry_run, replay=replay, limit=limit, exit_code=exit_code)
    with invocation.desk(otherwise=SYSTEM) as present, _as_of(invocation, present, at) as desk:
        if not dry_run and invocation.watched:
            _warned_of_time_to_come(invocation, desk, limit, yes=yes)
        report = advance(desk, dry_run=dry_run, replay=replay, limit=limit)
    if lines:
        json_text.write_jsonl([tick_document.tick(report)], sys.stdout)
    elif invocation.json or not invocation.quiet:
        invocation.emit(tick_document.tick(report), lambda: _page(report, desk.zone))
    if report.mail.failed:
        # Imported here: most ticks deliver all they have.
        from carecli.commands.mail_out import undelivered

        raise undelivered(report.mail)
    return ExitStatus.BREACHED if exit_code and report.breaches else ExitStatus.DONE


def _warned_of_time_to_come(invocation: Invocation, desk: "Desk", limit: int | None, *, yes: bool) -> None:
    """Ask a person whose --now is ahead of the machine's clock before timers fire for good; a no is as Ctrl-C."""
    ahead_s = invocation.ahead_s(desk.now)
    if ahead_s <= SKEW_S:
        return
    # Imported here: a tick by the machine's clock asks nothing.
    from carecli.commands import prompts
    from carecli.desk.ahead import still_to_come
    from carecli.render.words import duration

    count = still_to_come(desk, desk.now - timedelta(seconds=ahead_s), limit)
    if count and invocation.interactive and not yes:
        timers = "1 timer that is" if count == 1 else f"{count:,} timers that are"
        if not prompts.confirmed(invocation, f"This fires {timers} still to come, for good. Go on?", yes=False):
            raise KeyboardInterrupt
    else:
        ahead = duration(round(ahead_s / 60) * 60)
        invocation.notice(
            f"this tick runs {ahead} ahead of the machine's clock and stays on the record; --dry-run only shows"
        )


def _as_of(invocation: Invocation, desk: "Desk", at: str | None) -> AbstractContextManager["Desk"]:
    if at is None:
        return nullcontext(desk)
    # Imported here: cron's tick does without.
    from carecli.commands import options

    return options.as_of(invocation, desk, at)


def _formatted(invocation: Invocation, format_: str | None) -> tuple[Invocation, bool]:
    """The run with its format told, and whether it is JSON lines; --format json is --json."""
    named = invocation.format(format_, FORMATS)
    given = invocation.given._replace(json=named == "json")
    return Invocation(given, invocation.environ), named == "jsonl"


def _watched(invocation: Invocation, seconds: int, lines: bool, **how: Any) -> int:
    from carecli.commands import watching

    watching.refuse(invocation, exit_code=how["exit_code"])
    # A round must not wait for the reader of a long page.
    invocation = Invocation(invocation.given._replace(no_pager=True), invocation.environ)
    again = {**how, "format_": "jsonl" if lines else None}
    return watching.watch(invocation, seconds, lambda: tick.run(invocation, **again), lines=lines)


def _page(report: "TickReport", zone: str) -> list["Section"]:
    # Imported here: cron's --quiet and --json do without tables.
    from carecli.render.tick import tick_page

    return tick_page(report, zone)
