"""What `care open` asks at a terminal: all that is missing, each answer judged at once (OPEN-3, OPEN-4)."""

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from carecli.commands import offering, options, prompts
from carecli.commands.drafts import Draft, keep
from carecli.commands.invocation import Invocation
from carecli.domain import details, opening
from carecli.domain.numbers import written
from carecli.domain.opening import Form
from carecli.domain.vocabulary import Priority, Stage, Via
from carecli.render import legible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carecli.desk.desk import Desk
    from carecli.domain.policy import Policy

LONG = {
    "description": "What are you experiencing? What errors do you see? What are you trying to configure?",
    "impact": "What can your people or customers not do, and how many of them?",
}
_STAGES = {Stage.UAT.value: "uat (test)"}


class Ended(NamedTuple):
    """What the questions came to where it is no new case: an article solved it, or another case has it already."""

    deflected: str | None = None
    number: int | None = None


class Questions:
    """A draft that is being completed by questions in lines, for terminals that can do no more."""

    def __init__(self, invocation: Invocation, desk: "Desk", draft: Draft) -> None:
        self.invocation = invocation
        self.desk = desk
        self.draft = draft
        if draft.form.account is None:
            from carecli.desk import choosing

            draft.form = draft.form._replace(account=choosing.account_of(desk, draft.form))

    @property
    def form(self) -> Form:
        """The answers so far."""
        return self.draft.form

    def complete(self, *, yes: bool) -> Ended | None:
        """Ask for every missing field, each with what can be chosen by then, then for a yes (OPEN-4).

        Raises KeyboardInterrupt for a no.
        """
        before = self.form
        while lacking := self.lacking():
            self.keep()
            self._ask(lacking[0])
        question = f"Open the case {self.form.subject!r}?"
        if self.form != before and not yes:
            self._offer()
        if self.form != before and not prompts.confirmed(self.invocation, question, yes=yes, default=True):
            raise KeyboardInterrupt
        return None

    def check(self, via: Via | None, follows: int | None) -> None:
        """Refuse what is wrong with what was given, before anything is asked (OPEN-3, OPEN-5, OPEN-8..10)."""
        from carecli.desk import choosing

        opening.check_answered(self.form, self.policy)
        choosing.check(self.desk, self.form, via, follows)

    def keep(self) -> None:
        """Keep the answers so far."""
        keep(self.draft, self.invocation, self.desk.actor.email)

    def _offer(self) -> None:
        """Tell what may spare the case, before it is confirmed (OPEN-7, OPEN-11)."""
        limit = self.policy.offers
        for case in offering.cases(self.desk, self.form, limit):
            told = "is open already and looks like the same issue" if case.near else "is open, and like it"
            prompts.tell(f"  {written(case.number)} {legible.line(case.subject)} {told}")
        for advisory in offering.advisories(self.desk, self.form, limit):
            prompts.tell(f"  {legible.line(advisory.text.title)} is known: care advisory show {advisory.label}")
        for hit in offering.articles(self.desk, self.form, limit):
            title, label = legible.line(hit.article.title), hit.article.label
            prompts.tell(f"  {title} might help: care kb show {label}")

    @cached_property
    def policy(self) -> "Policy":
        """The policy in force."""
        from carecli.desk import policies
        from carecli.domain.policy import from_document

        return from_document(policies.in_force(self.desk).document)

    def lacking(self) -> list[str]:
        """The required fields that are still to be asked for."""
        lacking = list(opening.missing(self.form))
        if not self.form.contact and not self.desk.actor.is_contact:
            # Whose case it is comes first, and behind the account, whose contacts may be chosen.
            lacking.insert(lacking.count("account"), "contact")
        return lacking

    def _ask(self, name: str) -> None:
        if name in {"subject", *LONG}:
            self._write(name)
        elif any(detail.name == name for detail in details.of(opening.subtype(self.form))):
            self._detail(name)
        else:
            self._pick(name)

    def _detail(self, name: str) -> None:
        """Ask for what a sub-type must tell in a field of its own; of several of which one will do, for each."""
        kind = opening.subtype(self.form) or ""
        either = details.ONE_OF.get(kind, (name,))
        for detail in details.of(kind):
            if detail.name in either:
                prompts.tell(detail.question)
                title = detail.name.replace("_", " ").capitalize()
                blank = None if detail.needed else ""
                said = prompts.choice(title, detail.choices) if detail.choices else prompts.line(title, blank)
                self.draft.answer(fields={**self.form.fields, detail.name: said})

    def _write(self, name: str) -> None:
        """Ask for a text until it is one that the policy takes (OPEN-3)."""
        text = fault = ""
        while True:
            text = self._entered(name, fault, text)
            fault = first_fault(name, text, self.policy)
            if not fault:
                break
            prompts.tell(f"  {fault}")
        self.draft.answer(**{name: text})

    def _entered(self, name: str, fault: str, begun: str) -> str:
        question, demand = name.title(), opening.demand(name, self.policy)
        if name in LONG:
            return prompts.text(self.invocation, question, LONG[name], demand=demand, fault=fault, begun=begun)
        return prompts.line(f"{question} ({demand})")

    def _pick(self, name: str) -> None:
        from carecli.desk import choosing

        if getattr(self.form, name):
            return
        known = choosing.choices(self.desk, self.form).get(name) or ()
        if len(known) == 1:
            prompts.tell(f"{name.title()}: {known[0]}")
            self.draft.settle(name, known[0])
            return
        question = name.title()
        # A priority has its number wherever one is written: --priority 2 and 2 at the prompt are both High.
        first = Priority(known[0]).severity if name == "priority" and known else 1
        answer = prompts.choice(question, known, self._shown(name), first) if known else prompts.line(question)
        self.draft.answer(**{name: options.priority(answer) if name == "priority" else answer})

    def _shown(self, name: str) -> "Mapping[str, str]":
        """How the choices that need explaining are shown: a priority with its meaning in the policy (SEV-1)."""
        if name != "priority":
            return _STAGES if name == "stage" else {}
        import shutil
        import textwrap

        # "  1. " and the longest name stand before the meaning.
        width = max(shutil.get_terminal_size().columns - 16, 30)
        return {
            level.value: f"{level:<8}  {textwrap.shorten(self.policy.definition(level), width, placeholder=' …')}"
            for level in Priority
        }


def first_fault(name: str, text: str, policy: "Policy") -> str:
    """The first thing wrong with a text, empty where it will do."""
    found = next(opening.faults(name, text, policy), None)
    if found:
        return found.brief
    return "" if text.strip() else "an answer is needed"
