"""The configuration file: what is read, what is refused, what is written."""

import stat
import tomllib
from pathlib import Path

import pytest

from carecli.config import Config, default_path, load, write_config
from carecli.errors import Invalid

SAMPLE = Path(__file__).parents[1] / "sample-config.toml"


def a_file(folder: Path, text: str) -> str:
    file = folder / "config.toml"
    file.write_text(text)
    return str(file)


def test_without_a_file_the_usual_places_hold() -> None:
    """CLI: the default database is in the user data directory, and mail goes next to it."""
    config = load(None, {"HOME": "/home/ada"})
    assert config == Config(db="/home/ada/.local/share/care/desk.db")
    assert config.maildir == "/home/ada/.local/share/care/desk.maildir"


def test_the_xdg_directories_count_unless_relative() -> None:
    """CLI: XDG_DATA_HOME moves the database, a relative one is ignored as its standard says."""
    assert load(None, {"HOME": "/h", "XDG_DATA_HOME": "/data"}).db == "/data/care/desk.db"
    assert load(None, {"HOME": "/h", "XDG_DATA_HOME": "data"}).db == "/h/.local/share/care/desk.db"
    assert default_path({"HOME": "/h", "XDG_CONFIG_HOME": "/etc/x"}) == "/etc/x/care/config.toml"


def test_every_setting_is_read(tmp_path: Path) -> None:
    """CLI: the sample names every setting, and all of it is valid."""
    config = load(str(SAMPLE), {"HOME": str(tmp_path)})
    assert (config.actor, config.timezone, config.color) == ("ada@desk.example", "Europe/Madrid", "auto")
    assert config.case_url == "https://desk.example/cases/{number}"
    assert not config.db.startswith("~")
    with SAMPLE.open("rb") as file:
        sample = tomllib.load(file)
    assert set(sample) == {"db", "as", "timezone", "color", "mail", "tick"}
    assert set(sample["mail"]) == {"from", "maildir", "case_url"}
    assert set(sample["tick"]) == {"late_after"}


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("15m", 900), ("2h", 7200), ("1d", 86_400)])
def test_how_long_the_tick_may_be_silent(tmp_path: Path, text: str, seconds: int) -> None:
    """TICK-4: `late_after` is a length of time around the clock, 15 minutes unless the file says otherwise."""
    assert load(a_file(tmp_path, f'[tick]\nlate_after = "{text}"'), {}).late_after_s == seconds
    assert load(None, {"HOME": "/h"}).late_after_s == 900


@pytest.mark.parametrize("text", ["0m", "2bh", "31d", "soon", " ", "-5m", "2147483648s"])
def test_a_silence_that_means_nothing_is_refused(tmp_path: Path, text: str) -> None:
    """TICK-4: nothing, business time, more than 30 days and no time at all are refused by name."""
    with pytest.raises(Invalid, match=r"tick\.late_after"):
        load(a_file(tmp_path, f'[tick]\nlate_after = "{text}"'), {})


def test_a_tick_that_is_no_table_is_refused(tmp_path: Path) -> None:
    """CLI: a table that is none, and an unknown name in it, are told with the nearest one."""
    with pytest.raises(Invalid, match=r"write \[tick\]"):
        load(a_file(tmp_path, 'tick = "15m"'), {})
    with pytest.raises(Invalid, match=r"tick\.late_aftr, did you mean tick\.late_after"):
        load(a_file(tmp_path, '[tick]\nlate_aftr = "15m"'), {})


def test_the_environment_beats_the_file(tmp_path: Path) -> None:
    """CLI: flag beats environment beats config file beats default."""
    file = a_file(tmp_path, 'db = "/a.db"\nas = "a@x.example"')
    config = load(file, {"CARE_DB": "/b.db", "CARE_AS": "b@x.example"})
    assert (config.db, config.actor) == ("/b.db", "b@x.example")
    assert load(None, {"CARE_CONFIG": file}).db == "/a.db"


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    """CLI: one message names the file and every problem, with the nearest name."""
    file = a_file(tmp_path, 'dv = "x"\nas = 3\ncolor = "blue"\ntimezone = "Madrid"\n[mail]\nform = "x"')
    with pytest.raises(Invalid) as refusal:
        load(file, {})
    message = refusal.value.message
    assert message.startswith(f"{file}: ")
    for part in (
        "dv, did you mean db?",
        "as must be a text",
        "'blue'",
        "Europe/Madrid",
        "mail.form, did you mean mail.from?",
    ):
        assert part in message


@pytest.mark.parametrize("text", ['db = "x', "db = ", "mail = 3"])
def test_a_broken_file_is_one_message(tmp_path: Path, text: str) -> None:
    """CLI: a syntax error names the file, and the line and column."""
    with pytest.raises(Invalid, match=r"line 1, column|end of document|\[mail\]"):
        load(a_file(tmp_path, text), {})


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    """CLI: --config FILE that is not there is an error, the usual file's absence is none."""
    with pytest.raises(Invalid, match="there is no configuration file"):
        load(str(tmp_path / "none.toml"), {})


def test_a_written_file_is_private_and_never_replaced(tmp_path: Path) -> None:
    """CLI: `care init` writes mode 0600, leaves nothing beside it, and spares what is there."""
    file = tmp_path / "care" / "config.toml"
    write_config(file, {"as": "ada@desk.example", "db": None})
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load(str(file), {"HOME": "/h"}).actor == "ada@desk.example"
    with pytest.raises(Invalid, match="exists already"):
        write_config(file, {"as": "eve@desk.example"})
    write_config(file, {"as": "bob@desk.example"}, overwrite=True)
    assert load(str(file), {"HOME": "/h"}).actor == "bob@desk.example"
    assert [path.name for path in file.parent.iterdir()] == ["config.toml"]
