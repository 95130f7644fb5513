"""People log in as themselves: by a password over TLS, from files of passwords and services, by a certificate."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

psycopg = pytest.importorskip("psycopg", reason="PostgreSQL is not installed", exc_type=ImportError)

from cli.acceptance import shell  # noqa: E402 - it needs the driver
from postgres_server import OWNER, PostgresServer, binaries  # noqa: E402
from store.roles_desk import ADA, DANA, NOW, RITA, SAM, Desk, build  # noqa: E402

pytestmark = pytest.mark.skipif(binaries() is None, reason="PostgreSQL is not installed")

PASSWORDS: Final = {OWNER: "Kahn & Sohn's 7#", DANA: "dana: 1\\2", SAM: "h\u00fcbsch:ge/heim@1 %"}
ASKED: Final = ("--db", "postgresql:///?service=desk", "--now", NOW, "--json")
RULES: Final = (
    'hostssl {database} "{rita}" 127.0.0.1/32 cert',
    "hostssl {database} all 127.0.0.1/32 scram-sha-256",
)


class Served(NamedTuple):
    """A desk whose server lets people in by TLS alone, and a folder with their files."""

    desk: Desk
    folder: Path
    port: str

    def role(self, who: str) -> str:
        """Whom somebody logs in as."""
        return who if who == OWNER else self.desk.login(who)

    def service(self, who: str, more: str = "") -> dict[str, Any]:
        """What the environment says where a service and a password file are somebody's own."""
        files = {
            "service": f"[desk]\nhost=127.0.0.1\nport={self.port}\ndbname={self.desk.database}\n"
            f"user={self.role(who)}\nsslmode=verify-full\nsslrootcert={self.folder}/ca.pem\n{more}",
            "pgpass": "".join(f"*:{self.port}:*:{self.role(one)}:{kept(one)}\n" for one in PASSWORDS),
        }
        for name, words in files.items():
            (self.folder / name).write_text(words)
            (self.folder / name).chmod(0o600)
        home = {f"XDG_{one}_HOME": str(self.folder) for one in ("DATA", "CONFIG")}
        return {"PGSERVICEFILE": f"{self.folder}/service", "PGPASSFILE": f"{self.folder}/pgpass", **home}


def kept(who: str) -> str:
    """A password as a file of passwords has it."""
    return PASSWORDS[who].replace("\\", "\\\\").replace(":", "\\:")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Such a desk; a contact comes by a certificate, everybody else by a password."""
    trustme = pytest.importorskip("trustme")
    authority = trustme.CA()
    folder = tmp_path_factory.mktemp("logins")
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    issued = authority.issue_cert("127.0.0.1")
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = str(one.getsockname()[1])
    with PostgresServer({"listen_addresses": "127.0.0.1", "port": port, "log_statement": "ddl"}) as server:
        if server.asked("SHOW ssl_library") == "":
            pytest.skip("this PostgreSQL was built without TLS")
        files = {
            "ssl_key_file": issued.private_key_pem.bytes(),
            "ssl_cert_file": b"".join(part.bytes() for part in issued.cert_chain_pems),
            "ssl_ca_file": authority.cert_pem.bytes(),
        }
        server.restart({"ssl": "on", **{name: str(server.keep(name, words)) for name, words in files.items()}})
        desk = build(server, folder)
        desk.does(ADA, "postgres", "roles", "--apply")
        made = Served(desk, folder, port)
        rita = desk.login(RITA)
        server.admit(one.format(database=desk.database, rita=rita) for one in RULES)
        own = authority.issue_cert("rita@abc.example", common_name=rita)
        own.private_key_pem.write_to_path(str(folder / "rita.key"))
        (folder / "rita.key").chmod(0o600)
        own.cert_chain_pems[0].write_to_path(str(folder / "rita.pem"))
        for who, password in PASSWORDS.items():
            given(made, who, password)
        yield made


def given(served: Served, who: str, password: str) -> None:
    """Give somebody a password as the manual says; without a terminal psql reads it from its input."""
    ran = subprocess.run(
        ["psql", "-X", "-q", served.desk.url(), "-c", f'\\password "{served.role(who)}"'],
        input=f"{password}\n{password}\n".encode(),
        capture_output=True,
        start_new_session=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran


@pytest.mark.parametrize("who", PASSWORDS)
def test_a_password_over_tls(served: Served, who: str) -> None:
    """DC-3: SCRAM, the server checked, all from files; a wrong one shows nothing, and none is shown."""
    [(stored,)] = served.desk.admin(f"SELECT rolpassword FROM pg_authid WHERE rolname = '{served.role(who)}'")
    assert stored.startswith("SCRAM-SHA-256$")
    log = served.desk.server.log.read_text()
    assert ("ALTER USER" in log, PASSWORDS[who] in log) == (True, False)
    acting, home = ADA if who == OWNER else who, served.service(who)
    asked = (*ASKED, "--as", acting, "show", "1")
    by_password, trusted = shell(*asked, **home), served.desk.does(acting, "--json", "show", "1", now=NOW)
    assert (by_password.status, by_password.out) == (0, trusted.out), by_password
    wrong = served.folder / "wrong"
    wrong.write_text(f"*:*:*:*:{kept(who)}x\n")
    wrong.chmod(0o600)
    refused = shell(*asked, **{**home, "PGPASSFILE": str(wrong)})
    assert (refused.status, "refuses the user or the password" in refused.err) == (6, True), refused
    assert PASSWORDS[who] not in refused.err + refused.out + by_password.out + by_password.err


def test_a_certificate_of_the_own(served: Served) -> None:
    """DC-3: a contact comes by a certificate in the role's name, and by nothing else."""
    asked = (*ASKED, "--as", RITA, "show", "1")
    with_it = f"sslcert={served.folder}/rita.pem\nsslkey={served.folder}/rita.key\n"
    shown = shell(*asked, **served.service(RITA, with_it))
    assert (shown.status, shown.json["subject"]) == (0, "Calls drop"), shown
    ran = shell(*asked, **served.service(RITA))
    assert (ran.status, "certificate" in ran.err) == (6, True), ran
    ran = shell(*asked, **served.service(DANA, with_it))
    assert ran.status == 4, "by a password it is somebody else's login"
