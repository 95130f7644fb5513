"""Having `care tick` run by cron or systemd."""

import sys
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Annotated

from carecli.commands import options, prompts
from carecli.commands.declared import Family, Option, command
from carecli.commands.invocation import Invocation
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.desk.cron import Plan

app = Family(
    "Have `care tick` run by cron or systemd."
    " To end it, take its line out with `crontab -e`, or run `systemctl --user disable --now care-tick.timer`."
)

ENABLE = (
    "systemctl --user daemon-reload",
    "systemctl --user enable --now care-tick.timer",
    "loginctl enable-linger   # so that it runs while you are logged out",
)

Every = Annotated[
    str,
    Option("--every", metavar="TIME", help="How often: 1m 5m 15m 1h.", completes=("1m", "5m", "15m", "1h")),
]
Systemd = Annotated[bool, Option("--systemd", help="A systemd timer of the user, instead of a crontab line.")]


@app.command("show")
@command
def show(invocation: Invocation, every: Every = "5m", systemd: Systemd = False) -> None:
    """Show the crontab line, or the systemd units, that run the tick of this database.

    Needs neither actor nor database; nothing is changed.

    care cron show

    care cron show --systemd --every 1m
    """
    wanted = _plan(invocation, every)
    if invocation.json:
        invocation.done(_document(invocation, wanted, systemd=systemd), "")
    elif systemd:
        _show_units(invocation, wanted)
    else:
        sys.stdout.write(wanted.line + "\n")


@app.command("install")
@command
def install(
    invocation: Invocation, every: Every = "5m", systemd: Systemd = False, yes: options.Yes = False
) -> None:
    """Add the tick to your crontab, or write a systemd timer of yours; asks first.

    What is there already is never overwritten: a unit that exists, or a tick of this database in the crontab, is
    refused. To end it, take its line out with `crontab -e`, or run
    `systemctl --user disable --now care-tick.timer`.

    care cron install

    care cron install --systemd --every 1m --yes
    """
    from carecli.desk import cron

    wanted = _plan(invocation, every)
    if systemd:
        files = cron.unit_files(invocation.environ)
        cron.check_units(files)
        _agreed(invocation, f"Write {files[0]} and {files[1].name}?", yes=yes)
        cron.install_units(wanted, files)
        told = [f"written: {file}" for file in files] + [f"now run: {line}" for line in ENABLE]
    else:
        cron.check_crontab(wanted, invocation.environ)
        _agreed(invocation, f"Add to your crontab: {wanted.line}", yes=yes)
        cron.install_crontab(wanted, invocation.environ)
        told = [f"added to your crontab: {wanted.line}"]
    invocation.done(_document(invocation, wanted, systemd=systemd) | {"installed": True}, "\n".join(told))


def _plan(invocation: Invocation, every: str) -> "Plan":
    from carecli.desk import cron

    config = invocation.config
    wanted = cron.plan(every, _program(), config)
    if not config.there:
        invocation.notice(f"there is no database {config.db} yet; `care init` makes it")
    if wanted.every.seconds > config.late_after_s:
        invocation.notice(
            f"a tick every {every} counts as late after {config.late_after_s // 60}m:"
            " set `late_after` in the [tick] part of the config file"
        )
    from carecli.config.secrets import VARIABLES

    for name in sorted(VARIABLES & invocation.environ.keys()):
        invocation.notice(f"a tick on a schedule does not know your {name}: keep it in a file or the keyring")
    return wanted


def _program() -> list[str]:
    """This very `care`, by its absolute path; started otherwise, as a module of this interpreter."""
    own = Path(sys.argv[0])
    found = which(own) if own.name.startswith("care") else None
    return [str(Path(found).absolute())] if found else [sys.executable, "-m", "carecli"]


def _agreed(invocation: Invocation, question: str, *, yes: bool) -> None:
    if not prompts.confirmed(invocation, question, yes=yes):
        raise Invalid("nothing was installed", hint="say yes, or --yes where nobody can be asked")


def _document(invocation: Invocation, wanted: "Plan", *, systemd: bool) -> dict[str, object]:
    from carecli.desk import cron

    known: dict[str, object] = {"every_s": wanted.every.seconds, "command": list(wanted.command)}
    if not systemd:
        return known | {"crontab": wanted.line}
    files, units = cron.unit_files(invocation.environ), wanted.units
    named = zip(files, units, strict=True)
    return known | {"units": [{"path": str(file), "text": text} for file, text in named], "enable": list(ENABLE)}


def _show_units(invocation: Invocation, wanted: "Plan") -> None:
    from carecli.desk import cron

    for file, text in zip(cron.unit_files(invocation.environ), wanted.units, strict=True):
        sys.stdout.write(f"# {file}\n{text}\n")
    for line in ENABLE:
        invocation.notice(f"then: {line}")
