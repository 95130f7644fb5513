"""The JSON documents, key by key as the contract has them."""

from render.pages import case, page, report, view

from carecli.domain.import_report import ImportReport
from carecli.domain.views import CaseView
from carecli.render import case_document, documents, tick_document

CASE = {
    "number": "0000000042",
    "type": "support",
    "subtype": "problem",
    "stage": "production",
    "account": "ABC Testing Co",
    "plan": "business-care",
    "owner": "ben@desk.example",
    "priority": "high",
    "severity": 2,
    "status": "awaiting-info",
    "substatus": "info-required-from-customer",
    "escalated": False,
    "opened_at": "2026-03-02T14:00:00Z",
    "closed_at": None,
    "closed_by": None,
    "via": "portal",
    "followup": {
        "round": 1,
        "requested_at": "2026-03-02T15:00:00Z",
        "stage": 0,
        "next_at": "2026-03-04T15:00:00Z",
        "held": False,
    },
    "links": [{"kind": "follows", "number": "0000000007"}],
}


def test_a_case() -> None:
    """CLI: a case has the contract's keys, instants in UTC, its number as a string."""
    document = documents.case(view())
    assert {key: document[key] for key in CASE} == CASE
    assert document["clocks"][0] == {
        "metric": "response",
        "cycle": 1,
        "target": "2bh",
        "state": "met",
        "started_at": "2026-03-02T14:00:00Z",
        "due_at": "2026-03-02T16:00:00Z",
        "warn_at": "2026-03-02T15:30:00Z",
        "met_at": "2026-03-02T15:00:00Z",
        "breached_at": None,
        "paused_at": None,
        "used_s": 3600,
    }


def test_a_case_without_clocks_or_ladder() -> None:
    """CLI: `clocks` is [] and `followup` null where none applies."""
    document = documents.case(CaseView.of(case(clocks=(), followup=None)))
    assert (document["clocks"], document["followup"]) == ([], None)


def test_a_row_is_a_case_without_its_long_texts() -> None:
    """CLI: a list row has the same keys but for the long texts."""
    whole, row = documents.case(view()), case_document.case_row(page().views[0])
    told = {"description", "impact", "fields", "root_cause", "updates"}
    kept = {
        "release",
        "defect",
        "articles",
        "checklist",
        "component_candidates",
        "attachments",
        "incident",
        "maintenance",
    }
    assert set(whole) - set(row) == told | kept
    assert set(case_document.case_page(page(), [])) == {"cases", "total", "page", "pages", "tabs"}


def test_a_tick() -> None:
    """TICK-2: the tick's document has the contract's keys."""
    document = tick_document.tick(report())
    assert document["breaches"][0] == {
        "number": "0000000043",
        "metric": "response",
        "priority": "critical",
        "account": "ABC Testing Co",
        "owner": None,
        "due_at": "2026-03-02T21:00:00Z",
        "overdue_s": 3600,
        "new": True,
    }
    assert document["followups"][0]["action"] == "reminder"
    assert document["warnings"][0]["left_s"] == 3600
    assert document["mail"] == {"queued": 3, "sent": 2, "failed": 1}
    assert {"now", "last_tick_at", "fired", "closed", "deadlines", "next_due_at"} < set(document)


def test_an_import_report() -> None:
    """IMP-1: an import names each line that it left out, with the reason."""
    left_out = ImportReport(2, 1, 9, ((4, "no opening"),), (7,), 1, 0, 1, 1)
    document = documents.imported(left_out)
    assert document["refused"] == [{"line": 4, "reason": "no opening"}]
    assert document["shifted"] == [7]
