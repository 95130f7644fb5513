"""The way through a file and all that is packed in it: a look, or a copy with marks for what was found (ATT-2)."""

import codecs
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext
from functools import partial
from typing import BinaryIO, Final

from carecli.domain.sanitising import Finding, Scan
from carecli.errors import Refused
from carecli.files.scanning.archives import Careful, opened, packing, spool_file, spooled, strays, tarred, zipped
from carecli.files.scanning.encodings import HEAD, MIXED, Encoding, described, encoding, other
from carecli.files.scanning.flows import CHUNK, DECOMPRESSORS, Budget, Damaged, Disk, Flow, Unpacked
from carecli.files.scanning.looking import Look, Place, Ready, Seen, finding
from carecli.files.scanning.marks import Marks
from carecli.files.scanning.names import Name, path, seen_in
from carecli.files.scanning.writing import (
    Redactor,
    Sink,
    packer,
    tar_copy,
    tar_entry,
    tar_nothing,
    zip_copy,
    zip_entry,
)

KEPT: Final = 1_000
"""How many findings, and how many names of what was not looked through, are kept."""
MEMBERS: Final = 10_000
"""How many members of archives are looked through."""
DEPTH: Final = 4
"""How many layers of packing are opened: a .tar.gz is two."""


class NoText(Exception):
    """What is neither a text nor packed; its message says what it is."""


