"""What people do to cases."""

from collections.abc import Mapping
from typing import Final

from hard.busy.people import AGENTS, CUSTOMERS, form
from hard.busy.worker import Worker

from carecli.desk import cases, chats, escalation, intake, linking, severity, splitting
from carecli.desk.attachments import adding
from carecli.desk.attachments.taking import Files, Handling
from carecli.desk.cases import Lessons
from carecli.desk.chatting import Talk
from carecli.domain.case import Case
from carecli.domain.vocabulary import CaseType, Priority, Status, Via
from carecli.errors import DatabaseUnusable


def opened(w: Worker) -> None:
    """A contact opens a case; now and then says too little of it."""
    description = w.text(4 if w.draw.random() < 0.05 else 25)
    customer = w.draw.choice(CUSTOMERS)
    filled = form(w.draw, " ".join(description.split()[:4]), description)
    if customer.parent and w.draw.random() < 0.2:
        who, filled = "c0@elm.example", filled._replace(account=customer.name)
    else:
        who = w.draw.choice(customer.people() if w.draw.random() < 0.1 else customer.people()[:4])
    w.keep(intake.open_case(w.by(who), filled).view.case.number)


def called_in(w: Worker) -> None:
    """Staff log a call; a Critical case."""
    customer = w.draw.choice(CUSTOMERS)
    who = w.draw.choice(customer.people()[:4])
    critical = form(
        w.draw, "No calls at all", w.text(25), priority=Priority.CRITICAL, account=customer.name, contact=who
    )
    w.keep(intake.open_case(w.by(w.agent()), critical, via=Via.PHONE).view.case.number)


def worked(w: Worker) -> None:
    """Staff take the next step."""
    case = w.case()
    chosen = w.draw.choices(*zip(*STEPS.get(case.status, STEPS[Status.OPEN]).items(), strict=True))[0]
    desk, text = w.by(_worker(w, case)), w.text()
    if chosen == "update":
        cases.update(desk, case.number, text)
    elif chosen == "ask":
        cases.ask(desk, case.number, text)
    elif chosen == "propose":
        cases.propose(desk, case.number, text)
    elif chosen == "restore":
        cases.restore(desk, case.number, text)
    elif chosen == "investigate":
        cases.investigate(desk, case.number, text)
    else:
        lessons = Lessons(draft=True) if w.draw.random() < 0.05 else Lessons()
        cases.close(desk, case.number, text, substatus="redirected", lessons=lessons)


STEPS: Final[Mapping[Status, Mapping[str, int]]] = {
    Status.OPEN: {"update": 30, "ask": 20, "propose": 25, "restore": 12, "investigate": 8, "close": 5},
    Status.AWAITING_INFO: {"update": 10, "ask": 3, "propose": 10, "investigate": 3, "close": 4},
    Status.SOLUTION_PROPOSED: {"update": 10, "propose": 3, "restore": 3, "ask": 3, "close": 12},
    Status.SERVICE_RESTORED: {"update": 10, "propose": 20, "investigate": 3, "close": 12},
}
"""What staff do next with a case, by where it stands."""


def _worker(w: Worker, case: Case) -> str:
    return case.owner if case.owner and w.draw.random() < 0.7 else w.agent()


def noted(w: Worker) -> None:
    """Staff note something for themselves."""
    cases.update(w.by(w.agent()), w.number(), w.text(), internal=True)


def written_to(w: Worker) -> None:
    """A contact writes, or has it written on the phone."""
    case = w.case()
    if w.draw.random() < 0.15:
        cases.update(w.by(w.agent()), case.number, w.text(), via=Via.PHONE, contact=w.customer(case))
    else:
        cases.update(w.by(w.customer(case)), case.number, w.text())


def decided(w: Worker) -> None:
    """A contact accepts what is proposed, rejects it, or closes the case."""
    case = w.case()
    desk, text = w.by(w.customer(case)), w.text()
    if case.status in {Status.SOLUTION_PROPOSED, Status.SERVICE_RESTORED}:
        (cases.accept if w.draw.random() < 0.75 else cases.reject)(desk, case.number, text)
    elif w.draw.random() < 0.3:
        cases.close(desk, case.number, text)
    else:
        cases.update(desk, case.number, text)


def reopened(w: Worker) -> None:
    """A closed case comes back, on the phone where the desk itself closed it."""
    number = w.draw.choice(w.ended or w.live)
    case, phoned = w.case(number), w.draw.random() < 0.5
    if phoned:
        cases.reopen(w.by(w.agent()), number, w.text(), via=Via.PHONE, contact=w.customer(case))
    else:
        cases.reopen(w.by(w.customer(case)), number, w.text())
    w.keep(number)


