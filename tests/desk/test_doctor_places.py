"""`care doctor` looks at where the desk lies: who else may read, change or swap it (AUD-2)."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from desk_fixtures import ADA, Office
from notation import when

from carecli.desk import doctor, doctor_places
from carecli.domain.gate import Refusal
from carecli.domain.health import Finding, State, Watch

NOW = "Mon 09:10"


@pytest.fixture
def own(office: Office) -> Iterator[Office]:
    """A desk in a folder of its owner's alone, with a maildir and a config file."""
    folder = Path(office.config.db).parent
    folder.chmod(0o700)
    for name in ("mail", "settings"):
        (folder / name).mkdir(0o700)
    (folder / "settings" / "care.toml").touch(0o600)
    settings = str(folder / "settings" / "care.toml")
    mask = os.umask(0o077)
    yield replace(office, config=office.config._replace(path=settings, maildir_set=str(folder / "mail")))
    os.umask(mask)


def looked(office: Office) -> list[Finding]:
    """What the look finds."""
    return list(doctor_places.findings(office.by(ADA, NOW)))


def place(office: Office, name: str) -> Path:
    """A file of the desk."""
    folder = Path(office.config.db).parent
    return {
        "database's folder": folder,
        "maildir": folder / "mail",
        "config file": folder / "settings" / "care.toml",
        "database's .delivery": Path(f"{office.config.db}.delivery"),
    }[name]


def test_a_desk_of_ones_own(own: Office) -> None:
    """AUD-2: where nobody else may do anything, one line says so."""
    (found,) = looked(own)
    assert (found.check, found.state) == ("permissions", State.FINE)


@pytest.mark.parametrize(
    ("name", "mode", "state", "said", "fix"),
    [
        ("database's folder", 0o777, State.WRONG, "everybody on this machine may write to", "chmod 700 "),
        ("database's folder", 0o770, State.ADVICE, "the group may write to", "unless that is meant: chmod 700 "),
        ("database's folder", 0o1777, State.ADVICE, "everybody on this machine may write to", "keep the desk in"),
        ("maildir", 0o755, State.WRONG, "everybody on this machine may read", "chmod 700 "),
        ("maildir", 0o750, State.ADVICE, "the group may read", "unless that is meant: chmod 700 "),
        ("config file", 0o622, State.WRONG, "everybody on this machine may write to", "chmod 600 "),
        ("database's .delivery", 0o644, State.WRONG, "everybody on this machine may read", "chmod 600 "),
    ],
)
def test_others_may(own: Office, name: str, mode: int, state: State, said: str, fix: str) -> None:
    """AUD-2: each place that others may change, or read where it is nobody's, is told with what mends it."""
    file = place(own, name)
    if not file.exists():
        file.touch(0o600)
    try:
        os.chown(file, os.getuid(), 65_533)  # a group that nobody is named after
    except PermissionError:
        assert os.getgroups()
    file.chmod(mode)
    (found,) = looked(own)
    assert (found.state, found.what.startswith(f"{said} the {name} {file} (mode")) == (state, True), found
    assert found.fix
    assert found.fix.startswith(fix)
    assert f"{mode:04o}" in found.what


@pytest.mark.parametrize("name", ["database's folder", "config file"])
def test_others_may_read_what_is_no_secret(own: Office, name: str) -> None:
    """AUD-2: a folder that others may look into, and a config file without a password, are as on every machine."""
    file = place(own, name)
    file.chmod(0o755 if file.is_dir() else 0o644)
    (found,) = looked(own)
    assert found.state is State.FINE


def test_a_group_of_ones_own(own: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """AUD-2: where everybody has a group that is called as he is, what it may do is no advice."""
    folder = place(own, "database's folder")
    folder.chmod(0o770)
    monkeypatch.setattr(doctor_places, "_group", lambda _: "grace")
    monkeypatch.setattr(doctor_places, "_name", lambda _: "grace")
    assert [found.state for found in looked(own)] == [State.FINE]
    folder.chmod(0o777)
    assert [found.state for found in looked(own)] == [State.WRONG]


def test_somebody_elses_file(own: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """AUD-2: whoever owns a place may change it, whatever its mode says."""
    uid = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: uid + 70_000)
    monkeypatch.setattr(doctor_places, "ROOT", uid + 80_000)
    # Whoever keeps the desk may own all of it: somebody else may look after it.
    assert [found.state for found in looked(own)] == [State.FINE]
    monkeypatch.setattr(doctor_places, "_keeper", lambda _: uid + 70_000)
    told = [found for found in looked(own) if "belongs to somebody else" in found.what]
    assert {found.state for found in told} == {State.WRONG}
    assert {found.what.partition(" /")[0] for found in told} >= {"the database's folder", "the config file"}
    assert all(str(found.fix).startswith(f"chown {uid + 70_000} /") for found in told)


def test_what_root_made_in_passing(own: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """AUD-2: a lock that root's own `care` left shuts out whom the desk belongs to; the mend gives it back."""
    place(own, "database's .delivery").touch(0o600)
    monkeypatch.setattr(doctor_places, "ROOT", os.getuid())
    monkeypatch.setattr(doctor_places, "_keeper", lambda _: 65_533)
    found = next(found for found in looked(own) if ".delivery" in found.what)
    assert (found.state, "is root's" in found.what) == (State.WRONG, True)
    assert (found.fix or "").startswith("chown 65533 /")


def test_a_place_that_is_not_there(own: Office) -> None:
    """AUD-2: what is not there yet is no finding."""
    place(own, "maildir").rmdir()
    place(own, "config file").unlink()
    assert [found.state for found in looked(own)] == [State.FINE]


def test_safety_is_counted(own: Office) -> None:
    """TICK-4, AUD-2: a monitor is told of refusals, the log and backups, and its state stays that of the tick."""
    own.tick("Mon 09:00")
    before = doctor.pulse(own.by(ADA, NOW))
    assert before.safety.last_backup_at is None
    assert before.safety.events > 0
    with own.store.write() as writing:
        for _ in range(3):
            writing.put_refusal(Refusal(when(NOW), "x@y.example", None, None, "show 1", "why"), 2)
    felt = doctor.pulse(own.by(ADA, NOW))
    assert (felt.safety.refused, felt.safety.refused_ever) == (2, 3)
    assert felt.watch is before.watch is Watch.OK
    assert doctor.pulse(own.by(ADA, "Wed 09:10")).safety.refused == 0
