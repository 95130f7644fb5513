"""--fields on every listing, whatever its format."""

from pathlib import Path

import pytest
from cli.acceptance import ADA, Who, care

from carecli.commands import listing, tree
from carecli.commands.declared import Family
from carecli.commands.panels import COMMANDS, loaded

LISTINGS = {
    "list": ("list", "--all"),
    "search": ("search", "calls"),
    "similar": ("similar", "-s", "Calls drop", "--all"),
    "log": ("log", "--all"),
    "account list": ("account", "list"),
    "account entitlements": ("account", "entitlements", "Northwind"),
    "contact list": ("contact", "list"),
    "staff list": ("staff", "list"),
    "gate log": ("gate", "log"),
    "forecast": ("forecast",),
    "report": ("report", "--list", "clocks"),
    "policy list": ("policy", "list"),
    "policy diff": ("policy", "diff", "guide"),
    "policy impact": ("policy", "impact", "guide"),
    "calendar impact": ("calendar", "impact", "--account", "Northwind", "--hours", "24x7"),
    "maintenance show": ("maintenance", "show"),
    "contact-us": ("contact-us",),
    "whatnext": ("whatnext",),
    "attachment list": ("attachment", "list", "3"),
    "component predict": ("component", "predict", str(Path(__file__).with_name("tickets.csv"))),
    "component list": ("component", "list"),
    "mail outbox": ("mail", "outbox"),
    "mail inbox": ("mail", "inbox"),
    "mail triage list": ("mail", "triage", "list"),
    "kb list": ("kb", "list"),
    "chat list": ("chat", "list"),
    "advisory list": ("advisory", "list"),
    "advisory subscriptions": ("advisory", "subscriptions"),
    "incident action list": ("incident", "action", "list"),
    "kb search": ("kb", "search", "password"),
}
"""How each command that lists is called."""


def with_format() -> set[str]:
    """The commands that list: they take the format of a listing."""
    known = set()
    for name, named in COMMANDS.items():
        declared = loaded(named) if named.target else None
        members = declared.every() if isinstance(declared, Family) else [("", declared)] if declared else []
        for member, command in members:
            if any(p.declared is listing.Format.__metadata__[0] for p in command.parameters()):  # type: ignore[attr-defined]
                known.add(f"{name} {member}".strip())
    return known


def test_every_listing_has_fields() -> None:
    """CLI: whoever may choose a format may choose fields and a file too, and each is tried below."""
    assert with_format() == LISTINGS.keys()
    for node in tree.every():
        if node.path in LISTINGS:
            flags = {flag for option in node.options for flag in option.spellings}
            assert {"--format", "--fields", "--output"} <= flags


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "tsv", "table"])
@pytest.mark.parametrize("name", LISTINGS)
def test_a_wrong_field_lists_the_known_ones(trial: str, name: str, form: str) -> None:
    """CLI: a wrong name is refused with those that there are."""
    ada = Who(trial, ADA)
    told = ada(*LISTINGS[name], "--format", form, "--fields", "bogus").refused(2)
    assert "bogus" in told
    known = told.splitlines()[1].rpartition(": ")[2].split(", ")
    assert len(known) > 2
    assert ada(*LISTINGS[name], "--format", form, "--fields", f"{known[1]},{known[0]}").status == 0


@pytest.mark.parametrize("name", ["list", "account list", "contact list"])
def test_a_wrong_field_of_nothing(tmp_path: object, name: str) -> None:
    """CLI: a wrong name is refused where there is nothing to list, too."""
    options = ("--db", f"{tmp_path}/new.db", "--config", f"{tmp_path}/care.toml", "--as", ADA)
    assert care(*options, "init", "--email", ADA).status == 0
    assert care(*options, *LISTINGS[name], "--json").json
    assert care(*options, *LISTINGS[name], "--format", "json", "--fields", "bogus").refused(2)


def test_show_has_fields(trial: str) -> None:
    """CLI: `show` answers with the fields that are asked for, and lists them for a wrong name."""
    ada = Who(trial, ADA)
    assert set(ada.json("show", "3", "--fields", "status,clocks")) == {"status", "clocks"}
    assert "substatus" in ada("show", "3", "--fields", "bogus").refused(2)
