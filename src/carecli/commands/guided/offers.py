"""What is offered before a case is opened: advisories, articles, cases like it, and the likely component."""

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from carecli.commands import offering
from carecli.commands.guided.choices import Choice, Item, Reading
from carecli.commands.guided.course import Course, Move, Step
from carecli.commands.guided.pages import Outcome, Page
from carecli.commands.questions import Ended
from carecli.domain.numbers import written
from carecli.render.words import titled

if TYPE_CHECKING:
    from carecli.domain.advisory import Advisory
    from carecli.domain.knowledge import ArticleHit
    from carecli.domain.selection import Selection
    from carecli.domain.similar import Similar

HELPED: Final = {
    (True, False): "An article may spare you the case: choose one to read it.",
    (False, True): "Is your issue in one of these cases already? Choose it to add to it.",
    (True, True): "Choose an article to read it, or a case to add to it.",
}
"""What is said above articles, cases, or both."""
KNOWN: Final = "An advisory tells of an issue that is known: choose it to read it."
GO_ON: Final = "go on"
WHY: Final = 6
"""How many of the words that spoke for a component are told."""


def helped(course: Course) -> Step:
    """Show what may spare the case: one that is open already, articles, cases like it (OPEN-7, OPEN-11)."""
    desk, form, limit = course.asking.desk, course.form, course.asking.policy.offers
    cases = offering.cases(desk, form, limit)
    articles = offering.articles(desk, form, limit)
    advisories = offering.advisories(desk, form, limit)
    near = next((case for case in cases if case.near), None)
    while True:
        move: Move | Ended = Move.PAST
        if near:
            move = yield from _open_already(course, near)
            if isinstance(move, Ended) or move is Move.BACK:
                return move
        others = [case for case in cases if case != near]
        after = yield from _offered(course, Offers(advisories, articles, others))
        if after is not Move.BACK or not near:
            return move if after is Move.PAST else after


def _open_already(course: Course, case: "Similar") -> Generator[Page, Outcome, Move | Ended]:
    """One issue is one case: ask whether this is another one, or news of the one that is there (OPEN-11)."""
    number = written(case.number)
    items = (
        Item("update", f"It is the same issue: add what I wrote to {number}", "No new case is opened."),
        Item("open", "It is another issue: open a new case"),
        Item("stop", "Stop here", "Your answers are kept; care open --resume goes on."),
    )
    told = [f"{number} {case.subject} ({titled(case.status)})"]
    outcome = yield Choice("This may be open already", items, told)
    if outcome.back:
        return Move.BACK
    # An answer is worth keeping, even where all others came with the command.
    course.asking.draft.asked = True
    if outcome.value == "stop":
        raise KeyboardInterrupt
    return Ended(number=case.number) if outcome.value == "update" else Move.ON


class Offers(NamedTuple):
    """What might help: advisories that are open, articles, cases that are open."""

    advisories: "Sequence[Advisory]"
    hits: "Sequence[ArticleHit]"
    cases: "Sequence[Similar]"

    def items(self) -> list[Item]:
        """Each to be chosen, advisories first: what is known needs no search."""
        return [
            Item(GO_ON, "None of these: go on with the case"),
            *(Item(one, one.text.title, f"advisory {one.label}: {_begun(one)}") for one in self.advisories),
            *(Item(hit, hit.article.title, _found(hit)) for hit in self.hits),
            *(Item(case, f"{written(case.number)} {case.subject}", _case(case)) for case in self.cases),
        ]

    def told(self) -> list[str]:
        """What is said above them."""
        known = [KNOWN] if self.advisories else []
        return known + ([HELPED[bool(self.hits), bool(self.cases)]] if self.hits or self.cases else [])


def _case(case: "Similar") -> str:
    return f"case, {titled(case.status)}"


def _begun(one: "Advisory") -> str:
    return " ".join(one.text.text.split())


