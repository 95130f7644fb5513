"""What `care open` asks at a terminal: all that is missing, each answer judged at once (OPEN-3, OPEN-4)."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from carecli.commands import options, prompts
from carecli.commands.invocation import Invocation
from carecli.domain import opening
from carecli.domain.opening import Form
from carecli.domain.vocabulary import Priority, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carecli.desk.desk import Desk
    from carecli.domain.policy import Policy

LONG = {
    "description": "What are you experiencing? What errors do you see? What are you trying to configure?",
    "impact": "What can your people or customers not do, and how many of them?",
}
_STAGES = {Stage.UAT.value: "uat (test)"}


class Questions:
    """A form that is being completed: `form` has the answers so far, `asked` says whether anybody was asked."""

    def __init__(self, invocation: Invocation, desk: "Desk", form: Form) -> None:
        self.invocation = invocation
        self.desk = desk
        self.form = form
        self.asked = False

    def complete(self, *, yes: bool) -> None:
        """Ask for every missing field, each with what can be chosen by then, then for a yes (OPEN-4).

        Raises Refused before anything is asked where a text that was given is wrong, KeyboardInterrupt for a no.
        """
        opening.check_answered(self.form, self._policy)
        before = self.form
        if self.desk.actor.is_contact:
            self.form = before = before._replace(account=self.desk.actor.account)
        elif self.form.contact is None:
            self._pick("account")
            self._pick("contact")
        while lacking := self._lacking():
            self._write(lacking[0]) if lacking[0] in {"subject", *LONG} else self._pick(lacking[0])
        question = f"Open the case {self.form.subject!r}?"
        if self.form != before and not prompts.confirmed(self.invocation, question, yes=yes, default=True):
            raise KeyboardInterrupt

    @cached_property
    def _policy(self) -> "Policy":
        from carecli.desk import policies
        from carecli.domain.policy import from_document

        return from_document(policies.in_force(self.desk).document)

    def _lacking(self) -> list[str]:
        # A contact's account is theirs: it follows from --contact.
        return [name for name in opening.missing(self.form) if name != "account" or self.form.contact is None]

    def _answer(self, name: str, answer: object) -> None:
        change: dict[str, Any] = {name: answer}
        self.form = self.form._replace(**change)

    def _write(self, name: str) -> None:
        """Ask for a text until it is one that the policy takes (OPEN-3)."""
        text = fault = ""
        while True:
            text = self._entered(name, fault, text)
            fault = _fault(name, text, self._policy)
            if not fault:
                break
            prompts.tell(f"  {fault}")
        self.asked = True
        self._answer(name, text)

    def _entered(self, name: str, fault: str, begun: str) -> str:
        question, demand = name.title(), opening.demand(name, self._policy)
        if name in LONG:
            return prompts.text(self.invocation, question, LONG[name], demand=demand, fault=fault, begun=begun)
        return prompts.line(f"{question} ({demand})")

    def _pick(self, name: str) -> None:
        from carecli.desk import intake

        if getattr(self.form, name):
            return
        known = intake.choices(self.desk, self.form).get(name) or ()
        if len(known) == 1:
            prompts.tell(f"{name.title()}: {known[0]}")
            self._answer(name, known[0])
            return
        question = name.title()
        # A priority has its number wherever one is written: --priority 2 and 2 at the prompt are both High.
        first = Priority(known[0]).severity if name == "priority" and known else 1
        answer = prompts.choice(question, known, self._shown(name), first) if known else prompts.line(question)
        self.asked = True
        self._answer(name, options.priority(answer) if name == "priority" else answer)

    def _shown(self, name: str) -> "Mapping[str, str]":
        """How the choices that need explaining are shown: a priority with its meaning in the policy (SEV-1)."""
        if name != "priority":
            return _STAGES if name == "stage" else {}
        import shutil
        import textwrap

        # "  1. " and the longest name stand before the meaning.
        width = max(shutil.get_terminal_size().columns - 16, 30)
        return {
            level.value: f"{level:<8}  {textwrap.shorten(self._policy.definition(level), width, placeholder=' …')}"
            for level in Priority
        }


def _fault(name: str, text: str, policy: "Policy") -> str:
    """The first thing wrong with a text, empty where it will do."""
    found = next(opening.faults(name, text, policy), None)
    if found:
        return found.brief
    return "" if text.strip() else "an answer is needed"
