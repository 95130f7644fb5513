"""The end of a case, and taking it up again."""

from typing import TYPE_CHECKING, Annotated

from carecli.commands import attaching, options, prompts, texts
from carecli.commands.casework import told
from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number
from carecli.domain.vocabulary import Substatus

if TYPE_CHECKING:
    from carecli.domain.views import CaseView


@command
def close(
    invocation: Invocation,
    number: options.Number,
    message: options.Message = None,
    file: options.TextFile = None,
    substatus: options.SubstatusText = None,
    root_cause: Annotated[str | None, Option(metavar="TEXT", help="An incident's root cause.")] = None,
    article: Annotated[
        options.Many,
        Option("--article", metavar="ID", help="The article that solves it; repeatable.", completes="article"),
    ] = None,
    draft_article: Annotated[
        bool, Option("--draft-article", help="Draft an article from what was said of it.")
    ] = False,
    defect: Annotated[str | None, Option(metavar="NAME", help="The defect that a future fix mends.")] = None,
    via: options.ViaText = None,
    contact: options.Caller = None,
    pin: options.Pin = None,
) -> None:
    """Close a case.

    care close 42

    care close 42 --substatus redirected -m "This is the network provider's to mend."

    care close 42 --article kb-7 --defect NUM-123

    care close 42 --draft-article
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
            lessons=cases.Lessons(tuple(article or ()), draft_article, defect),
            via=channel,
            contact=contact,
            pin=secret,
        )
        told(invocation, desk, view, _closed(view, draft_article))


def _closed(view: "CaseView", drafted: bool) -> str:
    """What was done; a draft, the last of the case's articles, is named, as somebody has to read it over."""
    return f"closed, {view.case.articles[-1]} drafted" if drafted else "closed"


@command
def reopen(
    invocation: Invocation,
    number: options.Number,
    message: options.Message = None,
    file: options.TextFile = None,
    via: options.ViaText = None,
    contact: options.Caller = None,
    pin: options.Pin = None,
    attach: attaching.Attach = None,
    redact: attaching.Redact = False,
    confirm_sanitized: attaching.Confirm = False,
) -> None:
    """Reopen a closed case, with what is new.

    care reopen 42 -m "It happened again this morning, here are the call ids: 7781, 7790."

    care reopen 42 -m "It happened again, the log shows it." --attach call.log
    """
    from carecli.desk import cases

    case, channel = parse_number(number), options.channel(via)
    files = attaching.given(invocation, attach, redact, confirm_sanitized, message, file, pin)
    secret = prompts.pin(invocation, pin)
    text = prompts.needed_text(invocation, message, file, "What is new?")
    with invocation.desk() as desk:
        view = cases.reopen(desk, case, text, via=channel, contact=contact, pin=secret, files=files)
        attaching.told(invocation, desk, view, "reopened", attaching.newest(view, files))
