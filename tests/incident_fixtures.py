"""An incident on a real desk, whom it affects, and its course to the end (INC-1..3)."""

import pytest
from desk_fixtures import ADA, DANA, LENA, SAM, Office
from notation import when

from carecli.desk import cases, directory
from carecli.desk.incidents import affecting, declaring
from carecli.domain.deadline import DeadlineKind
from carecli.domain.vocabulary import Access, Plan

MILL, MAX = "Mill & Sons", "max@mill.example"
TITLE = "Calls drop on one of two relays"


@pytest.fixture
def outage(office: Office) -> tuple[int, int]:
    """An incident of ABC, described, and a case of Harbor Clinic that it affects."""
    own, far = office.open("Mon 09:00", DANA), office.open("Mon 09:05", LENA, subject="No sound")
    declaring.declare(
        office.by(SAM, "Mon 09:30"), own, {"title": TITLE, "details": "A relay failed."}, {}, when("Mon 08:30")
    )
    affecting.affect(
        office.by(SAM, "Mon 09:40"), own, [far], [], "ABC Testing Co has it too. Use the other trunk."
    )
    return own, far


@pytest.fixture
def mill(office: Office) -> str:
    """An account without a case, and its people."""
    ada = office.by(ADA, "Mon 08:00")
    directory.add_account(ada, MILL, plan=Plan.CARE, deployments=["North"], services=["Voice"])
    for email, level in ((MAX, Access.READ_WRITE), ("ro@mill.example", Access.READ_ONLY)):
        directory.add_contact(ada, email, account=MILL, access_level=level, trained=True)
    return MILL


def over(office: Office, number: int) -> None:
    """Restore the service, hold the post-mortem, and say how it was restored."""
    cases.restore(office.by(SAM, "Mon 12:00"), number, "Dana, your calls go over the other relay now.")
    declaring.hold_post_mortem(office.by(SAM, "Tue 12:00"), number, "Present: Sam.", "A full disk.")
    declaring.describe(office.by(SAM, "Tue 12:30"), number, {"restoration": "Calls were moved."}, {})


def due(office: Office, number: int) -> list[tuple[DeadlineKind, str | None, bool]]:
    """The deadlines of a case: kind, what about, whether still open."""
    return [(one.kind, one.about, one.open) for one in office.case(number).deadlines]
