"""Where passwords and keys are kept: the environment, a private file, the keyring; or they are not used at all."""

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from carecli.config import Config, load, secrets
from carecli.config.mail import Login
from carecli.config.secrets import KEYRING_USER, KeyPlace, Secret
from carecli.errors import Failed, Invalid

LOGIN = Login("care", "mail.smtp", "CARE_SMTP_PASSWORD")


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """A password file of its owner's alone."""
    file = tmp_path / "secret file"
    file.write_text("open sesame\n")
    file.chmod(0o600)
    return file


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o666])
def test_a_file_that_others_may_read_is_not_read(private: Path, mode: int) -> None:
    """MAIL-6: as ssh does with its keys: refused, with the chmod that mends it, whoever the others are."""
    private.chmod(mode)
    with pytest.raises(Failed) as error:
        LOGIN._replace(file=str(private)).password()
    assert error.value.message.endswith(f"others may read it (mode {mode:04o})")
    assert error.value.hint == f"chmod 600 '{private}'"
    assert "sesame" not in str(error.value.document())
    private.chmod(0o600)
    assert LOGIN._replace(file=str(private)).password() == "open sesame"


def test_other_things_under_that_name_are_not_read(tmp_path: Path, private: Path) -> None:
    """MAIL-6: folders, pipes, binaries, giants and what is gone are one message each."""
    os.mkfifo(tmp_path / "pipe", 0o600)
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    (tmp_path / "giant").write_bytes(b"x" * 70_000)
    for name in ("bytes", "giant"):
        (tmp_path / name).chmod(0o600)
    (tmp_path / "link").symlink_to(private)
    wrongs = {
        "pipe": "no regular file",
        ".": "no regular file",
        "bytes": "no UTF-8",
        "giant": "size",
        "none": "No such",
    }
    for name, why in wrongs.items():
        with pytest.raises(Failed, match=why):
            LOGIN._replace(file=str(tmp_path / name)).password()
    assert LOGIN._replace(file=str(tmp_path / "link")).password() == "open sesame"


@pytest.mark.skipif(os.geteuid() != 0, reason="no root here")
def test_a_file_of_somebody_else_is_not_read(private: Path) -> None:
    """MAIL-6: what another user may change any time is no secret of ours."""
    os.chown(private, 12_345, -1)
    with pytest.raises(Failed, match="somebody else's"):
        LOGIN._replace(file=str(private)).password()


def test_a_config_file_with_a_password_is_private_too(tmp_path: Path) -> None:
    """MAIL-6: a password in the config file counts where nobody else may read that; the environment beats it."""
    file = tmp_path / "config.toml"
    file.write_text('[mail.smtp]\nhost = "x"\nuser = "care"\npassword = "hunter2"\n')
    file.chmod(0o644)

    def login(environ: dict[str, str]) -> Login:
        smtp = load(str(file), environ).mail.smtp
        assert smtp
        assert smtp.login
        return smtp.login

    with pytest.raises(Failed) as error:
        login({}).password()
    assert (error.value.hint, "hunter2" in str(error.value.document())) == (f"chmod 600 {file}", False)
    assert login({"CARE_SMTP_PASSWORD": "told"}).password() == "told"
    file.chmod(0o600)
    assert login({}).password() == "hunter2"


@pytest.fixture
def keyring() -> Iterator[dict[tuple[str, str], str]]:
    """A keyring in memory: the system's own would ask a person."""
    import keyring
    from keyring.backend import KeyringBackend
    from keyring.errors import NoKeyringError

    kept: dict[tuple[str, str], str] = {}
    unlocked = threading.Event()

    class InMemory(KeyringBackend):
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            if service == "locked":
                unlocked.wait(60)
            if service == "headless":
                raise NoKeyringError
            if service == "broken":
                raise OSError(f"no bus; {kept}")
            return kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            if service != "sieve":
                kept[service, username] = password

        def delete_password(self, service: str, username: str) -> None:
            del kept[service, username]

    before = keyring.get_keyring()
    keyring.set_keyring(InMemory())  # type: ignore[no-untyped-call]
    yield kept
    unlocked.set()
    keyring.set_keyring(before)


