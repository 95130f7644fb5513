"""What becomes of a mail that comes in, decided from facts alone (MAIL-2..5)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from carecli.domain.answering import answer_due, silence
from carecli.domain.facts import Facts, Known, References, Sender, Target
from carecli.domain.inbox import Bounce, Incoming, Outcome, Received, Settlement, Verdict
from carecli.domain.matching import ROBOTS, Decision, bounced, decide, kept
from carecli.domain.outbox import Mail, MailKind, MailState
from carecli.domain.policy import MailPolicy

AT = datetime(2026, 3, 6, 9, tzinfo=UTC)
DANA = "dana@abc.example"
POLICY = MailPolicy(False, "5d", ("mx.desk.example",), ("fail",), link_by_case_number=False, answers_per_day=3)
CONTACT = Sender(DANA, Known.CONTACT, "ABC", designated=True)
MESSAGE = Incoming("<a@b>", DANA, None, (), "Re: it", (), "It is done.", (), None, None, ())
ANSWERS_ONE = References((1,))
OPEN, CLOSED, OTHER = Target(1, "ABC", False), Target(4, "ABC", True), Target(5, "Harbor", False)


def facts(references: References = ANSWERS_ONE, **changes: object) -> Facts:
    """What is known of a contact's reply to a mail of case 1."""
    known = Facts(MESSAGE, CONTACT, Verdict.NONE, references, (OPEN, CLOSED, OTHER))
    return known._replace(**changes)  # type: ignore[arg-type]


def told(known: Facts, policy: MailPolicy = POLICY) -> tuple[str, str, int | None, str | None]:
    """A decision without its sentence, which must be there."""
    decision = decide(known, policy)
    assert decision.reason
    return decision.outcome.value, decision.code, decision.number, decision.answer


def earlier(sender: str | None = DANA) -> Received:
    """A message that came before with the same Message-ID."""
    return Received(7, "", AT, "test", 1, "<a@b>", sender, "", Outcome.UPDATED, 1, "message-id")


def test_the_order_of_the_decision() -> None:
    """MAIL-2..5: each reason beats those behind it; taken away one by one, the next one shows."""
    eve = Sender("eve@x.example", Known.STRANGER)
    known = facts(
        References((4,)),
        message=MESSAGE._replace(robot="a mailing list"),
        sender=eve,
        verdict=Verdict.FAIL,
        own="it is ours",
        earlier=(earlier(), earlier("eve@x.example")),
    )
    assert told(known)[1] == "duplicate"
    known = known._replace(earlier=(earlier("other@x.example"),))
    assert told(known)[1] == "own-mail"
    known = known._replace(own=None)
    assert told(known)[1] == "robot:mailing-list"
    known = known._replace(message=MESSAGE)
    assert told(known)[1] == "same-message-id"
    known = known._replace(earlier=())
    assert told(known)[1] == "unknown-sender"
    known = known._replace(sender=CONTACT)
    assert told(known)[1] == "failed-authentication"
    known = known._replace(verdict=Verdict.PASS)
    assert told(known)[1] == "closed"
    known = known._replace(references=References((1,)))
    assert told(known) == ("updated", "message-id", 1, None)


@pytest.mark.parametrize(
    ("before", "code"),
    [
        ((Outcome.UPDATED, None), "duplicate"),
        ((Outcome.TRIAGED, Settlement.LINKED), "duplicate"),
        ((Outcome.TRIAGED, Settlement.DISCARDED), "duplicate"),
        ((Outcome.TRIAGED, None), "message-id"),
        ((Outcome.IGNORED, None), "message-id"),
    ],
)
def test_what_came_before_keeps_out_what_it_did_not_do(
    before: tuple[Outcome, Settlement | None], code: str
) -> None:
    """MAIL-2a, FU-5: once a message counts, or staff have decided, its copies do not."""
    came = earlier()._replace(outcome=before[0], settlement=before[1])
    assert told(facts(earlier=(came,)))[1] == code
    assert told(facts(References(), earlier=(came,)))[1] == "duplicate"


@pytest.mark.parametrize(
    ("references", "code", "number"),
    [
        (References((1, 5), (5,), (5,), 5), "message-id", 1),
        (References((99, 1)), "message-id", 1),
        (References((), (1,), (5,), 5), "reference", 1),
        (References((), (), (1,), 5), "reference", 1),
        (References((), (1, 4)), "ambiguous", None),
        (References((), (), (1, 5)), "ambiguous", None),
        (References((), (1,), (1, 4, 5)), "reference", 1),
        (References((99,)), "no-case", None),
        (References((), (99,)), "no-case", None),
        (References(number=1), "number-only", None),
        (References(), "no-case", None),
    ],
)
def test_what_names_a_case(references: References, code: str, number: int | None) -> None:
    """MAIL-2: headers, the nearest first, then the subject, then the text; two in one place are none."""
    assert told(facts(references))[1:3] == (code, number)


