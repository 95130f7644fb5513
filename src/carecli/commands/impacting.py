"""What changes of the rules do to open cases: listed, confirmed, done; for a policy and for a calendar alike."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, NamedTuple

from carecli.commands import listing, prompts
from carecli.commands.declared import Option
from carecli.commands.invocation import Invocation
from carecli.commands.listing import Answer, Listing
from carecli.domain.counting import counted
from carecli.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from carecli.desk.desk import Desk
    from carecli.desk.impact import OnCase, Rules, Which
    from carecli.domain.impact import Impact
    from carecli.render.impact_document import Asked

Account = Annotated[
    str | None,
    Option("--account", metavar="NAME", help="The cases of this account alone.", completes="account"),
]
From = Annotated[str | None, Option("--from", metavar="INSTANT", help="Opened then or later; by default all.")]
Every = Annotated[bool, Option("--all", help="Clocks that do not move, too.")]
DryRun = Annotated[bool, Option("--dry-run", help="Only tell what it would do.")]


class Wish(NamedTuple):
    """Rules for some cases, as they were asked for, under a title."""

    title: str
    asked: "Asked"
    rules: "Rules"
    which: "Which"


def since(desk: "Desk", text: str | None) -> "datetime | None":
    """The instant of --from, in the viewer's zone."""
    if text is None:
        return None
    from carecli.commands.instants import parse

    return parse(text, zone=desk.zone, now=desk.now, past=True)


def told(invocation: Invocation, desk: "Desk", wish: Wish, answer: Answer, *, every: bool) -> None:
    """Tell what the rules would do."""
    from carecli.desk import impact

    found = _worked(invocation, lambda on_case: impact.would_be(desk, wish.rules, wish.which, on_case))
    _give(desk, wish, found, answer, every=every)


def done(invocation: Invocation, desk: "Desk", wish: Wish, *, dry_run: bool, yes: bool) -> None:
    """Bring the cases under the rules, once a person has seen what that does, or has said yes beforehand.

    With `dry_run` it is only told what that would do. Raises Refused where nobody confirms it.
    """
    if dry_run:
        told(invocation, desk, wish, listing.answer(invocation, None, None, None), every=False)
        return
    from carecli.desk import impact

    if not yes:
        _confirm(invocation, desk, wish)
    found = _worked(invocation, lambda on_case: impact.rebase(desk, wish.rules, wish.which, on_case))
    wish = wish._replace(asked=wish.asked._replace(applied=True))
    if invocation.json or (yes and not invocation.quiet):
        _give(desk, wish, found, listing.answer(invocation, None, None, None), every=False)
    if not invocation.json:
        rebased = found.totals.cases - found.totals.already
        told_where = f"{counted(rebased, 'case')} rebased; `care log NUMBER` tells it as an event of each"
        invocation.notice(told_where if rebased else "no open case had to be rebased; nothing was changed")


def _confirm(invocation: Invocation, desk: "Desk", wish: Wish) -> None:
    """Raise Refused unless a person at a terminal agrees to what is shown."""
    from carecli.desk import impact

    if invocation.interactive:
        found = _worked(invocation, lambda on_case: impact.would_be(desk, wish.rules, wish.which, on_case))
        _give(desk, wish, found, listing.answer(invocation, None, None, None), every=False)
        count = found.totals.cases - found.totals.already
        if not count or prompts.confirmed(invocation, f"Rebase {counted(count, 'case')}?", yes=False):
            return
    raise Refused(
        "the rebasing was not confirmed; nothing was changed",
        hint="--dry-run shows what it would do, --yes confirms it",
        rule="SLA-8",
    )


def _worked(invocation: Invocation, work: "Callable[[OnCase], Impact]") -> "Impact":
    from carecli.commands.progress import progress

    with progress(invocation, "cases") as on_case:
        return work(on_case)


def _give(desk: "Desk", wish: Wish, found: "Impact", answer: Answer, *, every: bool) -> None:
    from carecli.render import impact, impact_document

    listed = impact.listed(found, every=every)
    answer.give(
        Listing(
            lambda: impact.impact_sheet(wish.title, found, listed, desk.zone),
            lambda: [impact_document.change(one) for one in listed],
            lambda documents: impact_document.impact(wish.asked, found.totals, documents),
            impact_document.KEYS,
        )
    )
    if answer.format == "table" and not answer.invocation.screen(sys.stdout).terminal:
        # A table that no terminal shows has no room for it.
        answer.invocation.notice(impact.summary(found.totals))
