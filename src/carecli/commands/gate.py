"""The gate: people come to the desk by their SSH keys, and can be nobody else (DC-3)."""

import os
import sys
from typing import TYPE_CHECKING, Annotated

from carecli.commands import listing, options
from carecli.commands.declared import Family, Option, command
from carecli.commands.invocation import Invocation
from carecli.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carecli.domain.gate import Refusal
    from carecli.render.sheet import Sheet

app = Family("The gate: people come to the desk by their SSH keys.", otherwise="enter")


@app.command("enter")
@command
def enter(
    invocation: Invocation,
    allow: Annotated[
        list[str] | None,
        Option("--allow", metavar="WORDS", help="Only this command, or `reading`; repeatable."),
    ] = None,
) -> int:
    """Do what a client of SSH asks for, as the person of --as: the forced command of a key.

    The client chooses neither person nor desk nor moment, and names no file here: files travel over standard input
    and output. What is refused is kept: care gate log.

    care gate --as dana@abc.example

    care gate --as monitor@abc.example --allow list --allow "attachment get"

    care gate --as auditor@desk.example --allow reading
    """
    if not invocation.given.actor:
        raise Invalid("whose key is this?", hint="care gate --as EMAIL; `care gate keys` writes such lines")
    # Imported here: the other commands of this family judge nobody.
    from carecli.commands.gating import known_commands
    from carecli.commands.passage import Passage
    from carecli.domain.gate import require_allowed

    if allow:
        require_allowed(allow, list(known_commands()))
    return Passage(invocation.given, allow or ()).go()


@app.command("keys")
@command
def keys(
    invocation: Invocation,
    program: Annotated[
        str | None, Option("--care", metavar="PROGRAM", help="Where care is; else this one.", completes="file")
    ] = None,
    wanted: Annotated[
        str | None, Option("--for", metavar="KEY", help="Of this key alone, or of its SHA256: fingerprint.")
    ] = None,
    output: Annotated[
        str | None,
        Option("--output", "-o", metavar="FILE", help="Into this file, whose other lines stay.", completes="file"),
    ] = None,
) -> None:
    """Print the lines by which sshd lets people in: one for each key of everybody who may act.

    Keys come with care contact edit EMAIL --ssh-key FILE, and care staff edit. A line runs the gate, and nothing
    else. For admins and `system`.

    care gate keys

    care gate keys --output ~/.ssh/authorized_keys

    care --as system gate keys --for SHA256:BGyXAahkjxTC4c3J+mLyCzN7bBITOMkbnIcPk+Mg9O4
    """
    from carecli.desk import gate
    from carecli.domain.counting import counted
    from carecli.render import gate_document, json_text

    with invocation.desk() as desk:
        found = gate.holders(desk, _program(program), wanted)
    file = None if output in {None, "-"} else output
    if file:
        gate.install(file, found)
    if invocation.json:
        json_text.write_json(gate_document.keys(found, file), sys.stdout)
    elif file:
        invocation.done(None, f"{counted(len(found), 'key')} in {file}")
    else:
        sys.stdout.write(gate.authorized(found) if wanted is None else "".join(f"{one.line}\n" for one in found))


def _program(named: str | None) -> list[str]:
    """The words that start this program from anywhere."""
    from shutil import which

    path = named or (sys.argv[0] if os.path.basename(sys.argv[0]) == "care" else which("care"))  # noqa: PTH119
    return [os.path.abspath(path)] if path else [sys.executable, "-m", "carecli"]  # noqa: PTH100


@app.command("log")
@command
def log(
    invocation: Invocation,
    limit: options.AtMost = 50,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List what was refused at the gate, the newest first; for admins. The newest 10,000 are kept.

    care gate log

    care gate log --limit 1000 --format csv
    """
    from carecli.desk import gate
    from carecli.render import gate_document

    answer = listing.answer(invocation, format_, fields, output)
    with invocation.desk() as desk:
        found = gate.refusals(desk, limit)
        zone = desk.zone
    answer.give(
        listing.Listing(
            lambda: _sheet(found, zone),
            lambda: [gate_document.refusal(one) for one in found],
            lambda rows: {"refusals": rows},
            gate_document.KEYS,
        )
    )


def _sheet(found: "Sequence[Refusal]", zone: str) -> "Sheet":
    from carecli.render.gate import refusal_sheet

    return refusal_sheet(found, zone)