@pytest.mark.parametrize(
    ("sender", "code", "answer"),
    [
        (CONTACT, "message-id", None),
        (CONTACT._replace(designated=False), "not-designated", None),
        (CONTACT._replace(account="Harbor"), "other-account", "how-to-open"),
        (Sender(DANA, Known.INACTIVE, "ABC"), "inactive-sender", "unknown-sender"),
        (Sender(DANA, Known.STRANGER), "unknown-sender", "unknown-sender"),
        (Sender("sam@desk.example", Known.STAFF), "staff-not-authenticated", None),
        (None, "unclear-sender", None),
    ],
)
def test_who_may_write_into_a_case(sender: Sender | None, code: str, answer: str | None) -> None:
    """MAIL-2, DC-1: a Designated Contact of the case's account, and staff; each other has a reason."""
    assert told(facts(sender=sender))[1::2] == (code, answer)


def test_staff_count_where_no_server_is_trusted_or_one_vouches() -> None:
    """MAIL-2a: a desk that trusts no server goes by the reference; one that does wants its word for staff."""
    sam = facts(sender=Sender("sam@desk.example", Known.STAFF))
    assert told(sam, POLICY._replace(trusted_servers=()))[0] == "updated"
    assert told(sam._replace(verdict=Verdict.PASS))[0] == "updated"


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("quarantine", [(), ("fail",), ("fail", "none")])
def test_quarantine(verdict: Verdict, quarantine: tuple[str, ...]) -> None:
    """MAIL-2a: what waits for a person is the policy's to say; a pass never does."""
    outcome = told(facts(verdict=verdict), POLICY._replace(quarantine=quarantine))[0]
    assert outcome == ("triaged" if verdict.value in quarantine else "updated")


def test_a_number_links_by_policy_alone() -> None:
    """MAIL-3: with the policy, a pass, and a Designated Contact of the account; lacking any of them never."""
    by_number = POLICY._replace(link_by_case_number=True)
    right = facts(References(number=1), verdict=Verdict.PASS)
    assert told(right, by_number) == ("updated", "case-number", 1, None)
    assert told(right)[1] == "number-only"
    for wrong in (
        right._replace(verdict=Verdict.NONE),
        right._replace(sender=CONTACT._replace(designated=False)),
        right._replace(references=References(number=5)),
        right._replace(references=References(number=99)),
        right._replace(sender=Sender("sam@desk.example", Known.STAFF)),
    ):
        assert told(wrong, by_number)[1] == "number-only"
    assert told(right._replace(references=References(number=4)), by_number)[1:] == ("closed", 4, "how-to-reopen")


@pytest.mark.parametrize("start", [start for start, _ in ROBOTS])
def test_robots_by_their_word(start: str) -> None:
    """MAIL-5: every reason of the mail room has its word; one that it might add has one too."""
    word = told(facts(message=MESSAGE._replace(robot=f"{start}x")))[1]
    assert word == f"robot:{dict(ROBOTS)[start]}"
    assert told(facts(message=MESSAGE._replace(robot="something new")))[1] == "robot:other"


@pytest.mark.parametrize(
    ("return_path", "sender", "verdict", "silent"),
    [
        (None, DANA, Verdict.NONE, False),
        (DANA, DANA, Verdict.PASS, False),
        ("bounces@mail.abc.example", DANA, Verdict.NONE, False),
        ("x@evil.example", DANA, Verdict.NONE, True),
        ("x@example", DANA, Verdict.NONE, True),
        ("x@notabc.example", DANA, Verdict.NONE, True),
        (None, "No-Reply@shop.example", Verdict.NONE, True),
        (None, "postmaster@abc.example", Verdict.PASS, True),
        (None, DANA, Verdict.FAIL, True),
    ],
)
def test_who_is_given_no_answer(return_path: str | None, sender: str, verdict: Verdict, silent: bool) -> None:
    """MAIL-5, RFC 3834: an answer never goes where a stranger may have pointed it."""
    message = MESSAGE._replace(return_path=return_path, sender=sender)
    known = facts(message=message, sender=CONTACT._replace(email=sender), verdict=verdict)
    assert bool(silence(known)) is silent


def test_answers_are_counted() -> None:
    """MAIL-5: one of a kind, and no more than so many; the reason says what became of it."""
    decision = Decision(Outcome.TRIAGED, "no-case", "it names no case", answer=MailKind.HOW_TO_OPEN)
    assert answer_due(decision, facts(), [], 1)[0] is MailKind.HOW_TO_OPEN
    for given, most in (([MailKind.HOW_TO_OPEN], 3), ([MailKind.HOW_TO_REPLY], 1), ([], 0)):
        kind, said = answer_due(decision, facts(), given, most)
        assert kind is None
        assert "no answer was sent" in said
    assert answer_due(decision._replace(answer=None), facts(), [], 3) == (None, "")


