"""Files for a new case in the guided form: named with completion, looked through, and judged at once."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from prompt_toolkit.completion import PathCompleter

from carecli.commands.attaching import MIB
from carecli.commands.guided.choices import Choice, Item
from carecli.commands.guided.course import Course, Move, Step
from carecli.commands.guided.pages import Line, Outcome, Page
from carecli.errors import CareError

if TYPE_CHECKING:
    from carecli.domain.attaching import Unsanitised


def attached(course: Course) -> Step:
    """Ask for one file after the other until the line is left empty (ATT-1, ATT-2)."""
    draft, fault = course.asking.draft, ""
    # What a draft brought along is looked through again: it may have changed since.
    waiting = [path for path in draft.attach if path not in course.staged]
    while True:
        if waiting:
            path = waiting.pop(0)
        else:
            outcome = yield Line(
                "Files to attach", _listed(course), completer=_paths(), optional=True, fault=fault
            )
            if outcome.back:
                return Move.BACK
            if not outcome.value:
                course.passed("attach")
                return Move.ON
            path = str(Path(outcome.value).expanduser())
        fault = yield from _taken(course, path)
        kept = [other for other in draft.attach if other != path]
        draft.attach = tuple([*kept, path] if path in course.staged else kept)
        draft.asked = True


def _paths() -> PathCompleter:
    return PathCompleter(expanduser=True)


def _listed(course: Course) -> list[str]:
    told = ["The name of a file: a log, a trace, a screenshot. Customer data does not belong in it."]
    return told + [f"  {file.name} ({file.size:,} bytes, {file.sanitised})" for file in course.staged.values()]


def _taken(course: Course, path: str) -> Generator[Page, Outcome, str]:
    """Take in a file; what is found in it is shown, and asked about. The answer is what was wrong, if anything."""
    from carecli.desk.attachments import taking
    from carecli.domain.attaching import Unsanitised

    how = taking.Handling(watch=lambda what, size: _watched(course, what, size))
    while True:
        try:
            (course.staged[path],) = taking.stage(course.asking.desk, [path], how)
        except Unsanitised as found:
            chosen = yield from _judged(found)
            if chosen is None:
                course.staged.pop(path, None)
                return ""
            how = how._replace(redact=chosen == "redact", confirm=chosen == "confirm")
        except CareError as error:
            course.staged.pop(path, None)
            return f"{error.message}; {error.hint}" if error.hint else error.message
        else:
            return ""


@contextmanager
def _watched(course: Course, what: str, size: int | None) -> Iterator[Callable[[int], None]]:
    """Show how far work on a file has come."""
    whole = f" of {size // MIB:,}" if size and size > MIB else ""
    course.screen.tell(f"{what} …")
    yield lambda done: course.screen.tell(f"{what}: {done // MIB:,}{whole} MiB")


def _judged(found: "Unsanitised") -> Generator[Page, Outcome, str | None]:
    """Show what was found in a file, and ask what to do about it (ATT-2)."""
    items = (
        Item("redact", "Attach a copy in which these are replaced by marks"),
        Item("confirm", "None of this is customer data: attach it as it is"),
        Item(None, "Leave this file out"),
    )
    told = [f"  {line}" for line in found.lines]
    outcome = yield Choice(f"{found.file} may hold customer data", items, told)
    return None if outcome.back else outcome.value
