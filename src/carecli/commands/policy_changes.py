"""Another policy: held against the one in force, tried on open cases, put in force, applied."""

from typing import TYPE_CHECKING, Annotated

from carecli.commands import impacting, listing, options
from carecli.commands.declared import Argument, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number
from carecli.render import policy_document

if TYPE_CHECKING:
    from carecli.commands.impacting import Wish
    from carecli.desk.desk import Desk
    from carecli.domain.policy_views import PolicyView

NAMES = "default, guide, process-2025, a TOML file, or a digest"
Name = Annotated[str | None, Argument(metavar="[NAME]", help=f"{NAMES}; else the one in force.", completes="file")]


@command
def diff(
    invocation: Invocation,
    one: Annotated[str | None, Argument(metavar="[A]", help=f"{NAMES}.", completes="file")] = None,
    other: Annotated[
        str | None, Argument(metavar="[B]", help="Another; without it A is held against the one in force.")
    ] = None,
    case: Annotated[
        str | None,
        Option(
            "--case", metavar="NUMBER", help="Hold A, or the one in force, against a case's.", completes="case"
        ),
    ] = None,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List what differs between two policies, setting by setting.

    Old is A, or the one in force where there is no B, or with --case the case's own.

    care policy diff mine.toml

    care policy diff default guide

    care policy diff --case 42
    """
    from carecli.domain.policy_diff import Setting, differences
    from carecli.render import policy

    answer = listing.answer(invocation, format_, fields, output)
    old, new = _pair(invocation, one, other, case)
    found = differences(old.document, new.document)
    answer.give(
        listing.Listing(
            lambda: policy.difference_sheet(old, new, found),
            lambda: [policy_document.difference(row) for row in found],
            lambda documents: policy_document.differences(old, new, documents),
            Setting._fields,
        )
    )


def _pair(
    invocation: Invocation, one: str | None, other: str | None, case: str | None
) -> "tuple[PolicyView, PolicyView]":
    """The old policy and the new one; a desk is opened where only that knows one of them."""
    from carecli.desk import policies
    from carecli.errors import Invalid

    if case is None and one is None:
        raise Invalid("which policies?", hint="care policy diff A B; A alone is held against the one in force")
    if case is not None and other is not None:
        raise Invalid("A, B and --case are three policies", hint="care policy diff A --case NUMBER")
    if one and other and not policies.is_hash(one) and not policies.is_hash(other):
        return policies.named(one), policies.named(other)
    with invocation.desk() as desk:
        named = [policies.found(desk, name) for name in (one, other) if name is not None]
        if case is not None:
            return policies.of_case(desk, parse_number(case)), (*named, policies.in_force(desk))[0]
        return (named[0], named[1]) if len(named) > 1 else (policies.in_force(desk), named[0])


@command
def impact(
    invocation: Invocation,
    name: Name = None,
    account: impacting.Account = None,
    since: impacting.From = None,
    every: impacting.Every = False,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List which open cases' due times a policy would move, and which breaches appear or vanish; for staff.

    Nothing is changed: care policy rebase does it, and comes to the same.

    care policy impact mine.toml

    care policy impact guide --account "ABC Testing Co" --from 2026-03-01 --all
    """
    answer = listing.answer(invocation, format_, fields, output)
    with invocation.desk() as desk:
        impacting.told(invocation, desk, _wish(desk, name, account, since), answer, every=every)


@command
def use(
    invocation: Invocation,
    name: Annotated[str, Argument(metavar="NAME", help=f"{NAMES}.", completes="file")],
) -> None:
    """Open cases under a policy from now on; for admins.

    Open cases keep the one that they were opened under: care policy rebase brings them along.

    care policy use mine.toml
    """
    from carecli.desk import policies

    with invocation.desk() as desk:
        view = policies.put_in_force(desk, name)
        changed = desk._replace(settings=desk.settings._replace(policy=view.digest))
        warnings = policies.check_in_force(changed).warnings
    for warning in warnings:
        invocation.notice(warning)
    invocation.done(
        policy_document.policy(view),
        f"new cases are opened under policy {view.document['name']} {view.digest[:12]}",
    )


@command
def rebase(
    invocation: Invocation,
    name: Name = None,
    account: impacting.Account = None,
    since: impacting.From = None,
    dry_run: impacting.DryRun = False,
    yes: options.Yes = False,
) -> None:
    """Bring open cases under a policy; for admins.

    What is met or closed keeps its result. No clock comes to be due before this moment, unless it was breached
    already. Nobody is mailed. Cut short, it goes on where it stopped when it is run again.

    care policy rebase --from 2026-03-01 --dry-run

    care policy rebase mine.toml --account "ABC Testing Co" --yes
    """
    with invocation.desk() as desk:
        wish = _wish(desk, name, account, since)
        impacting.done(invocation, desk, wish, dry_run=dry_run, yes=yes)


def _wish(desk: "Desk", name: str | None, account: str | None, since: str | None) -> "Wish":
    from carecli.desk import policies
    from carecli.desk.impact import Rules, Which
    from carecli.render.impact_document import Asked

    view = policies.in_force(desk) if name is None else policies.found(desk, name)
    which = Which(account, impacting.since(desk, since))
    asked = Asked(view, None, account, which.since, applied=False)
    title = f"Under policy {view.document['name']} {view.digest[:12]}"
    return impacting.Wish(title, asked, Rules(policy=view.document), which)
