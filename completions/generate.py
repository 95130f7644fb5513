"""Write the completion scripts from what the program's help tells: run it after a change of options."""

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from carecli import cli

HERE = Path(__file__).parent
TOPICS = ("exit-codes", "environment", "formats")
FILES = {"--config", "--output", "-o", "--file", "-F", "--form", "--db", "--policy"}
"""Options whose values are names of files."""


class Option(NamedTuple):
    """One spelling of an option; `valued` where a value follows."""

    flag: str
    valued: bool
    help: str


class Entry(NamedTuple):
    """A command with its options, or a family with its commands."""

    name: str
    summary: str
    options: tuple[Option, ...]
    members: tuple["Entry", ...] = ()


def main() -> None:
    """Write the three scripts."""
    for name, text in scripts().items():
        (HERE / name).write_text(text, "utf-8")


def scripts() -> dict[str, str]:
    """The three scripts by their names."""
    entries, everywhere = read()
    makers = {"care.bash": bash, "_care": zsh, "care.fish": fish}
    return {name: make(entries, everywhere) for name, make in makers.items()}


def read() -> tuple[list[Entry], tuple[Option, ...]]:
    """The commands and the options of every command, as the program's own help tells them."""
    home = shown("--help")
    panels, _, options = home.partition("\nOptions")
    commands = re.findall(r"^  ([a-z][\w-]*) {2,}(.+)$", panels, re.MULTILINE)
    return [entry((name,), summary) for name, summary in commands], tuple(read_options(options))


def entry(words: tuple[str, ...], summary: str) -> Entry:
    """What `--help` of a command or family says."""
    if words == ("help",):
        return Entry("help", summary, ())
    text = shown(*words, "--help")
    options, _, commands = text.partition("\nOptions:")[2].partition("\nCommands:")
    names = re.findall(r"^  ([a-z][\w-]*) {2,}", commands, re.MULTILINE)
    members = tuple(entry((*words, name), first_line(*words, name)) for name in names)
    return Entry(words[-1], summary, tuple(read_options(options)), members)


def first_line(*words: str) -> str:
    """The summary of a command, whole."""
    paragraphs = shown(*words, "--help").split("\n\n")
    return " ".join(paragraphs[1].split())


def read_options(text: str) -> Iterator[Option]:
    """The options of a help text, each spelling by itself."""
    for line in text.splitlines():
        found = re.match(r"^  (-\S.*?)(?: {2,}(.*))?$", line)
        if not found:
            continue
        told, explained = found[1], (found[2] or "").split("  [")[0].rstrip(".")
        flags = re.findall(r"(?:^|(?<=[\s,/]))(--?[a-zA-Z][\w-]*)", told)
        value = re.sub(r"(?:^|(?<=[\s,/]))--?[a-zA-Z][\w-]*|[,/\s]", "", told)
        for flag in flags:
            yield Option(flag, bool(value), explained)


