"""What a shell may offer, as each actor may see it."""

import sqlite3
from contextlib import closing

import pytest
from desk_fixtures import ABC, BEN, DANA, HARBOR, LENA, Office

from carecli.desk import complete
from carecli.desk.complete import LIMIT, candidates
from carecli.errors import NotPermitted


def values(office: Office, who: str | None, kind: str, prefix: str = "") -> list[str]:
    """The words that somebody is offered."""
    return [candidate.value for candidate in candidates(office.config._replace(actor=who), kind, prefix)]


def test_cases_are_written_as_they_are_begun(office: Office) -> None:
    """OPEN-1: newest first; with zeros, without, or behind a #, as somebody began."""
    for minute in range(12):
        office.open(f"Mon 09:{minute:02}", subject=f"Case {minute + 1}")
    assert values(office, BEN, "case")[:2] == ["0000000012", "0000000011"]
    assert values(office, BEN, "case", "000000001") == ["0000000012", "0000000011", "0000000010"]
    assert values(office, BEN, "case", "1") == ["12", "11", "10", "1"]
    assert values(office, BEN, "case", "#1") == ["#12", "#11", "#10", "#1"]
    assert values(office, BEN, "case", "13") == values(office, BEN, "case", "x") == []
    found = candidates(office.config._replace(actor=BEN), "case", "12")
    assert found == [complete.Candidate("12", "Case 12")]


def test_a_contact_is_offered_the_own_account(office: Office) -> None:
    """DC-3: another account's cases, people and names are not offered, not even by a whole number."""
    ours, theirs = office.open("Mon 09:00"), office.open("Mon 09:01", who=LENA)
    assert values(office, DANA, "case", str(ours)) == [str(ours)]
    assert values(office, DANA, "case", str(theirs)) == []
    assert values(office, LENA, "account") == [HARBOR]
    assert LENA not in values(office, DANA, "contact")
    assert DANA in values(office, DANA, "contact")
    assert values(office, DANA, "staff") == values(office, DANA, "group") == []
    assert BEN not in values(office, DANA, "person")
    for kind in ("deployment", "service", "component"):
        mine = set(values(office, DANA, kind))
        assert mine <= set(values(office, BEN, kind))


def test_staff_are_offered_everybody(office: Office) -> None:
    """DC-5: staff are offered every account, contact and colleague."""
    assert {ABC, HARBOR} <= set(values(office, BEN, "account"))
    assert {DANA, LENA} <= set(values(office, BEN, "contact"))
    assert BEN in values(office, BEN, "staff")
    assert "Voice" in values(office, BEN, "group")


def test_nobody_chooses_who_to_be(office: Office) -> None:
    """CLI: while nobody is named, --as offers whoever may act, and nothing else is offered."""
    assert {BEN, DANA, "system"} <= set(values(office, None, "person"))
    for kind in complete.KINDS.keys() - {"person"}:
        assert values(office, None, kind) == []


def test_an_unknown_actor_is_offered_nothing(office: Office) -> None:
    """DC-3: whoever is not known here is refused."""
    with pytest.raises(NotPermitted):
        values(office, "nobody@example.com", "case")


def test_names_match_without_letter_case(office: Office) -> None:
    """CLI: letter case aside, a word that begins so is offered, once."""
    assert values(office, BEN, "account", "abc t") == [ABC]
    assert values(office, BEN, "service", "VOI") == ["Voice"]


def test_no_more_than_somebody_can_read(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """CLI: what is offered is bounded."""
    monkeypatch.setattr(complete, "LIMIT", 2)
    for minute in range(3):
        office.open(f"Mon 09:{minute:02}")
    assert len(values(office, BEN, "case")) == 2
    assert len(values(office, BEN, "contact")) == 2
    assert LIMIT == 50


def test_an_older_record_is_left_alone(office: Office) -> None:
    """CLI: pressing TAB migrates nothing."""
    office.store.close()
    with closing(sqlite3.connect(office.config.db)) as db:
        db.execute("PRAGMA user_version = 1")
    assert values(office, BEN, "account") == []
    with closing(sqlite3.connect(office.config.db)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
