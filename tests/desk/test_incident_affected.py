"""Who else is affected by an incident: told when it is over, or taken back; whose wish is heard (INC-1, INC-2)."""

import pytest
from desk_fixtures import ABC, ADA, BEN, DANA, HARBOR, LENA, MIA, OMAR, SAM, Office, plain
from incident_fixtures import MAX, MILL, TITLE, due, over
from notation import when

from carecli.desk import cases, chats, directory, linking, reading
from carecli.desk.chatting import Talk
from carecli.desk.incidents import actions, affecting, declaring, reporting, requesting
from carecli.domain.deadline import DeadlineKind
from carecli.domain.events import Kind
from carecli.domain.vocabulary import CaseType
from carecli.errors import Invalid, NotFound, Refused
from carecli.render.incident_report_page import page


def backs(office: Office, number: int) -> list[str]:
    """When a case's customer was told that the service is back."""
    told = [entry.event for entry in office.history(number) if entry.event.kind is Kind.SERVICE_BACK]
    return [f"{event.at:%Y-%m-%d %H:%M}" for event in told if event.public]


def test_everybody_affected_is_told_that_it_is_over(office: Office, outage: tuple[int, int], mill: str) -> None:
    """INC-1, DC-3: on the own case and by mail, once, naming no other client; the desk says so."""
    own, far = outage
    affecting.affect(office.by(SAM, "Mon 09:50"), own, [], [mill], "ABC Testing Co first.")
    cases.restore(office.by(SAM, "Mon 12:00"), own, "Dana, ABC Testing Co is back.")
    cases.accept(office.by(DANA, "Mon 12:30"), own, "Works.")
    assert backs(office, far) == ["2026-03-02 12:00"]
    told = next(entry.event for entry in office.history(far) if entry.event.kind is Kind.SERVICE_BACK)
    assert (told.actor, told.public, told.data["title"]) == ("system", True, TITLE)
    office.tick("Mon 12:31")
    mails = [mail for mail in office.delivered() if "back" in mail["Subject"] and mail["To"] in {LENA, MAX}]
    assert sorted(mail["To"] for mail in mails) == [LENA, MAX]
    for mail in mails:
        text = " ".join(plain(mail).split())
        assert "The service is back to normal: the incident" in text
        assert TITLE in text
        assert not [name for name in (ABC, MILL, DANA, f"{own:010d}") if name in mail.as_string()]
    assert HARBOR not in str(reading.log(office.by(DANA, "Mon 13:00"), own))
    incident = office.case(own).incident
    assert incident is not None
    assert {one.back_at for one in incident.affected} == {when("Mon 12:00")}
    assert office.differences() == []


@pytest.mark.parametrize("by", ["close", "silence"])
def test_the_end_of_the_case_tells_it_where_nothing_did(office: Office, outage: tuple[int, int], by: str) -> None:
    """INC-1, INC-2: closed as resolved by staff, or by the tick after a proposal: the service is back."""
    own, far = outage
    if by == "close":
        cases.close(office.by(SAM, "Mon 12:00"), own, "Done.", root_cause="A full disk.")
    else:
        cases.propose(office.by(SAM, "Mon 12:00"), own, "Use the other relay.")
        for at in ("Wed 13:00", "Mon+1 13:00", "Mon+2 13:00"):
            office.tick(at)
        assert office.case(own).closed
    assert len(backs(office, far)) == 1
    office.tick("Mon+3 09:00")
    assert len(backs(office, far)) == 1
    assert office.differences() == []


def test_a_restoration_that_did_not_hold(office: Office, outage: tuple[int, int]) -> None:
    """INC-1, INC-2: the next one is told anew; a post-mortem and reports of the first are void, not forgotten."""
    own, far = outage
    requesting.request(office.by(LENA, "Mon 10:00"), far)
    over(office, own)
    cases.reject(office.by(DANA, "Wed 09:00"), own, "Silent again.")
    assert due(office, own)[-1] == (DeadlineKind.INCIDENT_REPORT, HARBOR, False)
    requesting.request(office.by(DANA, "Wed 09:10"), own)
    assert [one for one in due(office, own) if one[2]] == []
    cases.restore(office.by(SAM, "Wed 12:00"), own, "Now it does.")
    assert len(backs(office, far)) == 2
    declaring.hold_post_mortem(office.by(SAM, "Thu 12:00"), own, None, None)
    assert [one for one in due(office, own) if one[2]] == [
        (DeadlineKind.INCIDENT_REPORT, HARBOR, True),
        (DeadlineKind.INCIDENT_REPORT, ABC, True),
    ]
    assert office.differences() == []


