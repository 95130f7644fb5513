"""`care` alone: what the actor should know first."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from carecli.commands.declared import command
from carecli.commands.invocation import Invocation
from carecli.domain.home import Home, Welcome
from carecli.domain.vocabulary import SYSTEM
from carecli.errors import NoDatabase, NoDesk
from carecli.render import home_document

if TYPE_CHECKING:
    from carecli.config import Config
    from carecli.render.sheet import Section

EVERYTHING = ("care --help", "list every command")


@command
def home(invocation: Invocation) -> None:
    """Show what needs you next, the counts, and what time will do next."""
    try:
        welcome = _welcome(invocation)
        if welcome is None:
            _show(invocation)
            return
    except NoDesk as error:
        welcome = _beginning(invocation.config, error)
    invocation.emit(home_document.welcome(welcome), lambda: _welcome_page(welcome))


def _show(invocation: Invocation) -> None:
    """Show the page of whoever is known."""
    from carecli.desk.home import home as read

    with invocation.desk() as desk:
        page = read(desk)
    invocation.emit(home_document.home(page), lambda: _page(page, desk.zone))


def _welcome(invocation: Invocation) -> Welcome | None:
    """How to begin, for whoever has not said who they are; raises NoDesk for whoever has no desk yet."""
    config = invocation.config
    if not config.there:
        return _beginning(config)
    welcome = _unnamed(config)
    if welcome and config.is_server:
        # Only the server itself knows whether it has a desk, and who logs in as himself is named by that.
        from carecli.desk.home import login

        return None if login(config) else welcome
    return welcome


def _beginning(config: "Config", error: NoDesk | None = None) -> Welcome:
    """The first steps where there is no desk, or no database either."""
    made = (("createdb NAME", "make the database on its server, as somebody who may"),)
    steps = (
        ("care demo", "walk through a trial desk of its own"),
        *(made if isinstance(error, NoDatabase) else ()),
        ("care init --email YOU@EXAMPLE --timezone ZONE", "set up a desk; you become its first admin"),
        EVERYTHING,
    )
    return Welcome(config.db, "no-database", steps)


def _unnamed(config: "Config") -> Welcome | None:
    """How to go on for whoever is nobody on a desk."""
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
