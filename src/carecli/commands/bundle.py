"""A case as a file that proves itself."""

from carecli.commands.declared import Family, command
from carecli.commands.invocation import Invocation
from carecli.errors import Invalid

app = Family("A case as a file that proves itself.", otherwise="write")


@app.command("write")
@command
def write(invocation: Invocation) -> None:
    """A case as a file that proves itself."""
    del invocation
    raise Invalid("this is not built yet", hint="it comes with this release")


@app.command("verify")
@command
def verify(invocation: Invocation) -> None:
    """A case as a file that proves itself."""
    del invocation
    raise Invalid("this is not built yet", hint="it comes with this release")
