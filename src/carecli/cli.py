"""The app: finds the command by its name, loads that one alone, and meets every error in one place."""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from carecli import __version__
from carecli.commands.everywhere import OPTIONS, name_place
from carecli.commands.panels import COMMANDS, HIDDEN, HOME, PANELS, Named, loaded
from carecli.errors import CareError, ExitStatus, Failed, Invalid

if TYPE_CHECKING:
    from carecli.commands.declared import Command, Family

GARBAGE_AFTER = 200_000
"""After how many more objects Python looks for cycles among them."""


def program() -> NoReturn:
    """Run `care` as a program of its own, and leave as soon as it is done."""
    # Values here form no cycles: looking for them took some hundredths of a large tick, and of every start.
    gc.set_threshold(GARBAGE_AFTER)
    status = main()
    with suppress(OSError):
        sys.stdout.flush()  # what was answered before an error
    # Taking the interpreter apart in good order takes half as long as a bare one takes to start.
    os._exit(status)


def main(argv: Sequence[str] | None = None) -> int:
    """Run `care` with these arguments; the answer is the exit status."""
    args = sys.argv[1:] if argv is None else list(argv)
    try:
        _make_streams_safe()
        status = _run(args)
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_gone()
    except KeyboardInterrupt:
        return ExitStatus.INTERRUPTED
    except CareError as error:
        return _status(_told(error, args), args)
    except OSError as error:
        return _status(_told(_surroundings(error), args), args)
    except RuntimeError as error:
        # What `pathlib` makes of a `~name` that this machine does not know; it has no class of its own.
        if "home directory" not in str(error):
            raise
        unknown = Invalid("a file's `~` names nobody on this machine", hint="write the path out, or ./~name")
        return _status(_told(unknown, args), args)
    return status


def _run(args: list[str]) -> int:
    _refuse_bytes(args)
    place = name_place(args)
    before = args if place is None else args[:place]
    if "--version" in before:
        return _answer(args, "version", __version__, f"care {__version__}\n")
    if place is None or {"-h", "--help"} & set(before):
        return _without_command(args)
    name, rest = args[place], args[place + 1 :]
    if name == "help":
        return _explain([word for word in rest if not word.startswith("-")], args)
    return _run_command(_known(name), args)


def _refuse_bytes(args: list[str]) -> None:
    try:
        "".join(args).encode()
    except UnicodeEncodeError:
        raise Invalid("an argument is no UTF-8 text", hint="-F FILE reads a text from a file") from None


def _without_command(args: list[str]) -> int:
    flags = {flag: option for option in OPTIONS.values() for flag in option.flags}
    for word in args:
        flag, equals, _ = word.partition("=")
        if word.startswith("-") and flag not in {*flags, "-h", "--help"}:
            raise Invalid(f"no such option: {word[:40]}", hint="`care --help` lists the options")
        if equals and flag in flags and not flags[flag].metavar:
            raise Invalid(f"{flag} takes no value", hint="`care --help` lists the options")
    if args and args[-1] in flags and flags[args[-1]].metavar:
        raise Invalid(f"{args[-1]} needs a value", hint="`care --help` lists the options")
    return _help(args) if {"-h", "--help"} & set(args) else _run_command(HOME, [HOME.name, *args])


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


def _explain(words: list[str], args: list[str]) -> int:
    from carecli.commands.topics import TOPICS

    if not words:
        return _help(args)
    if words[0] in TOPICS:
        return _answer(args, "help", TOPICS[words[0]], TOPICS[words[0]])
    return _run_command(_known(words[0], *TOPICS), [*words, "--help"])


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


def _run_command(named: Named, args: list[str]) -> int:
    """Read the arguments, by the small parser or else by Typer, and run the command."""
    from carecli.commands import plain
    from carecli.commands.declared import Call
    from carecli.commands.invocation import Invocation

    target = loaded(named)
    args = _with_member(target, args)
    call: Call | int | None = plain.call(target, named.name, args)
    if call is None:
        # Imported here: Typer alone takes longer to import than an everyday command takes to run.
        from carecli.commands import typed

        call = typed.call(target, named.name, args)
    if isinstance(call, int):  # help was shown
        return call
    return call.command.run(Invocation(call.given), **call.values) or ExitStatus.DONE


def _with_member(target: "Command | Family", args: list[str]) -> list[str]:
    """The arguments with the member of a family that is meant where none is named: `care incident 42`."""
    otherwise = getattr(target, "otherwise", None)
    place = name_place(args)
    if not otherwise or place is None or {"-h", "--help"} & set(args):
        return args
    rest = args[place + 1 :]
    inner = name_place(rest)
    named = inner is not None and rest[inner] in getattr(target, "commands", ())
    return args if named else [*args[: place + 1], otherwise, *rest]


def _told(error: CareError, args: list[str]) -> int:
    """Say what is wrong on standard error: one message, or with --json one document."""
    if os.environ.get("CARE_DEBUG") == "1":
        raise error
    from carecli.render.complaint import complaint

    try:
        sys.stderr.write(complaint(error, json="--json" in args))
        sys.stderr.flush()
    except BrokenPipeError:
        return _reader_gone()
    except OSError:  # a full disk under the error log: the status alone can tell
        return error.exit_status
    return error.exit_status


def _status(status: int, args: list[str]) -> int:
    """The status of an error; a mail server must keep its message whatever is wrong here (MAIL-6)."""
    place = name_place(args)
    rest = args[place + 1 :] if place is not None and args[place] == "mail" else []
    inner = name_place(rest)
    receiving = inner is not None and rest[inner] == "receive"
    return ExitStatus.TRY_AGAIN if receiving and status != ExitStatus.UNFIT else status


def _surroundings(error: OSError) -> Failed:
    """What is wrong around us; without a file's name it is what the answer was written to."""
    if error.filename:
        hint = "check the disk, the path and its permissions"
        return Failed(f"{error.filename}: {error.strerror or error}", hint=hint)
    return Failed(
        f"the answer could not be written: {error.strerror or error}",
        hint="what the command did is on record; look before you repeat it",
    )


def _make_streams_safe() -> None:
    """Streams that were closed swallow what is written; what an encoding lacks is shown as ?."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - until the end
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _reader_gone() -> int:
    """Leave in silence: Python would complain once more when it flushes at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    return ExitStatus.READER_GONE
