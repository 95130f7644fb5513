"""What a desk mails: one mail of each kind, as it was queued, and how a reader gets it."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path
from typing import Any

from desk_fixtures import ADA, DANA, HARBOR, LENA, MIA, OMAR, SAM, Office, ask, propose, yes
from notation import when

from carecli.desk import approving, cases, chats, escalation, feature_requests, requests, severity
from carecli.desk.advisories import publishing, subscribing
from carecli.desk.attachments.taking import Handling
from carecli.desk.incidents import affecting, declaring, reporting, requesting
from carecli.domain.advisory import AdvisoryKind, Draft
from carecli.domain.feature_requests import Conversion, Evaluation
from carecli.domain.outbox import ANSWERS, Mail, MailKind
from carecli.domain.subscription import Frequency
from carecli.domain.vocabulary import CaseType, Priority, Via
from carecli.mail.outgoing import answers
from carecli.mail.outgoing.message import Writer
from carecli.mail.outgoing.office import Office as Speaker

KEY = b"k" * 32
SPEAKING = Speaker("Customer Care <care@desk.example>", "UTC", "+1 555 010 0100", 3)
AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
MAIL = Mail(
    key="0000000042/2/answer",
    number=42,
    kind=MailKind.ANSWER,
    to=DANA,
    subject="[Case # 0000000042 ] an update: Calls drop [ref:0000000042-k7q2m4xdrt5wphna]",
    content={"lead": "There is an update.", "said": "Words.", "case": None},
    message_id="<0000000042.2.k7q2m4xdrt5wphna@desk.example>",
    queued_at=AT,
    not_before=AT,
    next_at=AT,
)
WRITER = Writer("Customer Care <care@desk.example>", "Test desk", "https://desk.example/cases/{number}", None)


def read(raw: bytes) -> EmailMessage:
    """The message as a mail program reads it."""
    message = message_from_bytes(raw, policy=modern)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def hypertext(message: EmailMessage) -> str:
    """The HTML of a mail."""
    part = message.get_body(("html",))
    assert part is not None
    text: str = part.get_content()
    return text


def of_each_kind(office: Office) -> dict[MailKind, Mail]:
    """The first mail of each kind that two cases and some stray mails called for."""
    silent, busy = office.open("Mon 09:00"), office.open("Mon 09:00")
    cases.update(office.by(SAM, "Mon 09:30"), silent, "We look into it.")
    ask(office.by(SAM, "Mon 10:00"), silent)
    for at in ("Wed 10:00", "Mon+1 10:00", "Mon+2 10:00"):
        office.tick(at)
    propose(office.by(SAM, "Mon 10:00"), busy)
    cases.restore(office.by(SAM, "Wed 11:10"), busy, "Works again.")
    cases.close(office.by(SAM, "Wed 11:20"), busy, "Done.")
    cases.reopen(office.by(SAM, "Wed 11:30"), busy, "Not done.", via=Via.PHONE)
    severity.change(office.by(SAM, "Wed 11:40"), busy, Priority.LOW, "Less pressing.", confirm=yes)
    escalation.escalate(office.by(DANA, "Wed 12:00"), busy, "It is slow.", priority=Priority.CRITICAL)
    escalation.answer(office.by(MIA, "Wed 12:30"), busy, "Ben takes it on.")
    escalation.escalate(office.by(DANA, "Wed 13:00"), busy, "It is slow.")
    escalation.withdraw(office.by(DANA, "Wed 13:30"), busy)
    chats.leave_message(office.by(DANA, "Wed 14:00"), busy, "Please call me.\nThe number is the usual one.")
    mails = [
        *office.mails(silent),
        *office.mails(busy),
        *_of_requests(office),
        *_of_advisories(office),
        *_of_incidents(office),
        *_of_features(office),
        *map(answer, sorted(ANSWERS)),
    ]
    return {mail.kind: mail for mail in reversed(mails)}


def _of_incidents(office: Office) -> list[Mail]:
    """The mails that an incident of two accounts called for (INC-1, INC-2)."""
    own, far = office.open("Mon 09:00", subject="No sound"), office.open("Mon 09:05", LENA, subject="Silence")
    words = {"title": "One of two relays failed", "details": "It was full.", "restoration": "By the other."}
    declaring.declare(office.by(SAM, "Mon 09:30"), own, words, {})
    affecting.affect(office.by(SAM, "Mon 10:00"), own, [far], [], "Use the other trunk.")
    mistaken = office.open("Mon 10:05", LENA, subject="One phone is broken")
    affecting.affect(office.by(SAM, "Mon 10:10"), own, [mistaken], [])
    affecting.remove(office.by(SAM, "Mon 10:20"), own, [mistaken], [], "It is your phone alone.")
    cases.restore(office.by(SAM, "Mon 11:00"), own, "It rings again.")
    reporting.send(office.by(SAM, "Tue 09:00"), own, HARBOR)
    requesting.request(office.by(DANA, "Tue 10:00"), own, "For our board.")
    told = {mail.kind: mail for number in (own, mistaken, far) for mail in office.mails(number)}
    kinds = (MailKind.INCIDENT, MailKind.AFFECTED, MailKind.UNAFFECTED, MailKind.SERVICE_BACK)
    return [told[kind] for kind in (*kinds, MailKind.REPORT_WANTED, MailKind.INCIDENT_REPORT)]


def _of_features(office: Office) -> list[Mail]:
    """The mails that a feature request called for: planned, then converted (FR-1)."""
    wish = office.open("Mon 09:00", type=CaseType.FEATURE_REQUEST, subject="Export as a sheet")
    feature_requests.evaluate(office.by(SAM, "Mon 10:00"), wish, Evaluation.PLANNED, "It fits.", release="5.2")
    to = Conversion("problem", "production", "Reports are copied by hand.")
    feature_requests.convert(office.by(SAM, "Mon 11:00"), wish, to, "The export that there is fails.")
    return list(office.mails(wish))


def _of_requests(office: Office) -> list[Mail]:
    """The mails that a change request and two admin cases called for (SR-1, ADM-1)."""
    order = Path(office.config.db).with_name("order.txt")
    order.write_text("Services order 1: ten numbers.")
    change = office.open(
        "Mon 09:00", type=CaseType.SERVICE_REQUEST, subtype="change-request", fields={"change": "add"}
    )
    requests.acknowledge(office.by(SAM, "Mon 09:30"), change, "We look into it.")
    requests.reject(office.by(SAM, "Mon 10:00"), change, "There is no room in the east.")
    requests.resubmit(office.by(SAM, "Mon 11:00"), change, "In the west, then.")
    documents = requests.Documents((str(order),), (), Handling())
    requests.accept(office.by(SAM, "Mon 12:00"), change, documents, "Two days of work.")
    requests.sign(office.by(OMAR, "Mon 13:00"), change)
    requests.sign(office.by(SAM, "Mon 13:30"), change)
    requests.complete(office.by(SAM, "Tue 09:00"), change, "All ten ring.")
    wish: dict[str, Any] = {
        "type": CaseType.ADMIN,
        "subtype": "contact-data",
        "fields": {"phone": "+1 555 010 0199"},
    }
    first, second = office.open("Mon 09:00", **wish), office.open("Mon 09:10", **wish)
    approving.approve(office.by(ADA, "Mon 10:00"), first, "Noted.")
    approving.decline(office.by(ADA, "Mon 10:00"), second, "Once will do.")
    return [mail for number in (change, first, second) for mail in office.mails(number)]


def _of_advisories(office: Office) -> list[Mail]:
    """The mails that two advisories called for: one at once, both in a digest, one withdrawn (ADV-1)."""
    subscribing.subscribe(office.by(OMAR, "Mon 08:00"), Frequency.AT_ONCE)
    subscribing.subscribe(office.by(DANA, "Mon 08:00"), Frequency.DAILY)
    drops = Draft("Calls drop", "One call in five drops.", "Restart the phone.", services=("Voice",))
    news = Draft("A new release", "It comes in the night.", kind=AdvisoryKind.NEWS, ends_at=when("Fri 06:00"))
    for draft in (drops, news):
        publishing.announce(office.by(SAM, "Mon 10:00"), draft)
    office.tick("Tue 08:00")
    publishing.withdraw(office.by(SAM, "Tue 10:00"), "SA-1", "Mended with the new release.")
    with office.store.read() as record:
        mails = record.outbox(number=None, states=(), limit=None)
    return [mail for mail in reversed(mails) if mail.number is None]


def answer(kind: MailKind, subject: str = "Help", number: int | None = 42, place: int = 7) -> Mail:
    """An automatic answer to a mail with that subject."""
    return answers.compose(
        kind,
        to="Pat@Example.com",
        subject=subject,
        named=("<a1@example.com>",),
        number=number,
        place=place,
        at=AT,
        office=SPEAKING,
        key=KEY,
    )
