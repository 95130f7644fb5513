"""Putting `care tick` on a schedule: into the user's crontab, or as systemd units in new files (TICK-4)."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from carecli.config import Config, config_home
from carecli.config.secrets import for_programs
from carecli.domain import cron
from carecli.errors import CareError, Failed, Refused

PATIENCE_S = 30
"""How long the crontab program may take."""
_EMPTY = ("no crontab", "can't open")
"""What crontab programs say where there is no table yet."""


class Plan(NamedTuple):
    """What would be installed: the words of the command, and the texts that run it."""

    every: cron.Schedule
    command: tuple[str, ...]
    database: str

    @property
    def line(self) -> str:
        """The crontab line; raises Invalid for names that a crontab cannot hold."""
        return cron.crontab_line(self.every, self.command)

    @property
    def units(self) -> cron.Units:
        """The systemd units; raises Invalid for names that they cannot hold."""
        return cron.units(self.every, self.command, self.database)


def plan(every: str, program: Sequence[str], config: Config) -> Plan:
    """The tick of this desk, by absolute paths: cron knows neither our directory nor our PATH.

    Raises Invalid where the schedule would hold a password.
    """
    place = config.db if config.is_server else os.path.abspath(config.db)  # noqa: PTH100 - a link stays what it is
    command = (*program, "--quiet", *config.naming(), "--as", "system", "tick")
    return Plan(cron.schedule(every), command, place)


def unit_files(environ: Mapping[str, str]) -> tuple[Path, Path]:
    """Where the user's own service and timer lie."""
    folder = Path(config_home(environ)) / "systemd" / "user"
    return folder / f"{cron.UNIT}.service", folder / f"{cron.UNIT}.timer"


def check_units(files: Sequence[Path]) -> None:
    """Refuse where one of the files is there already."""
    for file in files:
        if os.path.lexists(file):
            raise Refused(f"{file} exists already", hint="remove it first, or change it by hand", rule="TICK-4")


def install_units(wanted: Plan, files: tuple[Path, Path]) -> None:
    """Write both units into new files, or neither; raises Refused where one exists, Failed for a full disk."""
    check_units(files)
    made: list[Path] = []
    try:
        for file, text in zip(files, wanted.units, strict=True):
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("x", encoding="utf-8") as out:
                made.append(file)
                out.write(text)
    except FileExistsError as error:
        _remove(made)
        raise Refused(f"{error.filename} exists already", hint="remove it first", rule="TICK-4") from None
    except OSError as error:
        _remove(made)
        raise Failed(
            f"cannot write {error.filename}: {error.strerror}", hint="check the directory and the disk"
        ) from None


def _remove(made: Sequence[Path]) -> None:
    for file in made:
        file.unlink(missing_ok=True)


def check_crontab(wanted: Plan, environ: Mapping[str, str]) -> str:
    """The user's crontab as it is; raises Refused where the tick is in it, Failed where it cannot be read."""
    table = _table(wanted, environ)
    if cron.mark(wanted.database) in table.splitlines():
        raise Refused(
            f"the crontab runs the tick of {wanted.database} already", hint="crontab -e changes it", rule="TICK-4"
        )
    return table


def install_crontab(wanted: Plan, environ: Mapping[str, str]) -> None:
    """Add the line to the user's crontab, below all that is there; raises Refused where it is there already."""
    table = check_crontab(wanted, environ)
    gap = "" if not table or table.endswith("\n") else "\n"
    ran = _crontab(wanted, environ, "-", given=f"{table}{gap}{cron.mark(wanted.database)}\n{wanted.line}\n")
    if ran.returncode:
        raise _failed(wanted, ran.stderr)


def _table(wanted: Plan, environ: Mapping[str, str]) -> str:
    ran = _crontab(wanted, environ, "-l")
    if ran.returncode == 0:
        return ran.stdout
    if any(said in ran.stderr.lower() for said in _EMPTY):
        return ""
    raise _failed(wanted, ran.stderr)


def _crontab(
    wanted: Plan, environ: Mapping[str, str], word: str, given: str | None = None
) -> "subprocess.CompletedProcess[str]":
    program = shutil.which("crontab", path=environ.get("PATH"))
    if program is None:
        raise Failed(
            "this machine has no crontab program",
            hint=f"care cron install --systemd, or have this run: {wanted.line}",
            rule="TICK-4",
        )
    try:
        return subprocess.run(  # noqa: S603 - the user's own crontab program, without a shell
            [program, word],
            input=given,
            stdin=None if given is not None else subprocess.DEVNULL,
            capture_output=True,
            text=True,
            # A table that is no UTF-8 goes back byte for byte.
            encoding="utf-8",
            errors="surrogateescape",
            env={**for_programs(environ), "LC_ALL": "C"},
            check=False,
            timeout=PATIENCE_S,
        )
    except subprocess.TimeoutExpired:
        raise _failed(wanted, f"no answer within {PATIENCE_S} seconds") from None


def _failed(wanted: Plan, said: str) -> CareError:
    reason = " ".join(said.split())[:200] or "it does not say why"
    return Failed(f"the crontab program refuses: {reason}", hint=f"add this line by hand: {wanted.line}")
