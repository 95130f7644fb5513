"""What somebody may have run over SSH: told apart without a shell, a file or a clock (DC-3).

A line comes from a client that may be anybody's. It is split into words as a shell would split it, and nothing in
it is ever expanded, run or opened.
"""

import shlex
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from carecli.errors import CareError, Invalid, NotPermitted

LINE_MAX: Final = 32_768
"""The most characters of a command; long texts come on standard input."""
KEPT_WORDS: Final = 300
"""How many characters of a refused command are kept."""
KEPT_MOST: Final = 10_000
"""How many refusals are kept, the newest."""
BEGIN: Final = "# care gate: begin (lines from here to the end mark are written anew)"
END: Final = "# care gate: end"
"""The marks around our lines in a file of authorized keys."""
READING_WORD: Final = "reading"
"""What `--allow` takes for every command that changes nothing."""

_MACHINE: Final = "it is for whoever sits at the desk's own machine"
_SCHEDULE: Final = "the desk's own machine does it on its schedule"
LOCAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("init", "demo", "gate", "cron", "backup", "copy", "completion", "postgres"), _MACHINE),
        **dict.fromkeys(("mail receive", "mail fetch", "mail deliver"), _SCHEDULE),
        "mail key": _MACHINE,
    }
)
"""Commands and families that nobody runs over SSH, and why."""

READING: Final = frozenset(
    {
        *("home", "help", "list", "search", "show", "similar", "log", "explain", "export", "forecast", "report"),
        *("kb search", "kb show", "kb list", "kb versions", "kb diff", "bundle write", "bundle verify"),
        *("attachment list", "attachment get", "attachment scan", "chat list", "chat show", "incident show"),
        *("incident report", "incident action list", "component list", "component predict", "maintenance show"),
        *("advisory list", "advisory show", "advisory subscriptions", "contact-us", "whatnext", "calendar show"),
        *("calendar check", "calendar add", "calendar between", "calendar impact", "policy show", "policy check"),
        *("policy list", "policy diff", "policy impact", "mail outbox", "mail show", "mail inbox"),
        *("mail triage list", "mail triage show", "account list", "account show", "account entitlements"),
        *("contact list", "staff list", "tick", "verify", "doctor", "schema", "complete"),
    }
)
"""Commands that change nothing as long as none of CHANGING is given."""
CHANGING: Final[Mapping[str, Collection[str]]] = MappingProxyType(
    {"incident report": ("--send",), "verify": ("--repair",)}
)
"""Options by which a command that else reads changes something."""


TRANSFERS: Final = frozenset(
    {"scp", "sftp", "internal-sftp", "sftp-server", "rsync", "git-upload-pack", "git-receive-pack", "borg"}
)
"""What programs that transfer files ask an SSH server for."""


class Place(StrEnum):
    """What a value of a command may be where it comes from outside."""

    TEXT = "text"
    STREAM = "a file"
    """A file on this side: `-`, standard input or output, alone."""
    POLICY = "a policy"
    """A policy that is shipped, or kept in the record: by its name, or by its hash."""
    MAPPING = "a mapping"
    KEY = "a public key"


class Refusal(NamedTuple):
    """Something that was refused at the gate: whose key wanted what, from where."""

    at: datetime
    actor: str
    client: str | None
    key: str | None
    words: str
    reason: str
    id: int = 0


class Holder(NamedTuple):
    """A key, whose it is, and the line of it for sshd."""

    email: str
    key: str
    line: str

    @property
    def fingerprint(self) -> str:
        """What `ssh-keygen -l` calls it."""
        from carecli.domain.ssh_key import fingerprint

        return fingerprint(self.key)


class Origin(NamedTuple):
    """Who is at the gate as far as sshd told: whose key it is, the client's address, the key's fingerprint."""

    actor: str
    client: str | None = None
    key: str | None = None


def words(line: str) -> list[str]:
    """The words of a command line; a leading `care` is left out. Raises Invalid, or NotPermitted.

    Quotes and backslashes mean what they mean to a shell; `$`, backquotes, `;`, `|`, `>` and `*` are letters.
    """
    if len(line) > LINE_MAX:
        raise Invalid(f"the command is longer than {LINE_MAX:,} characters", hint="-m - reads standard input")
    if any(not _is_plain(letter) for letter in line):
        raise NotPermitted(
            "the command holds control characters or bytes that are no text",
            hint="-m - reads a text from standard input",
        )
    lexer = shlex.shlex(line.strip(), posix=True, punctuation_chars=False)
    lexer.commenters = ""
    # A line break outside of quotes begins another command elsewhere, and stays part of a word here.
    lexer.whitespace = " \t"
    lexer.whitespace_split = True
    try:
        read = list(lexer)
    except ValueError:
        raise Invalid("a quotation mark or a backslash has no end", hint="quote words as a shell does") from None
    return read[1:] if read[:1] == ["care"] else read


def _is_plain(letter: str) -> bool:
    return letter in "\n\t" or not (letter < " " or "\x7f" <= letter <= "\x9f" or "\ud800" <= letter <= "\udfff")


def require_no_transfer(read: Sequence[str]) -> None:
    """Raise NotPermitted for what clients of file transfer ask for, with the way that files do travel."""
    if read and read[0].rpartition("/")[2] in TRANSFERS:
        raise NotPermitted(
            "there is no file transfer here, by scp, sftp or otherwise",
            hint="`attachment get N 1 > FILE`, `attachment add N - --name NAME < FILE`",
        )


