"""The two parsers read alike: what the small one takes it reads as Typer does, and it takes what is everyday."""

import os
import shlex
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import product
from typing import Final

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from carecli.commands import panels, plain, typed
from carecli.commands.declared import Argument, Call, Command, Family, Option, Parameter
from carecli.commands.everywhere import OPTIONS, Given, name_place

Target = Command | Family
Words = list[str]

VALUES = ("word", "two words", "", "-", "a=b", "=", "-x", "--json", "--no-such", "--help", "7", "ünï 🙂")
NUMBERS = ("1", "25", "007", "0", "-1", "+5", " 5 ", "1_000", "٣", "x", "", "1.5", "9" * 30)
GLOBAL_VALUES = (*VALUES, "list", "tick")
EVERY = int(os.environ.get("CARE_EVERY", "10"))
"""Every tenth command is tried with all these values, the others with a few; CARE_EVERY=1 tries all."""


def target(name: str) -> Target:
    """A command or a family by its name on the command line."""
    return panels.loaded(panels.COMMANDS[name])


def all_commands() -> dict[str, Command]:
    """Every command by the words that call it."""
    known: dict[str, Command] = {}
    for name in panels.COMMANDS:
        if name == "help":
            continue
        found = target(name)
        if isinstance(found, Family):
            known |= {f"{name} {words}": member for words, member in found.every()}
        else:
            known[name] = found
    return known


COMMANDS = all_commands()


def options(command: Command) -> list[Parameter]:
    """The options of a command."""
    return [parameter for parameter in command.parameters() if isinstance(parameter.declared, Option)]


def spellings(parameter: Parameter) -> list[str]:
    """Each flag of an option by itself."""
    return [word for flag in parameter.flags for word in flag.split("/")]


def is_flag(parameter: Parameter) -> bool:
    """Whether it takes no value."""
    return parameter.type in (bool, bool | None)


def is_number(parameter: Parameter) -> bool:
    """Whether its value is a number."""
    return parameter.type in (int, int | None)


def needed(command: Command) -> Words:
    """The words without which a command is refused."""
    words: Words = []
    for parameter in command.parameters():
        if parameter.required:
            words += ["42"] if isinstance(parameter.declared, Argument) else [parameter.flags[0], "given"]
    return words


@cache
def typer_parser(name: str) -> Callable[..., object]:
    """Typer's parser of a command, built once."""
    return typer.main.get_command(typed.app(target(name), name)).main


def by_typer(args: Words, name: str) -> object:
    """What Typer reads, or that it helps or complains."""
    try:
        return typer_parser(name)(list(args), prog_name="care", standalone_mode=False)
    except typer.TyperException as error:
        return error


def agree(args: Words) -> Call | None:
    """Ask both parsers; what the small one reads must be what Typer reads."""
    return _agreed(tuple(args))


@lru_cache(maxsize=8)
def _agreed(words: tuple[str, ...]) -> Call | None:
    """The answer; where a command needs no words several orders are one and the same line."""
    args = list(words)
    place = name_place(args)
    if place is None or args[place] not in panels.COMMANDS or args[place] == "help":
        return None
    read = plain.call(target(args[place]), args[place], args)
    if read is not None:
        known = by_typer(args, args[place])
        assert isinstance(known, Call), (args, known)
        assert read.command is known.command, args
        assert shown(read) == shown(known), args
    return read


def shown(call: Call) -> dict[str, str]:
    """All that was read, with its types: False is no None, and 1 no True."""
    return {"": repr(call.given)} | {name: repr(value) for name, value in call.values.items()}


def spelled(flags: Words, value: str) -> Iterator[tuple[Words, bool]]:
    """The ways to write an option with its value, and whether each is an everyday one."""
    for flag in flags:
        yield [flag, value], True
        if flag.startswith("--"):
            yield [f"{flag}={value}"], True
            yield [flag[:-1], value], False
        else:
            yield [f"{flag}{value}"], bool(value)
            yield [f"{flag}={value}"], False
            yield [f"-q{flag[1:]}", value], True
            yield [f"-q{flag[1:]}{value}"], bool(value)
        yield [flag], False


def flagged(flags: Words) -> Iterator[tuple[Words, bool]]:
    """The ways to write a flag, and whether each is an everyday one."""
    for flag in flags:
        yield [flag], True
        yield [flag, flag], True
        yield [f"{flag}=1"], False
        if not flag.startswith("--"):
            yield [f"-q{flag[1:]}"], True
            yield [f"{flag}q"], True
            yield [f"{flag}x"], False


