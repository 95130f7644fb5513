"""How well promises are kept: the page, the document, and the lists behind the figures."""

from collections.abc import Mapping
from shlex import quote
from typing import TYPE_CHECKING, Annotated

from carecli.commands import listing, options, report_told
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
    what = _list(list_)
    _refuse_pointless(what, {"--by": by, "--policy": policy})
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
        if what and what != LISTS[0]:
            report_told.give_list(answer, desk, question, what)
            return
        told = _counted(invocation, desk, question)
        if html:
            report_told.write_page(invocation, told, desk.zone, html)
        elif what or answer.format in {"jsonl", "csv", "tsv"}:
            report_told.give_attainment(answer, told)
        else:
            report_told.give(answer, told, desk.zone, _again({**named, "at": at}))


def _refuse_both(html: str | None, list_: str | None, answer: listing.Answer) -> None:
    if html and (list_ or answer.format != "table" or answer.output):
        raise Invalid(
            "--html goes with none of --list, --format, --json and --output", hint="--html names the file"
        )
    if answer.format == "table" and (answer.output or "").lower().endswith((".html", ".htm")):
        raise Invalid("--output writes no page", hint=f"--html {answer.output} does", rule="EXP-1")


def _refuse_pointless(what: str, given: Mapping[str, str | None]) -> None:
    """Raise Invalid for options that change figures, where the cases behind them are asked for."""
    named = [name for name, value in given.items() if value is not None]
    if what and what != LISTS[0] and named:
        raise Invalid(
            f"--list {what} does not go with {' and '.join(named)}",
            hint="a list tells what is on record, row by row; leave it out",
            rule="RPT-1",
        )


def _list(name: str | None) -> str:
    """Which list is asked for, empty where none is; raises Invalid."""
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


def _again(named: Mapping[str, str | None]) -> str:
    """The command that asks for the same cases, to which what is wanted of them is added."""
    return " ".join(["care report", *(f"--{name} {quote(text)}" for name, text in named.items() if text)])
