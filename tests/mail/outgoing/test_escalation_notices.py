"""What an escalation is mailed as: to whom it is addressed, and back to the customer (ESC-1, MAIL-6)."""

from desk_fixtures import DANA, MIA, OMAR, SAM, Office, ask

from carecli.desk import escalation
from carecli.domain.outbox import MailKind
from carecli.domain.vocabulary import Priority, Via

WHY = "Three days without a word.\n\nOur go-live is on Monday."
WAYS = [
    {"label": "To see it", "command": "care show 0000000001"},
    {"label": "To answer", "command": "care escalate 0000000001 --answer -m 'your text'"},
]
CUSTOMER_READS = "A reply to this mail is an update of the case, which the customer reads."


def test_what_the_addressed_read(office: Office) -> None:
    """ESC-1, SEV-1: the manager reads who wants what and why, and how to answer, not what time does next."""
    number = office.open("Mon 09:00")
    ask(office.by(SAM, "Mon 09:30"), number)
    escalation.escalate(office.by(DANA, "Mon 10:00"), number, WHY, priority=Priority.CRITICAL)
    mail = office.mails(number)[-1]
    assert (mail.kind, mail.to) == (MailKind.ESCALATION, MIA)
    assert mail.content["lead"] == (
        "dana@abc.example escalates case 0000000001 of ABC Testing Co to the Customer Care manager."
        " Priority critical is asked for; the case has high."
    )
    assert mail.content["said"] == WHY
    assert mail.content["next"].startswith("It stands until you or a manager answers")
    assert (mail.content["ways"], mail.content["reply"]) == (WAYS, CUSTOMER_READS)
    assert mail.subject.startswith("[Case # 0000000001 ] escalated: Calls drop [ref:0000000001-")
    escalation.withdraw(office.by(DANA, "Mon 10:30"), number)
    mail = office.mails(number)[-1]
    assert (mail.kind, mail.to) == (MailKind.ESCALATION_WITHDRAWN, MIA)
    assert mail.content["lead"] == "The escalation of case 0000000001 is taken back."
    assert (mail.content["said"], mail.content["next"], mail.content["ways"]) == (None, None, WAYS[:1])


def test_a_reply_of_staff_finds_the_case(office: Office) -> None:
    """MAIL-1, MAIL-2: what goes to Customer Care carries the case's reference too."""
    number = office.open("Mon 09:00")
    escalation.escalate(office.by(DANA, "Mon 10:00"), number, WHY)
    first, to_care = office.mails(number)
    assert to_care.content["reference"] == first.content["reference"]
    assert to_care.named == (first.message_id,)


def test_what_the_customer_reads(office: Office) -> None:
    """ESC-1: the answer goes to the case's contact in the words of the manager."""
    number = office.open("Mon 09:00")
    escalation.escalate(office.by(DANA, "Mon 10:00"), number, WHY)
    escalation.answer(office.by(MIA, "Mon 10:30"), number, "Ben takes it on.")
    mail = office.mails(number)[-1]
    assert (mail.kind, mail.to, mail.content["said"]) == (MailKind.ESCALATION_ANSWERED, DANA, "Ben takes it on.")
    assert [way["command"] for way in mail.content["ways"]] == [f"care update {number:010d} -m 'your text'"]


def test_each_mail_is_one_of_its_own(office: Office) -> None:
    """MAIL-1, FU-5: keys and Message-IDs of a case's mails are never the same, and all are delivered."""
    number = office.open("Mon 09:00")
    for moment, who in (("10:00", DANA), ("10:01", OMAR)):
        escalation.escalate(office.by(who, f"Mon {moment}"), number, WHY)
    escalation.escalate(office.by(SAM, "Mon 10:02"), number, WHY, via=Via.PHONE)
    escalation.answer(office.by(MIA, "Mon 10:30"), number, "Yes.")
    mails = office.mails(number)
    assert [mail.to for mail in mails] == [DANA, MIA, MIA, MIA, DANA]
    for ids in ([mail.key for mail in mails], [mail.message_id for mail in mails]):
        assert len(set(ids)) == len(mails)
    assert office.tick("Mon 11:00").mail.sent == len(mails)
    assert len(office.delivered()) == len(mails)
