"""A real OpenSSH server on loopback, and clients of it that share connections where that is not the point."""

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

import pytest
from cli.acceptance import Ran

PATIENCE_S: Final = 120
HOST: Final = "127.0.0.1"
CONFIG: Final = """
ListenAddress {host}:{port}
HostKey {folder}/host
PidFile none
AuthorizedKeysFile {folder}/authorized_keys
AuthenticationMethods publickey
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
LogLevel ERROR
# The usual exchange of keys of this release takes five times as long as everything that is shown here.
KexAlgorithms curve25519-sha256
MaxStartups 300
MaxSessions 100
LoginGraceTime 300
ExposeAuthInfo yes
AllowTcpForwarding yes
AllowAgentForwarding yes
PermitTunnel yes
Subsystem sftp internal-sftp
# What a user's shell reads at its start is none of ours.
SetEnv HOME={folder}/home
# What a careless admin may have written: every variable that a client likes to send arrives.
AcceptEnv CARE_* XDG_* LC_* LANG EDITOR VISUAL PAGER TZ HOME PATH COLUMNS
"""


class Client(NamedTuple):
    """Somebody with a key at the server's door."""

    server: "Server"
    key: Path

    def __call__(
        self,
        line: str | None,
        *options: str,
        stdin: bytes = b"",
        alone: bool = False,
        environ: Mapping[str, str] = MappingProxyType({}),
    ) -> Ran:
        """Ask for a line as `ssh HOST LINE` does, or for nothing at all; `alone` makes a connection of its own."""
        words = self.words(line, *options, alone=alone or bool(options))
        run = subprocess.run(
            [os.fsencode(word) for word in words],
            input=stdin,
            capture_output=True,
            check=False,
            timeout=PATIENCE_S,
            env={**os.environ, **environ},
        )
        return Ran(run.returncode, run.stdout.decode("utf-8", "replace"), run.stderr.decode("utf-8", "replace"))

    def words(self, line: str | None, *options: str, alone: bool = True) -> list[str]:
        """The words that start the client."""
        shared = ("-o", "ControlMaster=no") if alone else ("-o", f"ControlPath={self.path}")
        asked = () if line is None else ("--", line)
        return ["ssh", *self.server.options(self.key), *shared, *options, HOST, *asked]

    @property
    def path(self) -> str:
        """The socket of the connection that is shared."""
        return f"{self.server.folder}/{self.key.name}.socket"

    @contextmanager
    def shared(self) -> Iterator[None]:
        """A connection that what is asked goes through."""
        words = ["ssh", *self.server.options(self.key), "-M", "-S", self.path, "-N", "-f", HOST]
        subprocess.run(words, check=True, timeout=PATIENCE_S, capture_output=True)
        try:
            yield
        finally:
            stop = ["ssh", *self.server.options(self.key), "-S", self.path, "-O", "exit", HOST]
            subprocess.run(stop, check=False, timeout=PATIENCE_S, capture_output=True)


class Server(NamedTuple):
    """A server that listens."""

    folder: Path
    port: int

    def options(self, key: Path) -> tuple[str, ...]:
        """What a client is told of it."""
        settings = (
            *("IdentitiesOnly=yes", "BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null"),
            *("LogLevel=ERROR", "ConnectTimeout=250", "ConnectionAttempts=1"),
        )
        told = [word for setting in settings for word in ("-o", setting)]
        return ("-F", "none", "-l", getpass.getuser(), "-p", str(self.port), "-i", str(key), *told)

    def client(self, key: Path) -> Client:
        """Somebody with this key."""
        return Client(self, key)


def program(name: str) -> str:
    """Where a program is; without it the test is skipped."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip(f"no {name} here")
    return found


def make_key(folder: Path, name: str) -> Path:
    """A key without a passphrase; its public half beside it."""
    file = folder / name
    subprocess.run([program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file], check=True)
    return file


@contextmanager
def listening() -> Iterator[Server]:
    """A server with no key yet; `authorized_keys` in its folder is read anew by each connection."""
    sshd = program("sshd")
    program("ssh")
    if os.geteuid() == 0:
        # Where a server of root's puts whom it does not trust yet.
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    with ExitStack() as things:
        # Not in pytest's folder: a socket's path has room for a hundred letters.
        folder = Path(things.enter_context(tempfile.TemporaryDirectory(prefix="care-ssh-", dir="/tmp")))
        make_key(folder, "host")
        (folder / "authorized_keys").touch(mode=0o600)
        port = _free_port()
        (folder / "sshd_config").write_text(CONFIG.format(host=HOST, port=port, folder=folder))
        log = things.enter_context((folder / "log").open("wb"))
        run = things.enter_context(
            subprocess.Popen([sshd, "-D", "-e", "-f", folder / "sshd_config"], stdout=log, stderr=log)
        )
        things.callback(run.terminate)
        _wait(port, run, folder / "log")
        yield Server(folder, port)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait(port: int, run: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        assert run.poll() is None, log.read_text()
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"the server never listened: {log.read_text()}")


def started(clients: Sequence[list[str]], stdins: Sequence[bytes]) -> list["subprocess.Popen[bytes]"]:
    """Start all of these clients at once, each with its standard input."""
    runs = []
    for words, stdin in zip(clients, stdins, strict=True):
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the client holds it
        file.write(stdin)
        file.seek(0)
        runs.append(subprocess.Popen(words, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
        file.close()
    return runs
