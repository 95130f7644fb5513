"""The completion script for fish."""

from collections.abc import Iterable, Iterator

from carecli.commands.tree import VERSION, Flagged, Node, Placed, Value, commands, every, everywhere

HEAD = r"""# fish completion for care; `care completion fish` prints it

# What stands on the line before the cursor: the command, the place, and which desk --db, --config and --as name.
function __care_read
    set -l line (commandline -cp | string collect)
    test "$line" = "$__care_line"; and return
    set -g __care_line $line
    set -g __care_command
    set -g __care_place 1
    set -g __care_given
    set -l option
    set -l words (commandline -opc)
    set -g __care_program $words[1]
    for word in $words[2..-1]
        if test -n "$option"
            contains -- $option --db --config --as; and set -a __care_given $option (__care_plain $word)
            set option
        else if string match -qr -- '^--(db|config|as)=' $word
            set -a __care_given (string split -m 1 = -- $word)[1] (__care_plain (string split -m 1 = -- $word)[2])
        else if string match -q -- '-?*' $word
            __care_valued "$__care_command" $word; and set option $word
        else if test $__care_place = 1; and __care_named (string trim "$__care_command $word")
            set __care_command (string trim "$__care_command $word")
        else
            set __care_place (math $__care_place + 1)
        end
    end
end

# A word whose variable at the front is put in place.
function __care_plain
    set -l found (string match -r -- '^\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?(.*)$' $argv[1])
    if set -q found[2]; and set -q $found[2]
        set -l name $found[2]
        echo -- $$name$found[3]
    else
        printf '%s\n' $argv[1]
    end
end

# Whether this command stands there, and the cursor at this place.
function __care_at
    __care_read
    test "$__care_command" = "$argv[1]"; or return
    switch "$argv[2]"
        case ''
            return 0
        case '*+'
            test $__care_place -ge (string trim -c + -- $argv[2])
        case '*'
            test $__care_place = $argv[2]
    end
end

# What the desk knows.
function __care_ask
    __care_read
    set -l word (commandline -ct | string replace -r -- '^--[a-z-]+=' '' | string replace -ar -- '["\'\\\\]' '')
    $__care_program $__care_given complete $argv[1] -- "$word" 2>/dev/null </dev/null
end
"""


def script() -> str:
    """The script."""
    return "\n".join([HEAD, *_tables(), "complete -c care -f", *_lines()]) + "\n"


def _tables() -> Iterator[str]:
    known = every()
    yield "# Whether these words name a command."
    yield "function __care_named"
    yield f"    contains -- $argv[1] {' '.join(_quoted(node.path) for node in known)}"
    yield "end"
    yield ""
    yield "# Whether a value follows this option."
    yield "function __care_valued"
    yield f"    contains -- $argv[2] {' '.join(_valued(everywhere()))}; and return"
    yield "    switch $argv[1]"
    for node in known:
        if valued := _valued(node.options):
            yield f"        case {_quoted(node.path)}"
            yield f"            contains -- $argv[2] {' '.join(valued)}"
    yield "        case '*'"
    yield "            return 1"
    yield "    end"
    yield "end"
    yield ""


def _lines() -> Iterator[str]:
    for option in (*everywhere(), VERSION):
        yield f"complete -c care {_option(option)}"
    yield from (_member("", node) for node in commands())
    for node in every():
        yield from (_member(node.path, member) for member in node.members)
        for place, argument in enumerate(node.arguments, start=1):
            if offered := _offered(argument.value):
                yield f"complete -c care {_at(node.path, _place(place, argument))}{offered}"
        yield from (f"complete -c care {_at(node.path)} {_option(option)}" for option in node.options)


def _member(path: str, node: Node) -> str:
    return f"complete -c care {_at(path, '1')} -a {node.name} -d {_quoted(node.summary)}"


def _place(place: int, argument: Placed) -> str:
    return f"{place}+" if argument.many else str(place)


def _at(path: str, place: str = "") -> str:
    return f"-n '__care_at \"{path}\"{' ' if place else ''}{place}'"


def _option(option: Flagged) -> str:
    names = [f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in option.spellings]
    value = "" if option.value is None else (_offered(option.value) or " -x")
    return f"{' '.join(names)}{value} -d {_quoted(option.help)}"


def _offered(value: Value) -> str:
    """What follows: fish keeps other completions away with -x, and asks for files with -F."""
    if value.kind == "file":
        return " -r -F"
    words = " ".join(value.choices) or (f"(__care_ask {value.kind})" if value.kind else "")
    return f" -x -k -a {_quoted(words)}" if words else ""


def _valued(options: Iterable[Flagged]) -> list[str]:
    return [flag for option in options if option.value for flag in option.spellings]


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
