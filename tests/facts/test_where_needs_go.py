"""The table of needs against the sources, row by row: the information guide's quick tips, the guide's 6 to 8."""

from typing import NamedTuple

import pytest
from facts.shipped_policies import POLICIES, shipped

from carecli.domain import policy_tables
from carecli.domain.policy_tables import Channel, PhoneUse


class Row(NamedTuple):
    """A row of a source: its need in our table, what our wording speaks of, the channel, and the phone."""

    place: str
    key: str
    words: tuple[str, ...]
    channel: str
    phone: str


# Information guide, page "Quick Tips: What to do", from the top; an asterisk there is "or call" here.
QUICK_TIPS = [
    Row("row 1", "production-problem", ("product", "production"), "support-case", "entitled"),
    Row("row 2", "severe-impact", ("severe", "operations"), "phone", "now"),
    Row("row 3", "technical-question", ("technical question", "live"), "support-case", "entitled"),
    Row("row 4", "care-tools", ("tools", "mobile"), "support-case", "entitled"),
    Row("row 5", "custom-application", ("professional services",), "support-case", "entitled"),
    Row("row 6", "access-level", ("access level",), "own-access", "no"),
    Row("row 7", "own-profile", ("profile", "address", "phone number"), "own-profile", "no"),
    Row("row 8", "portal-trouble", ("portal",), "admin-case", "no"),
    Row("row 8, list", "product-missing", ("product", "choices"), "admin-case", "no"),
    Row("row 8, files", "file-transfer", ("attached", "fetched"), "admin-case", "no"),
    Row("row 9", "broken-login", ("logging in",), "mail", "no"),
    Row("row 10, price", "pricing", ("price", "quotation"), "account-executive", "no"),
    Row("row 10, additions", "additions", ("applications", "products"), "account-executive", "no"),
    Row("row 10, status", "account-status", ("account", "status"), "account-executive", "no"),
    Row("row 10, design", "architecture", ("architecture", "design"), "account-executive", "no"),
    Row("row 10, bills", "billing", ("bill",), "account-executive", "no"),
    Row("row 11", "existing-case", ("case", "open"), "existing-case", "entitled"),
    Row("row 12", "feature-request", ("product",), "feature-request", "no"),
    Row("row 12, older", "feature-request-update", ("feature request",), "existing-case", "no"),
    Row("row 13", "about-care", ("support plans",), "care-representative", "no"),
]
# Support guide, sections 6 (with 5 and the addendum on requests), 7 and 8.
GUIDE = [
    Row("6 and 6.5.1", "open-case", ("no case yet",), "support-case", "entitled"),
    Row("6.5.2", "existing-case", ("case",), "existing-case", "entitled"),
    Row("6.5.3", "close-case", ("solved",), "existing-case", "entitled"),
    Row("6.5.4", "reopen-case", ("closed", "not solved"), "existing-case", "entitled"),
    Row("6.5.5", "find-case", ("open cases", "number"), "existing-case", "no"),
    Row("6.6", "escalation", ("handling",), "existing-case", "now"),
    Row("7", "third-party", ("equipment", "software", "somebody else"), "outside-support", "no"),
    Row("8", "statement-of-work", ("statement of work",), "outside-support", "no"),
    Row("5, planned", "maintenance", ("planned maintenance",), "service-request", "entitled"),
    Row("addendum A", "service-order", ("moved", "added", "changed", "deleted"), "service-request", "entitled"),
    Row("4.1", "incident-report", ("written explanation",), "existing-case", "no"),
]
# Information guide, pages "Opening a Service Request": its sub-types beside the change request.
REQUESTS = [
    Row("password reset", "password-reset", ("password", "cloud"), "service-request", "entitled"),
    Row("new project", "new-project", ("new", "site"), "service-request", "entitled"),
]
ALL = [*QUICK_TIPS, *GUIDE, *REQUESTS]


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("row", ALL, ids=[f"{row.place} {row.key}" for row in ALL])
def test_a_need_goes_where_its_source_sends_it(name: str, row: Row) -> None:
    """WHERE-1: every row of the sources is one of the policy's table, with its channel and its phone."""
    need = {one.key: one for one in policy_tables.needs(shipped(name))}[row.key]
    assert [word for word in row.words if word not in need.need.lower()] == []
    assert (need.channel, need.phone) == (Channel(row.channel), PhoneUse(row.phone))


def test_no_need_is_made_up() -> None:
    """WHERE-1: the table holds what the sources say, and nothing else."""
    for name in POLICIES:
        assert {need.key for need in policy_tables.needs(shipped(name))} == {row.key for row in ALL}


# What each row's "select", "submit" or "post" is here: the command, and whom the source names to see to it.
COMMANDS = {
    "production-problem": ("care open --subtype problem", "customer care"),
    "severe-impact": ("care open --subtype problem --priority high", "customer care"),
    "technical-question": ("care open --subtype question", "customer care"),
    "care-tools": ("care open --subtype problem", "customer care"),
    "custom-application": ("care open --subtype problem", "customer care"),
    "access-level": ("care open --type admin --subtype access-level", "admins"),
    "own-profile": ("care contact edit EMAIL --phone NUMBER", "yourself"),
    "portal-trouble": ("care open --type admin --subtype portal", "admins"),
    "product-missing": ("care open --type admin --subtype portal", "admins"),
    "file-transfer": ("care open --type admin --subtype portal", "admins"),
    "broken-login": ("", "customer care, by mail"),
    "pricing": ("", "account executive"),
    "additions": ("", "account executive"),
    "account-status": ("", "account executive"),
    "architecture": ("", "account executive"),
    "billing": ("", "account executive"),
    "existing-case": ("care update NUMBER", "reply to one of its mails"),
    "feature-request": ("care open --type feature-request", "product management"),
    "feature-request-update": ("care update NUMBER", "evaluates"),
    "about-care": ("", "care representative"),
    "open-case": ("care open", "mail opens no case"),
    "find-case": ("care list", "yourself"),
    "close-case": ("care close NUMBER", "ten business days"),
    "reopen-case": ("care reopen NUMBER", "new information"),
    "escalation": ("care escalate NUMBER", "manager, the account executive or the customer success manager"),
    "service-order": ("care open --type service-request --subtype service-order", "customer care"),
    "third-party": ("", "agreed in writing"),
    "statement-of-work": ("", "change procedure of that statement of work"),
    "maintenance": ("care maintenance reschedule SERVICE --window WHEN", "where they reasonably can"),
    "password-reset": ("care open --type service-request --subtype password-reset", "customer care"),
    "new-project": ("care open --type service-request --subtype new-project", "customer care"),
    "incident-report": ("care incident request NUMBER", "three business days of the post-mortem"),
}


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize(("key", "told"), COMMANDS.items())
def test_how_a_need_gets_there(name: str, key: str, told: tuple[str, str]) -> None:
    """WHERE-1: every row has the command that does what its source says, and names who sees to it."""
    need = {one.key: one for one in policy_tables.needs(shipped(name))}[key]
    assert need.command == told[0]
    assert told[1] in need.who.lower()


def test_what_has_no_command() -> None:
    """WHERE-1: what `care` does itself has a command; what people do elsewhere has none."""
    elsewhere = {
        Channel.ACCOUNT_EXECUTIVE,
        Channel.CARE_REPRESENTATIVE,
        Channel.MAIL,
        Channel.OUTSIDE_SUPPORT,
    }
    for need in policy_tables.needs(shipped("default")):
        assert bool(need.command) is (need.channel not in elsewhere), need.key