class Walk:
    """One way through one file; `marks` None only looks."""

    def __init__(
        self,
        ready: Ready,
        limit: int,
        marks: Marks | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> None:
        self._ready = ready
        self._budget = Budget(limit, MEMBERS)
        self._marks = marks
        self._progress = progress
        self._findings: list[Finding] = []
        self._found = 0
        self._scanned = 0
        self._text = False
        self._unscanned: list[str] = []
        self._unnamed = 0

    def scanned(self) -> Scan:
        """What was found up to now."""
        more = (f"and {self._unnamed:,} more",) if self._unnamed else ()
        return Scan(
            findings=tuple(self._findings),
            found=self._found,
            scanned=self._scanned,
            complete=not self._budget.met,
            unscanned=(*self._unscanned, *more),
            text=self._text,
        )

    def through(self, stream: BinaryIO, out: BinaryIO | None, name: str) -> None:
        """Go through a file; with an `out`, raises Refused for what cannot be copied with marks."""
        flow = Flow(Disk(stream), None)
        sink = Sink(out) if out is not None else None
        try:
            self._node(flow, sink, None, 0, stream)
        except (Damaged, NoText) as error:
            if sink is not None:
                raise _refused(str(error)) from None
            self._leave(name or "the file", str(error))
        if sink is not None and self._budget.met:
            raise _refused("it holds more than is looked through")

    def _node(
        self, flow: Flow, out: Sink | None, member: str | None, depth: int, whole: BinaryIO | None = None
    ) -> None:
        """Go through a text or something packed; `whole` is it as a file that can be read in any order."""
        head = flow.peek(HEAD)
        method = packing(head)
        if method is not None and depth >= DEPTH:
            self._budget.met = True
            raise Damaged("it is packed too deep")
        if method is None:
            self._text_or_not(flow, out, member, head, bounded=depth == 0 and out is None)
        elif method in DECOMPRESSORS:
            self._unpack(flow, out, member, depth, method)
        elif method == "tar":
            self._tar(flow, out, member, depth)
        else:
            self._zip(flow, out, member, depth, whole)

    def _text_or_not(
        self, flow: Flow, out: Sink | None, member: str | None, head: bytes, *, bounded: bool
    ) -> None:
        signs = encoding(head)
        if signs is None:
            raise NoText(f"it is {described(head)}")
        self._text = True
        try:
            self._look(flow, out, member, signs, bounded=bounded)
        except UnicodeDecodeError:
            raise Damaged(f"it is no {signs.codec}") from None

    def _look(self, flow: Flow, out: Sink | None, member: str | None, signs: Encoding, *, bounded: bool) -> None:
        flow.read(len(signs.mark))
        errors = signs.errors if out is not None or signs.codec == "utf-8" else "replace"
        decoder = codecs.getincrementaldecoder(signs.codec)(errors)
        look, place = Look(self._ready), Place()
        redactor = Redactor(self._marks.mark) if self._marks is not None else None
        if out is not None:
            out.write(signs.mark)
        chunks = (decoder.decode(data) for data in self._bytes(flow, member, signs, bounded=bounded))
        for seen in look.through(chunks):
            for match in seen.matches:
                self._note(finding(match, *place.of(seen, match.start), member))
            place.past(seen)
            if out is not None and redactor is not None:
                out.write(redactor.piece(seen).encode(signs.codec, errors))
        if out is not None:
            out.write(decoder.getstate()[0])
        for pattern in look.gone:
            self._leave(member or "the file", f"the pattern {pattern} took too long")
            if out is not None:
                raise Damaged(f"the pattern {pattern} takes too long")
        # What a torn log holds up to there was looked through; a second look past its end says what is wrong.
        flow.peek(1)

    def _bytes(self, flow: Flow, member: str | None, signs: Encoding, *, bounded: bool) -> Iterator[bytes]:
        """A text's bytes, to the bound where it stands alone: what is packed is bounded where it is unpacked."""
        at, torn = len(signs.mark), False
        while data := _read(flow):
            if bounded:
                self._budget.met = self._budget.met or len(data) > self._budget.left
                data = data[: self._budget.left]
                self._budget.left -= len(data)
            if not torn and (what := other(data, signs.codec)) is not None:
                torn = True
                self._leave(member or "the file", f"{what} from byte {at + 1:,} on")
                if self._marks is not None and what == MIXED:
                    raise Damaged(f"it goes on {MIXED}")
            at += len(data)
            self._scanned += len(data)
            yield data
            if self._progress is not None:
                self._progress(self._scanned)
            if bounded and self._budget.met:
                return

    def _unpack(self, flow: Flow, out: Sink | None, member: str | None, depth: int, method: str) -> None:
        inner = Flow(Unpacked(flow, method), self._budget)
        if out is None:
            self._node(inner, None, member, depth + 1)
            return
        with closing(packer(out, method)) as packed:
            self._node(inner, Sink(packed), member, depth + 1)

    def _zip(self, flow: Flow, out: Sink | None, member: str | None, depth: int, whole: BinaryIO | None) -> None:
        held = nullcontext(whole) if whole is not None and whole.seekable() else spooled(flow)
        with (
            held as file,
            zipped(file) as archive,
            zip_copy(out) if out is not None else nullcontext(None) as copy,
        ):
            if strays(file, archive):
                self._leave(member or "the file", "bytes that are of none of its members")
            comment = archive.comment.decode("utf-8", "replace")
            self._note_all(Look(self._ready).through([comment]), f"the comment of {member or 'the file'}")
            for entry in archive.infolist():
                if self._next_member() and not entry.filename.endswith("/"):
                    self._zip_member(archive, entry, copy, self._name(entry.filename, member), depth)

    def _zip_member(
        self,
        archive: zipfile.ZipFile,
        entry: zipfile.ZipInfo,
        copy: zipfile.ZipFile | None,
        name: Name,
        depth: int,
    ) -> None:
        put = partial(zip_entry, copy, entry, name.copied) if copy is not None else None
        try:
            with opened(archive, entry) as data:
                self._member(Flow(Careful(data), self._budget), name.path, depth, put)
        except Damaged as error:
            self._unreadable(name.path, str(error), copying=copy is not None)

    def _member(self, data: Flow, name: str, depth: int, put: Callable[[BinaryIO], None] | None) -> None:
        """Go through a member of an archive, and put it into the copy of that."""
        try:
            if put is None:
                self._node(data, None, name, depth + 1)
                return
            with spooled(data) as raw, self._member_copy(raw, name, depth) as marked:
                put(marked)
        except (Damaged, NoText) as error:
            self._unreadable(name, str(error), copying=put is not None)

    @contextmanager
    def _member_copy(self, raw: BinaryIO, name: str, depth: int) -> Iterator[BinaryIO]:
        """A member with marks in it; the member itself where it is no text."""
        with spool_file() as copy:
            try:
                self._node(Flow(raw, None), Sink(copy), name, depth + 1, raw)
            except NoText as error:
                self._leave(name, str(error))
                raw.seek(0)
                yield raw
                return
            copy.seek(0)
            yield copy

    def _tar(self, flow: Flow, out: Sink | None, member: str | None, depth: int) -> None:
        copy = tar_copy(out) if out is not None else None
        for entry, data in tarred(flow):
            if not self._next_member():
                break
            name = self._name(entry.name, member)
            if data is not None:
                # What is charged where the archive is unpacked is not charged twice; holes are nowhere else.
                charge = None if flow.charged and not entry.issparse() else self._budget
                put = partial(tar_entry, copy, entry, name.copied) if copy is not None else None
                self._member(Flow(Careful(data), charge), name.path, depth, put)
            elif copy is not None:
                tar_nothing(copy, entry, name.copied, self._name(entry.linkname, member).copied)
            elif entry.linkname:
                self._name(entry.linkname, member)
        if copy is not None:
            copy.close()

    def _name(self, name: str, outer: str | None) -> Name:
        """The name of a member, looked through as well: listings show it."""
        seen, rest = seen_in(name, self._ready)
        if not seen:
            return Name(path(outer, name), name)
        hidden = Redactor(lambda match: match.shown)
        told = path(outer, "".join(map(hidden.piece, seen)) + rest)
        self._note_all(seen, f"the name of {told}")
        marked = Redactor(self._marks.mark if self._marks is not None else lambda match: match.shown)
        return Name(told, "".join(map(marked.piece, seen)) + rest)

    def _note_all(self, seen: Iterable[Seen], where: str) -> None:
        """Note what was found beside the texts of an archive, which is no matter of lines."""
        for each in seen:
            for match in each.matches:
                self._note(finding(match, 1, each.origin + match.start + 1, where))

    def _next_member(self) -> bool:
        self._budget.members -= 1
        if self._budget.members < 0 or self._budget.left <= 0:
            self._budget.met = True
        return not self._budget.met

    def _unreadable(self, name: str, why: str, *, copying: bool) -> None:
        if copying:
            raise _refused(f"{name}: {why}")
        self._leave(name, why)

    def _leave(self, name: str, why: str) -> None:
        if len(self._unscanned) < KEPT:
            self._unscanned.append(f"{name}: {why}")
        else:
            self._unnamed += 1

    def _note(self, found: Finding) -> None:
        self._found += 1
        if len(self._findings) < KEPT:
            self._findings.append(found)


def _read(flow: Flow) -> bytes:
    """The next bytes, none where damage begins."""
    try:
        return flow.read(CHUNK)
    except Damaged:
        return b""


def _refused(why: str) -> Refused:
    return Refused(
        f"this file cannot be redacted: {why}",
        hint="take out the customer data yourself, or say that it holds none with --confirm-sanitized",
        rule="ATT-2",
    )
