"""What the customer says to a solution: accept it, or reject it."""

from carecli.commands import options, prompts, texts
from carecli.commands.casework import told
from carecli.commands.declared import command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number


@command
def accept(
    invocation: Invocation,
    number: options.Number,
    message: options.Message = None,
    file: options.TextFile = None,
    via: options.ViaText = None,
    contact: options.Caller = None,
    pin: options.Pin = None,
) -> None:
    """Accept what was proposed or restored: the case closes as Resolved.

    care accept 42 -m "No drops since. Thank you."

    care accept 42 --via phone --contact dana@abc.example
    """
    from carecli.desk import cases

    case, channel = parse_number(number), options.channel(via)
    secret = prompts.pin(invocation, pin)
    text = texts.given(message, file)
    with invocation.desk() as desk:
        view = cases.accept(desk, case, text, via=channel, contact=contact, pin=secret)
        told(invocation, desk, view, "accepted")


@command
def reject(
    invocation: Invocation,
    number: options.Number,
    message: options.Message = None,
    file: options.TextFile = None,
    via: options.ViaText = None,
    contact: options.Caller = None,
    pin: options.Pin = None,
) -> None:
    """Reject what was proposed or restored: work goes on.

    care reject 42 -m "It dropped again at noon."
    """
    from carecli.desk import cases

    case, channel = parse_number(number), options.channel(via)
    secret = prompts.pin(invocation, pin)
    text = texts.given(message, file)
    with invocation.desk() as desk:
        view = cases.reject(desk, case, text, via=channel, contact=contact, pin=secret)
        told(invocation, desk, view, "rejected")
