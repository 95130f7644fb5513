"""Real mail servers for one test run: Debian's dovecot, an SMTP server, and a wire that can be cut."""

import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from imap_tools import MailBoxUnencrypted

DOVECOT = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
HOST = "127.0.0.1"
PASSWORD = 'correct horse, battery "staple" \\'
"""With what a careless client forgets to quote."""
PATIENCE_S = 60
_USERS = [f"care{place}@desk.example" for place in range(1, 1_000)]

_CONFIG = """
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
protocols = imap
listen = {host}
auth_mechanisms = plain login
auth_failure_delay = 0
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{base}/cert.pem
ssl_key = <{base}/key.pem
mail_location = maildir:{base}/mail/%u/Maildir
first_valid_uid = 1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {base}/passwd
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/mail/%u
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service anvil {{
  {chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


class Certificates(NamedTuple):
    """A certificate for `localhost` and 127.0.0.1, and who signed it; `stranger_file` signed nothing here."""

    authority: trustme.CA
    server: trustme.LeafCert
    ca_file: Path
    stranger_file: Path

    def context(self) -> ssl.SSLContext:
        """What a server needs to speak TLS."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server.configure_cert(context)
        return context


def certificates(folder: Path) -> Certificates:
    """New ones."""
    authority, stranger = trustme.CA(), trustme.CA()
    ours, theirs = folder / "ca.pem", folder / "stranger.pem"
    authority.cert_pem.write_to_path(str(ours))
    stranger.cert_pem.write_to_path(str(theirs))
    return Certificates(authority, authority.issue_cert("localhost", HOST), ours, theirs)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class Dovecot:
    """A running dovecot; every user's password is `PASSWORD`."""

    def __init__(self, base: Path, server: trustme.LeafCert) -> None:
        self.base = base
        self.plain, self.tls = free_port(), free_port()
        self._users = iter(_USERS)
        self._names = count(1)
        # Dovecot numbers what it finds at once by its names.
        self._started = int(time.time())
        root = os.geteuid() == 0
        self.owner = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.geteuid())
        own = self.owner.pw_name
        server.private_key_pem.write_to_path(str(base / "key.pem"))
        (base / "cert.pem").write_bytes(b"".join(pem.bytes() for pem in server.cert_chain_pems))
        # All at once: dovecot looks only every second whether the file has changed.
        (base / "passwd").write_text("".join(f"{name}:{{PLAIN}}{PASSWORD}\n" for name in _USERS))
        for name in ("run", "state", "mail"):
            (base / name).mkdir()
        os.chown(base / "mail", self.owner.pw_uid, self.owner.pw_gid)
        text = _CONFIG.format(
            base=base,
            host=HOST,
            internal="dovecot" if root else own,
            internal_group="dovecot" if root else _group(self.owner.pw_gid),
            login="dovenull" if root else own,
            chroot="" if root else "chroot =",
            uid=self.owner.pw_uid,
            gid=self.owner.pw_gid,
            plain=self.plain,
            tls=self.tls,
        )
        (base / "dovecot.conf").write_text(text)
        self.start()

    def start(self) -> None:
        """Start it as a child and wait until it answers."""
        assert DOVECOT
        # Whatever ends the test run ends the server too.
        command = ["setpriv", "--pdeathsig", "KILL", DOVECOT, "-F", "-c", str(self.base / "dovecot.conf")]
        self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and self._child.poll() is None:
            with suppress(OSError), socket.create_connection((HOST, self.plain), timeout=PATIENCE_S) as wire:
                if wire.recv(10).startswith(b"* OK"):
                    return
            time.sleep(0.02)
        self.kill()
        raise AssertionError((self.base / "log").read_text() if (self.base / "log").exists() else "no dovecot")

    def kill(self) -> None:
        """End it at once, with everything that it has started."""
        with suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait(PATIENCE_S)

    def user(self) -> str:
        """A new user with an empty mailbox."""
        return next(self._users)

    def deliver(self, user: str, raw: bytes) -> None:
        """Put a message into a user's mailbox as a mail server does."""
        folders = [self.base / "mail" / user / "Maildir" / part for part in ("new", "tmp", "cur")]
        if not folders[0].exists():
            for folder in folders:
                folder.mkdir(parents=True)
            for folder in (*folders, folders[0].parent, folders[0].parent.parent):
                os.chown(folder, self.owner.pw_uid, self.owner.pw_gid)
        draft = folders[1] / f"{self._started}.Q{next(self._names):06}.test"
        draft.write_bytes(raw)
        os.chown(draft, self.owner.pw_uid, self.owner.pw_gid)
        draft.rename(folders[0] / draft.name)

    @contextmanager
    def client(self, user: str, folder: str = "INBOX") -> Iterator[MailBoxUnencrypted]:
        """The mailbox as another program of its owner sees it."""
        box = MailBoxUnencrypted(HOST, self.plain, PATIENCE_S)
        box.login(user, PASSWORD, initial_folder=None)
        try:
            box.folder.set(folder)
            yield box
        finally:
            box.logout()

    def make_folder(self, user: str, folder: str) -> None:
        """Make a folder in a user's mailbox."""
        with self.client(user) as box:
            box.folder.create(folder)

    def flags(self, user: str, folder: str = "INBOX") -> list[tuple[str, ...]]:
        """The flags of each message of a folder, but for \\Recent, which the server alone sets."""
        with self.client(user, folder) as box:
            found = box.fetch(mark_seen=False, headers_only=True)
            return [tuple(flag for flag in message.flags if flag != r"\Recent") for message in found]


