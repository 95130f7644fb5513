"""The first hours of a newcomer: setting up, an empty list, and a tick in time to come."""

from pathlib import Path

import pytest
from cli.acceptance import ADA, DANA, FORM, Ran, Who, care, events, kept, plain, shell, terminal

HOW = "care init --timezone ZONE --hours HOURS --holidays CODE changes it"
AHEAD = "care: this tick runs 30d ahead of the machine's clock and stays on the record; --dry-run only shows\n"
QUESTION = "still to come, for good. Go on? [y/N]"


@pytest.fixture
def placed(tmp_path: Path) -> tuple[str, ...]:
    """The options that place a new desk, and its settings beside it."""
    return ("--db", str(tmp_path / "new.db"), "--config", str(tmp_path / "care.toml"))


@pytest.fixture
def running(trial: str) -> str:
    """The demo's desk with a case opened by the machine's own clock, whose timers are still to come."""
    assert care("--db", trial, "--as", DANA, "open", *FORM).status == 0
    return trial


def init(placed: tuple[str, ...], *args: str) -> list[str]:
    """What `care init` says behind where the desk stands."""
    return care(*placed, "--as", ADA, "init", *args).out.splitlines()[1:]


def test_init_tells_what_it_chose_and_then_what_changed(placed: tuple[str, ...]) -> None:
    """CAL-4: the first time the calendar is told, later what has changed; steps that are done are not named."""
    account = "care account add NAME --deployment NAME --service NAME"
    contact = "care contact add EMAIL --account NAME"
    assert init(placed) == [
        f"desk: UTC, Mon-Fri 09:00-17:00, no holidays; {HOW}",
        f"next: {account}, then {contact}",
    ]
    changed = "changed: time zone UTC -> Europe/Zurich, holidays none -> CH"
    assert init(placed, "--timezone", "Europe/Zurich", "--holidays", "CH")[0] == changed
    made = ("account", "add", "ABC", "--deployment", "East", "--service", "Voice")
    assert care(*placed, "--as", ADA, *made).status == 0
    assert init(placed) == ["nothing changed", f"next: {contact}"]
    assert "first: care contact add, then care open" in care(*placed, "--as", ADA).out
    assert care(*placed, "--as", ADA, "contact", "add", DANA, "--account", "ABC").status == 0
    assert init(placed, "--policy", "guide", "--name", "Ada P.") == [
        f"changed: policy default -> guide, your name {ADA} -> Ada P."
    ]
    assert "next: care open" in care(*placed, "--as", ADA).out


@pytest.mark.parametrize(
    ("tz", "told"),
    [("America/Lima", "America/Lima"), (":/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo"), ("<+03>-3", "UTC")],
)
def test_init_asks_for_the_zone_at_a_terminal(placed: tuple[str, ...], tz: str, told: str) -> None:
    """CAL-4: a person is asked for the desk's zone, the machine's being the default."""
    ran = terminal(*placed, "init", "--email", ADA, answers=[(f"zone [{told}]", "\n")], variables={"TZ": tz})
    assert ran.status == 0, ran.out
    assert f"desk: {told}, Mon-Fri" in ran.out


def test_a_wrong_zone_is_asked_again(placed: tuple[str, ...]) -> None:
    """CAL-4: what is no zone is told and asked again; who runs `init` again, or names one, is not asked."""
    answers = [("zone [", "Zurich\n"), ("did you mean Europe/Zurich?", "Europe/Zurich\n")]
    assert "desk: Europe/Zurich" in terminal(*placed, "init", "--email", ADA, answers=answers).out
    assert "zone [" not in terminal(*placed, "init").out


def test_an_empty_list_tells_of_the_others_cases(trial: str) -> None:
    """FIND-1: staff without a case of their own are told where the others' are; a script's list has no notes."""
    ada = Who(trial, ADA)
    tabs = ada.json("list", "--all")["tabs"]
    count = sum(tabs.values()) - tabs["closed"]
    note = f"0 cases of your own; care list --all shows {count} open"
    assert note in plain(terminal(*ada.options, "list").out)
    assert "of your own" not in terminal(*ada.options, "list", "--priority", "low", "--type", "admin").out
    assert "of your own" not in ada("list").out + ada("list").err


def test_the_help_of_show_works_as_printed(trial: str) -> None:
    """TICK-3: `--at "fri 17:00"` on Friday evening is that Friday; what is to come is told in local time."""
    ada = Who(trial, ADA, "2026-03-20T21:30:00Z")
    assert "as of 2026-03-20 17:00 EDT" in terminal(*ada.options, "show", "3", "--at", "fri 17:00").out
    assert ada("show", "3", "--at", "thu 17:00").status == 0
    told = ada("show", "3", "--at", "next fri 17:00").refused(2)
    assert told.startswith("care: 2026-03-27 17:00:00 EDT is still to come")


def tick(database: str, *args: str, answers: tuple[tuple[str, str], ...] = ()) -> Ran:
    """A tick at a terminal, thirty days ahead of the machine's clock."""
    return terminal("--db", database, "--as", ADA, "--now", "+30d", "tick", *args, answers=answers)


@pytest.mark.parametrize("answer", ["\n", "n\n"])
def test_a_tick_ahead_asks_before_it_fires(running: str, answer: str) -> None:
    """TICK-1: at a terminal nothing fires ahead of the machine's clock without a yes."""
    before = kept(running)
    ran = tick(running, answers=((QUESTION, answer),))
    assert (ran.status, kept(running)) == (130, before)
    assert ran.out.startswith("This fires ")


def test_a_tick_ahead_that_was_agreed_to(running: str) -> None:
    """TICK-1: a yes fires it; once nothing is left to fire, a notice tells what is ahead, and nothing is asked."""
    before = events(running)
    assert tick(running, answers=((QUESTION, "y\n"),)).status == 0
    assert events(running) > before
    again = tick(running)
    assert again.out.startswith(AHEAD)
    assert "Go on?" not in again.out


@pytest.mark.parametrize("how", ["--yes", "--dry-run", "--quiet", "--json", "--no-input"])
def test_who_is_not_asked(running: str, how: str) -> None:
    """CLI: --yes answers; a trial, --quiet and --json neither ask nor tell; who cannot be asked is told."""
    ran = tick(running, how)
    assert ran.status == 0, ran.out
    assert "Go on?" not in ran.out
    assert (AHEAD in ran.out) is (how in {"--yes", "--no-input"})


def test_scripts_are_not_asked(running: str) -> None:
    """CLI: in a pipe a tick ahead fires without a word, as ever."""
    before = events(running)
    ran = shell("--db", running, "--as", ADA, "tick", CARE_NOW="+30d")
    assert (ran.status, ran.err) == (0, "")
    assert events(running) > before


def test_a_tick_by_the_clock_asks_nothing(running: str) -> None:
    """TICK-1: a tick of the present, given or not, fires what is due without a word."""
    for now in ((), ("--now", "+50s"), ("--now", "-1d")):
        ran = terminal("--db", running, "--as", ADA, *now, "tick")
        assert "ahead" not in ran.out
        assert "Go on?" not in ran.out
