"""What PostgreSQL complains about, said so that the person at the terminal knows what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import psycopg

from carecli.errors import CareError, DatabaseUnusable, Invalid, NoDatabase
from carecli.store.trouble import Place, Unstorable, unusable

OLDEST: Final = 15
"""The oldest PostgreSQL that is good enough."""

Told = tuple[str, str]
"""What is wrong, going on after the name of the database, and what mends it."""

_BUSY: Final = ("is busy: another command is writing", "try again in a moment")
_FULL_UP: Final = (
    "has too many connections already",
    "try again in a moment; the server's max_connections, or a limit of the role or the database, says how many",
)
_CUT: Final = (
    "was lost in the midst: the server ended the connection, and the step that failed left nothing behind",
    "try again in a moment",
)
_STARTS: Final = ("is not ready: its server starts or stops just now", "try again in a moment")
_READ_ONLY: Final = (
    "can only be read: its server is a standby, or was set so",
    "name the primary; with several hosts in the address target_session_attrs=read-write finds it",
)
_DAMAGED: Final = ("is damaged", "the server's log tells more; restore it from the server's backups")
_REFUSED: Final = (
    "is not open to this user for that",
    "its owner may do it; `care postgres roles` grants what each person needs",
)
_FULL: Final = (
    "has no room left: the disk of its server is full",
    "free some space there and repeat; the step that failed left nothing behind",
)
_SLOW: Final = (
    "gave up: it took longer than the server lets a statement take",
    "try again, or raise statement_timeout for this role",
)
_IDLE: Final = (
    "ended a transaction that stood still for too long; the step that failed left nothing behind",
    "try again, or raise idle_in_transaction_session_timeout for this role",
)
_ABSENT: Final = (
    "is not there",
    "`createdb NAME` makes it on the server, then `care init` sets up the desk in it",
)

_STATES: Final[Mapping[str, Told]] = {
    "25006": _READ_ONLY,
    "25P03": _IDLE,
    "3F000": _DAMAGED,  # no such schema, table, column: something took it away since it was opened
    "40001": _BUSY,
    "40P01": _BUSY,
    "42501": _REFUSED,
    "42703": _DAMAGED,
    "42P01": _DAMAGED,
    "0A000": ("was changed by a newer care meanwhile", "try again; if that does not help, upgrade this one"),
    "53100": _FULL,
    "54000": ("takes no name or word as long as that: nothing was changed", "shorten it"),
    "53200": (
        "is out of memory on its server; the step that failed left nothing behind",
        "try again in a moment; where it stays so, the server needs more, or fewer connections",
    ),
    "53300": _FULL_UP,
    "55P03": _BUSY,
    "57014": _SLOW,
    "57P01": _CUT,
    "57P02": _CUT,
    "57P03": _STARTS,
    "57P05": _CUT,
    "58030": ("cannot be read or written: the disk of its server failed", "the server's log tells more"),
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}
"""By the codes that a server sends with what it refuses."""

_GIVES_WAY: Final = "conflict with recovery"
"""How a standby ends what is read for so long that it keeps it from following."""
_AT_STANDBY: Final = (
    "ended this for what came from its primary: it is a standby",
    "try again; hot_standby_feedback = on, or a longer max_standby_streaming_delay, lets it read for longer",
)
_STOOD_ON: Final = "2BP01"
"""The code for what cannot be replaced, as something else depends on it: views that people made of ours."""
_DROP: Final = "drop that, repeat, and make it again (docs/sql.md)"

_OURS: Final = frozenset({"08", "53", "57", "58", "XX"})
"""Families of codes in which the surroundings fail, and not this program."""
_LOST: Final = frozenset({"57P01", "57P02", "57P05", "25P03"})
"""Codes with which a server ends the connection."""

_KEPT: Final = "~/.pgpass (mode 0600) keeps it, a line host:port:database:user:password"
_CERTIFICATES: Final = (
    "sslrootcert=FILE names the authority that signed it; sslrootcert=system those of this machine"
)

_WORDS: Final[tuple[tuple[str, Told], ...]] = (
    (r"starting up|shutting down|in recovery mode|not (yet )?accepting connections", _STARTS),
    (r"too many (clients|connections)|connection slots are reserved", _FULL_UP),
    (r"no password supplied", ("asks for a password, and none is given", _KEPT)),
    (
        r"password authentication failed|authentication failed",
        ("refuses the user or the password", _KEPT),
    ),
    (
        r'role ".*" does not exist',
        ("does not know the user", "name one in the address: postgresql://USER@HOST/..."),
    ),
    (
        r"pg_hba.conf .*no encryption",
        (
            "lets nobody in from here without TLS",
            "add sslmode=verify-full to the address, or ask its administrator",
        ),
    ),
    (
        r"no pg_hba.conf entry|pg_hba.conf rejects",
        (
            "does not let this user in from here",
            "the server's pg_hba.conf says who may come: ask its administrator",
        ),
    ),
    (r"permission denied for database", ("is not open to this user", "ask its owner: GRANT CONNECT ON DATABASE")),
    (r'database ".*" does not exist', _ABSENT),
    (
        r"does not support SSL|SSL is not enabled",
        (
            "is on a server without TLS, and the address asks for it",
            "turn `ssl` on there; sslmode= says what is asked",
        ),
    ),
    (
        r"root certificate file .* does not exist|could not read root certificate",
        ("cannot be trusted: the file of authorities is not there", _CERTIFICATES),
    ),
    (
        r"does not match host name",
        ("is on a server whose certificate is another host's", "name the host as it is called there"),
    ),
    (
        r"certificate verify failed|certificate has expired",
        ("shows a certificate that is not trusted", _CERTIFICATES),
    ),
    (
        r"private key file|certificate file",
        ("cannot be reached: sslcert or sslkey does not fit", "sslkey has mode 0600"),
    ),
    (
        r"session is read-only|server is in hot standby|session is not read-only|not in hot standby",
        ("is on none of these hosts as target_session_attrs asks for", "check which one is the primary"),
    ),
    (
        r"could not translate host name|failed to resolve host|Name or service not known",
        ("is on a host that is not known", "check the host's name"),
    ),
    (
        r"timeout expired",
        ("did not answer in time", "check the host and the firewall; connect_timeout= says how long"),
    ),
    (
        r"Connection refused|No such file or directory|No route to host|[Nn]etwork is unreachable",
        ("cannot be reached: no server answers there", "start the server, or check host and port"),
    ),
    (
        r"closed the connection|[Cc]onnection (is )?(lost|closed|reset)|[Bb]roken|EOF detected|not (send|receive)",
        _CUT,
    ),
    (r"SSL|TLS", ("cannot be reached: TLS failed", "the server's log tells more; sslmode= says what is asked")),
)
"""By the words of a server or of the driver that did not let us in, the first that fit."""

_PASSING: Final = re.compile(_WORDS[0][0])
_MISREAD: Final = re.compile(
    r"^invalid .*(option|parameter|value|port number|integer)|definition of service|service file|"
    r"URI query parameter|could not match \d+ (port|host)|weak sslmode|"
    r"(sslmode|channel_binding|target_session_attrs|gssencmode|load_balance_hosts) value",
    re.MULTILINE,
)
_PARAMETER: Final = re.compile(r'URI query parameter: "(\w+)"')
_NO_NUMBER: Final = re.compile(r'"(\w+)" is no number')
_SERVERS_OWN: Final = re.compile(r"(?:FATAL|ERROR|PANIC): +(.+)")
_QUOTED_MAX: Final = 160


NO_VALUE: Final = (psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError)
"""What storing a value that is none may end in."""
_NO_TYPE: Final = frozenset({None, "42804", "42883"})
"""Codes of a statement to which a parameter's type does not fit; the driver gives none for what it cannot send."""