def test_the_keyring_keeps_passwords(keyring: dict[tuple[str, str], str]) -> None:
    """MAIL-6: a password in the system's keyring; what is not there or does not answer is one message."""
    keyring["desk", "care"] = "open sesame"
    assert LOGIN._replace(service="desk").password() == "open sesame"
    with pytest.raises(Failed, match="no password for care in the keyring, as our desk") as missing:
        LOGIN._replace(service="our desk").password()
    assert missing.value.hint == "keyring set 'our desk' care"
    with pytest.raises(Failed, match=r"the keyring does not answer \(OSError\)") as broken:
        LOGIN._replace(service="broken").password()
    assert "sesame" not in str(broken.value.document())
    with pytest.raises(Failed, match="this machine has no keyring") as headless:
        LOGIN._replace(service="headless").password()
    assert headless.value.hint == "use a file: password_file, reference_key_file"


@pytest.mark.usefixtures("keyring")
def test_a_locked_keyring_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """MAIL-6: a keyring that waits for somebody at a screen is given up, with what works where there is none."""
    monkeypatch.setattr(secrets, "PATIENCE_S", 0.05)
    with pytest.raises(Failed, match="it may be locked") as error:
        LOGIN._replace(service="locked").password()
    assert "use a file: password_file" in (error.value.hint or "")


def test_without_the_package_the_way_to_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """MAIL-6: keyring is an optional extra; who names it without having it hears what to install."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(Failed, match="not installed") as error:
        LOGIN._replace(service="desk").password()
    assert error.value.hint == "pip install 'carecli[keyring]'"


def test_a_server_has_one_place_for_its_password(tmp_path: Path) -> None:
    """MAIL-6: of password, file and keyring a server has one; and a key of references has one place."""
    file = tmp_path / "config.toml"
    for text, told in (
        ('[mail.imap]\nhost = "x"\nuser = "y"\npassword_file = "a"\npassword_keyring = "b"', "password_keyring"),
        ('[mail]\nreference_key_file = "a"\nreference_key_keyring = "b"', "reference_key_keyring"),
    ):
        file.write_text(text)
        with pytest.raises(Invalid, match=f"{told} exclude each other"):
            load(str(file), {})


def test_where_the_key_of_references_is(tmp_path: Path, keyring: dict[tuple[str, str], str]) -> None:
    """MAIL-1: the environment beats the file; without either the key is in the database."""
    file = tmp_path / "config.toml"
    file.write_text('[mail]\nreference_key_file = "~/key"\n')
    assert Config(db="x").key_place is None
    told = load(str(file), {"CARE_REFERENCE_KEY": "swordfish"})
    assert told.key_place is not None
    assert (told.key_place.read(), str(told.key_place)) == ("swordfish", "CARE_REFERENCE_KEY")
    assert "swordfish" not in f"{told!r} {told.key_place!r} {told.mail!r}"
    with pytest.raises(Failed, match="care cannot change"):
        told.key_place.write("x")
    assert load(str(file), {}).key_place == KeyPlace(file=str(Path("~/key").expanduser()))
    ring = KeyPlace(service="desk")
    assert ring.read() is None
    ring.write("text")
    assert ring.read() == keyring["desk", KEYRING_USER] == "text"
    with pytest.raises(Failed, match="does not answer"):
        KeyPlace(service="broken").read()
    with pytest.raises(Failed, match="was not kept"):
        KeyPlace(service="sieve").write("text")


def test_a_key_file_is_written_whole_and_private(tmp_path: Path) -> None:
    """MAIL-1: its folder and itself are for their owner alone, whatever the umask; nothing stays beside it."""
    place = KeyPlace(file=str(tmp_path / "new" / "key"))
    assert place.read() is None
    before = os.umask(0)
    try:
        place.write("one\n")
        (tmp_path / "new" / ".key.new").write_text("left by a kill")
        place.write("two\n")
    finally:
        os.umask(before)
    assert place.read() == "two\n"
    assert [(p.name, p.stat().st_mode & 0o777) for p in (tmp_path / "new").iterdir()] == [("key", 0o600)]
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    (tmp_path / "new" / "key").chmod(0o640)
    with pytest.raises(Failed, match="others may read it"):
        place.read()
    with pytest.raises(Failed, match="No such file"):
        KeyPlace(file="/proc/none/key").write("x")


def test_secrets_compare_and_hide() -> None:
    """MAIL-6: a secret is equal to itself and shown to nobody."""
    assert Secret("a") == Secret("a") != Secret("b")
    assert len({Secret("a"), Secret("a")}) == 1
    assert f"{Secret('swordfish')!r}{Secret('swordfish')}" == "Secret(...)Secret(...)"
