"""Holding the record against its own events, and its log against seals of before."""

import sys
from typing import TYPE_CHECKING, Annotated

from carecli.commands import options
from carecli.commands.declared import Argument, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number
from carecli.errors import ExitStatus, Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from carecli.desk.desk import Desk
    from carecli.domain.verify import RepairReport, VerifyReport


@command
def verify(
    invocation: Invocation,
    number: Annotated[
        str | None, Argument(metavar="[NUMBER]", help="One case; by default all.", completes="case")
    ] = None,
    seal: Annotated[bool, Option("--seal", help="Print the log's seal, to be kept elsewhere.")] = False,
    against: Annotated[
        list[str] | None, Option("--against", metavar="SEAL", help="Prove that history up to a seal is unchanged.")
    ] = None,
    repair: Annotated[bool, Option("--repair", help="Make anew what is derived of events and differs.")] = False,
    dry_run: Annotated[bool, Option("--dry-run", help="Only say what --repair would make anew.")] = False,
    yes: options.Yes = False,
) -> int:
    """Recompute every case from its events and say what is stored otherwise; for admins and cron.

    The log's own chain, people, policies, timers and the search index are held against the events too. Nothing
    is changed, but by --repair: that makes anew what is derived, and leaves events, mail, PINs and files alone.
    Exits with 1 where something differs, or a seal does not hold.

    care verify

    care verify 42 --json

    care verify --seal

    care verify --against care1-65-my9qps-6n3wp49a-rh49nwhh-1g32dkdt-dwr9f8nd-kx63

    care verify --repair --dry-run
    """
    from carecli.domain.seal import parse_seal

    _refuse(number, seal=seal, against=against, repair=repair, dry_run=dry_run)
    seals = [parse_seal(text) for text in against or ()]
    if repair:
        return _repair(invocation, dry_run=dry_run, yes=yes)
    from carecli.commands.progress import progress
    from carecli.desk import verify as use_case

    case = None if number is None else parse_number(number)
    with _opened(invocation, strict=False) as desk:
        total = use_case.cases(desk) if case is None else 1
        with progress(invocation, "cases", total) as on_case:
            report = use_case.verify(desk, case, against=seals, on_case=on_case)
    return _answer(invocation, report, seal=seal)


def _refuse(
    number: str | None, *, seal: bool, against: "Sequence[str] | None", repair: bool, dry_run: bool
) -> None:
    """Refuse options that mean nothing together."""
    if number is not None and (seal or against or repair):
        raise Invalid("a seal is of the whole log, and so is a repair", hint="leave the case number out")
    if repair and (seal or against):
        raise Invalid("--repair and seals exclude each other", hint="repair first, and verify then")
    if dry_run and not repair:
        raise Invalid("--dry-run is for --repair alone", hint="without --repair nothing is changed anyway")


def _opened(invocation: Invocation, *, strict: bool) -> "AbstractContextManager[Desk]":
    """The desk by what its log tells of people: the rows about them may be what is damaged."""
    from carecli.desk.by_log import open_by_log
    from carecli.domain.vocabulary import SYSTEM

    config = invocation.config
    return invocation.telling(open_by_log(config, actor=config.actor or SYSTEM, now=invocation.now, strict=strict))


def _answer(invocation: Invocation, report: "VerifyReport", *, seal: bool) -> int:
    from carecli.render import health_document

    sealed = report.seal if seal else None
    if invocation.quiet and not invocation.json and report.sound:
        if sealed:
            sys.stdout.write(f"{sealed}\n")
    elif invocation.json or not invocation.quiet or not report.sound:
        from carecli.render import verified

        shown = report._replace(seal=sealed)
        invocation.emit(health_document.verified(shown), lambda: verified.page(shown, seal=seal))
    return ExitStatus.DONE if report.sound else ExitStatus.FAILED


def _repair(invocation: Invocation, *, dry_run: bool, yes: bool) -> int:
    from carecli.commands.progress import progress
    from carecli.commands.prompts import confirmed
    from carecli.desk import repair as use_case
    from carecli.desk import verify as looking
    from carecli.render import health_document

    def sure(signs: "Sequence[str]") -> bool:
        told = (
            f"The log may have been cut at its end ({'; '.join(signs)}). Make the record as it says all the same?"
        )
        return confirmed(invocation, told, yes=yes)

    with _opened(invocation, strict=True) as desk:
        total = looking.cases(desk)
        with progress(invocation, "cases", total) as on_case:
            report = use_case.repair(desk, dry_run=dry_run, sure=sure, on_case=on_case)
    _told(invocation, report, health_document.repaired(report))
    return ExitStatus.FAILED if report.left else ExitStatus.DONE


def _told(invocation: Invocation, report: "RepairReport", document: object) -> None:
    from carecli.render import verified

    if invocation.json or not invocation.quiet or report.left:
        invocation.emit(document, lambda: verified.repair_page(report))
