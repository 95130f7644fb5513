"""First set-up: the desk's database, its first admin, and the configuration file."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from carecli.address import Address
from carecli.commands import prompts
from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation
from carecli.config import Config, default_db, default_path, write_config
from carecli.domain.calendar import find_zone
from carecli.domain.people import CalendarSpec
from carecli.errors import Invalid
from carecli.render import documents

if TYPE_CHECKING:
    from carecli.desk.setup import Standing

LOCALTIME = Path("/etc/localtime")

STEPS = {
    "account": "care account add NAME --deployment NAME --service NAME",
    "contact": "care contact add EMAIL --account NAME",
}
"""How a desk gets what it lacks."""


@command
def init(
    invocation: Invocation,
    email: Annotated[str | None, Option(metavar="EMAIL", help="Your e-mail address.")] = None,
    name: Annotated[str | None, Option(metavar="NAME", help="Your name.")] = None,
    timezone: Annotated[str | None, Option(metavar="ZONE", help="The desk's time zone.")] = None,
    hours: Annotated[str | None, Option(metavar="HOURS", help="Its office hours.")] = None,
    holidays: Annotated[
        str | None, Option(metavar="CODE", help="Its holidays: a country or region, as US, ES-MD, JP.")
    ] = None,
    close_on: Annotated[list[str] | None, Option(metavar="DATE", help="An extra closed day.")] = None,
    policy: Annotated[
        str | None,
        Option(
            metavar="NAME", help="default, guide, process-2025.", completes=("default", "guide", "process-2025")
        ),
    ] = None,
    desk_name: Annotated[str | None, Option(metavar="NAME", help="What the desk is called.")] = None,
) -> None:
    """Set up a desk and become its first admin.

    Run it again to change the desk's name, hours or policy.

    care init --email ada@desk.example --name "Ada Park" --timezone Europe/Madrid

    care init --hours "Mon-Fri 09:00-18:00" --holidays ES-MD
    """
    from carecli.desk import setup

    settings = invocation.configured(missing_ok=True)
    me = email or settings.actor or _asked(invocation)
    before = setup.standing(settings, me)
    if timezone is None and before is None and invocation.interactive and not invocation.quiet:
        timezone = _asked_zone(invocation)
    calendar = CalendarSpec(timezone, hours, holidays, tuple(close_on or ()))
    admin = setup.init(settings, setup.Setup(me, name, desk_name, calendar, policy), now=invocation.now)
    written = _keep_config(invocation, settings, admin.email)
    told = f", its settings in {written}" if written else ""
    warnings = (*_exposed(settings), *_slips(invocation, settings, admin.email, calendar))
    for warning in warnings:
        invocation.notice(f"warning: {warning}")
    document = {
        "staff": documents.staff(admin),
        "database": settings.db,
        "config": written,
        "warnings": list(warnings),
    }
    lines = [f"the desk stands in {settings.db}{told}", *_told(before, setup.standing(settings, admin.email))]
    invocation.done(document, "\n".join(lines))


def _exposed(settings: Config) -> Iterator[str]:
    """What was told to whoever looked at the processes of this machine meanwhile."""
    if settings.exposed:
        yield "everybody on this machine can read a password on the command line: ~/.pgpass keeps it to yourself"


def _told(before: "Standing | None", after: "Standing | None") -> Iterator[str]:
    """What was chosen, or what has changed, and what the desk lacks still."""
    from carecli.render import setup

    if after is None:
        return
    if before is None:
        yield setup.chosen(after.settings.calendar)
    else:
        same = before.policy == after.policy
        old, new = (one.settings.policy if same else one.policy for one in (before, after))
        others = (("policy", old, new), ("your name", before.name, after.name))
        yield setup.changed(before.settings, after.settings, *others)
    if after.lacking:
        yield f"next: {', then '.join(STEPS[part] for part in after.lacking)}"


def _slips(invocation: Invocation, settings: Config, email: str, given: CalendarSpec) -> tuple[str, ...]:
    """What in the desk's calendar looks like a slip, if any of it was given (CAL-4)."""
    from carecli.desk import calendars
    from carecli.desk.desk import open_desk

    with open_desk(settings, actor=email, now=invocation.now) as desk:
        return calendars.warnings_on_change(desk, CalendarSpec(), given)


def _asked(invocation: Invocation) -> str:
    if not invocation.interactive:
        raise Invalid("nobody is named as the first admin", hint="care init --email you@example.com")
    return prompts.line("Your e-mail address")


def _asked_zone(invocation: Invocation) -> str:
    """The desk's time zone as a person types it, asked until it is one."""
    while True:
        zone = prompts.line("The desk's time zone", _machine_zone(invocation.environ) or "UTC").strip()
        try:
            return find_zone(zone).key
        except Invalid as error:
            invocation.notice(f"{error.message}; {error.hint}")


def _machine_zone(environ: Mapping[str, str]) -> str | None:
    """The machine's own zone by its name, as TZ or /etc/localtime tell it; None where neither does."""
    named = environ.get("TZ", "").removeprefix(":")
    if not named:
        try:
            named = str(LOCALTIME.readlink())
        except OSError:  # a copy of the zone's file, which has no name
            return None
    try:
        zone = find_zone(named.rpartition("zoneinfo/")[2]).key
    except Invalid:
        return None
    return "UTC" if zone == "Etc/UTC" else zone


def _keep_config(invocation: Invocation, settings: Config, email: str) -> str | None:
    """Write the configuration file of whoever has none yet; one that is there stays as it is."""
    named = invocation.given.config or invocation.environ.get("CARE_CONFIG")
    path = Path(named or default_path(invocation.environ)).expanduser()
    # The whole address, with its password: nobody else may read the file.
    place = settings.db.given if isinstance(settings.db, Address) else str(Path(settings.db).absolute())
    elsewhere = settings.db != default_db(invocation.environ)
    written = write_config(path, {"db": place if elsewhere else None, "as": email})
    return str(path) if written else None
