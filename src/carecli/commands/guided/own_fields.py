"""The steps of the guided form for what a sub-type has of its own: which one it is, and its fields (OPEN-4)."""

from carecli.commands.guided.choices import Choice, Item
from carecli.commands.guided.course import Course, Move, Step
from carecli.commands.guided.pages import Line
from carecli.commands.guided.steps import needed, set_field
from carecli.commands.guided.wording import SUBTYPES
from carecli.domain import details, opening
from carecli.domain.vocabulary import CaseType


def subtype(course: Course) -> Step:
    """What a service request or an admin case is about, where the kind alone is told (OPEN-2)."""
    form = course.form
    items = [Item(word, word, SUBTYPES.get(word, "")) for word in opening.SUBTYPES[form.type]]
    if form.type is CaseType.ADMIN:
        items.append(Item(None, "something else", ""))
    outcome = yield Choice("What is asked for?", items, at=form.subtype)
    if outcome.back:
        return Move.BACK
    course.asking.draft.answer(subtype=outcome.value)
    return Move.ON


def answered(course: Course, name: str) -> Step:
    """What a sub-type must tell in a field of its own, or may (OPEN-4)."""
    kind = opening.subtype(course.form) or ""
    detail = next(one for one in details.of(kind) if one.name == name)
    begun = course.asking.draft.begun.get(name) or details.told(course.form.fields, name)
    title = name.replace("_", " ").capitalize()
    if detail.choices:
        outcome = yield Choice(title, [Item(word, word) for word in detail.choices], [detail.question], at=begun)
    else:
        # Of several of which one is needed the last is, where no other was told.
        either = details.ONE_OF.get(kind, ())
        told = any(details.told(course.form.fields, other) for other in either if other != name)
        must = detail.needed or (either[-1:] == (name,) and not told)
        judge = needed if must else _anything
        outcome = yield Line(title, [detail.question], begun=begun, optional=not must, judge=judge)
    if outcome.back:
        return Move.BACK
    set_field(course, name, outcome.value)
    return Move.ON


def _anything(_text: str) -> str:
    return ""
