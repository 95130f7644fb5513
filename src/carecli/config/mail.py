"""By which way mail leaves and comes in, and the passwords for it, which are never printed."""

from collections.abc import Mapping
from os.path import expanduser
from typing import Any, Final, NamedTuple

from carecli.errors import Failed

MAX_BYTES: Final = 50 * 2**20
TIMEOUT_S: Final = 30
SENDMAIL: Final = "/usr/sbin/sendmail"
_SMTP_PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}
_IMAP_PORTS: Final = {"starttls": 143, "tls": 993, "none": 143}


class Secret:
    """A text that no print, trace or comparison in a test's output tells."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return "Secret(...)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)


class Login(NamedTuple):
    """Whoever logs in at a server, and where the password is."""

    user: str
    setting: str
    """The part of the config file that it stands in, `mail.smtp`."""
    variable: str
    """The variable of the environment that may hold the password."""
    secret: Secret | None = None
    file: str | None = None

    def password(self) -> str:
        """The password; raises Failed where there is none or its file cannot be read."""
        if self.secret:
            return self.secret.text
        if self.file is None:
            raise Failed(
                f"there is no password for {self.user} in [{self.setting}]",
                hint=f"set password_file in [{self.setting}] of the config file, or {self.variable}",
                rule="MAIL-6",
            )
        try:
            with open(self.file, encoding="utf-8") as lines:
                return lines.readline().rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise Failed(
                f"the password of {self.user} cannot be read from {self.file}: {_said(error)}",
                hint=f"check password_file in [{self.setting}] of the config file",
                rule="MAIL-6",
            ) from None


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


def settings(table: Mapping[str, Any], sender: str, maildir: str, case_url: str | None) -> MailSettings:
    """What a checked [mail] part says."""
    smtp, imap = table.get("smtp"), table.get("imap")
    return MailSettings(
        transport=table.get("transport", "maildir"),
        sender=sender,
        maildir=maildir,
        max_bytes=table.get("max_bytes", MAX_BYTES),
        templates=_place(table.get("templates")),
        case_url=case_url,
        sendmail=_place(table.get("sendmail", {}).get("program")) or SENDMAIL,
        smtp=_smtp(smtp) if smtp and "host" in smtp else None,
        imap=_imap(imap) if imap and "host" in imap else None,
        own_secrets=any("password" in (part or {}) for part in (smtp, imap)),
    )


def with_secrets(table: Mapping[str, Any], told: Mapping[str, str | None]) -> dict[str, Any]:
    """The [mail] part with hidden passwords; those that are told beat those that stand in it."""
    hidden = dict(table)
    for name, password in told.items():
        part = table.get(name)
        if isinstance(part, Mapping):
            own = {"password": Secret(part["password"])} if "password" in part else {}
            hidden[name] = {**part, **own, **({"told": Secret(password)} if password else {})}
    return hidden


def _smtp(part: Mapping[str, Any]) -> Smtp:
    security = part.get("security", "starttls")
    return Smtp(
        host=part["host"],
        port=part.get("port", _SMTP_PORTS[security]),
        security=security,
        timeout_s=part.get("timeout", TIMEOUT_S),
        login=_login(part, "mail.smtp", "CARE_SMTP_PASSWORD"),
        ca_file=_place(part.get("ca_file")),
        helo=part.get("helo"),
    )


def _imap(part: Mapping[str, Any]) -> Imap:
    security = part.get("security", "tls")
    return Imap(
        host=part["host"],
        port=part.get("port", _IMAP_PORTS[security]),
        security=security,
        timeout_s=part.get("timeout", TIMEOUT_S),
        login=_login(part, "mail.imap", "CARE_IMAP_PASSWORD"),
        ca_file=_place(part.get("ca_file")),
        folder=part.get("folder", "INBOX"),
        after=part.get("after", "keep"),
    )


def _login(part: Mapping[str, Any], setting: str, variable: str) -> Login | None:
    if "user" not in part:
        return None
    secret = part.get("told") or part.get("password")
    return Login(part["user"], setting, variable, secret, _place(part.get("password_file")))


def _place(path: str | None) -> str | None:
    return expanduser(path) if path else None


def _said(error: Exception) -> str:
    return getattr(error, "strerror", None) or "it is no UTF-8 text"
