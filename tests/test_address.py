"""Addresses of servers: what is told of them, and what lies beside a desk that has no file (CLI)."""

import json
import stat
from pathlib import Path

import pytest
from cli.acceptance import care, shell
from desk_fixtures import ADA

from carecli.address import Address
from carecli.config import Config, load, located
from carecli.config.secrets import for_programs
from carecli.desk.blobs import blobs_of
from carecli.errors import Invalid

GIVEN = "postgresql://ada:ge%2Fheim@db.example:6000/desk?sslmode=verify-full&sslpassword=geheim&passfile=/p"


def test_no_password_is_told() -> None:
    """CLI: whatever prints an address, or puts it into a text, a path or a document, has none."""
    address = Address.of(GIVEN)
    shown = "postgresql://ada@db.example:6000/desk?sslmode=verify-full&passfile=/p"
    told = (str(address), f"{address}", repr(address), json.dumps(address), "".join([address]), str(Path(address)))
    assert told[0] == told[1] == shown
    assert not any("heim" in one for one in told)
    assert address.secrets == {"password": "ge/heim", "sslpassword": "geheim"}
    assert address.given == GIVEN
    assert "heim" not in repr(Config(db=address))


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://ada:ge/heim@host/desk",
        "postgresql://ada:ge@heim@host/desk",
        "postgresql://ada:ge?heim@host/desk",
        "postgresql://ada:ge heim@host/desk",
        "postgresql://ada:geheim%@host/desk",
        "postgres://ada:ge\x1bheim@host/desk",
        "postgresql://ada@host/desk?passwd=geheim",
        "postgresql://ada@host/desk?PASSWORD=geheim",
        "postgresql://ada@host/desk;password=geheim",
        "postgresql://ada@host/desk?a=b;password=geheim",
        "postgresql:/ada:geheim@host/desk",
        "postgresql//ada:geheim@host/desk",
        "host=db.example user=ada password=geheim",
        "host=db.example user=ada password = geheim",
    ],
)
def test_a_password_that_may_be_misread_is_refused(given: str) -> None:
    """CLI: else what is behind the sign would pass for a host, and be told."""
    with pytest.raises(Invalid) as refused:
        located(given)
    assert "heim" not in str(refused.value) + str(refused.value.hint)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("postgresql://db.example/desk", "db.example-desk"),
        ("postgres://ben@DB.example:5432/desk?application_name=x", "db.example-desk"),
        ("postgresql://db.example:6000/desk", "db.example-6000-desk"),
        ("postgresql://two,one:5432/desk?target_session_attrs=read-write", "one-two-desk"),
        ("postgresql:///desk", "local-desk"),
        ("postgresql:///?service=care", "service-care"),
        ("postgresql:///?host=/run/postgresql&dbname=desk", "run-postgresql-desk"),
        ("postgresql://[::1]:6000/desk", "--1-6000-desk-e13feacd"),
        ("postgresql://host/..%2Fdesk", "host-..-desk"),
    ],
)
def test_the_folder_of_a_server_is_the_same_for_everybody(given: str, name: str) -> None:
    """ATT-1: whichever user comes, and whatever else the address says, it is the same database."""
    assert Address.of(given).name == name


def config(folder: Path, text: str, **environ: str) -> Config:
    """The settings as a file says them."""
    path = folder / "config.toml"
    path.write_text(text)
    return load(str(path), {"HOME": str(folder), **environ})


def test_what_lies_beside_a_server(tmp_path: Path) -> None:
    """ATT-1, MAIL-6: a server's desk has a folder of its own on each machine, or one that is shared."""
    usual = config(tmp_path, 'db = "postgresql://db.example/desk"')
    folder = tmp_path / ".local/share/care/db.example-desk"
    assert blobs_of(usual).root == folder / "desk.files"
    assert usual.maildir == str(folder / "desk.maildir")
    text = 'db = "postgresql://db.example/desk"\n[storage]\nfiles = "~/shared"'
    assert blobs_of(config(tmp_path, text, HOME=str(tmp_path))).root == Path("~/shared").expanduser()
    other = config(tmp_path, text, CARE_DB="postgresql://db.example/other")
    assert blobs_of(other).root == folder.with_name("db.example-other") / "desk.files", "not its files"
    in_file = config(tmp_path, text, CARE_DB=str(tmp_path / "x.db"))
    assert blobs_of(in_file).root == tmp_path / "x.files"


def test_a_relative_folder_is_refused(tmp_path: Path) -> None:
    """CLI: where it lies would depend on from where care runs."""
    with pytest.raises(Invalid, match=r"storage\.files"):
        config(tmp_path, '[storage]\nfiles = "files"')


def test_nobody_learns_the_password_from_a_schedule(tmp_path: Path) -> None:
    """TICK-4, DC-3: a crontab and authorized_keys are read by others: it is in the config file, or nowhere."""
    given = "postgresql://care:geheim@host/desk"
    refused = care("--db", given, "cron", "show")
    assert refused.status == 2
    assert "password" in refused.err
    path = tmp_path / "config.toml"
    path.write_text(f'db = "{given}"\n')
    shown = care("--config", str(path), "cron", "show")
    assert shown.status == 0, shown
    assert f"--config {path}" in shown.out
    assert "heim" not in refused.err + shown.out + shown.err
    plain = care("--db", "postgresql://care@host/desk", "cron", "show")
    assert "--db postgresql://care@host/desk" in plain.out


def test_programs_that_are_started_learn_none() -> None:
    """CLI: an editor needs no password of the database."""
    environ = {"PGPASSWORD": "geheim", "CARE_DB": GIVEN, "TERM": "xterm", "CARE_AS": ADA}
    assert for_programs(environ) == {"TERM": "xterm", "CARE_AS": ADA}
    assert for_programs({"CARE_DB": "/x.db"}) == {"CARE_DB": "/x.db"}


def test_without_the_driver(tmp_path: Path) -> None:
    """CLI: who has not asked for PostgreSQL has no driver, and is told how to get it."""
    (tmp_path / "psycopg.py").write_text("raise ModuleNotFoundError('none', name='psycopg')")
    ran = shell("--db", "postgresql://host/desk", "--as", ADA, "list", PYTHONPATH=str(tmp_path))
    assert (ran.status, ran.out) == (6, "")
    assert "pip install 'carecli[postgres]'" in ran.err


def test_an_address_in_a_config_file_that_others_read(tmp_path: Path) -> None:
    """AUD-2: the doctor looks at who may read a file that holds a password."""
    path = tmp_path / "config.toml"
    path.write_text('db = "postgresql://care:geheim@host/desk"\n')
    assert load(str(path), {}).keeps_password
    path.write_text('db = "postgresql://care@host/desk"\n')
    assert not load(str(path), {}).keeps_password
    assert stat.S_ISREG(path.stat().st_mode)
    assert located("postgresql://host/desk") == "postgresql://host/desk"
