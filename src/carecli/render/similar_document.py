"""Cases that may be about the same issue, as the JSON that scripts read."""

from typing import Any

from carecli.domain.numbers import written
from carecli.domain.similar import Similar

KEYS = ("number", "subject", "status", "account", "likeness", "near")


def similar(one: Similar) -> dict[str, Any]:
    """A case and how like the text it is."""
    return {
        "number": written(one.number),
        "subject": one.subject,
        "status": one.status,
        "account": one.account,
        "likeness": one.likeness,
        "near": one.near,
    }
