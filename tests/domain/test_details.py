"""The fields that service requests and admin cases have of their own (OPEN-4, SR-1, ADM-1)."""

from typing import Any

import pytest
from notation import FORM, policy

from carecli.domain import details, opening
from carecli.domain.opening import ANSWERS, SUBTYPES, Form
from carecli.domain.vocabulary import Access, CaseType, Priority
from carecli.errors import Invalid

POLICY = policy()
NEEDED = {
    "password-reset": ["login"],
    "change-request": ["change"],
    "service-order": ["service_requested"],
    "new-project": ["project"],
    "data-privacy": ["privacy_right", "data_subject"],
    "access-level": ["access"],
    # either of name and phone
    "contact-data": ["name"],
    "pin-reset": [],
    "login": [],
    "portal": [],
}


def form(subtype: str | None, **fields: Any) -> Form:
    """A form of that sub-type that lacks nothing but fields of its own."""
    type_ = CaseType.ADMIN if subtype in SUBTYPES[CaseType.ADMIN] else CaseType.SERVICE_REQUEST
    return FORM._replace(type=type_, subtype=subtype, priority=Priority.LOW, fields=fields)


@pytest.mark.parametrize("subtype", NEEDED)
def test_what_each_sub_type_must_tell(subtype: str) -> None:
    """OPEN-4: a form lacks the sub-type's own fields until they say something; blanks say nothing."""
    assert [*opening.missing(form(subtype))] == NEEDED[subtype]
    blank = dict.fromkeys(NEEDED[subtype], "  ")
    assert [*opening.missing(form(subtype, **blank))] == NEEDED[subtype]
    # Numbers of a form in a file say something too.
    assert [*opening.missing(form(subtype, **dict.fromkeys(NEEDED[subtype], 7)))] == []


def test_one_of_several_will_do() -> None:
    """ADM-1: other contact data are a name, a telephone, or both."""
    assert [*opening.missing(form("contact-data", phone="+1 555 1"))] == []
    assert [*opening.missing(form("contact-data", person="omar@abc.example"))] == ["name"]


@pytest.mark.parametrize("type_", [CaseType.SUPPORT, CaseType.FEATURE_REQUEST, CaseType.ADMIN])
def test_other_cases_have_none(type_: CaseType) -> None:
    """OPEN-4: problems, feature requests and admin cases without a sub-type need no further field."""
    assert [*opening.missing(FORM._replace(type=type_))] == []
    assert details.of(None) == ()


CHOSEN = [
    ("change-request", "change", ("move", "add", "change", "delete")),
    ("access-level", "access", tuple(Access)),
    ("data-privacy", "privacy_right", ("access", "correction", "deletion", "restriction", "export")),
]


@pytest.mark.parametrize(("subtype", "name", "words"), CHOSEN)
def test_words_that_are_chosen(subtype: str, name: str, words: tuple[str, ...]) -> None:
    """OPEN-4: where there are words to choose from any other is refused, and letter case does not matter."""
    for word in words:
        details.check(subtype, {name: f" {word.upper()} "})
        assert details.kept(subtype, {name: f" {word.upper()} ", "DNs": "4711 "}) == {name: word, "DNs": "4711 "}
    with pytest.raises(Invalid) as refusal:
        opening.check_answered(form(subtype, **{name: "sesame"}), POLICY)
    assert str(refusal.value.hint) == f"choose from: {', '.join(words)}"


def test_what_is_left_blank_is_not_kept() -> None:
    """OPEN-4: a field of the form that was left blank is no answer; what somebody named himself stays as it is."""
    assert details.kept("pin-reset", {"person": " ", "note": ""}) == {"note": ""}


def test_names_however_they_are_spelt() -> None:
    """OPEN-4: a sub-type's own field is known by its name in any case, with hyphens; others stay as they are."""
    told = {"Service-Requested": "A recording", "DNs": "4711"}
    assert details.kept("service-order", told) == {"service_requested": "A recording", "DNs": "4711"}
    both = {"login": "dana", "LOGIN": "omar"}
    assert details.kept("password-reset", both) == both


def test_what_is_told_later() -> None:
    """OPEN-4: fields that are told once a case is open say something, and what they can say."""
    told = {"Change": " MOVE ", "site": "West"}
    assert details.told_later("change-request", told) == {"change": "move", "site": "West"}
    for wrong in ({"change": " "}, {"Change": "paint"}):
        with pytest.raises(Invalid):
            details.told_later("change-request", wrong)


def test_no_field_is_known_by_two_names() -> None:
    """OPEN-4: no sub-type's own field goes by the name of an answer that every case may give."""
    assert not set(ANSWERS) & {detail.name for every in details.OF_SUBTYPE.values() for detail in every}
    assert set(details.OF_SUBTYPE) <= {name for names in SUBTYPES.values() for name in names}
    for subtype, names in details.ONE_OF.items():
        assert set(names) <= {detail.name for detail in details.of(subtype)}
