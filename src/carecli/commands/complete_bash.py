"""The completion script for bash, which has no need of the bash-completion package."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from carecli.commands.tree import VERSION, Flagged, Node, Value, every, everywhere

HEAD = r"""# bash completion for care; `care completion bash` prints it

# The words before the cursor as bash would read them, but that nothing in them is run; of the last one also how it
# stands there: raw, the quote that is open, and what stood before that quote.
_care_split() {
    local line="${COMP_LINE:0:COMP_POINT}" begun= char
    local -i at
    for ((at = 0; at < ${#line}; at++)); do
        char="${line:at:1}"
        raw+="$char"
        if [[ -z $quote && $char == [[:space:]] ]]; then
            [[ -n $begun ]] && words+=("$current")
            current= raw= begun=
            continue
        fi
        begun=1
        if [[ $char == \\ && $quote != \' ]]; then
            at+=1
            current+="${line:at:1}" raw+="${line:at:1}"
        elif [[ -n $quote && $char == "$quote" ]]; then
            quote=
        elif [[ -z $quote && $char == [\"\'] ]]; then
            quote="$char" before="$current"
        else
            current+="$char"
        fi
    done
}

# A word whose variable at the front is put in place.
_care_plain() {
    if [[ $1 =~ ^\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?(.*)$ ]]; then
        printf '%s' "${!BASH_REMATCH[1]}${BASH_REMATCH[2]}"
    else
        printf '%s' "$1"
    fi
}

# What stands on the line before the cursor: the command, an option that waits for its value, the place.
_care_read() {
    local word
    for word in "${words[@]:1}"; do
        if [[ -n $option ]]; then
            case "$option" in
                --db | --config | --as) given+=("$option" "$(_care_plain "$word")") ;;
            esac
            option=
        elif [[ -n $literal ]]; then
            place+=1
        elif [[ $word == -- ]]; then
            literal=1
        elif [[ $word == --db=* || $word == --config=* || $word == --as=* ]]; then
            given+=("${word%%=*}" "$(_care_plain "${word#*=}")")
        elif [[ $word == -?* ]]; then
            _care_value "$word" && option="$word"
        elif _care_node "${node:+$node }$word"; then
            node+="${node:+ }$word"
        else
            place+=1
        fi
    done
}

# Take in a word that fits, written as it must stand on the line.
_care_offer() {
    local word="$1"
    [[ ${word,,} == "${current,,}"* ]] || return
    case "$quote" in
        \") word="${word//\\/\\\\}" word="${word//\"/\\\"}" word="${word//\$/\\\$}" word="${word//\`/\\\`}" ;;
        \') word="${word//\'/\'\\\'\'}" ;;
        *) printf -v word '%q' "$word" ;;
    esac
    COMPREPLY+=("${lead}${word:skip}")
}

_care_ask() {
    local line
    compopt -o nosort 2>/dev/null
    while IFS= read -r line; do
        _care_offer "${line%%$'\t'*}"
    done < <("${words[0]/#\~/$HOME}" "${given[@]}" complete "$1" -- "$current" 2>/dev/null </dev/null)
}

_care() {
    local -a words=() given=()
    local current= raw= quote= before= node= option= literal= lead= offer= choices= word
    local -i place=1 skip=0
    _care_split
    _care_read
    offer= choices=
    if [[ -z $option && -z $literal && $current == --*=* ]]; then
        lead="${current%%=*}="
        option="${lead%=}" current="${current#*=}" before="${before#"$lead"}"
    fi
    # Readline puts in place what stands behind the last of its word breaks, or behind the quote that is open.
    if [[ -n $quote ]]; then
        skip=${#before}
        lead=
    elif [[ $raw == *"$2" ]]; then
        skip=${#raw}-${#2}-${#lead}
        if ((skip >= 0)); then lead=; else lead="${lead:${#lead}+skip}" skip=0; fi
    fi
    if [[ -n $option ]]; then
        _care_value "$option"
    elif [[ -z $literal && $current == -* ]]; then
        _care_options
    else
        _care_place || { [[ -n $current || -n $literal ]] || _care_options; }
    fi
    COMPREPLY=()
    case "$offer" in
        "") for word in $choices; do _care_offer "$word"; done ;;
        nothing) ;;
        file) compopt -o default 2>/dev/null ;;
        *) _care_ask "$offer" ;;
    esac
}
"""


def script() -> str:
    """The script."""
    return "\n".join([HEAD, *_tables(), "complete -F _care care"]) + "\n"


def _tables() -> Iterator[str]:
    known = every()
    yield "# Whether these words name a command."
    yield from _choosing("_care_node", '"$1"', {"true": [f'"{node.path}"' for node in known]})
    yield "# Whether a value follows this option; what is offered for it."
    yield from _choosing("_care_value", '"$node $1"', _values(known))
    yield "# What is offered at this place, if anything."
    yield from _choosing("_care_place", '"$node $place"', _places(known))
    yield "# The options of this command."
    yield from _choosing("_care_own", '"$node"', _own(known))
    yield "_care_options() {"
    yield "    _care_own"
    yield f'    choices+=" {" ".join(_flags((*everywhere(), VERSION)))}"'
    yield "}"


def _values(known: Iterable[Node]) -> dict[str, list[str]]:
    patterns: dict[str, list[str]] = {}
    for option in everywhere():
        if option.value:
            patterns.setdefault(_offer(option.value), []).extend(f'*" {flag}"' for flag in option.spellings)
    for node in known:
        for option in node.options:
            if option.value:
                named = [f'"{node.path} {flag}"' for flag in option.spellings]
                patterns.setdefault(_offer(option.value), []).extend(named)
    return patterns


def _places(known: Iterable[Node]) -> dict[str, list[str]]:
    top = [node.name for node in known if len(node.words) == 1]
    patterns = {_words(top): ['" 1"']}
    for node in known:
        if node.members:
            patterns.setdefault(_words(member.name for member in node.members), []).append(f'"{node.path} 1"')
        for place, argument in enumerate(node.arguments, start=1):
            pattern = f'"{node.path} "*' if argument.many else f'"{node.path} {place}"'
            if argument.value.kind or argument.value.choices:
                patterns.setdefault(_offer(argument.value), []).append(pattern)
    return patterns


def _own(known: Iterable[Node]) -> dict[str, list[str]]:
    patterns: dict[str, list[str]] = {}
    for node in known:
        patterns.setdefault(_words(_flags(node.options)), []).append(f'"{node.path}"')
    return patterns


def _offer(value: Value) -> str:
    return _words(value.choices) if value.choices else f"offer={value.kind or 'nothing'}"


def _words(words: Iterable[str]) -> str:
    return f'choices="{" ".join(words)}"'


def _flags(options: Iterable[Flagged]) -> list[str]:
    return [flag for option in options for flag in option.spellings]


def _choosing(name: str, subject: str, patterns: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """A function that does the one thing whose patterns fit its subject, and fails where none does."""
    yield f"{name}() {{"
    yield f"    case {subject} in"
    for deed, known in patterns.items():
        pattern = " | ".join(known)
        yield f"        {pattern}) {deed} ;;"
    yield "        *) return 1 ;;"
    yield "    esac"
    yield "}"
    yield ""
