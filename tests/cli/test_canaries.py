"""No secret is ever told: every command is run on a desk of marked ones, and what it leaves is looked through.

MAIL-1, MAIL-6, DC-4: passwords of servers, the key of references, a PIN; on screens, in JSON, in help, in errors
and their traces, in events, in the database, in mails and in files.
"""

import base64
import re
import traceback
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import pytest
from cli.acceptance import ADA, BEN, DANA, NOW, Ran, care, shell
from cli.test_schema import FAILURES, LAST, RUNS, every_command
from echoing import HOST, echoing

from carecli.domain.reference_key import read
from carecli.errors import CareError

SMTP, IMAP, TOLD, PIN = "canary-Smtp-Zq7xw", "canary-Imap-Vb3kd", "canary-Told-Rt9pf", "904173655128"
SECRETS: Final = (SMTP, IMAP, TOLD, PIN)


def spellings(secret: bytes) -> Iterator[bytes]:
    """The ways in which a secret could stand somewhere."""
    yield secret
    for spelled in (base64.b64encode(secret), base64.urlsafe_b64encode(secret)):
        yield spelled.rstrip(b"=")
    yield secret.hex().encode()
    yield quote(secret).encode()


class Canaries:
    """Marked secrets, and what was found of them, by where."""

    def __init__(self) -> None:
        self.known: set[bytes] = set()
        self.found: list[str] = []
        self.looked = 0
        self.add(*(secret.encode() for secret in SECRETS))

    def add(self, *secrets: bytes) -> None:
        """Look for these, too."""
        self.known |= {spelled for secret in secrets for spelled in spellings(secret)}
        self._any = re.compile(b"|".join(map(re.escape, sorted(self.known))))

    def look(self, where: str, *whats: str | bytes) -> None:
        """Look through what was told somewhere."""
        self.looked += 1
        for what in whats:
            hit = self._any.search(what.encode() if isinstance(what, str) else what)
            if hit:
                self.found.append(f"{where}: {hit[0].decode('latin-1')}")


class Marked(NamedTuple):
    """A desk with marked secrets, and where it lies."""

    folder: Path
    canaries: Canaries
    ports: tuple[int, int, int]

    @property
    def config(self) -> Path:
        """Its configuration file."""
        return self.folder / "config.toml"

    def configure(self, smtp: int, line: str = f'password = "{SMTP}"', more: str = "") -> None:
        """Write the configuration file, with that line for the SMTP password."""
        self.config.write_text(
            f'db = "{self.folder}/desk.db"\nas = "{ADA}"\n[mail]\nfrom = "care@desk.example"\n{more}'
            f'[mail.smtp]\nhost = "{HOST}"\nport = {smtp}\nsecurity = "none"\nuser = "care"\ntimeout = 5\n{line}\n'
            f'[mail.imap]\nhost = "{HOST}"\nport = {self.ports[2]}\nsecurity = "none"\nuser = "care"\n'
            f'password_file = "{self.folder}/imap-password"\n'
        )
        self.config.chmod(0o600)

    def run(self, *args: str, stdin: bytes = b"") -> Ran:
        """Run a command, and look through what it says."""
        ran = care("--config", str(self.config), *args, stdin=stdin)
        self.canaries.look(" ".join(args), ran.out, ran.err)
        return ran

    def traced(self, *args: str) -> str:
        """The trace of an error, with CARE_DEBUG=1, looked through."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CARE_DEBUG", "1")
            try:
                ran = care("--config", str(self.config), *args)
            except CareError:
                told = traceback.format_exc()
            else:
                told = f"{ran.out}{ran.err}"
        self.canaries.look(f"CARE_DEBUG {' '.join(args)}", told)
        return told

    def look_through_files(self) -> int:
        """Look through everything on the disk but the places of secrets; how many files there were."""
        own = {self.config, self.folder / "imap-password", self.folder / "key"}
        files = [path for path in self.folder.rglob("*") if path.is_file() and path not in own]
        for path in files:
            self.canaries.look(str(path), path.read_bytes(), *_unpacked(path))
        return len(files)


def _unpacked(path: Path) -> list[bytes]:
    if not zipfile.is_zipfile(path):
        return []
    with zipfile.ZipFile(path) as packed:
        return [packed.read(name) for name in packed.namelist()]


@pytest.fixture
def marked(trial_desk: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Marked]:
    """The demo's desk with a PIN, a key of references in a file, and servers that repeat what they are told."""
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "desk.db").write_bytes(trial_desk)
    (folder / "imap-password").write_text(IMAP)
    (folder / "imap-password").chmod(0o600)
    monkeypatch.chdir(folder)
    with echoing() as ports:
        desk = Marked(folder, Canaries(), ports)
        desk.configure(ports[0], more=f'transport = "smtp"\nreference_key_file = "{folder}/key"\n')
        # Some mail has to wait for the server that repeats logins.
        assert desk.run("--now", NOW, "--as", BEN, "ask", "8", "-m", "Which queue?").status == 0
        assert desk.run("--now", NOW, "mail", "key", "renew").status == 0
        assert desk.run("--now", NOW, "contact", "edit", DANA, "--pin", "-", stdin=PIN.encode()).status == 0
        ring = read((folder / "key").read_text())
        desk.canaries.add(ring.key, *(each.key for each in ring.older))
        yield desk


