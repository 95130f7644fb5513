"""Fetching from a real IMAP server, Debian's dovecot (MAIL-6)."""

import socket
import threading
from collections.abc import Callable

import pytest
from postoffice import HOST, PASSWORD, Certificates, Dovecot, dovecot, free_port, wire

from carecli.domain.fetching import Left
from carecli.errors import Failed
from carecli.mail.sources import imap
from carecli.mail.sources.protocol import Found
from carecli.mail.sources.server import Server

LARGEST = 10_000_000
ODD = b"Subject: \xe4\xff\r\n\r\n)\r\n* 1 FETCH (UID 7)\r\nA1 OK {3}\r\n\x80\xff\x01, no end of line"
"""With what looks like the protocol's own lines. IMAP itself cannot carry NUL: dovecot hands out 0x80 for it."""
FOLDERS = ("Care replies", "Déjà vu/日本語", 'Say "no" \\ yes', "A&B")

Mailbox = tuple[Dovecot, Server]


@pytest.fixture
def mailbox(mailboxes: Dovecot, known: Certificates) -> Mailbox:
    """A new user's mailbox, and how we reach it: by TLS, with the certificate looked at."""
    user = mailboxes.user()
    return mailboxes, Server("localhost", user, PASSWORD, mailboxes.tls, timeout_s=10, ca_file=str(known.ca_file))


def _all(server: Server) -> list[Found | Left]:
    with imap.opened(server, max_bytes=LARGEST) as source:
        return [each for batch in source.batches(source.uids()) for each in batch]


def _raws(server: Server) -> list[bytes]:
    return [each.raw for each in _all(server) if isinstance(each, Found)]


def _numbered(place: int) -> bytes:
    return b"Subject: number %d\r\n\r\ntext\r\n" % place


def test_messages_come_byte_for_byte_in_order_and_stay_unseen(mailbox: Mailbox) -> None:
    """MAIL-6: 120 of them, in batches; looking at them leaves no trace."""
    post, server = mailbox
    sent = [*map(_numbered, range(118)), ODD, b"\r\n"]
    for raw in sent:
        post.deliver(server.user, raw)
    with imap.opened(server, max_bytes=LARGEST) as source:
        batches = list(source.batches(source.uids()))
        assert source.taken(source.uids()) == []
    assert [each.raw for batch in batches for each in batch if isinstance(each, Found)] == sent
    assert [len(batch) for batch in batches] == [50, 50, 20]
    assert post.flags(server.user) == [()] * 120


def test_a_message_of_five_megabytes_comes_whole(mailbox: Mailbox) -> None:
    """MAIL-6: and one beyond `max_bytes` is told and left, while the others come."""
    post, server = mailbox
    large = b"Subject: large\r\n\r\n" + (b"0123456789abcdef" * 4 + b"\r\n") * 80_000
    for raw in (_numbered(1), large, b"x" * (LARGEST + 1), _numbered(2)):
        post.deliver(server.user, raw)
    found = _all(server)
    assert [each.raw for each in found if isinstance(each, Found)] == [_numbered(1), large, _numbered(2)]
    (left,) = (each for each in found if isinstance(each, Left))
    assert left.why == "it has 10,000,001 bytes, more than the 10,000,000 that `max_bytes` allows"
    assert len(post.flags(server.user)) == 4


