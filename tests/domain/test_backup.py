"""What copies in a directory are called, and which of them go (AUD-2)."""

from datetime import UTC, datetime, timedelta

from carecli.domain.backup import Backup, Held, before_migration, dated, named_so, of_migrations, oldest

AT = datetime(2026, 3, 20, 21, 5, tzinfo=UTC)


def held(hours: int, serial: int = 1) -> Held:
    """A backup of that hour."""
    made = Backup(AT + timedelta(hours=hours), "/b/x.db", "/x.db", 1, 0, 7, "d")
    return Held("a", 7, "d", made, serial)


def test_a_name_is_never_given_twice() -> None:
    """AUD-2: not where a copy has it, and not where the folder of its files would be somebody's."""
    first = dated("desk", ".db", AT, ())
    assert first == "desk.2026-03-20T21-05-00Z.db"
    second = dated("desk", ".db", AT, [first])
    assert second == "desk.2026-03-20T21-05-00Z-2.db"
    assert dated("desk", ".db", AT, ["desk.2026-03-20T21-05-00Z.files"]) == second


def test_only_such_names_count() -> None:
    """AUD-2: what a person called otherwise is never looked at."""
    own = ["desk.2026-03-20T21-05-00Z.db", "desk.2026-03-20T21-05-00Z-12.db"]
    others = ("desk.db", "desk.2026-03-20.db", "desk.2026-03-20T21-05-00Z.db.old", "deskX2026-03-20T21-05-00Z.db")
    assert named_so("desk", ".db", [*own, *others]) == own
    assert named_so("d[e]sk", ".db", own) == []


def test_the_oldest_go() -> None:
    """AUD-2: by the moment, then by their order at the desk, then by name."""
    known = [("c", held(3)), ("a", held(1, 2)), ("b", held(1, 1)), ("strange", Held("a", 7, "d"))]
    assert oldest(known, 1) == ["b", "a"]
    assert oldest(known, 0) == ["b", "a", "c"]
    assert oldest(known, 9) == []


def test_a_copy_that_was_worked_with_is_none() -> None:
    """AUD-2: one event more, or another one, and it is a desk."""
    assert held(1).untouched
    assert not held(1)._replace(position=8).untouched
    assert not held(1)._replace(digest="e").untouched
    assert not held(1)._replace(made=None).untouched


def test_copies_of_migrations() -> None:
    """AUD-2: each is found again by its name."""
    made = [before_migration("desk", ending, 17, turn) for ending in (".db", "") for turn in (1, 2)]
    assert made == ["desk.schema-17.db", "desk.schema-17-2.db"] * 2
    assert of_migrations("desk", ".db", [*made[:2], "desk.schema-x.db", "a.schema-17.db"]) == sorted(made[:2])
