"""Escalating a case above its queue, answering that, and taking it back."""

from typing import TYPE_CHECKING, Annotated

from carecli.commands import options, prompts, texts
from carecli.commands.casework import told
from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.escalation import TITLES, Addressee
from carecli.domain.numbers import parse_number
from carecli.domain.vocabulary import Priority
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.domain.views import CaseView


@command
def escalate(
    invocation: Invocation,
    number: options.Number,
    reason: options.Reason = None,
    file: options.TextFile = None,
    to: Annotated[
        str | None,
        Option("--to", metavar="WHO", help=f"{', '.join(Addressee)}; the first by default.", completes=Addressee),
    ] = None,
    priority: Annotated[
        str | None,
        Option("--priority", metavar="LEVEL", help="The priority that you wish for.", completes=Priority),
    ] = None,
    answer: Annotated[bool, Option("--answer", help="Answer the escalation; managers do.")] = False,
    withdraw: Annotated[bool, Option("--withdraw", help="Take the escalation back.")] = False,
    via: options.ViaText = None,
    contact: options.Caller = None,
    pin: options.Pin = None,
) -> None:
    """Escalate a case to the Customer Care manager, or to the people of your account; answer it, or take it back.

    What is written here both sides read, whoever escalates.

    care escalate 42 -m "Three days without an answer, and our go-live is on Monday."

    care escalate 42 --priority high --to executive -m "Now all agents are affected."

    care escalate 42 --answer -m "Rita works on nothing else from now on."

    care escalate 42 --withdraw
    """
    from carecli.desk import escalation

    case = parse_number(number)
    _check(answer=answer, withdraw=withdraw, raising={"--to": to, "--priority": priority})
    _check_answer(answer=answer, caller={"--via": via, "--contact": contact, "--pin": pin})
    addressee = options.chosen(to, Addressee, "--to") or Addressee.MANAGER
    wanted, channel = options.priority(priority), options.channel(via)
    secret = prompts.pin(invocation, pin)
    text = _text(invocation, reason, file, answer=answer, withdraw=withdraw)
    with invocation.desk() as desk:
        view: CaseView
        if answer:
            view, deed = escalation.answer(desk, case, text or ""), "answered, no longer escalated"
        elif withdraw:
            view = escalation.withdraw(desk, case, text, via=channel, contact=contact, pin=secret)
            deed = "no longer escalated"
        else:
            view = escalation.escalate(
                desk,
                case,
                text or "",
                to=addressee,
                priority=wanted,
                via=channel,
                contact=contact,
                pin=secret,
            )
            deed = f"escalated to {TITLES[addressee]}"
            if wanted is Priority.CRITICAL and desk.actor.is_contact:
                invocation.notice(f"Critical is set on the phone: call {escalation.phone(desk, view)}")
        told(invocation, desk, view, deed)


def _check(*, answer: bool, withdraw: bool, raising: dict[str, str | None]) -> None:
    """Raise Invalid for options that ask for two things at once."""
    if answer and withdraw:
        raise Invalid("--answer and --withdraw exclude each other", hint="give one of them", rule="ESC-1")
    given = [name for name, value in raising.items() if value is not None]
    if given and (answer or withdraw):
        raise Invalid(
            f"{' and '.join(given)} cannot go with --answer or --withdraw", hint="leave it out", rule="ESC-1"
        )


def _check_answer(*, answer: bool, caller: dict[str, str | None]) -> None:
    given = [name for name, value in caller.items() if value is not None]
    if given and answer:
        raise Invalid(
            f"{' and '.join(given)} cannot go with --answer", hint="staff answer themselves", rule="ESC-1"
        )


def _text(
    invocation: Invocation, reason: str | None, file: str | None, *, answer: bool, withdraw: bool
) -> str | None:
    if withdraw:
        return texts.given(reason, file)
    return prompts.needed_text(
        invocation, reason, file, "Your answer" if answer else "Why do you escalate the case?"
    )
