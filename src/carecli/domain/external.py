"""Under which references of other desks an imported case is known (IMP-1)."""

from collections.abc import Iterator

from carecli.domain.events import Event


def references(opening: Event) -> Iterator[str]:
    """Under what an imported case is known, as its opening tells it; raises LookupError for damage."""
    data = opening.data
    if "imported_as" in data:
        yield data["imported_as"]
    elif "imported_revision" in data and "external" in data["fields"]:
        yield f"{data['account'].casefold()}/{data['fields']['external']}"
