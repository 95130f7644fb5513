"""What a desk does with a new case at once: its component, its checklist, its assessment, its owner."""

from pathlib import Path
from typing import Any

import pytest
from desk_fixtures import ABC, ADA, BEN, DANA, FORM, SAM, Office

from carecli.desk import cases, choosing, directory, intake, reading
from carecli.desk.attachments import taking
from carecli.domain.case import Case
from carecli.domain.events import Kind
from carecli.domain.vocabulary import Metric, Priority, Status, Via
from carecli.errors import Invalid, NotFound, Refused
from carecli.render import documents

ROUTING = "Calls are routed to the wrong queue since the routing strategy was changed this morning at nine."
COMPLETE = {
    "users_affected": "40",
    "frequency": "always",
    "observed_at": "2026-03-02T08:00:00Z",
    "steps": "Call.",
    "troubleshooting": "Nothing.",
}


@pytest.fixture
def parts(office: Office) -> Office:
    """An account whose service has components."""
    components = ["Voice=Routing", "Voice=Recording", "Voice=IVR"]
    directory.edit_account(office.by(ADA, "Mon 08:00"), ABC, components=components)
    return office


def under(office: Office, tmp_path: Path, text: str) -> Office:
    """The office under a policy of its own."""
    file = tmp_path / "own.toml"
    file.write_text(f'name = "own"\n{text}\n')
    office.setting("Mon 08:30", policy=str(file))
    return office


def opened(office: Office, **form: Any) -> Case:
    """A new case as it is stored."""
    return office.case(office.open("Mon 09:00", **form))


def test_the_component_is_chosen_by_the_words(parts: Office) -> None:
    """OPEN-6: where none is named the words choose, and what was weighed is kept; a named one is left alone."""
    case = opened(parts, subject="Routing is wrong", description=ROUTING)
    assert case.component == "Routing"
    kept = case.intake["selection"]
    assert (kept["component"], kept["by"], kept["candidates"][0]["component"]) == ("Routing", "words", "Routing")
    assert 1 <= len(kept["candidates"]) <= intake.CANDIDATES
    named = opened(parts, subject="Routing is wrong", description=ROUTING, component="ivr")
    assert (named.component, "selection" in named.intake) == ("IVR", False)
    none = opened(parts, service="Wallboard", description=ROUTING)
    assert (none.component, "selection" in none.intake) == (None, False)
    with pytest.raises(NotFound):
        opened(parts, component="Fax")


def test_the_choice_is_offered_before_it_is_made(parts: Office) -> None:
    """OPEN-6: what the form shows is what the opening chooses; a contact who stands for an account is enough."""
    form = FORM._replace(service="voice", deployment="west", contact=DANA, description=ROUTING)
    desk = parts.by(SAM, "Mon 09:00")
    known = choosing.choices(desk, form)["component"]
    assert known == ("Routing", "Recording", "IVR")
    assert choosing.weighed(desk, form, known).component == "Routing"
    assert choosing.account_of(desk, form) == ABC
    assert choosing.choices(desk, form._replace(service="Wallboard"))["component"] == ()


def test_the_checklist_is_kept(office: Office) -> None:
    """OPEN-5: the answers are kept on the case, for both sides to read; odd ones are refused."""
    number = office.open("Mon 09:00", checklist={"help": True, "reproduced": False})
    for who in (DANA, SAM):
        shown = documents.case(reading.show(office.by(who, "Mon 10:00"), number))
        assert shown["checklist"] == {"help": True, "reproduced": False}
    assert documents.case(reading.show(office.by(SAM, "Mon 10:00"), office.open("Mon 09:00")))["checklist"] is None
    with pytest.raises(Invalid, match="checklist of problem: 'horoscope'"):
        office.open("Mon 09:00", checklist={"horoscope": True})


def test_the_assessment_is_for_staff(office: Office) -> None:
    """ROUTE-1, DC-3: staff see what the desk makes of a case; a contact does not, on no page and in no event."""
    number = office.open("Mon 09:00", fields={"users_affected": "250"})
    kept = office.case(number).intake["assessment"]
    assert (kept["criticality"], kept["missing"][0]) == ("critical", "frequency")
    staff, contact = office.by(SAM, "Mon 10:00"), office.by(DANA, "Mon 10:00")
    assert "assessment" in (reading.show(staff, number).texts or {})["intake"]
    assert "assessment" in reading.log(staff, number)[0].event.data["intake"]
    own = cases.update(contact, number, "Here is more.")
    for view in (reading.show(contact, number), own):
        assert "assessment" not in str(view.texts)
        assert "assessment" not in str([entry.event.data for entry in view.updates])
    assert "assessment" not in str([entry.event.data for entry in reading.log(contact, number)])
    assert office.differences() == []


