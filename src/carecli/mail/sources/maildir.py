"""A maildir that a mail server delivers into: messages in `new` and `cur`, each a file (MAIL-6)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISREG
from typing import Final, NamedTuple

from carecli.domain.fetching import Left
from carecli.errors import Failed, NotFound
from carecli.mail.sources.protocol import BATCH, BATCH_BYTES, Found, too_large

_SEEN: Final = "S"
_TRASHED: Final = "T"


class _File(NamedTuple):
    path: str
    part: str
    size: int
    regular: bool


@contextmanager
def opened(path: str, *, max_bytes: int, keep: bool = False, delete: bool = False) -> Iterator[MaildirSource]:
    """The maildir at this path; raises NotFound where there is none.

    A message in `new` that is taken moves to `cur`, flagged as seen, unless it is to be kept as it is or deleted.
    """
    if not Path(path, "new").is_dir():
        raise NotFound(
            f"{path} is no maildir: it has no folder `new`",
            hint="name the folder that holds `cur`, `new` and `tmp`",
            rule="MAIL-6",
        )
    yield MaildirSource(Path(path), max_bytes, keep=keep, delete=delete)


class MaildirSource:
    """A maildir; other programs may deliver into it, read it and delete from it all the while."""

    def __init__(self, path: Path, max_bytes: int, *, keep: bool, delete: bool) -> None:
        self.path = path.resolve()
        self.max_bytes = max_bytes
        self.keep = keep
        self.delete = delete
        self._files: dict[str, _File] = {}

    @property
    def name(self) -> str:
        """The path, as text that a database takes whatever bytes it has."""
        return f"maildir:{_text(self.path)}"

    @property
    def place(self) -> str:
        """The same: a maildir has no other name."""
        return self.name

    def uids(self) -> list[str]:
        """The files of `new` and `cur` that are not flagged as trashed, oldest first."""
        found = [*self._listed("new"), *self._listed("cur")]
        found.sort(key=lambda one: one[0])
        self._files = {uid: file for _, uid, file in found}
        return list(self._files)

    def _listed(self, part: str) -> Iterator[tuple[tuple[int, str], str, _File]]:
        try:
            with os.scandir(self.path / part) as entries:
                for entry in entries:
                    base, _, flags = entry.name.partition(":2,")
                    if entry.name.startswith(".") or (part == "cur" and _TRASHED in flags):
                        continue
                    # A file that another program took away in between is none of ours any more.
                    with suppress(FileNotFoundError):
                        about = entry.stat(follow_symlinks=False)
                        # Its time and size too: by hand, people copy different messages under one name.
                        uid = f"{_text(base)} {about.st_mtime_ns} {about.st_size}"
                        file = _File(entry.path, part, about.st_size, S_ISREG(about.st_mode))
                        yield (about.st_mtime_ns, entry.name), uid, file
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._failed(error) from None

    def batches(self, uids: Sequence[str]) -> Iterator[list[Found | Left]]:
        """These messages, some at a time."""
        batch, held = [], 0  # type: tuple[list[Found | Left], int]
        for uid in uids:
            if batch and (len(batch) >= BATCH or held + self._files[uid].size > BATCH_BYTES):
                yield batch
                batch, held = [], 0
            message = self._read(uid)
            if message:
                batch.append(message)
                held += len(message.raw) if isinstance(message, Found) else 0
        yield batch

    def _read(self, uid: str) -> Found | Left | None:
        file = self._files[uid]
        if not file.regular:
            # Opening a pipe would wait for ever; a link may lead to what is nobody's mail.
            return Left(uid, f"{_text(file.path)} is no ordinary file")
        if file.size > self.max_bytes:
            return too_large(uid, file.size, self.max_bytes)
        try:
            descriptor = os.open(self._now_at(file), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            with os.fdopen(descriptor, "rb") as content:
                raw = content.read(self.max_bytes + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            return Left(uid, f"{_text(file.path)} cannot be read: {error.strerror}")
        # It may have grown since its size was read.
        return Found(uid, raw) if len(raw) <= self.max_bytes else too_large(uid, len(raw), self.max_bytes)

    def _now_at(self, file: _File) -> Path:
        """Where a file lies now: a mail reader that opens the maildir moves it, and flags change its name."""
        path = Path(file.path)
        if os.path.lexists(path):
            return path
        base = path.name.partition(":2,")[0]
        with suppress(FileNotFoundError):
            return next(
                (each for each in (self.path / "cur").iterdir() if each.name.partition(":2,")[0] == base), path
            )
        return path

    def taken(self, uids: Sequence[str]) -> list[Left]:
        """Move files from `new` to `cur` and flag them as seen, or delete them, or keep them as they are."""
        if self.keep:
            return []
        left = []
        for uid in uids:
            try:
                self._put_away(self._files[uid])
            except FileNotFoundError:
                continue
            except OSError as error:
                left.append(Left(uid, f"{_text(self._files[uid].path)} cannot be moved: {error.strerror}"))
        return left

    def _put_away(self, file: _File) -> None:
        path = self._now_at(file)
        if self.delete:
            path.unlink()
            return
        if file.part == "cur":
            # A mail reader has it in hand: who marks it as unread there wants it so.
            return
        base, _, flags = path.name.partition(":2,")
        cur = self.path / "cur"
        cur.mkdir(mode=0o700, exist_ok=True)
        # Flags stand in the order of their letters.
        _moved(path, cur / base, ":2," + "".join(sorted({*flags, _SEEN})))

    def _failed(self, error: OSError) -> Failed:
        return Failed(
            f"cannot read the maildir {_text(self.path)}: {error.strerror}",
            hint="see that this user may list `new` and `cur`",
            rule="MAIL-6",
        )


def _moved(path: Path, base: Path, flags: str) -> None:
    """Move a file to a name that nothing else has: renaming would replace what lies there."""
    target, count = f"{base}{flags}", 0
    while os.path.lexists(target):
        count += 1
        target = f"{base}.{count}{flags}"
    path.rename(target)


def _text(name: str | Path) -> str:
    """A file name as text: bytes that are no UTF-8 are written out."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