def require_allowed(allow: Sequence[str], commands: Collection[str]) -> None:
    """Raise Invalid for a word of `--allow` that is no command, no family of them, and not `reading`."""
    for wish in allow:
        if wish != READING_WORD and not any(_covers(wish, command) for command in commands):
            raise Invalid(f"--allow {wish[:40]!r} is no command", hint=f"a command's words, or {READING_WORD}")


def require_command(command: str, flags: Collection[str], allow: Sequence[str]) -> None:
    """Raise NotPermitted for a command that is not to be run over SSH, or not with this key.

    `flags` are the options that were given to it; an empty `allow` lets every remote command pass.
    """
    _require_remote(command, flags)
    if allow and not any(_allows(wish, command, flags) for wish in allow):
        raise NotPermitted(
            f"this key may not run `care {command}`", hint=f"it may: {', '.join(allow)}; ask an admin of this desk"
        )


def _require_remote(command: str, flags: Collection[str]) -> None:
    reason = next((why for words, why in LOCAL.items() if _covers(words, command)), None)
    if command == "tick" and ("--dry-run" not in flags or "--watch" in flags):
        reason = _SCHEDULE
    if reason:
        hint = (
            "`tick --dry-run` shows what would happen" if command == "tick" else f"{reason}; `help` lists the rest"
        )
        raise NotPermitted(f"`care {command}` does not run over SSH", hint=hint)


def _allows(wish: str, command: str, flags: Collection[str]) -> bool:
    if wish != READING_WORD:
        return _covers(wish, command)
    return command in READING and not set(CHANGING.get(command, ())) & set(flags)


def _covers(words: str, command: str) -> bool:
    """Whether these words are a command's, or those of its family."""
    return command == words or command.startswith(f"{words} ")


def require_no_choice(option: str, given: str | None) -> None:
    """Raise NotPermitted for what the key's own line alone says: the actor, the desk, the moment."""
    if given is not None:
        raise NotPermitted(
            f"{option} cannot be given over SSH", hint="who you are and which desk this is come with your key"
        )


def require_value(named: str, value: str, place: Place, *, known: Collection[str] = ()) -> None:
    """Raise NotPermitted for a value that could name a file of the desk's machine.

    `named` is what the value was given for; `known` are the names there that are none of a file's.
    """
    if _is_safe(value, place, known):
        return
    only = ", ".join(("-", *known))
    raise NotPermitted(
        f"{named} cannot name a file over SSH",
        hint=f"it takes {only}; files travel over standard input and output",
    )


def _is_safe(value: str, place: Place, known: Collection[str]) -> bool:
    match place:
        case Place.TEXT:
            return True
        case Place.STREAM:
            return value == "-"
        case Place.POLICY:
            return value == "-" or value in known or _is_hash(value)
        case Place.MAPPING:
            return value in known
        case Place.KEY:
            from carecli.domain.ssh_key import is_key

            return value == "-" or is_key(value)


def _is_hash(value: str) -> bool:
    return 6 <= len(value) <= 64 and not set(value.lower()) - set("0123456789abcdef")


def told(line: str) -> str:
    """A refused command as it is kept: one short line that can be read, and no PIN in it."""
    try:
        read = words(line)
    except CareError:
        # What follows may be quoted in ways that nobody can tell any more.
        before, pin, _ = line.partition("--pin")
        return shown(f"{before}{pin} ..." if pin else line)
    return shown(shlex.join(_without_pin(read)))


def _without_pin(read: Sequence[str]) -> list[str]:
    kept = []
    for before, word in zip(("", *read), read, strict=False):
        pin, equals, _ = word.partition("=")
        kept.append("..." if before == "--pin" else f"{pin}=..." if equals and pin == "--pin" else word)
    return kept


def shown(text: str) -> str:
    """A text as it is kept: one line of no more than KEPT_WORDS characters, whatever a client wrote into it."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[:KEPT_WORDS])[:KEPT_WORDS]


def without_folders(text: str) -> str:
    """A text in which files go by their names alone: no client needs to know where they lie."""
    # Imported here: little goes wrong.
    import re

    text = re.sub(r"\bpostgres(?:ql)?://[^\s'\"`]*", "on its server", text)
    return re.sub(r"(?<![\w.~/-])/(?:[^\s/'\":,;()]+/)+", "", text)


def client(connection: str | None) -> str | None:
    """The client's address as sshd's SSH_CONNECTION tells it; None where it tells none."""
    address = (connection or "").split(" ")[0]
    # An address on a link names an interface behind it: fe80::1%eth0.
    known = address.isascii() and address.replace("%", "").replace(":", "").replace(".", "").isalnum()
    return address[:64] if known else None


def key(authentication: str) -> str | None:
    """The fingerprint of the key in what sshd writes for `ExposeAuthInfo yes`; None where there is none."""
    for line in authentication.splitlines():
        method, _, rest = line.partition(" ")
        if method == "publickey":
            # Imported here: nobody needs it who is not refused.
            from carecli.domain.ssh_key import fingerprint

            with suppress(IndexError, ValueError):
                return fingerprint(rest)
    return None


def cut_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Of the environment what a client may say: its language and its screen. Anything else counts nothing."""
    return {name: value for name, value in environ.items() if harmless_variable(name) and _is_short(value)}


def harmless_variable(name: str) -> bool:
    """Whether a variable of the environment says no more than a language or a screen; `LC_*` says so too."""
    return name in _SCREEN or name.startswith("LC_")


_SCREEN: Final = frozenset(
    {"LANG", "LANGUAGE", "TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"}
)


def _is_short(value: str) -> bool:
    return len(value) <= 64 and value.isascii() and value.isprintable() and "/" not in value
