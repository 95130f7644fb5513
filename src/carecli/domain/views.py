"""What a reader is shown: cases with their clocks read at an instant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from carecli.domain.attachment import Attachment
    from carecli.domain.case import Case
    from carecli.domain.events import Recorded


class CaseView(NamedTuple):
    """A case as one reader may see it, in the JSON values that the record keeps (`case_state`).

    `texts` is None in a list; `used_s` stands beside the clocks; `updates` come newest first. A script's
    JSON is made straight from these; a table asks for `case`.
    """

    state: Mapping[str, Any]
    texts: Mapping[str, Any] | None = None
    used_s: tuple[int, ...] = ()
    updates: tuple[Recorded, ...] = ()
    snippet: str | None = None
    attachments: tuple[Attachment, ...] = ()
    """Those that its reader may know of, without what tells of events that are not his to see (DC-3)."""

    @property
    def case(self) -> Case:
        """The case itself; in a list its long texts are empty."""
        from carecli.domain import case_state

        return case_state.case(self.state, self.texts or case_state.NO_TEXTS)

    @classmethod
    def of(
        cls,
        case: Case,
        used_s: tuple[int, ...] = (),
        updates: tuple[Recorded, ...] = (),
        snippet: str | None = None,
    ) -> CaseView:
        """The view of a case at hand."""
        from carecli.domain import case_state

        return cls(case_state.state(case), case_state.texts(case), used_s, updates, snippet)


class CasePage(NamedTuple):
    """A page of a list or search (FIND-1, FIND-3)."""

    views: tuple[CaseView, ...]
    total: int
    page: int
    pages: int
    tabs: dict[str, int]
    ranked: int | None = None


class CaseFlow(NamedTuple):
    """All that a list finds, read once, as it is asked for; the page tells of the whole, without views (EXP-1)."""

    page: CasePage
    views: Iterator[CaseView]
