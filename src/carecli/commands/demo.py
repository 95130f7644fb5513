"""The guided trial: three weeks of a small desk, and the tick at their end."""

import sys

from carecli.commands.declared import command
from carecli.commands.invocation import Invocation
from carecli.domain.instants import iso
from carecli.render import tick_document


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
    again = f"care --db {trial.database} --as {trial.staff} --now '{iso(trial.now)}' list --all"
    document = {"database": trial.database, "staff": trial.staff, "contact": trial.contact}
    if invocation.json:
        invocation.done(document | {"tick": tick_document.tick(trial.report)}, "")
        return
    from carecli.render.tick import tick_page

    tell("")
    invocation.page(tick_page(trial.report, trial.zone))
    tell(f"\nlook around: {again}\nas the customer: {again.replace(trial.staff, trial.contact)}")
