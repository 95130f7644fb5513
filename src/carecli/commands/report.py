"""How well promises are kept: the page, the document, and the lists behind the figures."""

import sys
from collections.abc import Mapping
from shlex import quote
from typing import TYPE_CHECKING, Annotated

from carecli.commands import listing, options
from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.report import Dimension, Dimensions
from carecli.domain.vocabulary import CaseType, Metric, Plan, Priority
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.desk.reporting import Question
    from carecli.domain.report import Report

LISTS = ("attainment", "breaches", "backlog", "clocks", "cases")
DIMENSIONS = tuple(Dimension)

Since = Annotated[str | None, Option("--since", metavar="INSTANT", help="Of cases opened then or later.")]
Until = Annotated[str | None, Option("--until", metavar="INSTANT", help="Of cases opened before then.")]
By = Annotated[
    str | None,
    Option("--by", metavar="A,B", help=f"One table by these: {', '.join(DIMENSIONS)}.", completes=Dimension),
]
Policy = Annotated[
    str | None,
    Option(
        "--policy", metavar="NAME", help="What would have been under this policy, beside it.", completes="file"
    ),
]
PlanName = Annotated[str | None, Option("--plan", metavar="PLAN", help="Of this plan.", completes=Plan)]
MetricName = Annotated[
    str | None, Option("--metric", metavar="CLOCK", help="Of this clock alone.", completes=Metric)
]
List = Annotated[
    str | None,
    Option("--list", metavar="WHAT", help=f"What is behind a figure: {', '.join(LISTS)}.", completes=LISTS),
]
Html = Annotated[
    str | None, Option("--html", metavar="FILE", help="Write it as a page with charts.", completes="file")
]


