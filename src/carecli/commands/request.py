"""Service requests: acknowledged, decided, signed, completed."""

from typing import TYPE_CHECKING, Annotated

from carecli.commands import attaching, options, prompts, texts
from carecli.commands.casework import told
from carecli.commands.declared import Family, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.domain.views import CaseView

app = Family("Service requests: acknowledged, decided, signed, completed.")

Document = Annotated[
    options.Many,
    Option("--document", metavar="ID", help="Sign this one, by id, name or hash; repeatable."),
]


@app.command("ack")
@command
def ack(
    invocation: Invocation, number: options.Number, message: options.Message = None, file: options.TextFile = None
) -> None:
    """Acknowledge a change request or service order.

    care request ack 42 -m "We have it, and are looking at what it takes."
    """
    from carecli.desk import requests

    case, text = parse_number(number), texts.given(message, file)
    with invocation.desk() as desk:
        told(invocation, desk, requests.acknowledge(desk, case, text), "acknowledged")


@app.command("accept")
@command
def accept(
    invocation: Invocation,
    number: options.Number,
    order: Annotated[
        options.Many,
        Option("--order", metavar="FILE", help="The services order to be signed; repeatable.", completes="file"),
    ] = None,
    sow: Annotated[
        options.Many,
        Option("--sow", metavar="FILE", help="A statement of work to be signed; repeatable.", completes="file"),
    ] = None,
    message: options.Message = None,
    file: options.TextFile = None,
    redact: attaching.Redact = False,
    confirm_sanitized: attaching.Confirm = False,
) -> None:
    """Accept a request with the documents that both sides sign; again, to replace them until they have.

    care request accept 42 --order order-42.pdf -m "Two days of work, from Monday on."

    care request accept 42 --order order-42.pdf --sow sow-42.pdf

    Without an order of your own the desk draws one up, from the request and your text.
    """
    from carecli.desk import requests

    case, text = parse_number(number), texts.given(message, file)
    paths = [*(order or ()), *(sow or ())]
    if "-" in paths and "-" in (message, file):
        raise Invalid("standard input is one thing", hint="give the text with -m TEXT, or the file by its name")
    how = attaching.handling(invocation, redact, confirm_sanitized)
    documents = requests.Documents(tuple(order or ()), tuple(sow or ()), how)
    with invocation.desk() as desk:
        view = requests.accept(desk, case, documents, text)
        attaching.told(invocation, desk, view, "accepted", view.attachments[-(len(paths) + (not order)) :])


@app.command("reject")
@command
def reject(
    invocation: Invocation, number: options.Number, reason: options.Reason = None, file: options.TextFile = None
) -> None:
    """Reject a request as it is; the customer success manager is told, to rework it with the customer.

    care request reject 42 -m "The site has no second line that the numbers could move to."
    """
    from carecli.desk import requests

    case = parse_number(number)
    text = prompts.needed_text(invocation, reason, file, "Why is it rejected?")
    with invocation.desk() as desk:
        rejected = requests.reject(desk, case, text)
        reworking = f", {' and '.join(rejected.told)} told" if rejected.told else ""
        told(invocation, desk, rejected.view, f"rejected{reworking}")


@app.command("resubmit")
@command
def resubmit(
    invocation: Invocation,
    number: options.Number,
    message: options.Message = None,
    file: options.TextFile = None,
    field: Annotated[
        options.Many, Option("--field", metavar="KEY=VALUE", help="A field that is new or another; repeatable.")
    ] = None,
    via: options.ViaText = None,
    contact: options.Caller = None,
    pin: options.Pin = None,
    attach: attaching.Attach = None,
    redact: attaching.Redact = False,
    confirm_sanitized: attaching.Confirm = False,
) -> None:
    """Submit a rejected request again, reworked; by staff on behalf of the customer too.

    care request resubmit 42 -m "Only the ten numbers of the West site, then."

    care request resubmit 42 -m "As agreed with Rosa." --field change=move --attach numbers.csv
    """
    from carecli.desk import requests

    case, channel = parse_number(number), options.channel(via)
    fields = options.pairs(field, "--field")
    files = attaching.given(invocation, attach, redact, confirm_sanitized, message, file, pin)
    secret = prompts.pin(invocation, pin)
    text = prompts.needed_text(invocation, message, file, "What is different now?")
    with invocation.desk() as desk:
        view = requests.resubmit(
            desk, case, text, fields=fields, via=channel, contact=contact, pin=secret, files=files
        )
        attaching.told(invocation, desk, view, "resubmitted", attaching.newest(view, files))


@app.command("sign")
@command
def sign(
    invocation: Invocation,
    number: options.Number,
    document: Document = None,
    message: options.Message = None,
    file: options.TextFile = None,
) -> None:
    """Sign the documents of an accepted request: a contact for the customer, staff for Customer Care.

    Read them first with `care attachment get`. What is signed is kept with its SHA-256.

    care request sign 42

    care request sign 42 --document order-42.pdf
    """
    from carecli.desk import requests

    case, text = parse_number(number), texts.given(message, file)
    with invocation.desk() as desk:
        view = requests.sign(desk, case, tuple(document or ()), text)
        told(invocation, desk, view, _signed(view))


def _signed(view: "CaseView") -> str:
    """What was done, and who has to sign yet."""
    from carecli.domain.request import TITLES, Party

    request = view.case.request
    missing = [TITLES[party] for party in Party if request and request.unsigned(party)]
    return f"signed, {' and '.join(missing)} to sign yet" if missing else "signed by both sides, work may begin"


@app.command("complete")
@command
def complete(
    invocation: Invocation, number: options.Number, message: options.Message = None, file: options.TextFile = None
) -> None:
    """Record that a service request is carried out: the case closes, and who opened it is mailed.

    care request complete 42 -m "The ten numbers ring at the new site."
    """
    from carecli.desk import requests

    case, text = parse_number(number), texts.given(message, file)
    with invocation.desk() as desk:
        told(invocation, desk, requests.complete(desk, case, text), "completed")
