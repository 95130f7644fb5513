"""Who a server is and who asks it: TLS, passwords, services, and hosts that vanish (CLI, DC-4)."""

import socket
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import pytest
from cli.acceptance import Ran, Who, care, shell
from hard.small_desk import ADA, refused

psycopg = pytest.importorskip("psycopg", reason="PostgreSQL is not installed", exc_type=ImportError)

from postgres_server import ADMIN, PostgresServer, binaries  # noqa: E402 - it needs the driver

from carecli.store.postgres.connection import connect  # noqa: E402

pytestmark = pytest.mark.skipif(binaries() is None, reason="PostgreSQL is not installed")

PASSWORD: Final = "h\u00fcbsch:ge/heim@1 %"
DATABASES: Final = ("desk", "first")
KEPT_ALIVE: Final = ("keepalives_idle", "keepalives_interval", "keepalives_count", "user_timeout")
HOURS: Final = "&options=-c%20tcp_keepalives_idle%3D7000"


class Secured(NamedTuple):
    """A server that lets people in by TLS and password alone, and a folder with certificates of authorities."""

    server: PostgresServer
    folder: Path

    @property
    def port(self) -> str:
        """Where it listens, on the loopback device."""
        return self.server.settings["port"]

    def url(self, database: str = "desk", password: str | None = PASSWORD, more: str = "") -> str:
        """An address that trusts the server's own authority alone, unless `more` says otherwise."""
        who = "ada" if password is None else f"ada:{quote(password, safe='')}"
        trusted = more or f"sslmode=verify-full&sslrootcert={self.folder}/ca.pem"
        return f"postgresql://{who}@127.0.0.1:{self.port}/{database}?{trusted}"

    def trusting(self, name: str) -> str:
        """What an address says that trusts the authority in another file."""
        return f"sslmode=verify-full&sslrootcert={self.folder / name}"


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """Such a server, with two databases of the one user that it lets in."""
    trustme = pytest.importorskip("trustme")
    authority = trustme.CA()
    folder = tmp_path_factory.mktemp("tls")
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    trustme.CA().cert_pem.write_to_path(str(folder / "other.pem"))
    issued = authority.issue_cert("localhost", "127.0.0.1")
    with PostgresServer({"listen_addresses": "127.0.0.1", "port": str(free_port())}) as running:
        key = running.keep("key.pem", issued.private_key_pem.bytes())
        chain = running.keep("cert.pem", b"".join(one.bytes() for one in issued.cert_chain_pems))
        running.restart({"ssl": "on", "ssl_key_file": str(key), "ssl_cert_file": str(chain)})
        running.admit([f"hostssl {','.join(DATABASES)} ada 127.0.0.1/32 scram-sha-256"])
        with psycopg.connect(running.url("postgres", user=ADMIN), autocommit=True) as admin:
            admin.execute(psycopg.sql.SQL("CREATE ROLE ada LOGIN PASSWORD {}").format(PASSWORD))
            for name in DATABASES:
                admin.execute(f"CREATE DATABASE {name} OWNER ada TEMPLATE template0")
        yield Secured(running, folder)


def free_port() -> int:
    """A port of the loopback device that nobody has."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def desk(secured: Secured) -> Secured:
    """The same, with a desk in its first database."""
    Who(secured.url(), ADA).json("init", "--email", ADA)
    return secured


def listed(url: str) -> Ran:
    """How a look at the desk at an address ends."""
    return care("--db", url, "--as", ADA, "list")


def test_a_password_in_the_address_is_kept_and_never_shown(secured: Secured, tmp_path: Path) -> None:
    """CLI: in the file that only its owner may read, with advice where it were better kept."""
    home: Any = {"XDG_CONFIG_HOME": str(tmp_path), "CARE_AS": ADA}
    made = shell("--db", secured.url("first"), "init", "--email", ADA, **home)
    assert made.status == 0, made
    assert "heim" not in made.out + made.err
    assert "~/.pgpass" in made.err
    config = tmp_path / "care" / "config.toml"
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert shell("list", **home).status == 0, "by the address in the file, with its password"


def test_who_is_not_let_in_is_told_why(desk: Secured) -> None:
    """CLI: no password, a wrong one, an authority that is another's or none, no TLS: each in its own words."""
    refused(listed(desk.url(password=None)), "asks for a password", "pgpass")
    for more, words in {
        "": "refuses the user or the password",
        desk.trusting("other.pem"): "certificate that is not trusted",
        desk.trusting("gone.pem"): "file of authorities",
        "sslmode=disable": "without TLS",
    }.items():
        refused(listed(desk.url(password="geheim", more=more)), words)
    assert listed(desk.url()).status == 0


def test_files_of_passwords_and_services(desk: Secured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CLI: the address itself need not say who one is, nor where the server is."""
    passwords, services = tmp_path / "passwords", tmp_path / "services"
    passwords.write_text(f"*:*:*:ada:{PASSWORD.replace(':', chr(92) + ':')}\n")
    passwords.chmod(0o600)
    services.write_text(
        f"[care]\nhost=127.0.0.1\nport={desk.port}\ndbname=desk\nuser=ada\n"
        f"sslmode=verify-full\nsslrootcert={desk.folder}/ca.pem\n"
    )
    assert listed(f"{desk.url(password=None)}&passfile={passwords}").status == 0
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    monkeypatch.setenv("PGPASSFILE", str(passwords))
    assert listed("postgresql:///?service=care").status == 0


def test_a_host_that_vanishes_is_missed_within_minutes(secured: Secured) -> None:
    """DC-4: what it had locked is free then, not after hours; unless the address says otherwise."""
    for more, expected in (("", ["30", "10", "3", "60000"]), (HOURS, ["7000", "10", "3", "60000"])):
        with closing(connect(secured.url(more=f"sslmode=require{more}"))) as db:
            assert [db.execute(f"SHOW tcp_{name}").fetchone() for name in KEPT_ALIVE] == [
                (one,) for one in expected
            ]
