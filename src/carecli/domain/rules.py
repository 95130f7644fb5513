"""The rules a case was opened under: its policy and its business time, pinned together (SLA-8)."""

from collections.abc import Callable
from typing import NamedTuple

from carecli.domain.business_time import BusinessTime
from carecli.domain.policy import Policy


class Rules(NamedTuple):
    """Everything that time is counted by for one case."""

    policy: Policy
    calendar: BusinessTime


RulesFor = Callable[[str, str], Rules]
"""Finds rules by the content hashes of a policy and a calendar."""