def test_who_is_told_when_it_is_over(office: Office, outage: tuple[int, int], mill: str) -> None:
    """INC-1: nobody is told that we are working on what is over, and then that it is over."""
    own, _ = outage
    late = office.open("Mon 11:00", LENA, subject="Still no sound")
    cases.restore(office.by(SAM, "Mon 12:00"), own, "It works.")
    affecting.affect(office.by(SAM, "Mon 13:00"), own, [late], [mill])
    assert backs(office, late) == []
    (mail,) = [mail for mail in office.mails(late) if mail.kind == "affected"]
    assert f"was part of an incident that is over: {TITLE}." in mail.content["lead"]
    office.tick("Mon 13:01")
    (message,) = [mail for mail in office.delivered() if mail["To"] == MAX]
    assert "it is over" in plain(message)
    cases.accept(office.by(DANA, "Mon 14:00"), own, "Works.")
    assert backs(office, late) == []


def test_who_is_not_affected_after_all(office: Office, outage: tuple[int, int], mill: str) -> None:
    """INC-1, DC-3: taken back on both cases, the mistaken are told, and nobody waits for their report."""
    own, far = outage
    affecting.affect(office.by(SAM, "Mon 09:50"), own, [], [mill])
    declaring.describe(office.by(SAM, "Mon 09:55"), own, {}, {HARBOR: "The night line."})
    requesting.request(office.by(LENA, "Mon 10:00"), far)
    over(office, own)
    affecting.remove(office.by(SAM, "Tue 13:00"), own, [far], [mill.upper()], "ABC Testing Co alone.")
    incident = office.case(own).incident
    assert incident is not None
    assert (incident.affected, incident.asked, incident.specifics) == ((), (), ())
    assert [one for one in due(office, own) if one[2]] == []
    assert [*office.case(own).links, *office.case(far).links] == []
    office.tick("Tue 13:01")
    mails = [mail for mail in office.delivered() if "after all" in mail["Subject"]]
    assert sorted(mail["To"] for mail in mails) == [LENA, MAX]
    for mail in mails:
        assert "another customer alone." in plain(mail)
        assert ABC not in mail.as_string()
    with pytest.raises(Refused, match="part of no incident"):
        requesting.request(office.by(LENA, "Tue 13:05"), far)
    affecting.affect(office.by(SAM, "Tue 14:00"), own, [far], [mill])
    assert office.differences() == []


def test_what_cannot_be_taken_back(office: Office, outage: tuple[int, int], mill: str) -> None:
    """INC-1, INC-2: who is not linked, and who was sent the report; a tie is not undone behind anybody's back."""
    own, far = outage
    over(office, own)
    reporting.send(office.by(SAM, "Wed 09:00"), own, HARBOR)
    sam, events = office.by(SAM, "Wed 10:00"), len(office.log())
    other = office.open("Wed 09:30", LENA, subject="Another")
    events = len(office.log())
    for numbers, accounts, match in (
        ([far], [], "was sent the incident report"),
        ([other], [], "is not linked as affected"),
        ([], [mill], "is not linked as affected"),
        ([], [ABC], "is not linked as affected"),
        ([], [], "nobody is named"),
        ([], ["Nobody Ltd"], "no account Nobody Ltd"),
    ):
        with pytest.raises((Refused, Invalid, NotFound), match=match):
            affecting.remove(sam, own, numbers, accounts)
    for pair in ((own, far), (far, own)):
        with pytest.raises(Refused, match="its customer was told so") as refused:
            linking.unlink(sam, *pair)
        assert f"care incident affect {own:010d} {far:010d} --remove" in (refused.value.hint or "")
    assert len(office.log()) == events


