"""Maintenance windows as the JSON that scripts read (MNT-1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from carecli.domain.instants import iso

if TYPE_CHECKING:
    from carecli.domain.maintenance import Outlook, Planned
    from carecli.render.case_document import Document

ROW: Final = (
    *("starts_at", "ends_at", "services", "product", "account", "length_s", "zone", "going_on"),
    "advisory",
)


def outlook(told: Outlook, rows: Sequence[Document]) -> Document:
    """The windows to come, and the services that have none."""
    return {
        "now": iso(told.now),
        "until": iso(told.until),
        "account": told.account,
        "windows": list(rows),
        "without_windows": list(told.unplanned),
    }


def planned(one: Planned, told: Outlook) -> Document:
    """A window: `services` are the account's, none where no account was asked for.

    `product` is null where an advisory announced maintenance that no window planned.
    """
    return {
        "starts_at": iso(one.window.starts_at),
        "ends_at": iso(one.window.ends_at),
        "services": list(one.services),
        "product": None if one.advisory else one.window.product.title,
        "account": one.account,
        "length_s": one.window.length_s,
        "zone": one.window.zone,
        "going_on": one.going_on(told.now),
        "advisory": one.advisory,
    }
