"""Updates: what is said on a case, and notes that only staff read."""

from typing import Annotated

from carecli.commands import attaching, options, prompts, texts
from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number
from carecli.errors import Invalid


@command
def update(
    invocation: Invocation,
    number: options.Number,
    message: options.Message = None,
    file: options.TextFile = None,
    internal: Annotated[bool, Option("--internal", help="A note that only staff read.")] = False,
    field: Annotated[
        options.Many,
        Option("--field", metavar="KEY=VALUE", help="A field that the case lacks, or is another; repeatable."),
    ] = None,
    via: options.ViaText = None,
    contact: options.Caller = None,
    pin: options.Pin = None,
    attach: attaching.Attach = None,
    redact: attaching.Redact = False,
    confirm_sanitized: attaching.Confirm = False,
) -> None:
    """Add an update to a case; the customer's answer stops the auto follow-up.

    care update 42 -m "The traces are on their way."

    care update 42 -m "Here is the log." --attach call.log --redact

    care update 42 --internal -F notes.txt

    care update 42 --field login=dana

    care update 42 --via phone --contact dana@abc.example -m "Dana called: it works again."
    """
    from carecli.desk import cases

    case, channel = parse_number(number), options.channel(via)
    fields = options.pairs(field, "--field")
    if fields and internal:
        raise Invalid("a note changes no field", hint="leave --internal or --field out", rule="UPD-1")
    files = attaching.given(invocation, attach, redact, confirm_sanitized, message, file, pin)
    secret = prompts.pin(invocation, pin)
    # A field says enough without a text.
    if fields:
        text = texts.given(message, file) or ""
    else:
        text = prompts.needed_text(invocation, message, file, "Your update")
    with invocation.desk() as desk:
        view = cases.update(
            desk,
            case,
            text,
            internal=internal,
            via=channel,
            contact=contact,
            pin=secret,
            files=files,
            fields=fields,
        )
        deed = "noted" if internal else "updated"
        attaching.told(invocation, desk, view, deed, attaching.newest(view, files))