def _group(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name


@contextmanager
def dovecot(server: trustme.LeafCert) -> Iterator[Dovecot]:
    """Debian's dovecot in a folder of its own, for as long as it is needed."""
    if DOVECOT is None:
        pytest.skip("dovecot is not installed")
    # Not below pytest's own folder: the server's users may not enter that, and paths of sockets are short.
    base = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))
    base.chmod(0o755)
    try:
        running = Dovecot(base, server)
        try:
            yield running
        finally:
            # Asked nicely, it takes a second.
            running.kill()
    finally:
        shutil.rmtree(base, ignore_errors=True)


class Wire:
    """Passes a connection on to a port, and cuts it once the server has said so many bytes."""

    def __init__(self, port: int, cut_after: int | None = None) -> None:
        self._server = socket.create_server((HOST, 0))
        self.port = int(self._server.getsockname()[1])
        self._target, self._left = port, cut_after
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            server = socket.create_connection((HOST, self._target))
            threading.Thread(target=self._pass, args=(client, server, False), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, True), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, counted: bool) -> None:
        with suppress(OSError):
            while data := source.recv(4096):
                if counted and self._left is not None:
                    data = data[: self._left]
                    self._left -= len(data)
                sink.sendall(data)
                if counted and self._left == 0:
                    break
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def mend(self) -> None:
        """Cut nothing any more."""
        self._left = None

    def close(self) -> None:
        """Take no more connections."""
        self._server.close()


@contextmanager
def wire(port: int, cut_after: int | None = None) -> Iterator[Wire]:
    """A wire to a port, for as long as it is needed."""
    laid = Wire(port, cut_after)
    try:
        yield laid
    finally:
        laid.close()


class Letterbox:
    """What an SMTP server was handed: sender, recipients and the bytes of each message."""

    def __init__(self) -> None:
        self.envelopes: list[tuple[str | None, list[str], bytes]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        """Keep a message."""
        content = envelope.content
        assert isinstance(content, bytes)
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos), content))
        return "250 kept"

    @property
    def messages(self) -> list[EmailMessage]:
        """What was handed over, as a mail program reads it."""
        parser = BytesParser(_class=EmailMessage, policy=modern)
        return [parser.parsebytes(raw) for _, _, raw in self.envelopes]


class SmtpServer(NamedTuple):
    """An SMTP server that wants STARTTLS and a login before it takes mail."""

    port: int
    box: Letterbox


@contextmanager
def smtp_server(known: Certificates, user: str) -> Iterator[SmtpServer]:
    """A real SMTP server with STARTTLS, in which `user` logs in with `PASSWORD`."""

    def authenticated(*args: Any) -> AuthResult:
        given = args[-1]
        right = isinstance(given, LoginPassword) and given == LoginPassword(user.encode(), PASSWORD.encode())
        return AuthResult(success=right)

    box, port = Letterbox(), free_port()
    controller = Controller(
        box,
        hostname=HOST,
        port=port,
        tls_context=known.context(),
        require_starttls=True,
        auth_required=True,
        authenticator=authenticated,
        data_size_limit=None,
        ready_timeout=PATIENCE_S,
    )
    controller.start()
    try:
        yield SmtpServer(port, box)
    finally:
        controller.stop()


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """The certificates of this run's servers."""
    return certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def mailboxes(known: Certificates) -> Iterator[Dovecot]:
    """One dovecot for the whole run; every test takes a user of its own."""
    with dovecot(known.server) as running:
        yield running
