"""Mail to a sendmail program, which the test writes (MAIL-6)."""

import os
from pathlib import Path

import pytest

from carecli.mail.transports.protocol import Failure, Posting
from carecli.mail.transports.sendmail import SendmailTransport

POSTING = Posting("care@desk.example", "-dana@abc.example", b"Subject: x\r\n\r\n.\r\nlast\n")


def program(folder: Path, script: str) -> str:
    """A program that does as told."""
    path = folder / "sendmail"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def sent(path: str, *, timeout_s: float = 10) -> Failure | None:
    """Hand one mail over."""
    [outcome] = SendmailTransport(path, timeout_s=timeout_s).deliver([POSTING])
    return outcome


def test_the_program_gets_envelope_and_message(tmp_path: Path) -> None:
    """MAIL-6: a dot ends nothing, an address is no option, lines end as Unix has them."""
    told = tmp_path / "told"
    path = program(tmp_path, f'printf "%s\\n" "$@" > {told}; cat > {told}.eml')
    assert sent(path) is None
    assert told.read_text().splitlines() == ["-i", "-f", POSTING.sender, "--", POSTING.to]
    assert (tmp_path / "told.eml").read_bytes() == b"Subject: x\n\n.\nlast\n"


def test_the_program_gets_no_password_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MAIL-6: what the environment tells `care` is not for the program; what it says may stand in an error."""
    monkeypatch.setenv("CARE_SMTP_PASSWORD", "hunter2")
    monkeypatch.setenv("MAILCONFIG", "kept")
    failure = sent(program(tmp_path, 'echo "$CARE_SMTP_PASSWORD $MAILCONFIG" >&2; exit 75'))
    assert failure is not None
    assert failure.what.endswith("75: kept")


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        (os.EX_TEMPFAIL, False),
        (os.EX_NOUSER, True),
        (os.EX_NOHOST, True),
        (os.EX_DATAERR, True),
        (os.EX_USAGE, False),
        (os.EX_UNAVAILABLE, False),
        (os.EX_CONFIG, False),
        (1, False),
    ],
)
def test_what_its_status_means(tmp_path: Path, status: int, permanent: bool) -> None:
    """MAIL-6: an unknown user or host, and an address that is none, are for good; all else is tried again."""
    failure = sent(program(tmp_path, f"cat >/dev/null; echo 'no  such\nthing' >&2; exit {status}"))
    assert failure is not None
    assert (failure.permanent, failure.stops) == (permanent, False)
    assert failure.what.endswith(f"ended with status {status}: no such thing")


def test_a_program_that_reads_nothing(tmp_path: Path) -> None:
    """MAIL-6: a program that goes away without reading does not break the delivery."""
    assert sent(program(tmp_path, "exit 75")) is not None


def test_a_program_that_hangs(tmp_path: Path) -> None:
    """MAIL-6: a program that never ends is ended, and with it the run."""
    failure = sent(program(tmp_path, "exec sleep 5"), timeout_s=0.2)
    assert failure is not None
    assert failure.stops
    assert "took longer than 0.2 s" in failure.what


@pytest.mark.parametrize("name", ["missing", "plain", "."])
def test_a_program_that_cannot_be_run(tmp_path: Path, name: str) -> None:
    """MAIL-6: what is no program ends the run with the setting to mend."""
    (tmp_path / "plain").write_text("")
    failure = sent(str(tmp_path / name))
    assert failure is not None
    assert failure.stops
    assert "cannot be run" in failure.what
    assert "mail.sendmail" in str(failure.hint)
