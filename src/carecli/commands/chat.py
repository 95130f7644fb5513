"""Chats: joined or begun, listed, read afterwards (CHAT-1)."""

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from carecli.commands import listing, options
from carecli.commands.declared import Argument, Family, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.instants import whole_seconds
from carecli.domain.numbers import parse_number, written
from carecli.errors import CareError, ExitStatus, Invalid

if TYPE_CHECKING:
    from carecli.desk.chatting import Talk
    from carecli.desk.desk import Desk
    from carecli.domain.chat import Waiting
    from carecli.domain.events import Event
    from carecli.render.sheet import Sheet

app = Family("Chat with the owner of an open case, line by line.", otherwise="join")

FORMATS = ("text", "json", "jsonl")
KEYS = ("number", "subject", "account", "owner", "chat", "by", "since", "idle_at", "lines", "present", "waits")


@app.command("join")
@command
def join(
    invocation: Invocation,
    number: Annotated[
        str | None,
        Argument(metavar="[NUMBER]", help="The case; staff without one join who waits.", completes="case"),
    ] = None,
    message: options.Message = None,
    file: options.TextFile = None,
    format_: Annotated[
        str | None, Option("--format", metavar="FORMAT", help="text, json or jsonl.", completes=FORMATS)
    ] = None,
) -> int:
    """Chat on a case with its owner, or with the customer who waits; /quit, Ctrl-D or Ctrl-C ends it.

    What is said is on the case at once. -m leaves a message without waiting for anybody. Piped in, each line is
    said, and the end of the input ends the chat.

    care chat 42

    care chat 42 -m "Please call me before noon."

    care chat

    tail -f lines.txt | care chat 42 --format jsonl
    """
    from carecli.commands import texts
    from carecli.desk import chatting

    given = _formatted(invocation, format_)
    text = texts.given(message, file)
    with invocation.desk() as desk:
        case = _meant(invocation, desk, number)
        if text is not None:
            return _message(invocation, desk, case, text)
        talk = chatting.Talk(desk, case, _clock(invocation, desk))
        return _talked(invocation, desk, talk, given)


def _formatted(invocation: Invocation, format_: str | None) -> str:
    named = (format_ or ("json" if invocation.json else "text")).lower()
    if named not in FORMATS:
        raise Invalid(f"--format {named[:40]!r} is not known", hint=f"choose from: {', '.join(FORMATS)}")
    if invocation.json and named != "json":
        raise Invalid(f"--json and --format {named} exclude each other", hint="give one of them")
    return named


def _clock(invocation: Invocation, desk: "Desk") -> Callable[[], datetime]:
    """Each line has its own moment; a present that was given goes on from there."""
    if invocation.now is None:
        return lambda: whole_seconds(datetime.now(UTC))
    began = time.monotonic()
    return lambda: whole_seconds(desk.now + timedelta(seconds=time.monotonic() - began))


def _meant(invocation: Invocation, desk: "Desk", number: str | None) -> int:
    """The case that is meant: as it is named, else the one on which somebody waits."""
    if number is not None:
        return parse_number(number)
    from carecli.desk import chats

    known = chats.waiting(desk)
    if desk.actor.is_staff:
        known = [one for one in known if one.waits] or known
    numbers = [int(one.state["number"]) for one in known]
    if not numbers:
        raise Invalid("nobody waits in a chat", hint="care chat NUMBER begins one on a case", rule="CHAT-1")
    if len(numbers) == 1:
        return numbers[0]
    if not invocation.interactive:
        some = ", ".join(map(str, numbers[:5]))
        raise Invalid(f"which chat? There are {len(numbers)}: {some}", hint="care chat NUMBER", rule="CHAT-1")
    return numbers[_chosen(known)]


def _chosen(chats: "Sequence[Waiting]") -> int:
    from carecli.commands import prompts

    names = [written(one.state["number"]) for one in chats]
    shown = {
        name: f"{name}  {one.chat.by}: {one.state['subject']}" for name, one in zip(names, chats, strict=True)
    }
    return names.index(prompts.choice("Which chat", names, shown))


