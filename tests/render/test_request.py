"""Requests on screens and in documents: how far they are, and who has signed what (SR-1)."""

import io
from collections.abc import Sequence
from typing import Any

import pytest
from render.pages import ZONE, case, hours

from carecli.domain.case import Case
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.request import Paper, PaperKind, Request, RequestStage, Signature
from carecli.domain.views import CaseView
from carecli.domain.vocabulary import CaseType, Standing, Status, Substatus, Via, Visibility
from carecli.render import case_document, delimited, terminal
from carecli.render import request as requests
from carecli.render.screen import Screen
from carecli.render.sheet import Section, Sheet
from carecli.render.views import case_page

DANA, SAM = "dana@abc.example", "sam@desk.example"
OPEN = Standing(Status.OPEN, Substatus.NEW)
BY_DANA, BY_SAM = Signature(DANA, hours(1)), Signature(SAM, hours(2))
HOSTILE = "order [red]42[/red]\x1b[31m.pdf"
PAPERS = (
    Paper("1", HOSTILE, "ab" * 32, PaperKind.ORDER, BY_DANA),
    Paper("2", "sow.pdf", "cd" * 32, PaperKind.SOW, BY_DANA, BY_SAM),
)


def requested(
    stage: RequestStage = RequestStage.ACCEPTED, papers: tuple[Paper, ...] = PAPERS, **more: Any
) -> Case:
    """A change request that was submitted twice."""
    values = {"type": CaseType.SERVICE_REQUEST, "subtype": "change-request", "clocks": (), "followup": None}
    return case(
        **{**values, "standing": OPEN, "fields": {"change": "add"}, "request": Request(stage, 2, papers), **more}
    )


def on_terminal(sections: Sequence[Section], width: int) -> str:
    out = io.StringIO()
    terminal.write(sections, out, Screen(terminal=True, color=False, width=width))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def shown(one: Case) -> Sheet:
    found = requests.sheet(one, ZONE)
    assert found is not None
    return found


AT_80 = """\
Documents of the request  times in America/New_York
File  Document              Customer          Customer Care     Care signed
────────────────────────────────────────────────────────────────────────────────
1     order [red]42[/red]…  dana@abc.example  not signed
2     sow.pdf               dana@abc.example  sam@desk.example  2026-03-02 11:00
to be signed: care request sign 0000000042"""

AT_120 = """\
Documents of the request  times in America/New_York
File  Document                 Kind               Customer          Customer signed   Customer Care     Care signed
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
1     order [red]42[/red].pdf  Services Order     dana@abc.example  2026-03-02 10:00  not signed
2     sow.pdf                  Statement Of Work  dana@abc.example  2026-03-02 10:00  sam@desk.example  2026-03-02 11:00
to be signed: care request sign 0000000042"""  # noqa: E501


@pytest.mark.parametrize(("width", "screen"), [(80, AT_80), (120, AT_120)])
def test_the_documents_at_a_terminal(width: int, screen: str) -> None:
    """SR-1: each document with who of both sides has signed it, the hash where there is room for it."""
    assert on_terminal([shown(requested())], width) == screen


def test_the_documents_in_a_pipe() -> None:
    """SR-1, EXP-1: away from a terminal everything stands there, whole, and no escape of a file's name."""
    out = io.StringIO()
    delimited.write_tsv(shown(requested()), out, color=False)
    first, order, sow = out.getvalue().splitlines()[:3]
    assert first.split("\t") == [column.key for column in requests.COLUMNS]
    assert "\x1b" not in order
    assert order.split("\t")[3:] == ["ab" * 32, DANA, "2026-03-02T15:00:00Z", "", ""]
    assert sow.split("\t")[2:] == [
        "statement-of-work",
        "cd" * 32,
        *(DANA, "2026-03-02T15:00:00Z"),
        *(SAM, "2026-03-02T16:00:00Z"),
    ]


