"""What a power cut may leave of a disk: only what was synced is sure, bytes and names each for themselves.

The rules are harsher than those most file systems keep to. Of the bytes written to a file since its last fsync any
sector may have reached the disk or not, in any order; the file may have grown before they did. Of the names in a
folder since its last fsync any may be there or not. A renaming is one change: the old name goes with it.
Bytes whose fsync has failed may be lost for good, whatever a later one answers, as Linux counts them as clean.
"""

import os
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from hard.faults.tracing import NAMES, OPENS, SIZES, SYNCS, WRITES, Step

SECTOR: Final = 512
_ROOT: Final = 0

Entry = tuple[int, str]
"""A name: the number of its folder, and the name in it."""


class Bytes(NamedTuple):
    """Bytes written to a file."""

    file: int
    offset: int
    data: bytes


class Size(NamedTuple):
    """A file cut off or grown; `empty` where it grew with no bytes in it yet."""

    file: int
    size: int


class Names(NamedTuple):
    """Names that came to stand for a file, a folder or nothing, all at once."""

    entries: tuple[tuple[Entry, int | None], ...]

    @property
    def folders(self) -> frozenset[int]:
        """The folders that they are in."""
        return frozenset(folder for (folder, _), _ in self.entries)


Change = Bytes | Size | Names
Tree = dict[str, bytes | None]
"""Files by their paths, with their bytes; folders with None."""


class Moment(NamedTuple):
    """A disk after a step: what is sure to be on it, and what may be."""

    after: Step
    sure: frozenset[int]
    pending: tuple[int, ...]
    """Places among the changes, in order."""


