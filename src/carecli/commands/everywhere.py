"""The options that every command takes, before its name and after it; the later one wins."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from carecli.commands.declared import Option

OPTIONS = {
    "db": Option("--db", metavar="PATH", help="The desk's database (CARE_DB).", completes="file"),
    "config": Option("--config", metavar="FILE", help="The configuration file (CARE_CONFIG).", completes="file"),
    "actor": Option(
        "--as",
        metavar="EMAIL",
        help="Who acts: a contact, a member of staff or system (CARE_AS).",
        completes="person",
    ),
    "now": Option("--now", metavar="INSTANT", help="Take this for the present moment (CARE_NOW)."),
    "json": Option("--json", help="Answer with one JSON document."),
    "quiet": Option("--quiet", "-q", help="Say only what was asked for."),
    "no_color": Option("--no-color", help="No colour (NO_COLOR, FORCE_COLOR count too)."),
    "no_pager": Option("--no-pager", help="Never page long output (CARE_PAGER, PAGER)."),
    "no_input": Option("--no-input", help="Never prompt (CARE_NO_INPUT)."),
}
"""By their names in Given; one without a metavar is a flag."""

PREFIX = "every_"
"""Before the name of such an option where a command's own stand beside it."""


class Given(NamedTuple):
    """These options as they were given; None and False are not given."""

    db: str | None = None
    config: str | None = None
    actor: str | None = None
    now: str | None = None
    no_color: bool = False
    quiet: bool = False
    json: bool = False
    no_input: bool = False
    no_pager: bool = False

    def then(self, later: "Given") -> "Given":
        """These options with those given later put over them."""
        return Given(**{name: _later(getattr(self, name), getattr(later, name)) for name in OPTIONS})

    @classmethod
    def taken(cls, values: dict[str, Any]) -> "Given":
        """These options, taken out of all that a parser has read."""
        names = [name for name in OPTIONS if PREFIX + name in values]
        return cls(**{name: values.pop(PREFIX + name) for name in names})


def _later(earlier: Any, later: Any) -> Any:
    # An empty text was given all the same: an unset shell variable must not mean the usual desk.
    return earlier if later is None or later is False else later


def is_everywhere(word: str) -> bool:
    """Whether a word is such an option, with its value behind a = or without."""
    flag = word.partition("=")[0]
    return any(flag in option.flags for option in OPTIONS.values())


def name_place(args: Sequence[str]) -> int | None:
    """Where the command's name stands among the arguments: the first that is no option of these."""
    valued = {flag for option in OPTIONS.values() if option.metavar for flag in option.flags}
    value = False
    for place, argument in enumerate(args):
        if not value and not argument.startswith("-"):
            return place
        value = not value and argument in valued
    return None
