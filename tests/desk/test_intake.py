"""Opening a case on a real desk: what must be said, by whom, through which channel."""

from typing import Any

import pytest
from desk_fixtures import (
    ABC,
    BEN,
    BOB,
    DANA,
    FORM,
    HARBOR,
    LENA,
    OMAR,
    ROSA,
    SAM,
    Office,
    yes,
)
from notation import when

from carecli.desk import cases, intake, reading, severity
from carecli.domain.events import Kind
from carecli.domain.opening import Form
from carecli.domain.vocabulary import CaseType, Priority, Standing, Status, Substatus, Via
from carecli.errors import CareError, Invalid, NotFound, NotPermitted, Refused


def test_numbers_are_given_in_order_and_never_wasted(office: Office) -> None:
    """OPEN-1: numbers go up by one from 1; an opening that is refused takes none."""
    first = office.open("Mon 09:00")
    wrongs: tuple[dict[str, Any], ...] = ({"service": "Fax"}, {"description": "Short."}, {"account": HARBOR})
    for refused in wrongs:
        with pytest.raises(CareError):
            office.open("Mon 09:01", **refused)
    with pytest.raises(CareError):
        office.open("Mon 09:02", via=Via.PHONE)
    assert [first, office.open("Mon 09:03"), office.open("Mon 09:04", LENA)] == [1, 2, 3]
    cases.close(office.by(DANA, "Mon 10:00"), 2)
    assert office.open("Mon 11:00") == 4


def test_nobody_opens_an_incident(office: Office) -> None:
    """OPEN-1: an incident is made out of a support case by staff, never opened."""
    with pytest.raises(CareError):
        office.open("Mon 09:00", type=CaseType.INCIDENT)
    with pytest.raises(CareError):
        office.open("Mon 09:00", SAM, contact=DANA, type=CaseType.INCIDENT)


def test_usual_type_subtype_and_group(office: Office) -> None:
    """OPEN-2: a case is a support problem unless told otherwise, its group named after the service."""
    case = office.case(office.open("Mon 09:00"))
    assert (case.type, case.subtype, case.group) == (CaseType.SUPPORT, "problem", "Voice")
    assert case.standing == Standing(Status.OPEN, Substatus.NEW)
    with pytest.raises(Invalid, match="sub-type") as error:
        office.open("Mon 09:00", subtype="password-reset")
    assert "question" in str(error.value.hint)
    asked = office.case(
        office.open("Mon 09:00", type=CaseType.SERVICE_REQUEST, subtype="change-request", fields={"change": "add"})
    )
    assert (asked.subtype, asked.clocks) == ("change-request", ())


def test_everything_missing_is_named_at_once(office: Office) -> None:
    """OPEN-4: without a terminal the error names every missing field at once."""
    with pytest.raises(Invalid) as error:
        intake.open_case(office.by(DANA, "Mon 09:00"), Form())
    assert error.value.rule == "OPEN-4"
    for name in ("deployment", "service", "stage", "priority", "subject", "description", "impact"):
        assert name in error.value.message
        assert f"--{name}" in str(error.value.hint)
    assert "account" not in error.value.message


def test_staff_are_told_of_a_missing_contact_with_the_rest(office: Office) -> None:
    """OPEN-4 and OPEN-10: staff who name neither account nor contact hear of both with all the rest."""
    with pytest.raises(Invalid) as error:
        intake.open_case(office.by(SAM, "Mon 09:00"), Form())
    assert "account" in error.value.message
    assert "contact" in error.value.message
    assert "impact" in error.value.message


def test_what_is_asked_for_is_kept(office: Office) -> None:
    """OPEN-4: the further fields of a case are kept as they were given."""
    fields = {"users_affected": "40", "frequency": "hourly", "DNs": "4711-4720"}
    assert office.case(office.open("Mon 09:00", fields=fields)).fields == fields


def test_a_short_description_is_refused_with_count_and_prompts(office: Office) -> None:
    """OPEN-3: the refusal says how many words are missing and prints the prompts."""
    with pytest.raises(Refused) as error:
        office.open("Mon 09:00", description="Calls drop\nafter ten seconds.")
    assert (error.value.rule, "5 more" in error.value.message) == ("OPEN-3", True)
    assert "What are you experiencing?" in str(error.value.hint)
    assert "What errors" in str(error.value.hint)
    assert "configure" in str(error.value.hint)
    office.open("Mon 09:00", description=" ".join(["word"] * 10))
    with pytest.raises(Refused, match="1 more"):
        office.open("Mon 09:00", description=" ".join(["word"] * 9))


def test_a_subject_has_a_hundred_characters_at_most(office: Office) -> None:
    """OPEN-3: 100 characters are taken, 101 are refused, control characters too."""
    assert len(office.case(office.open("Mon 09:00", subject="é" * 100)).subject) == 100
    with pytest.raises(Refused, match="1 more than 100"):
        office.open("Mon 09:00", subject="é" * 101)
    for hostile in ("a\nb", "a\x1b[2Jb", "a\x00b", "a\x7fb"):
        with pytest.raises(Refused, match="control"):
            office.open("Mon 09:00", subject=hostile)


