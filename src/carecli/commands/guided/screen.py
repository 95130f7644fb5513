"""The terminal under the guided form: one full screen, whose pages a conversation hands out one by one."""

import asyncio
import signal
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from typing import TypeVar

from prompt_toolkit.application import Application, run_in_terminal
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import DynamicKeyBindings, KeyBindings, merge_key_bindings
from prompt_toolkit.layout import (
    DynamicContainer,
    FormattedTextControl,
    HSplit,
    Layout,
    Window,
)
from prompt_toolkit.output import ColorDepth, create_output
from prompt_toolkit.styles import Style
from prompt_toolkit.utils import get_cwidth

from carecli.commands.guided.pages import Outcome, Page, width
from carecli.commands.guided.wrapping import SEPARATOR, joined, shortened, wrapped
from carecli.render import legible

Ending = TypeVar("Ending")
Conversation = Generator[Page, Outcome, Ending]
"""Hands out pages, hears how each was left, and returns what it all came to."""

STYLE = Style.from_dict(
    {
        "title": "reverse",
        "keys": "reverse",
        "question": "bold",
        "quiet": "#888888",
        "mark": "bold",
        "good": "ansigreen",
        "bad": "ansired bold",
        "fault": "ansired bold",
        "chosen": "bold reverse",
        "scrollbar.button": "reverse",
    }
)
FAULT_LINES = 4
"""How many lines of what was wrong are shown: it may name a file, and names may be long."""
ENDS = ("SIGHUP", "SIGTERM")
"""What a terminal that goes away, or a system that goes down, sends."""


class Screen:
    """A full screen on standard error, where it disturbs no pipe that reads the answer."""

    def __init__(self, *, color: bool, title: Callable[[], Sequence[str]], heard: Callable[[str], None]) -> None:
        self._title = title
        self._heard = heard
        self._page = Page("")
        keys = KeyBindings()
        keys.add("c-c", eager=True)(lambda _: self._stop())
        keys.add("<sigint>")(lambda _: self._stop())
        keys.add("c-z", eager=True)(lambda event: event.app.suspend_to_background())
        self._app: Application[object] = Application(
            layout=Layout(self._frame()),
            key_bindings=merge_key_bindings([keys, DynamicKeyBindings(lambda: self._page.keys)]),
            style=STYLE,
            color_depth=None if color else ColorDepth.DEPTH_1_BIT,
            full_screen=True,
            input=create_input(sys.stdin),
            output=create_output(sys.stderr),
        )
        # A lone Escape means nothing here: no half second is waited for what may follow it.
        self._app.ttimeoutlen = 0.05

    def hold(self, conversation: "Conversation[Ending]") -> Ending:
        """Show what the conversation hands out until it returns; what ends it early is raised.

        Raises KeyboardInterrupt for Ctrl-C and for a terminal that is gone; `heard` hears what was typed by then.
        """
        ended: list[Ending] = []

        def advance(outcome: Outcome | None) -> None:
            # Within the key's own handling: what was typed ahead goes to the page that it was meant for.
            try:
                self._show(next(conversation) if outcome is None else conversation.send(outcome), advance)
            except StopIteration as end:
                ended.append(end.value)
                self._app.exit()
            except BaseException as error:  # noqa: BLE001 - it goes on where the screen is left
                self._app.exit(exception=error)

        def begin() -> None:
            self._watch()
            advance(None)

        try:
            self._app.run(pre_run=begin)
        except EOFError:
            raise KeyboardInterrupt from None
        return ended[0]

    def aside(self, act: Callable[[], None]) -> None:
        """Do something that has the terminal for itself, such as an editor."""
        run_in_terminal(act)

    def tell(self, doing: str) -> None:
        """Show what keeps the person waiting, at once: nothing else is drawn meanwhile."""
        self._page.fault = doing
        self._app.renderer.render(self._app, self._app.layout)

    def _show(self, page: Page, advance: Callable[[Outcome], None]) -> None:
        page.finish = advance
        self._page = page
        self._app.layout.focus(page.focus)
        self._app.invalidate()

    def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        for name in ENDS:
            loop.add_signal_handler(getattr(signal, name), self._stop)

    def _stop(self) -> None:
        self._heard(self._page.begun)
        with suppress(Exception):  # it is ending already
            self._app.exit(exception=KeyboardInterrupt())

    def _frame(self) -> HSplit:
        return HSplit(
            [
                Window(FormattedTextControl(self._head), height=1, style="class:title"),
                Window(FormattedTextControl(self._question), dont_extend_height=True),
                DynamicContainer(lambda: self._page.between),
                DynamicContainer(lambda: self._page.body),
                Window(FormattedTextControl(self._fault), dont_extend_height=True),
                DynamicContainer(lambda: self._rest if not self._page.fills else self._none),
                Window(FormattedTextControl(self._keys), style="class:keys", dont_extend_height=True),
            ]
        )

    @property
    def _rest(self) -> Window:
        return Window()

    @property
    def _none(self) -> Window:
        return Window(height=0)

    def _head(self) -> StyleAndTextTuples:
        first, *about, place = (legible.line(part) for part in self._title())
        # What a long name leaves no room for is the name's own end.
        room = max(width() - 2 - get_cwidth(SEPARATOR.join(filter(None, (first, place)))), 0)
        named = shortened(SEPARATOR.join(filter(None, about)), room - len(SEPARATOR))
        return [("", f" {SEPARATOR.join(filter(None, (first, named, place)))}")]

    def _question(self) -> StyleAndTextTuples:
        page = self._page
        told = [part for line in page.explanation for part in wrapped(legible.line(line), width() - 1)]
        title = wrapped(legible.line(page.title), width() - 1)
        room = max(self._app.output.get_size().rows - 7 - len(title), 0)
        shown = told if len(told) <= room else [*told[: max(room - 1, 0)], "…"]
        quiet = "".join(f"\n{line}" for line in shown)
        return [("class:question", "\n".join(title)), ("class:quiet", quiet)]

    def _fault(self) -> StyleAndTextTuples:
        if not self._page.fault:
            return []
        room = width() - 3
        lines = wrapped(shortened(legible.line(self._page.fault), room * FAULT_LINES), room)
        return [("class:fault", "! " + "\n  ".join(lines))]

    def _keys(self) -> StyleAndTextTuples:
        lines = joined(self._page.hint, width() - 1)
        return [("", "\n".join(f" {line}" for line in lines))]