class Unfit(Exception):
    """Why a server or a database cannot hold a desk, and what mends it."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


@contextmanager
def told(place: Place) -> Iterator[None]:
    """Turn the server's complaints into DatabaseUnusable, or Invalid where the address itself is wrong.

    Mistakes of this program pass through.
    """
    try:
        yield
    except Unfit as error:
        raise unusable(place, error.what, error.hint) from None
    except psycopg.Error as error:
        complaint = _complaint(place, error)
        if complaint is None:
            raise
        raise complaint from error


def misread(said: str) -> Invalid:
    """The error for an address that the driver does not understand; it may hold a password, and is not shown."""
    unknown = _PARAMETER.search(said)
    what = f"it knows no {unknown[1]}=" if unknown else "PostgreSQL's driver does not understand it"
    if number := _NO_NUMBER.search(said):
        what = f"{number[1]}= takes a number"
    if re.search(r"definition of service|service file", said):
        what = "there is no such service; ~/.pg_service.conf, or the file that PGSERVICEFILE names, lists them"
    return Invalid(
        f"the address of the database is wrong: {what}",
        hint="postgresql://USER@HOST/DATABASE?sslmode=verify-full, or postgresql:///?service=NAME",
    )


def require_value(error: psycopg.Error) -> None:
    """Raise Unstorable where an error says that a value is none of what it was to be stored as."""
    if isinstance(error, psycopg.DataError | psycopg.IntegrityError) or error.sqlstate in _NO_TYPE:
        raise Unstorable(_quoted(str(error).partition("\n")[0])) from error


def is_lost(error: psycopg.Error) -> bool:
    """Whether the server has ended the connection, or is about to."""
    return error.sqlstate in _LOST or (error.sqlstate or "").startswith("08")


def is_passing(error: psycopg.Error) -> bool:
    """Whether a server is there that starts or stops."""
    return bool(_PASSING.search(str(error)))


def _complaint(place: Place, error: psycopg.Error) -> CareError | None:
    state = error.sqlstate
    if _GIVES_WAY in str(error):
        return unusable(place, *_AT_STANDBY)
    if state is None:
        return _unreached(place, error) if isinstance(error, psycopg.OperationalError) else None
    if state in _STATES:
        return unusable(place, *_STATES[state])
    if state == _STOOD_ON:
        why = _quoted(error.diag.message_detail or str(error))
        return unusable(place, f"holds what keeps a part of the desk from being made anew: {why}", _DROP)
    if state[:2] in _OURS:
        what = f"cannot be used: {_quoted(error.diag.message_primary or str(error))}"
        return unusable(place, what, "the server's log tells more")
    return None


def _unreached(place: Place, error: psycopg.Error) -> CareError:
    said = str(error)
    for pattern, known in _WORDS:
        if re.search(pattern, said):
            return unusable(place, *known, kind=NoDatabase if known is _ABSENT else DatabaseUnusable)
    if _MISREAD.search(said):
        return misread(said)
    own = _SERVERS_OWN.findall(said)
    # In whichever language the server speaks.
    return unusable(
        place, f"cannot be reached: {_quoted(own[-1] if own else said)}", "check the address and the server"
    )


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED_MAX else f"{line[:_QUOTED_MAX]}..."
