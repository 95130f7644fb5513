"""The answers for a case that is not opened yet, in a file of the person's own: `care open --resume` goes on."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from carecli.config import default_db
from carecli.domain.opening import Form
from carecli.errors import Invalid, NotFound

if TYPE_CHECKING:
    from pathlib import Path

    from carecli.commands.invocation import Invocation

PATTERN = "draft-*.json"


class Draft:
    """A form that is being filled in, and what stands beside it.

    `attach` are the files to attach, `begun` what was typed for a question that is not answered yet, `passed` the
    questions that were answered with nothing, `beside` the options that a form has no place for.
    """

    def __init__(self, form: Form, attach: tuple[str, ...] = (), beside: Mapping[str, str] | None = None) -> None:
        self.form = form
        self.attach = attach
        self.beside = dict(beside or {})
        self.begun: dict[str, str] = {}
        self.passed: list[str] = []
        self.asked = False
        self.file: Path | None = None

    def answer(self, **change: Any) -> None:
        """Take an answer."""
        self.form = self.form._replace(**change)
        self.asked = True

    def settle(self, name: str, answer: str) -> None:
        """Take an answer that cannot be another, for which nobody was asked."""
        change: dict[str, Any] = {name: answer}
        self.form = self.form._replace(**change)

    def document(self) -> dict[str, Any]:
        """As JSON, which `--form` takes too."""
        answered = {name: value for name, value in self.form._asdict().items() if value}
        answered |= {"fields": dict(self.form.fields)}
        if self.form.checklist:
            answered["checklist"] = dict(self.form.checklist)
        return answered | ({"attach": list(self.attach)} if self.attach else {})


@contextmanager
def kept(draft: Draft, invocation: "Invocation", actor: str) -> Iterator[None]:
    """Keep the answers of somebody who was asked, where the case is not opened for whatever reason.

    Once it is, nothing of them is left behind.
    """
    try:
        yield
    except BaseException:
        if draft.asked:
            _tell(draft, invocation, actor)
        raise
    forget(draft)


def _tell(draft: Draft, invocation: "Invocation", actor: str) -> None:
    # What refused the case is the news; a disk that is full, or a terminal that is gone, must not hide it.
    try:
        told = (
            f"your answers are kept in {save(draft, invocation, actor)}; `care open --resume` goes on from there"
        )
    except OSError as error:
        place = draft.file or _folder(invocation.environ)
        told = f"your answers could not be kept in {place}: {error.strerror}"
    if invocation.interactive:
        with suppress(OSError):
            sys.stderr.write(f"{told}\n")


def keep(draft: Draft, invocation: "Invocation", actor: str) -> None:
    """Keep what was answered so far, whatever ends the program; what hinders that is told at the end."""
    if draft.asked:
        with suppress(OSError):
            save(draft, invocation, actor)


def save(draft: Draft, invocation: "Invocation", actor: str) -> "Path":
    """Write the draft, whole or not at all, so that nobody but its owner may read it; raises OSError."""
    import json

    if draft.file is None:
        folder = _folder(invocation.environ)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.file = folder / f"draft-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}.json"
    about = {
        "actor": actor,
        "desk": _place(invocation),
        "beside": draft.beside,
        "begun": draft.begun,
        "passed": draft.passed,
    }
    written = draft.file.with_suffix(".new")
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as stream:
            json.dump(draft.document() | {"draft": about}, stream, ensure_ascii=False, indent=2)
            stream.write("\n")
            stream.flush()
            os.fsync(stream.fileno())
        written.replace(draft.file)
    except OSError:
        written.unlink(missing_ok=True)
        raise
    return draft.file


def forget(draft: Draft) -> None:
    """Leave nothing of the draft behind; a file that cannot be removed is no reason to fail."""
    if draft.file:
        with suppress(OSError):
            draft.file.unlink()


def _folder(environ: Mapping[str, str]) -> "Path":
    from pathlib import Path

    return Path(default_db(environ)).parent


def _place(invocation: "Invocation") -> str:
    """Which desk a draft is for, wherever its file is named from."""
    return os.path.realpath(invocation.config.beside)


class Kept:
    """A draft that was kept: its file, and what is in it."""

    def __init__(self, file: "Path", document: dict[str, Any]) -> None:
        self.file = file
        self.document = document

    @property
    def about(self) -> Mapping[str, Any]:
        """What is kept beside the form."""
        about: Mapping[str, Any] = self.document["draft"]
        return about

    @property
    def line(self) -> str:
        """The draft in a line, for a choice among several."""
        at = datetime.fromtimestamp(self.file.stat().st_mtime, UTC)
        return f"{at:%Y-%m-%d %H:%M} UTC  {self.document.get('subject') or 'without a subject'}"


def newest_first(invocation: "Invocation", actor: str) -> list[Kept]:
    """The drafts of this person for this desk; raises NotFound where there is none."""
    desk = _place(invocation)
    mine = [
        draft
        for draft in _readable(_folder(invocation.environ))
        if draft.about.get("actor") == actor and draft.about.get("desk") == desk
    ]
    if not mine:
        raise NotFound("you have no draft of a case for this desk", hint="`care open` begins a case")
    return sorted(mine, key=lambda draft: (draft.file.stat().st_mtime_ns, draft.file.name), reverse=True)


def _readable(folder: "Path") -> Iterator[Kept]:
    """Every file that is a draft; what else lies there under such a name is passed over."""
    from carecli.commands.opening_file import parsed

    for file in folder.glob(PATTERN) if folder.is_dir() else ():
        with suppress(OSError, ValueError, Invalid):
            document = parsed(file.read_text("utf-8"), toml=False)
            if _is_whole(document.get("draft")):
                yield Kept(file, document)


def _is_whole(about: object) -> bool:
    """Whether this is what `save` keeps beside a form, and not what somebody or something else made of it."""
    if not isinstance(about, dict):
        return False
    tables = [about.get("beside", {}), about.get("begun", {})]
    texts = [text for table in tables if isinstance(table, dict) for text in table.values()]
    passed = about.get("passed", [])
    kinds = isinstance(passed, list) and all(isinstance(table, dict) for table in tables)
    return kinds and all(isinstance(text, str) for text in (*texts, *passed))
