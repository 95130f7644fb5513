"""Articles brought in from Markdown files: the same ones again change nothing, a bad one stops no other (KB-1)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from carecli.desk.knowledge import writing
from carecli.desk.knowledge.markdown import Fault, Page, read
from carecli.domain import access, knowledge, knowledge_draft
from carecli.domain.access import Right
from carecli.domain.knowledge import Article, ArticleReport, ArticlesImported, ArticleStatus
from carecli.domain.lifecycle import TEXT_MAX
from carecli.errors import CareError, Invalid

if TYPE_CHECKING:
    from typing import BinaryIO

    from carecli.desk.desk import Desk
    from carecli.desk.record import Record

BATCH: Final = 200
"""How many files one transaction takes in."""

ENDINGS: Final = frozenset({".md", ".markdown", ".mdown"})
STDIN: Final = "-"
_BYTES_MAX: Final = 4 * TEXT_MAX


class Source(NamedTuple):
    """A file that may be an article: how it is told of, and what it is called where it does not say."""

    shown: str
    path: Path | None
    slug: str
    fault: str | None = None


class _Read(NamedTuple):
    source: Source
    page: Page | None
    fault: Fault | None = None


def import_articles(
    desk: Desk,
    where: Sequence[str],
    *,
    publish: bool = False,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> ArticlesImported:
    """Bring in files, folders with all that is below them, or standard input; raises Invalid, NotPermitted.

    A file is known by its slug, else by its path below the folder. With `publish` each is published that does not
    call itself a draft; `dry_run` keeps nothing. `progress` hears how many files are done.
    """
    access.require(desk.actor, Right.WORK_CASES)
    taking = _Taking(publish)
    sources = [source for each in where for source in _sources(each)]
    if dry_run:
        with desk.trial() as record:
            taking.take_in(record, map(_read, sources), progress)
    else:
        each = iter(sources)
        while batch := list(islice(each, BATCH)):
            # Read before the database is locked: a slow disk stops nobody.
            pages = [_read(source) for source in batch]
            with desk.record() as record:
                taking.take_in(record, pages, progress)
    return ArticlesImported(tuple(taking.files), taking.published, dry_run)


class _Taking:
    """What has been taken in so far, and under which names."""

    def __init__(self, publish: bool) -> None:
        self.publish = publish
        self.files: list[ArticleReport] = []
        self.names: dict[str, str] = {}
        self.published = 0

    def take_in(self, record: Record, pages: Iterable[_Read], progress: Callable[[int], None]) -> None:
        """Take files in, each reported; a refused one leaves nothing behind."""
        for one in pages:
            self.files.append(self._taken(record, one))
            progress(len(self.files))

    def _taken(self, record: Record, one: _Read) -> ArticleReport:
        shown = one.source.shown
        try:
            if one.page is None:
                raise one.fault or Fault("it cannot be read")
            outcome, article = self._kept(record, one.page, one.source)
        except Fault as fault:
            return ArticleReport(shown, "refused", line=fault.line, reason=fault.reason)
        except CareError as error:
            return ArticleReport(shown, "refused", reason=error.message)
        return ArticleReport(shown, outcome, article.id, article.slug)

    def _kept(self, record: Record, page: Page, source: Source) -> tuple[str, Article]:
        draft = knowledge_draft.checked(page.draft._replace(slug=page.draft.slug or source.slug or None))
        old = self._known(record, page.draft.slug, str(draft.slug))
        name = old.slug if old else str(draft.slug)
        if name in self.names:
            raise Fault(f"the name {name!r} is that of {self.names[name]} already")
        self.names[name] = source.shown
        if old is None:
            new = writing.write_new(record, draft)
            return "added", self._standing(record, new, page.status)
        changed = writing.write_again(record, old, draft._replace(slug=old.slug))
        after = self._standing(record, changed or old, page.status)
        return ("unchanged" if after == old else "changed"), after

    def _known(self, record: Record, given: str | None, slug: str) -> Article | None:
        """The article that a file is about: by its id `kb-7` where it says so, else by its name."""
        if given and given.lower().startswith(knowledge.LABEL):
            id_ = knowledge.numbered(given)
            if id_ is not None:
                found = record.writing.article(id_)
                if found is None:
                    raise Fault(f"there is no article {given[:40]}")
                return found
        known = record.writing.article_of_slug(slug)
        return None if known is None else record.writing.article(known)

    def _standing(self, record: Record, article: Article, status: ArticleStatus | None) -> Article:
        """The article as its file wants it to stand: published, retired, or as it is."""
        if status is ArticleStatus.RETIRED:
            return writing.retired(record, article)
        if status is ArticleStatus.PUBLISHED or (self.publish and status is not ArticleStatus.DRAFT):
            after = writing.published(record, article)
            self.published += after != article
            return after
        return article


# Files, which nobody has to trust


def _sources(where: str) -> Iterator[Source]:
    """The files that a name stands for, in the order of their paths."""
    if where == STDIN:
        yield Source("standard input", None, "")
        return
    path = _path(where)
    if path.is_dir():
        yield from _below(path)
    elif path.exists():
        yield Source(
            str(path), path, knowledge.slug(path.stem), None if path.is_file() else "it is no regular file"
        )
    else:
        raise Invalid(f"cannot read {path}: there is no such file or folder", hint="care kb import FOLDER")


def _path(where: str) -> Path:
    """Where a name leads; raises Invalid for an empty one, which would be every file of the working folder."""
    if not where.strip():
        raise Invalid("the name of a file or folder is empty", hint="care kb import FOLDER")
    try:
        return Path(where).expanduser()
    except RuntimeError:
        # `~somebody`, who has no home here, may still be a file.
        return Path(where)


def _below(root: Path) -> Iterator[Source]:
    """Every Markdown file below a folder; links are followed to files within it alone."""
    real = root.resolve()
    faults: list[OSError] = []
    for folder, folders, names in os.walk(root, onerror=faults.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        here = Path(folder)
        for name in [*folders]:
            if (here / name).is_symlink():
                yield _at(root, here / name, "links to folders are not followed")
        for name in sorted(names):
            if Path(name).suffix.lower() in ENDINGS:
                yield _at(root, here / name, _fault_of(here / name, real))
    for error in faults:
        yield _at(root, Path(str(error.filename)), f"it cannot be read: {error.strerror}")


def _at(root: Path, path: Path, fault: str | None) -> Source:
    shown = str(path).encode("utf-8", "replace").decode()
    try:
        below = path.relative_to(root).with_suffix("")
    except ValueError:
        below = Path(path.stem)
    return Source(shown, path, knowledge.slug(" ".join(below.parts)), fault)


def _fault_of(path: Path, root: Path) -> str | None:
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return "it is a link that leads nowhere"
    if not real.is_relative_to(root):
        return "it is a link that leads out of the folder"
    return None if real.is_file() else "it is no regular file"


def _read(source: Source) -> _Read:
    if source.fault:
        return _Read(source, None, Fault(source.fault))
    try:
        if source.path is None:
            return _Read(source, read(_text(sys.stdin.buffer), ""))
        with source.path.open("rb") as stream:
            return _Read(source, read(_text(stream), source.path.stem.replace("-", " ").replace("_", " ")))
    except Fault as fault:
        return _Read(source, None, fault)
    except OSError as error:
        return _Read(source, None, Fault(f"it cannot be read: {error.strerror}"))


def _text(stream: BinaryIO) -> str:
    content = stream.read(_BYTES_MAX + 1)
    if b"\0" in content:
        raise Fault("it is a binary file, no text")
    if len(content) > _BYTES_MAX:
        raise Fault(f"it has more than {TEXT_MAX:,} characters")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Fault(f"it is no UTF-8 text: byte {error.start}", line) from None
    if not text.strip():
        raise Fault("it is empty")
    return text.replace("\r\n", "\n").replace("\r", "\n")
