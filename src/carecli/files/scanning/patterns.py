"""What a desk looks for itself: regular expressions of its config, and what it allows (ATT-2).

They run in `regex`, which unlike `re` can be told when to give up: an expression that needs more than a second for
a window of a quarter of a million characters is named among what was not looked through, and not run again.
"""

from collections.abc import Iterator
from typing import Any, Final

from carecli.domain.sanitising import Pattern, Sensitive
from carecli.errors import Invalid
from carecli.files.scanning.matches import Match
from carecli.files.scanning.windows import AHEAD, Window

TIMEOUT_S: Final = 1.0
_LONGEST: Final = AHEAD // 2


class Own:
    """The desk's own expressions over one text; one that takes too long is taken out of `shapes`."""

    def __init__(self, shapes: dict[str, Any]) -> None:
        self._shapes = shapes
        self._until = dict.fromkeys(self._shapes, 0)
        self.gone: list[str] = []
        """What took too long."""

    def matches(self, window: Window, origin: int) -> Iterator[Match]:
        """The matches that start in a window, whose text begins at character `origin` of the file."""
        for name, shape in list(self._shapes.items()):
            yield from self._of(name, shape, window, origin)

    def _of(self, name: str, shape: Any, window: Window, origin: int) -> Iterator[Match]:
        start = max(window.begin, self._until[name] - origin)
        try:
            for found in shape.finditer(window.text, start, timeout=TIMEOUT_S):
                begin, end = found.start(), min(found.end(), found.start() + _LONGEST)
                if begin >= window.border:
                    return
                if end > begin:
                    self._until[name] = origin + end
                    yield Match(begin, end, Sensitive.PATTERN, name, found[0], _shown(found[0]))
        except TimeoutError:
            del self._shapes[name]
            self.gone.append(name)


def compiled(pattern: Pattern) -> Any:
    """The expression made ready; `^` and `$` are the ends of a line; raises Invalid for one that is none."""
    import regex

    hint = "correct it under [sanitising.patterns] of the config file"
    return _made(pattern.expression, regex.MULTILINE, f"the pattern {pattern.name}", hint)


def allowing(entry: str) -> Any:
    """The expression between the slashes of an entry made ready; raises Invalid for one that is none."""
    import regex

    hint = "what is no expression stands without the slashes"
    return _made(entry[1:-1], regex.IGNORECASE, "an entry of sanitising.allow", hint)


def _made(expression: str, flags: int, what: str, hint: str) -> Any:
    import regex

    try:
        return regex.compile(expression, flags)
    except (regex.error, OverflowError, RecursionError) as error:
        raise Invalid(f"{what} is no regular expression: {error}", hint=hint, rule="ATT-2") from None


def _shown(value: str) -> str:
    return f"{value[0]}****{value[-1]}" if len(value) >= 6 else "****"
