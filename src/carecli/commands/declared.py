"""What a command declares, once: two parsers read it, a small one for everyday lines and Typer for the rest.

A command is a function. Its parameters say what they are in the usual way,
`name: Annotated[str | None, Option("--name", metavar="NAME", help="The name.")] = None`. They are read off the
function itself: `inspect`, which would do the same, takes half as long to import as a whole command may.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Concatenate, Literal, NamedTuple, ParamSpec

if TYPE_CHECKING:
    from enum import StrEnum

    from carecli.commands.everywhere import Given
    from carecli.commands.invocation import Invocation

    # What a shell offers for a value: words to choose from, files, or what the desk knows.
    Known = Literal[
        "account",
        "advisory",
        "article",
        "case",
        "component",
        "contact",
        "deployment",
        "group",
        "person",
        "service",
        "staff",
    ]
    Completes = tuple[str, ...] | type[StrEnum] | Literal["file"] | Known | None

P = ParamSpec("P")
Run = Callable[..., int | None]


NUMBER_MAX = 1_000_000_000
"""The greatest number that an option takes: clock and database have room for it, and nobody counts so far."""


class Option:
    """An option; without flags it is called after its parameter, `--on/--off` turns on and off.

    `completes` tells what a shell offers for its value.
    """

    __slots__ = ("completes", "flags", "help", "metavar", "min")

    def __init__(
        self,
        *flags: str,
        metavar: str | None = None,
        help: str = "",  # noqa: A002 - as in argparse and Typer
        min: int | None = None,  # noqa: A002 - as in Typer
        completes: "Completes" = None,
    ) -> None:
        self.flags = flags
        self.metavar = metavar
        self.help = help
        self.min = min
        self.completes = completes


class Argument:
    """What is told by its place; `completes` tells what a shell offers there."""

    __slots__ = ("completes", "help", "metavar")

    def __init__(
        self,
        *,
        metavar: str,
        help: str,  # noqa: A002 - as in argparse and Typer
        completes: "Completes" = None,
    ) -> None:
        self.metavar = metavar
        self.help = help
        self.completes = completes


class Parameter(NamedTuple):
    """A parameter of a command: its type, and what it was declared to be."""

    name: str
    type: Any
    declared: Option | Argument
    required: bool
    default: Any

    @property
    def flags(self) -> tuple[str, ...]:
        """The spellings of an option."""
        assert isinstance(self.declared, Option), "an argument has none"
        return self.declared.flags or (f"--{self.name.replace('_', '-')}",)


class Command:
    """A command: the function that does it, behind its first parameter what it takes."""

    __slots__ = ("run",)

    def __init__(self, run: Run) -> None:
        self.run = run

    def parameters(self) -> list[Parameter]:
        """What it takes, in order."""
        run: Any = self.run
        names = run.__code__.co_varnames[1 : run.__code__.co_argcount]
        defaults = run.__defaults__ or ()
        known = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
        return [
            Parameter(name, told.__origin__, told.__metadata__[0], name not in known, known.get(name))
            for name, told in zip(names, map(run.__annotations__.__getitem__, names), strict=True)
        ]


class Family:
    """Commands under one name, each with its own; a member may be a family itself.

    `otherwise` names the member that is meant where none is named: `care incident 42`.
    """

    __slots__ = ("commands", "otherwise", "summary")

    def __init__(self, summary: str, otherwise: str | None = None) -> None:
        self.summary = summary
        self.otherwise = otherwise
        self.commands: dict[str, Command | Family] = {}

    def command(self, name: str) -> Callable[[Command], Command]:
        """Take a command in."""

        def kept(member: Command) -> Command:
            self.commands[name] = member
            return member

        return kept

    def take(self, name: str, member: "Command | Family") -> None:
        """Take in a command of another module, or a family."""
        self.commands[name] = member

    def every(self) -> "Iterator[tuple[str, Command]]":
        """Each command with the words that call it behind the family's own: `show`, `triage list`."""
        for name, member in self.commands.items():
            if isinstance(member, Family):
                yield from ((f"{name} {words}", command) for words, command in member.every())
            else:
                yield name, member


class Call(NamedTuple):
    """A command with its arguments read, ready to run."""

    command: Command
    given: "Given"
    values: dict[str, Any]


def command(run: "Callable[Concatenate[Invocation, P], int | None]") -> Command:
    """Declare a command; it also takes the options of every command."""
    return Command(run)
