"""What an escalation is mailed as: to whom it is addressed, and back to the customer (ESC-1, MAIL-6)."""

from desk_fixtures import DANA, MIA, OMAR, SAM, Office, ask

from carecli.desk import escalation
from carecli.domain.outbox import MailKind
from carecli.domain.vocabulary import Priority, Via

WHY = "Three days without a word.\n\nOur go-live is on Monday."
SIGNATURE = "\n-- \nTest desk\n"
RAISED = """\
dana@abc.example escalates case 0000000001 of ABC Testing Co to the Customer Care manager. Wanted is priority \
critical; the case has high.

Three days without a word.

Our go-live is on Monday.

To see it:  care show 0000000001
To answer:  care escalate 0000000001 --answer -m 'your text'
It stands until you or a manager answers, or it is taken back, or the case closes.
"""
WITHDRAWN = """\
Case 0000000001: the escalation is taken back.

To see it:  care show 0000000001
"""
ANSWERED = """\
Case 0000000001: the escalation is answered.

Ben takes it on.

To answer:  care update 0000000001 -m 'your text'
"""


def test_what_the_addressed_read(office: Office) -> None:
    """ESC-1, SEV-1: the manager reads who wants what and why, and how to answer, not what time does next."""
    number = office.open("Mon 09:00")
    ask(office.by(SAM, "Mon 09:30"), number)
    escalation.escalate(office.by(DANA, "Mon 10:00"), number, WHY, priority=Priority.CRITICAL)
    mail = office.mails(number)[-1]
    assert (mail.kind, mail.to, mail.content["body"]) == (MailKind.ESCALATION, MIA, RAISED + SIGNATURE)
    assert mail.subject == "[Case # 0000000001 ] escalated: Calls drop"
    escalation.withdraw(office.by(DANA, "Mon 10:30"), number)
    mail = office.mails(number)[-1]
    assert (mail.kind, mail.to, mail.content["body"]) == (
        MailKind.ESCALATION_WITHDRAWN,
        MIA,
        WITHDRAWN + SIGNATURE,
    )


def test_what_the_customer_reads(office: Office) -> None:
    """ESC-1: the answer goes to the case's contact in the words of the manager."""
    number = office.open("Mon 09:00")
    escalation.escalate(office.by(DANA, "Mon 10:00"), number, WHY)
    escalation.answer(office.by(MIA, "Mon 10:30"), number, "Ben takes it on.")
    mail = office.mails(number)[-1]
    assert (mail.kind, mail.to, mail.content["body"]) == (MailKind.ESCALATION_ANSWERED, DANA, ANSWERED + SIGNATURE)


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
