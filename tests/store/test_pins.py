"""PINs and keys as every engine keeps them: hashes, tries that outlive a refusal, and secrets that go for good."""

from datetime import timedelta

import pytest
from notation import when

from carecli.domain.access import SYSTEM_ACTOR
from carecli.domain.events import Event, Kind
from carecli.domain.people import Contact
from carecli.domain.pins import Tries
from carecli.domain.vocabulary import Access, Via, Visibility
from carecli.store.protocol import Store

ANN = "ann@acme.example"
NOON = when("Mon 12:00")


@pytest.fixture
def desk(store: Store) -> Store:
    """A store that knows Ann."""
    with store.write() as writing:
        writing.put_contact(Contact(ANN, "Ann", "Acme", Access.READ_WRITE))
    return store


def test_tries_are_kept_by_the_folded_address(desk: Store) -> None:
    """DC-4: whatever an address is spelled like, its tries are one count; none forgets them."""
    with desk.write() as writing:
        assert writing.pin_tries(ANN) == Tries()
        writing.put_pin_tries(ANN.upper(), Tries(2, NOON))
        writing.put_pin_tries("who@x.example", Tries(7, NOON))
    with desk.read() as reading:
        assert reading.pin_tries(ANN) == Tries(2, NOON)
        assert dict(reading.all_pin_tries()) == {ANN: Tries(2, NOON)}
    with desk.write() as writing:
        writing.put_pin_tries(ANN, Tries(3, NOON + timedelta(minutes=1)))
        writing.put_pin_tries("who@x.example", Tries())
        assert (writing.pin_tries(ANN).failures, writing.pin_tries("who@x.example")) == (3, Tries())


def told(email: str, mark: str | None) -> Event:
    """A PIN that was set."""
    data = {"email": email, "fingerprint": mark}
    return Event(NOON, SYSTEM_ACTOR.email, Via.DESK, Kind.PIN_SET, Visibility.INTERNAL, data)


def test_the_last_fingerprint_counts_and_an_adopted_one_does_not(desk: Store) -> None:
    """AUD-1, IMP-1: of each contact the last that was set here; those of another desk's log are not ours."""
    with desk.write() as writing:
        (first,) = writing.append(None, [told(ANN, "sha256:there")])
        writing.put_adopted(first.position, first.digest, NOON)
        assert dict(writing.told_pins()) == {}
        writing.append(None, [told(ANN, "sha256:one"), told("bob@acme.example", "sha256:two")])
        writing.append(None, [told(ANN.upper(), None)])
    with desk.read() as reading:
        assert dict(reading.told_pins()) == {ANN: None, "bob@acme.example": "sha256:two"}


def test_every_hash_is_told(desk: Store) -> None:
    """DC-4: who has a PIN, with its hash."""
    with desk.write() as writing:
        assert dict(writing.pin_hashes()) == {}
        writing.put_pin_hash(ANN, "$argon2id$x")
        assert dict(writing.pin_hashes()) == {ANN: "$argon2id$x"}


@pytest.mark.parametrize("wrote", [False, True])
def test_a_transaction_that_begins_anew_keeps_what_comes_then(desk: Store, wrote: bool) -> None:
    """DC-4, STAT-4: what was written before is undone, what comes behind is kept; without any before, too."""
    with desk.write() as writing:
        if wrote:
            writing.put_pin_hash(ANN, "$argon2id$x")
            writing.append(None, [told(ANN, "sha256:one")])
        writing.begin_anew()
        assert (writing.pin_hash(ANN), writing.log_length()) == (None, 0)
        writing.put_pin_tries(ANN, Tries(1, NOON))
        writing.begin_anew()
        writing.put_pin_tries(ANN, Tries(2, NOON))
    with desk.read() as reading:
        assert (reading.pin_hash(ANN), reading.pin_tries(ANN), reading.log_length()) == (None, Tries(2, NOON), 0)


def test_the_key_of_references_is_put_and_goes(desk: Store) -> None:
    """MAIL-1: a store is made with a key of its own; another one, or none, takes its place."""
    with desk.write() as writing:
        assert len(writing.reference_key() or b"") == 32
        writing.put_reference_keys(b"k" * 32, "older\n")
        assert (writing.reference_key(), writing.older_reference_keys()) == (b"k" * 32, "older\n")
        writing.put_reference_keys(None, "")
    with desk.read() as reading:
        assert (reading.reference_key(), reading.older_reference_keys()) == (None, "")
    # A server keeps what was overwritten until it cleans up.
    assert desk.scrub() is not desk.shared
