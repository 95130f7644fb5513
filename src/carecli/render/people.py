"""Accounts, contacts and staff as people look at them."""

from collections.abc import Sequence

from carecli.domain.people import Account, CalendarSpec, Contact, Staff
from carecli.render.sheet import Cell, Column, Section, Sheet, Tone
from carecli.render.words import titled

ACCOUNT_COLUMNS = (
    Column("name", "Account", least=20),
    Column("plan", "Plan"),
    Column("timezone", "Time zone", rank=1),
    Column("hours", "Hours", rank=2, least=20),
    Column("holidays", "Holidays", rank=4),
    Column("deployments", "Deployments", rank=3, least=16),
    Column("parent", "Sold through", rank=5, least=12),
    Column("active", "Active"),
)
CONTACT_COLUMNS = (
    Column("email", "E-mail", least=20),
    Column("name", "Name", least=12),
    Column("account", "Account", rank=1, least=12),
    Column("access", "Access"),
    Column("trained", "Trained", rank=2),
    Column("phone", "Phone", rank=3),
    Column("active", "Active"),
    Column("ssh_keys", "SSH keys", extra=True),
)
STAFF_COLUMNS = (
    Column("email", "E-mail", least=20),
    Column("name", "Name", least=12),
    Column("role", "Role"),
    Column("group", "Product group", rank=1),
    Column("active", "Active"),
    Column("ssh_keys", "SSH keys", extra=True),
)
PRODUCT_COLUMNS = (
    Column("deployment", "Deployment", least=12),
    Column("service", "Service", least=12),
    Column("group", "Group", rank=1),
    Column("components", "Components", least=16),
)


def account_sheet(accounts: Sequence[Account]) -> Sheet:
    """The accounts of the desk."""
    return Sheet("Accounts", ACCOUNT_COLUMNS, tuple(_account(account) for account in accounts))


def contact_sheet(contacts: Sequence[Contact]) -> Sheet:
    """Contacts with what each may do (DC-6)."""
    return Sheet("Contacts", CONTACT_COLUMNS, tuple(_contact(contact) for contact in contacts))


def staff_sheet(staff: Sequence[Staff]) -> Sheet:
    """The staff of the desk."""
    return Sheet("Staff", STAFF_COLUMNS, tuple(_staff(member) for member in staff))


def _account(account: Account) -> tuple[Cell, ...]:
    calendar = account.calendar
    return (
        Cell(account.name, tone=Tone.STRONG),
        Cell(account.plan.value, titled(account.plan)),
        Cell(calendar.timezone, calendar.timezone or "the desk's"),
        Cell(calendar.hours, calendar.hours or "the desk's"),
        Cell(calendar.holidays, "the desk's" if calendar.holidays is None else calendar.holidays),
        Cell(", ".join(deployment.name for deployment in account.deployments)),
        Cell(account.parent),
        _active(account.active),
    )


def _contact(contact: Contact) -> tuple[Cell, ...]:
    return (
        Cell(contact.email, tone=Tone.STRONG),
        Cell(contact.name),
        Cell(contact.account),
        Cell(contact.access.value),
        Cell(contact.trained),
        Cell(contact.phone),
        _active(contact.active),
        _keys(contact.ssh_keys),
    )


def _staff(staff: Staff) -> tuple[Cell, ...]:
    return (
        Cell(staff.email, tone=Tone.STRONG),
        Cell(staff.name),
        Cell(staff.role.value),
        Cell(staff.group),
        _active(staff.active),
        _keys(staff.ssh_keys),
    )


def _keys(keys: Sequence[str]) -> Cell:
    """The fingerprints of SSH keys, for who asks for them by the column's name."""
    if not keys:
        return Cell(None)
    from carecli.domain.ssh_key import fingerprint

    return Cell(" ".join(fingerprint(key) for key in keys))


def _active(active: bool) -> Cell:
    return Cell(active, "yes" if active else "NO", Tone.PLAIN if active else Tone.QUIET)


def account_page(
    account: Account,
    features: Sequence[str],
    designated: int,
    contacts: Sequence[Contact],
    calendar: CalendarSpec,
    end_users: Sequence[str] = (),
) -> list[Section]:
    """One account: what it bought, what that entitles it to, and who acts for it (ACC-1, DC-2)."""
    trained = sum(contact.designated and contact.trained for contact in contacts)
    told = f"{designated}, {trained} of them trained" + ("" if trained >= 2 else " (two trained ones are needed)")
    sections: list[Section] = [_account_facts(account, features, told, calendar, end_users)]
    services = [(d, s) for d in account.deployments for s in d.services]
    if services:
        rows = tuple(
            (Cell(d.name), Cell(s.name), Cell(s.group), Cell(", ".join(s.components))) for d, s in services
        )
        sections.append(Sheet("Services", PRODUCT_COLUMNS, rows))
    if contacts:
        sections.append(contact_sheet(contacts))
    return sections


def _account_facts(
    account: Account,
    features: Sequence[str],
    designated: str,
    calendar: CalendarSpec,
    end_users: Sequence[str],
) -> Sheet:
    facts = [
        ("Plan", titled(account.plan)),
        ("Entitled to", ", ".join(features)),
        *((f"Add-on {kind}", person) for kind, person in account.add_ons.items()),
        ("Sold through", account.parent),
        ("End-users", ", ".join(end_users)),
        ("Executive", account.executive),
        ("Success manager", account.success_manager),
        ("Time zone", calendar.timezone),
        ("Hours", calendar.hours),
        ("Holidays", calendar.holidays or "none"),
        ("Closed on", ", ".join(calendar.close_on)),
        ("Designated Contacts", designated),
        ("Active", None if account.active else "NO"),
    ]
    rows = tuple((Cell(name, tone=Tone.QUIET), Cell(value)) for name, value in facts if value)
    columns = (Column("field", "Field"), Column("value", "Value", least=30))
    return Sheet(account.name, columns, rows, headed=False)
