"""Installing the schedule: new lines and new files only, and what is there stays as it is (TICK-4)."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from carecli.config import Config
from carecli.desk import cron
from carecli.errors import Failed, Refused

PROGRAM = """#!/bin/sh
# A crontab program as Debian's: one table, in the file beside it.
table="{folder}/table"
case "$1" in
-l) if [ -e "$table" ]; then cat "$table"; else echo "no crontab for ada" >&2; exit 1; fi ;;
-) cat > "$table" ;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path) -> Mapping[str, str]:
    """The environment of a machine with a crontab program."""
    return with_program(tmp_path, PROGRAM)


def with_program(folder: Path, text: str) -> dict[str, str]:
    """The environment of a machine with this crontab program."""
    program = folder / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(text.format(folder=folder))
    program.chmod(0o755)
    return {"PATH": f"{program.parent}:/usr/bin:/bin", "HOME": str(folder)}


def table(machine: Mapping[str, str]) -> Path:
    """The file that holds the crontab."""
    return Path(machine["HOME"]) / "table"


def wanted(database: str = "/srv/desk 100%.db") -> cron.Plan:
    """The tick of a database every five minutes."""
    return cron.plan("5m", ["/usr/bin/care"], Config(db=database, path="/etc/care.toml"))


def test_the_command_holds_absolute_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """TICK-4: cron starts elsewhere: the database and the config file are named in full, the actor is system."""
    monkeypatch.chdir(tmp_path)
    plan = cron.plan("5m", ["/usr/bin/care"], Config(db="desk.db", path="own.toml"))
    assert plan.command == (
        *("/usr/bin/care", "--quiet", "--db", f"{tmp_path}/desk.db", "--config", f"{tmp_path}/own.toml"),
        *("--as", "system", "tick"),
    )
    assert "--config" not in cron.plan("5m", ["/usr/bin/care"], Config(db="desk.db")).command


def test_a_first_crontab(machine: Mapping[str, str]) -> None:
    """TICK-4: where there is no table yet, it holds the mark and the line."""
    cron.install_crontab(wanted(), machine)
    assert table(machine).read_text() == (
        "# care tick, by `care cron install`, for /srv/desk 100%.db\n"
        "*/5 * * * * /usr/bin/care --quiet --db '/srv/desk 100\\%.db' --config /etc/care.toml --as system tick\n"
    )


@pytest.mark.parametrize("before", [b"MAILTO=ada\n0 3 * * * backup\n", b"0 3 * * * caf\xe9", b"\n"])
def test_what_a_crontab_holds_stays(machine: Mapping[str, str], before: bytes) -> None:
    """TICK-4: the table before stays byte for byte, the line stands below it on its own."""
    table(machine).write_bytes(before)
    cron.install_crontab(wanted(), machine)
    after = table(machine).read_bytes()
    assert after.startswith(before)
    assert after[len(before) :].lstrip(b"\n").startswith(b"# care tick, by")
    assert after.count(b"\n*/5 * * * *") == 1


def test_a_second_line_for_one_database_is_refused(machine: Mapping[str, str]) -> None:
    """TICK-4: never twice; another database of the same user is another line."""
    cron.install_crontab(wanted(), machine)
    before = table(machine).read_text()
    with pytest.raises(Refused, match=r"/srv/desk 100%\.db"):
        cron.install_crontab(wanted(), machine)
    assert table(machine).read_text() == before
    cron.install_crontab(wanted("/srv/other.db"), machine)
    assert table(machine).read_text().count("# care tick") == 2


def test_without_a_crontab_program(tmp_path: Path) -> None:
    """TICK-4: it says so with the line to add by hand."""
    with pytest.raises(Failed, match="no crontab program") as failure:
        cron.install_crontab(wanted(), {"PATH": str(tmp_path)})
    assert wanted().line in (failure.value.hint or "")


@pytest.mark.parametrize(
    "text",
    [
        "#!/bin/sh\necho 'You (ada) are not allowed to use this program' >&2\nexit 1\n",
        '#!/bin/sh\n[ "$1" = -l ] && exit 0\necho "bad minute" >&2\nexit 1\n',
    ],
)
def test_a_crontab_that_cannot_be_read_or_written(tmp_path: Path, text: str) -> None:
    """TICK-4: a table that cannot be read is not taken for an empty one; a refusal is told with the line."""
    with pytest.raises(Failed) as failure:
        cron.install_crontab(wanted(), with_program(tmp_path, text))
    assert "not allowed" in failure.value.message or "bad minute" in failure.value.message
    assert wanted().line in (failure.value.hint or "")


def test_units_are_new_files(tmp_path: Path) -> None:
    """TICK-4: both units are written where systemd looks for those of a user."""
    files = cron.unit_files({"HOME": str(tmp_path)})
    assert [str(file.relative_to(tmp_path)) for file in files] == [
        ".config/systemd/user/care-tick.service",
        ".config/systemd/user/care-tick.timer",
    ]
    cron.install_units(wanted(), files)
    assert tuple(file.read_text() for file in files) == tuple(wanted().units)
    assert cron.unit_files({"XDG_CONFIG_HOME": "/etc/x"})[0] == Path("/etc/x/systemd/user/care-tick.service")
    assert cron.unit_files({"XDG_CONFIG_HOME": "x", "HOME": "/h"})[0].parts[:3] == ("/", "h", ".config")


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("link", [False, True])
def test_a_unit_that_exists_is_never_overwritten(tmp_path: Path, place: int, link: bool) -> None:
    """TICK-4: where one of the two is there, also as a link to nowhere, neither is written, and it is named."""
    files = cron.unit_files({"HOME": str(tmp_path)})
    files[0].parent.mkdir(parents=True)
    if link:
        files[place].symlink_to(tmp_path / "nowhere")
    else:
        files[place].write_text("mine")
    with pytest.raises(Refused, match=files[place].name):
        cron.install_units(wanted(), files)
    assert [file.name for file in files[0].parent.iterdir()] == [files[place].name]
    assert link or files[place].read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


def test_a_directory_that_cannot_be_written(tmp_path: Path) -> None:
    """TICK-4: a file in the way is one message."""
    (tmp_path / ".config").write_text("no directory")
    with pytest.raises(Failed, match=r"\.config"):
        cron.install_units(wanted(), cron.unit_files({"HOME": str(tmp_path)}))
