"""Staff: the people of the desk, their roles and product groups."""

from typing import Annotated

from carecli.commands import listing, options, ssh_keys
from carecli.commands.declared import Argument, Family, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.vocabulary import Role
from carecli.render import documents, people

app = Family("Staff: the people of the desk, their roles and product groups.")

Email = Annotated[str, Argument(metavar="EMAIL", help="The person's address.", completes="staff")]
Name = Annotated[str | None, Option("--name", metavar="NAME", help="The person's name.")]
RoleText = Annotated[str | None, Option("--role", metavar="ROLE", help="agent, manager or admin.", completes=Role)]
Group = Annotated[
    str | None, Option("--product-group", metavar="NAME", help="The product group.", completes="group")
]


@app.command("add")
@command
def add(
    invocation: Invocation,
    email: Email,
    name: Name = None,
    role: RoleText = None,
    product_group: Group = None,
    ssh_key: ssh_keys.Keys = None,
) -> None:
    """Add a member of staff.

    care staff add ben@desk.example --name "Ben Ito" --role agent --product-group Voice
    """
    from carecli.desk import directory

    chosen = options.chosen(role, Role, "--role") or Role.AGENT
    keys = ssh_keys.read(ssh_key)
    with invocation.desk() as desk:
        staff = directory.add_staff(desk, email, name=name, role=chosen, group=product_group, ssh_keys=keys)
    line = f"staff {staff.email} added: {staff.role}{ssh_keys.told(staff.ssh_keys)}"
    invocation.done(documents.staff(staff), line)


@app.command("edit")
@command
def edit(
    invocation: Invocation,
    email: Email,
    name: Name = None,
    role: RoleText = None,
    product_group: Group = None,
    active: Annotated[bool | None, Option("--active/--inactive", help="Whether the person may act.")] = None,
    ssh_key: ssh_keys.Keys = None,
    no_ssh_keys: ssh_keys.NoKeys = False,
) -> None:
    """Change a member of staff.

    care staff edit ben@desk.example --role manager

    care staff edit ben@desk.example --no-ssh-keys --ssh-key new.pub
    """
    from carecli.desk import directory

    chosen = options.chosen(role, Role, "--role")
    keys = ssh_keys.read(ssh_key)
    with invocation.desk() as desk:
        staff = directory.edit_staff(
            desk,
            email,
            name=name,
            role=chosen,
            group=product_group,
            active=active,
            ssh_keys=keys,
            no_ssh_keys=no_ssh_keys,
        )
    line = f"staff {staff.email} changed: {staff.role}{ssh_keys.told(staff.ssh_keys)}"
    invocation.done(documents.staff(staff), line)


@app.command("deactivate")
@command
def deactivate(invocation: Invocation, email: Email) -> None:
    """Let a member of staff act no more; the history stays.

    care staff deactivate ben@desk.example
    """
    from carecli.desk import directory

    with invocation.desk() as desk:
        staff = directory.deactivate_staff(desk, email)
    invocation.done(documents.staff(staff), f"staff {staff.email} deactivated")


@app.command("list")
@command
def list_(
    invocation: Invocation,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List the staff.

    care staff list --format csv
    """
    from carecli.desk import directory

    answer = listing.answer(invocation, format_, fields, output)
    with invocation.desk() as desk:
        staff = directory.staff(desk)
    answer.give(
        listing.Listing(
            lambda: people.staff_sheet(staff),
            lambda: [documents.staff(member) for member in staff],
            lambda rows: {"staff": rows},
        )
    )
