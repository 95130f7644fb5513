"""The doctor's look at backups, and at what migrations left (AUD-2)."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from desk.test_backup import quiet
from desk_fixtures import ADA, Office

from carecli.config import load
from carecli.desk import backup, doctor_backup
from carecli.desk.desk import Desk
from carecli.desk.doctor import pulse
from carecli.domain.health import Finding, State
from carecli.errors import Invalid

DAY = 86_400


def looked(desk: Desk) -> list[Finding]:
    """What the doctor finds."""
    return list(doctor_backup.findings(desk, pulse(desk)))


def asked(office: Office) -> Office:
    """The same desk with a limit in its config file."""
    return Office(office.config._replace(backup_late_after_s=DAY), office.store)


def test_none_was_ever_made(office: Office) -> None:
    """AUD-2: advice, for other means may copy a desk; wrong where somebody has asked to be told."""
    for one, state in ((office, State.ADVICE), (asked(office), State.WRONG)):
        [found] = looked(one.by(ADA, "Mon 09:00"))
        assert (found.state, found.what) == (state, "no backup was ever made with `care backup`")
        assert found.fix is not None
        assert "care backup DIR --keep" in found.fix


@pytest.mark.parametrize(
    ("limit", "hours", "state"),
    [(None, 48, State.FINE), (None, 49, State.ADVICE), (DAY, 24, State.FINE), (DAY, 25, State.WRONG)],
)
def test_how_old_the_last_may_be(
    office: Office, tmp_path: Path, limit: int | None, hours: int, state: State
) -> None:
    """AUD-2: two days unless the config file says otherwise."""
    desk = office.by(ADA, "Mon 09:00")
    made = backup.backup(desk, str(tmp_path / "copy.db"), quiet)
    late = Office(office.config._replace(backup_late_after_s=limit), office.store)
    [found] = looked(late.by(ADA, desk.now + timedelta(hours=hours)))
    assert found.state is state
    assert made.backup.path in found.what


def test_one_that_is_gone(office: Office, tmp_path: Path) -> None:
    """AUD-2: it may have been moved to a safer place, or not."""
    desk = office.by(ADA, "Mon 09:00")
    backup.backup(desk, str(tmp_path / "copy.db"), quiet)
    (tmp_path / "copy.db").unlink()
    [found] = looked(desk)
    assert (found.state, found.what.endswith("and is not there")) == (State.ADVICE, True)


def test_what_a_migration_left(office: Office, tmp_path: Path) -> None:
    """AUD-2: kept for a month, then named with what removes it."""
    left = tmp_path / "desk.schema-17.db"
    left.touch()
    (tmp_path / "other.schema-17.db").touch()
    desk = office.by(ADA, "Mon 09:00")
    for days, state in ((29, State.FINE), (31, State.ADVICE)):
        moment = desk.now.timestamp() - days * DAY
        os.utime(left, (moment, moment))
        found = looked(desk)[-1]
        assert (found.state, found.what.endswith("kept: desk.schema-17.db")) == (state, True)
    assert found.fix == f"rm {left}"


def test_the_limit_in_the_config_file(tmp_path: Path) -> None:
    """AUD-2: `late_after` in the [backup] part is a length of time around the clock; none unless it is set."""
    file = tmp_path / "config.toml"
    for text, seconds in (('late_after = "36h"', 36 * 3600), ("", None)):
        file.write_text(f"[backup]\n{text}\n")
        assert load(str(file), {"HOME": str(tmp_path)}).backup_late_after_s == seconds
    for wrong in ("2bd", "0m", "40d", "soon"):
        file.write_text(f'[backup]\nlate_after = "{wrong}"\n')
        with pytest.raises(Invalid, match=r"backup\.late_after"):
            load(str(file), {"HOME": str(tmp_path)})
