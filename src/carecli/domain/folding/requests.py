"""What becomes of a change request or service order, and of the deadlines of deciding on it (SR-1)."""

from collections.abc import Sequence
from datetime import datetime

from carecli.domain import deadline, request
from carecli.domain.case import Case
from carecli.domain.deadline import DeadlineKind
from carecli.domain.events import Event
from carecli.domain.folding import acts
from carecli.domain.folding.opening import request_deadlines
from carecli.domain.request import Party, Request, RequestStage, Signature
from carecli.domain.rules import Rules


def acknowledged(case: Case, event: Event, rules: Rules) -> Case:
    """A request that was taken note of."""
    return _staged(case, event, rules, RequestStage.ACKNOWLEDGED, (DeadlineKind.ACKNOWLEDGEMENT,))


def accepted(case: Case, event: Event, rules: Rules) -> Case:
    """A request that is taken on, by documents that nobody has signed yet; accepted again, by others."""
    decided = _staged(case, event, rules, RequestStage.ACCEPTED, request.DEADLINES)
    papers = tuple(request.paper(told) for told in event.data["documents"])
    return decided._replace(request=_of(decided)._replace(papers=papers))


def rejected(case: Case, event: Event, rules: Rules) -> Case:
    """A request that is not taken on as it is."""
    return _staged(case, event, rules, RequestStage.REJECTED, request.DEADLINES)


def resubmitted(case: Case, event: Event, rules: Rules) -> Case:
    """A request that was reworked: it is decided on anew, in the same time."""
    return _begun(acts.updated(case, event, rules), event.at, rules)


def signed(case: Case, event: Event, rules: Rules) -> Case:
    """A signature of one side under documents of the request."""
    files = [told["file"] for told in event.data["documents"]]
    signature = Signature(event.actor, event.at)
    after = request.signed(_of(case), files, Party(event.data["party"]), signature)
    return acts.acted(case, event, rules)._replace(request=after)


def completed(case: Case, event: Event, rules: Rules) -> Case:
    """A service request that was carried out."""
    closed = acts.closed(case, event, rules)
    return closed._replace(request=case.request._replace(stage=RequestStage.COMPLETED)) if case.request else closed


def reopened(case: Case, event: Event, rules: Rules) -> Case:
    """A case that goes on: a request that nobody had decided on is decided on anew, one that was done is not."""
    after, was = acts.reopened(case, event, rules), case.request
    if was and was.undecided:
        return _begun(after, event.at, rules)
    if was and was.stage is RequestStage.COMPLETED:
        return after._replace(request=was._replace(stage=RequestStage.ACCEPTED))
    return after


def _of(case: Case) -> Request:
    """The request; one that was opened before there were any begins here."""
    return case.request or Request()


def _staged(case: Case, event: Event, rules: Rules, stage: RequestStage, kept: Sequence[DeadlineKind]) -> Case:
    deadlines = case.deadlines
    for kind in kept:
        deadlines = deadline.met(deadlines, kind, event.at)
    after = acts.acted(case, event, rules)
    return after._replace(request=_of(case)._replace(stage=stage), deadlines=deadlines)


def _begun(case: Case, at: datetime, rules: Rules) -> Case:
    """Submitted once more, with deadlines of its own."""
    again = Request(cycle=_of(case).cycle + 1)
    left = deadline.cancelled(case.deadlines, request.DEADLINES)
    return case._replace(request=again, deadlines=request_deadlines(left, at, rules))
