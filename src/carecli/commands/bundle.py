"""A case as a file that anybody can check without the database."""

import sys
from typing import TYPE_CHECKING, Annotated

from carecli.commands import options
from carecli.commands.declared import Argument, Family, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number, written
from carecli.errors import ExitStatus
from carecli.render import json_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carecli.domain.bundle import Verdict
    from carecli.render.sheet import Section

app = Family("A case as a file that proves itself: written, verified.", otherwise="write")


@app.command("write")
@command
def write(
    invocation: Invocation,
    number: options.Number,
    output: Annotated[
        str | None,
        Option("--output", "-o", metavar="FILE", help="Write to a file, - for standard output.", completes="file"),
    ] = None,
) -> None:
    """Write a case with its events, clocks, policy, calendar, proofs and mail as one file (JSON).

    Whoever has it checks it with `care bundle verify`, without this desk. A contact's holds what the contact may
    see, and says what it leaves out.

    care bundle 42 --output case-42.json
    """
    from carecli.desk.bundles import writing

    case = parse_number(number)
    with invocation.desk() as desk:
        document = writing.bundle(desk, case)
    if output is None or output == "-":
        json_text.write_json(document, sys.stdout)
        return
    _keep(document, output)
    from carecli.render import bundle_document

    line = f"{written(case)} written to {output}; `care bundle verify {output}` checks it"
    invocation.done(bundle_document.kept(document, output), line)


@app.command("verify")
@command
def verify(
    invocation: Invocation,
    file: Annotated[str, Argument(metavar="FILE", help="The bundle; - is standard input.", completes="file")],
) -> int:
    """Check a bundle without any database: its hashes and digests, and the clocks worked out again.

    Exits with 1 where something is not as its events and rules say.

    care bundle verify case-42.json
    """
    from carecli.desk.bundles import checking
    from carecli.render import bundle_document

    verdict = checking.check(file)
    if invocation.json or not invocation.quiet or verdict.faults:
        invocation.emit(bundle_document.verdict(verdict), lambda: _page(verdict))
    return ExitStatus.FAILED if verdict.faults else ExitStatus.DONE


def _keep(document: object, output: str) -> None:
    from carecli.desk import exporting

    with exporting.written(output) as out:
        out.write((json_text.json_text(document, indent=2) + "\n").encode())


def _page(verdict: "Verdict") -> "Sequence[Section]":
    from carecli.render.bundle import verdict_page

    return verdict_page(verdict)
