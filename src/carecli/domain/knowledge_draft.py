"""What an article must be, and what is drafted of a case: public words, for staff to read over (KB-1, CLOSE-1)."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from carecli.domain import knowledge
from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.knowledge import SLUG_MAX, Draft
from carecli.domain.lifecycle import TEXT_MAX, encodable
from carecli.errors import Invalid

TITLE_MAX: Final = 200
NAMES_MAX: Final = 50
NAME_MAX: Final = 100

ANSWERS: Final = frozenset({Kind.PROPOSED, Kind.RESTORED, Kind.ESCALATION_ANSWERED})
"""What staff said that solves a case."""
TO_FILL: Final = "*(to be written)*"


def checked(draft: Draft) -> Draft:
    """The draft as it is kept, its names trimmed and each once; raises Invalid for what no article can be."""
    title = " ".join(draft.title.split())
    if not title:
        raise Invalid("an article needs a title", hint="give it with -s TITLE, or as a first line `# Title`")
    if len(title) > TITLE_MAX:
        raise Invalid(f"the title has {len(title)} characters; {TITLE_MAX} is the most", hint="shorten it")
    body = draft.body.strip()
    if not body:
        raise Invalid("the article has no text", hint="write it below the title")
    if len(body) > TEXT_MAX:
        raise Invalid(f"the article has {len(body):,} characters; {TEXT_MAX:,} is the most", hint="split it")
    named = draft._replace(
        title=title,
        body=body,
        slug=_slug(draft.slug or title),
        services=_names(draft.services, "services"),
        components=_names(draft.components, "components"),
        keywords=_names(draft.keywords, "keywords"),
    )
    if not all(map(_writable, (title, body, *named.services, *named.components, *named.keywords))):
        raise Invalid("the article holds what is no text: NUL or half a character", hint="save it as UTF-8")
    return named


def _slug(text: str) -> str:
    kept = knowledge.slug(text)
    if not kept or not encodable(kept):
        raise Invalid(f"no name can be made of {text[:40]!r}", hint="give one of letters and digits as `slug`")
    return kept[:SLUG_MAX]


def _names(given: Iterable[str], what: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(" ".join(name.split()) for name in given if name.strip()))
    if len(names) > NAMES_MAX or any(len(name) > NAME_MAX for name in names):
        raise Invalid(
            f"the {what} are too many or too long", hint=f"at most {NAMES_MAX}, of {NAME_MAX} characters each"
        )
    return names


def _writable(text: str) -> bool:
    return encodable(text) and "\0" not in text


class Private(NamedTuple):
    """What tells who was concerned: `names` in whatever letter case, and of `people` each single name too."""

    names: Sequence[str]
    people: Sequence[str] = ()


def of_case(case: Case, history: Sequence[Event], private: Private) -> Draft:
    """A draft from what both sides read of a case; what is `private` is left out.

    Notes for staff are never read, nor the impact, which is the customer's business.
    """
    answers = [e.data["text"] for e in history if e.public and e.kind in ANSWERS and e.data.get("text")]
    closing = [e.data["text"] for e in history if e.public and _closed_by_staff(e, case)]
    sections = {
        "Problem": case.description,
        "Environment": " / ".join(part for part in (case.service, case.component, case.stage) if part),
        "Resolution": "\n\n".join([*answers[-2:], *closing[-1:]]),
        "Root cause": case.root_cause or "",
    }
    body = "\n\n".join(f"## {title}\n\n{text.strip() or TO_FILL}" for title, text in sections.items())
    return Draft(
        without(_printable(case.subject), private)[:TITLE_MAX],
        without(_printable(body), private)[:TEXT_MAX],
        services=(case.service,) if case.service else (),
        components=(case.component,) if case.component else (),
    )


def _printable(text: str) -> str:
    return "".join(c for c in text if c.isprintable() or c in "\n\t")


def _closed_by_staff(event: Event, case: Case) -> bool:
    by_customer = event.actor.casefold() == case.contact.casefold() or "logged_by" in event.data
    return event.kind is Kind.CLOSED and bool(event.data.get("text")) and not by_customer


MARK: Final = "[removed]"
ADDRESS: Final = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"


SHORTEST_NAME: Final = 3
"""Shorter ones are left in: they are parts of too much else."""


def without(text: str, private: Private) -> str:
    """The text with a mark where a mail address or something private stood.

    A single name of a person counts where it has a capital, as written: Mark is one, and to mark is none.
    """
    # Imported here: few commands write articles.
    import re

    whole = _any([*private.names, *private.people], text)
    marked = re.sub("|".join(filter(None, (ADDRESS, whole))), MARK, text, flags=re.IGNORECASE)
    alone = _any((part for name in private.people for part in _parts(name) if part[0].isupper()), marked)
    return re.sub(alone, MARK, marked) if alone else marked


def _any(names: Iterable[str], text: str) -> str:
    """A pattern for those of the names that a text may hold, the longest first; empty for none."""
    import re

    # An account may have thousands of people, of whom a case names few.
    said = set(_parts(text.casefold()))
    known = {name.strip() for name in names if len(name.strip()) >= SHORTEST_NAME}
    held = sorted(name for name in known if (parts := _parts(name.casefold())) and said.issuperset(parts))
    longest = sorted(held, key=len, reverse=True)
    told = "|".join(r"\s+".join(map(re.escape, name.split())) for name in longest)
    # An underline joins the words of a file's name.
    return rf"(?<![^\W_])(?:{told})(?![^\W_])" if told else ""


def _parts(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in text).split()