@command
def report(
    invocation: Invocation,
    since: Since = None,
    until: Until = None,
    by: By = None,
    account: Annotated[
        str | None, Option("--account", metavar="NAME", help="Of this account.", completes="account")
    ] = None,
    plan: PlanName = None,
    priority: Annotated[
        str | None,
        Option("--priority", metavar="LEVEL", help="Of cases that stand there now.", completes=Priority),
    ] = None,
    metric: MetricName = None,
    owner: Annotated[
        str | None, Option("--owner", metavar="EMAIL", help="Of this owner.", completes="staff")
    ] = None,
    in_group: Annotated[
        str | None, Option("--in-group", metavar="NAME", help="Of this product group.", completes="group")
    ] = None,
    deployment: Annotated[
        str | None, Option("--deployment", metavar="NAME", help="On this deployment.", completes="deployment")
    ] = None,
    service: Annotated[
        str | None, Option("--service", metavar="NAME", help="On this service.", completes="service")
    ] = None,
    component: Annotated[
        str | None, Option("--component", metavar="NAME", help="On this component.", completes="component")
    ] = None,
    type_: Annotated[
        str | None, Option("--type", metavar="TYPE", help="Of this type.", completes=CaseType)
    ] = None,
    policy: Policy = None,
    at: options.At = None,
    list_: List = None,
    numbers: Annotated[
        bool, Option("--numbers", help="In JSON also the numbers of the cases that were kept.")
    ] = False,
    html: Html = None,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """How well promises are kept: attainment per clock, what was missed, backlog, follow-ups, times.

    Attainment is the share kept of the clocks that are decided; what still runs is stated and not counted.

    care report --since 2026-03-01 --until 2026-04-01

    care report --since 2026-03-01 --html march.html

    care report --by account,week --format csv

    care report --policy stricter.toml

    care report --since 2026-03-01 --list breaches
    """
    answer = listing.answer(invocation, format_, fields, output)
    _refuse_both(html, list_, answer)
    with invocation.desk() as present, options.as_of(invocation, present, at) as desk:
        named = {
            "since": since,
            "until": until,
            "account": account,
            "plan": plan,
            "priority": priority,
            "metric": metric,
            "owner": owner,
            "in-group": in_group,
            "deployment": deployment,
            "service": service,
            "component": component,
            "type": type_,
        }
        question = _question(desk, named)._replace(
            by=_dimensions(by), policy=policy, kept=numbers, exact=at is not None
        )
        if list_ and list_ != LISTS[0]:
            _give_list(answer, desk, question, _list(list_))
            return
        told = _counted(invocation, desk, question)
        if html:
            _write_page(invocation, told, desk.zone, html)
        elif list_ or answer.format in {"jsonl", "csv", "tsv"}:
            _give_attainment(answer, told)
        else:
            _give(answer, told, desk.zone, _again({**named, "at": at}))


def _refuse_both(html: str | None, list_: str | None, answer: listing.Answer) -> None:
    if html and (list_ or answer.format != "table" or answer.output):
        raise Invalid(
            "--html goes with none of --list, --format, --json and --output", hint="--html names the file"
        )
    _list(list_)


def _list(name: str | None) -> str:
    if name is not None and name not in LISTS:
        raise Invalid(f"--list {name[:40]!r} is not known", hint=f"choose from: {', '.join(LISTS)}")
    return name or ""


def _question(desk: "Desk", named: Mapping[str, str | None]) -> "Question":
    """Which cases are asked for, by the options of these names."""
    from carecli.commands.instants import parse
    from carecli.desk.reporting import Question
    from carecli.domain.finding import Filter

    wanted = Filter(
        closed=True,
        type=options.chosen(named["type"], CaseType, "--type"),
        priority=options.priority(named["priority"]),
        account=named["account"],
        deployment=named["deployment"],
        service=named["service"],
        component=named["component"],
        owner=named["owner"],
        group=named["in-group"],
        since=parse(since, zone=desk.zone, now=desk.now, past=True) if (since := named["since"]) else None,
        until=parse(until, zone=desk.zone, now=desk.now, past=True) if (until := named["until"]) else None,
    )
    return Question(
        wanted,
        options.chosen(named["plan"], Plan, "--plan"),
        options.chosen(named["metric"], Metric, "--metric"),
    )


def _dimensions(by: str | None) -> Dimensions | None:
    """What a table is to be by: metric may be named and always is, `period` is the month."""
    if by is None:
        return None
    names = [word.strip().lower() for word in by.split(",") if word.strip()]
    known = ["month" if word == "period" else word for word in names if word != "metric"]
    wrong = [word for word in known if word not in DIMENSIONS]
    if wrong or not known:
        told = repr(", ".join(wrong)[:40]) if wrong else "metric alone" if names else "nothing"
        raise Invalid(
            f"--by {told} is no table" if not wrong else f"--by {told} is not known",
            hint=f"choose from: {', '.join(DIMENSIONS)}; every table is by clock, too",
            rule="RPT-1",
        )
    return tuple(dict.fromkeys(Dimension(word) for word in known))


def _counted(invocation: Invocation, desk: "Desk", question: "Question") -> "Report":
    from carecli.commands.progress import progress
    from carecli.desk import reporting

    with progress(invocation, "Counting") as reached:
        return reporting.report(desk, question, reached)


def _give(answer: listing.Answer, told: "Report", zone: str, again: str) -> None:
    if answer.format == "xlsx":
        _write_workbook(answer, told, zone)
        return
    with answer.stream() as out:
        if answer.format == "json":
            from carecli.render import json_text, report_document

            json_text.write_json(listing.picked_from(report_document.report(told), answer.fields), out)
            return
        from carecli.commands import paging
        from carecli.render import delimited, terminal
        from carecli.render.report import report_page

        screen = answer.invocation.screen(out)
        sections = report_page(told, zone, width=screen.width if screen.terminal else None, again=again)
        if not screen.terminal:
            delimited.write_plain(sections, out, color=screen.color)
            return
        with paging.paged(paging.wanted(answer.invocation), out, screen) as page:
            terminal.write(sections, page, screen)


def _write_workbook(answer: listing.Answer, told: "Report", zone: str) -> None:
    if answer.output is None and sys.stdout.isatty():
        raise Invalid("a terminal shows no xlsx", hint="--output FILE.xlsx, or a pipe", rule="EXP-1")
    from carecli.render.report_workbook import workbook

    with answer.bytes() as out:
        out.write(workbook(told, zone))


def _write_page(invocation: Invocation, told: "Report", zone: str, path: str) -> None:
    from carecli.render.report_page import page

    written = page(told, zone)
    answer = listing.Answer(invocation, "html", (), None if path == "-" else path)
    with answer.stream() as out:
        out.write(written)
    if answer.output:
        invocation.done({"written": path}, f"report written to {path}")


def _give_attainment(answer: listing.Answer, told: "Report") -> None:
    from carecli.render import report_document
    from carecli.render.report_sheets import attainment_sheet

    table = told.tables[0]
    answer.give(
        listing.Listing(
            lambda: attainment_sheet(table, told),
            lambda: list(report_document.attainment_rows(table)),
            lambda rows: {"attainment": rows},
        )
    )


def _give_list(answer: listing.Answer, desk: "Desk", question: "Question", what: str) -> None:
    from carecli.desk import reporting
    from carecli.render import report_document as documents
    from carecli.render import report_sheets as sheets

    if what == "breaches":
        missed = reporting.report(desk, question).breaches
        answer.give(
            listing.Listing(
                lambda: sheets.breaches_sheet(missed, desk.zone),
                lambda: [documents.breach(one) for one in missed],
                lambda rows: {"breaches": rows},
            )
        )
    elif what == "backlog":
        aged = reporting.backlog(desk, question)
        answer.give(
            listing.Listing(
                lambda: sheets.aged_sheet(aged, desk.zone),
                lambda: [documents.aged(one) for one in aged],
                lambda rows: {"backlog": rows},
            )
        )
    else:
        _give_counted(answer, desk, question, what)


def _give_counted(answer: listing.Answer, desk: "Desk", question: "Question", what: str) -> None:
    """Every clock or case that is counted, read as it is written."""
    from carecli.desk import reporting
    from carecli.render import report_document as documents
    from carecli.render import report_sheets as sheets

    flow, rows = (
        (sheets.clocks_flow, documents.clock_rows)
        if what == "clocks"
        else (sheets.cases_flow, lambda told: iter((documents.case_row(told),)))
    )
    with reporting.cases(desk, question) as told:
        answer.give(
            listing.Listing(
                lambda: sheets.kept(flow(told, desk.zone)),
                lambda: (row for case in told for row in rows(case)),
                lambda found: {what: found},
                sheets.CLOCK_FIELDS if what == "clocks" else sheets.CASE_FIELDS,
                lambda: flow(told, desk.zone),
            )
        )


def _again(named: Mapping[str, str | None]) -> str:
    """The command that asks for the same cases, to which what is wanted of them is added."""
    return " ".join(["care report", *(f"--{name} {quote(text)}" for name, text in named.items() if text)])
