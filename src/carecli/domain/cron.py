"""How `care tick` is put on a schedule: the crontab line and the systemd units, safely quoted (TICK-4)."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from carecli.domain.amount import Amount, Unit
from carecli.errors import Invalid

UNIT: Final = "care-tick"
MINUTES: Final = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)
HOURS: Final = (1, 2, 3, 4, 6, 8, 12, 24)
_HINT: Final = "minutes that divide an hour (1m 5m 15m) or hours that divide a day (1h 6h 24h)"
_PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@+=:,./-_")


class Schedule(NamedTuple):
    """How often the tick comes: every so many minutes, which divide an hour, or hours, which divide a day."""

    minutes: int

    @property
    def seconds(self) -> int:
        """The time between two ticks."""
        return self.minutes * 60

    @property
    def crontab(self) -> str:
        """The five fields of a crontab line."""
        if self.minutes < 60:
            return f"{'*' if self.minutes == 1 else f'*/{self.minutes}'} * * * *"
        hours = self.minutes // 60
        return f"0 {'*' if hours == 1 else '0' if hours == 24 else f'*/{hours}'} * * *"

    @property
    def calendar(self) -> str:
        """The same for systemd's OnCalendar=."""
        if self.minutes < 60:
            return f"*-*-* *:{'*' if self.minutes == 1 else f'0/{self.minutes}'}:00"
        hours = self.minutes // 60
        return f"*-*-* {'*' if hours == 1 else '00' if hours == 24 else f'0/{hours}'}:00:00"


class Units(NamedTuple):
    """The two files of a systemd timer."""

    service: str
    timer: str


def schedule(text: str) -> Schedule:
    """Read `5m` or `2h`; raises Invalid for what neither a crontab nor a timer can say evenly."""
    amount = Amount.parse(text)
    if amount.unit is Unit.MINUTES and amount.count in MINUTES:
        return Schedule(amount.count)
    if amount.unit is Unit.HOURS and amount.count in HOURS:
        return Schedule(amount.count * 60)
    raise Invalid(f"--every {text[:40]} cannot be scheduled evenly", hint=_HINT, rule="TICK-4")


def crontab_line(every: Schedule, command: Sequence[str]) -> str:
    """The line of a crontab that runs a command; raises Invalid for words that a crontab cannot hold.

    cron takes a bare % for a line break, and removes a backslash before one; what stands between goes to sh.
    """
    for word in command:
        # Crons differ in what they make of a backslash that is no part of \\%.
        if "\\" in word:
            raise Invalid(f"{word[:80]!r} has a backslash, which crons read differently", hint=_RENAME)
    return f"{every.crontab} {' '.join(map(shell_quoted, command))}".replace("%", "\\%")


def mark(database: str) -> str:
    """The comment above the line, by which it is found again; one for each database."""
    return f"# care tick, by `care cron install`, for {_checked(database)}"


def units(every: Schedule, command: Sequence[str], database: str) -> Units:
    """A systemd service that ticks once, and the timer that starts it."""
    if "$" in command[0]:
        raise Invalid(f"{command[0][:80]!r} has a dollar sign, which systemd reads differently", hint=_RENAME)
    description = f"care: let time act on {_checked(database)}".replace("%", "%%")
    run = " ".join(map(unit_quoted, command))
    service = (
        f"[Unit]\nDescription={description}\n\n"
        "[Service]\nType=oneshot\n"
        # A tick that waits for another one to let go of the database is slow, not lost.
        f"ExecStart={run}\nTimeoutStartSec=1h\n"
    )
    timer = (
        f"[Unit]\nDescription={description}\n\n"
        f"[Timer]\nOnCalendar={every.calendar}\nAccuracySec=1s\nPersistent=true\n\n"
        "[Install]\nWantedBy=timers.target\n"
    )
    return Units(service, timer)


def shell_quoted(word: str) -> str:
    """A word as sh reads it back."""
    if word and set(_checked(word)) <= _PLAIN:
        return word
    return "'" + word.replace("'", "'\"'\"'") + "'"


def unit_quoted(word: str) -> str:
    """A word as the ExecStart= of a systemd unit reads it back."""
    escaped = _checked(word).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return escaped if word and set(word) <= _PLAIN else f'"{escaped}"'


def _checked(word: str) -> str:
    if not word.isprintable():
        raise Invalid(f"{word[:80]!r} has characters that no schedule can hold", hint=_RENAME, rule="TICK-4")
    return word


_RENAME: Final = "give the file or its directory a plainer name"
