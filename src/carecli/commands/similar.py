"""Find cases like one, or like a subject."""

from carecli.commands import options
from carecli.commands.declared import command
from carecli.commands.invocation import Invocation


@command
def similar(invocation: Invocation, number: options.Number) -> None:
    """Find cases like one, or like a subject."""
    raise NotImplementedError(invocation, number)
