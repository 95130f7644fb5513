"""How the records of another desk become cases: where each value stands, and what its words mean (IMP-1)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

NOTHING: Mapping[str, Any] = MappingProxyType({})
ANY = "*"
SKIP = "skip"
"""A state whose tickets are not brought in."""
VISIBILITY: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("true", "t", "yes", "y", "1", "public", "external"), "public"),
        **dict.fromkeys(("false", "f", "no", "n", "0", "private", "internal"), "internal"),
    }
)
"""Words that every mapping knows for what customers may read, and what they may not (DC-3)."""


class Source(NamedTuple):
    """Where a value stands: the first of its places that says something, or the same words always.

    A place is a column, a path into a document (`via.channel`, `custom_fields[42]`), or a text that names such in
    braces. `minutes` is a place too: so many minutes are added to a time.
    """

    places: tuple[str, ...] = ()
    constant: str | None = None
    minutes: str | None = None

    @property
    def mapped(self) -> bool:
        """Whether there is anywhere to look."""
        return bool(self.places) or self.constant is not None


class Meaning(NamedTuple):
    """What a word of theirs is here; `noted` where an internal note says the word too."""

    word: str
    noted: bool = False


class Words(NamedTuple):
    """What their words mean here, whatever their case: exactly, else by how they begin, else any."""

    exact: Mapping[str, Meaning] = NOTHING
    beginnings: tuple[tuple[str, Meaning], ...] = ()
    otherwise: Meaning | None = None

    def meaning(self, word: str) -> Meaning | None:
        """What a word means; None where nothing is said of it."""
        folded = word.casefold()
        found = self.exact.get(folded)
        if found is not None:
            return found
        begun = (meaning for start, meaning in self.beginnings if folded.startswith(start))
        return next(begun, self.otherwise if word else None)


class TicketPlaces(NamedTuple):
    """Where a ticket says what it was opened with."""

    reference: Source
    opened_at: Source
    caller: Source
    account: Source = Source()
    caller_name: Source = Source()
    opened_by: Source = Source()
    via: Source = Source()
    service: Source = Source()
    component: Source = Source()
    subject: Source = Source()
    description: Source = Source()
    priority: Source = Source()
    group: Source = Source()
    keep: tuple[str, ...] = ()


class PartPlaces(NamedTuple):
    """What an update is made of, where that is a list of its own, each of a kind: said, or changed."""

    list: str
    kind: str
    texts: frozenset[str] = frozenset()
    text: Source = Source()
    public: Source = Source()
    changes: frozenset[str] = frozenset()
    field: str = ""
    value: str = ""
    fields: Mapping[str, str] = NOTHING


class UpdatePlaces(NamedTuple):
    """Where one update, or each of a `list`, says what changed.

    Nothing is read of it where the record has an `unless`; an `optional` one without a time is none.
    """

    at: Source
    by: Source = Source()
    list: str | None = None
    unless: str | None = None
    optional: bool = False
    revision: Source = Source()
    state: Source = Source()
    priority: Source = Source()
    group: Source = Source()
    owner: Source = Source()
    text: Source = Source()
    public: Source = Source()
    role: Source = Source()
    parts: PartPlaces | None = None


class Lookup(NamedTuple):
    """Where people, groups and accounts are described by their ids; who of the people are customers."""

    people: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    customers: frozenset[str] = frozenset()

    @property
    def places(self) -> frozenset[str]:
        """The names of all the lists."""
        return frozenset({*self.people, *self.groups, *self.accounts})


class ImportMapping(NamedTuple):
    """A mapping as it is used: the file's form, its places, its words."""

    title: str
    format: str
    per_ticket: bool
    """Whether a record is a whole ticket, rather than one update of one."""
    ticket: TicketPlaces
    updates: tuple[UpdatePlaces, ...]
    states: Words
    priorities: Words
    channels: Words
    visibility: Words
    first_state: str
    answers_by_text: bool = False
    times: tuple[str, ...] = ("iso",)
    unknown: frozenset[str] = frozenset()
    order: str = "file"
    list: str | None = None
    wrap: str | None = None
    lookup: Lookup = Lookup()
    optional: frozenset[str] = frozenset()
    encoding: str = "utf-8"
    delimiter: str | None = None
    machines: frozenset[str] = frozenset()
    """Authors who are programs: nothing that they say is an answer (SLA-3)."""


def mapping(document: Mapping[str, Any]) -> ImportMapping:
    """The mapping that a document says; the document has been checked."""
    plain = ("title", "format", "first_state", "order", "list", "wrap", "encoding", "delimiter")
    return ImportMapping(
        per_ticket=document["records"] == "tickets",
        ticket=_ticket(document["ticket"]),
        updates=tuple(_update(one) for one in document["update"]),
        states=_words(document["states"]),
        priorities=_words(document.get("priorities", NOTHING)),
        channels=_words(document.get("channels", NOTHING)),
        visibility=_words({**VISIBILITY, **document.get("visibility", NOTHING)}),
        answers_by_text=document.get("answered_by", "text") == "text",
        times=tuple(document.get("times", ("iso",))),
        unknown=frozenset(document.get("unknown", ())),
        lookup=_lookup(document.get("lookup", NOTHING)),
        optional=frozenset(name.casefold() for name in document.get("optional", ())),
        machines=frozenset(document.get("machines", ())),
        **{key: document[key] for key in plain if key in document},
    )


def _ticket(table: Mapping[str, Any]) -> TicketPlaces:
    places = {key: _source(value) for key, value in table.items() if key != "keep"}
    return TicketPlaces(**places, keep=tuple(table.get("keep", ())))


def _update(table: Mapping[str, Any]) -> UpdatePlaces:
    flat = {key: table[key] for key in ("list", "unless", "optional") if key in table}
    places = {key: _source(value) for key, value in table.items() if key not in (*flat, "parts")}
    more: dict[str, Any] = {**places, **flat}
    return UpdatePlaces(**more, parts=_parts(table["parts"]) if "parts" in table else None)


def _parts(table: Mapping[str, Any]) -> PartPlaces:
    return PartPlaces(
        list=table["list"],
        kind=table["kind"],
        texts=frozenset(table.get("texts", ())),
        text=_source(table.get("text", ())),
        public=_source(table.get("public", ())),
        changes=frozenset(table.get("changes", ())),
        field=table.get("field", ""),
        value=table.get("value", ""),
        fields=table.get("fields", NOTHING),
    )


def _lookup(table: Mapping[str, Any]) -> Lookup:
    lists = {key: tuple(table[key]) for key in ("people", "groups", "accounts") if key in table}
    return Lookup(**lists, customers=frozenset(table.get("customers", ())))


def _source(value: Any) -> Source:
    if isinstance(value, str):
        return Source((value,))
    if not isinstance(value, Mapping):
        return Source(tuple(value))
    if "is" in value:
        return Source(constant=value["is"])
    return _source(value["from"])._replace(minutes=value.get("minutes"))


def _words(table: Mapping[str, Any]) -> Words:
    meanings = {theirs.casefold(): _meaning(ours) for theirs, ours in table.items()}
    otherwise = meanings.pop(ANY, None)
    beginnings = {theirs: meanings.pop(theirs) for theirs in [*meanings] if theirs.endswith(ANY)}
    longest_first = sorted(beginnings.items(), key=lambda one: -len(one[0]))
    return Words(meanings, tuple((theirs[:-1], ours) for theirs, ours in longest_first), otherwise)


def _meaning(value: Any) -> Meaning:
    return Meaning(value) if isinstance(value, str) else Meaning(value["is"], bool(value.get("noted")))
