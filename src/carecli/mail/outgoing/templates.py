"""The words of a mail laid out as text and HTML, by templates that a desk may put its own in place of (MAIL-1).

Jinja is imported with this module, so only mail that leaves brings it in.
"""

import traceback
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, Template, TemplateError, TemplateNotFound

from carecli.domain.outbox import MailKind
from carecli.errors import Failed
from carecli.mail.outgoing.language import SHIPPED
from carecli.mail.outgoing.loading import HTML, NAMES, TEXT, USUAL, environment

_LONGEST: Final = 16_000_000
"""Of what a template makes, in characters: the longest text of a case with every sign escaped, and room."""

_MISTAKES: Final = (TemplateError, RecursionError, SyntaxError, TypeError, ValueError, LookupError, AttributeError)
"""What a wrong template can raise, when it is read or when it is filled in."""

View = Mapping[str, Any]
"""What a template sees: `lead`, `said`, `next`, `ways`, `reply`, `link`, `reference`, `case` and so on."""


class Templates:
    """The templates of one desk: its own of that name, or those that `care` ships."""

    def __init__(self, folder: str | None) -> None:
        """`folder` is the desk's directory of templates, None where it has none."""
        self.folder = Path(folder) if folder else None
        self._environment = environment(self.folder) if self.folder else _shipped()
        self._found: dict[tuple[MailKind, str], Template] = {}
        self._wrong: dict[tuple[MailKind, str], Failed] = {}

    def text(self, kind: MailKind, view: View) -> str:
        """A mail of that kind as plain text; raises Failed where the desk's template is wrong."""
        return self._rendered(kind, TEXT, view)

    def html(self, kind: MailKind, view: View) -> str:
        """A mail of that kind as HTML; raises Failed where the desk's template is wrong."""
        return self._rendered(kind, HTML, view)

    def _rendered(self, kind: MailKind, ending: str, view: View) -> str:
        template = self._found.get((kind, ending)) or self.found(kind, ending)
        parts, length = [], 0
        try:
            # Piece by piece: what is far too long is never all in memory.
            for part in template.generate(view):
                parts.append(part)
                length += len(part)
                if length > _LONGEST:
                    raise ValueError(f"it makes more than {_LONGEST:,} characters")
        except _MISTAKES as error:
            raise _failed(str(template.filename), error) from None
        return "".join(parts)

    def found(self, kind: MailKind, ending: str) -> Template:
        """The template of a kind of mail; raises Failed where the desk's one cannot be read."""
        if wrong := self._wrong.get((kind, ending)):
            # Kept, as thousands of mails may ask for it.
            raise wrong.with_traceback(None)
        names = [f"{kind}{ending}", f"{USUAL}{ending}"] if self._own() else []
        for name in (*names, f"{SHIPPED}{USUAL}{ending}"):
            if name.startswith(SHIPPED) or (self.folder and (self.folder / name).is_file()):
                try:
                    template = self._environment.get_template(name)
                except _MISTAKES as error:
                    file = str(self.folder / name if self.folder else name)
                    self._wrong[kind, ending] = _failed(file, error)
                    raise self._wrong[kind, ending] from None
                self._found[kind, ending] = template
                return template
        raise AssertionError("care ships a template of each ending")

    def _own(self) -> bool:
        """Whether the desk has a directory of templates; raises Failed where it is named and not there."""
        if self.folder and not self.folder.is_dir():
            raise Failed(
                f"there is no directory of templates {self.folder}",
                hint="make it, or take `templates` out of the [mail] part of the config file",
                rule="MAIL-1",
            )
        return self.folder is not None


@cache
def _shipped() -> Environment:
    """What reads the templates that are shipped alone: they stay as they are while the program runs."""
    return environment(None)


def problems(folder: str | None) -> list[str]:
    """What is wrong with a desk's templates, each kind of mail tried with examples (for `care doctor`)."""
    templates = Templates(folder)
    found = dict.fromkeys(_strange(templates.folder))
    for kind in MailKind:
        for ending in (TEXT, HTML):
            found |= dict.fromkeys(_tried(templates, kind, ending))
    return [*found]


def _strange(folder: Path | None) -> Iterator[str]:
    """Files that look like templates and are used for nothing."""
    for file in sorted(folder.glob("*.j2")) if folder and folder.is_dir() else ():
        if file.name not in NAMES:
            yield f"{file} is used for nothing: name it as a kind of mail, such as {USUAL}{HTML} or reminder{TEXT}"


def _tried(templates: Templates, kind: MailKind, ending: str) -> Iterator[str]:
    show = templates.text if ending == TEXT else templates.html
    try:
        made = [show(kind, view) for view in EXAMPLES]
        source = templates.found(kind, ending).filename
    except Failed as failed:
        yield failed.message
        return
    for name in ("marker", "lead", "reference"):
        if any(str(view[name]) not in text for text, view in zip(made, EXAMPLES, strict=True)):
            yield f"{source}: {{{{ {name} }}}} is not shown in every mail"


_CASE: Final = {
    "number": "0000000042",
    "subject": "Calls drop",
    "account": "Example Ltd",
    "priority": "high",
    "status": "awaiting-info",
}
_FULL: Final[dict[str, Any]] = {
    "marker": "-- marker --",
    "kind": "request",
    "desk": "Example desk",
    "lead": "We need information from you.",
    "said": "Please send the trace.\n\nThank you.",
    "next": "Without an answer, we will remind you on Monday.",
    "ways": [{"label": "To answer", "command": "care update 0000000042 -m 'your text'"}],
    "reply": "Or simply reply to this mail.",
    "link": "https://desk.example/cases/0000000042",
    "reference": "ref:0000000042-aaaaaaaaaaaaaaaa",
    "case": _CASE,
    "phone": "+1 555 010 0100",
    "subject": "[Case # 0000000042 ] we need information from you: Calls drop",
}
EXAMPLES: Final[tuple[View, ...]] = (
    _FULL,
    # As little as a mail may hold: an automatic answer.
    _FULL
    | {
        "marker": "",
        "said": None,
        "next": None,
        "ways": [],
        "reply": None,
        "link": None,
        "reference": "",
        "case": None,
    },
)


def _failed(file: str, error: BaseException) -> Failed:
    """What is wrong with a template, where, and what to do about it."""
    line = getattr(error, "lineno", None) or _line(file, error)
    where = f"{file} line {line}" if line else file
    what = "it goes too deep" if isinstance(error, RecursionError) else _told(error)
    return Failed(
        f"the template {where} makes no mail: {what}",
        hint="mend it, or move it away and the one that `care` ships is used; `care doctor` tries every template",
        rule="MAIL-1",
    )


def _told(error: BaseException) -> str:
    if isinstance(error, TemplateNotFound):
        return f"there is no template {error.name}"
    return (getattr(error, "message", None) or str(error) or type(error).__name__).splitlines()[0][:200]


def _line(file: str, error: BaseException) -> int | None:
    """The template's own line that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in frames if frame.filename == file), None)
