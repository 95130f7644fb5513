"""The tree of commands, read off their declarations: what completion scripts and manual pages are made from."""

from collections.abc import Iterator
from typing import NamedTuple

from carecli.commands.declared import Argument, Command, Family, Option, Parameter
from carecli.commands.everywhere import OPTIONS
from carecli.commands.panels import PANELS, Named, loaded
from carecli.commands.topics import TOPICS


class Value(NamedTuple):
    """A value that follows an option or stands at a place, and what a shell offers for it."""

    metavar: str
    kind: str | None = None
    """`file`, or something that the desk knows; None where `choices` or nothing is offered."""
    choices: tuple[str, ...] = ()


class Flagged(NamedTuple):
    """An option: its spellings, what it is for, and the value that follows, None behind a flag."""

    spellings: tuple[str, ...]
    help: str
    value: Value | None = None
    required: bool = False


class Placed(NamedTuple):
    """An argument; the last one may take every word that is left."""

    value: Value
    help: str
    required: bool
    many: bool = False


class Node(NamedTuple):
    """A command, or a family with its commands."""

    words: tuple[str, ...]
    summary: str
    text: tuple[str, ...] = ()
    """The paragraphs of its help; those that begin with `care ` are examples."""
    options: tuple[Flagged, ...] = ()
    arguments: tuple[Placed, ...] = ()
    members: tuple["Node", ...] = ()

    @property
    def name(self) -> str:
        """Its last word."""
        return self.words[-1]

    @property
    def path(self) -> str:
        """Its words behind `care`."""
        return " ".join(self.words)


HELP = Flagged(("-h", "--help"), "Show this message and exit")
VERSION = Flagged(("--version",), "Show the version")


def everywhere() -> tuple[Flagged, ...]:
    """The options of every command."""
    return tuple(
        Flagged(option.flags, _sentence(option.help), _value(option) if option.metavar else None)
        for option in OPTIONS.values()
    )


def panels() -> dict[str, tuple[Node, ...]]:
    """Every command that people call, in the panels of the home page."""
    return {panel: tuple(map(_node, commands)) for panel, commands in PANELS.items()}


def commands() -> tuple[Node, ...]:
    """Every command that people call; a family with its members."""
    return tuple(node for panel in panels().values() for node in panel)


def every() -> tuple[Node, ...]:
    """Every command and family, and the members of families behind theirs."""
    return tuple(each for node in commands() for each in _with_members(node))


def leaves(node: Node) -> Iterator[Node]:
    """The commands of a family, those of a family within it too; of a command it alone."""
    return (each for each in _with_members(node) if not each.members)


def _with_members(node: Node) -> Iterator[Node]:
    yield node
    for member in node.members:
        yield from _with_members(member)


def _node(named: Named) -> Node:
    if not named.target:
        return _help(named)
    declared = loaded(named)
    return _declared((named.name,), declared)._replace(summary=_sentence(named.summary))


def _declared(words: tuple[str, ...], declared: Command | Family) -> Node:
    if isinstance(declared, Command):
        return _command(words, declared)
    members = tuple(_declared((*words, name), member) for name, member in declared.commands.items())
    return Node(words, _sentence(declared.summary), (declared.summary,), (HELP,), (), members)


def _help(named: Named) -> Node:
    """`help`, which needs no declaration: it explains the commands and the topics."""
    words = (*(command.name for panel in PANELS.values() for command in panel), *TOPICS)
    topic = Placed(Value("[TOPIC]", choices=words), "A command, or a topic.", required=False)
    return Node((named.name,), _sentence(named.summary), (named.summary,), (), (topic,))


def _command(words: tuple[str, ...], command: Command) -> Node:
    text = tuple(_paragraphs(command.run.__doc__ or ""))
    parameters = command.parameters()
    options = tuple(_flagged(p, p.declared) for p in parameters if isinstance(p.declared, Option))
    arguments = tuple(_placed(p, p.declared) for p in parameters if isinstance(p.declared, Argument))
    return Node(words, _sentence(text[0]), text, (*options, HELP), arguments)


def _paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a docstring: those of prose in one line, an example's lines as they are."""
    for part in text.strip().split("\n\n"):
        lines = [line.removeprefix("    ").rstrip() for line in part.splitlines()]
        yield "\n".join(lines) if lines[0].startswith("care ") else " ".join(line.strip() for line in lines)


def _flagged(parameter: Parameter, option: Option) -> Flagged:
    spellings = tuple(word for flag in parameter.flags for word in flag.split("/"))
    valued = parameter.type not in (bool, bool | None)
    value = _value(option, parameter.name.rstrip("_").upper()) if valued else None
    return Flagged(spellings, _sentence(option.help), value, parameter.required)


def _placed(parameter: Parameter, argument: Argument) -> Placed:
    many = parameter.type in (list[str], list[str] | None)
    return Placed(_value(argument), argument.help, parameter.required, many)


def _value(declared: Option | Argument, otherwise: str = "VALUE") -> Value:
    metavar, offered = declared.metavar or otherwise, declared.completes
    if offered is None or isinstance(offered, str):
        return Value(metavar, offered)
    return Value(metavar, choices=tuple(str(word) for word in offered))


def _sentence(text: str) -> str:
    """A text as shells show it: without the stop at its end."""
    return text.removesuffix(".")
