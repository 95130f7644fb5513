"""What is rarer at a desk: mail that comes in, incidents, requests, articles, advisories, people, other rules."""

from datetime import timedelta
from typing import Final

from hard.busy.ledger import KEPT, OPEN, REFUSED
from hard.busy.mailbox import answer, bounce, vacation
from hard.busy.people import CUSTOMERS, MANAGERS
from hard.busy.worker import WORDS, Worker
from letters import letter
from webhooks import alert, webhook

from carecli.desk import alerts, approving, directory, exempting, feature_requests, impact, policies, requests
from carecli.desk.advisories import publishing, subscribing
from carecli.desk.attachments.taking import Handling
from carecli.desk.incidents import actions, affecting, declaring, requesting
from carecli.desk.incidents import reporting as incident_reporting
from carecli.desk.knowledge import writing
from carecli.desk.mail import inbox, outbox, triage
from carecli.desk.requests import Documents
from carecli.domain.advisory import AdvisoryKind
from carecli.domain.advisory import Draft as Advisory
from carecli.domain.case import Case
from carecli.domain.exempting import Stretch
from carecli.domain.feature_requests import Evaluation
from carecli.domain.inbox import Outcome, Received
from carecli.domain.knowledge import Draft
from carecli.domain.outbox import MailState
from carecli.domain.subscription import Frequency
from carecli.domain.vocabulary import CaseType

# Mail that comes in.


def answered(w: Worker) -> None:
    """A customer answers a mail of ours; now and then the message comes twice."""
    mail = w.mailbox.pick()
    if mail is None:
        return
    raw = answer(mail, w.text(), f"<{w.token}@{mail.to.partition('@')[2]}>")
    became = _arrived(w, raw)
    w.settle({Outcome.UPDATED: KEPT, Outcome.TRIAGED: OPEN}.get(became.outcome or Outcome.TRIAGED, REFUSED))
    if w.draw.random() < 0.15:
        again = _arrived(w, raw)
        assert again.outcome is Outcome.DUPLICATE, f"the same message again is {again.outcome}"


def away(w: Worker) -> None:
    """A program answers for somebody who is away."""
    mail = w.mailbox.pick()
    if mail:
        became = _arrived(w, vacation(mail, f"<away-{w.name}-{w.done}@x.example>"))
        assert became.outcome is Outcome.IGNORED, f"a vacation note is {became.outcome}: {became.reason}"


def bounced(w: Worker) -> None:
    """A mail of ours comes back."""
    mail = w.mailbox.pick()
    if mail:
        became = _arrived(w, bounce(mail, f"<back-{w.name}-{w.done}@x.example>"))
        # A case that was opened while the clock was ahead takes nothing before that: staff see to the mail.
        early = became.outcome is Outcome.TRIAGED and "(Refused)" in (became.reason or "")
        assert became.outcome is Outcome.BOUNCE or early, f"a bounce is {became.outcome}: {became.reason}"


def stranger(w: Worker) -> None:
    """Somebody whom nobody knows writes: no case opens (MAIL-4)."""
    raw = letter(
        w.text(), sender=f"who{w.done}@nowhere.example", subject="Help", id_=f"<{w.token}@nowhere.example>"
    )
    became = _arrived(w, raw)
    assert became.outcome is not Outcome.UPDATED
    # Staff who see to it may put it on a case.
    w.settle(OPEN)


def triaged(w: Worker) -> None:
    """Staff see to the mail that waits: some of it is of a case."""
    desk = w.by(w.agent())
    for each in triage.waiting(desk, limit=3):
        id_ = f"in-{each.id}"
        if w.draw.random() < 0.2:
            triage.link(desk, id_, w.number(), internal=True)
        else:
            triage.discard(desk, id_, "Not ours.")


def sent_again(w: Worker) -> None:
    """Staff have mail sent again that came back."""
    desk = w.by(w.agent())
    failed = outbox.outbox(desk, None, states=(MailState.FAILED, MailState.BOUNCED), limit=5)
    if failed:
        again = outbox.resend(desk, [mail.id for mail in failed])
        w.ledger.resend([mail.message_id for mail in again])


def _arrived(w: Worker, raw: bytes) -> Received:
    [received] = inbox.take_in(w.by("system"), [(raw, "busy")])
    assert received.outcome is not None, "a message has no outcome"
    return received


# Requests and incidents.


def requests_decided(w: Worker) -> None:
    """A case that is no support case takes its next step."""
    case = _of_type(w, CaseType.SERVICE_REQUEST, CaseType.FEATURE_REQUEST, CaseType.ADMIN)
    if case is None:
        return
    if case.type is CaseType.FEATURE_REQUEST:
        outcome = w.draw.choice(
            (Evaluation.UNDER_REVIEW, Evaluation.PLANNED, Evaluation.DECLINED, Evaluation.DELIVERED)
        )
        feature_requests.evaluate(w.by(w.agent()), case.number, outcome, w.text(), release="R7")
    elif case.type is CaseType.ADMIN:
        approving.approve(w.by(w.admin()), case.number, w.text())
    elif case.request is None:
        requests.acknowledge(w.by(w.agent()), case.number)
    else:
        _request(w, case)


