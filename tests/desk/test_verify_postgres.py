"""What `care verify` and `--repair` tell and mend of a desk on a server alone (AUD-1)."""

import pytest
from desk_fixtures import ADA
from tampering import Tampered

from carecli.desk.damage import damage
from carecli.desk.repair import repair
from carecli.desk.verify import verify
from carecli.domain.verify import LogBroken, Part
from carecli.errors import DatabaseUnusable
from carecli.store.postgres.catalog import ANEW
from carecli.store.trouble import UNSTORABLE

LATER = "Fri+2 09:00"

MENDABLE = [
    ("DROP INDEX cases_of_owner", "index cases_of_owner is missing"),
    (
        "DROP INDEX cases_of_owner; CREATE INDEX cases_of_owner ON cases (owner)",
        "index cases_of_owner was changed",
    ),
    ("CREATE INDEX mine ON cases (subject, number)", "index mine is not ours"),
    ("DROP TRIGGER events_keep ON events", "trigger events_keep on events is missing"),
    ("ALTER TABLE outbox DISABLE TRIGGER outbox_comes", "trigger outbox_comes on outbox is switched off"),
    ("ALTER TABLE cases DROP CONSTRAINT cases_pkey", "constraint cases_pkey on cases is missing"),
    ("DROP VIEW care_cases", "view care_cases is missing"),
    ("CREATE RULE mine AS ON INSERT TO timers DO INSTEAD NOTHING", "rule mine on timers is not ours"),
    ("DROP TABLE timers CASCADE", "table timers is missing"),
    ("DROP TABLE search CASCADE", "table search is missing"),
    ("DROP TABLE tally_changes CASCADE", "table tally_changes is missing"),
    (
        """CREATE FUNCTION mine() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
        CREATE TRIGGER mine BEFORE INSERT ON timers FOR EACH ROW EXECUTE FUNCTION mine()""",
        "trigger mine on timers is not ours",
    ),
    (
        "CREATE OR REPLACE FUNCTION events_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "function events_keep() was changed",
    ),
    (
        "INSERT INTO refusals (id, at, actor, words, reason) VALUES (99, now(), 'x', 'x', 'x')",
        "id of refusals goes up to 99, and its numbering would give that out again",
    ),
    (
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = CAST('cases_of_group' AS regclass)",
        "index cases_of_group is not valid",
    ),
]
"""What was done to the schema, how it is told, and that a repair puts it right."""


@pytest.mark.parametrize(("statement", "what"), MENDABLE)
def test_a_changed_schema_is_told_and_mended(on_postgres: Tampered, statement: str, what: str) -> None:
    """AUD-1: indices, triggers, functions, views, rules and derived tables are held against our scripts'."""
    on_postgres.do(
        "SET client_min_messages = error", *statement.split("; ") if "$$" not in statement else [statement]
    )
    try:
        found = [one.what for one in on_postgres.office.differences()]
    except DatabaseUnusable as error:  # what lies in a table that is gone cannot be read
        assert "DROP TABLE" in statement
        assert "damaged" in error.message  # noqa: PT017 - either will do
        found = [one.what for one in verify(on_postgres.office.by(ADA, LATER)).differences]
    assert what in found
    report = repair(on_postgres.office.by(ADA, LATER), sure=lambda _: True)
    # A function of that name may be somebody's own, and does nothing without its trigger.
    assert [one.what for one in report.left] == (["function mine() is not ours"] if "mine()" in statement else [])
    assert on_postgres.office.differences() == list(report.left)


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("CREATE TABLE mine (x int)", "table mine is not ours"),
        ("CREATE TABLE public.mine () INHERITS (cases)", "table public.mine is not ours"),
        ("CREATE VIEW mine AS SELECT 1 AS x", "view mine is not ours"),
        ("ALTER TABLE staff ADD COLUMN pay text", "table staff was changed"),
        ("ALTER TABLE cases SET UNLOGGED", "table cases was changed"),
        ("DROP TABLE outbox", "table outbox is missing"),
    ],
)
def test_what_nobody_can_make_up_again_is_told(on_postgres: Tampered, statement: str, what: str) -> None:
    """AUD-1: a table of somebody else stays; one of ours with mail or other columns no repair mends."""
    on_postgres.do(statement)
    report = verify(on_postgres.office.by(ADA, LATER))
    assert what in [one.what for one in report.differences if one.part is Part.DATABASE]
    if "not ours" in what:
        assert what in [one.what for one in repair(on_postgres.office.by(ADA, LATER)).left]
    else:
        with pytest.raises((LogBroken, DatabaseUnusable)):
            repair(on_postgres.office.by(ADA, LATER))


