"""The end of a case, and taking it up again."""

from typing import Annotated

from carecli.commands import options, prompts, texts
from carecli.commands.casework import told
from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number
from carecli.domain.vocabulary import Substatus


@command
def close(
    invocation: Invocation,
    number: options.Number,
    message: options.Message = None,
    file: options.TextFile = None,
    substatus: options.SubstatusText = None,
    root_cause: Annotated[str | None, Option(metavar="TEXT", help="An incident's root cause.")] = None,
    via: options.ViaText = None,
    contact: options.Caller = None,
    pin: options.Pin = None,
) -> None:
    """Close a case.

    care close 42

    care close 42 --substatus redirected -m "This is the network provider's to mend."
    """
    from carecli.desk import cases

    case, channel = parse_number(number), options.channel(via)
    chosen = options.chosen(substatus, Substatus, "--substatus")
    secret = prompts.pin(invocation, pin)
    text = texts.given(message, file)
    with invocation.desk() as desk:
        view = cases.close(
            desk,
            case,
            text,
            substatus=chosen,
            root_cause=root_cause,
            via=channel,
            contact=contact,
            pin=secret,
        )
        told(invocation, desk, view, "closed")


@command
def reopen(
    invocation: Invocation,
    number: options.Number,
    message: options.Message = None,
    file: options.TextFile = None,
    via: options.ViaText = None,
    contact: options.Caller = None,
    pin: options.Pin = None,
) -> None:
    """Reopen a closed case, with what is new.

    care reopen 42 -m "It happened again this morning, here are the call ids: 7781, 7790."
    """
    from carecli.desk import cases

    case, channel = parse_number(number), options.channel(via)
    secret = prompts.pin(invocation, pin)
    text = prompts.needed_text(invocation, message, file, "What is new?")
    with invocation.desk() as desk:
        view = cases.reopen(desk, case, text, via=channel, contact=contact, pin=secret)
        told(invocation, desk, view, "reopened")
