"""The fields that a reader picks from a document or a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from carecli.errors import Invalid


def with_fields(document: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """The document with these fields alone; raises Invalid that lists the known ones."""
    check_fields(keys, list(document))
    return {key: document[key] for key in keys}


def check_fields(wanted: Sequence[str], known: Sequence[str]) -> None:
    """Refuse names that are not known, with those that are."""
    unknown = [name for name in wanted if name not in known]
    if unknown or not wanted:
        named = ", ".join(unknown) or "nothing"
        raise Invalid(f"no such field: {named}", hint=f"fields: {', '.join(known)}")
