"""The options that every command takes, before its name and after it; the later one wins."""

from collections.abc import Sequence
from typing import Any, NamedTuple


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

    def then(self, later: "Given") -> "Given":
        """These options with those given later put over them."""
        return Given(**{o.name: getattr(later, o.name) or getattr(self, o.name) for o in OPTIONS})


class Option(NamedTuple):
    """An option of every command; one without a metavar is a flag."""

    name: str
    flags: tuple[str, ...]
    metavar: str | None
    help: str

    @property
    def empty(self) -> Any:
        """Its value where it is not given."""
        return None if self.metavar else False


OPTIONS = (
    Option("db", ("--db",), "PATH", "The desk's database (CARE_DB)."),
    Option("config", ("--config",), "FILE", "The configuration file (CARE_CONFIG)."),
    Option("actor", ("--as",), "EMAIL", "Who acts: a contact, a member of staff or system (CARE_AS)."),
    Option("now", ("--now",), "INSTANT", "Take this for the present moment (CARE_NOW)."),
    Option("json", ("--json",), None, "Answer with one JSON document."),
    Option("quiet", ("--quiet", "-q"), None, "Say only what was asked for."),
    Option("no_color", ("--no-color",), None, "No colour (NO_COLOR, FORCE_COLOR count too)."),
    Option("no_input", ("--no-input",), None, "Never prompt (CARE_NO_INPUT)."),
)


def name_place(args: Sequence[str]) -> int | None:
    """Where the command's name stands among the arguments: the first that is no option of these."""
    valued = {flag for option in OPTIONS if option.metavar for flag in option.flags}
    value = False
    for place, argument in enumerate(args):
        if not value and not argument.startswith("-"):
            return place
        value = not value and argument in valued
    return None
