"""The configuration file: what is read, what is refused, what is written."""

import stat
import tomllib
from pathlib import Path

import pytest

from carecli.config import Config, default_path, load, write_config
from carecli.config.checks import OWN_NAMES, TABLES
from carecli.config.mail import Imap, Login, Smtp
from carecli.config.secrets import Secret
from carecli.errors import Failed, Invalid

SAMPLE = Path(__file__).parents[1] / "sample-config.toml"


def a_file(folder: Path, text: str) -> str:
    file = folder / "config.toml"
    file.write_text(text)
    return str(file)


def test_without_a_file_the_usual_places_hold() -> None:
    """CLI: the default database is in the user data directory, and mail goes next to it."""
    config = load(None, {"HOME": "/home/ada"})
    assert config == Config(db="/home/ada/.local/share/care/desk.db", data_home="/home/ada/.local/share")
    assert config.maildir == "/home/ada/.local/share/care/desk.maildir"


def test_the_xdg_directories_count_unless_relative() -> None:
    """CLI: XDG_DATA_HOME moves the database, a relative one is ignored as its standard says."""
    assert load(None, {"HOME": "/h", "XDG_DATA_HOME": "/data"}).db == "/data/care/desk.db"
    assert load(None, {"HOME": "/h", "XDG_DATA_HOME": "data"}).db == "/h/.local/share/care/desk.db"
    assert default_path({"HOME": "/h", "XDG_CONFIG_HOME": "/etc/x"}) == "/etc/x/care/config.toml"


def test_every_setting_is_read(tmp_path: Path) -> None:
    """CLI: the sample names every setting, and all of it is valid."""
    config = load(str(SAMPLE), {"HOME": str(tmp_path)})
    assert (config.actor, config.timezone, config.color) == ("ada@desk.example", "Europe/Madrid", "auto")
    assert config.case_url == "https://desk.example/cases/{number}"
    assert not config.db.startswith("~")
    with SAMPLE.open("rb") as file:
        sample = tomllib.load(file)
    for path, settings in TABLES.items():
        table = sample
        for name in filter(None, path.split(".")):
            table = table[name]
        told = {name for name, value in table.items() if not isinstance(value, dict)}
        # Left out on purpose: the older place of a setting, a password for all to read, other places of secrets.
        others = {"password_keyring", "reference_key_file", "reference_key_keyring"}
        assert set(settings) - told <= {"case_url", "password", *others}, path
        assert all(f"# {name} = " in SAMPLE.read_text() for name in others)
        assert path in OWN_NAMES or told <= set(settings), path


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("15m", 900), ("2h", 7200), ("1d", 86_400)])
def test_how_long_the_tick_may_be_silent(tmp_path: Path, text: str, seconds: int) -> None:
    """TICK-4: `late_after` is a length of time around the clock, 15 minutes unless the file says otherwise."""
    assert load(a_file(tmp_path, f'[tick]\nlate_after = "{text}"'), {}).late_after_s == seconds
    assert load(None, {"HOME": "/h"}).late_after_s == 900


@pytest.mark.parametrize("text", ["0m", "2bh", "31d", "soon", " ", "-5m", "2147483648s"])
def test_a_silence_that_means_nothing_is_refused(tmp_path: Path, text: str) -> None:
    """TICK-4: nothing, business time, more than 30 days and no time at all are refused by name."""
    with pytest.raises(Invalid, match=r"tick\.late_after"):
        load(a_file(tmp_path, f'[tick]\nlate_after = "{text}"'), {})


def test_a_tick_that_is_no_table_is_refused(tmp_path: Path) -> None:
    """CLI: a table that is none, and an unknown name in it, are told with the nearest one."""
    with pytest.raises(Invalid, match=r"write \[tick\]"):
        load(a_file(tmp_path, 'tick = "15m"'), {})
    with pytest.raises(Invalid, match=r"tick\.late_aftr, did you mean tick\.late_after"):
        load(a_file(tmp_path, '[tick]\nlate_aftr = "15m"'), {})


