"""The services order that the desk draws up itself where Customer Care gives none of its own (SR-1)."""

from collections.abc import Iterator

from carecli.domain.case import Case
from carecli.domain.numbers import written


def name(case: Case) -> str:
    """What its file is called."""
    return f"services-order-{written(case.number)}.md"


def drawn_up(case: Case, text: str | None) -> str:
    """The order as Markdown: what was asked for, and what Customer Care says that it will do, for both to sign.

    It names no person: who signs it stands in the record, beside its hash.
    """
    return "\n\n".join(_parts(case, text)) + "\n"


def _parts(case: Case, text: str | None) -> Iterator[str]:
    yield f"# Services order for request {written(case.number)}"
    yield "\n".join(f"- {label}: {value}" for label, value in _facts(case))
    yield f"## Asked for\n\n{case.description.strip()}"
    if text and text.strip():
        yield f"## Customer Care will do\n\n{text.strip()}"


def _facts(case: Case) -> Iterator[tuple[str, str]]:
    yield "Customer", case.account
    if case.service:
        yield "Service", " / ".join(filter(None, (case.deployment, case.service)))
    yield "Request", case.subject
    yield from ((name.replace("_", " ").capitalize(), str(value)) for name, value in sorted(case.fields.items()))
