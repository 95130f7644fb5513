"""Backups on record (AUD-2)."""

from datetime import timedelta

from store.samples import T0, opening

from carecli.domain.backup import Backup
from carecli.store.backups import MOST
from carecli.store.protocol import Store

ONE = Backup(T0, "/backups/[b].db", "/srv/desk.db", 4096, 2, 7, "ab" * 32)


def test_the_last_one_comes_first(store: Store) -> None:
    """AUD-2: by the order in which they were made, whatever their clocks said."""
    made = [ONE._replace(at=T0 + timedelta(hours=hours), files=hours) for hours in (3, 1, 2)]
    with store.write() as record:
        assert record.backups() == []
        for one in made:
            record.put_backup(one)
    with store.read() as record:
        assert record.backups() == made[::-1]
        assert record.backups(1) == made[-1:]


def test_only_so_many_are_remembered(store: Store) -> None:
    """AUD-2: a backup each minute for a year fills no database."""
    with store.write() as record:
        for place in range(MOST + 3):
            record.put_backup(ONE._replace(position=place))
        assert [one.position for one in record.backups(MOST + 9)] == list(range(MOST + 2, 2, -1))


def test_the_end_of_the_log(store: Store) -> None:
    """AUD-1: where a copy ends is the last event's place and digest."""
    with store.write() as record:
        assert record.log_end() == (0, "")
        *_, last = record.append(1, [opening(1)])
        assert record.log_end() == (last.position, last.digest)
