"""`care cron`: what is shown, what is asked, what is installed (TICK-4)."""

import subprocess
import sys
from pathlib import Path

import pytest
from cli.acceptance import Ran, care, plain, shell, terminal
from engine import sqlite_alone
from served_desks import named


@pytest.fixture
def crontab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a crontab program: the file that holds its table."""
    table, program = tmp_path / "table", tmp_path / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\n"
        f'if [ "$1" = - ]; then cat > "{table}"\n'
        f'elif [ -e "{table}" ]; then cat "{table}"\n'
        "else echo 'no crontab for ada' >&2; exit 1; fi\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return table


@sqlite_alone("how a line names a file")
def test_show_needs_neither_actor_nor_database(tmp_path: Path) -> None:
    """TICK-4: the line names this very program and the database in force by absolute paths; nothing is made."""
    ran = shell("--db", "desk.db", "cron", "show", cwd=tmp_path)
    care_ = f"{sys.executable} -m carecli"
    assert ran.status == 0
    assert ran.out == f"*/5 * * * * {care_} --quiet --db {tmp_path}/desk.db --as system tick\n"
    assert ran.err.startswith("care: there is no database desk.db yet")
    assert list(tmp_path.iterdir()) == []


def test_the_line_runs_a_tick(trial: str, tmp_path: Path) -> None:
    """TICK-4: what is shown, run as cron does by a bare shell elsewhere, is a tick of this database."""
    odd = tmp_path / "it's 100% odd.db"
    odd.write_bytes(Path(trial).read_bytes())
    (tmp_path / "own.toml").write_text(f'db = "{named(odd)}"\nas = "nobody@x.example"\n')
    line = care("--config", str(tmp_path / "own.toml"), "cron", "show", "--every", "1m").out
    command = line.split(" ", 5)[5].replace("\\%", "%")
    ran = subprocess.run(
        ["/bin/sh", "-c", command], env={"HOME": "/", "PATH": "/bin"}, cwd="/", capture_output=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")
    assert care("--db", str(odd), "doctor", "--check", "--json").status in {0, 1, 2}
    last = care("--db", str(odd), "--as", "system", "doctor", "--check", "--format", "prometheus")
    assert "care_tick_late 0\n" in last.out


def test_show_as_units_and_as_json(trial: str) -> None:
    """TICK-4: --systemd shows both units with their places, --json one document of either."""
    units = care("--db", trial, "cron", "show", "--systemd", "--every", "15m")
    assert units.out.count("ExecStart=") == 1
    assert "/systemd/user/care-tick.timer\n[Unit]\n" in units.out
    assert "systemctl --user enable --now care-tick.timer" in units.err
    line = care("--db", trial, "--json", "cron", "show").json
    assert line["command"][-3:] == ["--as", "system", "tick"]
    assert line["every_s"] == 300
    assert line["crontab"].startswith("*/5 ")
    known = care("--db", trial, "--json", "cron", "show", "--systemd").json
    assert [Path(unit["path"]).suffix for unit in known["units"]] == [".service", ".timer"]


def test_install_asks_first(trial: str, crontab: Path) -> None:
    """TICK-4: where nobody can be asked, --yes says yes; without it nothing is installed."""
    assert "--yes" in care("--db", trial, "cron", "install").refused(2)
    assert not crontab.exists()
    ran = care("--db", trial, "cron", "install", "--yes")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("added to your crontab: */5 * * * * ")
    assert crontab.read_text().endswith(" tick\n")
    assert "already" in care("--db", trial, "cron", "install", "--yes").refused(5)


def test_install_asks_at_a_terminal(trial: str, crontab: Path) -> None:
    """TICK-4: a person sees the line, and a no leaves everything as it was."""

    def answered(word: str) -> Ran:
        return terminal("--db", trial, "cron", "install", answers=[("[y/N]", f"{word}\n")], columns=200)

    refused = answered("n")
    assert refused.status == 2
    assert "*/5 * * * *" in plain(refused.out)
    assert not crontab.exists()
    assert answered("y").status == 0
    assert crontab.exists()


def test_install_units(trial: str, clean_environment: Path) -> None:
    """TICK-4: the units are new files, the line that starts the timer is told, and a second time is refused."""
    ran = care("--db", trial, "cron", "install", "--systemd", "--yes")
    folder = clean_environment / "xdg_config_home" / "systemd" / "user"
    assert {file.name for file in folder.iterdir()} == {"care-tick.service", "care-tick.timer"}
    assert f"written: {folder}/care-tick.timer\n" in ran.out
    assert "systemctl --user enable --now care-tick.timer\n" in ran.out
    assert str(folder) in care("--db", trial, "cron", "install", "--systemd", "--yes").refused(5)


def test_a_rhythm_slower_than_late_is_pointed_out(trial: str, tmp_path: Path) -> None:
    """TICK-4: a tick that comes more seldom than it may be silent would be late for ever."""
    config = tmp_path / "own.toml"
    told = care("--db", trial, "cron", "show", "--every", "30m")
    assert "late_after" in told.err
    config.write_text('[tick]\nlate_after = "2h"\n')
    assert care("--db", trial, "--config", str(config), "cron", "show", "--every", "30m").err == ""


@sqlite_alone("how a line names a file")
def test_names_that_no_schedule_holds(tmp_path: Path) -> None:
    """TICK-4: a database whose name has a line break or a backslash is refused, not written down wrong."""
    for name in ("a\nb.db", "a\\b.db", "a\x1bb.db"):
        assert care("--db", str(tmp_path / name), "-q", "cron", "show").status == 2
