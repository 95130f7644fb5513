"""Make an update a case of its own."""

from typing import Annotated, Final

from carecli.commands import options, texts
from carecli.commands.casework import told
from carecli.commands.declared import Argument, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number, written
from carecli.domain.vocabulary import Priority, Stage
from carecli.errors import Invalid

LONGEST: Final = 9


@command
def split(
    invocation: Invocation,
    number: options.Number,
    seq: Annotated[str, Argument(metavar="SEQ", help="The update, by its number in `care log NUMBER`.")],
    subject: Annotated[
        str | None, Option("--subject", "-s", metavar="TEXT", help="In a few words; else its first line.")
    ] = None,
    contact: Annotated[
        str | None,
        Option(metavar="EMAIL", help="The Designated Contact; by default its author.", completes="contact"),
    ] = None,
    deployment: Annotated[
        str | None, Option(metavar="NAME", help="The cloud deployment.", completes="deployment")
    ] = None,
    service: Annotated[str | None, Option(metavar="NAME", help="The cloud service.", completes="service")] = None,
    stage: Annotated[str | None, Option(metavar="STAGE", help="production or uat.", completes=Stage)] = None,
    priority: Annotated[
        str | None, Option(metavar="LEVEL", help=options.PRIORITY_CHOICES, completes=Priority)
    ] = None,
    impact: Annotated[str | None, Option(metavar="TEXT", help="The business impact.")] = None,
    message: options.Reason = None,
    file: options.TextFile = None,
) -> None:
    """Make an update that is a new issue a case of its own, linked both ways; for staff.

    What is not given is as on the case. Its clocks start now. The update stays where it is, marked as moved;
    the customer reads why, where -m says it.

    care split 42 7

    care split 42 7 -s "Reports are empty" --service Reporting -m "A problem of its own."
    """
    from carecli.desk import splitting

    case, place, why = parse_number(number), _place(seq), texts.given(message, file)
    wanted = splitting.Wanted(
        subject,
        contact,
        deployment,
        service,
        options.chosen(stage, Stage, "--stage"),
        options.priority(priority),
        impact,
    )
    with invocation.desk() as desk:
        done = splitting.split(desk, case, place, wanted, why)
        if done.stays:
            invocation.notice(f"on case {written(case)} stay the files {', '.join(done.stays)}")
        told(invocation, desk, done.view, f"split from update {place} of {written(case)}")


def _place(text: str) -> int:
    digits = text.strip().removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST):
        raise Invalid(f"{text[:40]!r} is no update", hint="give its number, as `care log NUMBER` shows it: 7")
    return int(digits)
