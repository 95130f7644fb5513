"""Cases about the same issue: found, near or not, and never another account's (OPEN-7, OPEN-11, DC-3)."""

import pytest
from desk_fixtures import ABC, ADA, DANA, HARBOR, LENA, SAM, Office

from carecli.desk import cases, similar
from carecli.domain.similar import Similar
from carecli.errors import CareError, NotFound, NotPermitted

DROPS = "Calls drop on transfer to the sales queue"
TOLD = "Since this morning every third call that an agent hands on to sales drops after ten seconds."
REPORT = "Daily report shows no totals"
EMPTY = "The daily report of yesterday was sent on time, and every one of its columns of totals is empty."


def like(
    office: Office, who: str = DANA, *, subject: str = DROPS, description: str = TOLD, **how: object
) -> list[Similar]:
    desk = office.by(who, "Tue 09:00")
    known = {"account": ABC, "service": "Voice"} | how
    return similar.similar(desk, subject=subject, description=description, **known)  # type: ignore[arg-type]


@pytest.fixture
def filled(office: Office) -> Office:
    """Three issues of ABC and one of Harbor Clinic, with the numbers 1 to 4."""
    office.open("Mon 09:00", subject=DROPS, description=TOLD)
    office.open("Mon 09:10", subject=REPORT, description=EMPTY, service="Wallboard")
    office.open("Mon 09:20", subject="Music on hold is silent", description=f"Callers hear nothing. {EMPTY}")
    office.open("Mon 09:30", LENA, subject=DROPS, description=TOLD)
    return office


def test_the_same_issue_is_near(filled: Office) -> None:
    """OPEN-11: mistyped, reordered and reworded, it is still the account's open case of the same service."""
    for subject in (
        DROPS,
        "On transfer to the sales queue calls drop",
        "Calls dropped on tranfser to sales queue",
    ):
        first, *rest = like(filled, subject=subject, description="")
        assert (first.number, first.near, first.status, first.account) == (1, True, "open", ABC)
        assert not any(one.near for one in rest)
    assert like(filled)[0].likeness > 0.9


def test_what_is_not_near(filled: Office) -> None:
    """OPEN-11: near needs the same service, and almost the same subject; likeness alone is not enough."""
    assert [(one.number, one.near) for one in like(filled, service="Wallboard")][:1] == [(1, False)]
    assert [(one.number, one.near) for one in like(filled, subject="Calls to sales")][:1] == [(1, False)]
    assert like(filled, subject="Zyzzogeton", description="quux") == []
    assert like(filled, subject="", description="") == []


@pytest.mark.parametrize("who", [DANA, "omar@abc.example", "rosa@abc.example"])
def test_a_contact_sees_the_own_account(filled: Office, who: str) -> None:
    """DC-3: whatever is asked for, another account's case is not there."""
    for account in (ABC, HARBOR, None):
        found = like(filled, who, account=account, open_only=False, limit=50)
        assert {one.account for one in found} == {ABC}
        assert 4 not in {one.number for one in found}


def test_likeness_tells_nothing_of_others(filled: Office) -> None:
    """DC-3: what a contact is told is the same, whatever words other accounts' cases hold."""
    before = like(filled, open_only=False, limit=50)
    for n in range(5):
        filled.open("Mon 10:00", LENA, subject=f"{DROPS} {n}", description=TOLD)
    assert like(filled, open_only=False, limit=50) == before


