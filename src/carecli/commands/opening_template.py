"""A form to fill in as a file: `care open --template` writes it, `care open --form` reads it (OPEN-4)."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from carecli.commands.invocation import Invocation
from carecli.domain import details, opening
from carecli.domain.opening import Form
from carecli.domain.vocabulary import CaseType, Priority, Stage
from carecli.errors import CareError
from carecli.render import legible

if TYPE_CHECKING:
    from carecli.domain.policy import Policy

MANY_LINES: Final = ("description", "impact", "steps", "troubleshooting")
TOLD: Final[Mapping[str, str]] = {
    "contact": "the Designated Contact on whose behalf it is opened, for staff",
    "component": "left blank, it is chosen by the words",
    "users_affected": "how many",
    "frequency": "how often it happens",
    "observed_at": "2026-03-02T09:30Z, 'mon 09:30'",
    "steps": "what makes it happen",
    "troubleshooting": "what was tried",
    "local_contact": "whom to call on site",
    "hours_location": "when and where those affected work",
    "impact": "what can your people or customers not do",
}


class Known(NamedTuple):
    """What a form is written for: the policy, and what may be chosen, as far as there is a desk."""

    policy: "Policy"
    choices: Mapping[str, Sequence[str]]
    contact: bool
    """Whether a contact fills it in, who is the case's contact then."""


def printed(invocation: Invocation, form: Form) -> None:
    """Answer with a form to fill in; raises Invalid for what its type does not have, Refused for an incident."""
    opening.check_choices(form)
    text = "\n".join(template(*_known(invocation, form))) + "\n"
    if invocation.json:
        invocation.done({"template": text}, "")
    else:
        sys.stdout.write(text)


def _known(invocation: Invocation, form: Form) -> tuple[Form, Known]:
    """The form as far as it is known, and what the desk knows; where there is none what `care` ships."""
    from carecli.desk import choosing, policies
    from carecli.domain.policy import from_document

    try:
        with invocation.desk() as desk:
            if desk.actor.is_contact:
                form = form._replace(account=form.account or desk.actor.account)
            policy = from_document(policies.in_force(desk).document)
            return form, Known(policy, choosing.choices(desk, form), contact=desk.actor.is_contact)
    except CareError:
        return form, Known(from_document(policies.load("default")), {}, contact=False)


def template(form: Form, known: Known) -> Iterator[str]:
    """The lines of a form in TOML: every field of this kind of case, and beside it what can be said there."""
    kind = opening.subtype(form) or form.type.value
    yield "# A case to be opened: fill it in, then  care open --form FILE"
    yield "# What is left blank counts as not said."
    yield _line("type", form.type.value, [t.value for t in CaseType if t is not CaseType.INCIDENT])
    if opening.SUBTYPES[form.type]:
        yield _line("subtype", opening.subtype(form) or "", opening.SUBTYPES[form.type])
    yield ""
    needed = [name for name in opening.required(form) if name != "subtype"]
    yield "# Needed"
    yield from (part for name in needed for part in _field(name, getattr(form, name), known))
    yield ""
    yield "# Welcome"
    beside = ["component"] if known.contact else ["contact", "component"]
    yield from (part for name in beside for part in _field(name, getattr(form, name), known))
    for name in opening.optional(form):
        yield from _field(name, form.fields.get(name), known)
    yield 'attach = []  # files: ["trace.log", "screen.png"]'
    yield from _tables(form, kind, known)


def _tables(form: Form, kind: str, known: Known) -> Iterator[str]:
    yield ""
    yield '[fields]  # any others, such as  DNs = "4711-4720"'
    own = details.of(opening.subtype(form))
    for detail in own:
        needed = "needed: " if detail.needed else ""
        told = needed + (", ".join(detail.choices) or detail.question)
        yield _line(detail.name, str(form.fields.get(detail.name) or ""), told)
    known_here = {*opening.optional(form), *(detail.name for detail in own)}
    others = {key: value for key, value in form.fields.items() if key not in known_here}
    yield from (f"{_quoted(key)} = {_quoted(str(value))}" for key, value in others.items())
    items = known.policy.checklist(kind)
    if items:
        yield ""
        yield "[checklist]  # yes or no"
        for item in items:
            said = form.checklist.get(item.key)
            yield _line(item.key, "" if said is None else "yes" if said else "no", item.question)


def _field(name: str, value: Any, known: Known) -> Iterator[str]:
    told = _told(name, known)
    if name == "priority":
        yield from (f"# {level.value}: {_comment(known.policy.definition(level))}" for level in Priority)
    if name == "description":
        yield from (f"# {_comment(prompt)}" for prompt in known.policy.opening["prompts"])
    text = str(value or "")
    if name in MANY_LINES and not text:
        yield f'{name} = """'
        yield f'"""  # {told}' if told else '"""'
    else:
        yield _line(name, text, told)


def _told(name: str, known: Known) -> str:
    """What stands behind a field: what may be chosen, or what is asked for."""
    usual: Mapping[str, Sequence[str]] = {"stage": list(Stage), "priority": list(Priority)}
    choices = known.choices.get(name) or usual.get(name) or ()
    return ", ".join(choices) if choices else TOLD.get(name) or opening.demand(name, known.policy)


def _line(name: str, value: str, told: Sequence[str] | str) -> str:
    beside = told if isinstance(told, str) else ", ".join(told)
    return f"{name} = {_quoted(value)}" + (f"  # {_comment(beside)}" if beside else "")


def _quoted(text: str) -> str:
    """A basic string of TOML: as in JSON, but that DEL is escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> str:
    """Text in one line, without what a comment may not hold."""
    return legible.line(text)