def test_the_environment_beats_the_file(tmp_path: Path) -> None:
    """CLI: flag beats environment beats config file beats default."""
    file = a_file(tmp_path, 'db = "/a.db"\nas = "a@x.example"')
    config = load(file, {"CARE_DB": "/b.db", "CARE_AS": "b@x.example"})
    assert (config.db, config.actor) == ("/b.db", "b@x.example")
    assert load(None, {"CARE_CONFIG": file}).db == "/a.db"


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    """CLI: one message names the file and every problem, with the nearest name."""
    file = a_file(tmp_path, 'dv = "x"\nas = 3\ncolor = "blue"\ntimezone = "Madrid"\n[mail]\nform = "x"')
    with pytest.raises(Invalid) as refusal:
        load(file, {})
    message = refusal.value.message
    assert message.startswith(f"{file}: ")
    for part in (
        "dv, did you mean db?",
        "as must be a text",
        "'blue'",
        "Europe/Madrid",
        "mail.form, did you mean mail.from?",
    ):
        assert part in message


@pytest.mark.parametrize("text", ['db = "x', "db = ", "mail = 3"])
def test_a_broken_file_is_one_message(tmp_path: Path, text: str) -> None:
    """CLI: a syntax error names the file, and the line and column."""
    with pytest.raises(Invalid, match=r"line 1, column|end of document|\[mail\]"):
        load(a_file(tmp_path, text), {})


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    """CLI: --config FILE that is not there is an error, the usual file's absence is none."""
    with pytest.raises(Invalid, match="there is no configuration file"):
        load(str(tmp_path / "none.toml"), {})


def test_a_written_file_is_private_and_never_replaced(tmp_path: Path) -> None:
    """CLI: `care init` writes mode 0600, leaves nothing beside it, and spares what is there."""
    file = tmp_path / "care" / "config.toml"
    assert write_config(file, {"as": "ada@desk.example", "db": None})
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load(str(file), {"HOME": "/h"}).actor == "ada@desk.example"
    assert not write_config(file, {"as": "eve@desk.example"})
    assert load(str(file), {"HOME": "/h"}).actor == "ada@desk.example"
    assert [path.name for path in file.parent.iterdir()] == ["config.toml"]


MAIL = """
[links]
case_url = "https://new.example/{number}"
[mail]
transport = "smtp"
from = "Care <care@desk.example>"
max_bytes = 1000
case_url = "https://old.example/{number}"
[mail.smtp]
host = "mx.desk.example"
user = "care"
password = "hunter2"
timeout = 5
[mail.imap]
host = "imap.desk.example"
user = "care"
password_file = "~/secret"
after = "move:Done"
"""


def test_how_mail_leaves_and_comes_in(tmp_path: Path) -> None:
    """MAIL-6: transport, servers with their usual ports, and the older place of the case link."""
    mail = load(a_file(tmp_path, MAIL), {"HOME": str(tmp_path)}).mail
    assert (mail.transport, mail.sender, mail.max_bytes) == ("smtp", "Care <care@desk.example>", 1000)
    assert mail.case_url == "https://new.example/{number}"
    login = Login("care", "mail.smtp", "CARE_SMTP_PASSWORD", Secret("hunter2"))
    login = login._replace(own_file=str(tmp_path / "config.toml"))
    assert mail.smtp == Smtp("mx.desk.example", 587, "starttls", 5, login)
    assert isinstance(mail.imap, Imap)
    assert (mail.imap.port, mail.imap.security, mail.imap.folder, mail.imap.after) == (
        993,
        "tls",
        "INBOX",
        "move:Done",
    )
    assert mail.own_secrets
    usual = load(None, {"HOME": "/h"}).mail
    assert (usual.transport, usual.max_bytes, usual.smtp, usual.imap) == ("maildir", 50 * 2**20, None, None)
    older = load(a_file(tmp_path, '[mail]\ncase_url = "https://old.example"'), {}).case_url
    assert older == "https://old.example"


@pytest.mark.parametrize(
    ("security", "smtp", "imap"), [("starttls", 587, 143), ("tls", 465, 993), ("none", 25, 143)]
)
def test_ports_go_with_security(tmp_path: Path, security: str, smtp: int, imap: int) -> None:
    """MAIL-6: each way of encrypting has its usual port."""
    part = f'host = "x"\nsecurity = "{security}"\n'
    mail = load(a_file(tmp_path, f"[mail.smtp]\n{part}[mail.imap]\n{part}"), {}).mail
    assert mail.smtp
    assert mail.imap
    assert (mail.smtp.port, mail.imap.port) == (smtp, imap)