def test_the_owner_is_told_that_a_report_is_wanted(office: Office, outage: tuple[int, int], mill: str) -> None:
    """INC-2: one mail to whoever owns the incident, for whom it is; the customer reads nothing of it."""
    own, far = outage
    affecting.affect(office.by(SAM, "Mon 09:50"), own, [], [mill])
    cases.assign(office.by(MIA, "Mon 09:55"), own, owner=BEN)
    requesting.request(office.by(LENA, "Mon 10:00"), far, "For our board.")
    requesting.request(office.by(SAM, "Mon 10:05"), own, account=mill)
    cases.update(office.by(DANA, "Mon 10:10"), own, "Please send us an incident report.")
    mails = [mail for mail in office.mails(own) if mail.kind == "report-wanted"]
    assert [mail.to for mail in mails] == [BEN] * 3
    leads = [mail.content["lead"] for mail in mails]
    assert [f", for {name}" in lead for name, lead in zip((HARBOR, MILL), leads, strict=False)] == [True, True]
    assert leads[2] == f"{DANA} asks for the report on incident {own:010d}."
    assert not [mail for mail in office.mails(far) if mail.kind == "report-wanted"]
    shown = reading.show(office.by(DANA, "Mon 11:00"), own)
    for hidden in (HARBOR, LENA, mill):
        assert hidden not in str(shown)


def test_where_the_owner_is_gone(office: Office, outage: tuple[int, int]) -> None:
    """INC-2: the managers are told of a case that nobody owns, or whose owner has left; nobody of what he did."""
    own, far = outage
    cases.assign(office.by(MIA, "Mon 09:50"), own, owner=BEN)
    directory.deactivate_staff(office.by(ADA, "Mon 09:55"), BEN)
    requesting.request(office.by(LENA, "Mon 10:00"), far)
    assert [mail.to for mail in office.mails(own) if mail.kind == "report-wanted"] == [MIA]
    requesting.request(office.by(MIA, "Mon 10:05"), own)
    assert len([mail for mail in office.mails(own) if mail.kind == "report-wanted"]) == 1


def test_a_wish_is_heard_wherever_it_is_said(office: Office, outage: tuple[int, int]) -> None:
    """INC-2, CHAT-1: in a chat's line, in a message left there, in what comes with an acceptance."""
    own, far = outage
    talk = Talk(office.by(LENA, "Mon 10:00"), far, lambda: when("Mon 10:00"))
    talk.say(["Good morning.", "Could you please send us an incident report?", "Thank you."])
    talk.leave()
    staff = Talk(office.by(SAM, "Mon 10:05"), own, lambda: when("Mon 10:05"))
    staff.say(["Please say if you need an incident report."])
    staff.leave()
    incident = office.case(own).incident
    assert incident is not None
    assert [(one.account, one.by, one.number) for one in incident.asked] == [(HARBOR, LENA, far)]
    said = office.kinds(far, Kind.CHATTED, Kind.REPORT_REQUESTED)
    assert [line.rpartition(" ")[2] for line in said] == ["chatted", "chatted", "report-requested", "chatted"]
    cases.restore(office.by(SAM, "Mon 12:00"), own, "It works.")
    cases.accept(office.by(DANA, "Mon 12:30"), own, "It works. Please send an incident report.")
    assert [one.by for one in office.case(own).incident.asked] == [LENA, DANA]  # type: ignore[union-attr]
    assert office.differences() == []


def test_a_message_left_in_a_chat_asks_too(office: Office, outage: tuple[int, int]) -> None:
    """INC-2, CHAT-1: what waits for an owner who is away."""
    own, far = outage
    chats.leave_message(office.by(LENA, "Mon 10:00"), far, "We need the incident report.")
    assert [one.by for one in office.case(own).incident.asked] == [LENA]  # type: ignore[union-attr]
    assert office.differences() == []


def test_a_closed_case_is_told_too(office: Office, outage: tuple[int, int]) -> None:
    """INC-1: who gave up on it hears that it is over; the case stays closed."""
    own, far = outage
    cases.close(office.by(LENA, "Mon 10:00"), far, "Never mind.")
    cases.restore(office.by(SAM, "Mon 12:00"), own, "It works.")
    assert (len(backs(office, far)), office.case(far).closed) == (1, True)
    assert office.differences() == []


def test_an_affected_case_that_is_an_incident_by_now(office: Office, outage: tuple[int, int]) -> None:
    """INC-1: both end in one tick, one after the other; each tells its own, and the record holds."""
    own, far = outage
    third = office.open("Mon 09:10", OMAR, subject="Wallboard")
    declaring.declare(office.by(SAM, "Mon 10:00"), far, {"title": "Also"}, {})
    affecting.affect(office.by(SAM, "Mon 10:10"), far, [third], [])
    for number in (own, far):
        cases.propose(office.by(SAM, "Mon 12:00"), number, "Use the other relay.")
    for at in ("Wed 13:00", "Mon+1 13:00", "Mon+2 13:00"):
        office.tick(at)
    assert [len(backs(office, number)) for number in (own, far, third)] == [0, 1, 1]
    assert office.differences() == []


