"""Cases in a file: what a list or a search shows, all of it, for a spreadsheet or another program."""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

from carecli.commands import finding, listing, options
from carecli.commands.declared import Argument, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.counting import counted
from carecli.domain.finding import SORTS, Asked
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.commands.progress import Advance
    from carecli.desk.desk import Desk
    from carecli.domain.views import CaseFlow, CaseView

FORMATS = listing.FORMATS[1:]
ADVANCED_BY = 500


@command
def export(
    invocation: Invocation,
    file: Annotated[
        str, Argument(metavar="FILE", help="Its ending tells the format; - is standard output.", completes="file")
    ],
    words: Annotated[
        str | None, Option("--words", metavar="WORDS", help="What `care search` finds by these words.")
    ] = None,
    mine: finding.Mine = False,
    group: finding.Group = False,
    everything: finding.All = False,
    in_group: finding.InGroup = None,
    status: finding.Tab = None,
    type_: finding.Type = None,
    priority: finding.PriorityText = None,
    escalated: finding.Escalated = False,
    account: finding.Account = None,
    deployment: finding.Deployment = None,
    service: finding.Service = None,
    component: finding.Component = None,
    owner: finding.Owner = None,
    contact: finding.Contact = None,
    since: finding.Since = None,
    until: finding.Until = None,
    sort: Annotated[
        str | None, Option("--sort", metavar="FIELD", help="As `care list --sort`.", completes=SORTS)
    ] = None,
    at: options.At = None,
    limit: Annotated[int | None, Option("--limit", "-n", metavar="COUNT", min=1, help="At most so many.")] = None,
    page: finding.Page = 1,
    format_: Annotated[
        str | None,
        Option("--format", metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.", completes=FORMATS),
    ] = None,
    fields: listing.Fields = None,
) -> None:
    """Write what `care list` or `care search` shows to a file, every case and every column of it.

    The file gets its name when all of it is written. In a workbook instants are dates, by your own clock.

    care export cases.xlsx --all

    care export march.csv --group --since 2026-03-01 --until 2026-04-01

    care export - --words "calls drop" --format jsonl | jq .number
    """
    answer = _answer(invocation, file, format_, fields)
    with invocation.desk() as present, options.as_of(invocation, present, at) as desk:
        wanted = finding.filtered(
            desk,
            status=status,
            type_=type_,
            priority=priority,
            escalated=escalated,
            since=since,
            until=until,
            account=account,
            deployment=deployment,
            service=service,
            component=component,
            owner=owner,
            contact=contact,
        )
        key, descending = finding.order(sort or "modified")
        asked = Asked(mine, group, everything or bool(owner), in_group, wanted, key, descending, limit, page)
        title = options.stood(desk, at)
        if words is None:
            cases = _list(answer, desk, asked, f"Cases{title}")
        else:
            cases = _search(answer, desk, words, asked, title, sorted_=sort is not None)
        if not cases and words is None and desk.actor.is_staff and not (everything or group or in_group or owner):
            invocation.notice("of your own cases there are none; --all takes everybody's")
    _told(answer, cases)


def _answer(invocation: Invocation, file: str, format_: str | None, fields: str | None) -> listing.Answer:
    """How to write the file; with --json it is standard output's only where no file is named."""
    to_stream = file == "-"
    usual = ("json" if invocation.json else "csv") if to_stream else None
    wanted = (format_ or listing.by_ending(file) or usual or "").lower()
    if wanted not in FORMATS:
        told = f"--format {wanted[:40]!r} is not known" if wanted else f"what shall {file[-40:]!r} be?"
        raise Invalid(told, hint=f"end its name in, or give --format, one of: {', '.join(FORMATS)}", rule="EXP-1")
    if to_stream and invocation.json and wanted != "json":
        raise Invalid(f"--json and --format {wanted} exclude each other", hint="give one of them, or name a file")
    output = None if to_stream else file
    return listing.Answer(invocation, wanted, listing.named_fields(fields), output, every_column=True)


def _list(answer: listing.Answer, desk: "Desk", asked: Asked, title: str) -> int:
    """Write what a list finds; the answer is how many cases that were."""
    from carecli.commands.progress import progress
    from carecli.desk import exporting

    with exporting.cases(desk, asked, used=answer.documents) as found:
        rows = _on_page(found.page.total, asked)
        # Standard output may be the same terminal, and shows by itself how far it is.
        bar = progress(answer.invocation, "Cases", rows) if answer.output else nullcontext(lambda _: None)
        with bar as advance:
            _give(answer, found._replace(views=_watched(found.views, advance)), desk, title)
    return rows


def give_every(answer: listing.Answer, asked: Asked, desk: "Desk", title: str) -> None:
    """Answer a list for another program with all that is asked for, read as it is written (EXP-1)."""
    from carecli.desk import exporting

    with exporting.cases(desk, asked, used=answer.documents) as found:
        _give(answer, found, desk, title)


def _give(answer: listing.Answer, found: "CaseFlow", desk: "Desk", title: str) -> None:
    from carecli.render import case_document
    from carecli.render.export import case_flow

    answer.give(
        listing.Listing(
            lambda: finding.sheet(found.page, desk, title, own=False),
            lambda: map(case_document.case_row, found.views),
            lambda rows: case_document.case_page(found.page, rows),
            case_document.ROW,
            lambda: case_flow(found, desk.zone, title=title),
        )
    )


def _on_page(total: int, asked: Asked) -> int:
    """How many of so many cases are on the page that is asked for."""
    if asked.limit is None:
        return total
    return max(0, min(asked.limit, total - (asked.page - 1) * asked.limit))


def _watched(views: "Iterator[CaseView]", advance: "Advance") -> "Iterator[CaseView]":
    for done, view in enumerate(views, 1):
        yield view
        if not done % ADVANCED_BY:
            advance(done)


def _search(answer: listing.Answer, desk: "Desk", words: str, asked: Asked, stood: str, *, sorted_: bool) -> int:
    """Write what a search finds; the answer is how many cases that were."""
    from carecli.desk import reading

    found = reading.search(
        desk,
        words,
        mine=asked.mine,
        group=asked.group,
        in_group=asked.in_group,
        filter_=asked.filter_,
        order=(asked.sort, asked.descending) if sorted_ else None,
        limit=asked.limit or 0,
        page=asked.page,
    )
    if found.ranked is not None:
        answer.invocation.notice(f"more cases hold these words: the newest {found.ranked:,} are among them here")
    finding.give(answer, found, desk, f"Cases that say {words!r}{stood}")
    return len(found.views)


def _told(answer: listing.Answer, cases: int) -> None:
    """Say what was written, where it did not go to standard output itself."""
    if answer.output is not None:
        document = {"exported": {"file": answer.output, "format": answer.format, "cases": cases}}
        answer.invocation.done(document, f"{counted(cases, 'case')} in {answer.output}")