def _message(invocation: Invocation, desk: "Desk", case: int, text: str) -> int:
    from carecli.desk import chats
    from carecli.render import chat, chat_document

    chats.leave_message(desk, case, text)
    told = list(chat.by_chat(chats.of_case(desk, case)).values())[-1]
    line = f"{written(case)}: the message is on the case, and goes by mail"
    invocation.done({"number": written(case), **chat_document.chat(told)}, line)
    return ExitStatus.DONE


def _talked(invocation: Invocation, desk: "Desk", talk: "Talk", format_: str) -> int:
    """Talk in the way that standard input and output allow."""
    stopped: BaseException | None = None
    status: int = ExitStatus.DONE
    try:
        if format_ == "text" and _at_a_terminal(invocation):
            status = _at_terminal(invocation, desk, talk)
        else:
            status = _piped(invocation, desk, talk, format_)
    except BaseException as error:
        stopped = error
        raise
    finally:
        # Whatever ended it, the others are not left waiting.
        if stopped is not None and talk.ended is None:
            with suppress(CareError):
                talk.leave()
    if format_ == "json":
        from carecli.render import chat_document

        invocation.done({"number": written(talk.number), **chat_document.chat(talk.lines())}, "")
    return status


def _at_a_terminal(invocation: Invocation) -> bool:
    terminals = sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
    return terminals and invocation.interactive and invocation.environ.get("TERM") != "dumb"


def _at_terminal(invocation: Invocation, desk: "Desk", talk: "Talk") -> int:
    from carecli.commands.chatting.conversation import Conversation
    from carecli.commands.chatting.terminal import Terminal

    terminal = Terminal(lambda: invocation.screen(sys.stdout), desk.zone, talk.me.email)
    return terminal.run(Conversation(talk, terminal.shown, asks_for_message=True))


def _piped(invocation: Invocation, desk: "Desk", talk: "Talk", format_: str) -> int:
    from carecli.commands.chatting import pipe
    from carecli.commands.chatting.conversation import Conversation, Shown

    write = {"text": _text(desk.zone), "json": lambda _: None, "jsonl": _jsonl()}[format_]
    conversation: Conversation = Conversation(talk, Shown(write, invocation.notice), asks_for_message=False)
    return pipe.run(conversation)


def _text(zone: str) -> "Callable[[Event], None]":
    from carecli.render import chat

    return lambda event: print(chat.spoken(event, zone).line)


def _jsonl() -> "Callable[[Event], None]":
    from itertools import count

    from carecli.render import chat_document, json_text

    places = count(1)
    return lambda event: json_text.write_jsonl([chat_document.line(event, next(places))], sys.stdout)


@app.command("list")
@command
def list_chats(
    invocation: Invocation,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List the chats that stand, those first in which the customer waits.

    care chat list

    care chat list --fields number,by,waits
    """
    from carecli.desk import chats
    from carecli.render import chat_document

    answer = listing.answer(invocation, format_, fields, output)
    with invocation.desk() as desk:
        known = chats.waiting(desk)
        zone = desk.zone
    answer.give(
        listing.Listing(
            lambda: _sheet(known, zone),
            lambda: [chat_document.row(one) for one in known],
            lambda rows: {"chats": rows},
            KEYS,
        )
    )


def _sheet(chats: "Sequence[Waiting]", zone: str) -> "Sheet":
    from carecli.render import chat

    return chat.waiting_sheet(chats, zone)


@app.command("show")
@command
def show(invocation: Invocation, number: options.Number) -> None:
    """Show what was said in the chats on a case, whole.

    care chat show 42
    """
    from carecli.desk import chats
    from carecli.render import chat, chat_document

    case = parse_number(number)
    with invocation.desk() as desk:
        entries = chats.of_case(desk, case)
        zone = desk.zone
    invocation.emit(
        chat_document.chats(case, chat.by_chat(entries).values()), lambda: chat.transcripts(case, entries, zone)
    )
