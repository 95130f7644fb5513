"""What an admin case asks for, approved or declined (ADM-1)."""

from carecli.commands.declared import command
from carecli.commands.invocation import Invocation
from carecli.errors import Refused


@command
def approve(invocation: Invocation) -> None:
    """Approve what an admin case asks for."""
    raise Refused(f"not built yet: {invocation}", hint="wait for it")


@command
def decline(invocation: Invocation) -> None:
    """Decline what an admin case asks for."""
    raise Refused(f"not built yet: {invocation}", hint="wait for it")
