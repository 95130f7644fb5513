"""Statements of the rooms in PostgreSQL's words: numbered, without hints, lists as arrays, texts untouched."""

import pytest

pytest.importorskip("psycopg", reason="PostgreSQL's driver is not installed", exc_type=ImportError)

from carecli.store.postgres.statements import translated


@pytest.mark.parametrize(
    ("said", "told", "keys"),
    [
        ("SELECT a FROM t WHERE b = ? AND c = ?", "SELECT a FROM t WHERE b = $1 AND c = $2", (0, 1)),
        # A number is a place: the same one is sent once, and a bare one is the one behind the highest so far.
        ("b = ?2 OR c = ?1 OR d = ?2", "b = $1 OR c = $2 OR d = $1", (1, 0)),
        ("b = ?1 AND c = ?1 AND d = ?", "b = $1 AND c = $1 AND d = $2", (0, 1)),
        ("b = ?3 AND c = ?", "b = $1 AND c = $2", (2, 3)),
        ("VALUES (:id, :at) ON CONFLICT DO UPDATE SET at = :at", None, ("id", "at")),
        ("SELECT ?::bigint[], :at::text::timestamptz", "SELECT $1::bigint[], $2::text::timestamptz", (0, "at")),
        ("SELECT CAST(a AS text), 1", None, ()),
        ("a[1:2]", "a[1:2]", ()),
    ],
)
def test_parameters_are_numbered(said: str, told: str | None, keys: tuple[int | str, ...]) -> None:
    """Each parameter has a number, and is sent once however often it is named."""
    statement = translated(said)
    assert statement.sql == (told or said.replace(":id", "$1").replace(":at", "$2"))
    assert statement.keys == keys
    assert statement.lists == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 'who? :x INDEXED BY y' FROM t",
        "SELECT 'it''s ?1' FROM t",
        """SELECT "odd?column :x" FROM t""",
        "SELECT 'lower(?) data ->> ''x''' FROM t",
        "SELECT a::text FROM t",
        "SELECT a + b, +1, 3-+4 FROM t",
        "SELECT metadata FROM t",
    ],
)
def test_what_is_quoted_or_cast_stays(text: str) -> None:
    """Nothing within quotes is a parameter or a hint, nor is a cast."""
    assert translated(text) == (text, (), frozenset())


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("FROM cases INDEXED BY cases_of_owner WHERE a = 1", "FROM cases WHERE a = 1"),
        ("FROM cases AS c INDEXED BY by_owner WHERE a = 1", "FROM cases AS c WHERE a = 1"),
        ("WHERE +a.b = 1 AND +c = 2 OR (+d = 3)", "WHERE a.b = 1 AND c = 2 OR (d = 3)"),
        ("FROM a CROSS JOIN b AS c ON c.x = a.x", "FROM a JOIN b AS c ON c.x = a.x"),
        ("FROM a CROSS JOIN b USING (x)", "FROM a JOIN b USING (x)"),
        ("FROM a INDEXED BY i CROSS JOIN b AS c INDEXED BY j ON c.x = a.x", "FROM a JOIN b AS c ON c.x = a.x"),
        ("FROM a CROSS JOIN b\n    ON b.x = a.x", "FROM a JOIN b\n    ON b.x = a.x"),
        ("FROM a CROSS JOIN LATERAL f(a.x) AS b", "FROM a CROSS JOIN LATERAL f(a.x) AS b"),
        ("FROM a CROSS JOIN b WHERE a.x = b.x", "FROM a CROSS JOIN b WHERE a.x = b.x"),
    ],
)
def test_hints_for_another_planner_are_dropped(said: str, told: str) -> None:
    """How SQLite is to go about a statement is nothing to PostgreSQL, whose planner has statistics."""
    assert translated(said).sql == told


def test_a_list_becomes_an_array() -> None:
    """A JSON list is one parameter on both engines, and an index leads to what it names."""
    statement = translated(
        "a = ? AND b IN (SELECT value FROM json_each(?)) AND c NOT IN (SELECT value FROM json_each(:no))"
    )
    assert statement.sql == "a = $1 AND b = ANY($2) AND c <> ALL($3)"
    assert statement.lists == {1, "no"}
    numbered = translated("b IN (SELECT value FROM json_each(?1)) OR c IN (SELECT value FROM json_each(?1))")
    assert numbered.sql == "b = ANY($1) OR c = ANY($1)"
    assert numbered.values(['["x", 1]']) == [["x", 1]]


def test_parameters_come_in_their_order() -> None:
    """By place or by name; what is given and not asked for is not sent."""
    assert translated("b = ?2 AND c = ?1").values(("one", "two", "three")) == ["two", "one"]
    assert translated("b = :b AND c = :a").values({"a": 1, "b": 2, "c": 3}) == [2, 1]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("SELECT data ->> 'text' FROM events", "SELECT storable(data) ->> 'text' FROM events"),
        ("e.data -> 'a' ->> 'b'", "storable(e.data) -> 'a' ->> 'b'"),
        ("substr(texts ->> 'description', 1, ?)", "substr(storable(texts) ->> 'description', 1, $1)"),
        ("CASE WHEN json_valid(data) THEN data ->> '$.status' END", "storable(data) ->> 'status'"),
        ("state ->> 'subject', document ->> 'name'", "state ->> 'subject', document ->> 'name'"),
        ("lower(value) = lower(?)", 'lower(value COLLATE "C") = lower($1 COLLATE "C")'),
    ],
)
def test_what_each_engine_says_in_its_own_way(said: str, told: str) -> None:
    """What events tell is asked for as far as a text can hold it; capitals are those of ASCII, as in SQLite."""
    assert translated(said).sql == told


def test_a_list_within_a_document() -> None:
    """Its elements are rows; where there is another thing in its place there are none."""
    step = "v.document -> 'services'"
    listed = f"jsonb_array_elements_text(CASE jsonb_typeof({step}) WHEN 'array' THEN {step} END) AS each (value)"
    assert translated("SELECT 1 FROM json_each(v.document, '$.services')").sql == f"SELECT 1 FROM {listed}"
