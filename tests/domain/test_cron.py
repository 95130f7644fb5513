"""The schedule of the tick: its fields, and quoting that shells and systemd read back (TICK-4)."""

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.domain import cron
from carecli.errors import Invalid

CARE = ("/opt/care bin/care", "--quiet", "--db", '/srv/100% sure/it\'s "d".db', "--as", "system", "tick")
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs")), max_size=12)


def as_cron_does(line: str) -> list[str]:
    """The words that sh hears of a crontab line: bare percent signs end it, escaped ones lose their backslash."""
    command = line.split(" ", 5)[5]
    kept, place = "", 0
    while place < len(command) and command[place] != "%":
        if command[place : place + 2] == "\\%":
            place += 1
        kept, place = kept + command[place], place + 1
    assert place == len(command), f"cron would cut it off behind {kept!r}"
    ran = subprocess.run(
        ["/bin/sh", "-c", f"printf '%s\\n' {kept}"], capture_output=True, check=True, text=True, encoding="utf-8"
    )
    return ran.stdout.split("\n")[:-1]


@pytest.mark.parametrize(
    ("every", "fields", "calendar"),
    [
        ("1m", "* * * * *", "*-*-* *:*:00"),
        ("5m", "*/5 * * * *", "*-*-* *:0/5:00"),
        ("30m", "*/30 * * * *", "*-*-* *:0/30:00"),
        ("60m", "0 * * * *", "*-*-* *:00:00"),
        ("1h", "0 * * * *", "*-*-* *:00:00"),
        ("6h", "0 */6 * * *", "*-*-* 0/6:00:00"),
        ("24h", "0 0 * * *", "*-*-* 00:00:00"),
    ],
)
def test_how_often(every: str, fields: str, calendar: str) -> None:
    """TICK-4: minutes that divide an hour and hours that divide a day are said evenly, in both languages."""
    schedule = cron.schedule(every)
    assert (schedule.crontab, schedule.calendar) == (fields, calendar)


@pytest.mark.parametrize("every", ["7m", "0m", "45m", "5h", "1d", "90s", "5bm", "often", "", "48h"])
def test_what_cannot_be_scheduled_evenly(every: str) -> None:
    """TICK-4: anything that would drift or mean something else is refused."""
    with pytest.raises(Invalid):
        cron.schedule(every)


def test_a_line_for_plain_paths_is_plain() -> None:
    """TICK-4: nobody has to read quotes that are not needed."""
    command = ("/usr/bin/care", "--quiet", "--db", "/srv/desk.db", "--as", "system", "tick")
    line = cron.crontab_line(cron.schedule("5m"), command)
    assert line == "*/5 * * * * /usr/bin/care --quiet --db /srv/desk.db --as system tick"


def test_blanks_quotes_and_percent_signs_come_through_cron_and_a_shell() -> None:
    """TICK-4: a path with blanks, quotes and percent signs is the same path to the program that cron starts."""
    line = cron.crontab_line(cron.schedule("5m"), CARE)
    assert "\\%" in line
    assert as_cron_does(line) == list(CARE)


HOSTILE = ["$HOME", "`id`", "$(id)", ";id", "a&b", "*", "~", "#x", "!x", "", "'", "%", "%%", "-x", "\u00e9\u2019"]


def test_hostile_words_come_through_a_shell() -> None:
    """TICK-4: nothing in a path is obeyed by sh."""
    assert as_cron_does(cron.crontab_line(cron.schedule("1m"), HOSTILE)) == HOSTILE


@given(st.lists(WORDS.filter(lambda word: "\\" not in word), min_size=1, max_size=4))
def test_any_words_are_quoted_as_sh_reads_them(words: list[str]) -> None:
    """TICK-4: what is quoted is read back by the grammar of sh, whatever it is."""
    printable = [word for word in words if word.isprintable()]
    line = cron.crontab_line(cron.schedule("5m"), printable)
    assert shlex.split(line.replace("\\%", "%"))[5:] == printable


@pytest.mark.parametrize("word", ["a\\b", "a\nb", "a\x00b", "a\x1b[31mb", "a\u202eb", "a\rb"])
def test_what_no_crontab_can_hold(word: str) -> None:
    """TICK-4: line breaks, control characters and backslashes are refused rather than written down wrong."""
    with pytest.raises(Invalid):
        cron.crontab_line(cron.schedule("5m"), ["/usr/bin/care", word])
    if "\\" not in word:
        with pytest.raises(Invalid):
            cron.units(cron.schedule("5m"), ["/usr/bin/care", word], "/x.db")
        with pytest.raises(Invalid):
            cron.mark(word)


def test_the_units() -> None:
    """TICK-4: a service ticks once, a timer starts it; systemd keeps percent and dollar signs."""
    units = cron.units(cron.schedule("15m"), [*CARE[:3], "/srv/100%/$HOME/d.db"], "/srv/100%/$HOME/d.db")
    assert 'ExecStart="/opt/care bin/care" --quiet --db "/srv/100%%/$$HOME/d.db"\n' in units.service
    assert "Type=oneshot\n" in units.service
    assert "OnCalendar=*-*-* *:0/15:00\nAccuracySec=1s\nPersistent=true\n" in units.timer
    assert "Description=care: let time act on /srv/100%%/$HOME/d.db\n" in units.timer
    assert "WantedBy=timers.target\n" in units.timer


def test_a_program_with_a_dollar_sign_is_refused() -> None:
    """TICK-4: systemd does not undo $$ in a program's own path."""
    with pytest.raises(Invalid):
        cron.units(cron.schedule("5m"), ["/opt/$x/care"], "/x.db")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    """TICK-4: `systemd-analyze verify` finds nothing wrong, and reads each schedule."""
    program = tmp_path / "care bin" / "care"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    units = cron.units(cron.schedule("5m"), [str(program), *CARE[1:]], CARE[3])
    for name, text in zip(("care-tick.service", "care-tick.timer"), units, strict=True):
        (tmp_path / name).write_text(text)
    names = [str(tmp_path / name) for name in ("care-tick.service", "care-tick.timer")]
    ran = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names], capture_output=True, text=True, check=False
    )
    about_ours = [line for line in ran.stderr.splitlines() if "care-tick" in line]
    assert (ran.returncode, about_ours) == (0, []), ran.stderr
    for every in ("1m", "5m", "1h", "2h", "24h"):
        asked = ["systemd-analyze", "calendar", cron.schedule(every).calendar]
        assert subprocess.run(asked, capture_output=True, check=False).returncode == 0, every
