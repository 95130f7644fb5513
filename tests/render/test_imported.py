"""What an import brought in, as people read it (IMP-1)."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime

from carecli.domain.import_report import ImportReport, StateMeant
from carecli.render import documents, terminal
from carecli.render.imported import import_page
from carecli.render.screen import Screen
from carecli.render.sheet import Section

REPORT = ImportReport(
    cases=890,
    known=12,
    events=11968,
    refused=((4, "state '\x1b[31m-100' means nothing"), (17, "3 columns instead of 36; from line 9 on")),
    shifted=tuple(range(100, 130)),
    breaches=668,
    accounts=1,
    contacts=639,
    staff=350,
    dry_run=True,
    source="ServiceNow incident log",
    grown=3,
    refused_total=12_000,
    garbled=(7,),
    first_at=datetime(2016, 2, 29, 0, 16, tzinfo=UTC),
    last_at=datetime(2016, 4, 1, 8, 0, tzinfo=UTC),
    states=(StateMeant("Awaiting User Info", "info-required-from-customer", 642), StateMeant("New", "new", 890)),
    standing={"closed": 880, "open": 10},
)

AT_80 = """\
Import
  read as: ServiceNow incident log
  from 2016-02-29 01:16 CET to 2016-04-01 10:00 CEST
  would bring in 890 cases with 11,968 events
  12 cases known already, 3 of them with something new
  1 account and 639 contacts made
  350 staff made
  668 breaches in the past
  they stand: 880 closed, 10 open
  30 rows taken at the time of an earlier one, lines 100, 101, 102, 103, 104,
  105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119 and
  more
  1 row with bytes that are no text in the file's encoding, line 7

States
Their state         Here                         Updates
────────────────────────────────────────────────────────
Awaiting User Info  info-required-from-customer      642
New                 new                              890

Left out: 12,000
Line  Left out because
─────────────────────────────────────────────
   4  state '-100' means nothing
  17  3 columns instead of 36; from line 9 on
the first 2 of 12,000
"""
AT_120 = """\
Import
  brought in 1 case with 5 events
  0 cases known already
  1 account and 1 contact made
  2 staff made
  0 breaches in the past
"""


def drawn(sections: Sequence[Section], columns: int) -> str:
    """A page on a screen of so many columns, without the blanks at the ends of its lines."""
    out = io.StringIO()
    terminal.write(sections, out, Screen(True, False, columns))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def test_a_trial_at_80_columns() -> None:
    """IMP-1: what would be brought in, their states, each line with its reason; no escape is obeyed."""
    assert drawn(import_page(REPORT, "Europe/Berlin"), 80) == AT_80


def test_a_plain_import_says_no_more_than_there_is() -> None:
    """IMP-1: what did not happen is not told."""
    plain = ImportReport(1, 0, 5, (), (), 0, 1, 1, 2)
    assert drawn(import_page(plain), 120) == AT_120


def test_the_document_says_the_same() -> None:
    """IMP-1: the JSON holds every figure of the page, instants in UTC."""
    document = documents.imported(REPORT)
    assert (document["refused_total"], document["garbled"], document["grown"]) == (12_000, [7], 3)
    assert (document["first_at"], document["last_at"]) == ("2016-02-29T00:16:00Z", "2016-04-01T08:00:00Z")
    assert document["states"][1] == {"state": "New", "becomes": "new", "updates": 890}
    assert document["standing"] == {"closed": 880, "open": 10}
    assert documents.imported(ImportReport(1, 0, 5, ((2, "x"),), (), 0, 1, 1, 2))["refused_total"] == 1
