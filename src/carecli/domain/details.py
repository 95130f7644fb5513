"""What service requests and admin cases tell in fields of their own, by their sub-type (OPEN-4, SR-1, ADM-1)."""

from collections.abc import Container, Iterator, Mapping
from typing import Any, Final, NamedTuple

from carecli.domain.vocabulary import Access
from carecli.errors import Invalid

Fields = Mapping[str, Any]


class Detail(NamedTuple):
    """A field, the question that it answers, and what it may say; it must be answered unless not `needed`."""

    name: str
    question: str
    choices: tuple[str, ...] = ()
    needed: bool = True


_PERSON: Final = Detail(
    "person", "Whose: the address of a contact of the account; yours if left blank?", (), False
)

OF_SUBTYPE: Final[Mapping[str, tuple[Detail, ...]]] = {
    "password-reset": (Detail("login", "Which login is it whose password is to be reset?"),),
    "change-request": (
        Detail("change", "What is it: move, add, change or delete?", ("move", "add", "change", "delete")),
    ),
    "service-order": (Detail("service_requested", "What is ordered: a recording, a report, training?"),),
    "new-project": (Detail("project", "What is to be new: a site, a function, a team?"),),
    "data-privacy": (
        Detail(
            "privacy_right",
            "What is asked for: access, correction, deletion, restriction or export?",
            ("access", "correction", "deletion", "restriction", "export"),
        ),
        Detail("data_subject", "Whose data is it about?"),
    ),
    "access-level": (Detail("access", "Which level of access is asked for?", tuple(Access)), _PERSON),
    "contact-data": (
        _PERSON,
        Detail("name", "Which name shall it be?", (), False),
        Detail("phone", "Which telephone number shall it be?", (), False),
    ),
    "pin-reset": (_PERSON,),
}
ONE_OF: Final[Mapping[str, tuple[str, ...]]] = {"contact-data": ("name", "phone")}
"""Of which fields at least one must be told."""
NAMES: Final = frozenset(detail.name for details in OF_SUBTYPE.values() for detail in details)


def of(subtype: str | None) -> tuple[Detail, ...]:
    """What cases of a sub-type are asked for."""
    return OF_SUBTYPE.get(subtype or "", ())


def missing(subtype: str | None, fields: Fields) -> Iterator[str]:
    """The fields that a case of a sub-type must have and lacks."""
    yield from (detail.name for detail in of(subtype) if detail.needed and not told(fields, detail.name))
    either = ONE_OF.get(subtype or "", ())
    if either and not any(told(fields, name) for name in either):
        yield either[0]


def told(fields: Fields, name: str) -> str:
    """What a field says, empty where it says nothing."""
    value = fields.get(name)
    return "" if value is None else str(value).strip()


def check(subtype: str | None, fields: Fields) -> None:
    """Raise Invalid for a field that says what it cannot."""
    for detail in of(subtype):
        said = told(fields, detail.name)
        if said and detail.choices and said.lower() not in detail.choices:
            raise Invalid(
                f"{detail.name} cannot be {said[:40]!r}",
                hint=f"choose from: {', '.join(detail.choices)}",
                rule="OPEN-4",
            )


def answered(subtype: str | None, fields: Fields) -> dict[str, Any]:
    """The fields without those of the sub-type's own that are left blank: a blank is no answer."""
    own, named = {detail.name for detail in of(subtype)}, renamed(subtype, fields)
    return {name: value for name, value in named.items() if name not in own or told(named, name)}


def renamed(subtype: str | None, fields: Fields) -> dict[str, Any]:
    """The fields, those of the sub-type's own by the names they have, however they were spelt: `Data-Subject`."""
    own = {detail.name for detail in of(subtype)}
    return {_name(name, own, fields): value for name, value in fields.items()}


def _name(name: str, own: Container[str], fields: Fields) -> str:
    known = name.strip().lower().replace("-", "_")
    return known if known in own and known not in fields else name


def kept(subtype: str | None, fields: Fields) -> Fields:
    """The fields as a case keeps them: the chosen words as they are spelt, without those left blank."""
    own = {detail.name: detail for detail in of(subtype)}
    said = answered(subtype, fields)
    return {name: _spelt(own[name], value) if name in own else value for name, value in said.items()}


def told_later(subtype: str | None, given: Fields) -> dict[str, Any]:
    """Fields that are told once a case is open, as it keeps them; raises Invalid for what they cannot say."""
    named = renamed(subtype, given)
    check(subtype, named)
    said = dict(kept(subtype, named))
    blank = next((name for name in named if name not in said), None)
    if blank is not None:
        raise Invalid(f"{blank} says nothing", hint=f"give it as {option(subtype, blank)}", rule="OPEN-4")
    return said


def option(subtype: str | None, name: str) -> str:
    """How a field is given on a command line."""
    detail = next((one for one in of(subtype) if one.name == name), None)
    choices = "|".join(detail.choices) if detail else ""
    return f"--field {name}={choices or '...'}"


def lacking(subtype: str | None, fields: Fields) -> tuple[str, ...]:
    """What is missing, in the options that tell it: of several of which one will do, all (OPEN-4)."""
    either = ONE_OF.get(subtype or "", ())
    wanted = (either if name in either else (name,) for name in missing(subtype, fields))
    return tuple(" or ".join(option(subtype, one) for one in names) for names in wanted)


def wording(subtype: str | None, name: str) -> str | None:
    """What a missing field asks for, as a customer reads it; None for one that is none of the sub-type's."""
    either = ONE_OF.get(subtype or "", ())
    if name in either:
        return " or ".join(either)
    return next((one.question for one in of(subtype) if one.name == name), None)


def _spelt(detail: Detail, value: Any) -> str:
    text = str(value).strip()
    return text.lower() if detail.choices else text
