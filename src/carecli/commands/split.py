"""Make an update a case of its own."""

from carecli.commands import options
from carecli.commands.declared import command
from carecli.commands.invocation import Invocation


@command
def split(invocation: Invocation, number: options.Number) -> None:
    """Make an update a case of its own."""
    raise NotImplementedError(invocation, number)
