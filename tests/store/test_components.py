"""What was learned of components, kept and read back exactly (OPEN-6)."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from store.samples import new_case, undone

from carecli.domain import learning
from carecli.domain.learning import Row
from carecli.domain.selection import Known
from carecli.store.component_rows import packed
from carecli.store.entries_opening import Progress
from carecli.store.protocol import Store
from carecli.store.sqlite.store import SqliteStore

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
WEIGHTS = st.dictionaries(st.integers(0, 300), st.integers(-(2**40), 2**40).filter(bool), min_size=1, max_size=9)


@given(st.dictionaries(st.text(min_size=1, max_size=12), WEIGHTS, max_size=8), st.floats(0.01, 1e9))
def test_rows_come_back_as_they_were(lasting_store: Store, known: dict[str, dict[int, int]], moved: float) -> None:
    """OPEN-6: what is stored is exactly what was learned, so that it matters not where a batch ended."""
    with undone(lasting_store) as record:
        record.put_components([Known(300, "the last", 1, AT)])
        record.put_component_rows(packed({f: Row(moved, learning.joined(w)) for f, w in known.items()}))
        found = record.component_rows([*known, "never seen"])
    assert {feature: (row.moved, row.weights(301)) for feature, row in found.items()} == {
        feature: (moved, weights) for feature, weights in known.items()
    }
    assert list(found) == list(known)


def test_rows_are_asked_for_in_parts(store: Store) -> None:
    """OPEN-6: more features than one statement takes are read none the less."""
    many = {f"word {place}": Row(lanes=place + 1) for place in range(25_000)}
    with store.write() as record:
        record.put_components([Known(0, "Voice", 1, AT)])
        record.put_component_rows(packed(many))
        assert len(record.component_rows(list(many))) == len(many)


def test_no_word_of_a_case_lies_in_what_was_learned(sqlite_store: SqliteStore) -> None:
    """OPEN-6, DC-3: features are kept as hashes and examples as digests; nobody reads a text out of them."""
    with sqlite_store.write() as record:
        record.put_component_rows(packed({"secretword": Row(lanes=7)}))
        record.remember_components_learned([b"0123456789abcdef"])
    assert "secretword" not in "\n".join(map(str, sqlite_store.db.iterdump()))


def test_components_progress_and_examples(store: Store) -> None:
    """OPEN-6: what is known of components, how far the log was learned, which examples; all of it forgotten."""
    voice, mail = Known(0, "Voice", 3, AT), Known(1, "Voice Mail", 1, AT)
    with store.write() as record:
        assert (record.components(), record.component_size(), record.component_progress()) == ([], 0, Progress())
        record.put_components([voice, mail])
        record.put_components([mail._replace(examples=2)])
        record.put_component_progress(Progress(12, 3))
        record.put_component_rows(packed({"dial": Row(lanes=5)}))
        record.remember_components_learned([b"a" * 16])
        record.remember_components_learned([b"a" * 16, b"b" * 16])
        assert record.components() == [voice, mail._replace(examples=2)]
        assert record.components(["VOICE", "other"]) == [voice]
        assert (record.component_size(), record.component_progress()) == (2, Progress(12, 3))
        assert record.components_learned([b"b" * 16, b"c" * 16]) == {b"b" * 16}
        record.forget_components()
        assert (record.components(), record.component_progress()) == ([], Progress(0, 4))
        assert (record.component_rows(["dial"]), record.components_learned([b"a" * 16])) == ({}, set())


def test_components_seen_are_those_of_the_service(store: Store) -> None:
    """OPEN-6, DC-3: each component of an account's own cases of a service once, as it was written first."""
    told = [
        ("Acme", "Voice", "Trunks"),
        ("Acme", "Voice", "TRUNKS"),
        ("ACME", "voice", "Äther"),
        ("Acme", "Voice", None),
    ]
    other = [("Acme", "Mail", "Inbox"), ("Other", "Voice", "Secret")]
    with store.write() as record:
        for number, (account, service, component) in enumerate([*told, *other], start=1):
            record.save(new_case(number, account=account, service=service, component=component), [])
        assert record.components_seen("acme", "VOICE") == ["Trunks", "Äther"]
        assert record.components_seen("Acme", "Chat") == []
