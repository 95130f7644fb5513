"""Work that processes do beside each other, and what of it has to be done alone."""

from datetime import datetime
from pathlib import Path

from desk_fixtures import ADA, HOURS
from notation import when

from carecli.config import Config
from carecli.desk import setup
from carecli.desk.beside import beside_others
from carecli.desk.desk import open_desk
from carecli.desk.record import ReachesFurther, Record
from carecli.domain.events import Kind

NOW = "2026-03-02 09:00"


def now(_: str) -> datetime:
    return when(NOW)


def test_what_reaches_further_is_done_again_alone(postgres_url: str) -> None:
    """TICK-1, INC-1: what was begun beside others leaves nothing where other cases are to be told."""
    config = Config(db=postgres_url)
    setup.init(config, setup.Setup(ADA, "Ada Park", "Test desk", HOURS), now=now)
    tried = []

    def work(record: Record) -> str:
        tried.append(record.writing.alone)
        record.desk_event(Kind.STAFF_ADDED, {"try": len(tried)})
        if not record.writing.alone:
            raise ReachesFurther
        return "done"

    with open_desk(config, actor="system", now=now) as desk:
        assert beside_others(desk, work) == "done"
        with desk.machinery() as reading:
            told = [entry.event.data["try"] for entry in reading.events() if "try" in entry.event.data]
    assert (tried, told) == ([False, True], [2])


def test_on_a_file_everything_is_alone(tmp_path: Path) -> None:
    """TICK-1: SQLite has one writer at a time, whatever is asked for."""
    config = Config(db=str(tmp_path / "care.db"))
    setup.init(config, setup.Setup(ADA, "Ada Park", "Test desk", HOURS), now=now)
    with open_desk(config, actor="system", now=now) as desk:
        assert beside_others(desk, lambda record: record.writing.alone)