def test_where_a_password_is_found(tmp_path: Path) -> None:
    """MAIL-6: the environment beats the file; a password file's first line counts; what is missing is told."""
    file = a_file(tmp_path, MAIL)
    (tmp_path / "secret").write_text("open sesame\r\nnot this\n")
    (tmp_path / "secret").chmod(0o600)
    config = load(file, {"CARE_SMTP_PASSWORD": "from env"})
    assert config.mail.smtp
    assert config.mail.smtp.login
    assert config.mail.smtp.login.password() == "from env"
    named = Login("care", "mail.imap", "CARE_IMAP_PASSWORD", file=str(tmp_path / "secret"))
    assert named.password() == "open sesame"
    with pytest.raises(Failed, match="cannot be read"):
        named._replace(file=str(tmp_path / "none")).password()
    with pytest.raises(Failed, match=r"there is no password for care in \[mail\.imap\]"):
        named._replace(file=None).password()


def test_passwords_are_never_printed(tmp_path: Path) -> None:
    """MAIL-6: neither a print of the settings nor a trace of them tells a password."""
    config = load(a_file(tmp_path, MAIL), {"CARE_IMAP_PASSWORD": "swordfish"})
    told = f"{config!r} {config.mail!r} {config}"
    assert "hunter2" not in told
    assert "swordfish" not in told


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[mail]\ntransport = "smpt"', "mail.transport is 'smpt', not one of maildir, smtp, sendmail"),
        ('[mail]\ntransport = "smtp"', "mail.smtp.host is missing"),
        ('[mail.smpt]\nhost = "x"', "unknown setting mail.smpt, did you mean mail.smtp?"),
        ('[mail.smtp]\nhots = "x"', "unknown setting mail.smtp.hots, did you mean mail.smtp.host?"),
        ('[mail]\nsmtp = "x"', "mail.smtp is a table: write [mail.smtp]"),
        ('[mail.smtp]\nport = "25"', "mail.smtp.port must be a whole number from 1 to 65,535"),
        ("[mail.smtp]\nport = 70000", "mail.smtp.port must be a whole number"),
        ("[mail]\nmax_bytes = true", "mail.max_bytes must be a whole number"),
        ('[mail.smtp]\nhost = "x"\nsecurity = "ssl"', "mail.smtp.security is 'ssl', not one of"),
        ('[mail.smtp]\nhost = "x"\nsecurity = "none"\nuser = "y"', "would be read by everybody"),
        ('[mail.smtp]\nhost = "localhost.x.example"\nsecurity = "none"\nuser = "y"', "read by everybody"),
        ('[mail.imap]\nhost = "127.x.example"\nsecurity = "none"\nuser = "y"', "read by everybody"),
        ('[mail.smtp]\nhost = "x"\nuser = "y"\npassword = "a"\npassword_file = "b"', "exclude each other"),
        ('[mail.imap]\nhost = "x"\npassword = "a"', "mail.imap.user is missing"),
        ('[mail.imap]\nfolder = "x"', "mail.imap.host is missing"),
        ('[mail.imap]\nhost = "x"\nafter = "move:"', "mail.imap.after is 'move:'"),
        ('[mail.imap]\nhost = "x"\nafter = "burn"', "mail.imap.after is 'burn'"),
        ('links = "x"', "write [links]"),
    ],
)
def test_what_is_wrong_about_mail(tmp_path: Path, text: str, problem: str) -> None:
    """MAIL-6: every slip in the mail settings is told by name, with the nearest known one."""
    with pytest.raises(Invalid) as refusal:
        load(a_file(tmp_path, text), {})
    assert problem in refusal.value.message


def test_a_login_in_clear_is_for_loopback_alone(tmp_path: Path) -> None:
    """MAIL-6: without encryption a password goes no farther than this machine."""
    text = '[mail.smtp]\nhost = "127.0.0.1"\nsecurity = "none"\nuser = "x"\npassword = "y"'
    assert load(a_file(tmp_path, text), {}).mail.smtp
