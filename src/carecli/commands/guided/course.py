"""The course of the guided form: what is asked in which order, onwards and back, until the case is confirmed."""

from collections.abc import Generator
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING, Final

from carecli.commands.guided.pages import Outcome, Page
from carecli.commands.questions import Ended, Questions
from carecli.domain import details, opening
from carecli.domain.numbers import parse_number, written
from carecli.domain.opening import Form
from carecli.domain.vocabulary import CaseType, Via

if TYPE_CHECKING:
    from carecli.commands.guided.screen import Screen
    from carecli.domain.attaching import Staged

PICKED: Final = ("deployment", "service", "stage", "priority")
SETTLED: Final = ("deployment", "service")
OFFERED: Final = ("help", "component")
SUMMARY: Final = "summary"


class Move(Enum):
    """How a step was left."""

    ON = auto()
    BACK = auto()
    PAST = auto()
    """There was nothing to ask."""


class Change(str):
    """The name of a step that the summary leads back to."""

    __slots__ = ()


Step = Generator[Page, Outcome, Move | Change | Ended]
"""A question with all that it takes: hands out pages, and returns how it was left."""


class Course:
    """A draft on its way through the questions: what is given is not asked, what was asked can be gone back to."""

    def __init__(self, asking: Questions, via: Via | None, *, confirmed: bool) -> None:
        self.asking = asking
        self.via = via
        self.confirmed = confirmed
        self.screen: Screen
        self.place = ""
        self.reviewing = False
        self.component = self.form.component
        self.staged: dict[str, Staged] = {}
        self.given = frozenset(self._answered())
        self.only: set[str] = set()
        """The questions that have but one answer."""

    @property
    def form(self) -> Form:
        """The answers so far."""
        return self.asking.draft.form

    @cached_property
    def staff(self) -> bool:
        """Whether the case is opened on behalf of somebody."""
        return not self.asking.desk.actor.is_contact

    @cached_property
    def reseller(self) -> bool:
        """Whether a contact chooses for which of several accounts the case is (ACC-5)."""
        return bool(self.asking.desk.actor.end_users)

    @property
    def account(self) -> str | None:
        """The account that the case is of."""
        from carecli.desk import choosing

        return choosing.account_of(self.asking.desk, self.form)

    def _answered(self) -> set[str]:
        """The questions that need no asking: they came with the command, or with the draft."""
        form, draft = self.form, self.asking.draft
        told = {name for name in form._fields if getattr(form, name)} - {"type", "fields", "checklist"}
        keys = [item.key for item in self.asking.policy.checklist(opening.subtype(form) or form.type.value)]
        if all(key in form.checklist for key in keys):
            told.add("checklist")
        if form.subtype or form.type is not CaseType.SUPPORT:
            told.add("kind")
        if form.contact:
            told |= {"account", "contact"}
        if draft.attach and not draft.asked:
            told.add("attach")
        known = {*opening.ANSWERS, *self._details()}
        if not draft.asked and form.fields.keys() - known:
            told.add("fields")
        return told | (form.fields.keys() & known) | set(draft.passed)

    def _details(self, *, beside: bool = False) -> list[str]:
        """What cases of this sub-type are asked for besides; with `beside` those that may be passed over."""
        return [d.name for d in details.of(opening.subtype(self.form)) if not (beside and d.needed)]

    def order(self) -> list[str]:
        """The steps that this form takes, in order."""
        form = self.form
        required = opening.required(form)
        asked_apart = form.type is CaseType.ADMIN or (
            form.type is CaseType.SERVICE_REQUEST and "kind" in self.given
        )
        names = ["kind", *(["subtype"] if asked_apart else [])]
        names += ["account", "contact"] if self.staff else ["account"] if self.reseller else []
        names += [name for name in PICKED if name in required]
        names += ["subject", "description", "help", "component"]
        names += ["impact"] if "impact" in required else []
        names += self._details()
        names += [*opening.optional(form), "fields", "checklist", "attach"]
        asked = [name for name in names if name not in self.given and name not in self.only]
        return asked + ([] if self.confirmed else [SUMMARY])

    def _beside(self, order: list[str]) -> set[str]:
        """Of the steps those that may be passed over."""
        return {
            *self._details(beside=True),
            *opening.optional(self.form),
            *OFFERED,
            "fields",
            "checklist",
            "attach",
            SUMMARY,
        } & set(order)

    def settle(self) -> None:
        """Answer what has but one answer, so that it is not asked."""
        from carecli.desk import choosing

        self.only.clear()
        for name in SETTLED:
            if name in self.given or name not in opening.required(self.form):
                continue
            known = choosing.choices(self.asking.desk, self.form).get(name) or ()
            if len(known) == 1:
                self.only.add(name)
                self.asking.draft.settle(name, known[0])

    def conversation(self) -> Generator[Page, Outcome, Ended | None]:
        """Ask one step after the other; the answer tells where it is no new case that this came to."""
        from carecli.commands.guided.steps import step

        self.settle()
        self.place, move = self.order()[0], Move.ON
        while True:
            left = yield from step(self, self.place)
            if isinstance(left, Ended):
                return left
            if isinstance(left, Change):
                self.reviewing, self.place = True, str(left)
                continue
            move = move if left is Move.PAST else left
            if self.place == SUMMARY and move is Move.ON:
                return None
            if self.place in {"kind", "account", "contact", "deployment"}:
                self.settle()
            self._keep()
            after = self._after(move)
            if after is None:
                return None
            self.place = after

    def _after(self, move: Move) -> str | None:
        """The step behind the present one, or before it; None behind the last."""
        order = self.order()
        lacking = [name for name in opening.missing(self.form) if name in order]
        if self.reviewing and self.place != SUMMARY:
            return lacking[0] if lacking else SUMMARY
        if self.place not in order:
            return (lacking or order)[0]
        place = order.index(self.place) + (1 if move is Move.ON else -1)
        if place < len(order):
            return order[max(place, 0)]
        return lacking[0] if lacking else None

    def _keep(self) -> None:
        self.asking.draft.begun.pop(self.place, None)
        self.asking.keep()

    def heard(self, text: str) -> None:
        """Keep what was typed for a question that was never answered."""
        if text.strip() and self.place:
            self.asking.draft.begun[self.place] = text
            self.asking.draft.asked = True

    def passed(self, name: str) -> None:
        """Remember that a question was answered with nothing."""
        if name not in self.asking.draft.passed:
            self.asking.draft.passed.append(name)
        self.asking.draft.asked = True

    def title(self) -> tuple[str, ...]:
        """The line above every page in its parts: what is done, for whom, and how far it has come."""
        order = self.order()
        needed = [name for name in order if name not in self._beside(order)]
        if self.place in needed:
            at = f"{needed.index(self.place) + 1} of {len(needed)}"
        else:
            at = "optional" if self.place in order and self.place not in {*OFFERED, SUMMARY} else ""
        follows = self.asking.draft.beside.get("follows")
        before = f"follows {written(parse_number(follows))}" if follows else ""
        return ("Open a case", before, self.form.account or "", at)
