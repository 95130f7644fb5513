"""Asking a person at a terminal for what is missing."""

import sys
from collections.abc import Sequence

from carecli.commands import texts
from carecli.commands.invocation import Invocation
from carecli.errors import Invalid
from carecli.render import legible

_PIN_MAX = 1_000


def _tell(text: str) -> None:
    sys.stderr.write(text + "\n")


def line(question: str, default: str | None = None) -> str:
    """A line of text."""
    return _asked(question, default)


def choice(question: str, choices: Sequence[str]) -> str:
    """One of several, by its number or its name."""
    for place, word in enumerate(choices, start=1):
        _tell(f"  {place}. {legible.line(word)}")
    named = {word.lower(): word for word in choices}
    while True:
        answer = _asked(f"{question} (1-{len(choices)})").strip()
        if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(choices):
            return choices[int(answer) - 1]
        if answer.lower() in named:
            return named[answer.lower()]
        _tell(f"  {legible.line(answer)!r} is none of these")


def text(invocation: Invocation, question: str, explanation: str = "") -> str:
    """A long text: in the person's editor, else line by line until a lone dot."""
    program = texts.editor(invocation.environ)
    if program:
        return texts.edited(program, f"{question}\n{explanation}".strip())
    _tell(f"{question} (end with a line that holds only a dot)")
    if explanation:
        _tell(explanation)
    lines: list[str] = []
    while (entered := sys.stdin.readline()) and entered.strip() != ".":
        lines.append(entered)
    return "".join(lines).strip()


def needed_text(invocation: Invocation, message: str | None, file: str | None, question: str) -> str:
    """The text of -m or -F, else what the person writes at a terminal; raises Invalid where nobody can."""
    read = texts.given(message, file)
    if read is not None:
        return read
    if not invocation.interactive:
        raise Invalid("a text is needed", hint="give it with -m TEXT, -m - or -F FILE")
    return text(invocation, question)


def confirmed(invocation: Invocation, question: str, *, yes: bool) -> bool:
    """Whether the person agrees; nobody to ask is a no."""
    if yes or not invocation.interactive:
        return yes
    # Imported here and below: few commands ask anything, and Typer takes longer to import than most take to run.
    import typer

    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        raise _abandoned() from None


def pin(invocation: Invocation, given: str | None) -> str | None:
    """A PIN as given; `-` prompts for it unseen, or reads the first line of standard input."""
    if given != "-":
        return given
    if invocation.interactive:
        return _asked("PIN", hidden=True)
    return sys.stdin.buffer.readline(_PIN_MAX).decode("utf-8", "replace").rstrip("\r\n")


def _asked(question: str, default: str | None = None, *, hidden: bool = False) -> str:
    import typer

    try:
        return str(typer.prompt(question, default=default, hide_input=hidden, err=True))
    except typer.Abort:
        raise _abandoned() from None


def _abandoned() -> KeyboardInterrupt:
    # The question's line is still open.
    _tell("")
    return KeyboardInterrupt()