def test_the_phone_is_for_business_care_or_critical(office: Office) -> None:
    """OPEN-8: staff log openings on the phone for Business Care, and for Care only Critical ones."""
    sam = office.by(SAM, "Mon 09:00")
    business = intake.open_case(sam, FORM._replace(contact=DANA)).view.case
    assert (business.via, business.contact, business.priority) == (Via.PHONE, DANA, Priority.HIGH)
    with pytest.raises(Refused) as error:
        intake.open_case(sam, FORM._replace(contact=LENA), via=Via.PHONE)
    assert (error.value.rule, "Critical" in error.value.message) == ("OPEN-8", True)
    care = intake.open_case(sam, FORM._replace(contact=LENA, priority=Priority.CRITICAL), via=Via.PHONE)
    assert care.view.case.priority is Priority.CRITICAL
    assert care.view.case.fields["available_contact"] == LENA
    for via in (Via.PORTAL, Via.EMAIL, Via.DESK, Via.TICK):
        with pytest.raises(CareError):
            intake.open_case(sam, FORM._replace(contact=DANA), via=via)
    for via in (Via.PHONE, Via.EMAIL, Via.MONITORING, Via.DESK):
        with pytest.raises(Refused):
            office.open("Mon 09:00", via=via)


def test_critical_is_not_the_contacts_to_give(office: Office) -> None:
    """OPEN-9: a contact who asks for Critical is first told to submit High and call, with the number."""
    for who in (DANA, LENA):
        with pytest.raises(Refused) as error:
            intake.open_case(office.by(who, "Mon 09:00"), Form(priority=Priority.CRITICAL))
        assert error.value.rule == "OPEN-9"
        assert "high" in str(error.value.hint)
        assert "+1 555 010 0100" in str(error.value.hint)


def test_a_critical_case_names_who_is_available(office: Office) -> None:
    """OPEN-9: a Critical case records who is available at all times, by default the case's contact."""
    named = FORM._replace(contact=DANA, priority=Priority.CRITICAL, fields={"available_contact": OMAR})
    opened = intake.open_case(office.by(SAM, "Mon 09:00"), named).view.case
    assert opened.fields["available_contact"] == OMAR
    assert "available_contact" not in office.case(office.open("Mon 09:00")).fields


def test_a_case_raised_to_critical_names_who_is_available(office: Office) -> None:
    """OPEN-9: also a case raised to Critical on the phone records who is available at all times."""
    number = office.open("Mon 09:00")
    severity.change(office.by(SAM, "Mon 10:00"), number, Priority.CRITICAL, "On the phone.", confirm=yes)
    assert office.case(number).fields.get("available_contact") == DANA


def test_the_contact_is_a_designated_one(office: Office) -> None:
    """OPEN-10: only a Designated Contact opens, or staff on behalf of one of that account."""
    for who in (BOB, ROSA):
        with pytest.raises(NotPermitted) as error:
            office.open("Mon 09:00", who)
        assert error.value.rule == "DC-1"
    with pytest.raises(NotPermitted):
        office.open("Mon 09:00", DANA, contact=OMAR)
    sam = office.by(SAM, "Mon 09:00")
    for contact in (ROSA, BOB):
        with pytest.raises(Refused) as refused:
            intake.open_case(sam, FORM._replace(contact=contact))
        assert refused.value.rule == "OPEN-10"
    with pytest.raises(NotFound):
        intake.open_case(sam, FORM._replace(contact=LENA, account=ABC))
    with pytest.raises(NotFound):
        intake.open_case(sam, FORM._replace(contact="who@abc.example", account=ABC))
    with pytest.raises(NotPermitted):
        office.open("Mon 09:00", "system", contact=DANA)
    opened = intake.open_case(sam, FORM._replace(contact=OMAR.upper())).view.case
    assert opened.contact == OMAR
    event = office.history(opened.number)[0].event
    assert (event.actor, event.data["logged_by"]) == (OMAR, SAM)


def test_a_new_case_follows_another(office: Office) -> None:
    """REO-1: a case that follows a closed one is linked both ways."""
    old = office.open("Mon 09:00")
    cases.close(office.by(DANA, "Mon 10:00"), old)
    new = intake.open_case(office.by(DANA, "Mon 11:00"), FORM, follows=old).view.case.number
    assert [(link.kind, link.number) for link in office.case(new).links] == [("follows", old)]
    assert [(link.kind, link.number) for link in office.case(old).links] == [("followed-by", new)]
    assert office.case(old).closed
    assert office.differences() == []


def test_a_case_goes_to_the_group_of_its_service(office: Office) -> None:
    """ROUTE-1: a new case lies in the queue of its service's product group."""
    number = office.open("Mon 09:00", service="Wallboard")
    assert office.case(number).group == "Reporting"
    assert office.case(number).owner is None
    page = reading.list_cases(office.by("rita@desk.example", "Mon 09:30"), group=True)
    assert [v.case.number for v in page.views] == [number]
    assert reading.list_cases(office.by(BEN, "Mon 09:30"), group=True).total == 0


def test_a_request_without_a_deployment_still_goes_to_the_services_group(office: Office) -> None:
    """ROUTE-1: an admin case that names only a service goes to that service's group too."""
    number = office.open("Mon 09:00", type=CaseType.ADMIN, deployment=None, service="Wallboard")
    assert office.case(number).group == "Reporting"


def test_an_opening_starts_the_clocks_of_plan_and_priority(office: Office) -> None:
    """SLA-1 and ACC-3: the clocks of a new case are those of the account's plan and calendar."""
    due = {c.metric.value: c.due_at for c in office.case(office.open("Mon 16:00")).clocks}
    assert due == {
        "response": when("Tue 10:00"),
        "restoration": when("Wed 16:00"),
        "resolution": when("Mon+3 16:00"),
    }
    due = {c.metric.value: c.due_at for c in office.case(office.open("Mon 16:00", LENA)).clocks}
    assert due["response"] == when("Tue 14:00")
    assert office.history(1)[0].event.kind is Kind.OPENED
