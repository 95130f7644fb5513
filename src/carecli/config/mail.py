"""By which way mail leaves and comes in, and the passwords for it, which are never printed."""

from collections.abc import Mapping
from os.path import expanduser
from typing import Any, Final, NamedTuple

from carecli.config.secrets import KeyPlace, Secret, Unreadable, first_line, from_keyring, quoted, require_private
from carecli.errors import Failed

MAX_BYTES: Final = 50 * 2**20
TIMEOUT_S: Final = 30
SENDMAIL: Final = "/usr/sbin/sendmail"
_SMTP_PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}
_IMAP_PORTS: Final = {"starttls": 143, "tls": 993, "none": 143}
TOLD_KEY: Final = "reference_key_told"
"""Under which name the [mail] part carries the key that the environment told."""


class Login(NamedTuple):
    """Whoever logs in at a server, and where the password is: told, else in a file, else in the keyring."""

    user: str
    setting: str
    """The part of the config file that it stands in, `mail.smtp`."""
    variable: str
    """The variable of the environment that may hold the password."""
    secret: Secret | None = None
    file: str | None = None
    service: str | None = None
    """The name under which the keyring keeps it."""
    own_file: str | None = None
    """The config file, where the password stands in that."""

    def password(self) -> str:
        """The password; raises Failed where there is none, or where it cannot or must not be read."""
        try:
            return self._password()
        except Unreadable as wrong:
            where = self.own_file or self.file or f"the keyring, as {self.service}"
            raise Failed(
                f"the password of {self.user} cannot be read from {where}: {wrong.why}",
                hint=wrong.fix or f"check {self._named()} in [{self.setting}] of the config file",
                rule="MAIL-6",
            ) from None

    def _password(self) -> str:
        if self.secret:
            if self.own_file:
                require_private(self.own_file)
            return self.secret.text
        if self.file is not None:
            return first_line(self.file)
        if self.service is None:
            raise self._missing(
                f"[{self.setting}]",
                f"set password_file in [{self.setting}] of the config file, or {self.variable}",
            )
        found = from_keyring(self.service, self.user)
        if found is None:
            fix = f"keyring set {quoted(self.service)} {quoted(self.user)}"
            raise self._missing(f"the keyring, as {self.service}", fix)
        return found

    def _missing(self, where: str, fix: str) -> Failed:
        return Failed(f"there is no password for {self.user} in {where}", hint=fix, rule="MAIL-6")

    def _named(self) -> str:
        return "password_file" if self.file else "password_keyring"


class Smtp(NamedTuple):
    """A server that takes mail."""

    host: str
    port: int
    security: str
    timeout_s: int = TIMEOUT_S
    login: Login | None = None
    ca_file: str | None = None
    helo: str | None = None


class Imap(NamedTuple):
    """A server that keeps mail for us; `after` tells what is done to a message that was taken in."""

    host: str
    port: int
    security: str
    timeout_s: int = TIMEOUT_S
    login: Login | None = None
    ca_file: str | None = None
    folder: str = "INBOX"
    after: str = "keep"
    """`keep`, `delete`, or `move:` and a folder."""


class MailSettings(NamedTuple):
    """Everything that is set about mail."""

    transport: str
    sender: str
    maildir: str
    max_bytes: int = MAX_BYTES
    templates: str | None = None
    case_url: str | None = None
    sendmail: str = SENDMAIL
    smtp: Smtp | None = None
    imap: Imap | None = None
    own_secrets: bool = False
    """Whether a password stands in the config file itself."""


def settings(
    table: Mapping[str, Any], sender: str, maildir: str, case_url: str | None, path: str | None = None
) -> MailSettings:
    """What a checked [mail] part says; `path` is the file that it stands in."""
    smtp, imap = table.get("smtp"), table.get("imap")
    return MailSettings(
        transport=table.get("transport", "maildir"),
        sender=sender,
        maildir=maildir,
        max_bytes=table.get("max_bytes", MAX_BYTES),
        templates=_place(table.get("templates")),
        case_url=case_url,
        sendmail=_place(table.get("sendmail", {}).get("program")) or SENDMAIL,
        smtp=_smtp(smtp, path) if smtp and "host" in smtp else None,
        imap=_imap(imap, path) if imap and "host" in imap else None,
        own_secrets=any("password" in (part or {}) for part in (smtp, imap)),
    )


def with_secrets(
    table: Mapping[str, Any], told: Mapping[str, str | None], key: str | None = None
) -> dict[str, Any]:
    """The [mail] part with hidden passwords; those that are told beat those that stand in it."""
    hidden = {**table, TOLD_KEY: Secret(key)} if key else dict(table)
    for name, password in told.items():
        part = table.get(name)
        if isinstance(part, Mapping):
            own = {"password": Secret(part["password"])} if "password" in part else {}
            hidden[name] = {**part, **own, **({"told": Secret(password)} if password else {})}
    return hidden


def _smtp(part: Mapping[str, Any], path: str | None) -> Smtp:
    security = part.get("security", "starttls")
    return Smtp(
        host=part["host"],
        port=part.get("port", _SMTP_PORTS[security]),
        security=security,
        timeout_s=part.get("timeout", TIMEOUT_S),
        login=_login(part, "mail.smtp", "CARE_SMTP_PASSWORD", path),
        ca_file=_place(part.get("ca_file")),
        helo=part.get("helo"),
    )


def _imap(part: Mapping[str, Any], path: str | None) -> Imap:
    security = part.get("security", "tls")
    return Imap(
        host=part["host"],
        port=part.get("port", _IMAP_PORTS[security]),
        security=security,
        timeout_s=part.get("timeout", TIMEOUT_S),
        login=_login(part, "mail.imap", "CARE_IMAP_PASSWORD", path),
        ca_file=_place(part.get("ca_file")),
        folder=part.get("folder", "INBOX"),
        after=part.get("after", "keep"),
    )


def _login(part: Mapping[str, Any], setting: str, variable: str, path: str | None) -> Login | None:
    if "user" not in part:
        return None
    told = part.get("told")
    return Login(
        part["user"],
        setting,
        variable,
        told or part.get("password"),
        _place(part.get("password_file")),
        part.get("password_keyring"),
        path if "password" in part and not told else None,
    )


def key_place(table: Mapping[str, Any]) -> KeyPlace | None:
    """Where the key of references is, None for the database (MAIL-1)."""
    place = KeyPlace(
        table.get(TOLD_KEY), _place(table.get("reference_key_file")), table.get("reference_key_keyring")
    )
    return place if any(place) else None


def _place(path: str | None) -> str | None:
    return expanduser(path) if path else None
