"""Pages of the guided form that are answered without typing a text: choices, checklists, things to read."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import (
    ConditionalMargin,
    Dimension,
    FormattedTextControl,
    ScrollbarMargin,
    ScrollOffsets,
    Window,
)

from carecli.commands.guided.pages import BACK, HELD, KEEP, Outcome, Page, width
from carecli.commands.guided.wrapping import shortened, wrapped
from carecli.render import legible

SHOWN: Final = 200
"""How many choices are laid out at once; who has more types a few letters."""


class Item(NamedTuple):
    """Something to choose: its value, how it is shown, and what explains it."""

    value: Any
    label: str
    explanation: str = ""
    number: int | None = None


class Listing(Page):
    """A page of lines, with a bar beside them where they do not fit."""

    fills = True

    def _lay(self, control: FormattedTextControl, first: Callable[[], int] | None = None) -> None:
        """Lay out the lines; `first` is the one at the top, where it is not the chosen one that must show."""
        margin = ConditionalMargin(ScrollbarMargin(), Condition(self._longer))
        self.list = Window(
            control,
            height=Dimension(min=1, weight=1),
            always_hide_cursor=True,
            # What is chosen is seen with the lines that explain it.
            scroll_offsets=ScrollOffsets(bottom=3),
            right_margins=[margin],
            get_vertical_scroll=(lambda _: first()) if first else None,
        )
        self.focus = self.body = self.list

    def _longer(self) -> bool:
        shown = self.list.render_info
        return shown is not None and shown.content_height > shown.window_height


class Choice(Listing):
    """One of several: by arrow keys, by its number, or by typing some of it."""

    def __init__(
        self,
        title: str,
        items: Sequence[Item],
        explanation: Sequence[str] = (),
        *,
        at: Any = None,
        fault: str = "",
        enter: str = "Enter next",
        numbered: bool = True,
    ) -> None:
        super().__init__(title, explanation, fault=fault)
        self.items = [item._replace(number=item.number or place) for place, item in enumerate(items, 1)]
        self.typed = ""
        self.enter = enter
        self.numbered = numbered
        self.place = next((n for n, item in enumerate(items) if at is not None and item.value == at), 0)
        control = FormattedTextControl(self._laid_out, focusable=True, show_cursor=False)
        self._lay(control)
        self.between = Window(FormattedTextControl(self._told), height=1)
        for key, step in (("up", -1), ("down", 1), ("pageup", -5), ("pagedown", 5), ("c-p", -1), ("c-n", 1)):
            self._on(key, lambda _, step=step: self._go(step))  # type: ignore[misc]
        for key in ("enter", "tab"):
            self._on(key, lambda _: self._take())
        self._on("backspace", lambda _: self._type(self.typed[:-1]))
        self._on("c-u", lambda _: self._type(""))
        self.keys.add(Keys.Any)(lambda event: self._type(self.typed + event.data))
        self._on(Keys.BracketedPaste, lambda event: self._type(legible.line(event.data)[:200]))

    @property
    def hint(self) -> Sequence[str]:
        """What the keys do."""
        return (self.enter, "Up/Down or type", BACK, KEEP)

    @property
    def left(self) -> list[Item]:
        """The choices that what was typed leaves."""
        typed = self.typed.strip().casefold()
        if not typed or self._number() is not None:
            return self.items
        starting = [item for item in self.items if item.label.casefold().startswith(typed)]
        return starting or [item for item in self.items if typed in item.label.casefold()]

    def _number(self) -> int | None:
        typed = self.typed.strip()
        number = int(typed) if self.numbered and typed.isascii() and typed.isdigit() and len(typed) < 7 else None
        return number if any(item.number == number for item in self.items) else None

    def _type(self, typed: str) -> None:
        if typed and not typed.isprintable():
            return
        self.typed, self.fault, self.place = typed, "", 0
        number = self._number()
        if number is not None:
            self.place = next(n for n, item in enumerate(self.items) if item.number == number)

    def _go(self, step: int) -> None:
        if self.left:
            self.place = max(0, min(self.place + step, len(self.left) - 1))

    def _take(self) -> None:
        if not self.left:
            self._refuse(f"{legible.line(self.typed)[:40]!r} is none of these")
            return
        self.finish(Outcome(self.left[self.place].value))

    def _laid_out(self) -> StyleAndTextTuples:
        fragments: StyleAndTextTuples = []
        left = self.left
        first = max(0, min(self.place - SHOWN // 2, len(left) - SHOWN))
        for place, item in enumerate(left[first : first + SHOWN], first):
            fragments += self._item(item, chosen=place == self.place)
        return fragments

    def _told(self) -> StyleAndTextTuples:
        """What was typed, above the choices that it leaves; and that there are more than a screen can hold."""
        typed = shortened(legible.line(self.typed), width() - 36)
        if typed:
            none = "" if self.left else "  none of these: Backspace"
            return [("class:mark", f"  typed: {typed}"), ("class:quiet", none)]
        many = len(self.items) > SHOWN
        return [("class:quiet", f"  {len(self.items):,} in all: type a few letters" if many else "")]

    def _item(self, item: Item, *, chosen: bool) -> StyleAndTextTuples:
        digits = len(str(max(item.number or 0 for item in self.items)))
        number = f"{item.number:>{digits}}. " if self.numbered else ""
        head = f"{'>' if chosen else ' '} {number}"
        # Where no number tells items apart, what belongs to the one above stands further in.
        begin = " " * (len(head) + (0 if self.numbered else 2))
        room = max(width() - len(begin) - 1, 20)
        style = "class:chosen" if chosen else ""
        fragments: StyleAndTextTuples = [("[SetCursorPosition]", "")] if chosen else []
        label = wrapped(legible.line(item.label), room)
        fragments.append((style, f"{head}{label[0]}\n"))
        fragments += [(style, f"{begin}{more}\n") for more in label[1:]]
        if item.explanation:
            told = wrapped(legible.line(item.explanation), room - 2)
            fragments += [("class:quiet", f"{' ' * len(head)}  {more}\n") for more in told]
        return fragments


class Checks(Listing):
    """Questions to answer with yes or no; what is not answered stays open."""

    def __init__(
        self, title: str, items: Sequence[tuple[str, str]], answers: Mapping[str, bool], explanation: Sequence[str]
    ) -> None:
        super().__init__(title, explanation)
        self.items = items
        self.answers = dict(answers)
        self.place = 0
        control = FormattedTextControl(self._laid_out, focusable=True, show_cursor=False)
        self._lay(control)
        for key, step in (("up", -1), ("down", 1)):
            self._on(key, lambda _, step=step: self._go(step))  # type: ignore[misc]
        for key, said in (("y", True), ("Y", True), ("n", False), ("N", False)):
            self._on(key, lambda _, said=said: self._say(said))  # type: ignore[misc]
        self._on("space", lambda _: self._toggle())
        for key in ("enter", "tab"):
            self._on(key, lambda _: self.finish(Outcome(dict(self.answers))))

    @property
    def hint(self) -> Sequence[str]:
        """What the keys do."""
        return ("y yes", "n no", "Up/Down", "Enter next", BACK, KEEP)

    def _go(self, step: int) -> None:
        self.place = max(0, min(self.place + step, len(self.items) - 1))

    def _say(self, said: bool) -> None:
        self.answers[self.items[self.place][0]] = said
        self._go(1)

    def _toggle(self) -> None:
        key = self.items[self.place][0]
        self.answers[key] = not self.answers.get(key, False)

    def _laid_out(self) -> StyleAndTextTuples:
        fragments: StyleAndTextTuples = []
        for place, (key, question) in enumerate(self.items):
            chosen = place == self.place
            said = self.answers.get(key)
            box = "[   ]" if said is None else "[yes]" if said else "[no ]"
            lines = wrapped(legible.line(question), max(width() - 9, 20))
            fragments += [("[SetCursorPosition]", "")] if chosen else []
            head = f"{'>' if chosen else ' '} {box} "
            style = "class:chosen" if chosen else ""
            fragments.append((style, f"{head}{lines[0]}\n"))
            fragments += [(style, f"{' ' * len(head)}{more}\n") for more in lines[1:]]
        return fragments


class Reading(Listing):
    """A page to read; each of `acts` is a key, what it does in a word, and the value that it leaves with."""

    def __init__(self, title: str, text: str, acts: Sequence[tuple[str, str, Any]], *, note: str = "") -> None:
        super().__init__(title, [note] if note else [])
        self.acts = acts
        self.text = legible.lines(text)[:HELD]
        self.top = 0
        control = FormattedTextControl(self._laid_out, focusable=True, show_cursor=False)
        self._lay(control, lambda: self.top)
        for key, step in (("up", -1), ("down", 1), ("pageup", -10), ("pagedown", 10), ("space", 10)):
            self._on(key, lambda _, step=step: self._go(step))  # type: ignore[misc]
        for key in ("enter", "tab", "q"):
            self._on(key, lambda _: self.finish(Outcome(back=True)))
        for key, _, value in acts:
            self._on(key, lambda _, value=value: self.finish(Outcome(value)))  # type: ignore[misc]

    @property
    def hint(self) -> Sequence[str]:
        """What the keys do."""
        return (*(f"{key} {told}" for key, told, _ in self.acts), "Enter back to the list")

    def _lines(self) -> list[str]:
        return [part for line in self.text.split("\n") for part in wrapped(line, max(width() - 2, 20))]

    def _go(self, step: int) -> None:
        self.top = max(0, min(self.top + step, len(self._lines()) - 1))

    def _laid_out(self) -> StyleAndTextTuples:
        lines = [f"{line}\n" for line in self._lines()]
        return [("", "".join(lines[: self.top])), ("[SetCursorPosition]", ""), ("", "".join(lines[self.top :]))]