def _request(w: Worker, case: Case) -> None:
    assert case.request is not None
    if case.request.undecided:
        chosen = w.draw.random()
        desk = w.by(w.agent())
        if chosen < 0.4:
            requests.acknowledge(desk, case.number, w.text())
        elif chosen < 0.85:
            requests.accept(desk, case.number, Documents((), (), Handling(confirm=True)), w.text())
        else:
            requests.reject(desk, case.number, w.text())
    elif case.request.ready:
        requests.complete(w.by(w.agent()), case.number, w.text())
    else:
        requests.sign(w.by(w.draw.choice((w.agent(), w.customer(case)))), case.number)


def _of_type(w: Worker, *types: CaseType) -> Case | None:
    """A case of one of some types, if one comes to mind."""
    for _ in range(12):
        case = w.case()
        if case.type in types and not case.closed:
            return case
    return None


def incident_declared(w: Worker) -> None:
    """A support case is an incident, and others have the same."""
    case, other = _of_type(w, CaseType.SUPPORT), _of_type(w, CaseType.SUPPORT)
    if case and other:
        desk = w.by(w.agent())
        declaring.declare(desk, case.number, {}, {})
        affecting.affect(desk, case.number, [other.number], [], "The same trunk.")


def incident_followed(w: Worker) -> None:
    """An incident takes its next step: service is back, the post-mortem held, the report asked for and sent."""
    case = _of_type(w, CaseType.INCIDENT)
    if case is None:
        return
    desk, chosen = w.by(w.agent()), w.draw.randrange(4)
    if chosen == 0:
        requesting.request(w.by(w.customer(case)), case.number)
    elif chosen == 1:
        actions.add(desk, case.number, w.text(), MANAGERS[0], w.now() + timedelta(days=3))
    elif chosen == 2:
        declaring.hold_post_mortem(desk, case.number, w.text(), "A certificate ran out.")
    else:
        incident_reporting.send(desk, case.number)


def alarmed(w: Worker) -> None:
    """The monitor reports a group of alerts, or that it is over."""
    group = w.draw.randrange(20)
    told = webhook([alert(firing=w.draw.random() < 0.6)], key=f"group-{group}")
    customer = CUSTOMERS[group % len(CUSTOMERS)]
    given = {"account": customer.name, "deployment": "West", "service": "Voice", "contact": customer.people()[0]}
    alerts.take(w.by("system"), told, given)


# What the desk knows, who is there, and by which rules.


def article_written(w: Worker) -> None:
    """Staff write an article."""
    title = " ".join(w.draw.sample(WORDS, 4))
    writing.add(
        w.by(w.agent()), Draft(title, f"Look at the {title}, and reload it."), publish=w.draw.random() < 0.7
    )


def announced(w: Worker) -> None:
    """Staff publish an advisory."""
    draft = Advisory("Trunks are slow", "We look into it.", kind=AdvisoryKind.ADVISORY, services=("Voice",))
    publishing.add(w.by(w.draw.choice(MANAGERS)), draft, publish=True)


def subscribed(w: Worker) -> None:
    """Somebody wants to be told of advisories."""
    subscribing.subscribe(w.by(w.customer()), w.draw.choice(list(Frequency)))


def exempted(w: Worker) -> None:
    """A manager leaves a stretch out of a case's clocks."""
    case = w.case()
    stretch = Stretch(w.now() - timedelta(hours=1), w.now() - timedelta(minutes=w.draw.randrange(50)))
    exempting.exempt(w.by(w.draw.choice(MANAGERS)), case.number, stretch, w.text())


def person_edited(w: Worker) -> None:
    """A contact has another telephone number."""
    who = w.draw.choice(w.draw.choice(CUSTOMERS).people()[:4])
    directory.edit_contact(w.by(who), who, phone=f"+44 20 7946 {w.draw.randrange(1000, 9999)}")


def ruled_otherwise(w: Worker) -> None:
    """An admin brings an account's cases under the policy with another goal, or back; new cases keep theirs."""
    desk = w.by(w.admin())
    document = dict(policies.in_force(desk).document)
    document["sla"] = {**document["sla"], "warn_at_percent": w.draw.choice((60, 70, 75, 80))}
    account = w.draw.choice(CUSTOMERS).name
    impact.rebase(desk, impact.Rules(policy=document), impact.Which(account, w.now() - timedelta(hours=6)))


COURSES: Final = {
    answered: 35,
    away: 5,
    bounced: 2,
    stranger: 3,
    triaged: 5,
    sent_again: 3,
    requests_decided: 10,
    incident_declared: 2,
    incident_followed: 5,
    alarmed: 4,
    article_written: 2,
    announced: 0.5,
    subscribed: 2,
    exempted: 3,
    person_edited: 2,
    ruled_otherwise: 0.2,
}
"""How many of a thousand commands each is."""
