"""The last page of the guided form: everything that was said, to be confirmed or changed."""

from collections.abc import Iterator
from typing import Any, Final

from carecli.commands.guided.choices import Choice, Item
from carecli.commands.guided.course import Change, Course, Move, Step
from carecli.commands.guided.wording import ASKED
from carecli.commands.instants import parse
from carecli.domain import details, opening
from carecli.render import legible
from carecli.render.words import titled, zoned_time

OPEN: Final = "open"
STOP: Final = "stop"
TITLES: Final = {
    "kind": "About",
    "subtype": "About",
    "impact": "Business impact",
    "attach": "Files",
    "fields": "Extra fields",
}
LONGEST: Final = 200
"""How much of a text the summary shows."""


def summed_up(course: Course) -> Step:
    """Show all answers; Enter opens the case, or leads back to the answer that it stands on."""
    items = [
        Item(OPEN, "Open the case"),
        *(
            Item(name, f"{TITLES.get(name, ASKED.get(name, (_named(name), ''))[0])}: {said}")
            for name, said in _said(course)
        ),
        Item(STOP, "Stop here, and keep the answers"),
    ]
    outcome = yield Choice(
        "Is this right?", items, ["Enter on an answer changes it."], enter="Enter opens or changes", numbered=False
    )
    if outcome.back:
        return Move.BACK
    course.asking.draft.asked = True
    if outcome.value == STOP:
        raise KeyboardInterrupt
    return Move.ON if outcome.value == OPEN else Change(outcome.value)


def _said(course: Course) -> Iterator[tuple[str, str]]:
    form = course.form
    yield "kind", " / ".join(filter(None, (titled(form.type), titled(opening.subtype(form)))))
    names = ("contact", "deployment", "service", "stage", "priority", "subject", "description", "impact")
    for name in names:
        if getattr(form, name) and (name != "contact" or course.staff):
            yield name, _short(getattr(form, name))
    if course.component:
        yield "component", course.component
    known = [detail.name for detail in details.of(opening.subtype(form))]
    yield from ((name, _short(details.told(form.fields, name)) or "-") for name in known)
    for name in opening.optional(form):
        yield name, _short(_read(course, name, form.fields.get(name, ""))) or "-"
    own = ", ".join(f"{k}={v}" for k, v in form.fields.items() if k not in (*opening.ANSWERS, *known))
    yield "fields", _short(own) or "-"
    items = course.asking.policy.checklist(opening.subtype(form) or form.type.value)
    if items:
        yield "checklist", _answered(course, len(items))
    yield "attach", _short(", ".join(course.asking.draft.attach)) or "-"


def _read(course: Course, name: str, value: Any) -> Any:
    """An answer as people read it: a moment in their own zone."""
    if name != "observed_at" or not value:
        return value
    desk = course.asking.desk
    return zoned_time(parse(str(value), zone=desk.zone, now=desk.now), desk.zone)


def _answered(course: Course, items: int) -> str:
    said = list(course.form.checklist.values())
    counts = {"yes": said.count(True), "no": said.count(False), "not answered": items - len(said)}
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count)


def _named(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _short(value: Any) -> str:
    text = legible.line(str(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
