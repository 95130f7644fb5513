"""Mail to real SMTP servers on loopback: what they take, refuse and break (MAIL-6)."""

from contextlib import closing

import pytest
from mail.transports.servers import (
    HOST,
    KEEP_AND_RESET,
    PASSWORD,
    RESET,
    SILENCE,
    USER,
    Post,
    raw,
    serving,
)
from postoffice import Certificates, free_port

from carecli.mail.transports.protocol import Failure, Posting
from carecli.mail.transports.smtp import SmtpTransport
from carecli.mail.transports.smtp_server import Server

FROM, DANA, OMAR, ROSA = (f"{name}@abc.example" for name in ("care", "dana", "omar", "rosa"))
RAW = b"From: care@abc.example\nSubject: Hello\nMessage-ID: <1@x>\n\nFirst\n.\n..two dots\nLast\n"
QUICK_S = 0.3
"""Less than a silent server is silent."""


@pytest.fixture
def post() -> Post:
    """What the server of a test was handed."""
    return Post()


def server(port: int, **more: object) -> Server:
    """The server of a test without encryption, or as told."""
    return Server(**({"host": HOST, "port": port, "security": "none", "timeout_s": 5.0} | more))  # type: ignore[arg-type]


def sent(to: Server, *recipients: str, raw_: bytes = RAW) -> list[Failure | None]:
    """Hand a mail to each over one transport."""
    with closing(SmtpTransport(to)) as transport:
        return [one for name in recipients for one in transport.deliver([Posting(FROM, name, raw_)])]


def only(found: list[Failure | None]) -> Failure:
    """The one failure."""
    [failure] = found
    assert failure is not None
    return failure


def test_the_message_arrives_as_it_was(post: Post) -> None:
    """MAIL-6: envelope, line ends and leading dots are as SMTP wants them, and nothing else is changed."""
    with serving(post) as port:
        assert sent(server(port), DANA, raw_=b"A: b\r\n\nx\r.\n.y\x00\n") == [None]
    [envelope] = post.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == (FROM, [DANA])
    assert raw(envelope) == b"A: b\r\n\r\nx\r\n.\r\n.y\x00\r\n"


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
@pytest.mark.parametrize("login", [False, True])
def test_every_way_to_connect(post: Post, known: Certificates, security: str, login: bool) -> None:
    """MAIL-6: in clear, with STARTTLS and over TLS, with and without a login."""
    with serving(post, security=security, known=known, login=login) as port:
        who = {"user": USER, "password": PASSWORD} if login else {}
        to = server(port, security=security, ca_file=str(known.ca_file), **who)
        assert sent(to, DANA, OMAR) == [None, None]
        assert SmtpTransport(to).check() is None
    assert post.recipients == [DANA, OMAR]
    assert len(post.sessions) == 1  # one connection for both
    assert post.logged_in == [login, login]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_a_stranger_is_refused(post: Post, known: Certificates, security: str) -> None:
    """MAIL-6: a certificate that nobody we trust has signed ends the run; neither password nor mail goes out."""
    with serving(post, security=security, known=known, login=True) as port:
        to = server(port, security=security, ca_file=str(known.stranger_file), user=USER, password=PASSWORD)
        failure = only(sent(to, DANA))
        named = only(sent(to._replace(ca_file=None), DANA))
    assert failure.stops
    assert not failure.permanent
    assert "certificate" in failure.what
    assert "ca_file" in str(failure.hint)
    assert "certificate" in named.what
    assert post.envelopes == []


def test_a_server_without_starttls_is_refused(post: Post) -> None:
    """MAIL-6: encryption that is asked for is never left out in silence."""
    with serving(post) as port:
        failure = only(sent(server(port, security="starttls"), DANA))
    assert failure.stops
    assert "STARTTLS" in failure.what
    assert post.envelopes == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_missing_certificate_file_is_told(post: Post, known: Certificates, security: str) -> None:
    """MAIL-6: a `ca_file` that is not there is a failure that names it, with a remedy."""
    with serving(post, security=security, known=known) as port:
        failure = only(sent(server(port, security=security, ca_file="/nowhere.pem"), DANA))
    assert failure.stops
    assert "/nowhere.pem" in failure.what
    assert "`ca_file`" in str(failure.hint)