def test_rows_that_are_hidden_are_no_rows_that_are_gone(on_postgres: Tampered) -> None:
    """AUD-1, DC-3: who is not shown every row by the database is told so."""
    on_postgres.do("ALTER TABLE cases ENABLE ROW LEVEL SECURITY", "ALTER TABLE cases FORCE ROW LEVEL SECURITY")
    first = on_postgres.office.differences()[0]
    assert first.what == "row-level security hides rows from care: whoever owns the tables sees all of them"
    with pytest.raises(DatabaseUnusable, match="not open to this user"):
        repair(on_postgres.office.by(ADA, LATER), sure=lambda _: True)


def test_a_look_leaves_nothing_behind(on_postgres: Tampered) -> None:
    """AUD-1: what is made to be compared with is gone, and was never seen by anybody."""
    assert on_postgres.office.differences() == []
    with on_postgres.hands() as run:
        assert run(f"SELECT 1 FROM pg_namespace WHERE nspname = '{ANEW}'") == []


def test_a_role_that_may_make_nothing_looks_all_the_same(on_postgres: Tampered) -> None:
    """AUD-1: without a schema to compare with, rows are compared, and what is unsound by itself is told."""
    with on_postgres.hands() as run:
        ((name,),) = run("SELECT quote_ident(current_database())")
        run(f"ALTER DATABASE {name} OWNER TO postgres")
        run(f"REVOKE CREATE ON DATABASE {name} FROM care")
    from carecli.store.postgres import catalog

    catalog._known.clear()  # what was learned where more was allowed
    on_postgres.do(
        "UPDATE cases SET owner = 'x' WHERE number = 2", "ALTER TABLE outbox DISABLE TRIGGER outbox_goes"
    )
    assert [one.what.partition(" is ")[0] for one in on_postgres.office.differences()] == [
        "trigger outbox_goes on outbox",
        "owner",
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE search SET words = CAST('zebra:1A' AS tsvector) WHERE rowid = 1",
        "UPDATE search SET subject_tokens = ' zebra ' WHERE rowid = 1",
        "UPDATE search SET size = 3 WHERE rowid = 1",
        "UPDATE search_sizes SET tokens = tokens + 1 WHERE name = 'search'",
        "INSERT INTO search_sizes VALUES ('nothing', 1, 1, 1)",
        "DELETE FROM search_sizes",
    ],
)
def test_words_are_held_against_their_texts(on_postgres: Tampered, statement: str) -> None:
    """FIND-3: each column by which a case is found or ranked is told and made anew, its text as it was."""
    on_postgres.do(statement)
    found = on_postgres.office.differences()
    assert (Part.SEARCH, "search") in {(one.part, one.name) for one in found}
    repair(on_postgres.office.by(ADA, LATER))
    assert on_postgres.office.differences() == []


def test_tabs_that_count_wrongly_are_put_right(on_postgres: Tampered) -> None:
    """AUD-1: the changes that tabs are added up from are made anew from the cases."""
    on_postgres.do("INSERT INTO tally_changes VALUES ('open', 5), ('unheard-of', 1)")
    assert [(one.part, one.name) for one in on_postgres.office.differences()] == [
        (Part.TALLIES, "open"),
        (Part.TALLIES, "unheard-of"),
    ]
    repair(on_postgres.office.by(ADA, LATER))
    assert on_postgres.office.differences() == []


def test_how_json_is_spelled_is_no_difference(on_postgres: Tampered) -> None:
    """AUD-1: the server keeps what a document says, in an order and with blanks of its own."""
    on_postgres.do("UPDATE cases SET state = CAST(concat('  ', CAST(state AS text)) AS jsonb)")
    assert on_postgres.office.differences() == []


def test_what_no_column_holds_is_said_so(on_postgres: Tampered) -> None:
    """AUD-1: a value that is none ends in one kind of error, whatever it was meant to be, and in nothing else."""
    wrong: list[tuple[str, object]] = [
        ("INSERT INTO externals VALUES ('x', ?)", "many"),
        ("INSERT INTO externals VALUES ('x', ?)", 2**70),
        ("INSERT INTO externals VALUES ('x', ?)", None),
        ("INSERT INTO externals VALUES ('x', ?)", [1]),
        ("INSERT INTO externals VALUES ('x', ?)", {"a": 1}),
        ("INSERT INTO accounts VALUES ('x', ?)", "{"),
    ]
    for statement, value in wrong:
        with pytest.raises(UNSTORABLE), on_postgres.office.store.write() as writing:
            writing.db.execute(statement, (value,))


def test_a_fault_is_told_as_damage(on_postgres: Tampered) -> None:
    """AUD-2: what a command fell over is told by the first thing that differs; else it is our own."""
    config = on_postgres.office.config._replace(actor=ADA)
    assert damage(config, KeyError("x")) is None
    on_postgres.do("UPDATE cases SET state = '{}' WHERE number = 2")
    told = damage(config, KeyError("x"))
    assert isinstance(told, DatabaseUnusable)
    assert "case 0000000002" in told.message
    assert "password" not in told.message
