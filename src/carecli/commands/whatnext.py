"""Which channel a need goes to (WHERE-1)."""

from carecli.commands.declared import command
from carecli.commands.invocation import Invocation
from carecli.errors import Refused


@command
def whatnext(invocation: Invocation) -> None:
    """Find the right channel for a need."""
    raise Refused(f"not built yet: {invocation}", hint="wait for it")
