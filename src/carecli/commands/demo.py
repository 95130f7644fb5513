"""The guided trial: three weeks of a small desk, and the tick at their end."""

import sys
from collections.abc import Iterator
from pathlib import Path
from shlex import quote
from shutil import which
from typing import TYPE_CHECKING

from carecli.commands.declared import command
from carecli.commands.invocation import Invocation
from carecli.domain.instants import iso
from carecli.render import tick_document

if TYPE_CHECKING:
    from carecli.desk.demo import Trial


@command
def demo(invocation: Invocation) -> None:
    """Walk a small desk of its own through three weeks of cases.

    Nothing of yours is touched: the demo makes a database of its own, or the file that --db names.

    care demo

    care demo --db /tmp/trial.db
    """
    from carecli.desk.demo import run

    def tell(line: str) -> None:
        if not (invocation.json or invocation.quiet):
            sys.stdout.write(line + "\n")

    trial = run(invocation.given.db, tell)
    document = {"database": trial.database, "staff": trial.staff, "contact": trial.contact}
    if invocation.json:
        invocation.done(document | {"tick": tick_document.tick(trial.report)}, "")
        return
    from carecli.render.tick import tick_page

    tell("")
    invocation.page(tick_page(trial.report, trial.zone), paged=False)
    for line in _ways_on(trial):
        tell(line)


def _ways_on(trial: "Trial") -> Iterator[str]:
    """How to go on: look around in the trial, then set up a desk of one's own."""
    care = sys.argv[0] if Path(sys.argv[0]).name == "care" and which("care") is None else "care"
    here = f"{care} --db {quote(trial.database)} --now {iso(trial.now)}"
    yield f"\nlook around as staff:     {here} --as {trial.staff} list --all"
    yield f"as the customer:          {here} --as {trial.contact} show 8"
    yield f"then a desk of your own:  {care} init --email YOU@EXAMPLE --timezone ZONE"
    yield f"its first case:           {care} account add, {care} contact add, {care} open (each has --help)"
