"""Incidents on a real desk: who is told what, who may ask, what is sent, what a customer may know (INC-1..3)."""

import pytest
from desk_fixtures import ABC, ADA, BEN, BOB, DANA, HARBOR, LENA, MIA, OMAR, ROSA, SAM, Office, plain
from incident_fixtures import MAX, MILL, TITLE, due, over
from letters import letter
from notation import when

from carecli.desk import cases, directory, reading
from carecli.desk.incidents import actions, affecting, declaring, reporting, requesting
from carecli.desk.mail import inbox
from carecli.domain.deadline import DeadlineKind
from carecli.domain.events import Kind
from carecli.domain.vocabulary import Plan, Via
from carecli.errors import CareError, Invalid, NotFound, NotPermitted, Refused
from carecli.mail import reference


def test_its_customer_is_told(office: Office, outage: tuple[int, int]) -> None:
    """INC-1: that a case is an incident is mailed to its contact; what it is called is for staff so far."""
    mail = office.mails(outage[0])[-1]
    assert (mail.kind, mail.to) == ("incident", DANA)
    assert TITLE not in str(mail.content)
    shown = reading.show(office.by(DANA, "Mon 10:00"), outage[0])
    assert shown.case.type == "incident"
    assert TITLE not in str(shown)
    assert office.differences() == []


def test_another_accounts_case_is_told_on_itself(office: Office, outage: tuple[int, int]) -> None:
    """INC-1, DC-3: linked both ways, told and mailed, and nothing of the incident's own customer shows."""
    own, far = outage
    (mail,) = [mail for mail in office.mails(far) if mail.kind == "affected"]
    assert mail.to == LENA
    assert f"part of an incident that we are working on: {TITLE}." in mail.content["lead"]
    assert mail.content["said"] == "another customer has it too. Use the other trunk."
    lena = office.by(LENA, "Mon 10:00")
    shown = reading.show(lena, far)
    assert "affected" in [entry.event.kind for entry in shown.updates]
    for seen in (shown, reading.log(lena, far), mail.content, reading.list_cases(lena, group=True)):
        assert ABC not in str(seen)
        assert f"{own:010d}" not in str(seen)
    assert shown.state["links"] == []
    with pytest.raises(NotFound):
        reading.show(lena, own)
    assert [(link.kind, link.number, link.internal) for link in office.case(far).links] == [
        ("caused-by", own, True)
    ]
    assert [(link.kind, link.number, link.internal) for link in office.case(own).links] == [("causes", far, True)]
    assert HARBOR not in str(reading.show(office.by(DANA, "Mon 10:00"), own))
    assert HARBOR not in str(reading.log(office.by(DANA, "Mon 10:00"), own))
    assert office.differences() == []


def test_an_account_without_a_case_is_told_by_mail(office: Office, outage: tuple[int, int], mill: str) -> None:
    """INC-1: every Designated Contact gets a mail about no case, which names neither the case nor its customer."""
    before = len(office.mails(outage[0]))
    view = affecting.affect(office.by(SAM, "Mon 10:00"), outage[0], [], [mill.lower()], "ABC Testing Co first.")
    incident = view.case.incident
    assert incident is not None
    assert (incident.affected[-1].account, incident.affected[-1].told) == (MILL, (MAX,))
    office.tick("Mon 10:01")
    (message,) = [mail for mail in office.delivered() if mail["To"] == MAX]
    text = " ".join(plain(message).split())
    assert f"An incident affects your service, and we are working on it: {TITLE}. another customer first." in text
    assert (message["Subject"], message["References"], message["In-Reply-To"]) == (
        f"Incident: {TITLE}",
        None,
        None,
    )
    assert f"{outage[0]:010d}" not in message.as_string()
    assert "Reference" not in text
    assert len(office.mails(outage[0])) == before
    for again in ([], [mill]):
        with pytest.raises((Invalid, Refused)):
            affecting.affect(office.by(SAM, "Mon 10:05"), outage[0], [], again)
    assert office.differences() == []