def test_large_messages_come_few_at_a_time(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """MAIL-6: no more than a batch may hold is held at once."""
    monkeypatch.setattr(imap, "BATCH_BYTES", 2_500)
    post, server = mailbox
    for place in range(5):
        post.deliver(server.user, b"Subject: %d\r\n\r\n" % place + b"x" * 1_000)
    with imap.opened(server, max_bytes=LARGEST) as source:
        assert [len(batch) for batch in source.batches(source.uids())] == [2, 2, 1]


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_every_kind_of_connection_works(mailbox: Mailbox, security: str) -> None:
    """MAIL-6: TLS from the first byte, STARTTLS, and plain on loopback."""
    post, server = mailbox
    post.deliver(server.user, ODD)
    port = post.tls if security == "tls" else post.plain
    assert _raws(server._replace(security=security, port=port)) == [ODD]


@pytest.mark.parametrize("folder", FOLDERS)
def test_folders_of_any_name_are_read_and_moved_to(mailbox: Mailbox, folder: str) -> None:
    """MAIL-6: blanks, letters of any script, and what the protocol writes in another way."""
    post, server = mailbox
    folder = folder.replace("/", ".")
    post.deliver(server.user, ODD)
    with imap.opened(server._replace(after=f"move:{folder}"), max_bytes=LARGEST) as source:
        source.taken(source.uids())
    assert post.flags(server.user) == []
    assert _raws(server._replace(folder=folder)) == [ODD]
    assert post.flags(server.user, folder) == [()]


def test_what_is_deleted_is_what_was_named(mailbox: Mailbox) -> None:
    """MAIL-6: not what somebody else has marked as deleted, which is not fetched either."""
    post, server = mailbox
    for place in range(3):
        post.deliver(server.user, _numbered(place))
    with post.client(server.user) as box:
        # The library's own way to flag a message would purge the folder.
        box.client.uid("STORE", box.uids()[0], "+FLAGS", r"(\Deleted)")
    with imap.opened(server._replace(after="delete"), max_bytes=LARGEST) as source:
        found = [each for batch in source.batches(source.uids()) for each in batch]
        assert [each.raw for each in found if isinstance(each, Found)] == [_numbered(1), _numbered(2)]
        source.taken([found[0].uid])
    assert post.flags(server.user) == [(r"\Deleted",), ()]
    assert _raws(server) == [_numbered(2)]


def test_without_move_and_uidplus_a_message_is_copied_and_marked(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MAIL-6: an older server's messages are marked, and nobody else's are purged along with them."""
    monkeypatch.setattr(imap, "_capabilities", lambda _: {"IMAP4REV1"})
    post, server = mailbox
    post.deliver(server.user, ODD)
    with imap.opened(server._replace(after="move:Done"), max_bytes=LARGEST) as source:
        source.taken(source.uids())
        assert source.uids() == []
    assert post.flags(server.user) == [(r"\Deleted", r"\Seen")]
    assert _raws(server._replace(folder="Done")) == [ODD]


def test_a_folder_made_anew_has_another_name(mailbox: Mailbox) -> None:
    """MAIL-6: its UIDs begin again, and must not be taken for those before (UIDVALIDITY)."""
    post, server = mailbox
    server = server._replace(folder="Replies")
    names = []
    for _ in range(2):
        post.make_folder(server.user, "Replies")
        with post.client(server.user, "Replies") as box:
            box.append(ODD, "Replies")
        with imap.opened(server, max_bytes=LARGEST) as source:
            assert source.uids() == ["1"]
            names.append(source.name)
        with post.client(server.user) as box:
            box.folder.delete("Replies")
    assert names[0] != names[1]
    assert all(";UIDVALIDITY=" in name and name.startswith("imap://care") for name in names)


def test_a_message_deleted_meanwhile_is_no_trouble(mailbox: Mailbox) -> None:
    """MAIL-6: another program reads the mailbox, too."""
    post, server = mailbox
    for place in range(3):
        post.deliver(server.user, _numbered(place))
    with imap.opened(server._replace(after="delete"), max_bytes=LARGEST) as source:
        uids = source.uids()
        with post.client(server.user) as box:
            box.delete(uids[1])
        assert [each for batch in source.batches(uids) for each in batch] == [
            Found(uids[0], _numbered(0)),
            Found(uids[2], _numbered(2)),
        ]
        assert source.taken(uids) == []
    assert post.flags(server.user) == []


def _refused(server: Server) -> tuple[str, str]:
    error = imap.probe(server)
    assert isinstance(error, Failed)
    assert error.hint is not None
    assert PASSWORD not in f"{error.message}{error.hint}"
    return error.message, error.hint


def test_a_sound_mailbox_has_nothing_against_it(mailbox: Mailbox) -> None:
    """MAIL-6: what `care doctor` asks."""
    _, server = mailbox
    assert imap.probe(server._replace(after="move:Done")) is None
    assert "has no folder Done" in _refused(server._replace(folder="Done"))[0], "nothing was made there"


@pytest.mark.parametrize("password", ["wrong", "", "Grüße", "line\r\nA2 LOGOUT"])
def test_a_wrong_password_is_told_with_its_remedy(mailbox: Mailbox, password: str) -> None:
    """MAIL-6: whatever it is made of."""
    _, server = mailbox
    message, hint = _refused(server._replace(password=password))
    assert message.startswith(f"localhost:{server.port} refused the login of {server.user}: ")
    assert hint == "check `user` and the password ([mail.imap] in the config file)"


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_of_a_stranger_is_refused(mailbox: Mailbox, known: Certificates, security: str) -> None:
    """MAIL-6: before the password is told."""
    post, server = mailbox
    port = post.tls if security == "tls" else post.plain
    message, hint = _refused(server._replace(security=security, port=port, ca_file=str(known.stranger_file)))
    assert message.startswith(f"the certificate of localhost:{port} is not trusted: ")
    assert "`ca_file`" in hint


def test_a_certificate_for_another_name_is_refused(mailbox: Mailbox) -> None:
    """MAIL-6: it is signed by whom we trust, and is another server's."""
    _, server = mailbox
    message, _ = _refused(server._replace(host="127.0.0.2"))
    assert "is not trusted: IP address mismatch" in message or "cannot be reached" in message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda _: {"ca_file": "/nowhere/ca.pem"},
            "no certificates can be read from /nowhere/ca.pem: No such file",
        ),
        (lambda _: {"folder": "Nö\r\n"}, "has no folder Nö"),
        (lambda _: {"host": "nobody.invalid"}, "the IMAP server nobody.invalid:"),
        (lambda _: {"port": free_port()}, "cannot be reached: Connection refused"),
        (lambda post: {"port": post.plain}, "no secure connection to localhost:"),
        (lambda post: {"port": post.tls, "security": "starttls", "timeout_s": 0.5}, "it does not answer"),
        (lambda post: {"port": post.plain, "security": "starttls", "folder": "a\0b"}, "has no folder a"),
    ],
)
def test_what_keeps_us_out_is_one_sentence(
    mailbox: Mailbox, change: Callable[[Dovecot], dict[str, object]], message: str
) -> None:
    """MAIL-6: with what to set in the config file."""
    post, server = mailbox
    told, hint = _refused(Server(**{**server._asdict(), **change(post)}))
    assert message in told
    assert hint.endswith("([mail.imap] in the config file)")


