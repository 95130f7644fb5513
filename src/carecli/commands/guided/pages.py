"""What the guided form shows: a question with its keys; here those that are answered by typing."""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import Completer
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import BufferControl, Container, Dimension, FormattedTextControl, HSplit, Window
from prompt_toolkit.layout.menus import CompletionsMenu
from prompt_toolkit.layout.processors import BeforeInput

from carecli.commands.guided.wrapping import ByWords
from carecli.render import legible

HELD: Final = 20_000
"""From how many characters on a text is shown by its size alone: laying out more of it takes seconds."""
BACK: Final = "Shift-Tab back"
KEEP: Final = "Ctrl-C stop"


class Outcome(NamedTuple):
    """How a page was left: onwards with a value, or back."""

    value: Any = None
    back: bool = False


class Count(NamedTuple):
    """How far a text has come, such as `words 6/10`, and whether that will do."""

    text: str
    good: bool


Finish = Callable[[Outcome], None]
"""Hears how a page was left."""


class Page:
    """A question on the screen; `fault` is what was wrong with the last answer."""

    fills = False
    """Whether it takes all the room that there is."""

    def __init__(self, title: str, explanation: Sequence[str] = (), *, fault: str = "") -> None:
        self.title = title
        self.explanation = explanation
        self.fault = fault
        self.keys = KeyBindings()
        self.finish: Finish = lambda _: None
        self.between: Container = Window(height=1)
        self.body: Container = Window()
        self.focus: Window | Buffer = Window()
        self._on("s-tab", lambda _: self.finish(Outcome(back=True)))

    @property
    def hint(self) -> Sequence[str]:
        """What the keys do."""
        return ("Enter next", BACK, KEEP)

    @property
    def begun(self) -> str:
        """What was typed so far, where it is a text."""
        return ""

    def _on(self, key: str, act: Callable[[KeyPressEvent], None]) -> None:
        self.keys.add(key, eager=True)(act)

    def _refuse(self, fault: str) -> None:
        self.fault = fault


def width() -> int:
    """How many columns there are."""
    return get_app().output.get_size().columns


class Line(Page):
    """A line of text, judged when Enter is pressed; `count` tells how far it has come."""

    def __init__(
        self,
        title: str,
        explanation: Sequence[str] = (),
        *,
        begun: str = "",
        judge: Callable[[str], str] = lambda _: "",
        count: Callable[[str], Count] | None = None,
        completer: Completer | None = None,
        optional: bool = False,
        fault: str = "",
    ) -> None:
        super().__init__(title, explanation, fault=fault)
        self.judge = judge
        self.count = count
        self.optional = optional
        self.completing = completer is not None
        self.buffer = Buffer(multiline=False, completer=completer, on_text_changed=lambda _: self._refuse(""))
        self.buffer.text = begun
        self.buffer.cursor_position = len(begun)
        control = BufferControl(self.buffer, input_processors=[BeforeInput("> ", style="class:mark"), ByWords(2)])
        window = Window(control, height=Dimension(min=1, max=4), wrap_lines=True, dont_extend_height=True)
        menu = [CompletionsMenu(max_height=6)] if completer else []
        self.body = HSplit([window, _counting(self), *menu]) if count else HSplit([window, *menu])
        self.focus = window
        self._on("enter", lambda _: self._take())
        self._on(Keys.BracketedPaste, self._pasted)
        if not completer:
            self._on("tab", lambda _: self._take())

    @property
    def hint(self) -> Sequence[str]:
        """What the keys do."""
        onwards = ("Enter adds", "empty: next", "Tab completes") if self.completing else ("Enter next",)
        skip = ("empty: skip",) if self.optional and not self.completing else ()
        return (*onwards, *skip, BACK, KEEP)

    @property
    def begun(self) -> str:
        """What was typed so far."""
        return self.buffer.text

    def counted(self) -> Count:
        """How far the text has come."""
        return self.count(self.buffer.text) if self.count else Count("", good=True)

    def _take(self) -> None:
        text = self.buffer.text.strip()
        self.fault = "" if self.optional and not text else self.judge(text)
        if not self.fault:
            self.finish(Outcome(text))

    def _pasted(self, event: KeyPressEvent) -> None:
        """Of what was pasted a line is made: breaks and other controls would only be refused later."""
        self.buffer.insert_text(legible.line(event.data)[:HELD])


class Text(Page):
    """A text of many lines, written here or in an editor."""

    fills = True

    def __init__(
        self,
        title: str,
        explanation: Sequence[str] = (),
        *,
        begun: str = "",
        judge: Callable[[str], str] = lambda _: "",
        count: Callable[[str], Count] | None = None,
        edit: Callable[["Text"], None] | None = None,
        optional: bool = False,
    ) -> None:
        super().__init__(title, explanation)
        self.judge = judge
        self.count = count
        self.optional = optional
        self.held = ""
        self.buffer = Buffer(multiline=True, on_text_changed=lambda _: self._refuse(""))
        control = BufferControl(self.buffer, input_processors=[ByWords()])
        self.focus = Window(control, wrap_lines=True, height=Dimension(min=2, weight=1), style="class:text")
        self.body = HSplit([_counting(self), self.focus])
        self.text = begun
        for key in ("tab", "c-d"):
            self._on(key, lambda _: self._take())
        self._on(Keys.BracketedPaste, self._pasted)
        if edit:
            written = edit
            self.keys.add("c-x", "c-e", eager=True)(lambda _: written(self))

    @property
    def hint(self) -> Sequence[str]:
        """What the keys do."""
        skip = ("Tab next (empty: skip)",) if self.optional else ("Tab next",)
        return (*skip, BACK, "Ctrl-X Ctrl-E editor", KEEP)

    @property
    def text(self) -> str:
        """The whole text; one that is too long to lay out is held beside, and what is typed comes behind it."""
        return f"{self.held}{self.buffer.text}"

    @text.setter
    def text(self, text: str) -> None:
        self.held, shown = ("", text) if len(text) <= HELD else (text, "")
        self.buffer.text = shown
        self.buffer.cursor_position = len(shown)

    @property
    def begun(self) -> str:
        """What was typed so far."""
        return self.text

    def counted(self) -> Count:
        """How far the text has come."""
        told = self.count(self.text) if self.count else Count("", good=True)
        if not self.held:
            return told
        held = f"{len(self.held):,} characters held unseen; Ctrl-X Ctrl-E shows them"
        return Count(f"{held} · {told.text}", told.good)

    def _take(self) -> None:
        text = self.text.strip()
        self.fault = "" if self.optional and not text else self.judge(text)
        if not self.fault:
            self.finish(Outcome(text))

    def _pasted(self, event: KeyPressEvent) -> None:
        pasted = event.data.replace("\r\n", "\n").replace("\r", "\n")
        if len(self.text) + len(pasted) <= HELD:
            self.buffer.insert_text(pasted)
            return
        before, after = self.buffer.document.text_before_cursor, self.buffer.document.text_after_cursor
        self.text = f"{self.held}{before}{pasted}{after}"


def _counting(page: "Line | Text") -> Window:
    def told() -> StyleAndTextTuples:
        count = page.counted()
        return [("class:good" if count.good else "class:bad", count.text)]

    return Window(FormattedTextControl(told), height=1, dont_extend_height=True)
