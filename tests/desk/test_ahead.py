"""What a tick ahead of the machine's clock would fire too early."""

import pytest
from desk_fixtures import ADA, SAM, Office
from notation import when

from carecli.desk.ahead import still_to_come
from carecli.errors import NotPermitted


def test_only_what_is_still_to_come_is_counted(office: Office) -> None:
    """TICK-1: timers due by the desk's now and not by the clock, of as many as the tick would fire."""
    office.open("Mon 09:00")  # warned Mon 10:30, breached Mon 11:00
    desk = office.by(ADA, "Mon 11:00")
    assert still_to_come(desk, when("Mon 10:29")) == 2
    assert still_to_come(desk, when("Mon 10:30")) == 1
    assert still_to_come(desk, when("Mon 11:00")) == 0
    assert still_to_come(desk, when("Mon 10:29"), limit=1) == 1
    assert still_to_come(desk, when("Mon 10:30"), limit=1) == 0


def test_it_is_for_those_who_run_the_tick(office: Office) -> None:
    """DC-5: an agent, who may not run the tick, is not told what it would fire."""
    with pytest.raises(NotPermitted):
        still_to_come(office.by(SAM, "Mon 11:00"), when("Mon 09:00"))