def _offered(course: Course, offers: Offers) -> Generator[Page, Outcome, Move | Ended]:
    """These resources might help: each can be read in place, and the case may be spared by it (OPEN-7)."""
    if not any(offers):
        return Move.PAST
    items, told = offers.items(), offers.told()
    at: Any = GO_ON
    while True:
        outcome = yield Choice("These might help", items, told, at=at)
        if outcome.back:
            return Move.BACK
        if outcome.value == GO_ON:
            return Move.ON
        at = outcome.value
        ended = yield from _chosen(course, offers, at)
        if isinstance(ended, Ended):
            return ended


def _chosen(course: Course, offers: Offers, at: Any) -> Generator[Page, Outcome, Ended | None]:
    if any(at is one for one in offers.advisories):
        return (yield from _known(course, at))
    if any(at is hit for hit in offers.hits):
        return (yield from _read(course, at))
    return (yield from _same_issue(course, at))


def _known(course: Course, one: "Advisory") -> Generator[Page, Outcome, Ended | None]:
    """An advisory in place: it is read by that, and may end the form as solved (OPEN-7, ADV-1)."""
    from carecli.desk.advisories import reading

    reading.read(course.asking.desk, [one.label])
    solution = f"\n\n## Recommended solution\n\n{one.text.solution}" if one.text.solution else ""
    acts = (("s", "solved it", "solved"),)
    outcome = yield Reading(f"{one.label}  {one.text.title}", one.text.text + solution, acts)
    return None if outcome.back else Ended(deflected=one.label)


def _found(hit: "ArticleHit") -> str:
    told = " ".join(hit.snippet.replace("«", "").replace("»", "").split())
    return f"article {hit.article.label}" + (f": {told}" if told and told != hit.article.title else "")


def _same_issue(course: Course, case: "Similar") -> Generator[Page, Outcome, Ended | None]:
    left = yield from _open_already(course, case)
    return left if isinstance(left, Ended) else None


def _read(course: Course, hit: "ArticleHit") -> Generator[Page, Outcome, Ended | None]:
    """An article in place: it may be marked helpful or not, and end the form as solved (OPEN-7)."""
    from carecli.desk.knowledge import articles

    article, note = hit.article, ""
    acts = (("s", "solved it", "solved"), ("y", "helpful", True), ("n", "not helpful", False))
    while True:
        outcome = yield Reading(f"{article.label}  {article.title}", article.body, acts, note=note)
        if outcome.back:
            return None
        if outcome.value == "solved":
            return Ended(deflected=article.label)
        articles.vote(course.asking.desk, article.label, outcome.value)
        note = "You marked it as helpful." if outcome.value else "You marked it as not helpful."


def component(course: Course) -> Step:
    """The component that the words speak for, with its runners-up; Enter takes it (OPEN-6)."""
    from carecli.desk import choosing

    known = choosing.choices(course.asking.desk, course.form).get("component") or ()
    if not known:
        return Move.PAST
    chosen = choosing.weighed(course.asking.desk, course.form, known)
    outcome = yield Choice(
        "Component", _ranked(chosen, known), _reasons(chosen), at=course.form.component or chosen.component
    )
    if outcome.back:
        return Move.BACK
    # What the words speak for is left to the opening itself, which keeps why.
    taken = None if outcome.value == chosen.component else outcome.value
    if outcome.value is None:
        course.passed("component")
    course.asking.draft.answer(component=taken)
    course.component = outcome.value
    return Move.ON


def _ranked(chosen: "Selection", known: Sequence[str]) -> list[Item]:
    """The components, those that the words speak for first."""
    shares = {candidate.component: f"{candidate.share:.0%}" for candidate in chosen.candidates}
    ordered = [*shares, *(name for name in known if name not in shares)]
    items = [Item(name, f"{name}  {shares[name]}" if name in shares else name) for name in ordered]
    return items if chosen.component else [Item(None, "I do not know"), *items]


def _reasons(chosen: "Selection") -> list[str]:
    if not chosen.component:
        return ["Which part of the service is it about?"]
    words = ", ".join(word.word for word in chosen.words[:WHY])
    because = f": {words}" if words else ""
    return [f"{chosen.component} fits best to what you wrote{because}."]
