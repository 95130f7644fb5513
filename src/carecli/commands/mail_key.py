"""The key of mail references: where it is kept, and a new one."""

from typing import Annotated

from carecli.commands.declared import Family, Option, command
from carecli.commands.invocation import Invocation
from carecli.errors import Invalid

app = Family("The key of mail references: where it is kept, and a new one.", otherwise="show")
LONGEST_DAYS = 3_650


@app.command("show")
@command
def show(invocation: Invocation) -> None:
    """Show where the key of mail references is kept, and what stands for it; for admins.

    care mail key show
    """
    from carecli.desk.mail import keys
    from carecli.render import reference_key

    with invocation.desk() as desk:
        view, zone = keys.show(desk), desk.zone
    invocation.emit(reference_key.document(view), lambda: [reference_key.sheet(view, zone)])


@app.command("renew")
@command
def renew(
    invocation: Invocation,
    accept_for: Annotated[
        int,
        Option("--accept-for", metavar="DAYS", min=1, help="So long replies to mail of before find their case."),
    ] = 180,
    forget: Annotated[
        bool, Option("--forget", help="The key has leaked: replies to mail of before wait in triage.")
    ] = False,
) -> None:
    """Make a new key, kept where the config file says: reference_key_file or reference_key_keyring; for admins.

    With neither it stays in the database, and so in every backup of it.

    care mail key renew --accept-for 90
    """
    from carecli.desk.mail import keys
    from carecli.render import reference_key

    if accept_for > LONGEST_DAYS:
        raise Invalid(f"--accept-for {accept_for} is too long", hint=f"at most {LONGEST_DAYS} days")
    with invocation.desk() as desk:
        view, zone = keys.renew(desk, days=accept_for, forget=forget), desk.zone
    invocation.emit(reference_key.document(view), lambda: [reference_key.sheet(view, zone)])