SIGNED = tuple(paper._replace(customer=BY_DANA, care=BY_SAM) for paper in PAPERS)
STAGES: list[tuple[RequestStage, tuple[Paper, ...], list[str]]] = [
    (RequestStage.SUBMITTED, (), []),
    (RequestStage.ACKNOWLEDGED, (), []),
    (
        RequestStage.REJECTED,
        (),
        ["rejected as it is, submit it again with: care request resubmit 0000000042 -m TEXT"],
    ),
    (RequestStage.ACCEPTED, PAPERS, []),
    (
        RequestStage.ACCEPTED,
        tuple(paper._replace(customer=None) for paper in PAPERS),
        ["accepted, read its documents with care attachment get, sign with: care request sign 0000000042"],
    ),
    (RequestStage.ACCEPTED, SIGNED, []),
]


@pytest.mark.parametrize(("stage", "papers", "ways"), STAGES)
def test_what_the_customer_can_do(stage: RequestStage, papers: tuple[Paper, ...], ways: list[str]) -> None:
    """SR-1, TICK-3: `show` names how far the request is, and the command that is the customer's next."""
    one = requested(stage, papers)
    page = on_terminal(case_page(CaseView.of(one), ZONE, hours(3)), 120)
    line = next(line for line in page.splitlines() if line.startswith("Request "))
    assert line.split(maxsplit=1)[1] == f"{stage.title()}, submitted 2 times"
    assert [*requests.ways_out(one)] == ways
    assert all(way in page for way in ways)
    closed = one._replace(standing=Standing(Status.CLOSED, Substatus.CANCELLED), closed_at=hours(2))
    assert [*requests.ways_out(closed)] == []


def test_other_cases_tell_of_no_request() -> None:
    """SR-1: a case that is no request has neither stage nor documents."""
    assert (requests.stage(case()), requests.sheet(case(), ZONE)) == (None, None)
    assert case_document.case(CaseView.of(case()))["request"] is None


def test_the_document() -> None:
    """CLI: scripts read the stage, how often it was submitted, and each signature with its moment."""
    told = case_document.case(CaseView.of(requested()))["request"]
    assert (told["stage"], told["cycle"]) == ("accepted", 2)
    assert told["documents"][0] == {
        "file": "1",
        "name": HOSTILE,
        "kind": "services-order",
        "sha256": "ab" * 32,
        "signed_by_customer": {"by": DANA, "at": "2026-03-02T15:00:00Z"},
        "signed_by_care": None,
    }


EVENTS: list[tuple[Kind, dict[str, Any], list[str]]] = [
    (
        Kind.REQUEST_SIGNED,
        {"party": "customer", "documents": [{"file": "1", "name": "order.pdf", "sha256": "ab" * 32}]},
        [f"signed: order.pdf, SHA-256 {'ab' * 32}"],
    ),
    (Kind.REQUEST_REJECTED, {"addressed": ["sue@success.example"]}, ["told to sue@success.example"]),
    (Kind.REQUEST_REJECTED, {"addressed": []}, []),
    (
        Kind.CHANGE_APPROVED,
        {"person": DANA, "changes": {"phone": [None, "+1 555 1"]}, "pin_reset": False},
        [f"phone of {DANA}: - -> +1 555 1"],
    ),
    (
        Kind.CHANGE_APPROVED,
        {"person": DANA, "changes": {}, "pin_reset": True},
        [f"PIN of {DANA}: taken away, to be set anew"],
    ),
    # An escalation names addresses too, and tells of them by itself.
    (Kind.ESCALATION_WITHDRAWN, {"addressed": [SAM]}, []),
]


@pytest.mark.parametrize(("kind", "data", "lines"), EVENTS)
def test_what_an_event_tells(kind: Kind, data: dict[str, Any], lines: list[str]) -> None:
    """SR-1, ADM-1: what was signed by its hash, who was told, and what became of what was asked for."""
    event = Event(hours(1), SAM, Via.DESK, kind, Visibility.PUBLIC, {"text": None, **data})
    assert [*requests.told(event)] == lines
    page = case_page(CaseView.of(requested(), updates=(Recorded(9, 42, 2, event, "d"),)), ZONE, hours(3))
    assert all(line in on_terminal(page, 200) for line in lines)
