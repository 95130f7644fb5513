"""The policy: the desk's promises and habits, shown, checked, compared and changed."""

import sys
from typing import Annotated

from carecli.commands import listing, policy_changes
from carecli.commands.declared import Argument, Family, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number
from carecli.domain.policy_views import Listed, PolicyView
from carecli.errors import ExitStatus, Invalid
from carecli.render import policy_document

app = Family("The policy: targets, follow-ups, limits; shown, checked, compared, changed.")


@app.command("show")
@command
def show(
    invocation: Invocation,
    name: Annotated[
        str | None,
        Argument(
            metavar="[NAME]",
            help="default, guide, process-2025, a TOML file, or a digest; else the one in force.",
            completes="file",
        ),
    ] = None,
    case: Annotated[
        str | None, Option("--case", metavar="NUMBER", help="The one that a case goes by.", completes="case")
    ] = None,
    toml: Annotated[bool, Option("--toml", help="Print it as a policy file.")] = False,
) -> None:
    """Show a policy: targets, priorities, follow-up, limits.

    A shipped policy or a file needs no desk.

    care policy show

    care policy show --case 42

    care policy show default --toml > mine.toml
    """
    if name is not None and case is not None:
        raise Invalid("NAME and --case exclude each other", hint="care policy show NAME, or --case NUMBER")
    if toml and invocation.json:
        raise Invalid("--toml and --json exclude each other", hint="give one of them")
    view = _found(invocation, name, case)
    if toml:
        _print_file(view)
        return
    from carecli.render import policy

    invocation.emit(policy_document.policy(view), lambda: policy.policy_page(view))


def _found(invocation: Invocation, name: str | None, case: str | None) -> PolicyView:
    """The policy that is meant; a desk is opened where only that knows it."""
    from carecli.desk import policies

    if name is not None and not policies.is_hash(name):
        return policies.named(name)
    with invocation.desk() as desk:
        if name is not None:
            return policies.by_hash(desk, name)
        return policies.in_force(desk) if case is None else policies.of_case(desk, parse_number(case))


def _print_file(view: PolicyView) -> None:
    from carecli.desk import policies
    from carecli.render import legible

    # The escapes of JSON are those of TOML's strings too.
    sys.stdout.write(legible.escaped(policies.file_text(view)))


@app.command("check")
@command
def check(
    invocation: Invocation,
    file: Annotated[
        list[str] | None,
        Argument(
            metavar="[FILE]...",
            help="Policy files, - for standard input; else the one in force.",
            completes="file",
        ),
    ] = None,
    desk: Annotated[bool, Option("--desk", help="Hold them against the desk's staff too.")] = False,
) -> int:
    """Tell what is wrong with a policy, all of it, and what looks like a slip.

    Files need no desk. The exit status is 2 where one is wrong, 0 where there are warnings alone.

    care policy check mine.toml
    """
    from carecli.desk import policies

    verdicts = [policies.check(name) for name in file or ()]
    if desk or not file:
        with invocation.desk() as opened:
            verdicts = [policies.check_on_desk(opened, one) for one in verdicts]
            verdicts = verdicts or [policies.check_in_force(opened)]
    from carecli.render import policy

    invocation.emit(policy_document.judged(verdicts), lambda: policy.judged_page(verdicts))
    return ExitStatus.USAGE if any(one.problems for one in verdicts) else ExitStatus.DONE


@app.command("list")
@command
def list_(
    invocation: Invocation,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List the policies that can be named: those shipped, and those the desk has had.

    care policy list
    """
    from carecli.desk import policies
    from carecli.render import policy

    answer = listing.answer(invocation, format_, fields, output)
    with invocation.desk() as desk:
        rows = policies.listed(desk)
    answer.give(
        listing.Listing(
            lambda: policy.policy_sheet(rows),
            lambda: [policy_document.listed(row) for row in rows],
            lambda documents: {"policies": documents},
            Listed._fields,
        )
    )


app.take("diff", policy_changes.diff)
app.take("impact", policy_changes.impact)
app.take("use", policy_changes.use)
app.take("rebase", policy_changes.rebase)
