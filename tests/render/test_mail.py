"""Mail that goes out and that is fetched, as whole screens (MAIL-3, MAIL-6)."""

from datetime import timedelta

import pytest
from render.pages import NINE, ZONE, report
from render.test_inbox import BARE, DANA, UPDATED
from render.test_screens import in_a_pipe, on_terminal

from carecli.domain.fetching import Fetched, Left
from carecli.domain.inbox import Outcome
from carecli.domain.outbox import Mail, MailKind, MailState
from carecli.domain.tick_report import MailCount
from carecli.render.fetching import fetched_page
from carecli.render.inbox import inbox_sheet
from carecli.render.mail import delivery_line, outbox_sheet
from carecli.render.tick import tick_page

LATER = NINE + timedelta(minutes=5)
SENT = Mail(
    key="42/1/request",
    number=42,
    kind=MailKind.REQUEST,
    to=DANA,
    subject="[Case # 0000000042 ] we need information from you: Calls drop",
    content={},
    message_id="<0000000042.1.k7q2m4xdrt5wphna@desk.example>",
    queued_at=NINE,
    not_before=NINE,
    next_at=None,
    state=MailState.SENT,
    attempts=1,
    sent_at=LATER,
    id=1,
)
REFUSED = "recipient refused: 451 4.7.1 \x1b[31mcome\u202e again [bold] (smtp.desk.example:587)"
FAILED = SENT._replace(
    id=2, kind=MailKind.REMINDER, state=MailState.FAILED, sent_at=None, next_at=LATER, error=REFUSED
)
LOST = SENT._replace(
    id=3,
    number=None,
    kind=MailKind.UNKNOWN_SENDER,
    to=f"=cmd+{'x' * 60}@stranger.example",
    subject="Re: \x1b]0;title\x07=HYPERLINK() " + "long " * 30,
    state=MailState.FAILED,
    sent_at=None,
    attempts=9,
    error="recipient refused: 550 5.1.1 no such user (smtp.desk.example:587)",
)
BOUNCED = SENT._replace(id=4, state=MailState.BOUNCED, error="5.1.1, 550 no such user")
WITHDRAWN = SENT._replace(
    id=5, state=MailState.WITHDRAWN, sent_at=None, attempts=0, error="answered before it left"
)

OUTBOX = (WITHDRAWN, BOUNCED, LOST, FAILED, SENT)
STRANGER = BARE._replace(
    id=7,
    sender=f"=cmd+{'x' * 60}@stranger.example",
    subject="\x1b[31m\u202eexe.\u200b [bold]=HYPERLINK() " + "long " * 30,
    outcome=Outcome.TRIAGED,
    code="unknown-sender",
    reason="nobody here is =cmd@stranger.example; its sender was told how to go on",
)
CLOSED = UPDATED._replace(id=8, outcome=Outcome.TRIAGED, code="case-closed", reason="case 0000000042 is closed")
FETCHED = Fetched(
    "imap.desk.example", (UPDATED, STRANGER), (Left("14", "it is larger than 52,428,800 bytes\x1b[2J"),)
)

OUTBOX_80 = """\
Outbox  times in America/New_York
Mail  Case        To                 State      Why
────────────────────────────────────────────────────────────────────────────────
   5  0000000042  dana@abc.example   Withdrawn  answered before it left
   4  0000000042  dana@abc.example   Bounced    5.1.1, 550 no such user
   3              =cmd+xxxxxxxxxxx…  Given up   recipient refused: 550 5.1.1 no…
   2  0000000042  dana@abc.example   Failed     recipient refused: 451 4.7.1 co…
   1  0000000042  dana@abc.example   Sent
5 mails · send one again: care mail resend MAIL"""

TRIAGE_80 = """\
Mail in triage  times in America/New_York
Id    From                Subject            Outcome  Why             Case
────────────────────────────────────────────────────────────────────────────────
in-7  =cmd+xxxxxxxxxxxx…  exe. [bold]=HYPE…  Triaged  unknown sender
in-8  dana@abc.example    Re: Calls drop     Triaged  case closed     0000000042
2 mails · care mail triage show ID tells more"""

FETCHED_80 = """\
Fetched: 1 triaged, 1 updated  times in America/New_York
Id    From                Subject            Outcome  Why             Case
────────────────────────────────────────────────────────────────────────────────
in-1  dana@abc.example    Re: Calls drop     Updated  message id      0000000042
in-7  =cmd+xxxxxxxxxxxx…  exe. [bold]=HYPE…  Triaged  unknown sender
2 mails · care mail triage show ID tells more

Left in the mailbox: 1
Message  Why
───────────────────────────────────────────
14       it is larger than 52,428,800 bytes"""

