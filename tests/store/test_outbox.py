"""The outbox as every engine must keep it."""

from datetime import timedelta

from store.samples import T0, mail

from carecli.domain.outbox import Mail, MailState
from carecli.domain.people import Contact, Staff
from carecli.domain.vocabulary import Access, Role
from carecli.store.protocol import Store

LATER = T0 + timedelta(days=1)


def keys(mails: list[Mail]) -> list[str]:
    return [one.key for one in mails]


def test_a_mail_comes_back_as_it_was(store: Store) -> None:
    """A mail is kept whole and given an id (MAIL-6)."""
    sent = mail(
        round=2,
        stage=1,
        state=MailState.BOUNCED,
        sent_at=LATER,
        next_at=None,
        attempts=3,
        named=("<a@x>", "<b@y>"),
        error="550 no such user",
        not_before=LATER,
    )
    with store.write() as record:
        record.queue([sent])
        [kept] = record.mail_of(1)
        assert kept.id > 0
        assert kept._replace(id=0) == sent


def test_a_key_is_queued_once(store: Store) -> None:
    """One mail per case, round and stage, ever: the first stays (FU-5)."""
    with store.write() as record:
        record.queue([mail("a"), mail("a", subject="again")])
        record.queue([mail("a", subject="and again"), mail("b")])
        assert [(one.key, one.subject) for one in record.mail_of(1)] == [
            ("a", "Re: Calls drop"),
            ("b", "Re: Calls drop"),
        ]


def test_what_waits_is_queued_or_failed_and_may_leave(store: Store) -> None:
    """Mail waits for its time, oldest first; what was sent or bounced waits no more (MAIL-6)."""
    with store.write() as record:
        record.queue(
            [
                mail("second", 5),
                mail("first", 1, state=MailState.FAILED),
                mail("quiet", 0, next_at=LATER),
                mail("sent", 0, state=MailState.SENT, next_at=None),
                mail("bounced", 0, state=MailState.BOUNCED, next_at=None),
            ]
        )
        assert keys(record.mail_waiting(T0 + timedelta(minutes=5), 10)) == ["first", "second"]
        assert keys(record.mail_waiting(T0 + timedelta(minutes=4), 10)) == ["first"]
        assert keys(record.mail_waiting(LATER, 10)) == ["first", "second", "quiet"]
        assert keys(record.mail_waiting(LATER, 1)) == ["first"]
        [first] = record.mail_waiting(LATER, 1)
        assert keys(record.mail_waiting(LATER, 10, first)) == ["second", "quiet"]


def test_what_became_of_a_mail_is_kept(store: Store) -> None:
    """State, time, error and the next attempt are kept, the letter itself stays (MAIL-6)."""
    with store.write() as record:
        record.queue([mail()])
        [queued] = record.mail_of(1)
        record.mark_mails([queued._replace(state=MailState.FAILED, error="timeout", next_at=LATER, attempts=1)])
        assert record.mail_waiting(T0, 10) == []
        [failed] = record.mail_waiting(LATER, 10)
        assert (failed.error, failed.content) == ("timeout", {"said": "Hello"})
        sent = failed._replace(state=MailState.SENT, next_at=None, sent_at=LATER, error=None)
        record.mark_mails([sent])
        assert record.mail_of(1) == [sent]
        assert record.mail_waiting(LATER, 10) == []


def test_mail_belongs_to_its_case(store: Store) -> None:
    """A case lists its own mail, oldest first (MAIL-6)."""
    with store.write() as record:
        record.queue([mail("b", 9), mail("a", 1), mail("other", number=2)])
        assert keys(record.mail_of(1)) == ["a", "b"]


def test_a_bounce_outruns_the_mark(store: Store) -> None:
    """A mail that bounced before it is marked as sent stays bounced, and is kept as sent where it goes again."""
    with store.write() as record:
        record.queue([mail()])
        [queued] = record.mail_of(1)
        record.mark_mails([queued._replace(state=MailState.BOUNCED, next_at=None, error="550")])
        sent = queued._replace(state=MailState.SENT, next_at=None, sent_at=LATER, attempts=1)
        record.mark_mails([sent])
        assert record.mail_of(1) == [sent._replace(state=MailState.BOUNCED, error="550")]
        record.mark_mails([queued])
        record.mark_mails([sent])
        assert record.mail_of(1) == [sent]


def test_who_acts_no_more(store: Store) -> None:
    """Contacts and staff who were deactivated are known by their addresses, letter case aside (MAIL-6)."""
    with store.write() as record:
        for name, active in (("Dana", True), ("Omar", False)):
            record.put_contact(Contact(f"{name}@x.example", name, "Acme", Access.READ_WRITE, active=active))
        for name, active in (("Ben", True), ("Sam", False)):
            record.put_staff(Staff(f"{name}@desk.example", name, Role.AGENT, active=active))
        asked = {"DANA@x.example", "omar@X.example", "ben@desk.example", "sam@desk.example", "nobody@x.example"}
        assert record.inactive(asked) == {"omar@x.example", "sam@desk.example"}
        assert record.inactive(()) == set()
