"""`care` alone: what the actor should know first."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from carecli.commands.declared import command
from carecli.commands.invocation import Invocation
from carecli.domain.home import Home, Welcome
from carecli.domain.vocabulary import SYSTEM
from carecli.render import home_document

if TYPE_CHECKING:
    from carecli.render.sheet import Section

EVERYTHING = ("care --help", "list every command")


@command
def home(invocation: Invocation) -> None:
    """Show what needs you next, the counts, and what time will do next."""
    welcome = _welcome(invocation)
    if welcome:
        invocation.emit(home_document.welcome(welcome), lambda: _welcome_page(welcome))
        return
    from carecli.desk.home import home as read

    with invocation.desk() as desk:
        page = read(desk)
    invocation.emit(home_document.home(page), lambda: _page(page, desk.zone))


def _welcome(invocation: Invocation) -> Welcome | None:
    """How to begin, for whoever has no desk yet or has not said who they are."""
    config = invocation.config
    if not config.there:
        steps = (
            ("care demo", "walk through a trial desk of its own"),
            ("care init --email YOU@EXAMPLE --timezone ZONE", "set up a desk; you become its first admin"),
        )
        return Welcome(config.db, "no-database", (*steps, EVERYTHING))
    mine = (
        "care --as EMAIL",
        "your page on this desk; CARE_AS=EMAIL, or `as` in the config file, names you for good",
    )
    if config.actor == SYSTEM:
        return Welcome(
            config.db, "system", (("care tick", "do everything that is due; for cron"), mine, EVERYTHING)
        )
    return None if config.actor else Welcome(config.db, "no-actor", (mine, EVERYTHING))


def _welcome_page(welcome: Welcome) -> Sequence["Section"]:
    from carecli.render.home import welcome_page

    return welcome_page(welcome)


def _page(page: Home, zone: str) -> Sequence["Section"]:
    # Imported here: a script's JSON needs no tables.
    from carecli.render.home import home_page

    return home_page(page, zone)
