"""The configuration file: where the database lies, who acts, and how mail and colour are set.

Read with `os.path`: `pathlib` takes as long to import as this program's own start.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from os.path import abspath, exists, expanduser, isfile, join, splitext
from typing import TYPE_CHECKING, Any, NamedTuple

from carecli.address import Address, is_address, require_path
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
    """The path of a file, or an Address, which tells no password wherever it is printed."""
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
    files_set: str | None = None
    """The folder of attachments that the file names for the server's desk that it names."""
    file_db: str | None = None
    """The database that the file itself names."""
    data_home: str | None = None
    """Where programs keep what is theirs, None as the environment of this process says."""
    exposed: bool = False
    """Whether a password stood on the command line, where every user of this machine may read it."""

    @property
    def is_server(self) -> bool:
        """Whether the desk is on a server rather than in a file."""
        return isinstance(self.db, Address)

    @property
    def there(self) -> bool:
        """Whether something is in the place of the database; a server is asked only when the desk is opened."""
        return self.is_server or exists(self.db)

    @property
    def beside(self) -> str:
        """The path beside which a desk's files lie on this machine: its database's, for a server a stand-in."""
        if not isinstance(self.db, Address):
            return self.db
        return join(self.data_home or _data_home(os.environ), "care", self.db.name, "desk.db")

    @property
    def files(self) -> str | None:
        """The folder of attachments where it is not beside the database: a server's alone may be elsewhere."""
        if not isinstance(self.db, Address) or not self.files_set:
            return None
        named = located(self.file_db)
        # Two desks in one folder would take each other's files for left over.
        ours = named is None or (isinstance(named, Address) and named.name == self.db.name)
        return self.files_set if ours else None

    @property
    def keeps_password(self) -> bool:
        """Whether the file holds a password of the database."""
        named = located(self.file_db)
        return isinstance(named, Address) and bool(named.secrets)

    def naming(self) -> list[str]:
        """The options that name this desk from anywhere; raises Invalid for a password that others would read."""
        file = ["--config", abspath(self.path)] if self.path else []
        if not isinstance(self.db, Address):
            return ["--db", abspath(self.db), *file]
        named = located(self.file_db)
        if isinstance(named, Address) and (named.given == self.db.given):
            return file
        if self.db.secrets:
            raise Invalid(
                "the password in the address of the database would stand where others can read it",
                hint="keep it in ~/.pgpass, or the whole address as `db` in the config file",
            )
        return ["--db", self.db, *file]

    @property
    def maildir(self) -> str:
        """Where mail goes: as set, else next to the database."""
        return self.maildir_set or f"{splitext(self.beside)[0]}.maildir"

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
        files_set=_expanded(document.get("storage", {}).get("files")),
        file_db=document.get("db"),
        data_home=_data_home(environ),
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
    """The file that a path or a `sqlite:///` URL names, or a server's address; raises Invalid for others."""
    if db is None:
        return None
    if "://" not in db:
        require_path(db)
        return _expanded(db)
    if is_address(db):
        return Address.of(db)
    if not db.startswith("sqlite:///"):
        engine = db.partition("://")[0]
        raise Invalid(
            f"there is no store for {engine}:// here", hint="give a path, sqlite:///PATH or postgresql://..."
        )
    return _expanded(db.removeprefix("sqlite:///"))


def default_path(environ: Mapping[str, str]) -> str:
    """Where the file lies when nobody says otherwise."""
    return join(config_home(environ), "care", "config.toml")


def config_home(environ: Mapping[str, str]) -> str:
    """Where the user's programs keep their settings."""
    return _home(environ, "XDG_CONFIG_HOME", ".config")


def default_db(environ: Mapping[str, str]) -> str:
    """Where the database lies when nobody says otherwise."""
    return join(_data_home(environ), "care", "desk.db")


def write_config(path: Path, values: Mapping[str, Any]) -> bool:
    """Write a file of settings that only its owner may read, whole or not at all; False where one is there."""
    import tomli_w

    from carecli.disk import make_folder, name_new, sync_folder

    make_folder(path.parent, 0o700)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            tomli_w.dump({name: value for name, value in values.items() if value is not None}, file)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            name_new(beside, path)
            sync_folder(path.parent)
            return True
        return False
    finally:
        beside.unlink(missing_ok=True)


def _data_home(environ: Mapping[str, str]) -> str:
    return _home(environ, "XDG_DATA_HOME", ".local/share")


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
