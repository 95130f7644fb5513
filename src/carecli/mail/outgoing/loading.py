"""How a template is found, read and compiled: the desk's own, or under `care/` one that is shipped."""

from pathlib import Path
from typing import Any, Final

from jinja2 import BaseLoader, Environment, StrictUndefined, Template, TemplateError, TemplateNotFound
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from carecli.domain.outbox import MailKind
from carecli.mail.outgoing.language import FILTERS, LONGEST_SOURCE, SHIPPED, check

TEXT: Final = ".txt.j2"
HTML: Final = ".html.j2"
USUAL: Final = "notice"
"""The template of every kind of mail that has none of its own."""

NAMES: Final = frozenset(f"{stem}{ending}" for stem in (USUAL, *MailKind) for ending in (TEXT, HTML))
"""What the files in a desk's directory may be called."""

_OURS: Final = Path(__file__).parent / "layout"
_COLUMNS: Final = 78


def environment(folder: Path | None) -> Environment:
    """Jinja, sandboxed, with no more in it than the language has, reading from the desk's directory."""
    made = ImmutableSandboxedEnvironment(
        loader=_Loader(folder),
        undefined=StrictUndefined,
        autoescape=lambda name: name is not None and name.endswith(HTML),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.globals.clear()
    ours = {"wrap": _wrapped, "words": _words, "lines": _lines}
    made.filters = {name: filter_ for name, filter_ in (made.filters | ours).items() if name in FILTERS}
    return made


class _Loader(BaseLoader):
    """Reads templates, the shipped ones under `care/`, and holds them against the language."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def load(self, environment: Environment, name: str, globals: Any = None) -> Template:  # noqa: A002 - Jinja's
        shipped = name.startswith(SHIPPED)
        folder, file = (_OURS, name.removeprefix(SHIPPED)) if shipped else (self.folder, name)
        if folder is None or file not in NAMES:
            raise TemplateNotFound(name)
        path = folder / file
        try:
            if not path.resolve().is_relative_to(folder.resolve()):
                raise TemplateError("it is a link to a file outside the directory")
            with path.open(encoding="utf-8-sig") as text:
                source = text.read(LONGEST_SOURCE + 1)
        except FileNotFoundError:
            raise TemplateNotFound(name) from None
        except (OSError, UnicodeDecodeError) as error:
            raise TemplateError(f"it cannot be read: {error}") from None
        if len(source) > LONGEST_SOURCE:
            raise TemplateError(f"it is longer than {LONGEST_SOURCE:,} characters")
        tree = environment.parse(source, name, str(path))
        check(tree, name, str(path))
        code = environment.compile(tree, name, str(path))
        return environment.template_class.from_code(environment, code, globals or {})


def _wrapped(text: str) -> str:
    """A sentence of ours broken into lines of 78 columns; commands and addresses stay whole."""
    # By hand: `textwrap` takes ten times as long, a tenth of what a whole mail takes.
    lines = []
    rest = text if len(text) <= _COLUMNS else " ".join(text.split())
    while len(rest) > _COLUMNS:
        cut = rest.rfind(" ", 0, _COLUMNS + 1)
        if cut < 0:
            cut = rest.find(" ", _COLUMNS)
        if cut < 0:
            break
        lines.append(rest[:cut])
        rest = rest[cut + 1 :]
    return "\n".join([*lines, rest])


def _lines(text: str) -> Markup:
    """A text for HTML, its line ends as `<br>`: not every mail program keeps line ends that a style asks it to."""
    return Markup("<br>").join(escape(text).split("\n"))


def _words(text: str) -> str:
    """A status or priority as people write it: `awaiting info`."""
    return text.replace("-", " ")