class Recorded:
    """All that steps changed below a folder, and the moments between them."""

    def __init__(self, before: Tree, root: Path, steps: Sequence[Step]) -> None:
        self.root = os.path.realpath(root)
        self.contents: dict[int, bytes] = {}
        self.names: dict[Entry, int] = {}
        self.folders: set[int] = {_ROOT}
        self.changes: list[Change] = []
        self.moments: list[Moment] = []
        self._live: dict[Entry, int] = {}
        self._sizes: dict[int, int] = {}
        self._places: dict[int, int] = {}
        self._sure: set[int] = set()
        self._lost: set[int] = set()
        self._start(before)
        for step in steps:
            self._take(step)

    def _start(self, before: Tree) -> None:
        for path in sorted(before):
            number = self._new(folder=before[path] is None)
            self.contents[number] = before[path] or b""
            self._sizes[number] = len(self.contents[number])
            self._live[self._entry(f"{self.root}/{path}")] = number
        self.names = dict(self._live)

    def _new(self, *, folder: bool = False) -> int:
        number = len(self._sizes) + 1
        self._sizes[number] = 0
        if folder:
            self.folders.add(number)
        return number

    def _entry(self, path: str) -> Entry:
        named, folder = Path(path), _ROOT
        for part in Path(os.path.realpath(named.parent)).relative_to(self.root).parts:
            folder = self._live[folder, part]
        return folder, named.name

    def _number(self, path: str) -> int | None:
        if os.path.realpath(path) == self.root:
            return _ROOT
        try:
            return self._live.get(self._entry(path))
        except KeyError:
            return None

    def holds(self, path: str) -> bool:
        """Whether a path is below the folder."""
        return path == self.root or path.startswith(self.root + os.sep)

    def _take(self, step: Step) -> None:
        if step.result is None and step.name != "exit_group":
            return
        if step.name in SYNCS:
            self._synced(step)
        elif step.result is not None and step.result >= 0:
            self._done(step)
        pending = tuple(place for place in range(len(self.changes)) if place not in self._sure)
        self.moments.append(Moment(step, frozenset(self._sure), pending))

    def _synced(self, step: Step) -> None:
        everything = step.name in {"sync", "syncfs"}
        if not everything and not self.holds(step.path):
            return
        file = None if everything else self._number(step.path)
        mine = {
            place
            for place, change in enumerate(self.changes)
            if everything or (file in change.folders if isinstance(change, Names) else change.file == file)
        }
        if step.result == 0:
            self._sure |= mine - self._lost
        else:
            self._lost |= {place for place in mine - self._sure if not isinstance(self.changes[place], Names)}

    def _done(self, step: Step) -> None:
        if step.name in OPENS:
            self._opened(step)
        elif step.name == "lseek":
            if step.descriptor is not None and step.result is not None:
                self._places[step.descriptor] = step.result
        elif step.name in NAMES:
            self._named(step)
        elif step.name in WRITES:
            self._written(step)
        elif step.name in SIZES:
            self._sized(step)

    def _opened(self, step: Step) -> None:
        if step.result is not None:
            self._places.pop(step.result, None)
        path = step.path if step.opened is None else step.opened
        if not self.holds(path) or "O_TMPFILE" in step.told:
            assert "O_TMPFILE" not in step.told
            return
        number = self._number(path)
        if number is None and "O_CREAT" in step.told:
            self._change(Names(((self._entry(path), self._new()),)))
        elif number is not None and "O_TRUNC" in step.told and self._sizes[number]:
            self._change(Size(number, 0))

    def _named(self, step: Step) -> None:
        if step.name.startswith(("rename", "link")):
            if not self.holds(step.target):
                return
            number = self._number(step.path)
            assert number is not None, step
            gone = [] if step.name.startswith("link") else [(self._entry(step.path), None)]
            self._change(Names((*gone, (self._entry(step.target), number))))
        elif self.holds(step.path):
            assert not step.name.startswith("symlink"), step
            number = self._new(folder=True) if step.name.startswith("mkdir") else None
            self._change(Names(((self._entry(step.path), number),)))

    def _written(self, step: Step) -> None:
        path = step.target if step.name in {"copy_file_range", "sendfile"} else step.path
        # What has no name any more comes back on no disk.
        if not self.holds(path) or "(deleted)" in step.told:
            return
        number = self._number(path)
        if number is None:  # a file that has no name any more
            return
        assert step.result is not None
        if step.name.startswith("pwrite"):
            offset, data = step.numbers[-1], b"".join(step.texts)
        else:
            fits = [n for n, name in step.descriptors if name == path and n is not None]
            offset = self._places.get(fits[-1], 0)
            data = b"".join(step.texts)
            if step.name in {"copy_file_range", "sendfile"}:
                data = self._source(step.path)[offset : offset + step.result]
            self._places[fits[-1]] = offset + step.result
        self._change(Bytes(number, offset, data[: step.result]))

    def _source(self, path: str) -> bytes:
        """What the kernel copied by itself: a file that was there before, and stays as it is."""
        number = self._number(path) if self.holds(path) else None
        return Path(path).read_bytes() if number is None else self.contents[number]

    def _sized(self, step: Step) -> None:
        number = self._number(step.path)
        if self.holds(step.path) and number is not None:
            *_, size = step.numbers if step.name != "fallocate" else (sum(step.numbers[-2:]),)
            self._change(Size(number, size))

    def _change(self, change: Change) -> None:
        if isinstance(change, Names):
            for entry, number in change.entries:
                if number is None:
                    self._live.pop(entry, None)
                else:
                    self._live[entry] = number
        elif isinstance(change, Bytes):
            self._sizes[change.file] = max(self._sizes[change.file], change.offset + len(change.data))
        else:
            self._sizes[change.file] = change.size
        self.changes.append(change)

    def tree(self, chosen: Iterable[Change]) -> Tree:
        """The disk with these changes made in order, and no others."""
        names, files = dict(self.names), dict[int, bytearray]()
        for change in chosen:
            if isinstance(change, Names):
                for entry, number in change.entries:
                    names.pop(entry, None)
                    if number is not None:
                        names[entry] = number
                continue
            content = files.setdefault(change.file, bytearray(self.contents.get(change.file, b"")))
            if isinstance(change, Size):
                del content[change.size :]
                content.extend(bytes(change.size - len(content)))
            else:
                content.extend(bytes(max(0, change.offset - len(content))))
                content[change.offset : change.offset + len(change.data)] = change.data
        return dict(self._laid_out(names, files))

    def _laid_out(
        self, names: Mapping[Entry, int], files: Mapping[int, bytearray], folder: int = _ROOT, above: str = ""
    ) -> Iterator[tuple[str, bytes | None]]:
        for (where, name), number in names.items():
            if where != folder:
                continue
            path = f"{above}/{name}" if above else name
            if number in self.folders:
                yield path, None
                yield from self._laid_out(names, files, number, path)
            else:
                yield path, bytes(files[number] if number in files else self.contents.get(number, b""))