@pytest.mark.parametrize(
    "greeting",
    [b"", b"220 smtp.example ESMTP\r\n", b"* BYE too busy\r\n", b"* OK \xff\xfe\r\n* garbage\r\n" * 9, b"\0" * 99],
)
def test_a_server_that_speaks_something_else_is_one_sentence(greeting: bytes) -> None:
    """MAIL-6: it hangs up at once, or says what no IMAP server says."""
    with socket.create_server((HOST, 0)) as listening:

        def answer() -> None:
            wire, _ = listening.accept()
            with wire:
                wire.sendall(greeting)

        answering = threading.Thread(target=answer)
        answering.start()
        port = listening.getsockname()[1]
        error = imap.probe(Server(HOST, "care", PASSWORD, port, "none", timeout_s=2))
        answering.join()
    assert isinstance(error, Failed)
    assert f"{HOST}:{port}" in error.message


def test_a_connection_cut_in_the_midst_leaves_what_came_before(mailbox: Mailbox) -> None:
    """MAIL-6: wherever it is cut, a batch is whole or not there, and the end is told in one sentence."""
    post, server = mailbox
    sent = [b"Subject: %d\r\n\r\n" % place + b"x" * 2_000 for place in range(120)]
    for raw in sent:
        post.deliver(server.user, raw)
    came = set[int]()
    for cut_after in (30, 700, 60_000, 150_000, 240_000):
        found = list[bytes]()
        with wire(post.plain, cut_after) as cut, pytest.raises(Failed, match="cannot be reached"):
            _collect(server._replace(host=HOST, port=cut.port, security="none"), found)
        assert found == sent[: len(found)]
        came.add(len(found))
    assert came == {0, 50, 100}


def _collect(server: Server, found: list[bytes]) -> None:
    with imap.opened(server, max_bytes=LARGEST) as source:
        for batch in source.batches(source.uids()):
            found += [each.raw for each in batch if isinstance(each, Found)]


def test_a_server_that_dies_in_the_midst_is_told_and_the_rest_comes_later(known: Certificates) -> None:
    """MAIL-6: killed between two batches; once it is up again, it has all that it had."""
    with dovecot(known.server) as post:
        server = Server("localhost", post.user(), PASSWORD, post.tls, timeout_s=10, ca_file=str(known.ca_file))
        for place in range(60):
            post.deliver(server.user, _numbered(place))
        with imap.opened(server, max_bytes=LARGEST) as source:
            batches = source.batches(source.uids())
            assert len(next(batches)) == 50
            post.kill()
            with pytest.raises(Failed, match="cannot be reached"):
                next(batches)
        # A child of the killed server may still hold the port for a moment, and let go of whoever comes.
        assert _refused(server)[0].endswith(("Connection refused", "Connection reset by peer"))
        post.start()
        assert _raws(server) == [*map(_numbered, range(60))]
