"""What a desk mails: one mail of each kind, as it was queued, and how a reader gets it."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern

from desk_fixtures import DANA, MIA, SAM, Office, ask, propose, yes

from carecli.desk import cases, escalation
from carecli.domain.outbox import ANSWERS, Mail, MailKind
from carecli.domain.vocabulary import Priority, Via
from carecli.mail.outgoing import answers, notices
from carecli.mail.outgoing.message import Writer

KEY = b"k" * 32
SPEAKING = notices.Office("Customer Care <care@desk.example>", "UTC", "+1 555 010 0100", 3)
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
    cases.priority(office.by(SAM, "Wed 11:40"), busy, Priority.LOW, "Less pressing.", confirm=yes)
    escalation.escalate(office.by(DANA, "Wed 12:00"), busy, "It is slow.", priority=Priority.CRITICAL)
    escalation.answer(office.by(MIA, "Wed 12:30"), busy, "Ben takes it on.")
    escalation.escalate(office.by(DANA, "Wed 13:00"), busy, "It is slow.")
    escalation.withdraw(office.by(DANA, "Wed 13:30"), busy)
    mails = [*office.mails(silent), *office.mails(busy), *map(answer, sorted(ANSWERS))]
    return {mail.kind: mail for mail in reversed(mails)}


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
