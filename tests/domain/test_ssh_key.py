"""Public keys of SSH: what ssh-keygen makes is taken, and nothing else."""

import base64
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.domain import ssh_key
from carecli.errors import Invalid, Refused

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICNbRy5e01nsE6KYFyG9rG9fmU20FDQYL/r8FvHHvSCw"
BLOB = base64.b64decode(KEY.split(" ")[1])


def fields(*parts: bytes) -> str:
    """Base64 of a key with these fields."""
    return base64.b64encode(b"".join(len(part).to_bytes(4) + part for part in parts)).decode()


@pytest.mark.parametrize(
    "key",
    [
        KEY,
        f"ecdsa-sha2-nistp256 {fields(b'ecdsa-sha2-nistp256', b'nistp256', bytes([4]) + bytes(64))}",
        f"ecdsa-sha2-nistp521 {fields(b'ecdsa-sha2-nistp521', b'nistp521', bytes([4]) + bytes(132))}",
        f"ssh-rsa {fields(b'ssh-rsa', bytes([1, 0, 1]), bytes([0, 200]) + bytes(255))}",
        f"sk-ssh-ed25519@openssh.com {fields(b'sk-ssh-ed25519@openssh.com', bytes(32), b'ssh:')}",
    ],
)
def test_keys_are_taken(key: str) -> None:
    """DC-3: a key of each type, its comment left out; what is kept is taken again as it is."""
    assert ssh_key.parsed(f"  {key} some one's laptop\n") == key
    assert ssh_key.parsed(key) == key
    assert ssh_key.is_key(key)


@pytest.mark.parametrize(
    "text",
    [
        *("", "ssh-ed25519", "ssh-ed25519 ", "ssh-ed25519 AAAA", f'command="sh" {KEY}', f"restrict {KEY}"),
        *(
            f"{KEY}\n{KEY}",
            f"{KEY}\x00",
            f"# {KEY}",
            KEY.replace("ssh-ed25519", "ssh-rsa"),
            KEY[:-4],
            f"{KEY[:-1]}%",
        ),
        *("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----", KEY * 400, "é " + KEY),
        f"ssh-dss {fields(b'ssh-dss', b'1', b'1', b'1', b'1')}",
        f"ssh-ed25519 {fields(b'ssh-ed25519', bytes(32), b'more')}",
        f"ssh-ed25519 {fields(b'ssh-ed25519', bytes(31))}",
        f"ssh-rsa {fields(b'ssh-rsa', bytes([1, 0, 1]), bytes([0, 200]) + bytes(127))}",
        f"ssh-rsa {fields(b'ssh-rsa', bytes([1]), bytes([0, 200]) + bytes(255))}",
        f"ecdsa-sha2-nistp256 {fields(b'ecdsa-sha2-nistp256', b'nistp384', bytes([4]) + bytes(64))}",
        f"ssh-ed25519-cert-v01@openssh.com {fields(b'ssh-ed25519-cert-v01@openssh.com', bytes(32))}",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    """DC-3: options, two lines, private halves, certificates, old and short keys, and broken ones."""
    with pytest.raises(Invalid):
        ssh_key.parsed(text)


@given(st.integers(0, len(BLOB) - 33), st.integers(0, 255))
def test_a_byte_changed_before_the_key_itself_is_found(place: int, byte: int) -> None:
    """DC-3: what stands before the key's own 32 bytes is what it has to be."""
    changed = bytearray(BLOB)
    changed[place] = byte
    text = f"ssh-ed25519 {base64.b64encode(changed).decode()}"
    if bytes(changed) == BLOB:
        assert ssh_key.parsed(text) == KEY
    else:
        with pytest.raises(Invalid):
            ssh_key.parsed(text)


@given(st.text(max_size=120))
def test_no_text_breaks_it(text: str) -> None:
    """DC-3: whatever is handed in, it is a key or refused in words."""
    for each in (
        text,
        f"ssh-ed25519 {text}",
        f"ssh-rsa {base64.b64encode(text.encode('utf-8', 'replace')).decode()}",
    ):
        with pytest.raises(Invalid):
            ssh_key.parsed(each)


def test_as_ssh_keygen_says(tmp_path: Path) -> None:
    """DC-3: fingerprints are those that ssh-keygen tells, and its keys are taken."""
    try:
        for kind, bits in (("ed25519", "256"), ("ecdsa", "384"), ("rsa", "2048")):
            file = tmp_path / kind
            subprocess.run(["ssh-keygen", "-q", "-t", kind, "-b", bits, "-N", "", "-f", file], check=True)
            told = subprocess.run(["ssh-keygen", "-lf", file], capture_output=True, text=True, check=True).stdout
            key = ssh_key.parsed(file.with_suffix(".pub").read_text())
            assert told.split(" ")[1] == ssh_key.fingerprint(key)
            with pytest.raises(Invalid, match="private half"):
                ssh_key.parsed(file.read_text())
    except FileNotFoundError:
        pytest.skip("no ssh-keygen here")


def test_nobody_has_too_many() -> None:
    """DC-3: each key once, and no more than twenty of one person."""
    keys = [f"ssh-ed25519 {place}" for place in range(ssh_key.MOST)]
    assert ssh_key.joined(keys[:3], keys) == tuple(keys)
    with pytest.raises(Refused):
        ssh_key.joined(keys, ["ssh-ed25519 more"])
