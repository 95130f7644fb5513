"""Contacts: the people at an account and what each may do."""

from typing import Annotated

from carecli.commands import listing, options, prompts, ssh_keys
from carecli.commands.declared import Argument, Family, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.people import Contact
from carecli.domain.vocabulary import Access
from carecli.render import documents, people

app = Family("Contacts: the people at an account and what each may do.")

Email = Annotated[str, Argument(metavar="EMAIL", help="The contact's address.", completes="contact")]
Name = Annotated[str | None, Option("--name", metavar="NAME", help="The contact's name.")]
AccessText = Annotated[
    str | None,
    Option("--access", metavar="LEVEL", help="basic, read-only or read-write (opens cases).", completes=Access),
]
Trained = Annotated[bool | None, Option("--trained/--not-trained", help="Trained as Designated Contact.")]
Phone = Annotated[str | None, Option("--phone", metavar="NUMBER", help="The contact's telephone.")]
NewPin = Annotated[
    str | None, Option("--pin", metavar="-", help="A PIN for calls; - prompts or reads standard input.")
]


@app.command("add")
@command
def add(
    invocation: Invocation,
    email: Email,
    account: Annotated[
        str, Option("--account", metavar="NAME", help="The contact's account.", completes="account")
    ],
    name: Name = None,
    access: AccessText = None,
    trained: Trained = None,
    phone: Phone = None,
    pin: NewPin = None,
    ssh_key: ssh_keys.Keys = None,
) -> None:
    """Add a contact to an account; with read-write access a Designated Contact.

    care contact add dana@abc.example --account "ABC Testing Co" --name "Dana Reyes" --trained
    """
    from carecli.desk import directory

    level = options.chosen(access, Access, "--access") or Access.READ_WRITE
    ssh_keys.refuse_two(pin, ssh_key)
    secret, keys = prompts.pin(invocation, pin), ssh_keys.read(ssh_key)
    with invocation.desk() as desk:
        contact = directory.add_contact(
            desk,
            email,
            account=account,
            name=name,
            access_level=level,
            trained=bool(trained),
            phone=phone,
            pin=secret,
            ssh_keys=keys,
        )
    line = f"contact {contact.email} added: {contact.account}, {contact.access}{ssh_keys.told(contact.ssh_keys)}"
    invocation.done(documents.contact(contact), line)


@app.command("edit")
@command
def edit(
    invocation: Invocation,
    email: Email,
    name: Name = None,
    access: AccessText = None,
    trained: Trained = None,
    phone: Phone = None,
    pin: NewPin = None,
    unlock_pin: Annotated[
        bool, Option("--unlock-pin", help="Let the PIN be tried again, after too many wrong ones.")
    ] = False,
    active: Annotated[bool | None, Option("--active/--inactive", help="Whether the contact may act.")] = None,
    ssh_key: ssh_keys.Keys = None,
    no_ssh_keys: ssh_keys.NoKeys = False,
) -> None:
    """Change a contact; everybody may change the own name, telephone and PIN.

    care contact edit dana@abc.example --phone "+1 555 010 0199" --pin -

    care contact edit dana@abc.example --ssh-key dana.pub
    """
    from carecli.desk import directory

    level = options.chosen(access, Access, "--access")
    ssh_keys.refuse_two(pin, ssh_key)
    secret, keys = prompts.pin(invocation, pin), ssh_keys.read(ssh_key)
    with invocation.desk() as desk:
        contact = directory.edit_contact(
            desk,
            email,
            name=name,
            phone=phone,
            access_level=level,
            trained=trained,
            pin=secret,
            active=active,
            unlock_pin=unlock_pin,
            ssh_keys=keys,
            no_ssh_keys=no_ssh_keys,
        )
    line = f"contact {contact.email} changed: {contact.access}{ssh_keys.told(contact.ssh_keys)}"
    invocation.done(documents.contact(contact), line)


@app.command("deactivate")
@command
def deactivate(invocation: Invocation, email: Email) -> None:
    """Let a contact act no more; the history stays.

    care contact deactivate dana@abc.example
    """
    from carecli.desk import directory

    with invocation.desk() as desk:
        contact = directory.deactivate_contact(desk, email)
    invocation.done(documents.contact(contact), f"contact {contact.email} deactivated")


@app.command("list")
@command
def list_(
    invocation: Invocation,
    account: Annotated[
        str | None, Option("--account", metavar="NAME", help="Of this account.", completes="account")
    ] = None,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List contacts with what each may do.

    care contact list --account "ABC Testing Co"
    """
    from carecli.desk import directory

    answer = listing.answer(invocation, format_, fields, output)
    with invocation.desk() as desk:
        contacts = directory.contacts(desk, account)
    answer.give(
        listing.Listing(
            lambda: people.contact_sheet(contacts),
            lambda: [documents.contact(contact) for contact in contacts],
            lambda rows: {"contacts": rows},
            (*Contact._fields, "designated"),
        )
    )