MAIL = Mail("k", 1, MailKind.REMINDER, DANA, "", {}, "<m@d>", AT, AT, None, state=MailState.SENT, id=3)


@pytest.mark.parametrize(
    ("final", "mail", "outcome", "code", "number"),
    [
        (True, MAIL, "bounce", "bounced", 1),
        (True, MAIL._replace(state=MailState.BOUNCED), "bounce", "known-bounce", 1),
        (True, MAIL._replace(number=None), "bounce", "bounced", None),
        (True, None, "bounce", "unmatched-bounce", None),
        (False, MAIL, "ignored", "not-final", 1),
        (False, None, "bounce", "unmatched-bounce", None),
    ],
)
def test_bounces(final: bool, mail: Mail | None, outcome: str, code: str, number: int | None) -> None:
    """MAIL-5: a bounce is of a mail of ours or of none, for good or not yet."""
    decision = bounced(Bounce(None, "5.1.1", None, final, ("<m@d>",)), mail)
    assert (decision.outcome, decision.code, decision.number) == (outcome, code, number)
    assert decision.answer is None


PRIVATE = OPEN._replace(confidential_of=DANA)
COLLEAGUE = Sender("omar@abc.example", Known.CONTACT, "ABC", designated=True)
PARENT = Sender("rea@above.example", Known.CONTACT, "Above", designated=True, end_users=("ABC",))
AGENT, ADMIN = Sender("sam@desk.example", Known.STAFF), Sender("ada@desk.example", Known.STAFF, admin=True)


@pytest.mark.parametrize("sender", [COLLEAGUE, PARENT, AGENT])
def test_a_data_privacy_request_takes_nobody_elses_mail(sender: Sender) -> None:
    """SR-1, MAIL-2: it waits for an admin, hidden by its number, and is answered as mail about no case (DC-3)."""
    known = facts(sender=sender, targets=(PRIVATE, CLOSED, OTHER))
    assert told(known)[:3] == ("triaged", "not-for-sender", 1)
    unknown = facts(sender=sender, targets=())
    assert told(known)[3] == told(unknown)[3]


@pytest.mark.parametrize("sender", [CONTACT, ADMIN])
def test_a_data_privacy_request_takes_mail_of_its_contact_and_of_admins(sender: Sender) -> None:
    """SR-1, MAIL-2: of whoever may read it."""
    known = facts(sender=sender, targets=(PRIVATE,), verdict=Verdict.PASS)
    assert told(known)[:3] == ("updated", "message-id", 1)


def test_mail_that_only_names_a_data_privacy_request_is_kept_from_staff_too() -> None:
    """SR-1, MAIL-3: a number proves nothing, and what was written beside it may be personal."""
    known = facts(References(number=1), targets=(PRIVATE,))
    assert told(known)[:3] == ("triaged", "number-only", 1)
    assert told(known._replace(targets=(OPEN,)))[:3] == ("triaged", "number-only", None)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"references": References(subject=(1, 4))}, "ambiguous"),
        ({"sender": None}, "unclear-sender"),
        (
            {"sender": Sender("eve@x.example", Known.STRANGER), "references": References(number=1)},
            "unknown-sender",
        ),
        ({"earlier": (earlier("other@x.example"),)}, "same-message-id"),
        (
            {"message": MESSAGE._replace(robot="Auto-Submitted: x"), "references": References(number=1)},
            "robot:auto-submitted",
        ),
    ],
)
def test_whatever_names_a_data_privacy_request_is_kept_from_staff(changes: dict[str, Any], code: str) -> None:
    """SR-1, MAIL-3: for whatever reason it waits, a mail about one is hidden from staff by its number."""
    known = facts(targets=(PRIVATE, CLOSED), **changes)
    assert told(known)[1:3] == (code, 1)
    assert told(known._replace(targets=(OPEN, CLOSED)))[1:3] == (code, None)


def test_a_bounce_of_nothing_is_kept_from_staff() -> None:
    """SR-1, MAIL-5: a report of a delivery that quotes a data-privacy request is for admins, as its mails are."""
    lost = bounced(Bounce("x@abc.example", "5.1.1", "no such user", True, ()), None)
    assert (lost.number, kept(lost, facts(targets=(PRIVATE,))).number) == (None, 1)


def test_a_parents_contact_writes_into_its_end_users_cases() -> None:
    """ACC-5, MAIL-2: of the accounts that its own is the parent of, and of no other."""
    assert told(facts(sender=PARENT))[:3] == ("updated", "message-id", 1)
    assert told(facts(References((5,)), sender=PARENT))[1] == "other-account"
