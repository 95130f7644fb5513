"""The small parser: reads everyday command lines as Typer would, in a fraction of the time it takes to import it.

Whatever it does not fully understand, from `--help` to a mistyped number, it leaves to Typer,
which then helps or tells what is wrong. What it does read, it reads as Typer does: a test holds both together.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from carecli.commands.declared import Argument, Call, Command, Family, Option, Parameter
from carecli.commands.everywhere import OPTIONS, PREFIX, Given

_DIGITS = 9
"""More than anybody counts; Typer knows what to say to longer numbers."""


class _NotMine(Exception):
    """Typer shall read this line."""


class _Switch(NamedTuple):
    """What one spelling of an option does."""

    name: str
    constant: bool | None = None
    """The value of a flag; None: the value follows."""
    many: bool = False
    number: bool = False
    least: int | None = None


_EVERYWHERE = {
    flag: _Switch(PREFIX + name, constant=None if option.metavar else True)
    for name, option in OPTIONS.items()
    for flag in option.flags
}


def call(target: Command | Family, name: str, args: Sequence[str]) -> Call | None:
    """The command with its arguments read, or None where Typer shall read them."""
    words = list(reversed(args))
    try:
        given, found = _name(words)
        if found != name:
            return None
        while isinstance(target, Family):
            later, member = _name(words)
            given = given.then(later)
            if member not in target.commands:
                return None
            target = target.commands[member]
        return _called(target, given, words)
    except _NotMine:
        return None


def _name(words: list[str]) -> tuple[Given, str]:
    """The options of every command up to a name, and the name; they are taken off the words."""
    values: dict[str, Any] = {}
    while words:
        word = words.pop()
        if not _is_option(word):
            return Given().then(Given.taken(values)), word
        _read_option(word, words, _EVERYWHERE, values)
    raise _NotMine


def _called(command: Command, given: Given, words: list[str]) -> Call:
    parameters = command.parameters()
    switches = {**_EVERYWHERE, **_switches(parameters)}
    values = {parameter.name: parameter.default for parameter in parameters}
    read: dict[str, Any] = {}
    loose: list[str] = []
    while words:
        word = words.pop()
        if word == "--":
            loose += reversed(words)
            break
        if _is_option(word):
            _read_option(word, words, switches, read)
        else:
            loose.append(word)
    _place([p for p in parameters if isinstance(p.declared, Argument)], loose, read)
    if any(parameter.required and parameter.name not in read for parameter in parameters):
        raise _NotMine
    given = given.then(Given.taken(read))
    return Call(command, given, values | read)


def _switches(parameters: Sequence[Parameter]) -> dict[str, _Switch]:
    """Every spelling of every option."""
    switches: dict[str, _Switch] = {}
    for parameter in parameters:
        if isinstance(parameter.declared, Option):
            for flag in parameter.flags:
                switches |= _switch(parameter, parameter.declared, flag)
    return switches


def _switch(parameter: Parameter, option: Option, flag: str) -> dict[str, _Switch]:
    name, type_ = parameter.name, parameter.type
    if type_ in (bool, bool | None):
        on, _, off = flag.partition("/")
        return {on: _Switch(name, True)} | ({off: _Switch(name, False)} if off else {})
    number = type_ in (int, int | None)
    return {flag: _Switch(name, many=_is_many(type_), number=number, least=option.min)}


def _is_many(type_: Any) -> bool:
    return type_ in (list[str], list[str] | None)


def _is_option(word: str) -> bool:
    return word.startswith("-") and word != "-"


def _read_option(word: str, words: list[str], switches: Mapping[str, _Switch], values: dict[str, Any]) -> None:
    """Read an option, with its value from the words behind it where it takes one."""
    if word.startswith("--"):
        flag, equals, value = word.partition("=")
        switch = _known(switches, flag)
        if equals and switch.constant is not None:
            raise _NotMine
        if equals:
            words.append(value)
        _keep(switch, words, values)
        return
    letters = word[1:]
    while letters:
        switch, letters = _known(switches, f"-{letters[0]}"), letters[1:]
        if switch.constant is None and letters:
            words.append(letters)
            letters = ""
        _keep(switch, words, values)


def _known(switches: Mapping[str, _Switch], flag: str) -> _Switch:
    if flag not in switches:
        raise _NotMine
    return switches[flag]


def _keep(switch: _Switch, words: list[str], values: dict[str, Any]) -> None:
    if switch.constant is not None:
        values[switch.name] = switch.constant
    elif not words:
        raise _NotMine
    elif switch.many:
        values.setdefault(switch.name, []).append(words.pop())
    elif switch.number:
        values[switch.name] = _number(words.pop(), switch.least)
    else:
        values[switch.name] = words.pop()


def _number(word: str, least: int | None) -> int:
    if not (word.isascii() and word.isdigit() and len(word) <= _DIGITS):
        raise _NotMine
    if least is not None and int(word) < least:
        raise _NotMine
    return int(word)


def _place(arguments: Sequence[Parameter], loose: list[str], values: dict[str, Any]) -> None:
    """Give each argument its word, the last one all that are left where it takes many."""
    many = bool(arguments) and _is_many(arguments[-1].type)
    if len(loose) > len(arguments) and not many:
        raise _NotMine
    for place, (argument, word) in enumerate(zip(arguments, loose, strict=False)):
        values[argument.name] = loose[place:] if _is_many(argument.type) else word
