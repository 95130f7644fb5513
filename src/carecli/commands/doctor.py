"""How the desk is doing: for whoever mends it, and for a monitor."""

import sys
from typing import TYPE_CHECKING, Annotated

from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.vocabulary import SYSTEM
from carecli.errors import CareError, ExitStatus, Invalid
from carecli.render import json_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carecli.domain.health import Health, Pulse
    from carecli.render.sheet import Section

FORMATS = ("table", "json", "prometheus")
UNKNOWN = 3
"""What a monitor is told where nothing can be known; `domain.health.Watch` has the rest."""


@command
def doctor(
    invocation: Invocation,
    check: Annotated[bool, Option("--check", help="Answer a monitor: one line, exit 0 to 3.")] = False,
    format_: Annotated[
        str | None,
        Option("--format", metavar="FORMAT", help="table, json or prometheus.", completes=FORMATS),
    ] = None,
) -> int:
    """Say how the desk is doing, with the fix for each thing that is wrong; for staff.

    Exits with 1 where something needs mending; advice alone leaves it 0.

    With --check, or --format prometheus, it answers a monitor: 0 fine, 1 tick late or mail stuck, 2 clocks at
    risk, whatever else there is, 3 unknown, as where there is no database. `late_after` in the [tick] part of the
    config file tells how long the tick may be silent.

    care doctor

    care doctor --check

    care doctor --format prometheus > /var/lib/node_exporter/care.prom
    """
    try:
        named = invocation.format(format_, FORMATS)
    except Invalid as error:
        if not check:
            raise
        _tell_monitor("table", None, error.message)
        return UNKNOWN
    if check or named == "prometheus":
        return _answer_monitor(invocation, named)
    from carecli.desk.doctor import examine

    with invocation.desk(otherwise=SYSTEM) as desk:
        health = examine(desk)
    if named == "json" or not invocation.quiet or not health.sound:
        _tell(invocation, named, health)
    return ExitStatus.DONE if health.sound else ExitStatus.FAILED


def _tell(invocation: Invocation, named: str, health: "Health") -> None:
    from carecli.render import health_document

    if named == "json":
        json_text.write_json(health_document.examined(health), sys.stdout)
    else:
        invocation.page(_page(invocation, health))


def _page(invocation: Invocation, health: "Health") -> "Sequence[Section]":
    from carecli.render.health import health_page

    return health_page(health, fixes_below=invocation.screen(sys.stdout).terminal)


def _answer_monitor(invocation: Invocation, named: str) -> int:
    """Answer in one line, document or exposition; what cannot be known is an answer too, never an error."""
    from carecli.desk.doctor import pulse

    try:
        with invocation.desk(otherwise=SYSTEM) as desk:
            felt = pulse(desk)
    except (CareError, OSError) as error:
        _tell_monitor(named, None, str(error))
        return UNKNOWN
    _tell_monitor(named, felt, "")
    return int(felt.watch)


def _tell_monitor(named: str, felt: "Pulse | None", reason: str) -> None:
    from carecli.render import health_document, health_metrics

    line = health_metrics.unknown_line(reason) if felt is None else health_metrics.watch_line(felt)
    if named == "prometheus":
        sys.stdout.write(health_metrics.exposition(felt))
    elif named == "json":
        known = health_document.unknown(line) if felt is None else health_document.watched(felt, line)
        json_text.write_json(known, sys.stdout)
    else:
        sys.stdout.write(line + "\n")
