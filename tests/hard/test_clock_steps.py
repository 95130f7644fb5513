"""A clock that is set back and forth: time is let act by what is on record, whatever a tick believes (TICK-1)."""

import random
from datetime import timedelta
from pathlib import Path

import pytest
from desk.test_tick import crowd
from desk_fixtures import Office, copied
from notation import when

from carecli.config import Config

END = when("Mon+3 12:00")


@pytest.mark.parametrize("seed", range(3))
def test_a_clock_that_steps_back_and_forth_loses_and_repeats_nothing(
    office: Office, template: Config, tmp_path: Path, seed: int
) -> None:
    """FU-4: ticks of a clock that jumps like one set by NTP leave the record of a clock that goes straight on."""
    (tmp_path / "straight").mkdir()
    straight = copied(template, tmp_path / "straight")
    for desk in (office, straight):
        crowd(desk)
    draw, at = random.Random(seed), when("Mon 11:00")
    while at < END:
        straight.tick(at)
        office.tick(at)
        # Back by seconds, hours, now and then by days, and on from where it was.
        office.tick(at - timedelta(seconds=draw.choice((1, 30, 3600, 7200, 3 * 86_400))))
        office.tick(at)
        at += timedelta(hours=draw.uniform(0.5, 8))
    for desk in (office, straight):
        desk.tick(END)
    assert office.log() == straight.log()
    assert office.differences() == []
    sent = [mail["Message-ID"] for mail in office.delivered()]
    assert len(sent) == len(set(sent))
    assert set(sent) == {mail["Message-ID"] for mail in straight.delivered()}
    straight.store.close()


def test_two_ticks_whose_clocks_disagree(office: Office) -> None:
    """TICK-1: the one that is ahead fires; the one behind finds nothing left, and turns nothing back."""
    crowd(office)
    ahead = office.tick("Wed 17:00")
    before = office.log()
    behind = office.tick("Wed 16:30")
    assert (ahead.fired > 0, behind.fired, behind.mail.sent) == (True, 0, 0)
    assert office.log() == before
    assert office.tick("Wed 17:01").last_tick_at == when("Wed 17:00")
