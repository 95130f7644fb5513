"""Write cases to a file."""

from carecli.commands.declared import command
from carecli.commands.invocation import Invocation
from carecli.errors import Invalid


@command
def export(invocation: Invocation) -> None:
    """Write cases to a file."""
    del invocation
    raise Invalid("this is not built yet", hint="it comes with this release")
