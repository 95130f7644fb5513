"""Service advisories written, published and withdrawn; by staff."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from carecli.commands import options, prompts, texts
from carecli.commands.advisory_reading import Id, Kind
from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.advisory import AdvisoryKind, AdvisoryStatus, Draft
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.domain.advisory import Advisory

EXPLAINED = "What is wrong, whom it affects, and what to do meanwhile."

Title = Annotated[str | None, Option("--title", "--subject", "-s", metavar="TITLE", help="Its title.")]
Solution = Annotated[
    str | None, Option("--solution", metavar="TEXT", help="The recommended solution; - reads standard input.")
]
Services = Annotated[
    options.Many,
    Option(
        "--service", metavar="NAME", help="For accounts with this service alone; repeatable.", completes="service"
    ),
]
Accounts = Annotated[
    options.Many,
    Option("--account", metavar="NAME", help="For this account alone; repeatable.", completes="account"),
]
From = Annotated[str | None, Option("--from", metavar="INSTANT", help="When it begins.")]
To = Annotated[str | None, Option("--to", metavar="INSTANT", help="When it ends: from then on it is over.")]
Publish = Annotated[bool, Option("--publish", help="Publish it at once.")]


@command
def add(
    invocation: Invocation,
    title: Title = None,
    message: options.Message = None,
    file: options.TextFile = None,
    solution: Solution = None,
    kind: Kind = None,
    service: Services = None,
    account: Accounts = None,
    from_: From = None,
    to: To = None,
    publish: Publish = False,
) -> None:
    """Write a service advisory, a draft until it is published; for staff.

    Subscribers are told when it is published: at once, or by their next digest. Of maintenance all Designated
    Contacts are told at once whose account it concerns.

    care advisory add -s "Calls drop on transfer" -m "Since 9:00 one call in five drops." --service Voice --publish

    care advisory add --kind maintenance -s "Voice is restarted" -m "Calls end." --from 22:00 --to 23:00 --publish
    """
    from carecli.desk.advisories import publishing

    if title is None:
        raise Invalid("an advisory needs a title", hint="give it with -s TITLE", rule="ADV-1")
    text = texts.given(message, file)
    if text is None:
        text = _edited(invocation, "")
    with invocation.desk() as desk:
        draft = Draft(
            title,
            text,
            texts.given(solution, None) or "",
            options.chosen(kind, AdvisoryKind, "--kind") or AdvisoryKind.ADVISORY,
            tuple(service or ()),
            tuple(account or ()),
            _instant(desk, from_),
            _instant(desk, to),
        )
        one = publishing.add(desk, draft, publish=publish)
        _told(invocation, desk, one, "published" if publish else "added")


@command
def edit(
    invocation: Invocation,
    id_: Id,
    title: Title = None,
    message: options.Message = None,
    file: options.TextFile = None,
    solution: Solution = None,
    kind: Kind = None,
    service: Services = None,
    account: Accounts = None,
    from_: From = None,
    to: To = None,
    publish: Publish = False,
) -> None:
    """Change a service advisory, in your editor unless something is given; readers have it once it is published.

    care advisory edit SA-0001 --solution "Restart the phone." --publish
    """
    from carecli.desk.advisories import publishing, reading

    with invocation.desk() as desk:
        changes: dict[str, Any] = {
            "title": title,
            "text": texts.given(message, file),
            "solution": texts.given(solution, None),
            "kind": options.chosen(kind, AdvisoryKind, "--kind"),
            "services": None if service is None else tuple(name for name in service if name.strip()),
            "accounts": None if account is None else tuple(name for name in account if name.strip()),
            "starts_at": _instant(desk, from_),
            "ends_at": _instant(desk, to),
        }
        given = {name: value for name, value in changes.items() if value is not None}
        begun = None if given or publish else reading.show(desk, id_).advisory.text.text
    if begun is not None:
        # The desk is closed meanwhile: its present would be that of before the writing.
        given = {"text": _edited(invocation, begun)}
    with invocation.desk() as desk:
        one = publishing.edit(desk, id_, given, publish=publish)
        _told(invocation, desk, one, "published" if publish else "changed")


@command
def publish(invocation: Invocation, id_: Id) -> None:
    """Publish a service advisory, or what was changed of it: its readers are told; for staff.

    care advisory publish SA-0001
    """
    from carecli.desk.advisories import publishing

    with invocation.desk() as desk:
        _told(invocation, desk, publishing.publish(desk, id_), "published")


@command
def withdraw(invocation: Invocation, id_: Id, reason: options.Reason = None, yes: options.Yes = False) -> None:
    """Withdraw a service advisory, as it is mended or was wrong; whom mail told of it is told that too; for staff.

    care advisory withdraw SA-0001 -m "Mended with today's release."
    """
    from carecli.desk.advisories import publishing

    why = texts.given(reason, None)
    if why is None:
        why = prompts.text(invocation, "Why", "What has become of it?") if invocation.interactive else None
    if why is None:
        raise Invalid("a reason is needed", hint="give it with -m WHY", rule="ADV-1")
    question = f"Withdraw {id_}?"
    if invocation.interactive and not prompts.confirmed(invocation, question, yes=yes, default=True):
        raise Invalid("nothing was withdrawn", hint="confirm with --yes")
    with invocation.desk() as desk:
        _told(invocation, desk, publishing.withdraw(desk, id_, why), "withdrawn")


def _instant(desk: "Desk", text: str | None) -> datetime | None:
    if text is None:
        return None
    from carecli.commands.instants import parse

    return parse(text, zone=desk.zone, now=desk.now)


def _edited(invocation: Invocation, begun: str) -> str:
    program = texts.editor(invocation.environ)
    if not invocation.interactive or program is None:
        raise Invalid(
            "a text is needed", hint="give it with -m TEXT, -m - or -F FILE, or set EDITOR at a terminal"
        )
    return texts.edited(program, EXPLAINED, begun)


def _told(invocation: Invocation, desk: "Desk", one: "Advisory", deed: str) -> None:
    from carecli.domain.advisory import Announced
    from carecli.render import advisory_document as documents

    waits = one.status is AdvisoryStatus.DRAFT or one.version != one.published_version
    hint = f"; `care advisory publish {one.label}` publishes it" if waits and deed != "withdrawn" else ""
    document = documents.whole(Announced(one, unread=False), desk.now)
    invocation.done(document, f"{one.label} {deed}{hint}")