@pytest.mark.parametrize("json", [True, False], ids=["json", "text"])
def test_every_command_is_silent_about_secrets(marked: Marked, json: bool) -> None:
    """MAIL-6, DC-4: whatever every command answers, on each of its ways, no marked secret is in it."""
    last, asked = "", 0
    for who, now, told in RUNS:
        if json and "jsonl" in told:
            continue  # as in the other run
        asked += 1
        words = tuple(last if word is LAST else word for word in told)
        args = () if words == ("home",) else words
        ran = marked.run("--as", who, "--now", now, *(["--json"] if json else []), *args)
        assert "Traceback" not in ran.err
        number = re.search(r"(?<!\d)\d{10}(?!\d)", ran.out) if words[0] == "open" else None
        last = number[0] if number else last
    for who, args in FAILURES:
        marked.run("--as", who, *(["--json"] if json else []), *args)
    for line in (
        "mail fetch",
        "mail deliver --all",
        "mail outbox --state failed",
        "doctor",
        "policy show",
        "verify",
    ):
        marked.run("--now", NOW, *(["--json"] if json else []), *line.split())
    files = marked.look_through_files()
    print(f"\nlooked through {marked.canaries.looked} answers and files ({files} files)")
    assert marked.canaries.found == []
    assert marked.canaries.looked > asked


def test_every_help_is_silent_about_secrets(marked: Marked, monkeypatch: pytest.MonkeyPatch) -> None:
    """MAIL-6: help shows no defaults that the environment or the configuration file told."""
    monkeypatch.setenv("CARE_SMTP_PASSWORD", TOLD)
    monkeypatch.setenv("CARE_REFERENCE_KEY", TOLD)
    for words in every_command():
        marked.run(*words.split(), "--help")
    for topic in ("environment", "formats", "exit-codes"):
        marked.run("help", topic)
    assert marked.canaries.found == []


