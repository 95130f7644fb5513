"""Where secrets are kept: in the environment, in a file of their owner's alone, or in the system's keyring.

None is ever printed. `ssh` is the model: a file that others may read is not read at all, whatever is in it.
"""

import os
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple

from carecli.errors import Failed

KEYRING_USER: Final = "mail-references"
"""Under which name a keyring keeps the key of references."""

OTHERS: Final = 0o077
"""Who may not read a file that holds a secret: its group, and everybody."""
_MOST_BYTES: Final = 65_536
_A_FILE: Final = "use a file: password_file, reference_key_file"
PATIENCE_S: Final = 20.0
"""How long the system's keyring may take: whoever asks it may hold the lock of the desk."""
_READ: Final = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC


VARIABLES: Final = frozenset({"CARE_SMTP_PASSWORD", "CARE_IMAP_PASSWORD", "CARE_REFERENCE_KEY", "PGPASSWORD"})
"""Where the environment tells secrets."""


def for_programs(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for an editor, a pager and the like, which need none of our secrets."""
    kept = {name: value for name, value in environ.items() if name not in VARIABLES}
    if "://" in kept.get("CARE_DB", ""):
        # An address may hold a password.
        del kept["CARE_DB"]
    return kept


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


class Unreadable(Exception):
    """Why a secret cannot be read from where it is said to be, in words, with what mends it if that is known."""

    def __init__(self, why: str, fix: str | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.fix = fix


def private_text(path: str) -> str:
    """The text of a file that only its owner may read, who is whoever runs this, or root.

    Raises Unreadable; FileNotFoundError is left to whoever asks.
    """
    # Without waiting: a pipe under that name would hold every command up.
    descriptor = os.open(path, _READ)
    try:
        wrong = _wrong(path, os.fstat(descriptor))
        if wrong:
            raise wrong
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            raw = file.read(_MOST_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(raw) > _MOST_BYTES:
        raise Unreadable("it is no secret's size")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise Unreadable("it is no UTF-8 text") from None


def require_private(path: str) -> None:
    """Raise Unreadable where others may read a file; one that is gone holds nothing any more."""
    with suppress(OSError):
        wrong = _wrong(path, os.stat(path))  # noqa: PTH116 - paths are texts in settings
        if wrong:
            raise wrong


def _wrong(path: str, found: os.stat_result) -> Unreadable | None:
    mode = stat.S_IMODE(found.st_mode)
    if not stat.S_ISREG(found.st_mode):
        return Unreadable("it is no regular file")
    if mode & OTHERS:
        return Unreadable(f"others may read it (mode {mode:04o})", f"chmod 600 {quoted(path)}")
    if found.st_uid not in {os.geteuid(), 0}:
        return Unreadable("it is somebody else's", f"chown {os.geteuid()} {quoted(path)}")
    return None


def quoted(text: str) -> str:
    """A path or name as a shell takes it."""
    # Imported here: few commands find anything wrong.
    from shlex import quote

    return quote(text)


def first_line(path: str) -> str:
    """The first line of a file of its owner's alone; raises Unreadable."""
    try:
        lines = private_text(path).splitlines()
    except OSError as error:
        raise Unreadable(error.strerror or type(error).__name__) from None
    return lines[0] if lines else ""


def from_keyring(service: str, user: str) -> str | None:
    """What the system's keyring keeps for a user of a service, None for nothing; raises Unreadable."""
    return _asked(lambda keyring: keyring.get_password(service, user))


def into_keyring(service: str, user: str, text: str) -> None:
    """Have the system's keyring keep a secret; raises Unreadable."""
    _asked(lambda keyring: keyring.set_password(service, user, text))


def _asked(ask: Callable[[Any], str | None]) -> str | None:
    try:
        # Imported here: an optional package, which asks the whole system when it is.
        import keyring
    except ImportError:
        raise Unreadable("the package keyring is not installed", "pip install 'carecli[keyring]'") from None
    # Imported here: it is needed by nothing else.
    from threading import Thread

    answers: list[str | Exception | None] = []

    def answer() -> None:
        try:
            answers.append(ask(keyring))
        except Exception as error:  # noqa: BLE001 - of a dozen back ends each raises its own
            answers.append(error)

    # A locked keyring asks somebody at a screen, where there may be neither: a tick must not wait for ever.
    asking = Thread(target=answer, daemon=True)
    asking.start()
    asking.join(PATIENCE_S)
    if not answers:
        why = f"the keyring has not answered for {PATIENCE_S:g} seconds: it may be locked"
        raise Unreadable(why, f"unlock it; where nobody can, {_A_FILE}")
    (found,) = answers
    if type(found).__name__ == "NoKeyringError":
        raise Unreadable("this machine has no keyring", _A_FILE)
    if isinstance(found, Exception):
        # Its kind alone: nobody knows what a back end puts into its words.
        raise Unreadable(f"the keyring does not answer ({type(found).__name__})", "keyring diagnose")
    return found


class KeyPlace(NamedTuple):
    """Where the key of mail references is kept, if not in the database; the environment beats the config file."""

    told: Secret | None = None
    file: str | None = None
    service: str | None = None

    def __str__(self) -> str:
        if self.told:
            return "CARE_REFERENCE_KEY"
        return str(self.file) if self.file else f"the keyring, as {self.service}"

    def read(self) -> str | None:
        """The text that is kept there, None where there is none yet; raises Failed."""
        if self.told:
            return self.told.text
        try:
            return private_text(self.file) if self.file else from_keyring(self.service or "", KEYRING_USER)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._failed(error.strerror or type(error).__name__) from None
        except Unreadable as wrong:
            raise self._failed(wrong.why, wrong.fix) from None

    def write(self, text: str) -> None:
        """Keep a text there, whole or not at all; raises Failed where that is not ours to do, or does not work."""
        if self.told:
            raise Failed(
                "the key of mail references is told by CARE_REFERENCE_KEY, which care cannot change",
                hint="name reference_key_file in [mail] of the config file, and unset the variable",
                rule="MAIL-1",
            )
        try:
            if self.file:
                _replace(self.file, text)
            else:
                into_keyring(self.service or "", KEYRING_USER, text)
        except OSError as error:
            raise self._failed(error.strerror or type(error).__name__) from None
        except Unreadable as wrong:
            raise self._failed(wrong.why, wrong.fix) from None
        # Some keyrings take everything and keep nothing; the key before is forgotten for this one.
        if self.read() != text:
            raise self._failed("it was not kept", "keyring diagnose")

    def _failed(self, why: str, fix: str | None = None) -> Failed:
        hint = fix or "check reference_key_file or reference_key_keyring in [mail] of the config file"
        return Failed(f"the key of mail references, in {self}: {why}", hint=hint, rule="MAIL-1")


def _replace(path: str, text: str) -> None:
    """Write a file of its owner's alone beside, and put it in place once it is on the disk."""
    # Imported here: a key is written once in a year.
    from pathlib import Path

    from carecli.disk import sync_folder

    # Through a link, which stays: the place it names may be an encrypted one.
    file = Path(path).resolve()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # One at a time writes here; what a kill left of it goes.
    beside = file.with_name(f".{file.name}.new")
    beside.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as new:
            new.write(text)
            new.flush()
            os.fsync(new.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(file.parent)