def test_a_data_privacy_request_is_tied_to_no_incident(office: Office, outage: tuple[int, int]) -> None:
    """SR-1, INC-1: its number would stand on a case that others read."""
    own, _ = outage
    private = office.open(
        "Mon 10:00", LENA, subject="My data", type=CaseType.SERVICE_REQUEST, subtype="data-privacy"
    )
    with pytest.raises(Refused, match="data-privacy"):
        affecting.affect(office.by(ADA, "Mon 10:30"), own, [private], [])


def test_it_did_not_begin_after_it_ended(office: Office) -> None:
    """INC-3: nor where it is declared on a case whose service is restored already."""
    number = office.open("Mon 09:00", DANA)
    cases.restore(office.by(SAM, "Mon 10:00"), number, "It works.")
    with pytest.raises(Invalid, match="was back to normal at"):
        declaring.declare(office.by(SAM, "Mon 12:00"), number, {}, {}, when("Mon 11:00"))


def test_a_case_that_its_customer_closed(office: Office, outage: tuple[int, int]) -> None:
    """INC-2, INC-3: nobody of Customer Care said that the service is back; the refusal names the whole way."""
    own, _ = outage
    cases.close(office.by(DANA, "Mon 12:00"), own, "We go home.")
    with pytest.raises(Refused, match="lacks its end") as refused:
        reporting.send(office.by(SAM, "Mon 13:00"), own)
    assert f"care reopen {own:010d}, and care restore {own:010d}" in (refused.value.hint or "")


def test_a_name_broken_over_two_lines_is_not_told(office: Office, outage: tuple[int, int]) -> None:
    """INC-3, DC-3: a client's name stays out of what others read however its words are set apart."""
    own, _ = outage
    declaring.describe(office.by(SAM, "Mon 10:00"), own, {"details": "At ABC\nTesting  Co first."}, {})
    made = reporting.report(office.by(SAM, "Mon 10:05"), own, HARBOR)
    assert made.details == "At another customer first."


def test_hundreds_of_cases(office: Office, outage: tuple[int, int]) -> None:
    """INC-1: linked at once and told at once, each once."""
    own, far = outage
    many = [office.open("Mon 10:00", LENA, subject=f"No sound {place}") for place in range(60)]
    affecting.affect(office.by(SAM, "Mon 10:30"), own, many, [])
    cases.restore(office.by(SAM, "Mon 12:00"), own, "It works.")
    assert [len(backs(office, number)) for number in (far, *many)] == [1] * 61
    assert office.differences() == []


def test_a_reseller_who_asked_is_sent_it(office: Office, outage: tuple[int, int]) -> None:
    """INC-2, ACC-5: whoever may act on the case of an end-user asks for its report, and gets it."""
    own, far = outage
    directory.edit_account(office.by(ADA, "Mon 09:45"), HARBOR, parent=ABC)
    requesting.request(office.by(OMAR, "Mon 10:00"), far)
    over(office, own)
    reporting.send(office.by(SAM, "Wed 09:00"), own, HARBOR)
    assert {mail.to for mail in office.mails(far) if mail.kind == "incident-report"} == {LENA, OMAR}


def test_a_sent_report_keeps_its_names(office: Office, outage: tuple[int, int]) -> None:
    """INC-3: whoever owns an action bears the name that it was sent with; who ticked it off is left out."""
    own, far = outage
    actions.add(office.by(SAM, "Mon 11:00"), own, "Alert on it", BEN, when("Fri 12:00"))
    actions.done(office.by(BEN, "Mon 11:30"), own, 1, None)
    over(office, own)
    sent, _ = reporting.send(office.by(SAM, "Wed 09:00"), own, HARBOR)
    assert [one.done_by for one in sent.actions] == [None]
    assert [one.done_by for one in reporting.report(office.by(SAM, "Wed 09:00"), own).actions] == [BEN]
    directory.edit_staff(office.by(ADA, "Wed 10:00"), BEN, name="Ben Married")
    pages = [page(reporting.report(office.by(LENA, at), far)) for at in ("Thu 09:00", "Fri 09:00")]
    assert pages == [page(sent)] * 2
