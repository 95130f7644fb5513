"""Exempt a stretch of time from a case's clocks."""

from carecli.commands.declared import command
from carecli.commands.invocation import Invocation
from carecli.errors import Invalid


@command
def exempt(invocation: Invocation) -> None:
    """Exempt a stretch of time from a case's clocks."""
    del invocation
    raise Invalid("this is not built yet", hint="it comes with this release")