@pytest.mark.parametrize("setting", [{"host": "smtp..example"}, {"helo": "b\u00e1d name"}, {"helo": "a\r\nRSET"}])
def test_a_setting_that_cannot_be_spelled(post: Post, setting: dict[str, str]) -> None:
    """MAIL-6: a host or a greeting that no server understands is a failure with a remedy, never a traceback."""
    with serving(post) as port:
        failure = only(sent(server(port, **setting), DANA))
        checked = SmtpTransport(server(port, **setting)).check()
    assert failure.stops
    assert "[mail.smtp]" in str(failure.hint)
    assert checked == failure


def test_a_password_beyond_ascii(post: Post, known: Certificates) -> None:
    """MAIL-6: a password with any letters logs in, as RFC 4616 spells it; a wrong one is refused and not told."""
    right, wrong = "p\u00e4ssword", "wr\u00f6ng"
    with serving(post, security="starttls", known=known, login=True, password=right) as port:
        to = server(port, security="starttls", ca_file=str(known.ca_file), user=USER, password=right)
        assert sent(to, DANA) == [None]
        failure = only(sent(to._replace(password=wrong), DANA))
    assert "refused the login: 535" in failure.what
    assert wrong not in repr(failure)


def test_a_wrong_password(post: Post, known: Certificates) -> None:
    """MAIL-6: a refused login ends the run for all mail, which waits; the password is told nowhere."""
    with serving(post, security="starttls", known=known, login=True) as port:
        to = server(port, security="starttls", ca_file=str(known.ca_file), user=USER, password="wrong-one")
        failure = only(sent(to, DANA))
        checked = SmtpTransport(to).check()
    assert (failure.stops, failure.permanent) == (True, False)
    assert "refused the login: 535" in failure.what
    assert checked == failure
    assert "wrong-one" not in repr(failure) + repr(to)


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        ("550 5.1.1 no such user", True),
        ("550 5.1.10 null MX", True),
        ("550 5.2.1 mailbox disabled", True),
        ("550 no such user", True),
        ("553 mailbox name not allowed", True),
        ("550 5.7.1 relaying denied", False),
        ("550 relay not permitted", False),
        ("554 5.7.1 rejected as spam", False),
        ("554 policy", False),
        ("530 5.7.0 authentication required", False),
        ("552 5.2.2 mailbox full", False),
        ("550 5.1.8 sender's domain unknown", False),
        ("450 4.2.1 try again", False),
        ("451 4.7.1 greylisted", False),
        ("452 too many recipients", False),
    ],
)
def test_what_is_for_good(post: Post, answer: str, permanent: bool) -> None:
    """MAIL-6: only a missing mailbox is for good; relaying, policy and greylists are tried again; others go on."""
    post.rcpt[DANA] = [answer]
    with serving(post) as port:
        refused, other = sent(server(port), DANA, OMAR)
    assert refused is not None
    assert other is None
    assert (refused.permanent, refused.stops) == (permanent, False)
    assert answer in refused.what
    assert post.recipients == [OMAR]


def test_a_greylist_takes_it_the_second_time(post: Post) -> None:
    """MAIL-6: what was put off is taken when it comes again."""
    post.rcpt[DANA] = ["451 4.7.1 come again"]
    with serving(post) as port:
        assert [one is None for one in sent(server(port), DANA, DANA)] == [False, True]
    assert post.recipients == [DANA]


@pytest.mark.parametrize("answer", ["554 5.7.1 policy", "452 4.3.1 full", "552 5.3.4 too large"])
def test_a_message_that_is_refused(post: Post, answer: str) -> None:
    """MAIL-6: a refusal behind the message is tried again; the next mail leaves over the same connection."""
    post.data = [answer]
    with serving(post) as port:
        refused, other = sent(server(port), DANA, OMAR)
    assert refused is not None
    assert (refused.permanent, refused.stops, other) == (False, False, None)
    assert len(post.sessions) == 1


@pytest.mark.parametrize("answer", ["552 5.3.4 message too big", "552 message size exceeds fixed limit"])
def test_a_message_that_is_too_large_stops_no_other(post: Post, answer: str) -> None:
    """MAIL-6: what a server refuses for its announced size is that mail's own trouble; the next one leaves."""
    post.mail = [answer]
    with serving(post) as port:
        refused, other = sent(server(port), DANA, OMAR)
    assert refused is not None
    assert (refused.permanent, refused.stops, other) == (False, False, None)
    assert answer in refused.what


