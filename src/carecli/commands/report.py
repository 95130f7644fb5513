"""How well promises are kept."""

from carecli.commands.declared import command
from carecli.commands.invocation import Invocation
from carecli.errors import Invalid


@command
def report(invocation: Invocation) -> None:
    """How well promises are kept."""
    del invocation
    raise Invalid("this is not built yet", hint="it comes with this release")
