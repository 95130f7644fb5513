"""Business calendars as people look at them: months like those of `cal`, with their hours (CAL-4)."""

from collections.abc import Callable, Iterator, Sequence

from carecli.domain.calendar import DAYS
from carecli.domain.calendar_days import Day, Month
from carecli.domain.calendar_views import CalendarView, Judged
from carecli.domain.counting import counted
from carecli.domain.people import CalendarSpec
from carecli.render.calendar_document import local, turn
from carecli.render.judged import verdict
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone
from carecli.render.words import duration, shift

_FACTS = (Column("field", "Field"), Column("value", "Value", least=30))
DAY_COLUMNS = (
    Column("date", "Date"),
    Column("weekday", "Day"),
    Column("hours", "Hours", least=11),
    Column("open_s", "Open", right=True),
    Column("note", "Note", least=20),
)
Form = Callable[[tuple[int, int]], str]
"""Writes open hours, given in seconds of the day."""
MARGIN = 2
"""By which a text is indented at a terminal."""
WIDEST = 20
"""How wide a day is drawn at most."""


def calendar_page(view: CalendarView, width: int | None) -> list[Section]:
    """Months of a calendar: drawn for a terminal of so many columns, else (None) a line for each day."""
    sections: list[Section] = []
    for month in view.months:
        drawn = None if width is None else _drawn(month, view, width - MARGIN)
        sections += [_days(month, view)] if drawn is None else [drawn]
    return [*sections, _facts(view)]


def _title(month: Month) -> str:
    return f"{month.first:%B %Y}"


def _drawn(month: Month, view: CalendarView, width: int) -> Prose | None:
    """The month as a grid of weeks, None where its hours do not fit."""
    from rich.cells import set_cell_size

    broad = min(width // len(DAYS), WIDEST)
    hours = next((form for form in (_short, _plain) if _fits(month, form, broad - 1)), None)
    if hours is None:
        return None
    names = "".join(f"{day.capitalize():<{broad}}" for day in DAYS).rstrip()
    lines = [names, "─" * (broad * len(DAYS) - 1)]
    for week in _weeks(month):
        cells = [_cell(day, view, broad - 1, hours) if day else [] for day in week]
        for row in range(max(map(len, cells))):
            texts = (cell[row] if row < len(cell) else "" for cell in cells)
            lines.append("".join(set_cell_size(text, broad) for text in texts).rstrip())
        lines.append("")
    return Prose(_title(month), "\n".join([*lines, *_notes(month)]))


def _weeks(month: Month) -> Iterator[list[Day | None]]:
    days: list[Day | None] = [None] * month.first.weekday() + [*month.days]
    days += [None] * (-len(days) % len(DAYS))
    return (days[place : place + len(DAYS)] for place in range(0, len(days), len(DAYS)))


def _cell(day: Day, view: CalendarView, width: int, hours: Form) -> list[str]:
    """A day: its number with what is open of it, then its hours or why it is closed, then a change of clocks."""
    number = f"[{day.date.day}]" if day.date == view.today else f"{day.date.day:<2}"
    open_time = duration(day.open_s, days=False) if day.open_s else ""
    lines = [f"{number} {open_time}"]
    if day.closed is not None:
        lines.append(_shortened(day.closed, width))
    lines += [hours(wall) for wall in day.walls]
    if day.change is not None:
        lines.append(f"clock {shift(day.change.shift_s)}")
    return lines


def _shortened(text: str, width: int) -> str:
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= width else f"{set_cell_size(text, width - 1).rstrip()}…"


def _short(wall: tuple[int, int]) -> str:
    """`9-17`, `9:30-13`: hours without needless zeros."""
    if wall == (0, 86_400):
        return "all day"
    parts = (part.lstrip("0") for part in local(wall).split("-"))
    return "-".join(
        (part[:-3] if part.endswith(":00") and part.count(":") == 1 else part) or "0" for part in parts
    )


def _plain(wall: tuple[int, int]) -> str:
    """`0930-1315`: the shortest that is still told apart."""
    return local(wall).replace(":", "")


def _fits(month: Month, form: Form, width: int) -> bool:
    return all(len(form(wall)) <= width for day in month.days for wall in day.walls)


def _notes(month: Month) -> Iterator[str]:
    for day in month.days:
        note = _note(day)
        if note:
            yield f"{day.date:%a} {day.date.day:>2}  {note}"
    yield f"{duration(month.open_s, days=False)} open on {counted(month.open_days, 'day')}"


def _note(day: Day) -> str:
    parts = (
        [] if day.closed is None else [f"closed: {day.closed}" if day.closed not in {"", "closed"} else "closed"]
    )
    if day.change is not None:
        way = "forward" if day.change.shift_s > 0 else "back"
        parts.append(f"clocks go {way} {duration(abs(day.change.shift_s), days=False)}, {turn(day.change)}")
    return "; ".join(parts)


def _days(month: Month, view: CalendarView) -> Sheet:
    """A line for each day."""
    rows = tuple(
        (
            Cell(day.date.isoformat(), tone=Tone.STRONG if day.date == view.today else Tone.PLAIN),
            Cell(DAYS[day.date.weekday()], DAYS[day.date.weekday()].capitalize()),
            Cell(" ".join(map(local, day.walls))),
            Cell(day.open_s, duration(day.open_s, days=False) if day.open_s else ""),
            Cell("; ".join(filter(None, ["today" if day.date == view.today else "", _note(day)]))),
        )
        for day in month.days
    )
    return Sheet(_title(month), DAY_COLUMNS, rows)


def _facts(view: CalendarView) -> Sheet:
    return Sheet(whose(view.account), _FACTS, tuple(_spec_rows(view.spec)), headed=False)


def whose(account: str | None) -> str:
    """Whose calendar it is."""
    if account is None:
        return "The desk's calendar"
    return f"Calendar of {account}" if account else "Calendar"


def _spec_rows(spec: CalendarSpec) -> Iterator[tuple[Cell, ...]]:
    facts = (
        ("Time zone", spec.timezone),
        ("Hours", spec.hours),
        ("Holidays", spec.holidays or "none"),
        ("Closed on", ", ".join(spec.close_on)),
    )
    return ((Cell(name, tone=Tone.QUIET), Cell(value)) for name, value in facts if value)


def judged_page(verdicts: Sequence[Judged]) -> list[Section]:
    """Calendars with what is wrong with them."""
    return [verdict(whose(one.account), one.problems, one.warnings) for one in verdicts]