def test_a_refused_sender_concerns_every_mail(post: Post) -> None:
    """MAIL-6: a refused sender ends the run."""
    post.mail = ["550 5.7.1 not yours"]
    with serving(post) as port:
        failure = only(sent(server(port), DANA))
    assert (failure.stops, failure.permanent) == (True, False)


@pytest.mark.parametrize("broken", [RESET, KEEP_AND_RESET])
def test_a_reset_behind_the_message(post: Post, broken: str) -> None:
    """MAIL-6: a broken connection loses nothing: the mail counts as not sent, the next one leaves."""
    post.data = [broken]
    with serving(post) as port:
        lost, other = sent(server(port), DANA, OMAR)
    assert lost is not None
    assert (lost.permanent, lost.stops, other) == (False, False, None)
    assert post.recipients == ([OMAR] if broken == RESET else [DANA, OMAR])


def test_a_server_that_resets_every_time_is_left_alone(post: Post) -> None:
    """MAIL-6: after three broken connections in a row the run ends."""
    post.data = [RESET] * 3
    with serving(post) as port:
        found = sent(server(port), DANA, OMAR, ROSA)
    assert [one.stops for one in found if one] == [False, False, True]


def test_a_server_that_closes_between_two_mails(post: Post) -> None:
    """MAIL-6: a connection that the server ended between two mails is made anew, and nobody notices."""
    post.mail = ["250 OK", RESET, "250 OK", "421 4.7.0 enough for one connection"]
    with serving(post) as port:
        assert sent(server(port), DANA, OMAR, ROSA) == [None, None, None]
    assert post.recipients == [DANA, OMAR, ROSA]
    assert len(post.sessions) >= 2


def test_a_silent_server_ends_the_run(post: Post) -> None:
    """MAIL-6: one timeout is enough: every mail would wait for as long."""
    post.mail = [SILENCE]
    with serving(post) as port:
        failure = only(sent(server(port, timeout_s=QUICK_S), DANA))
    assert failure.stops
    assert "did not answer within 0.3 s" in failure.what


def test_a_server_may_take_long_over_a_message(post: Post) -> None:
    """MAIL-6: behind a message a server has far longer than for other steps: giving up there sends it twice."""
    # Every other step has to be done in that time, on a busy machine too.
    timeout_s, post.pause_s = 1.5, 1.8
    with serving(post) as port:
        assert sent(server(port, timeout_s=timeout_s), DANA) == [None]


def test_what_is_put_off_needs_no_mending(post: Post) -> None:
    """MAIL-6: an answer of 4yz asks for patience, so nobody is sent to the config file for it."""
    post.rcpt[DANA] = ["451 4.7.1 greylisted", "554 5.7.1 not allowed"]
    with serving(post) as port:
        later, never = sent(server(port), DANA, DANA)
    assert later is not None
    assert never is not None
    assert later.hint is None
    assert "[mail.smtp]" in str(never.hint)


def test_a_server_that_is_not_there() -> None:
    """MAIL-6: a refused connection, and a name that leads nowhere, end the run."""
    refused = only(sent(server(free_port()), DANA))
    assert refused.stops
    assert "Connection refused" in refused.what
    assert only(sent(server(25, host="nowhere.invalid"), DANA)).stops


@pytest.mark.parametrize(
    "address", ["", "dana", "@x.example", "dana@", "a b@x.example", "x@y>\r\nRCPT TO:<z@y", "a\0b@x.example"]
)
def test_what_is_no_address_is_given_up(post: Post, address: str) -> None:
    """MAIL-6: no address can write commands of its own, and what is none never leaves."""
    with serving(post) as port:
        assert only(sent(server(port), address)).permanent
    assert post.envelopes == []


def test_addresses_beyond_ascii(post: Post) -> None:
    """MAIL-6: a server with SMTPUTF8 takes them, another one gets the domain in ASCII or a clear failure."""
    local, domain = "döna@abc.example", "dana@bücher.example"
    with serving(post, smtputf8=True) as port:
        assert sent(server(port), local, domain, DANA) == [None, None, None]
    assert post.recipients == [local, "dana@xn--bcher-kva.example", DANA]
    older = Post()
    with serving(older) as port:
        refused, converted, plain = sent(server(port), local, domain, DANA)
    assert refused is not None
    assert (refused.permanent, "SMTPUTF8" in refused.what) == (False, True)
    assert (converted, plain) == (None, None)
