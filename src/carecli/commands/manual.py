"""The manual pages, made from the tree of commands: care(1), and care-COMMAND(1) for each."""

from collections.abc import Iterable, Iterator

from carecli.commands.topics import ENVIRONMENT, EXIT_CODES
from carecli.commands.tree import VERSION, Flagged, Node, Placed, Value, commands, everywhere, leaves, panels

PURPOSE = "a support desk in your terminal"
FILES = (
    ("~/.config/care/config.toml", "The configuration file; care init writes it."),
    ("~/.local/share/care/desk.db", "The desk's database, an SQLite file; CARE_DB and --db name another."),
)


def pages() -> dict[str, str]:
    """Every page by the name of its file."""
    made = {"care.1": _page("care", PURPOSE, _care())}
    for node in commands():
        made[f"care-{node.name}.1"] = _page(f"care-{node.name}", _small(node.summary), _command(node))
    return made


def _page(name: str, summary: str, body: Iterable[str]) -> str:
    head = (f'.TH {_quoted(name.upper())} 1 "" "care" "Manual of care"', ".SH NAME")
    return "\n".join(_tidy([*head, f"{_roff(name)} \\- {_roff(summary)}", *body])) + "\n"


def _tidy(lines: Iterable[str]) -> Iterator[str]:
    """The lines without the paragraphs that a heading begins anyway."""
    before = ""
    for line in lines:
        if not (line == ".PP" and before.startswith((".SH", ".SS"))):
            yield line
        before = line


def _small(sentence: str) -> str:
    """A sentence as it goes on behind a dash."""
    return sentence[:1].lower() + sentence[1:]


def _care() -> Iterator[str]:
    yield from _synopsis("care", ["[OPTIONS]", "COMMAND ..."])
    yield ".SH DESCRIPTION"
    yield from _paragraph(
        "care keeps the cases of a support desk: their service-level clocks, the reminders that go out while a "
        "customer does not answer, and what closes by itself. Without a command it prints the home page. "
        "Time acts when care tick runs, which cron does."
    )
    yield ".SH COMMANDS"
    for panel, members in panels().items():
        yield f".SS {_quoted(panel)}"
        for node in members:
            yield from _entry(f"\\fBcare\\-{_roff(node.name)}\\fR(1)", f"{node.summary}.")
    yield ".SH OPTIONS"
    yield from _paragraph("Every command takes these, before its name and after it; the later one wins.")
    yield from _options((*everywhere(), VERSION))
    yield from _topic("EXIT STATUS", EXIT_CODES)
    yield from _topic("ENVIRONMENT", ENVIRONMENT)
    yield ".SH FILES"
    for path, told in FILES:
        yield from _entry(f"\\fI{_roff(path)}\\fR", told)


def _command(node: Node) -> Iterator[str]:
    name = f"care {node.path}"
    if node.members:
        yield ".SH SYNOPSIS"
        for place, member in enumerate(leaves(node)):
            yield from [".br"] if place else []
            yield from _call(f"care {member.path}", _usage(member))
        yield ".SH DESCRIPTION"
        yield from _text(node.text)
        for member in leaves(node):
            yield f".SH {_quoted(f'care {member.path}'.upper())}"
            yield from _body(member, (".SS ARGUMENTS", ".SS OPTIONS", ".SS EXAMPLES"))
    else:
        yield from _synopsis(name, _usage(node))
        yield ".SH DESCRIPTION"
        yield from _body(node, (".SH ARGUMENTS", ".SH OPTIONS", ".SH EXAMPLES"))
    yield ".SH SEE ALSO"
    yield "\\fBcare\\fR(1), which tells the options of every command, the exit status and the environment."


def _body(node: Node, heads: tuple[str, str, str]) -> Iterator[str]:
    yield from _text(part for part in node.text if not _is_example(part))
    if node.arguments:
        yield heads[0]
        for argument in node.arguments:
            yield from _entry(f"\\fI{_roff(argument.value.metavar)}\\fR", _told(argument.help, argument.value))
    if node.options:
        yield heads[1]
        yield from _options(node.options)
    examples = [part for part in node.text if _is_example(part)]
    if examples:
        yield heads[2]
        for example in examples:
            yield from (".PP", ".nf", ".RS 4", *map(_line, example.splitlines()), ".RE", ".fi")


def _is_example(paragraph: str) -> bool:
    return paragraph.startswith("care ")


def _text(paragraphs: Iterable[str]) -> Iterator[str]:
    for paragraph in paragraphs:
        yield from _paragraph(paragraph)


def _paragraph(text: str) -> Iterator[str]:
    yield ".PP"
    yield _line(text)


def _synopsis(name: str, usage: Iterable[str]) -> Iterator[str]:
    yield ".SH SYNOPSIS"
    yield from _call(name, usage)


def _call(name: str, usage: Iterable[str]) -> Iterator[str]:
    yield f"\\fB{_roff(name)}\\fR {_roff(' '.join(usage))}".rstrip()


def _usage(node: Node) -> Iterator[str]:
    yield from ["[OPTIONS]"] if node.options else []
    for argument in node.arguments:
        yield _placed(argument)


def _placed(argument: Placed) -> str:
    metavar = argument.value.metavar
    word = metavar if argument.required or metavar.startswith("[") else f"[{metavar}]"
    return f"{word.removesuffix('...')}..." if argument.many else word


def _options(options: Iterable[Flagged]) -> Iterator[str]:
    for option in options:
        flags = ", ".join(f"\\fB{_roff(flag)}\\fR" for flag in option.spellings)
        value = f" \\fI{_roff(option.value.metavar)}\\fR" if option.value else ""
        needed = " Required." if option.required else ""
        yield from _entry(flags + value, _told(option.help, option.value) + needed)


def _told(text: str, value: Value | None) -> str:
    """What an option is for, with the words to choose from where its help leaves one out."""
    sentence = f"{text.removesuffix('.')}." if text else ""
    choices = value.choices if value else ()
    if all(choice in text for choice in choices):
        return sentence
    return f"{sentence} One of {', '.join(choices)}.".strip()


def _entry(term: str, told: str) -> Iterator[str]:
    yield ".TP"
    yield term
    yield _line(told)


def _topic(title: str, text: str) -> Iterator[str]:
    """One of the texts of `care help`, as it stands."""
    yield f".SH {_quoted(title)}"
    first, *lines = text.splitlines()
    aside = first.partition("(")[2].removesuffix(")")
    yield from _paragraph(f"{aside[:1].upper()}{aside[1:]}.") if aside else ()
    yield from (".PP", ".nf", *map(_line, lines), ".fi")


def _line(text: str) -> str:
    """A line of text that roff takes for no request."""
    told = _roff(text)
    return f"\\&{told}" if told.startswith((".", "'")) else told


def _roff(text: str) -> str:
    """Text as it is: no escapes, and the signs that roff would set as typographic ones kept as typed."""
    signs = {"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti"}
    return "".join(signs.get(sign, sign) for sign in text)


def _quoted(text: str) -> str:
    """A text as an argument of a request."""
    return '"' + _roff(text).replace('"', "\\(dq") + '"'
