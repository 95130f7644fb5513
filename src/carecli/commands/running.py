"""A command line from its words to its exit status: the command is found by its name, and loaded alone."""

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from carecli import __version__
from carecli.commands.everywhere import OPTIONS, is_everywhere, name_place
from carecli.commands.panels import COMMANDS, HIDDEN, HOME, PANELS, Named, loaded
from carecli.errors import CareError, ExitStatus, Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carecli.commands.declared import Call, Command, Family
    from carecli.commands.invocation import Invocation

    Make = Callable[[Named, Call], int]


def made(_: Named, call: "Call") -> int:
    """Make a call as it was given; the answer is the exit status."""
    from carecli.commands.invocation import Invocation

    return perform(Invocation(call.given), call.command, call.values)


def perform(invocation: "Invocation", command: "Command", values: "Mapping[str, Any]") -> int:
    """Run a command; what it falls over is told as damage of the record where the record is damaged (AUD-2)."""
    try:
        return command.run(invocation, **values) or ExitStatus.DONE
    except (CareError, OSError):
        raise
    except Exception as error:
        from carecli.commands.damage import damage

        # Rows that somebody changed by hand may hold anything; a sound record makes it a fault of this program.
        damaged = damage(invocation, error)
        if damaged is None:
            raise
        raise damaged from error


def run(args: list[str], make: "Make" = made) -> int:
    """Read a command line and have `make` do what it says, or answer it here; the answer is the exit status."""
    _refuse_bytes(args)
    place = name_place(args)
    before = args if place is None else args[:place]
    if "--version" in before:
        return _answer(args, "version", __version__, f"care {__version__}\n")
    if place is None or {"-h", "--help"} & set(before):
        return _without_command(args, make)
    name, rest = args[place], args[place + 1 :]
    if name == "help":
        return _explain([word for word in rest if not word.startswith("-")], args, make)
    return _run_command(_known(name), args, make)


def _refuse_bytes(args: list[str]) -> None:
    try:
        "".join(args).encode()
    except UnicodeEncodeError:
        raise Invalid("an argument is no UTF-8 text", hint="-F FILE reads a text from a file") from None


def _without_command(args: list[str], make: "Make") -> int:
    flags = {flag: option for option in OPTIONS.values() for flag in option.flags}
    for word in args:
        flag, equals, _ = word.partition("=")
        if word.startswith("-") and flag not in {*flags, "-h", "--help"}:
            raise Invalid(f"no such option: {word[:40]}", hint="`care --help` lists the options")
        if equals and flag in flags and not flags[flag].metavar:
            raise Invalid(f"{flag} takes no value", hint="`care --help` lists the options")
    if args and args[-1] in flags and flags[args[-1]].metavar:
        raise Invalid(f"{args[-1]} needs a value", hint="`care --help` lists the options")
    return _help(args) if {"-h", "--help"} & set(args) else _run_command(HOME, [HOME.name, *args], make)


def _help(args: list[str]) -> int:
    text = "\n".join(_every_command()) + "\n"
    return _answer(args, "help", text, text)


def _every_command() -> Iterator[str]:
    yield f"care {__version__}: a support desk in your terminal"
    yield "\nUsage: care [OPTIONS] COMMAND ...    care COMMAND --help    care demo"
    for panel, commands in PANELS.items():
        yield f"\n{panel}"
        yield from (f"  {command.name:<12} {command.summary}" for command in commands)
    yield "\nOptions, before or after the command"
    for option in OPTIONS.values():
        flags = ", ".join(option.flags) + (f" {option.metavar}" if option.metavar else "")
        yield f"  {flags:<16} {option.help}"
    yield f"  {'--version':<16} Show the version."


def _explain(words: list[str], args: list[str], make: "Make") -> int:
    from carecli.commands.topics import TOPICS

    if not words:
        return _help(args)
    if words[0] in TOPICS:
        return _answer(args, "help", TOPICS[words[0]], TOPICS[words[0]])
    return _run_command(_known(words[0], *TOPICS), [*words, "--help"], make)


def _answer(args: list[str], key: str, value: str, text: str) -> int:
    """Answer without a desk: as text, or with --json as a document."""
    if "--json" in args:
        from carecli.render import json_text

        json_text.write_json({key: value}, sys.stdout)
    else:
        sys.stdout.write(text)
    return ExitStatus.DONE


def _known(name: str, *others: str) -> Named:
    if name in COMMANDS or name in HIDDEN:
        return COMMANDS.get(name) or HIDDEN[name]
    from difflib import get_close_matches

    near = get_close_matches(name, [*COMMANDS, *others], n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "`care --help` lists the commands"
    raise Invalid(f"no such command: {name[:40]}", hint=hint)


def _run_command(named: Named, args: list[str], make: "Make") -> int:
    """Read the arguments, by the small parser or else by Typer, and have the command made."""
    from carecli.commands import plain

    target = loaded(named)
    args = with_member(target, args)
    call: Call | int | None = plain.call(target, named.name, args)
    if call is None:
        # Imported here: Typer alone takes longer to import than an everyday command takes to run.
        from carecli.commands import typed

        call = typed.call(target, named.name, args)
    if isinstance(call, int):  # help was shown
        return call
    return make(named, call)


def with_member(target: "Command | Family", args: list[str]) -> list[str]:
    """The arguments with the member of a family that is meant where none is named: `incident 42`, `mail key`."""
    from carecli.commands.declared import Family

    place = name_place(args)
    if not isinstance(target, Family) or place is None or {"-h", "--help"} & set(args):
        return args
    head, rest = args[: place + 1], args[place + 1 :]
    inner = name_place(rest)
    # Behind an option of its own stands a value of it, whatever that is called: `care gate --allow log`.
    own = any(word.startswith("-") and not is_everywhere(word) for word in rest[:inner])
    if inner is not None and not own and rest[inner] in target.commands:
        return [*head, *with_member(target.commands[rest[inner]], rest)]
    return [*head, target.otherwise, *rest] if target.otherwise else args
