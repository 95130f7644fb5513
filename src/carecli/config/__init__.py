"""The configuration file: where the database lies, who acts, and how mail and colour are set.

Read with `os.path`: `pathlib` takes as long to import as this program's own start.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from os.path import expanduser, isfile, join, splitext
from typing import TYPE_CHECKING, Any, NamedTuple

from carecli.errors import Invalid

if TYPE_CHECKING:
    from pathlib import Path

    from carecli.config.alerts import AlertSettings
    from carecli.config.mail import MailSettings
    from carecli.config.sanitising import Sanitising
    from carecli.config.secrets import KeyPlace

LATE_AFTER_S = 900
"""How long the tick may be silent, in seconds, unless the file says otherwise (TICK-4)."""
MAIL_FROM = "care@localhost"


class Config(NamedTuple):
    """The settings of whoever runs `care`; None leaves a setting to the desk."""

    db: str
    actor: str | None = None
    timezone: str | None = None
    color: str = "auto"
    mail_from: str = MAIL_FROM
    maildir_set: str | None = None
    case_url: str | None = None
    late_after_s: int = LATE_AFTER_S
    backup_late_after_s: int | None = None
    """How old the last backup may be, in seconds, where somebody said so (AUD-2)."""
    path: str | None = None
    """The file that was read, None where there is none."""
    mail_table: Mapping[str, Any] = {}
    """The [mail] part as it stands there, but that passwords hide themselves; `mail` reads it."""
    sanitising_table: Mapping[str, Any] = {}
    """The [sanitising] part as it stands there; `sanitising` reads it."""
    alerts_table: Mapping[str, Any] = {}
    """The [alerts] part as it stands there; `alerts` reads it."""

    @property
    def maildir(self) -> str:
        """Where mail goes: as set, else next to the database."""
        return self.maildir_set or f"{splitext(self.db)[0]}.maildir"

    @property
    def mail(self) -> MailSettings:
        """By which way mail leaves and comes in."""
        # Imported here: few commands have to do with mail.
        from carecli.config import mail

        return mail.settings(self.mail_table, self.mail_from, self.maildir, self.case_url, self.path)

    @property
    def key_place(self) -> KeyPlace | None:
        """Where the key of references is kept, None for the database (MAIL-1)."""
        if not any(name.startswith("reference_key") for name in self.mail_table):
            return None
        from carecli.config import mail

        return mail.key_place(self.mail_table)

    @property
    def sanitising(self) -> Sanitising:
        """What files are looked through for (ATT-2)."""
        # Imported here: few commands have to do with files.
        from carecli.config import sanitising

        return sanitising.settings(self.sanitising_table)

    @property
    def alerts(self) -> AlertSettings:
        """What a case says that an alert opens (OPEN-12)."""
        from carecli.config import alerts

        return alerts.settings(self.alerts_table)


def load(path: str | None, environ: Mapping[str, str], *, missing_ok: bool = False) -> Config:
    """Read the file that is named, or the usual one where it exists; the environment beats it."""
    named = path or environ.get("CARE_CONFIG")
    file = expanduser(named) if named else default_path(environ)
    if named and not missing_ok and not isfile(file):
        raise Invalid(f"there is no configuration file {file}", hint="`care init` writes one")
    document = _read(file) if isfile(file) else {}
    mail: Mapping[str, Any] = document.get("mail", {})
    return Config(
        db=located(environ.get("CARE_DB") or document.get("db")) or default_db(environ),
        actor=environ.get("CARE_AS") or document.get("as"),
        timezone=document.get("timezone"),
        color=document.get("color", "auto"),
        mail_from=mail.get("from", MAIL_FROM),
        maildir_set=_expanded(mail.get("maildir")),
        case_url=document.get("links", {}).get("case_url") or mail.get("case_url"),
        late_after_s=_seconds(document.get("tick", {}).get("late_after")),
        backup_late_after_s=_seconds_or_none(document.get("backup", {}).get("late_after")),
        path=file if document else None,
        mail_table=_hidden(mail, environ),
        sanitising_table=document.get("sanitising", {}),
        alerts_table=document.get("alerts", {}),
    )


def _hidden(mail: Mapping[str, Any], environ: Mapping[str, str]) -> Mapping[str, Any]:
    """The [mail] part with the passwords of the environment in it, and every one hidden from prints and traces."""
    told = {"smtp": environ.get("CARE_SMTP_PASSWORD"), "imap": environ.get("CARE_IMAP_PASSWORD")}
    key = environ.get("CARE_REFERENCE_KEY")
    if not key and not any(told.values()) and not mail.keys() & told.keys():
        return mail
    from carecli.config.mail import with_secrets

    return with_secrets(mail, told, key)


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


def write_config(path: Path, values: Mapping[str, Any]) -> bool:
    """Write a file of settings that only its owner may read, whole or not at all; False where one is there."""
    import tomli_w

    from carecli.disk import make_folder, sync_folder

    make_folder(path.parent, 0o700)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            tomli_w.dump({name: value for name, value in values.items() if value is not None}, file)
            file.flush()
            os.fsync(file.fileno())
        put = _put_in_place(beside, path)
        sync_folder(path.parent)
        return put
    finally:
        beside.unlink(missing_ok=True)


def _put_in_place(beside: Path, path: Path) -> bool:
    # Unlike a look beforehand, a link never replaces what somebody else writes at this very moment.
    try:
        os.link(beside, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        if path.exists():
            return False
        beside.replace(path)
    return True


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
    from carecli.config import checks

    problems = list(checks.problems(document))
    if problems:
        raise Invalid(f"{file}: {'; '.join(problems)}", hint="`sample-config.toml` shows every setting")
    return document


def _seconds(text: str | None) -> int:
    """How long the tick may be silent, as set or as usual."""
    seconds = _seconds_or_none(text)
    return LATE_AFTER_S if seconds is None else seconds


def _seconds_or_none(text: str | None) -> int | None:
    """A length of time that the checks found nothing wrong with."""
    if text is None:
        return None
    from carecli.domain.amount import Amount

    return Amount.parse(text).plain_seconds
