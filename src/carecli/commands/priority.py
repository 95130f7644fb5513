"""How urgent a case is, and what a change does to its clocks."""

import sys
from typing import TYPE_CHECKING, Annotated

from carecli.commands import options, prompts
from carecli.commands.casework import told
from carecli.commands.declared import Argument, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number
from carecli.domain.vocabulary import Priority
from carecli.render import delimited, terminal
from carecli.render.clocks import clock_changes

if TYPE_CHECKING:
    from carecli.desk.severity import ClockChange


@command
def priority(
    invocation: Invocation,
    number: options.Number,
    to: Annotated[str, Argument(metavar="PRIORITY", help=options.PRIORITY_CHOICES, completes=Priority)],
    reason: options.Reason = None,
    file: options.TextFile = None,
    via: options.ViaText = None,
    yes: options.Yes = False,
) -> None:
    """Set the priority of a case, with the reason.

    Each clock's old and new due time is shown; a change that breaches at once asks first.

    care priority 42 high -m "Month-end reports depend on it."

    care priority 42 1 --via phone -m "Dana called: no calls at all." --yes
    """
    from carecli.desk import severity

    case, level, channel = parse_number(number), options.priority(to, "PRIORITY"), options.channel(via)
    assert level is not None, "the argument is required"
    text = prompts.needed_text(invocation, reason, file, "The reason")
    with invocation.desk() as desk:

        def confirm(changes: "list[ClockChange]") -> bool:
            _show(invocation, changes, desk.zone)
            at_once = any(change.breaches for change in changes)
            return not at_once or prompts.confirmed(invocation, "Breach at once?", yes=yes)

        view = severity.change(desk, case, level, text, via=channel, confirm=confirm)
        told(invocation, desk, view, f"set to {level}")


def _show(invocation: Invocation, changes: "list[ClockChange]", zone: str) -> None:
    if not changes or invocation.json or invocation.quiet:
        return
    sheet, screen = clock_changes(changes, zone), invocation.screen(sys.stderr)
    if screen.terminal:
        terminal.write([sheet], sys.stderr, screen)
    else:
        delimited.write_plain([sheet], sys.stderr, color=screen.color)