FEW: Final = frozenset({"two words", "", "-x", "25", "x"})
"""The values that the other commands' options are tried with: how a value is read hangs on its option's kind."""


def has_all(name: str) -> bool:
    """Whether a command is tried with all kinds of values."""
    return list(COMMANDS).index(name) % EVERY == 0


SHAPES: Final = ("open", "account show", "mail triage list")
"""Commands of one, two and three words, one of them with an argument: where those of every command may stand."""


def ways(parameter: Parameter, *, all_: bool) -> Iterator[tuple[Words, bool]]:
    """Every way to write an option of a command, with all kinds of values or a few."""
    flags = spellings(parameter)
    if is_flag(parameter):
        yield from flagged(flags)
        return
    for value in NUMBERS if is_number(parameter) else VALUES:
        if not (all_ or value in FEW):
            continue
        well = not is_number(parameter) or (value.isascii() and value.isdigit() and 0 < int(value) < 10**9)
        for words, everyday in spelled(flags, value):
            yield words, everyday and well


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_in_every_spelling_and_order(name: str) -> None:
    """CLI: separate, =, short, attached and bundled, before and after the arguments, all kinds of values."""
    command = COMMANDS[name]
    call, must = name.split(), needed(command)
    for parameter in options(command):
        for words, everyday in ways(parameter, all_=has_all(name)):
            for args in ([*call, *words, *must], [*call, *must, *words]):
                read = agree(args)
                # A word that is cut short swallows what follows, so only whole ones must be taken.
                assert read is not None or not everyday, args


@pytest.mark.parametrize("name", COMMANDS)
def test_two_options_and_repeated_ones(name: str) -> None:
    """CLI: each option with each other, and each twice: the later wins, or both are kept."""
    command = COMMANDS[name]
    call, must = name.split(), needed(command)
    forms = [
        [flag] if is_flag(parameter) else [flag, value]
        for parameter in options(command)
        for flag in spellings(parameter)
        for value in (("3", "4") if is_number(parameter) else ("a", "b"))
    ]
    for place, words in enumerate(forms):
        for others in forms[place : place + 5]:
            assert agree([*call, *words, *must, *others]) is not None
    assert agree([*call, *must, *(word for words in forms for word in words)]) is not None


@pytest.mark.parametrize("name", COMMANDS)
def test_the_options_of_every_command(name: str) -> None:
    """CLI: --db and the others before the name, within a family's and after it; the later one wins."""
    call, must = name.split(), needed(COMMANDS[name])
    for option in OPTIONS.values():
        flags = list(option.flags)
        valued = (form for value in GLOBAL_VALUES for form in spelled(flags, value))
        forms = list(valued if option.metavar else flagged(flags))
        for words, everyday in forms if name in SHAPES or EVERY == 1 else forms[:2]:
            places = [[*words, *call, *must], [*call, *must, *words], [call[0], *words, *call[1:], *must]]
            for args in (*places, [*words, *call, *must, *words]):
                read = agree(args)
                assert read is not None or not everyday or name_place(args) != args.index(call[0]), args


@pytest.mark.parametrize("name", ["show", "tick", "staff list", "contact deactivate"])
def test_the_later_option_wins(name: str) -> None:
    """CLI: of the same option in several places the later counts, an empty one too, which is then refused."""
    command = name.split()
    places = len(command) + 1
    for values in product(("one", "two", "", None), repeat=places):
        words = [[] if value is None else ["--db", value] for value in values]
        args = [word for place in range(places) for word in (*words[place], *command[place : place + 1])]
        read = agree([*args, *needed(COMMANDS[name])])
        assert read is not None
        assert read.given.db == next((value for value in reversed(values) if value is not None), None)


@pytest.mark.parametrize("name", COMMANDS)
def test_arguments(name: str) -> None:
    """CLI: too few and too many, odd ones, and those behind --."""
    command = COMMANDS[name]
    call, must = name.split(), needed(command)
    forms: list[Words] = [
        ["--"],
        [],
        *([value] for value in VALUES),
        ["a", "b"],
        ["a", "b", "c"],
        ["--", "-x", "--"],
    ]
    for words in forms:
        for args in ([*call, *must, *words], [*call, *words, *must], [*call, *words], [*words, *call, *must]):
            agree(args)
    assert agree([*call, *must]) is not None
    assert agree([*call, *must, "--"]) is not None


