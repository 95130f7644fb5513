"""What a store lends to a log that is written into it whole: the set-up gives way, numbers go on (IMP-1)."""

import pytest
from store.samples import T0, new_case, opening

from carecli.domain.desk_settings import DeskSettings
from carecli.domain.events import Event, Kind
from carecli.domain.people import Staff
from carecli.domain.vocabulary import Role, Via, Visibility
from carecli.errors import CareError
from carecli.store.protocol import Store

ADDED = Event(
    T0, "ada@desk.example", Via.DESK, Kind.STAFF_ADDED, Visibility.INTERNAL, {"email": "ada@desk.example"}
)


def set_up(store: Store) -> None:
    """What `care init` makes."""
    with store.write() as record:
        record.put_document("policy", {"name": "first"})
        record.put_settings(DeskSettings("First"))
        record.put_staff(Staff("ada@desk.example", "Ada", Role.ADMIN))
        record.append(None, [ADDED, ADDED])


def test_a_set_up_gives_way(store: Store) -> None:
    """IMP-1: nothing of it is left, and the log begins anew, chained from its beginning."""
    set_up(store)
    with store.write() as record:
        before = list(record.events())
        record.forget_set_up()
        assert (record.log_length(), record.staff(), record.settings(), record.documents("policy")) == (
            0,
            [],
            None,
            [],
        )
        assert [entry.digest for entry in record.append(None, [ADDED])] == [before[0].digest]


def test_it_comes_back_where_nothing_takes_its_place(store: Store) -> None:
    """IMP-1, AUD-1: a transaction that fails leaves the set-up as it was."""
    set_up(store)
    with pytest.raises(CareError), store.write() as record:  # noqa: PT012 - the error ends the transaction
        record.forget_set_up()
        raise CareError("the log was cut off")
    with store.read() as record:
        assert record.log_length() == 2
        assert record.settings() == DeskSettings("First")


def test_the_log_is_as_closed_as_before(store: Store) -> None:
    """AUD-1: what keeps events from being changed or taken away holds again, by the end of the transaction."""
    set_up(store)
    with store.write() as record:
        record.forget_set_up()
        record.append(None, [ADDED])
    with store.read() as reading, reading.checking() as checking:
        assert list(checking.engine()) == []
        assert list(checking.log()) == []


def test_numbers_go_on_behind_the_last_one(store: Store) -> None:
    """OPEN-1: a number that another desk gave is not given again, nor is a later one taken back."""
    with store.write() as record:
        record.put_last_number(41)
        assert record.next_number() == 42
        record.put_last_number(7)
        assert record.next_number() == 43


def test_up_to_where_the_mails_are_elsewhere(store: Store) -> None:
    """IMP-1: a record knows up to which event it was written from another desk's log; 0 where it was not."""
    with store.write() as record:
        assert record.adopted() == 0
        record.put_adopted(65, "ab" * 32, T0)
        assert record.adopted() == 65


def test_digests_by_their_places(store: Store) -> None:
    """IMP-2: what an event is chained to is found by its place, whichever case it is of."""
    with store.write() as record:
        told = [*record.append(1, [opening(1)]), *record.append(2, [opening(2)]), *record.append(None, [ADDED])]
        for number in (1, 2):
            record.save(new_case(number), [])
    with store.read() as record:
        assert record.digests([0, 1, 3, 9]) == {1: told[0].digest, 3: told[2].digest}
