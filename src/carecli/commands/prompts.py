"""Asking a person at a terminal for what is missing."""

import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from carecli.commands import texts
from carecli.commands.invocation import Invocation
from carecli.errors import Invalid
from carecli.render import legible

_PIN_MAX = 1_000
_AS_THEY_ARE: Mapping[str, str] = MappingProxyType({})


def tell(text: str) -> None:
    """A line on standard error."""
    sys.stderr.write(legible.lines(text) + "\n")


def line(question: str, default: str | None = None) -> str:
    """A line of text."""
    return _asked(question, default)


def choice(question: str, choices: Sequence[str], shown: Mapping[str, str] = _AS_THEY_ARE, first: int = 1) -> str:
    """One of several, by its number from `first` on or its name; `shown` has the line of those to be explained."""
    numbered = dict(enumerate(choices, first))
    for number, word in numbered.items():
        tell(f"  {number}. {legible.line(shown.get(word, word))}")
    named = {shown.get(word, word).lower(): word for word in choices} | {word.lower(): word for word in choices}
    while True:
        answer = _asked(f"{question} ({first}-{first + len(choices) - 1})").strip()
        if answer.isascii() and answer.isdigit() and int(answer) in numbered:
            return numbered[int(answer)]
        if answer.lower() in named:
            return named[answer.lower()]
        tell(f"  {legible.line(answer)!r} is none of these")


def text(
    invocation: Invocation,
    question: str,
    explanation: str = "",
    *,
    demand: str = "",
    fault: str = "",
    begun: str = "",
) -> str:
    """A long text: in the person's editor, else line by line until a lone dot.

    Where it is asked for again, `fault` says why; an editor goes on from what was `begun`.
    """
    program = texts.editor(invocation.environ)
    if program:
        head = f"{question} ({demand})" if demand else question
        written = texts.edited(program, "\n".join(filter(None, (head, explanation, fault))), begun)
        if fault and written == begun:
            raise Invalid(f"the {question.lower()} was left as it is: {fault}", hint="change it, and save it")
        return written
    tell(f"{question} ({'; '.join(filter(None, (demand, 'end with a line that holds only a dot')))})")
    if explanation:
        tell(explanation)
    return _lines().strip()


def _lines() -> str:
    lines: list[str] = []
    try:
        while (entered := sys.stdin.readline()) and entered.strip() != ".":
            lines.append(entered)
    except KeyboardInterrupt:
        raise _abandoned() from None
    if not lines and not entered:
        # Ctrl-D, or a terminal that is gone: asking again would never end.
        raise _abandoned()
    return "".join(lines)


def needed_text(invocation: Invocation, message: str | None, file: str | None, question: str) -> str:
    """The text of -m or -F, else what the person writes at a terminal; raises Invalid where nobody can."""
    read = texts.given(message, file)
    if read is not None:
        return read
    if not invocation.interactive:
        raise Invalid("a text is needed", hint="give it with -m TEXT, -m - or -F FILE")
    return text(invocation, question)


def confirmed(invocation: Invocation, question: str, *, yes: bool, default: bool = False) -> bool:
    """Whether the person agrees, Enter alone being the default; nobody to ask is a no."""
    if yes or not invocation.interactive:
        return yes
    # Imported here and below: few commands ask anything, and Typer takes longer to import than most take to run.
    import typer

    try:
        return typer.confirm(legible.line(question), default=default, err=True)
    except typer.Abort:
        raise _abandoned() from None


def pin(invocation: Invocation, given: str | None) -> str | None:
    """A PIN as given; `-` prompts for it unseen, or reads the first line of standard input."""
    if given != "-":
        if given is not None and invocation.watched:
            invocation.notice("the PIN now stands in your shell's history: --pin - asks for it unseen")
        return given
    if invocation.interactive:
        return _asked("PIN", hidden=True)
    return sys.stdin.buffer.readline(_PIN_MAX).decode("utf-8", "replace").rstrip("\r\n")


def _asked(question: str, default: str | None = None, *, hidden: bool = False) -> str:
    import typer

    try:
        return str(typer.prompt(legible.line(question), default=default, hide_input=hidden, err=True))
    except typer.Abort:
        raise _abandoned() from None


def _abandoned() -> KeyboardInterrupt:
    # The question's line is still open.
    tell("")
    return KeyboardInterrupt()
