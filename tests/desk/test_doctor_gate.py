"""What `care doctor` finds at the gate: keys of people who are gone, refusals, a server that takes too much."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from desk_fixtures import ADA, DANA, LENA, Office

from carecli.desk import directory, doctor_gate, gate
from carecli.domain.gate import Origin
from carecli.domain.health import Finding, State

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICNbRy5e01nsE6KYFyG9rG9fmU20FDQYL/r8FvHHvSCw"
OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILkAVPMaVbzfOcLl6W3ZxKFGsTO1edi6ED4Zn17G8XqH"


def found(office: Office, folder: Path) -> list[Finding]:
    """What the doctor finds, with these files for those of the machine."""
    desk = office.by(ADA, "Mon 09:00")
    return list(doctor_gate.findings(desk, sshd=folder / "sshd_config", keys=folder / "authorized_keys"))


def given(office: Office, email: str, key: str) -> None:
    """Give somebody a key."""
    directory.edit_contact(office.by(ADA, "Mon 09:00"), email, ssh_keys=[key])


def written(office: Office, folder: Path) -> None:
    """Write the file of authorized keys anew."""
    holders = gate.holders(office.by(ADA, "Mon 09:00"), ["/usr/bin/care"])
    gate.install(str(folder / "authorized_keys"), holders)


def test_a_desk_without_keys_hears_nothing(office: Office, tmp_path: Path) -> None:
    """AUD-2: where nobody has a key there is no gate to look at."""
    (tmp_path / "sshd_config").write_text("AcceptEnv *\n")
    assert found(office, tmp_path) == []


def test_keys_and_their_file(office: Office, tmp_path: Path) -> None:
    """AUD-2: a line of somebody who is gone is wrong, a key that does not let in yet is worth a look."""
    given(office, DANA, KEY)
    assert [one.state for one in found(office, tmp_path)] == [State.FINE]
    written(office, tmp_path)
    assert [one.state for one in found(office, tmp_path)] == [State.FINE]
    given(office, LENA, OTHER)
    (late,) = found(office, tmp_path)
    assert (late.state, LENA in late.what) == (State.ADVICE, True)
    written(office, tmp_path)
    directory.deactivate_contact(office.by(ADA, "Mon 09:00"), DANA)
    (gone,) = found(office, tmp_path)
    assert (gone.state, DANA in gone.what) == (State.WRONG, True)
    assert gone.fix == f"care gate keys --output {tmp_path}/authorized_keys"
    written(office, tmp_path)
    assert [one.state for one in found(office, tmp_path)] == [State.FINE]


def _at(moment: datetime, _: str) -> datetime:
    return moment


def test_refusals_of_late(office: Office, tmp_path: Path) -> None:
    """AUD-2, DC-3: what was refused within a day is told, by how many clients."""
    given(office, DANA, KEY)
    for day, client in ((1, "192.0.2.1"), (2, "192.0.2.2"), (2, "192.0.2.3"), (2, "192.0.2.3")):
        moment = datetime(2026, 3, day, 7, tzinfo=UTC)
        gate.keep(office.config, Origin(DANA, client), "list --db x", "no", partial(_at, moment))
    told, _ = found(office, tmp_path)
    assert (told.state, told.fix) == (State.ADVICE, "care gate log")
    assert told.what == "refused at the gate in the last day: 3 commands of 2 clients"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("AcceptEnv LANG LC_*\n#AcceptEnv *\n", None),
        ("acceptenv LANG\nAcceptEnv CARE_*  LD_PRELOAD\n", "CARE_*, LD_PRELOAD"),
        ("PermitUserEnvironment no\n", None),
        ("PermitUserEnvironment yes\n", "set variables"),
    ],
)
@pytest.mark.parametrize("place", ["sshd_config", "sshd_config.d/10-own.conf"])
def test_a_server_that_takes_too_much(
    office: Office, tmp_path: Path, text: str, said: str | None, place: str
) -> None:
    """AUD-2: variables that a client may choose would choose programs; each is named with what mends it."""
    given(office, DANA, KEY)
    (tmp_path / "sshd_config.d").mkdir()
    (tmp_path / "sshd_config").touch()
    (tmp_path / place).write_text(text)
    wrong = [one for one in found(office, tmp_path) if one.state is State.WRONG]
    assert [said in one.what for one in wrong if said] == ([True] if said else [])
    assert bool(wrong) == bool(said)
