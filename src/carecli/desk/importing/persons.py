"""Who the people of a file are here: by their addresses, else by what they are called (IMP-1)."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from carecli.desk.directory import address as proper
from carecli.desk.importing.values import label, listed, written
from carecli.domain.import_mapping import Lookup
from carecli.errors import Invalid

DOMAIN = "import.invalid"
LOCAL_MAX = 64


class Person(NamedTuple):
    """Somebody in the file: the address here, the name there, and whether that is a customer."""

    address: str
    name: str | None = None
    customer: bool = False


def address(name: str, unknown: str) -> str:
    """The address that stands for somebody known by a label only: `Caller 2403` at a domain of no one."""
    slug = "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())
    if slug.isdigit():
        slug = f"person-{slug}"
    if len(slug) > LOCAL_MAX:
        slug = f"{slug[:40]}-{sha256(slug.encode()).hexdigest()[:16]}"
    return f"{slug or f'{unknown}-unknown'}@{DOMAIN}"


class Known:
    """The people, groups and accounts that a file describes by their ids."""

    def __init__(self, lookup: Lookup, beside: Mapping[str, list[Any]]) -> None:
        self.lookup = lookup
        self._beside = {place: _by_id(listed(beside, place)) for place in beside}
        self.names: dict[str, str] = {}
        """What people are called, by the addresses that they have here."""

    def of(self, record: Mapping[str, Any]) -> "Of":
        """The same, with what one ticket describes itself."""
        return Of(self, record)

    def found(self, places: Iterable[str], record: Mapping[str, Any], id_: str) -> Mapping[str, Any] | None:
        """What is described under an id, on the ticket or beside all of them."""
        for place in places:
            for one in listed(record, place):
                if written(one.get("id")) == id_:
                    return one
            described = self._beside.get(place, {}).get(id_)
            if described is not None:
                return described
        return None


class Of(NamedTuple):
    """What one ticket's ids stand for."""

    known: Known
    record: Mapping[str, Any]

    def person(self, said: str | None, unknown: str) -> Person:
        """The person that an address, an id or a label stands for."""
        if said is None:
            return Person(address("", unknown))
        one = self._described(said, self.known.lookup.people)
        if one is None:
            return Person(_address(said, unknown))
        name = label(written(one.get("name"))) or None
        email = written(one.get("email"))
        customer = written(one.get("role")) in self.known.lookup.customers
        person = Person(_address(email or said, unknown), name, customer)
        if name:
            self.known.names.setdefault(person.address, name)
        return person

    def group(self, said: str | None) -> str | None:
        """The name of the group that an id or a name stands for."""
        return self._name(said, self.known.lookup.groups)

    def account(self, said: str | None) -> str | None:
        """The name of the account that an id or a name stands for."""
        return self._name(said, self.known.lookup.accounts)

    def _name(self, said: str | None, places: tuple[str, ...]) -> str | None:
        one = self._described(said, places) if said else None
        return label((written(one.get("name")) if one else None) or said)

    def _described(self, said: str, places: tuple[str, ...]) -> Mapping[str, Any] | None:
        return self.known.found(places, self.record, said) if places else None


def _by_id(described: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    kept = ("id", "name", "email", "role")
    return {written(one.get("id")): {key: one[key] for key in kept if key in one} for one in described}


@lru_cache(maxsize=1 << 16)
def _address(said: str, unknown: str) -> str:
    if "@" in said:
        try:
            return proper(said)
        except Invalid:
            pass
    return address(said, unknown)
