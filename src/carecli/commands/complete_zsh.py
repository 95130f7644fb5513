"""The completion script for zsh."""

import re
from collections.abc import Iterator

from carecli.commands.tree import VERSION, Flagged, Node, Placed, Value, commands, everywhere

HEAD = r"""#compdef care
# zsh completion for care; `care completion zsh` prints it

# What the desk knows, asked as the line's own --db, --config and --as say.
__care_ask() {
    local line
    local -a offered
    for line in ${(f)"$($__care_program $__care_given complete $1 -- ${(Q)PREFIX} 2>/dev/null </dev/null)"}; do
        offered+=("${${line%%$'\t'*}//(#m)[\\:]/\\$MATCH}:${line#*$'\t'}")
    done
    _describe -V $1 offered -M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}'
}

# A word as the shell would read it, but that nothing in it is run.
__care_plain() {
    REPLY=${(Q)1}
    [[ $1 == (#b)\$(#c1)(\{|)([A-Za-z_][A-Za-z0-9_]#)(\}|)(*) ]] && REPLY=${(P)match[2]}${(Q)match[4]}
    return 0
}

_care() {
    local curcontext=$curcontext state line REPLY at
    local -a everywhere members __care_given
    local __care_program=${~${(Q)words[1]}}
    typeset -A opt_args
    for ((at = 2; at < CURRENT; at++)); do
        case $words[at] in
            --db | --config | --as)
                ((at + 1 < CURRENT)) && __care_plain $words[at+1] && __care_given+=($words[at] $REPLY) ;;
            --db=* | --config=* | --as=*)
                __care_plain ${words[at]#*=} && __care_given+=(${words[at]%%=*} $REPLY) ;;
        esac
    done
"""


def script() -> str:
    """The script."""
    return "\n".join([HEAD.rstrip(), *_body(), "}", "", '_care "$@"']) + "\n"


def _body() -> Iterator[str]:
    yield "    everywhere=("
    yield from (f"        {spec}" for option in (*everywhere(), VERSION) for spec in _option(option))
    yield "    )"
    yield from _choosing(commands(), 4)


def _choosing(members: tuple[Node, ...], indent: int) -> Iterator[str]:
    """A command by its name, then what is its own."""
    pad = " " * indent
    yield f"{pad}members=("
    yield from (f"{pad}    {_quoted(f'{node.name}:{node.summary}')}" for node in members)
    yield f"{pad})"
    yield f"{pad}_arguments -C $everywhere '(-)1:command:->command' '(-)*::argument:->argument'"
    yield f"{pad}case $state in"
    yield f"{pad}    command) _describe command members ;;"
    yield f"{pad}    argument)"
    yield f"{pad}        case $words[1] in"
    for node in members:
        yield f"{pad}            {node.name})"
        yield from _choosing(node.members, indent + 16) if node.members else _own(node, indent + 16)
        yield f"{pad}                ;;"
    yield f"{pad}        esac"
    yield f"{pad}        ;;"
    yield f"{pad}esac"


def _own(node: Node, indent: int) -> Iterator[str]:
    """The options and arguments of a command."""
    specs = [spec for option in node.options for spec in _option(option)]
    specs += [_argument(place, argument) for place, argument in enumerate(node.arguments, start=1)]
    yield " " * indent + "_arguments -s $everywhere" + "".join(f" \\\n{' ' * indent}    {spec}" for spec in specs)


def _option(option: Flagged) -> Iterator[str]:
    told = _escaped(option.help)
    for flag in option.spellings:
        # With = behind it the value may follow it, or stand in the next word.
        joined = "" if option.value is None else "=" if flag.startswith("--") else "+"
        yield _quoted(f"*{flag}{joined}[{told}]{_value(option.value)}")


def _argument(place: int, argument: Placed) -> str:
    return _quoted(f"{'*' if argument.many else place}{_value(argument.value)}")


def _value(value: Value | None) -> str:
    if value is None:
        return ""
    name = _escaped(value.metavar.strip("[]").lower())
    if value.choices:
        return f":{name}:({' '.join(value.choices)})"
    if value.kind == "file":
        return f":{name}:_files"
    return f":{name}: __care_ask {value.kind}" if value.kind else f":{name}: "


def _escaped(text: str) -> str:
    return re.sub(r"([\[\]:\\])", r"\\\1", text)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
