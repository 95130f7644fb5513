"""An incident and its actions on screens of 80 and 120 columns (INC-1..3)."""

import io
from collections.abc import Sequence

import pytest
from render.pages import ZONE, case, hours

from carecli.domain.case import Case
from carecli.domain.deadline import Deadline, DeadlineKind
from carecli.domain.incident import Action, Affected, Asked, Incident
from carecli.domain.vocabulary import CaseType
from carecli.render import incident_document, terminal
from carecli.render.incident import listed_sheet, page
from carecli.render.screen import Screen
from carecli.render.sheet import Section

BEN = "ben@desk.example"
INCIDENT = Incident(
    declared_at=hours(1),
    declared_by=BEN,
    started_at=hours(0),
    restored_at=hours(3),
    title="Calls drop [red]on[/red] one of\x1b[31m two relays",
    details="A relay failed.",
    specifics=(("Harbor Clinic", "The night line was down."),),
    affected=(
        Affected("Harbor Clinic", 43, hours(1)),
        Affected("Dairy Co", None, hours(1), ("max@dairy.example",)),
    ),
    actions=(
        Action(1, "Alert on disk space of both relays, and page whoever is on call", BEN, hours(30)),
        Action(2, "A third relay", "ada@desk.example", hours(60), hours(40), BEN),
    ),
    asked=(Asked("Harbor Clinic", 43, hours(2), "lena@harbor.example"),),
    sent=(("Dairy Co", hours(26)),),
)
DUE = (
    Deadline(1, DeadlineKind.POST_MORTEM, hours(3), hours(27), "2bd", missed_at=hours(27)),
    Deadline(2, DeadlineKind.ACTION, hours(3), hours(30), None, "1. Alert on disk space", BEN),
)
AT_80 = """\
Incident 0000000042  Calls drop [red]on[/red] one of two relays  times in
America/New_York
Status         Awaiting Info / Info Required from Customer
Title          Calls drop [red]on[/red] one of two relays
Account        ABC Testing Co
Began          2026-03-02 09:00
Declared       2026-03-02 10:00
Service back   2026-03-02 12:00
Affects        Harbor Clinic, case 0000000043
Affects        Dairy Co, told by mail
Due            Post-mortem by 2026-03-03 12:00 EST, missed
Due            Action (1. Alert on disk space) by 2026-03-03 15:00 EST
Report wanted  by Harbor Clinic, asked 2026-03-02 11:00 EST
Report sent    to Dairy Co, 2026-03-03 11:00

Details
  A relay failed.

For Harbor Clinic
  The night line was down.

Actions  times in America/New_York
#  Action                    Owner            Due               Done
────────────────────────────────────────────────────────────────────────────────
1  Alert on disk space of …  ben@desk.examp…  2026-03-03 15:00
2  A third relay             ada@desk.examp…  2026-03-04 21:00  2026-03-04 01:00
"""
LISTED_AT_120 = """\
Open actions  times in America/New_York
Incident    #  Action                                                           Owner             Due
──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
0000000042  1  Alert on disk space of both relays, and page whoever is on call  ben@desk.example  2026-03-03 15:00
"""


def incident() -> Case:
    """An incident that affects two more accounts."""
    return case(type=CaseType.INCIDENT, incident=INCIDENT, deadlines=DUE)


def drawn(sections: Sequence[Section], columns: int) -> str:
    """A page on a screen of so many columns, without the blanks at the ends of its lines."""
    out = io.StringIO()
    terminal.write(sections, out, Screen(True, False, columns))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def test_an_incident_at_80_columns() -> None:
    """INC-1, INC-2: whom it affects, what is due and what was missed; a hostile title stands there as text."""
    assert drawn(page(incident(), ZONE, hours(50)), 80) == AT_80


def test_open_actions_at_120_columns() -> None:
    """INC-3: which incident each belongs to, who does it and until when."""
    sheet = listed_sheet([(42, INCIDENT.actions[0])], ZONE, hours(50), title="Open actions")
    assert drawn([sheet], 120) == LISTED_AT_120


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_it_fits_any_screen(columns: int) -> None:
    """INC-1: no line is wider than the screen."""
    assert max(map(len, drawn(page(incident(), ZONE, hours(50)), columns).splitlines())) <= columns


def test_the_document() -> None:
    """INC-1: in JSON case numbers are strings, and there is nothing where there is no incident."""
    from carecli.domain import incident as incidents

    told = incident_document.incident(incidents.document(INCIDENT))
    assert told is not None
    assert [one["number"] for one in told["affected"]] == ["0000000043", None]
    assert told["sent"] == [{"account": "Dairy Co", "at": "2026-03-03T16:00:00Z"}]
    assert incident_document.incident(None) is None
    assert incidents.as_told(INCIDENT, "Harbor Clinic").affected == ()
