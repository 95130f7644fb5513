"""A chat at a terminal: what is said scrolls by, what is typed stands below it (CHAT-1)."""

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.data_structures import Size
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import FormattedText, StyleAndTextTuples
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import BufferControl, Dimension, FormattedTextControl, HSplit, Layout, Window
from prompt_toolkit.layout.processors import BeforeInput
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.renderer import print_formatted_text
from prompt_toolkit.styles import Style

from carecli.commands.chatting.conversation import Conversation, Shown
from carecli.commands.guided.wrapping import shortened, wrapped
from carecli.domain.events import Event
from carecli.errors import CareError, ExitStatus
from carecli.render import chat, legible
from carecli.render.screen import Screen

STYLE: Final = Style.from_dict(
    {"quiet": "#888888", "who": "bold", "mine": "ansigreen bold", "prompt": "bold", "state": "reverse"}
)
ENTRY_LINES: Final = 6
"""How many rows a long line takes while it is typed."""


class Terminal:
    """The screen of a chat; it asks for nothing but the width, and leaves what scrolled by to the terminal."""

    def __init__(self, screen: Callable[[], Screen], zone: str, me: str) -> None:
        self._screen, self._zone, self._me = screen, zone, me
        self._waiting: list[StyleAndTextTuples] = []
        self._status = ExitStatus.DONE
        self._conversation: Conversation | None = None
        color = None if screen().color else ColorDepth.DEPTH_1_BIT
        self._buffer = Buffer(accept_handler=self._accept, multiline=False, history=InMemoryHistory())
        # No terminal is asked where its cursor stands: some never answer, and are then told off.
        output = Vt100_Output(sys.stdout, self._size, enable_cpr=False)
        self._app: Application[None] = Application(
            layout=Layout(self._frame()),
            key_bindings=self._keys(),
            style=STYLE,
            color_depth=color,
            erase_when_done=True,
            input=create_input(sys.stdin),
            output=output,
        )
        self._app.ttimeoutlen = 0.05

    @property
    def shown(self) -> Shown:
        """What a conversation shows its lines on."""
        return Shown(self._line, self._tell)

    def run(self, conversation: Conversation) -> int:
        """Talk until it is over: the exit status."""
        self._conversation = conversation
        try:
            asyncio.run(self._talk(conversation))
        finally:
            if self._buffer.text.strip():
                self._tell(f"Not said: {self._buffer.text}")
            # A terminal that is gone takes nothing more; the chat is left all the same.
            with suppress(OSError):
                self._print()
        return self._status or conversation.status

    async def _talk(self, conversation: Conversation) -> None:
        loop = asyncio.get_running_loop()
        for name, status in ((signal.SIGTERM, ExitStatus.DONE), (signal.SIGHUP, ExitStatus.DONE)):
            loop.add_signal_handler(name, self._stop, status)
        conversation.begin()
        if conversation.over:
            return
        rounds = asyncio.ensure_future(self._rounds(conversation))
        try:
            with suppress(EOFError, OSError):
                await self._app.run_async()
        finally:
            rounds.cancel()
            conversation.leave()
        with suppress(asyncio.CancelledError):
            await rounds

    async def _rounds(self, conversation: Conversation) -> None:
        try:
            while not conversation.over:
                self._round(conversation)
                await _pause(conversation)
            self._exit()
        except CareError as error:
            self._exit(error)

    def _round(self, conversation: Conversation) -> None:
        conversation.turn()
        if self._waiting:
            with suppress(OSError):
                # By hand: prompt_toolkit's own way gives the terminal back for a moment, which then shows what is
                # being typed a second time.
                self._app.renderer.erase()
                self._print()
            self._app.invalidate()

    def _accept(self, buffer: Buffer) -> bool:
        """Take in what was entered; the answer is whether it stays where it was typed."""
        if self._conversation:
            self._conversation.typed(buffer.text)
            asyncio.get_running_loop().call_soon(self._hurried, self._conversation)
        return False

    def _hurried(self, conversation: Conversation) -> None:
        """A round at once, for what was just typed; many lines of a paste go out in one."""
        try:
            self._round(conversation)
        except CareError as error:
            self._exit(error)
        if conversation.over:
            self._exit()

    def _stop(self, status: ExitStatus) -> None:
        self._status = status
        self._exit()

    def _exit(self, error: Exception | None = None) -> None:
        with suppress(Exception):  # it is ending already
            if error:
                self._app.exit(exception=error)
            else:
                self._app.exit()

    def _line(self, event: Event) -> None:
        said = chat.spoken(event, self._zone, self._me)
        head = f"{said.time} {said.who}: "
        first, *rest = [part for line in said.text.split("\n") for part in wrapped(line, self._width - 6)]
        if len(head) + len(first) > self._width:
            first, *rest = self._beside(head, said.text)
        parts: StyleAndTextTuples = [
            ("class:quiet", f"{said.time} "),
            ("class:mine" if said.mine else "class:who", f"{said.who}: "),
            ("", "\n".join([first, *(f"      {line}" for line in rest)])),
        ]
        self._waiting.append(parts)

    def _beside(self, head: str, text: str) -> list[str]:
        """A text whose first row stands beside its head: broken as if the head were its first word."""
        room = self._width - 6
        blank = "\u2007" * max(len(head) - 6, 0)
        lines = [part for line in f"{blank}{text}".split("\n") for part in wrapped(line, room)]
        return [lines[0].lstrip("\u2007"), *lines[1:]]

    def _tell(self, text: str) -> None:
        lines = wrapped(legible.line(text), self._width - 3)
        self._waiting.append(
            [("class:quiet", "\n".join(["-- " + lines[0], *(f"   {line}" for line in lines[1:])]))]
        )

    def _print(self) -> None:
        told, self._waiting = self._waiting, []
        if told:
            parts = [part for one in told for part in (*one, ("", "\n"))]
            print_formatted_text(self._app.output, FormattedText(parts), STYLE, color_depth=self._app.color_depth)

    def _frame(self) -> HSplit:
        entry = Window(
            BufferControl(self._buffer, input_processors=[BeforeInput(self._prompt, style="class:prompt")]),
            height=Dimension(min=1, max=ENTRY_LINES),
            wrap_lines=True,
            dont_extend_height=True,
        )
        return HSplit([entry, Window(FormattedTextControl(self._state), height=1, style="class:state")])

    def _prompt(self) -> str:
        return "message> " if self._conversation and self._conversation.for_message else "> "

    def _state(self) -> StyleAndTextTuples:
        if self._conversation is None:
            return []
        talk = self._conversation.talk
        others = dict.fromkeys(one.email for one in talk.others if one.email != talk.me.email)
        who = f"with {', '.join(others)}" if others else "nobody else is here"
        told = f" case {talk.number} · /quit ends · {legible.line(who)}"
        return [("", shortened(told, self._width))]

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        empty = Condition(lambda: not self._buffer.text)

        @keys.add("c-c", eager=True)
        @keys.add("<sigint>")
        def interrupted(_event: KeyPressEvent) -> None:
            self._stop(ExitStatus.INTERRUPTED)

        @keys.add("c-d", filter=empty, eager=True)
        def ended(_event: KeyPressEvent) -> None:
            self._stop(ExitStatus.DONE)

        @keys.add("c-z", eager=True)
        def suspended(event: KeyPressEvent) -> None:
            event.app.suspend_to_background()

        return keys

    @property
    def _width(self) -> int:
        # Not the last column: some terminals go on to the next line when it is written.
        return max(self._screen().width - 1, 20)

    def _size(self) -> Size:
        screen = self._screen()
        return Size(rows=screen.height, columns=screen.width)


async def _pause(conversation: Conversation) -> None:
    """Wait until the next round, which begins at once where the record tells of something new."""
    descriptor = conversation.signal
    if descriptor is None:
        await asyncio.sleep(conversation.pause_s)
        return
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(descriptor, told.set)
    try:
        with suppress(TimeoutError):
            await asyncio.wait_for(told.wait(), conversation.pause_s)
    finally:
        loop.remove_reader(descriptor)
