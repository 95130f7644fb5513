"""How to reach Customer Care (WHERE-1)."""

from carecli.commands.declared import command
from carecli.commands.invocation import Invocation
from carecli.errors import Refused


@command
def contact_us(invocation: Invocation) -> None:
    """How to reach Customer Care now."""
    raise Refused(f"not built yet: {invocation}", hint="wait for it")