@pytest.mark.parametrize("told", [False, True], ids=["file", "environment"])
def test_a_server_that_repeats_logins_tells_nobody(
    marked: Marked, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    """MAIL-6: what a server says of a login is shown and kept without it, whether it let us in or not."""
    if told:
        monkeypatch.setenv("CARE_SMTP_PASSWORD", TOLD)
        monkeypatch.setenv("CARE_IMAP_PASSWORD", TOLD)
    for port in marked.ports[:2]:
        marked.configure(port, more=f'transport = "smtp"\nreference_key_file = "{marked.folder}/key"\n')
        heard = [marked.run("--now", NOW, *args) for args in (("mail", "deliver", "--all"), ("mail", "fetch"))]
        heard += [marked.run("--now", NOW, *args) for args in (("doctor",), ("mail", "outbox", "8"), ("tick",))]
        said = "".join(f"{ran.out}{ran.err}" for ran in heard)
        # The server was heard, and what it repeated was taken out.
        assert "relaying denied" in said or "not with" in said
        assert "[AUTHENTICATIONFAILED] you said" in said
        assert "[hidden]" in said
        for args in (("mail", "deliver", "--all"), ("mail", "fetch"), ("doctor",)):
            marked.traced("--now", NOW, *args)
    marked.look_through_files()
    assert marked.canaries.found == []


LINES: Final = (
    f"password = {SMTP}",
    f'password = "{SMTP}',
    f"password = '{SMTP}' more",
    f'password = "{SMTP}\\x"',
    f'password = "{SMTP}"\npassword = "{SMTP}"',
    f'password = ["{SMTP}"]',
    f'password = {{ text = "{SMTP}" }}',
    f'pasword = "{SMTP}"',
    f'password "{SMTP}"',
    f'password = "{SMTP}"\npassword_file = "x"',
    f'password = """{SMTP}',
    f'password = "{SMTP}\t\x01"',
    f'[mail]\npassword = "{SMTP}"',
)


def test_a_slip_in_the_secrets_line_tells_the_place_alone(marked: Marked) -> None:
    """MAIL-6: what is wrong with the very line of a password is told without it, as text, JSON and trace."""
    for line in LINES:
        marked.configure(1, line)
        for args in (("list",), ("list", "--json"), ("mail", "deliver")):
            ran = marked.run(*args)
            assert (ran.status, str(marked.config) in ran.err) == (2, True), ran
        marked.traced("list")
    assert marked.canaries.found == []


def test_places_that_cannot_be_used_tell_nothing_of_what_is_in_them(
    marked: Marked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MAIL-1, MAIL-6: files that others may read, a key that was cut, a key that is none."""

    def look() -> None:
        for args in (("ask", "8", "-m", "x"), ("mail", "deliver", "--all"), ("mail", "fetch")):
            marked.run("--now", NOW, *args)
            marked.traced("--now", NOW, "--json", *args)
        marked.run("--now", NOW, "doctor")

    key = marked.folder / "key"
    marked.config.chmod(0o644)
    (marked.folder / "imap-password").chmod(0o644)
    key.chmod(0o604)
    look()
    key.chmod(0o600)
    key.write_text(key.read_text()[:-9])
    look()
    monkeypatch.setenv("CARE_REFERENCE_KEY", TOLD)
    look()
    assert marked.canaries.found == []


def test_a_pin_is_told_by_no_refusal(marked: Marked) -> None:
    """DC-4: neither a wrong PIN nor a right one stands in an answer, however the line around it is wrong."""
    call = ("--now", NOW, "--as", BEN, "update", "8", "-m", "Called.", "--via", "phone", "--contact", DANA)
    for pin in (PIN, f"{PIN}1"):
        for more in ((), ("--bogus",), ("--internal",), ("--attach", "/nowhere"), ("--json",)):
            marked.run(*call, f"--pin={pin}", *more)
        marked.run(*call, "--pin", "-", stdin=pin.encode())
        marked.traced(*call, "--pin", pin)
        marked.run("contact", "edit", DANA, "--pin", f"{pin}x", "--json")
    marked.run("log", "--all", "--limit", "100000")
    marked.look_through_files()
    assert marked.canaries.found == []


PROGRAM: Final = """#!/bin/sh
{ tr '\\0' ' ' < /proc/self/cmdline; tr '\\0' ' ' < /proc/$PPID/cmdline; env; cat > /dev/null; } >> "%s"
"""


def test_programs_are_started_without_secrets(marked: Marked) -> None:
    """MAIL-6: no secret is among our own words, those of a program that we start, or its environment."""
    seen, program = marked.folder / "seen", marked.folder / "program"
    program.write_text(PROGRAM % seen)
    program.chmod(0o755)
    more = f'transport = "sendmail"\nreference_key_file = "{marked.folder}/key"\nsendmail.program = "{program}"\n'
    marked.configure(1, more=more)
    environ: dict[str, Any] = {
        "CARE_SMTP_PASSWORD": TOLD,
        "CARE_IMAP_PASSWORD": TOLD,
        "CARE_REFERENCE_KEY": (marked.folder / "key").read_text(),
    }
    ran = shell("--config", str(marked.config), "--now", NOW, "mail", "deliver", "--all", **environ)
    assert (ran.status, str(program) in seen.read_text()) == (0, True), ran
    marked.look_through_files()
    assert marked.canaries.found == []
