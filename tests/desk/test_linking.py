"""Linking cases: both or neither, once, by staff, and hidden from those who must not know (OPEN-11, DC-3)."""

import json

import pytest
from desk_fixtures import ADA, DANA, LENA, MIA, OMAR, SAM, Office

from carecli.desk import cases, linking, reading
from carecli.domain.events import Kind
from carecli.domain.linking import LinkKind
from carecli.errors import CareError, Invalid, NotFound, NotPermitted, Refused
from carecli.render import case_document

TIES = (Kind.LINKED, Kind.UNLINKED)


def ties(office: Office, number: int) -> list[tuple[str, int, bool]]:
    return [(link.kind, link.number, link.internal) for link in office.case(number).links]


def seen(office: Office, who: str, number: int) -> str:
    """Everything that somebody can read of a case, and of the lists that it is in, as JSON."""
    desk = office.by(who, "Wed 09:00")
    page = reading.list_cases(desk, group=True, everything=True)
    return json.dumps(
        [
            case_document.case(reading.show(desk, number)),
            [case_document.event(entry) for entry in reading.log(desk, number)],
            case_document.case_page(page, [case_document.case_row(view) for view in page.views]),
        ]
    )


def test_linked_both_ways(office: Office) -> None:
    """OPEN-11: each case names the other, in words that answer each other; also a closed one."""
    one, two = office.open("Mon 09:00"), office.open("Mon 09:30")
    cases.close(office.by(SAM, "Mon 10:00"), two)
    view = linking.link(office.by(SAM, "Mon 11:00"), one, two, LinkKind.DUPLICATE_OF)
    assert ties(office, one) == [("duplicate-of", two, False)]
    assert ties(office, two) == [("duplicated-by", one, False)]
    assert case_document.case(view)["links"] == [{"kind": "duplicate-of", "number": f"{two:010d}"}]
    assert office.kinds(one, *TIES) == ["2026-03-02 11:00 linked"] == office.kinds(two, *TIES)
    assert office.differences() == []


@pytest.mark.parametrize("turned", [False, True])
def test_linked_once(office: Office, turned: bool) -> None:
    """OPEN-11: a pair is linked once, from whichever side and in whichever words it is asked again."""
    one, two = office.open("Mon 09:00"), office.open("Mon 09:30")
    linking.link(office.by(SAM, "Mon 11:00"), one, two)
    before = office.dump()
    asked = (two, one) if turned else (one, two)
    for kind in LinkKind:
        with pytest.raises(Refused, match="already linked"):
            linking.link(office.by(SAM, "Mon 12:00"), *asked, kind)
    assert office.dump() == before


def test_unlinked_both_ways(office: Office) -> None:
    """OPEN-11: undone, neither names the other, both logs tell of it, and it may be tied anew."""
    one, two = office.open("Mon 09:00"), office.open("Mon 09:30")
    linking.link(office.by(SAM, "Mon 11:00"), one, two)
    assert linking.unlink(office.by(MIA, "Mon 12:00"), two, one).case.links == ()
    assert (ties(office, one), ties(office, two)) == ([], [])
    for number in (one, two):
        assert office.kinds(number, *TIES) == ["2026-03-02 11:00 linked", "2026-03-02 12:00 unlinked"]
    with pytest.raises(Refused, match="not linked"):
        linking.unlink(office.by(SAM, "Mon 13:00"), one, two)
    linking.link(office.by(SAM, "Mon 14:00"), one, two, LinkKind.CAUSES)
    assert ties(office, two) == [("caused-by", one, False)]
    assert office.differences() == []


def test_what_a_case_followed_from_its_opening_can_be_undone(office: Office) -> None:
    """REO-1: the tie that `open --follows` makes is one like any other."""
    from desk_fixtures import FORM

    from carecli.desk import intake

    old = office.open("Mon 09:00")
    new = intake.open_case(office.by(DANA, "Tue 09:00"), FORM, follows=old).view.case.number
    linking.unlink(office.by(SAM, "Tue 10:00"), old, new)
    assert (ties(office, old), ties(office, new)) == ([], [])
    assert office.differences() == []


@pytest.mark.parametrize(
    ("one", "two", "error"),
    [(1, 1, Invalid), (1, 99, NotFound), (99, 1, NotFound)],
    ids=["itself", "99", "99 too"],
)
def test_what_cannot_be_linked(office: Office, one: int, two: int, error: type[CareError]) -> None:
    """OPEN-11: a case is not linked with itself, nor with one that does not exist; nothing is kept."""
    office.open("Mon 09:00")
    before = office.dump()
    for act in (linking.link, linking.unlink):
        with pytest.raises(error):
            act(office.by(SAM, "Mon 11:00"), one, two)
    assert office.dump() == before


def test_linking_is_for_staff(office: Office) -> None:
    """DC-3: a contact is refused in the same words for own cases, foreign ones and none at all."""
    mine, other, foreign = office.open("Mon 09:00"), office.open("Mon 09:30"), office.open("Mon 09:45", LENA)
    answers = []
    for pair in ((mine, other), (mine, foreign), (foreign, mine), (mine, 99), (99, 98)):
        with pytest.raises(NotPermitted) as refusal:
            linking.link(office.by(DANA, "Mon 11:00"), *pair)
        answers.append(refusal.value.document())
    assert answers == [answers[0]] * 5
    with pytest.raises(NotPermitted):
        linking.link(office.by("system", "Mon 11:00"), mine, other)


def test_another_accounts_case_does_not_show(office: Office) -> None:
    """DC-3: linked with another account's case, a case tells its customer nothing: no number, event or date."""
    mine, foreign = office.open("Mon 09:00"), office.open("Mon 09:30", LENA)
    readers = ((DANA, mine), (OMAR, mine), (LENA, foreign))
    office.tick("Tue 12:00")  # what falls due until then is on record, whatever is done
    before = [seen(office, who, number) for who, number in readers]
    linking.link(office.by(SAM, "Tue 12:00"), mine, foreign, LinkKind.CAUSED_BY)
    assert [seen(office, who, number) for who, number in readers] == before
    told = json.loads(seen(office, SAM, mine))[0]["links"]
    assert told == [{"kind": "caused-by", "number": f"{foreign:010d}", "internal": True}]
    assert len(office.mails(mine)) == len(office.mails(foreign)) == 1  # the acknowledgements
    linking.unlink(office.by(SAM, "Tue 12:00"), mine, foreign)
    assert [seen(office, who, number) for who, number in readers] == before
    assert not [e for e in office.history(foreign) if e.event.kind in TIES and e.event.public]
    assert office.differences() == []


def test_what_a_contacts_own_command_answers_hides_it_too(office: Office) -> None:
    """DC-3: also the case that a contact's update answers with has no internal tie, and the update keeps it."""
    mine, foreign, third = office.open("Mon 09:00"), office.open("Mon 09:30", LENA), office.open("Mon 09:45")
    for other in (foreign, third):
        linking.link(office.by(SAM, "Tue 11:00"), mine, other)
    view = cases.update(office.by(DANA, "Tue 12:00"), mine, "It is back again.")
    assert case_document.case(view)["links"] == [{"kind": "relates", "number": f"{third:010d}"}]
    assert ties(office, mine) == [("relates", foreign, True), ("relates", third, False)]
    assert [link.number for link in reading.show(office.by(ADA, "Tue 13:00"), mine).case.links] == [foreign, third]
