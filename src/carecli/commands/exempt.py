"""Time that is left out of a case's clocks where reports adjust them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from carecli.commands import options, prompts
from carecli.commands.casework import told
from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number
from carecli.domain.vocabulary import Metric
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.desk.exempting import Exempted
    from carecli.domain.exempting import Stretch


@command
def exempt(
    invocation: Invocation,
    number: options.Number,
    since: Annotated[
        str | None, Option("--from", metavar="INSTANT", help="From then on; 'fri 17:00' is the last one.")
    ] = None,
    until: Annotated[str | None, Option("--to", metavar="INSTANT", help="Up to then; it may be to come.")] = None,
    reason: options.Reason = None,
    file: options.TextFile = None,
    metric: Annotated[
        str | None,
        Option("--metric", metavar="NAME", help="This clock alone: " + ", ".join(Metric) + ".", completes=Metric),
    ] = None,
    withdraw: Annotated[
        int | None, Option("--withdraw", metavar="ID", min=1, help="Take this exemption back.")
    ] = None,
) -> None:
    """Exempt a stretch of time from a case's clocks, with the reason; managers do.

    The record stays as it is: reports and care explain show both figures, as they are and adjusted. The customer
    reads the reason.

    care exempt 42 --from "2026-03-02 14:00" --to "2026-03-03 09:00" --reason "The carrier's line was cut."

    care exempt 42 --from "mon 14:00" --to "mon 16:00" --metric response --reason "Storm: our own power was out."

    care exempt 42 --withdraw 1 -m "It was another carrier."
    """
    from carecli.desk import exempting

    case, wanted = parse_number(number), options.chosen(metric, Metric, "--metric")
    _check(withdraw, {"--from": since, "--to": until, "--metric": metric})
    text = prompts.needed_text(invocation, reason, file, "The reason, which the customer reads")
    with invocation.desk() as desk:
        if withdraw is not None:
            done, deed = exempting.withdraw(desk, case, withdraw, text), f"exemption {withdraw} withdrawn"
        else:
            done = exempting.exempt(desk, case, _stretch(desk, since, until, wanted), text)
            deed = f"exemption {done.view.state['exempted']} granted"
        _show(invocation, done, desk.zone)
        told(invocation, desk, done.view, deed)


def _check(withdraw: int | None, granting: dict[str, str | None]) -> None:
    """Raise Invalid for options that ask for two things at once, or that miss one."""
    given = [name for name, value in granting.items() if value is not None]
    if withdraw is not None and given:
        raise Invalid(f"{' and '.join(given)} cannot go with --withdraw", hint="leave it out", rule="SLA-9")
    missing = [name for name in ("--from", "--to") if name not in given]
    if withdraw is None and missing:
        raise Invalid(f"{' and '.join(missing)} missing", hint="both ends of the stretch are needed", rule="SLA-9")


def _stretch(desk: "Desk", since: str | None, until: str | None, metric: Metric | None) -> "Stretch":
    from carecli.commands.instants import parse
    from carecli.domain.exempting import Stretch

    def read(text: str | None) -> datetime:
        return parse(text or "", zone=desk.zone, now=desk.now, past=True)

    return Stretch(read(since), read(until), metric)


def _show(invocation: Invocation, done: "Exempted", zone: str) -> None:
    """What it does to each clock, beside the answer."""
    if invocation.json or invocation.quiet:
        return
    from carecli.render.exemption import effects

    for line in effects(done.judged, zone):
        invocation.notice(line)