class Cut(NamedTuple):
    """A way in which the power goes: what it is called, and the disk it leaves."""

    how: str
    tree: Tree


def cuts(recorded: Recorded, moment: Moment, draw: random.Random, most: int) -> Iterator[Cut]:
    """Disks that a power cut at a moment may leave: the plain ones first, then drawn ones, `most` in all."""
    pending = moment.pending
    for count, (how, chosen) in enumerate(_choices(recorded, moment, draw)):
        if count >= most or (count and not pending):
            return
        yield Cut(how, recorded.tree(chosen))


def _choices(recorded: Recorded, moment: Moment, draw: random.Random) -> Iterator[tuple[str, Iterator[Change]]]:
    def by(keep: Callable[[int, Change], Iterable[Change]]) -> Iterator[Change]:
        for place in sorted((*moment.sure, *moment.pending)):
            change = recorded.changes[place]
            yield from [change] if place in moment.sure else keep(place, change)

    def only(kinds: type | tuple[type, ...]) -> Iterator[Change]:
        return by(lambda _, change: [change] if isinstance(change, kinds) else [])

    yield "nothing of it", by(lambda _, __: [])
    yield "names without bytes", only(Names)
    yield "bytes without names", only((Bytes, Size))
    yield "sizes without bytes", by(lambda _, change: _grown(change))
    while True:
        without = draw.choice(moment.pending or (0,))
        yield "all but one", by(lambda place, change, out=without: [] if place == out else [change])  # type: ignore[misc]
        share = draw.random()
        yield "some of it", by(lambda _, change, s=share: [change] if draw.random() < s else [])  # type: ignore[misc]
        yield "torn", by(lambda _, change, s=share: _torn(change, draw, s))  # type: ignore[misc]


def _grown(change: Change) -> Iterator[Change]:
    """A file that has its new size, but not its bytes."""
    if isinstance(change, Bytes):
        yield Bytes(change.file, change.offset + len(change.data), b"")
    else:
        yield change


def _torn(change: Change, draw: random.Random, share: float) -> Iterator[Change]:
    """Some of the sectors of what was written; names come or do not."""
    if not isinstance(change, Bytes):
        if draw.random() < share:
            yield change
        return
    offset, end = change.offset, change.offset + len(change.data)
    while offset < end:
        edge = min(end, (offset // SECTOR + 1) * SECTOR)
        if draw.random() < share:
            yield Bytes(change.file, offset, change.data[offset - change.offset : edge - change.offset])
        offset = edge


def read(root: Path) -> Tree:
    """A folder as it lies there."""
    paths = root.rglob("*")
    return {str(path.relative_to(root)): None if path.is_dir() else path.read_bytes() for path in paths}


def write(tree: Tree, root: Path) -> None:
    """Lay a disk out below a folder, which is empty; all of it is for its owner alone."""
    for path in sorted(tree):
        content = tree[path]
        if content is None:
            (root / path).mkdir(mode=0o700)
        else:
            (root / path).write_bytes(content)
            (root / path).chmod(0o600)