OUTBOX_120 = """\
Outbox  times in America/New_York
Mail  Case        Kind            To                State      Tries  Next try          Why
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
   5  0000000042  Request         dana@abc.example  Withdrawn      0                    answered before it left
   4  0000000042  Request         dana@abc.example  Bounced        1                    5.1.1, 550 no such user
   3              Unknown Sender  =cmd+xxxxxxxxxx…  Given up       9                    recipient refused: 550 5.1.1 no…
   2  0000000042  Reminder        dana@abc.example  Failed         1  2026-03-02 09:05  recipient refused: 451 4.7.1 co…
   1  0000000042  Request         dana@abc.example  Sent           1
5 mails · send one again: care mail resend MAIL"""  # noqa: E501

TRIAGE_120 = """\
Mail in triage  times in America/New_York
Id    Received          From                           Subject                       Outcome  Why             Case
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
in-7  2026-03-02 09:00  =cmd+xxxxxxxxxxxxxxxxxxxxxxx…  exe. [bold]=HYPERLINK() lon…  Triaged  unknown sender
in-8  2026-03-02 09:00  dana@abc.example               Re: Calls drop                Triaged  case closed     0000000042
2 mails · care mail triage show ID tells more"""  # noqa: E501

FETCHED_120 = """\
Fetched: 1 triaged, 1 updated  times in America/New_York
Id    Received          From                           Subject                       Outcome  Why             Case
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
in-1  2026-03-02 09:00  dana@abc.example               Re: Calls drop                Updated  message id      0000000042
in-7  2026-03-02 09:00  =cmd+xxxxxxxxxxxxxxxxxxxxxxx…  exe. [bold]=HYPERLINK() lon…  Triaged  unknown sender
2 mails · care mail triage show ID tells more

Left in the mailbox: 1
Message  Why
───────────────────────────────────────────
14       it is larger than 52,428,800 bytes"""  # noqa: E501

FAILED_TICK_80 = """\
  2026-03-02 17:00 EST, last tick 2026-03-02 16:00 EST: 4 timers fired
  1 follow-up went out late; the stages behind moved along
  mail: 3 queued, 1 sent, 2 failed, next try 2026-03-02 09:05 EST
  next timer 2026-03-02 18:00 EST"""


@pytest.mark.parametrize(("width", "screen"), [(80, OUTBOX_80), (120, OUTBOX_120)])
def test_the_outbox(width: int, screen: str) -> None:
    """MAIL-6: each mail's state and what kept it from leaving; a server's escapes and markup do nothing."""
    assert on_terminal([outbox_sheet(OUTBOX, ZONE)], width) == screen


@pytest.mark.parametrize(("width", "screen"), [(80, TRIAGE_80), (120, TRIAGE_120)])
def test_triage(width: int, screen: str) -> None:
    """MAIL-3: each mail that waits with its reason; a stranger's name and subject do nothing."""
    sheet = inbox_sheet((STRANGER, CLOSED), ZONE, title="Mail in triage")
    assert on_terminal([sheet], width) == screen


@pytest.mark.parametrize(("width", "screen"), [(80, FETCHED_80), (120, FETCHED_120)])
def test_what_was_fetched(width: int, screen: str) -> None:
    """MAIL-6: what was taken in, and what had to be left and why."""
    assert on_terminal(fetched_page(FETCHED, ZONE), width) == screen


def test_a_tick_whose_mail_failed() -> None:
    """TICK-2, MAIL-6: how many failed, and when they are tried next."""
    count = MailCount(3, 1, 2, LATER, "refused", "mend it")
    assert on_terminal(tick_page(report()._replace(mail=count), ZONE), 80).endswith(f"\n\nTick\n{FAILED_TICK_80}")
    assert delivery_line(count, ZONE) in FAILED_TICK_80


@pytest.mark.parametrize(("limit", "told"), [(5, "the newest 5 mails, more with --limit"), (6, "5 mails")])
def test_a_list_that_may_have_been_cut_says_so(limit: int, told: str) -> None:
    """CLI: whoever sees only the newest is told, and how to see more."""
    assert f"\n{told} · send one again" in on_terminal([outbox_sheet(OUTBOX, ZONE, limit=limit)], 80)
    inbox = on_terminal([inbox_sheet((STRANGER,) * 5, ZONE, limit=limit)], 80)
    assert f"\n{told} · care mail triage show ID tells more" in inbox


def test_hostile_words_in_a_pipe() -> None:
    """CLI: whatever a server or a stranger wrote, a row stays one line without escapes."""
    text = in_a_pipe([outbox_sheet(OUTBOX, ZONE)]) + in_a_pipe([inbox_sheet((STRANGER,), ZONE)])
    assert len(text.splitlines()) == 2 + len(OUTBOX) + 1
    assert not {"\x1b", "\x07", "\u202e"} & set(text)