def shown(*args: str) -> str:
    """What the program says."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        cli.main(list(args))
    return told.getvalue()


def bash(entries: list[Entry], everywhere: tuple[Option, ...]) -> str:
    """The script for bash, with no need of bash-completion."""
    lines = [
        "# bash completion for care; written by completions/generate.py",
        "_care() {",
        '    local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"',
        "    local name= member= word skip= place words=",
        f'    local everywhere="{spaced(everywhere)}"',
        "    COMPREPLY=()",
        "    for ((place = 1; place < COMP_CWORD; place++)); do",
        '        word="${COMP_WORDS[place]}"',
        '        if [[ -n "$skip" ]]; then skip=; continue; fi',
        '        case "$word" in',
        f"            {'|'.join(o.flag for o in everywhere if o.valued)}) skip=1 ;;",
        "            -*) ;;",
        '            *) if [[ -z "$name" ]]; then name="$word"; else member="${member:-$word}"; fi ;;',
        "        esac",
        "    done",
        '    case "$previous" in',
        f'        {"|".join(sorted(FILES))}) COMPREPLY=($(compgen -f -- "$current")); return ;;',
        "    esac",
        '    case "$name" in',
        f'        "") words="{" ".join(one.name for one in entries)} $everywhere" ;;',
        f'        help) words="{" ".join([*(one.name for one in entries), *TOPICS])}" ;;',
    ]
    for one in entries:
        if one.members:
            lines += [f"        {one.name})", '            case "$member" in']
            lines += [f'                {m.name}) words="{spaced(m.options)} $everywhere" ;;' for m in one.members]
            names = " ".join(m.name for m in one.members)
            lines += [f'                *) words="{names} {spaced(one.options)} $everywhere" ;;']
            lines += ["            esac", "            ;;"]
        elif one.name != "help":
            lines.append(f'        {one.name}) words="{spaced(one.options)} $everywhere" ;;')
    lines += [
        "    esac",
        '    COMPREPLY=($(compgen -W "$words" -- "$current"))',
        "}",
        "complete -o default -F _care care",
    ]
    return "\n".join(lines) + "\n"


def spaced(options: tuple[Option, ...]) -> str:
    """The spellings of options as words."""
    return " ".join(option.flag for option in options)


def zsh(entries: list[Entry], everywhere: tuple[Option, ...]) -> str:
    """The script for zsh."""
    lines = [
        "#compdef care",
        "# zsh completion for care; written by completions/generate.py",
        "_care() {",
        "    local curcontext=$curcontext state line",
        "    typeset -A opt_args",
        "    local -a everywhere commands",
        "    everywhere=(",
        *(f"        {zsh_option(option)}" for option in everywhere),
        "    )",
        "    commands=(",
        *(f"        {quoted(f'{one.name}:{one.summary}')}" for one in entries),
        "    )",
        "    _arguments -C $everywhere '1:command:->command' '*::argument:->argument'",
        "    case $state in",
        "        command) _describe command commands ;;",
        "        argument)",
        "            case $words[1] in",
    ]
    for one in entries:
        lines.append(f"                {one.name})")
        if one.name == "help":
            lines.append(f"                    compadd {' '.join([*(e.name for e in entries), *TOPICS])}")
        elif one.members:
            lines += zsh_family(one)
        else:
            lines += zsh_arguments(one, 20)
        lines.append("                    ;;")
    lines += ["            esac", "            ;;", "    esac", "}", '_care "$@"']
    return "\n".join(lines) + "\n"


def zsh_family(family: Entry) -> Iterator[str]:
    """The commands of a family."""
    pad = " " * 20
    yield f"{pad}local -a members"
    yield f"{pad}members=("
    yield from (f"{pad}    {quoted(f'{one.name}:{one.summary}')}" for one in family.members)
    yield f"{pad})"
    yield f"{pad}_arguments -C $everywhere '1:command:->member' '*::argument:->options'"
    yield f"{pad}case $state in"
    yield f"{pad}    member) _describe command members ;;"
    yield f"{pad}    options)"
    yield f"{pad}        case $words[1] in"
    for one in family.members:
        yield f"{pad}            {one.name})"
        yield from zsh_arguments(one, 36)
        yield f"{pad}                ;;"
    yield f"{pad}        esac"
    yield f"{pad}        ;;"
    yield f"{pad}esac"


def zsh_arguments(command: Entry, indent: int) -> Iterator[str]:
    """The options of a command."""
    pad = " " * indent
    yield f"{pad}_arguments $everywhere \\"
    yield from (f"{pad}    {zsh_option(option)} \\" for option in command.options)
    yield f"{pad}    '*:argument:_files'"


def zsh_option(option: Option) -> str:
    """An option with what it is for."""
    told = re.sub(r"([\[\]:])", r"\\\1", option.help)
    value = "" if not option.valued else ":file:_files" if option.flag in FILES else ":value: "
    return quoted(f"*{option.flag}[{told}]{value}")


def fish(entries: list[Entry], everywhere: tuple[Option, ...]) -> str:
    """The script for fish."""
    lines = [
        "# fish completion for care; written by completions/generate.py",
        "function __care_words",
        "    set -l words (commandline -opc)",
        "    set -e words[1]",
        "    set -l skip no",
        "    for word in $words",
        "        if test $skip = yes",
        "            set skip no",
        f"        else if contains -- $word {' '.join(o.flag for o in everywhere if o.valued)}",
        "            set skip yes",
        "        else if not string match -q -- '-*' $word",
        "            echo $word",
        "        end",
        "    end",
        "end",
        "function __care_nothing_yet",
        "    test (count (__care_words)) -eq 0",
        "end",
        "function __care_at",
        "    set -l words (__care_words)",
        '    test (count $words) -ge (count $argv); and test "$words[1..' + '(count $argv)]" = "$argv"',
        "end",
        "function __care_in",
        "    set -l words (__care_words)",
        '    test (count $words) -eq 1; and test "$words[1]" = "$argv[1]"',
        "end",
        "complete -c care -f",
    ]
    lines += [f"complete -c care {fish_option(option)}" for option in everywhere]
    for one in entries:
        lines.append(f"complete -c care -n __care_nothing_yet -a {one.name} -d {quoted(one.summary)}")
        lines += [f"complete -c care -n '__care_at {one.name}' {fish_option(option)}" for option in one.options]
        for member in one.members:
            lines.append(
                f"complete -c care -n '__care_in {one.name}' -a {member.name} -d {quoted(member.summary)}"
            )
            lines += [
                f"complete -c care -n '__care_at {one.name} {member.name}' {fish_option(option)}"
                for option in member.options
            ]
    topics = " ".join([*(one.name for one in entries), *TOPICS])
    lines.append(f"complete -c care -n '__care_in help' -a {quoted(topics)}")
    return "\n".join(lines) + "\n"


def fish_option(option: Option) -> str:
    """An option with what it is for."""
    name = f"-l {option.flag[2:]}" if option.flag.startswith("--") else f"-s {option.flag[1:]}"
    value = "" if not option.valued else " -r -F" if option.flag in FILES else " -x"
    return f"{name}{value} -d {quoted(option.help)}"


def quoted(text: str) -> str:
    """A word of a shell, quotes within made safe for all three."""
    return "'" + text.replace("'", "’") + "'"


if __name__ == "__main__":
    main()