def test_who_cannot_be_told(office: Office, outage: tuple[int, int], mill: str) -> None:
    """INC-1: a refusal names the way, and changes nothing for those who could have been told."""
    own, far = outage
    closed = office.open("Mon 09:10", LENA, subject="An old matter")
    cases.close(office.by(SAM, "Mon 09:20"), closed, "Done.")
    other = office.open("Mon 09:15", LENA, subject="Yet another")
    sam = office.by(SAM, "Mon 10:00")
    events = len(office.log())
    for numbers, accounts, match in (
        ([other, closed], [], "is closed"),
        ([other, far], [], "linked as affected already"),
        ([other, own], [], "is the incident itself"),
        ([other], ["Nobody Ltd"], "no account Nobody Ltd"),
        ([other, 99], [], "no case 0000000099"),
        ([], [ABC], "linked as affected already"),
    ):
        with pytest.raises(CareError, match=match):
            affecting.affect(sam, own, numbers, accounts)
    directory.deactivate_contact(office.by(ADA, "Mon 10:00"), MAX)
    with pytest.raises(Refused, match="has no Designated Contact"):
        affecting.affect(sam, own, [other], [mill])
    assert len(office.log()) == events
    untitled = office.open("Mon 10:00", OMAR, subject="Wallboard empty")
    declaring.declare(sam, untitled, {}, {})
    with pytest.raises(Refused, match="no title that other accounts could read"):
        affecting.affect(sam, untitled, [other], [])
    mine = office.open("Mon 10:05", DANA, subject="Queues are slow")
    affecting.affect(office.by(SAM, "Mon 10:10"), untitled, [mine], [])
    assert [entry.event.data["title"] for entry in office.history(mine) if entry.event.kind is Kind.AFFECTED] == [
        "Wallboard empty"
    ]


