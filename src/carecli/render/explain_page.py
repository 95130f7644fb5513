"""The proof of a case's clocks as one HTML file that needs nothing else: style and pictures are in it (TICK-3)."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from carecli.domain.amount import Amount
from carecli.domain.counting import counted
from carecli.domain.ledger import Explanation, Ledger
from carecli.domain.ledger_deadlines import DeadlineLedger
from carecli.domain.numbers import written
from carecli.render import explain, explain_deadline
from carecli.render.drawing import Drawing
from carecli.render.explain_document import WARNS_AT, setting
from carecli.render.explain_ledger import Proof, day_sheet
from carecli.render.explain_picture import keys, picture
from carecli.render.html_layout import layout
from carecli.render.sheet import Cell, Sheet
from carecli.render.words import titled, zoned_time


class Proven(NamedTuple):
    """A ledger of the page: what it is of, its picture with what the shapes say, and its rows."""

    name: str
    title: str
    picture: Drawing
    keys: list[tuple[str, str]]
    sheet: Sheet
    adds_up: bool
    note: str
    zone: str


class Part(NamedTuple):
    """A clock or deadline of the page: what was promised, what came of it, and the ledgers that prove it."""

    title: str
    promised: str
    outcome: str
    adjusted: str | None
    tone: str
    adjusted_tone: str
    terms: list[tuple[str, str]]
    exempted: list[tuple[str, str]]
    proofs: list[Proven]


def page(told: Explanation, zone: str) -> str:
    """The proof as a page; results in the viewer's `zone`, ledgers by the calendar's wall clock."""
    case = told.case
    return layout("explain", shown).render(
        number=written(case.number),
        subject=case.subject,
        account=case.account,
        facts=list(explain.case_facts(told)),
        parts=list(_parts(told, zone)),
        no_clock=None if told.ledgers or told.deadlines else explain.no_clock(told),
        policy=list(dict(_policy(told)).items()),
        at=zoned_time(told.at, zone),
        zone=zone,
    )


def _parts(told: Explanation, zone: str) -> Iterator[Part]:
    for ledger in told.ledgers:
        yield _clock(told, ledger, zone)
    for deadline in told.deadlines:
        yield _deadline(deadline, zone)


def _clock(told: Explanation, ledger: Ledger, zone: str) -> Part:
    name, adjusted = explain.name(ledger), ledger.adjusted
    clock = ledger.clock
    ident = f"{clock.metric}-{clock.cycle}"
    proofs = [_proven(ident, name, ledger, explain.agrees(ledger))]
    if adjusted:
        title = f"{name}, adjusted for what is exempted"
        proofs.append(_proven(f"{ident}-adjusted", title, adjusted, explain.agrees(adjusted)))
    return Part(
        title=name,
        promised=_spelled(clock.target),
        outcome=explain.result(ledger, zone),
        adjusted=explain.result(adjusted, zone) if adjusted else None,
        tone=_tone(clock.cancelled_at, clock.met_at, ledger.margin_s),
        adjusted_tone=_tone(clock.cancelled_at, clock.met_at, adjusted.margin_s) if adjusted else "",
        terms=list(explain.terms(told, ledger)),
        exempted=list(explain.exempted(adjusted)) if adjusted else [],
        proofs=proofs,
    )


def _deadline(ledger: DeadlineLedger, zone: str) -> Part:
    name = explain_deadline.name(ledger.deadline)
    agrees = explain_deadline.agrees(ledger)
    return Part(
        title=name,
        promised=_spelled(ledger.target) if ledger.target else "a date that was set",
        outcome=explain_deadline.outcome(ledger, zone),
        adjusted=None,
        tone=_tone(ledger.deadline.cancelled, ledger.deadline.met_at, ledger.margin_s),
        adjusted_tone="",
        terms=[(head or "pauses", text) for head, text in explain_deadline.terms(ledger)],
        exempted=[],
        proofs=[_proven(f"deadline-{ledger.deadline.id}", name, ledger, agrees)] if ledger.lines else [],
    )


def _proven(ident: str, title: str, proof: Proof, agrees: str) -> Proven:
    zone = proof.pinned.calendar.zone
    drawn = picture(f"picture-{ident}", f"{title}, day by day", proof, zone)
    return Proven(ident, title, drawn, keys(drawn), day_sheet(proof, zone), proof.adds_up, agrees, zone)


def _policy(told: Explanation) -> Iterator[tuple[str, str]]:
    """The lines of the policy that the clocks go by, with what they say."""
    for ledger in told.ledgers:
        rules = ledger.pinned.rules.policy
        target = ledger.clock.target
        yield setting(told, ledger), f"{target}: {_spelled(target)}"
        yield f"severity.{ledger.story.promised_by}", rules.definition(ledger.story.promised_by)
        yield WARNS_AT, f"{rules.warn_percent} %"
        yield "sla.pause", ", ".join(sorted(titled(status) for status in rules.pauses)) or "never"


def _tone(cancelled: object, met: object, margin_s: int) -> str:
    """How the page colours a result: `bad`, `good`, or not at all; the words say it too."""
    if cancelled:
        return ""
    return "bad" if margin_s < 0 else "good" if met else ""


_UNITS: Final = {"s": "second", "m": "minute", "h": "hour", "d": "day"}


def _spelled(amount: Amount) -> str:
    """`2bd` as `2 business days`."""
    unit = _UNITS[amount.unit[-1]]
    return counted(amount.count, f"business {unit}" if amount.business else unit)


def shown(cell: Cell) -> str:
    """A cell as the page shows it."""
    return cell.shown if cell.shown is not None else str(cell.value if cell.value is not None else "")
