"""Chat with the owner of a case (CHAT-1)."""

from carecli.commands.declared import command
from carecli.commands.invocation import Invocation
from carecli.errors import Refused


@command
def chat(invocation: Invocation) -> None:
    """Chat with the owner of an open case."""
    raise Refused(f"not built yet: {invocation}", hint="wait for it")