def test_an_incomplete_problem_is_asked_about(office: Office, tmp_path: Path) -> None:
    """ROUTE-1, SLA-3, FU-1: the desk asks for what is missing, the ladder starts, and no response is met by it."""
    under(office, tmp_path, "[routing]\nask_incomplete = true")
    number = office.open("Mon 09:00", fields={**COMPLETE, "steps": "", "frequency": " "})
    case = office.case(number)
    assert case.status is Status.AWAITING_INFO
    assert office.kinds(number, Kind.OPENED, Kind.ASKED) == ["2026-03-02 09:00 opened", "2026-03-02 09:00 asked"]
    asked = office.history(number)[1].event
    assert (asked.actor, "how often it happens" in asked.data["text"]) == ("system", True)
    assert "what was tried" not in asked.data["text"]
    assert office.clock(number, Metric.RESPONSE).met_at is None
    assert office.clock(number, Metric.RESTORATION).paused_at is not None
    assert case.followup is not None
    assert [mail.kind.value for mail in office.mails(number)] == ["acknowledgement", "request"]
    cases.update(office.by(DANA, "Mon 10:00"), number, "Always; by calling.")
    assert office.case(number).status is Status.OPEN
    assert office.differences() == []


@pytest.mark.parametrize("complete", [{"fields": COMPLETE}, {"subtype": "question"}])
def test_what_is_complete_is_not_asked_about(office: Office, tmp_path: Path, complete: dict[str, Any]) -> None:
    """ROUTE-1: a complete problem, and a question, are left open."""
    under(office, tmp_path, "[routing]\nask_incomplete = true")
    assert opened(office, **complete).status is Status.OPEN
    assert opened(office, **complete).intake["assessment"]["missing"] == []


def test_nobody_is_asked_by_default(office: Office) -> None:
    """ROUTE-1: the policy that `care` ships leaves the asking to people."""
    assert opened(office).status is Status.OPEN
    assert opened(office).owner is None


def test_the_least_loaded_gets_it(office: Office, tmp_path: Path) -> None:
    """ROUTE-1: where the policy says so, a new case has an owner from its opening on: who has the fewest."""
    under(office, tmp_path, '[routing]\nassign = "least-loaded"')
    owners = [opened(office).owner for _ in range(3)]
    assert None not in owners
    assert len(set(owners)) == 3
    number = office.open("Mon 09:10")
    assert office.history(number)[0].event.data["owner"] == office.case(number).owner


def test_a_channel_is_judged_as_soon_as_it_can_be(office: Office) -> None:
    """OPEN-8, OPEN-9: what the plan's channels do not allow is told at the priority, before anything is opened."""
    with pytest.raises(Refused, match="Critical is set"):
        choosing.check_channel(office.by(DANA, "Mon 09:00"), FORM._replace(priority=Priority.CRITICAL), None)
    care = FORM._replace(contact="lena@harbor.example")
    with pytest.raises(Refused, match="phone support for Critical"):
        choosing.check_channel(office.by(BEN, "Mon 09:00"), care, None)
    choosing.check_channel(office.by(BEN, "Mon 09:00"), care._replace(priority=Priority.CRITICAL), Via.PHONE)
    choosing.check_channel(office.by(BEN, "Mon 09:00"), FORM, None)  # whose case it is, nobody knows yet


def test_files_come_with_the_opening(office: Office, tmp_path: Path) -> None:
    """ATT-1: files that were taken in are on the case in the same moment, or neither is there."""
    file = tmp_path / "trace.log"
    file.write_text("nothing to see\n")
    desk = office.by(DANA, "Mon 09:00")
    staged = taking.stage(desk, [str(file)], taking.Handling())
    before = office.dump()
    intake.rehearse(desk, FORM)
    with pytest.raises(Invalid):
        intake.open_case(desk, FORM._replace(subject=None), staged=staged)
    assert office.dump() == before
    opened = intake.open_case(desk, FORM, staged=staged)
    number = opened.view.case.number
    assert office.kinds(number) == ["2026-03-02 09:00 opened", "2026-03-02 09:00 attached"]
    with pytest.raises(Invalid, match="missing"):
        intake.rehearse(desk, FORM._replace(subject=None))
