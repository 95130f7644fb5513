"""What `care doctor` finds about mail: the servers that are set up are asked, secrets and templates looked at."""

from pathlib import Path
from typing import Any

import pytest
from desk_fixtures import ADA, Office
from mail.transports.servers import HOST, PASSWORD, USER, Post, serving
from postoffice import Certificates, free_port, known

from carecli.config import Config, load
from carecli.desk import doctor
from carecli.domain.health import Finding, State

__all__ = ["known"]


def mail_findings(office: Office, config: Config | None = None, **table: Any) -> dict[str, Finding]:
    """The findings of a desk with these mail settings, by their check; the last of each."""
    chosen = config or office.config._replace(mail_table=table)
    health = doctor.examine(Office(chosen, office.store).by(ADA, "Mon 09:00"))
    return {one.check: one for one in health.findings}


def smtp(port: int, **more: Any) -> dict[str, Any]:
    """Settings that name an SMTP server."""
    return {"transport": "smtp", "smtp": {"host": HOST, "port": port, "security": "none", "timeout": 2, **more}}


def test_an_smtp_server_is_asked(office: Office, known: Certificates, tmp_path: Path) -> None:
    """AUD-2: connection, certificate and login are tried, and no mail is handed over."""
    post, secret = Post(), tmp_path / "secret"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    with serving(post, security="starttls", known=known, login=True) as port:
        right = {"security": "starttls", "ca_file": str(known.ca_file), "user": USER, "password_file": str(secret)}
        fine = mail_findings(office, **smtp(port, **right))["smtp"]
        stranger = mail_findings(office, **smtp(port, **{**right, "ca_file": str(known.stranger_file)}))["smtp"]
        secret.write_text("wrong")
        refused = mail_findings(office, **smtp(port, **right))["smtp"]
        del right["password_file"]
        missing = mail_findings(office, **smtp(port, **right))["smtp"]
    assert (fine.state, fine.what) == (
        State.FINE,
        f"{HOST}:{port} takes mail (starttls, logged in as {USER})",
    )
    for wrong, what in ((stranger, "certificate"), (refused, "refused the login"), (missing, "no password")):
        assert wrong.state is State.WRONG
        assert what in wrong.what
        assert "mail.smtp" in str(wrong.fix)
    assert post.envelopes == []


def test_a_server_that_is_away(office: Office) -> None:
    """AUD-2: a server that nobody reaches is a finding, and no other check is left out for it."""
    found = mail_findings(office, **smtp(free_port()))
    assert found["smtp"].state is State.WRONG
    assert "Connection refused" in found["smtp"].what
    assert "contacts" in found


def test_a_monitor_asks_no_server(office: Office) -> None:
    """TICK-4: the pulse that a monitor takes reaches for no network."""
    desk = Office(office.config._replace(mail_table=smtp(free_port())), office.store).by(ADA, "Mon 09:00")
    assert doctor.pulse(desk).vitals.mail_stuck == 0


def test_a_sendmail_program(office: Office, tmp_path: Path) -> None:
    """AUD-2: the program must be there and may be run."""
    table: dict[str, Any] = {"transport": "sendmail", "sendmail": {"program": str(tmp_path / "none")}}
    assert mail_findings(office, **table)["sendmail"].state is State.WRONG
    table["sendmail"] = {"program": "/bin/true"}
    assert mail_findings(office, **table)["sendmail"].what == "mail is handed to /bin/true"


def test_a_mailbox_that_cannot_be_read(office: Office) -> None:
    """AUD-2: the mailbox that replies are fetched from is looked at too."""
    imap = {"host": HOST, "port": free_port(), "security": "none", "timeout": 2}
    assert mail_findings(office, imap=imap)["imap"].state is State.WRONG


def test_templates_are_tried(office: Office, tmp_path: Path) -> None:
    """AUD-2: a template of the desk's own that is broken is told before a customer's mail meets it."""
    assert mail_findings(office, templates=str(tmp_path))["templates"].state is State.FINE
    (tmp_path / "reminder.txt.j2").write_text("{% if %}")
    broken = mail_findings(office, templates=str(tmp_path))["templates"]
    assert broken.state is State.WRONG
    assert "reminder.txt.j2" in broken.what


@pytest.mark.parametrize(("mode", "found"), [(0o600, False), (0o640, True), (0o604, True)])
def test_secrets_that_others_may_read(office: Office, tmp_path: Path, mode: int, found: bool) -> None:
    """AUD-2: a password file, and a config file that holds a password, are for their owner alone."""
    secret, config = tmp_path / "secret", tmp_path / "config.toml"
    secret.write_text("x")
    secret.chmod(mode)
    table = smtp(free_port(), user="x", password_file=str(secret))
    told = mail_findings(office, **table).get("secrets")
    assert (told is not None and told.fix == f"chmod 600 {secret}") == found
    config.write_text(
        f'db = "{office.config.db}"\n[mail.imap]\nhost = "{HOST}"\nuser = "x"\npassword = "hunter2"\n'
    )
    config.chmod(mode)
    own = mail_findings(office, load(str(config), {})).get("secrets")
    assert (own is not None and str(config) in own.what) == found
    assert "hunter2" not in str(own)


def test_a_sender_that_is_no_address(office: Office) -> None:
    """AUD-2: mail needs an address to come from, and one that answers can reach."""
    wrong = mail_findings(office, office.config._replace(mail_from="Customer Care"))["sender"]
    assert wrong.state is State.WRONG
    local = office.config._replace(mail_from="care@localhost", mail_table=smtp(free_port()))
    assert mail_findings(office, local)["sender"].state is State.ADVICE
