"""A policy, and what is wrong with one, as the JSON that scripts read (SLA-8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from carecli.domain.policy_diff import Setting
    from carecli.domain.policy_views import Judged, Listed, PolicyView
    from carecli.render.case_document import Document


def policy(view: PolicyView) -> Document:
    """A complete policy with its content hash; `file` and `number` say how it was found."""
    return {
        "name": view.document["name"],
        "digest": view.digest,
        "source": view.source,
        "file": view.of if view.source == "file" else None,
        "number": view.of if view.source == "case" else None,
        "in_force": view.in_force,
        "policy": dict(view.document),
    }


def judged(verdicts: Sequence[Judged]) -> Document:
    """Policies with everything wrong with them, or else what looks like a slip."""
    return {
        "valid": not any(one.problems for one in verdicts),
        "policies": [
            {"file": one.file or None, "problems": list(one.problems), "warnings": list(one.warnings)}
            for one in verdicts
        ],
    }


def listed(row: Listed) -> Document:
    """A policy that can be named."""
    return row._asdict()


def differences(old: PolicyView, new: PolicyView, rows: Sequence[Document]) -> Document:
    """Two policies, and the settings in which they differ."""
    return {"old": _named(old), "new": _named(new), "differences": rows}


def _named(view: PolicyView) -> Document:
    return {key: value for key, value in policy(view).items() if key not in {"policy", "in_force"}}


def difference(row: Setting) -> Document:
    """A setting that differs; null where one of the policies has none."""
    return row._asdict()
