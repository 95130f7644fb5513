"""Which words of a command line may come from outside: judged on what a parser has read, not on its spelling."""

from collections.abc import Iterator, Mapping, Sequence
from os.path import lexists
from types import MappingProxyType
from typing import Any, Final

from carecli.commands.declared import Argument, Call, Command, Parameter
from carecli.commands.everywhere import OPTIONS, Given
from carecli.commands.panels import COMMANDS, HIDDEN, HOME, Named, loaded
from carecli.domain import gate
from carecli.domain.gate import Place
from carecli.errors import NotPermitted

FILE: Final = "file"
"""What a parameter `completes` that names a file."""
_POLICIES: Final = ("show", "check", "impact", "use", "rebase")
PLACES: Final[Mapping[tuple[str, str], Place]] = MappingProxyType(
    {
        **{(f"policy {word}", "file" if word == "check" else "name"): Place.POLICY for word in _POLICIES},
        ("policy diff", "one"): Place.POLICY,
        ("policy diff", "other"): Place.POLICY,
        ("report", "policy"): Place.POLICY,
        ("import", "source"): Place.MAPPING,
        ("import", "show_mapping"): Place.MAPPING,
        ("contact add", "ssh_key"): Place.KEY,
        ("contact edit", "ssh_key"): Place.KEY,
        ("staff add", "ssh_key"): Place.KEY,
        ("staff edit", "ssh_key"): Place.KEY,
    }
)
"""Parameters, by command and name, that take names beside files."""
USUAL: Final[Mapping[tuple[str, str], str]] = MappingProxyType({("attachment get", "output"): "-"})
"""What is meant where nothing is said, and a file of its own name would be written otherwise."""
HERE: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {("open", "resume"): "answers are kept on the machine where they were given"}
)
"""Flags that are about this machine, and why nobody gives them from elsewhere."""
_CHOICES: Final = ("db", "config", "actor", "now")
"""The options of every command that the key's own line alone gives."""


def command_words(named: Named, command: Command) -> str:
    """The words that call a command: its name, and behind a family's that of the member."""
    target = loaded(named)
    if isinstance(target, Command):
        return named.name
    return next(f"{named.name} {words}" for words, member in target.every() if member is command)


def known_commands() -> Iterator[str]:
    """The words of every command."""
    for named in (HOME, *COMMANDS.values(), *HIDDEN.values()):
        target = loaded(named) if named.target else None
        if target is None or isinstance(target, Command):
            yield named.name
        else:
            yield from (f"{named.name} {words}" for words, _ in target.every())


def judged(words: str, call: Call, allow: Sequence[str]) -> dict[str, Any]:
    """The values of a call that may be made from outside, completed from USUAL; raises NotPermitted."""
    _require_no_choice(call.given)
    parameters = call.command.parameters()
    given = [one for one in parameters if call.values.get(one.name) not in (one.default, None)]
    flags = {flag for one in given if not isinstance(one.declared, Argument) for flag in one.flags}
    gate.require_command(words, flags, allow)
    for parameter in given:
        _require(words, parameter, call.values[parameter.name])
    usual = {name: value for (command, name), value in USUAL.items() if command == words}
    return {**call.values, **{name: value for name, value in usual.items() if call.values[name] is None}}


def _require_no_choice(given: Given) -> None:
    for name in _CHOICES:
        gate.require_no_choice(OPTIONS[name].flags[0], getattr(given, name))


def _require(words: str, parameter: Parameter, value: Any) -> None:
    if why := HERE.get((words, parameter.name)):
        raise NotPermitted(f"{told(parameter)} cannot be given over SSH", hint=why)
    place = place_of(words, parameter)
    if words == "attachment scan" and len(value) > 1:
        place = Place.TEXT  # a case's number, and which of its files
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str):
            gate.require_value(told(parameter), one, place, known=_known(place))
            _require_no_file(told(parameter), one, place)


def place_of(words: str, parameter: Parameter) -> Place:
    """What a parameter of a command takes."""
    usual = Place.STREAM if parameter.declared.completes == FILE else Place.TEXT
    return PLACES.get((words, parameter.name), usual)


def _known(place: Place) -> Sequence[str]:
    """The names that stand for something that is shipped."""
    if place is Place.POLICY:
        from carecli.desk.policies import SHIPPED

        return SHIPPED
    if place is Place.MAPPING:
        from carecli.commands.importing import SOURCES

        return SOURCES
    return ()


def _require_no_file(named: str, value: str, place: Place) -> None:
    """A hash names a policy as long as no file here is called so."""
    if place is Place.POLICY and value != "-" and lexists(value):
        raise NotPermitted(f"{named} cannot name a file over SSH", hint="give more digits of the policy's hash")


def told(parameter: Parameter) -> str:
    """How a parameter is called in a message."""
    declared = parameter.declared
    if isinstance(declared, Argument):
        return declared.metavar.strip("[].")
    return max(parameter.flags, key=len).partition("/")[0]