def assigned(w: Worker) -> None:
    """A case is taken, or given to somebody."""
    to = w.draw.choice(AGENTS) if w.draw.random() < 0.4 else None
    cases.assign(w.by(w.agent()), w.number(), to)


def ranked(w: Worker) -> None:
    """The priority changes."""
    to = w.draw.choice((Priority.HIGH, Priority.MEDIUM, Priority.LOW, Priority.CRITICAL))
    severity.change(w.by(w.agent()), w.number(), to, w.text(), confirm=lambda _: True)


def escalated(w: Worker) -> None:
    """A case is raised above its queue, or a manager answers for one that was."""
    case = w.case()
    if case.escalation:
        escalation.answer(w.by("mia@desk.example"), case.number, w.text())
    else:
        escalation.escalate(w.by(w.customer(case)), case.number, w.text())


def attached(w: Worker) -> None:
    """A file with an update, by either side; some are for staff alone."""
    case, files = w.case(), Files((w.file(),), Handling(confirm=True, name=f"trace-{w.tokens % 50}.log"))
    if w.draw.random() < 0.6:
        cases.update(w.by(w.customer(case)), case.number, w.text(), files=files)
    else:
        adding.add(w.by(w.agent()), case.number, files, text=w.text(), internal=w.draw.random() < 0.3)


def chatted(w: Worker) -> None:
    """A contact and an agent talk, on two connections; each hears what the other says, and both go."""
    case = w.case()
    first = Talk(w.through(0, w.customer(case)), case.number, w.now)
    second = Talk(w.through(1, _worker(w, case)), case.number, w.now)
    try:
        for speaker, listener in ((first, second), (second, first), (first, second)):
            line = w.text(6)
            _said(speaker, line)
            w.settle()
            heard = [entry.event.data.get("text") for entry in listener.heard().entries]
            assert line in heard, f"{line} was said, and {heard} heard"
    finally:
        for talk in (first, second):
            talk.leave()


def _said(talk: Talk, line: str) -> None:
    """Say it, again and again while others write: that is what the program does."""
    for _ in range(120):
        try:
            return talk.say([line])
        except DatabaseUnusable:
            continue
    return talk.say([line])


def message_left(w: Worker) -> None:
    """A contact leaves a message without waiting."""
    case = w.case()
    chats.leave_message(w.by(w.customer(case)), case.number, w.text())


def linked(w: Worker) -> None:
    """Two cases have to do with each other."""
    linking.link(w.by(w.agent()), w.number(), w.number())


def split(w: Worker) -> None:
    """An update is an issue of its own."""
    w.keep(splitting.split(w.by(w.agent()), w.number(), 2, why="Another issue.").view.case.number)


def requested(w: Worker) -> None:
    """A contact asks for something that is no problem."""
    type_, subtype, fields = w.draw.choice(REQUESTS)
    who = w.draw.choice(w.draw.choice(CUSTOMERS).people()[:4])
    filled = form(w.draw, f"A wish: {subtype or type_}", w.text(25), type=type_, subtype=subtype, fields=fields)
    if type_ is CaseType.ADMIN:
        filled = filled._replace(deployment=None, service=None, stage=None, priority=None, impact=None)
    w.keep(intake.open_case(w.by(who), filled).view.case.number)


REQUESTS: Final[tuple[tuple[CaseType, str | None, Mapping[str, str]], ...]] = (
    (CaseType.SERVICE_REQUEST, "change-request", {"change": "move"}),
    (CaseType.SERVICE_REQUEST, "service-order", {"service_requested": "training"}),
    (CaseType.SERVICE_REQUEST, "data-privacy", {"privacy_right": "export", "data_subject": "a caller"}),
    (CaseType.SERVICE_REQUEST, "password-reset", {"login": "west-12"}),
    (CaseType.FEATURE_REQUEST, None, {}),
    (CaseType.ADMIN, "contact-data", {"phone": "+44 20 7946 0100"}),
    (CaseType.SUPPORT, "question", {}),
)

WRITES: Final = {
    opened: 60,
    called_in: 4,
    worked: 150,
    noted: 30,
    written_to: 60,
    decided: 60,
    reopened: 8,
    assigned: 20,
    ranked: 8,
    escalated: 10,
    attached: 15,
    chatted: 6,
    message_left: 3,
    linked: 3,
    split: 2,
    requested: 10,
}
"""How many of a thousand commands each is."""