def test_likeness_tells_nothing_of_others_to_an_account_of_many_cases(
    filled: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DC-3: nor where an account has more cases than are compared for staff, and others use its words often."""
    monkeypatch.setattr(similar, "COMPARED_MAX", 1)
    monkeypatch.setattr(similar, "HITS_MAX", 2)
    before = like(filled, open_only=False, limit=50)
    for n in range(5):
        filled.open("Mon 10:00", LENA, subject=f"{DROPS} {n}", description=TOLD)
    assert like(filled, open_only=False, limit=50) == before


def test_notes_are_not_looked_at(filled: Office) -> None:
    """DC-3: an internal note makes a case no liker."""
    before = like(filled, subject="Trunk seven", description="")
    cases.update(filled.by(SAM, "Mon 11:00"), 3, "Trunk seven again, trunk seven.", internal=True)
    assert like(filled, subject="Trunk seven", description="") == before


def test_closed_cases_only_where_asked_for(filled: Office) -> None:
    """OPEN-7: the hint is about open cases; `--all` shows what was solved before too."""
    cases.close(filled.by(SAM, "Mon 11:00"), 1, "Done.")
    assert 1 not in {one.number for one in like(filled)}
    first = like(filled, open_only=False)[0]
    assert (first.number, first.status) == (1, "closed")
    assert 1 not in {one.number for one in like(filled, ADA, account=None)}
    assert 1 in {one.number for one in like(filled, ADA, account=None, open_only=False)}


def test_staff_see_every_account(filled: Office) -> None:
    """OPEN-11: to staff an issue of several accounts shows; one of another account is never near."""
    found = like(filled, ADA, account=None)
    assert {one.number for one in found[:2]} == {1, 4}
    assert not any(one.near for one in found)
    assert {one.account for one in like(filled, ADA, account=HARBOR)} == {HARBOR}


def test_like_a_case(filled: Office) -> None:
    """OPEN-11: a case is not like itself; near is told by its own account and service."""
    again = filled.open("Mon 12:00", "omar@abc.example", subject=f"{DROPS}!", description=EMPTY)
    found = similar.like_case(filled.by(SAM, "Tue 09:00"), again)
    assert again not in {one.number for one in found}
    assert {one.number: one.near for one in found}[1] is True
    assert {one.number: one.near for one in found}[4] is False
    assert {one.account for one in similar.like_case(filled.by(DANA, "Tue 09:00"), again)} == {ABC}
    with pytest.raises(NotFound) as hidden:
        similar.like_case(filled.by(LENA, "Tue 09:00"), again)
    with pytest.raises(NotFound) as missing:
        similar.like_case(filled.by(LENA, "Tue 09:00"), 999)
    assert hidden.value.message.replace(f"{again:010d}", "N") == missing.value.message.replace(f"{999:010d}", "N")


def test_who_may_not(filled: Office) -> None:
    """DC-1, DC-3: who may not read cases finds none, and another account is as one that does not exist."""
    with pytest.raises(NotPermitted):
        like(filled, "bob@abc.example")
    told = []
    for name in (HARBOR, "Nobody"):
        with pytest.raises(CareError) as refused:
            similar.named_account(filled.by(DANA, "Tue 09:00"), name)
        told.append((refused.value.message.replace(name, "N"), refused.value.hint))
    assert told[0] == told[1]


@pytest.mark.parametrize(
    "text", ['"', "* OR (", "subject:x", "\0", "NEAR(a b)", "🙂", "a" * 100_000, "x " * 30_000]
)
def test_hostile_texts(filled: Office, text: str) -> None:
    """FIND-3: whatever is looked for is words, no expression of the index."""
    for who in (DANA, ADA):
        for account in (ABC, None):
            like(filled, who, subject=text, description=text, account=account, open_only=False)


def test_an_account_with_many_cases(filled: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """OPEN-11: where an account has more cases than are compared, its rarer words and its newest cases are."""
    expected = [(one.number, one.near) for one in like(filled)][:1]
    monkeypatch.setattr(similar, "COMPARED_MAX", 1)
    for who in (SAM, DANA):
        assert [(one.number, one.near) for one in like(filled, who)][:1] == expected == [(1, True)]
        assert {one.account for one in like(filled, who, open_only=False, limit=50)} == {ABC}


def test_common_words_together(filled: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """OPEN-7: where every word of a subject is common on the desk, cases that hold two of them are found."""
    monkeypatch.setattr(similar, "HITS_MAX", 1)
    found = like(filled, ADA, account=None, description="")
    assert {one.number for one in found[:2]} == {1, 4}


def test_an_account_by_its_letters(filled: Office) -> None:
    """ACC-1: an account is found whatever its letter case."""
    assert similar.named_account(filled.by(ADA, "Tue 09:00"), ABC.upper()) == ABC
    assert similar.named_account(filled.by(ADA, "Tue 09:00"), None) is None