def test_staff_alone(office: Office, outage: tuple[int, int]) -> None:
    """INC-1, DC-5: customers declare, describe and link nothing, and see neither drafts nor actions."""
    dana = office.by(DANA, "Mon 10:00")
    for act in (
        lambda: declaring.declare(dana, office.open("Mon 10:00", DANA, subject="Another"), {}, {}),
        lambda: declaring.describe(dana, outage[0], {"title": "x"}, {}),
        lambda: declaring.show(dana, outage[0]),
        lambda: declaring.hold_post_mortem(dana, outage[0], None, None),
        lambda: affecting.affect(dana, outage[0], [outage[0]], []),
        lambda: actions.every(dana, outage[0]),
        lambda: actions.every(dana),
        lambda: actions.add(dana, outage[0], "x", SAM, when("Fri 09:00")),
        lambda: reporting.send(dana, outage[0]),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_a_contact_asks_on_the_own_case(office: Office, outage: tuple[int, int]) -> None:
    """INC-2: by command, on the incident's case or an affected one; the deadline stands on the incident."""
    own, far = outage
    view = requesting.request(office.by(LENA, "Mon 10:00"), far)
    assert view.case.number == far
    assert "report-requested" in [
        entry.event.kind for entry in reading.show(office.by(LENA, "Mon 10:01"), far).updates
    ]
    requesting.request(office.by(OMAR, "Mon 10:10"), own, "For our management, please.")
    for who, number in ((LENA, far), (DANA, own)):
        with pytest.raises(Refused, match="asked for the report already"):
            requesting.request(office.by(who, "Mon 11:00"), number)
    over(office, own)
    report = DeadlineKind.INCIDENT_REPORT
    assert due(office, own) == [
        (DeadlineKind.POST_MORTEM, None, False),
        (report, HARBOR, True),
        (report, ABC, True),
    ]
    assert due(office, far) == []
    # Of the two reports that are due its own customer is told of the own one alone.
    promised = reading.show(office.by(DANA, "Tue 13:00"), own).state["deadlines"]
    assert [one["about"] for one in promised] == [None, ABC]
    assert office.differences() == []


def test_who_may_not_ask(office: Office, outage: tuple[int, int]) -> None:
    """INC-2, DC-1, DC-3: on cases of the own account, by Designated Contacts, where there is an incident."""
    own, far = outage
    for who, number, error in (
        (ROSA, own, NotPermitted),
        (BOB, own, NotPermitted),
        (LENA, own, NotFound),
        (DANA, far, NotFound),
    ):
        with pytest.raises(error):
            requesting.request(office.by(who, "Mon 10:00"), number)
    plain_case = office.open("Mon 10:00", DANA, subject="Another matter")
    with pytest.raises(Refused, match="is part of no incident"):
        requesting.request(office.by(DANA, "Mon 10:05"), plain_case)
    with pytest.raises(NotPermitted, match="for staff"):
        requesting.request(office.by(DANA, "Mon 10:05"), own, account=HARBOR)


def test_staff_note_who_asked(office: Office, outage: tuple[int, int], mill: str) -> None:
    """INC-2: a caller's wish is logged as the caller's; an account without a case asks through staff."""
    own, _ = outage
    affecting.affect(office.by(SAM, "Mon 09:50"), own, [], [mill])
    requesting.request(office.by(SAM, "Mon 10:00"), own, via=Via.PHONE, contact=OMAR)
    asked = office.history(own)[-1].event
    assert (asked.actor, asked.data["logged_by"], asked.data["account"]) == (OMAR, SAM, ABC)
    requesting.request(office.by(SAM, "Mon 10:10"), own, account=mill)
    last = office.history(own)[-1].event
    assert (last.public, last.data["account"], last.data["number"]) == (False, MILL, None)
    assert MILL not in str(reading.log(office.by(DANA, "Mon 10:11"), own))
    with pytest.raises(NotFound):
        requesting.request(office.by(SAM, "Mon 10:10"), own, account="Nobody Ltd")


def test_an_update_that_asks_is_a_request(office: Office, outage: tuple[int, int]) -> None:
    """INC-2: the same procedures as an update: its words are taken for what they ask, once, of customers alone."""
    own, far = outage
    cases.update(office.by(SAM, "Mon 10:00"), own, "Please ask if you need the incident report.")
    cases.update(office.by(LENA, "Mon 10:00"), far, "Thank you. Could you send us an incident report?")
    cases.update(office.by(LENA, "Mon 10:10"), far, "Please do send the incident report.")
    cases.update(office.by(SAM, "Mon 10:20"), own, "We need the incident report.", via=Via.PHONE, contact=OMAR)
    incident = office.case(own).incident
    assert incident is not None
    assert [(one.account, one.by, one.number) for one in incident.asked] == [(HARBOR, LENA, far), (ABC, OMAR, own)]
    assert office.kinds(far, Kind.COMMENTED, Kind.REPORT_REQUESTED) == [
        "2026-03-02 10:00 commented",
        "2026-03-02 10:00 report-requested",
        "2026-03-02 10:10 commented",
    ]
    assert office.differences() == []


def test_a_mail_that_asks_is_a_request(office: Office, outage: tuple[int, int]) -> None:
    """INC-2: a reply by mail that asks; what it quotes of ours, and what strangers write, asks for nothing."""
    own, far = outage
    with office.store.read() as record:
        key = record.reference_key() or b""
    subject = {number: f"Re: your case [{reference.reference(key, number)}]" for number in outage}
    for place, (sender, number, text) in enumerate(
        (
            (LENA, far, "Thanks.\r\n\r\n> Please send the incident report.\r\n"),
            (LENA, own, "Please send the incident report."),
            (SAM, own, "We need an incident report."),
            (LENA, far, "Please send us the incident report.\r\n\r\nLena"),
            (LENA, far, "Please send us the incident report, we wait."),
        )
    ):
        raw = letter(text, sender=sender, subject=subject[number], id_=f"<wish-{place}@mail.example>")
        inbox.take_in(office.by("system", f"Mon 11:{place:02d}"), [(raw, "test")])
    incident = office.case(own).incident
    assert incident is not None
    assert [(one.account, one.by, one.at) for one in incident.asked] == [(HARBOR, LENA, when("Mon 11:03"))]
    assert office.differences() == []


def test_a_report_is_sent_to_who_asked(office: Office, outage: tuple[int, int], mill: str) -> None:
    """INC-2, INC-3: each account gets its own report, by mail and on its own case; the deadline is met."""
    own, far = outage
    affecting.affect(office.by(SAM, "Mon 09:50"), own, [], [mill])
    requesting.request(office.by(OMAR, "Mon 10:00"), own)
    requesting.request(office.by(LENA, "Mon 10:00"), far)
    with pytest.raises(Refused, match="lacks its end, restoration"):
        reporting.send(office.by(SAM, "Mon 10:10"), own, HARBOR)
    over(office, own)
    for account in (None, HARBOR, MILL):
        reporting.send(office.by(SAM, "Wed 09:00"), own, account)
    assert not [one for one in office.case(own).deadlines if one.open]
    office.tick("Wed 09:01")
    reports = {str(mail["To"]): plain(mail) for mail in office.delivered() if "report" in mail["Subject"].lower()}
    assert MIA in reports, "a manager is told that reports are wanted, as nobody owns the case"
    assert reports.keys() - {MIA} == {DANA, OMAR, LENA, MAX}
    for reader, (account, others) in {
        OMAR: (ABC, (HARBOR, MILL)),
        LENA: (HARBOR, (ABC, MILL)),
        MAX: (MILL, (ABC, HARBOR)),
    }.items():
        assert f"Clients affected: {account}" in reports[reader]
        assert "A full disk." in reports[reader]
        assert not [name for name in others if name in reports[reader]]
        assert "Present: Sam." not in reports[reader]
    assert "Calls were moved." in reports[LENA]
    assert "Dana, your calls" not in reports[LENA]
    assert ABC not in str(reading.show(office.by(LENA, "Wed 10:00"), far))
    assert HARBOR not in str(reading.show(office.by(DANA, "Wed 10:00"), own))
    assert office.differences() == []


def test_customers_read_what_they_were_sent(office: Office, outage: tuple[int, int]) -> None:
    """INC-3, DC-3: not before it is sent, and then as it was sent, whatever staff write afterwards."""
    own, far = outage
    lena = office.by(LENA, "Wed 08:00")
    with pytest.raises(Refused, match="not ready yet"):
        reporting.report(lena, far)
    over(office, own)
    sent, _ = reporting.send(office.by(SAM, "Wed 09:00"), own, HARBOR)
    declaring.describe(office.by(SAM, "Wed 10:00"), own, {"comments": "A draft."}, {HARBOR: "Another draft."})
    cases.update(office.by(SAM, "Wed 10:05"), far, "All is well.")
    read = reporting.report(office.by(LENA, "Thu 09:00"), far)
    assert read == sent
    assert (read.account, read.comments, read.numbers) == (HARBOR, None, (f"{far:010d}",))
    with pytest.raises(NotFound):
        reporting.report(office.by(LENA, "Thu 09:00"), own)
    with pytest.raises(Refused, match="not ready yet"):
        reporting.report(office.by(DANA, "Thu 09:00"), own)
    with pytest.raises(NotPermitted, match="for staff"):
        reporting.report(office.by(LENA, "Thu 09:00"), far, ABC)
    assert reporting.report(office.by(SAM, "Thu 09:00"), far).account == HARBOR
    with pytest.raises(Refused, match="not among the accounts"):
        requesting.request(office.by(SAM, "Thu 09:00"), own, account=_third(office))


def _third(office: Office) -> str:
    directory.add_account(
        office.by(ADA, "Mon 08:00"), "Third Ltd", plan=Plan.CARE, deployments=["A"], services=["Voice"]
    )
    return "Third Ltd"


def test_the_tick_tells_what_is_late(office: Office, outage: tuple[int, int]) -> None:
    """INC-2, INC-3, TICK-2: post-mortem, report and action stand missed in the tick until they are done."""
    own, far = outage
    requesting.request(office.by(LENA, "Mon 10:00"), far)
    cases.restore(office.by(SAM, "Mon 12:00"), own, "It works again.")
    actions.add(office.by(SAM, "Mon 13:00"), own, "Alert on disk space", BEN, when("Tue 12:00"))
    report = office.tick("Thu 12:00")
    late = [(one.number, one.kind, one.about) for one in report.deadlines]
    assert late == [(own, "action", "1. Alert on disk space"), (own, "post-mortem", None)]
    assert [(one.number, one.action.owner) for one in actions.every(office.by(SAM, "Thu 12:00"))] == [(own, BEN)]
    declaring.hold_post_mortem(office.by(SAM, "Thu 12:30"), own, None, None)
    actions.done(office.by(BEN, "Thu 12:30"), own, 1, None)
    assert office.tick("Thu 13:00").deadlines == ()
    assert actions.every(office.by(SAM, "Thu 13:00")) == []
    assert [one.about for one in office.tick("Wed+1 09:00").deadlines] == [HARBOR]
    with pytest.raises(NotFound):
        actions.add(office.by(SAM, "Thu 13:00"), own, "x", "nobody@desk.example", when("Fri 12:00"))
    assert office.differences() == []
