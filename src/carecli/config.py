"""The configuration file: where the database lies, who acts, and how mail and colour are set.

Read with `os.path`: `pathlib` takes as long to import as this program's own start.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from os.path import expanduser, isfile, join, splitext
from typing import TYPE_CHECKING, Any, NamedTuple

from carecli.errors import Invalid

if TYPE_CHECKING:
    from pathlib import Path

COLORS = ("auto", "always", "never")
TOP = ("db", "as", "timezone", "color")
MAIL = ("from", "maildir", "case_url")
TICK = ("late_after",)
LATE_AFTER_S = 900
"""How long the tick may be silent, in seconds, unless the file says otherwise (TICK-4)."""
LONGEST_S = 30 * 86_400


class Config(NamedTuple):
    """The settings of whoever runs `care`; None leaves a setting to the desk."""

    db: str
    actor: str | None = None
    timezone: str | None = None
    color: str = "auto"
    mail_from: str = "care@localhost"
    maildir_set: str | None = None
    case_url: str | None = None
    late_after_s: int = LATE_AFTER_S
    path: str | None = None
    """The file that was read, None where there is none."""

    @property
    def maildir(self) -> str:
        """Where mail goes: as set, else next to the database."""
        return self.maildir_set or f"{splitext(self.db)[0]}.maildir"


def load(path: str | None, environ: Mapping[str, str], *, missing_ok: bool = False) -> Config:
    """Read the file that is named, or the usual one where it exists; the environment beats it."""
    named = path or environ.get("CARE_CONFIG")
    file = expanduser(named) if named else default_path(environ)
    if named and not missing_ok and not isfile(file):
        raise Invalid(f"there is no configuration file {file}", hint="`care init` writes one")
    document = _read(file) if isfile(file) else {}
    mail: Mapping[str, str] = document.get("mail", {})
    return Config(
        db=located(environ.get("CARE_DB") or document.get("db")) or default_db(environ),
        actor=environ.get("CARE_AS") or document.get("as"),
        timezone=document.get("timezone"),
        color=document.get("color", "auto"),
        mail_from=mail.get("from", "care@localhost"),
        maildir_set=_expanded(mail.get("maildir")),
        case_url=mail.get("case_url"),
        late_after_s=_seconds(document.get("tick", {}).get("late_after")),
        path=file if document else None,
    )


def located(db: str | None) -> str | None:
    """The file that a path or a `sqlite:///` URL names; raises Invalid for the URL of another engine."""
    if db is None or "://" not in db:
        return _expanded(db)
    if not db.startswith("sqlite:///"):
        engine = db.partition("://")[0]
        raise Invalid(f"there is no store for {engine}:// here", hint="give a path, or sqlite:///PATH")
    return _expanded(db.removeprefix("sqlite:///"))


def default_path(environ: Mapping[str, str]) -> str:
    """Where the file lies when nobody says otherwise."""
    return join(config_home(environ), "care", "config.toml")


def config_home(environ: Mapping[str, str]) -> str:
    """Where the user's programs keep their settings."""
    return _home(environ, "XDG_CONFIG_HOME", ".config")


def default_db(environ: Mapping[str, str]) -> str:
    """Where the database lies when nobody says otherwise."""
    return join(_home(environ, "XDG_DATA_HOME", ".local/share"), "care", "desk.db")


def write_config(path: Path, values: Mapping[str, Any], *, overwrite: bool = False) -> None:
    """Write a file of settings that only its owner may read, whole or not at all."""
    import tomli_w

    if path.exists() and not overwrite:
        raise Invalid(f"{path} exists already", hint="remove it first, or name another with --config FILE")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            tomli_w.dump({name: value for name, value in values.items() if value is not None}, file)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _home(environ: Mapping[str, str], variable: str, usual: str) -> str:
    named = environ.get(variable, "")
    # The XDG specification has relative paths ignored.
    return named if named.startswith("/") else join(environ.get("HOME") or expanduser("~"), usual)


def _expanded(path: str | None) -> str | None:
    return expanduser(path) if path and path.startswith("~") else path


def _read(file: str) -> dict[str, Any]:
    # Imported here because most runs have no file to read.
    import tomllib

    try:
        with open(file, encoding="utf-8") as text:
            document = tomllib.loads(text.read())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        # tomllib's own words end in "(at line 3, column 7)".
        raise Invalid(
            f"{file} is no valid TOML: {error}", hint="`sample-config.toml` shows every setting"
        ) from None
    problems = list(_problems(document))
    if problems:
        raise Invalid(f"{file}: {'; '.join(problems)}", hint="`sample-config.toml` shows every setting")
    return document


def _problems(document: Mapping[str, Any]) -> Iterator[str]:
    yield from _wrong_names("", document, (*TOP, "mail", "tick"))
    yield from _no_texts("", document, TOP)
    for name, known in (("mail", MAIL), ("tick", TICK)):
        table = document.get(name, {})
        if isinstance(table, dict):
            yield from _wrong_names(f"{name}.", table, known)
            yield from _no_texts(f"{name}.", table, known)
        else:
            yield f"{name} is a table: write [{name}]"
    color = document.get("color", "auto")
    if isinstance(color, str) and color not in COLORS:
        yield f"color is {color!r}, not one of {', '.join(COLORS)}"
    yield from _wrong_zone(document.get("timezone"))
    yield from _wrong_length(document.get("tick"))


def _wrong_names(prefix: str, table: Mapping[str, Any], known: tuple[str, ...]) -> Iterator[str]:
    for name in table:
        if name not in known:
            from difflib import get_close_matches

            near = get_close_matches(name, known, n=1, cutoff=0.5)
            yield f"unknown setting {prefix}{name}" + (f", did you mean {prefix}{near[0]}?" if near else "")


def _no_texts(prefix: str, table: Mapping[str, Any], known: tuple[str, ...]) -> Iterator[str]:
    for name in known:
        if name in table and not (isinstance(table[name], str) and table[name].strip()):
            yield f"{prefix}{name} must be a text in quotes"


def _wrong_zone(zone: object) -> Iterator[str]:
    if isinstance(zone, str) and zone.strip():
        from carecli.domain.calendar import find_zone

        try:
            find_zone(zone)
        except Invalid as error:
            yield f"timezone {error.message}, {error.hint}"


def _seconds(text: str | None) -> int:
    """A length of time that `_wrong_length` found nothing wrong with."""
    if text is None:
        return LATE_AFTER_S
    from carecli.domain.amount import Amount, Unit

    amount = Amount.parse(text)
    if amount.unit is Unit.DAYS:
        return amount.count * 86_400
    assert amount.seconds is not None, "only days have none"
    return amount.seconds


def _wrong_length(tick: object) -> Iterator[str]:
    text = tick.get("late_after") if isinstance(tick, dict) else None
    if not (isinstance(text, str) and text.strip()):
        return
    from carecli.domain.amount import Amount

    try:
        amount = Amount.parse(text)
    except Invalid as error:
        yield f"tick.late_after: {error.message}, {error.hint}"
        return
    if amount.business or not 0 < _seconds(text) <= LONGEST_S:
        yield f"tick.late_after is {text}: more than nothing, at most 30 days, around the clock, as 15m or 2h"