def test_what_is_not_understood_is_left_to_typer() -> None:
    """CLI: help, slips and missing words are not the small parser's."""
    lines = {
        "list": (
            "list --help",
            "list -h",
            "list --bogus",
            "list --limi 3",
            "list --limit x",
            "list --limit 0",
            "list --limit",
            "list --all=1",
            "list word",
            "list -az",
            "-- list",
        ),
        "show": ("show", "show 1 2"),
        "search": ("search",),
        "import": ("import file.csv other.csv", "import --sla"),
        "account": ("account", "account lits", "account --help", "account -- list"),
    }
    for name, refused in lines.items():
        for line in refused:
            assert plain.call(target(name), name, shlex.split(line)) is None, line


def test_everyday_lines_are_taken() -> None:
    """CLI: what people and scripts write each day is read without Typer, to the values that it means."""
    lines = (
        "--db x --as a@b.example --now 2026-03-20T21:05:00Z list --all --json",
        "list --group --tab open --status=closed -n5 --page 2 --format csv -o out.csv",
        "list -aq -n 5",
        "search calls drop --json",
        "search '#42'",
        "search -- --strange words",
        "show 42 --json --fields status,clocks",
        "log 42",
        "log --all --format jsonl",
        "update 42 -m 'The traces are on their way.' --internal",
        "update 42 --internal -F notes.txt",
        "update 42 -F -",
        "ask 42 -m 'Please send traces.'",
        "propose 42 --substatus problem-resolved -F solution.md",
        "restore 42",
        "investigate 42",
        "accept 42 --via phone --contact dana@abc.example --pin -",
        "reject 42 -m No",
        "close 42 --root-cause 'A fibre was cut.'",
        "reopen 42 -m Again",
        "assign 42",
        "assign 42 ben@desk.example -m 'Ben knows.'",
        "priority 42 high -m 'Month-end.' -y",
        "tick --json --quiet",
        "tick -n --exit-code --limit=100",
        "open -s 'Calls drop' --field a=b --field c=d -y",
        "account add ABC --plan care --service Voice --service Reporting",
        "contact edit dana@abc.example --trained --inactive",
        "contact --json list",
        "calendar add 2026-03-06T16:00 6bh --account ABC",
        "calendar add -",
        "import f.csv --from servicenow -n",
        "init --email ada@desk.example",
        "demo --db /tmp/x",
    )
    for line in lines:
        assert agree(shlex.split(line)) is not None, line
    read = agree(shlex.split("--db x -q open -s 'Calls drop' --field a=b --db y --field c=d -y"))
    assert read is not None
    assert read.given == Given(db="y", quiet=True)
    told = {name: value for name, value in read.values.items() if value}
    assert told == {"subject": "Calls drop", "field": ["a=b", "c=d"], "yes": True}


@st.composite
def lines(draw: st.DrawFn) -> Words:
    """A command line out of a command's own words, those of every command, and junk."""
    name = draw(st.sampled_from(sorted(COMMANDS)))
    command = COMMANDS[name]
    own = [flag for parameter in options(command) for flag in spellings(parameter)]
    every = [flag for option in OPTIONS.values() for flag in option.flags]
    flags = st.sampled_from([*own, *own, *every, "-h", "--help", "--bogus", "-x", "--"])
    values = st.sampled_from([*VALUES, *NUMBERS[:4], "42", *name.split()]) | st.text(max_size=4)
    word = st.one_of(
        flags,
        values,
        st.tuples(flags, values).map("=".join),
        st.tuples(flags, values).map("".join),
        st.lists(st.sampled_from([flag[1:] for flag in [*own, *every] if len(flag) == 2]), max_size=3).map(
            lambda letters: "-" + "".join(letters)
        ),
    )
    before = draw(st.lists(st.sampled_from([*every, "x", "--db=y"]), max_size=3))
    within = draw(st.lists(word, max_size=1))
    after = draw(st.lists(word, max_size=7))
    first, *second = name.split()
    return [
        *before,
        first,
        *(within if second else []),
        *second,
        *draw(st.sampled_from([[], needed(command)])),
        *after,
    ]


@settings(max_examples=400, deadline=None)
@given(lines())
def test_random_lines(args: Words) -> None:
    """CLI: whatever is written, the small parser reads it as Typer does or leaves it alone."""
    agree(args)
