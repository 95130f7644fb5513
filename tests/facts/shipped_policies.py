"""The policies that are shipped, whole, as a desk has them in force."""

from functools import cache
from typing import Any

from carecli.desk.policies import load

POLICIES = ("default", "guide", "process-2025")


@cache
def shipped(name: str) -> dict[str, Any]:
    """A shipped policy, completed from the default."""
    return load(name)
