"""Who sees and does what: accounts sold through others, and cases that are for their contact and admins alone."""

from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from desk_fixtures import ABC, ADA, BEN, DANA, FORM, HARBOR, LENA, MIA, OMAR, ROSA, SAM, TEXT, Office, numbers, say

from carecli.desk import (
    cases,
    contact_us,
    directory,
    doctor,
    escalation,
    intake,
    linking,
    parties,
    reading,
    retrospect,
    splitting,
)
from carecli.desk.attachments import adding, upkeep
from carecli.desk.attachments.taking import Files, Handling
from carecli.desk.components import learning
from carecli.desk.incidents import affecting, declaring
from carecli.desk.knowledge import writing
from carecli.domain import lifecycle
from carecli.domain.access import Act
from carecli.domain.escalation import Addressee
from carecli.domain.events import Kind
from carecli.domain.linking import Link, LinkKind
from carecli.domain.vocabulary import Access, CaseType, Plan, Role, Side, Via
from carecli.errors import CareError, NotFound, NotPermitted, Refused
from carecli.files.blobs import Blobs

POLICY = (resources.files("carecli") / "policies" / "default.toml").read_text("utf-8")
TINA, UMA = "tina@tower.example", "uma@tower.example"
TOWER = "Tower Media"
PRIVACY: dict[str, Any] = {
    "type": CaseType.SERVICE_REQUEST,
    "subtype": "data-privacy",
    "stage": None,
    "impact": None,
    "fields": {"privacy_right": "access", "data_subject": "Jo Doe"},
}


@pytest.fixture
def sold(office: Office) -> Office:
    """Harbor Clinic and Tower Media were sold through ABC; Tina is Tower's Designated Contact."""
    ada = office.by(ADA, "Fri 10:00")
    directory.edit_account(ada, HARBOR, parent=ABC.lower(), plan=Plan.BUSINESS_CARE)
    directory.add_account(
        ada, TOWER, plan=Plan.BUSINESS_CARE, deployments=["West"], services=["Voice"], parent=ABC
    )
    directory.add_contact(ada, TINA, account=TOWER)
    return office


def own(office: Office, who: str, at: str = "Mon 12:00") -> list[int]:
    """The numbers of all cases that somebody sees."""
    return sorted(numbers(office.by(who, at), group=True, everything=True))


def test_the_parents_contacts_see_and_act_for_its_end_users(sold: Office) -> None:
    """ACC-5: they choose the account when they open; its own contacts see it, and nobody else does."""
    ours = sold.open("Mon 09:00", DANA)
    theirs = sold.open("Mon 09:01", DANA, account="harbor clinic")
    tower = sold.open("Mon 09:02", TINA)
    assert [sold.case(number).account for number in (ours, theirs, tower)] == [ABC, HARBOR, TOWER]
    assert (sold.case(theirs).contact, sold.case(tower).contact) == (DANA, TINA)
    assert [own(sold, who) for who in (DANA, OMAR, ROSA, LENA, TINA)] == [
        *([[ours, theirs, tower]] * 2),
        *([ours], [theirs], [tower]),
    ]
    cases.update(sold.by(OMAR, "Mon 09:30"), tower, "It is the other trunk.")
    cases.update(sold.by(LENA, "Mon 09:31"), theirs, "It still is so.")
    cases.close(sold.by(OMAR, "Mon 09:40"), theirs, "It is gone.")
    for who, number in ((LENA, ours), (LENA, tower), (TINA, theirs), (ROSA, theirs), (ROSA, tower)):
        with pytest.raises(NotFound) as hidden:
            reading.show(sold.by(who, "Mon 10:00"), number)
        with pytest.raises(NotFound) as missing:
            reading.show(sold.by(who, "Mon 10:00"), 99)
        assert hidden.value.message.replace(f"{number:010}", f"{99:010}") == missing.value.message
    assert sold.differences() == []


def test_only_its_direct_end_users(sold: Office) -> None:
    """ACC-5: nobody else crosses accounts, not even the parent of the parent; what ends, ends at once."""
    ada = sold.by(ADA, "Fri 11:00")
    directory.add_account(ada, "Wholesale", plan=Plan.CARE)
    directory.add_contact(ada, UMA, account="Wholesale")
    directory.edit_account(ada, ABC, parent="Wholesale")
    ours, theirs = sold.open("Mon 09:00", DANA), sold.open("Mon 09:01", LENA)
    assert (own(sold, UMA), own(sold, DANA)) == ([ours], [ours, theirs])
    directory.edit_account(sold.by(ADA, "Mon 10:00"), HARBOR, parent="")
    assert (own(sold, DANA), sold.differences()) == ([ours], [])
    with pytest.raises(NotFound, match="there is no account 'Harbor Clinic'"):
        sold.open("Mon 10:10", DANA, account=HARBOR)


@pytest.mark.parametrize("parent", [HARBOR, ABC, "Nobody Inc", TOWER])
def test_no_account_is_above_itself(sold: Office, parent: str) -> None:
    """ACC-5: neither its own parent nor one below it, nor one that there is not, nor one that is not served."""
    ada = sold.by(ADA, "Fri 11:00")
    directory.edit_account(ada, TOWER, active=False)
    with pytest.raises(CareError, match=r"cannot be the parent|there is no active account") as refused:
        directory.edit_account(ada, ABC, parent=parent)
    assert refused.value.rule == "ACC-5"
    assert directory.account(ada, ABC).account.parent is None


def test_an_account_tells_who_is_whose(sold: Office) -> None:
    """ACC-5: a reseller's Designated Contacts find its end-users, each end-user who it was sold through."""
    view = directory.account(sold.by(DANA, "Mon 09:00"), ABC)
    assert view.end_users == (HARBOR, TOWER)
    assert directory.account(sold.by(ROSA, "Mon 09:00"), ABC).end_users == ()
    assert directory.account(sold.by(LENA, "Mon 09:00"), HARBOR).account.parent == ABC
    listed = [[one.name for one in directory.accounts(sold.by(who, "Mon 09:00"))] for who in (DANA, ROSA, LENA)]
    assert listed == [[ABC, HARBOR, TOWER], [ABC], [HARBOR]]
    assert [c.email for c in directory.contacts(sold.by(DANA, "Mon 09:00"), HARBOR)] == [LENA]
    with pytest.raises(NotFound):
        directory.contacts(sold.by(LENA, "Mon 09:00"), ABC)


def test_on_the_phone(sold: Office) -> None:
    """ACC-5, UPD-1: staff log the parent's contact as the caller for an end-user, and nobody from beside it."""
    theirs = sold.open("Mon 09:00", SAM, via=Via.PHONE, account=HARBOR, contact=DANA)
    assert (sold.case(theirs).account, sold.case(theirs).contact) == (HARBOR, DANA)
    cases.update(sold.by(SAM, "Mon 09:10"), theirs, "She called.", via=Via.PHONE, contact=OMAR)
    with pytest.raises(NotFound, match="has no contact"):
        cases.update(sold.by(SAM, "Mon 09:10"), theirs, "She called.", via=Via.PHONE, contact=TINA)


def test_a_data_privacy_request_is_for_its_contact_and_admins(sold: Office) -> None:
    """SR-1, DC-3: colleagues, agents and managers do not find it, nor the parent's; the machine does not tell."""
    number, plain = sold.open("Mon 09:00", LENA, **PRIVACY), sold.open("Mon 09:01", LENA)
    assert [own(sold, who) for who in (LENA, DANA)] == [[number, plain], [plain]]
    seen = {who: sorted(numbers(sold.by(who, "Mon 10:00"), everything=True)) for who in (ADA, MIA, SAM, "system")}
    assert seen == {ADA: [number, plain], MIA: [plain], SAM: [plain], "system": [plain]}
    tabs = {who: reading.list_cases(sold.by(who, "Mon 10:00"), everything=True).tabs["open"] for who in (ADA, MIA)}
    assert tabs == {ADA: 2, MIA: 1}


def test_a_tick_tells_those_whom_it_may(sold: Office) -> None:
    """SR-1, TICK-2: it fires for every case, and is told by each as far as that may see."""
    number = sold.open("Mon 09:00", LENA, **PRIVACY)
    cases.ask(sold.by(ADA, "Mon 10:00"), number, "Which records do you mean?")
    told = [sold.by(who, "2026-03-06 12:00") for who in (MIA, ADA)]
    from carecli.desk import tick

    reports = [tick.tick(desk, dry_run=True) for desk in told]
    assert [(report.fired, [one.number for one in report.followups]) for report in reports] == [
        (0, []),
        (1, [number]),
    ]
    assert sold.tick("2026-03-06 12:00").followups == ()
    assert sold.kinds(number, Kind.FOLLOW_UP_SENT) == ["2026-03-06 12:00 follow-up-sent"]


Try = Callable[[Office, int, int], object]


@pytest.mark.parametrize(
    "attempt",
    [
        lambda o, n, _: cases.assign(o.by(ADA, "Mon 10:00"), n, SAM),
        lambda o, n, _: cases.assign(o.by(ADA, "Mon 10:00"), n, MIA),
        lambda o, n, m: linking.link(o.by(ADA, "Mon 10:00"), n, m),
        lambda o, n, m: linking.link(o.by(ADA, "Mon 10:00"), m, n, LinkKind.CAUSES),
        lambda o, n, _: o.open("Mon 10:00", DANA, subject="More of it", account=ABC) and follow(o, n),
        lambda o, _, m: follow(o, m, **PRIVACY),
        lambda o, n, _: cases.update(o.by(ADA, "Mon 10:00"), n, "Called.", via=Via.PHONE, contact=OMAR),
        lambda o, n, _: splitting.split(o.by(ADA, "Mon 10:00"), n, 2, splitting.Wanted(contact=OMAR)),
        lambda o, n, _: writing.from_case(o.by(ADA, "Mon 10:00"), n),
        lambda o, n, _: escalation.escalate(o.by(DANA, "Mon 10:00"), n, "Too slow", to=Addressee.EXECUTIVE),
    ],
)
def test_nothing_hands_it_to_others(office: Office, attempt: Try) -> None:
    """SR-1: no owner, tie, caller, article or addressee may bring a data-privacy request before other eyes."""
    directory.edit_account(office.by(ADA, "Fri 10:00"), ABC, executive=MIA)
    number, plain = office.open("Mon 09:00", **PRIVACY), office.open("Mon 09:01")
    cases.update(office.by(DANA, "Mon 09:10"), number, "And those of my colleague Jo, please.")
    if attempt.__code__.co_names[:1] == ("writing",):
        cases.close(office.by(ADA, "Mon 09:20"), number, "Here they are.")
    before = office.dump()
    with pytest.raises(Refused) as refused:
        attempt(office, number, plain)
    assert refused.value.rule == "SR-1", refused.value
    assert len(office.dump()) >= len(before)
    assert office.case(number).links == office.case(plain).links == ()


def follow(office: Office, number: int, **form: Any) -> object:
    """A case that goes on from another."""
    return intake.open_case(office.by(DANA, "Mon 10:00"), FORM._replace(**form), follows=number)


def older_ties(office: Office) -> tuple[int, int]:
    """A data-privacy request and a case that goes on from it, tied as desks did before these were kept apart."""
    number, plain = office.open("Mon 09:00", **PRIVACY), office.open("Mon 09:01")
    with office.by(ADA, "Mon 09:10").record() as record:
        act = parties.staff_act(record)
        for one, other in ((number, plain), (plain, number)):
            record.append(record.case(one), lifecycle.link(LinkKind.RELATES, other, act, record.now))
    return number, plain


@pytest.mark.parametrize("who", [OMAR, SAM, MIA, "system"])
def test_an_older_tie_is_not_told(office: Office, who: str) -> None:
    """SR-1, DC-3: one made before data-privacy requests were kept from others names none to anybody now."""
    _, plain = older_ties(office)
    desk = office.by(who, "Mon 10:00")
    every = office.by(ADA, "Mon 10:00")
    assert [list(link[:2]) for link in reading.show(every, plain).state["links"]] == [["relates", 1]]
    seen = [
        reading.show(desk, plain),
        retrospect.show(desk, plain, desk.now),
        *reading.list_cases(desk, group=who == OMAR, everything=True).views,
        *reading.search(desk, "calls").views,
    ]
    assert [view.state["number"] for view in seen] == [plain] * 4
    assert [view.state["links"] for view in seen] == [[]] * 4
    told = [entry.event.kind for entry in reading.log(desk, plain)]
    assert Kind.LINKED in [entry.event.kind for entry in reading.log(every, plain)]
    assert Kind.LINKED not in told
    if who != OMAR:
        with reading.log_all(desk) as entries:
            assert [entry for entry in entries if entry.event.kind is Kind.LINKED] == []
        with reading.log_all(every) as entries:
            assert len([entry for entry in entries if entry.event.kind is Kind.LINKED]) == 2


def test_an_older_case_that_goes_on_from_one(office: Office) -> None:
    """SR-1, DC-3: its opening names the request that it followed to whoever may see that alone."""
    number = office.open("Mon 09:00", **PRIVACY)
    with office.by(DANA, "Mon 09:10").record() as record:
        form, account = intake.addressed(record.actor, record.writing, FORM)
        assert account is not None
        act = Act(DANA, Side.CONTACT, Via.PORTAL)
        tie = Link(LinkKind.FOLLOWS.value, number)
        plain = intake.open_for(record, form, account, act, links=(tie,)).number
    opened = {
        who: next(iter(reading.log(office.by(who, "Mon 10:00"), plain))).event.data["links"]
        for who in (DANA, ADA, OMAR, SAM)
    }
    tied = [{"kind": "follows", "number": number}]
    assert opened == {DANA: tied, ADA: tied, OMAR: [], SAM: []}


def test_an_incident_affects_no_data_privacy_request(office: Office) -> None:
    """SR-1, INC-1: an admin who may see one cannot name it on an incident that others see."""
    number, plain = office.open("Mon 09:00", **PRIVACY), office.open("Mon 09:01")
    declaring.declare(office.by(SAM, "Mon 09:10"), plain, {"title": "Calls drop"}, {})
    with pytest.raises(Refused) as refused:
        affecting.affect(office.by(ADA, "Mon 09:20"), plain, [number], [])
    assert refused.value.rule == "SR-1"
    assert office.case(number).links == office.case(plain).links == ()


def test_the_doctor_names_none(office: Office) -> None:
    """SR-1, TICK-4: whose ladder is held is told to whoever may see the case."""
    number = office.open("Mon 09:00", **PRIVACY)
    with office.store.write() as writing:
        writing.db.execute("UPDATE cases SET held = 1 WHERE number = ?", (number,))
    held = {who: doctor.pulse(office.by(who, "Mon 10:00")).vitals.held for who in (ADA, MIA, SAM, "system")}
    assert held == {ADA: (number,), MIA: (), SAM: (), "system": ()}


def test_a_lost_file_names_none(office: Office, tmp_path: Path) -> None:
    """SR-1, AUD-2: a file that is gone is told to everybody, whose it was to whoever may see the case."""
    number = office.open("Mon 09:00", **PRIVACY)
    (tmp_path / "who.txt").write_text("Jo Doe")
    adding.add(office.by(DANA, "Mon 09:10"), number, Files((str(tmp_path / "who.txt"),), Handling()))
    blobs = Blobs(office.config.db)
    for kept in [*blobs.kept()]:
        blobs.remove(kept)
    told = {}
    for who in (ADA, SAM):
        with office.by(who, "Mon 10:00").reading() as seen:
            [told[who]] = upkeep.astray(seen, blobs)
    assert (f"of case {number} " in told[ADA], "of case" in told[SAM], "is gone" in told[SAM]) == (
        True,
        False,
        True,
    )


@pytest.mark.parametrize("name", ["Habor Clinic", "Hrbor Clinic", "Towr Media"])
def test_a_name_that_is_nearly_one_tells_nothing(sold: Office, name: str) -> None:
    """DC-3, ACC-5: to a parent's contact an account of somebody else is answered as one that there is not."""
    desk = sold.by(DANA, "Mon 09:00")
    asked = (directory.account, directory.contacts, lambda desk, name: contact_us.ways(desk, account=name))
    before = [_refusal(ask, desk, name) for ask in asked]
    directory.add_account(sold.by(ADA, "Mon 09:01"), name, plan=Plan.CARE)
    assert [_refusal(ask, desk, name) for ask in asked] == before


def _refusal(ask: Callable[[Any, str], object], desk: Any, name: str) -> tuple[str, str | None]:
    with pytest.raises(NotFound) as refused:
        ask(desk, name)
    return refused.value.message, refused.value.hint


def test_its_own_go_on_from_it(office: Office) -> None:
    """SR-1, REO-1: a data-privacy request follows another one of the same contact."""
    number = office.open("Mon 09:00", **PRIVACY)
    follow(office, number, **PRIVACY)
    assert [link.kind for link in office.case(number).links] == [LinkKind.FOLLOWED_BY]


def test_who_logs_one(office: Office) -> None:
    """SR-1: on the phone an admin alone, as whoever logs it would read it."""
    with pytest.raises(NotPermitted, match="logged by an admin alone") as refused:
        office.open("Mon 09:00", SAM, via=Via.PHONE, contact=DANA, **PRIVACY)
    assert refused.value.rule == "SR-1"
    number = office.open("Mon 09:00", ADA, via=Via.PHONE, contact=DANA, **PRIVACY)
    assert own(office, DANA) == [number]
    assert own(office, OMAR) == []


def test_who_gets_one(office: Office, tmp_path: Path) -> None:
    """SR-1, ROUTE-1: of the group an admin; where it has none, it waits for one."""
    policy = tmp_path / "policy.toml"
    policy.write_text(POLICY.replace('assign = "nobody"', 'assign = "least-loaded"'))
    office.setting("Fri 10:00", policy=str(policy))
    assert office.case(office.open("Mon 09:00", **PRIVACY)).owner is None
    directory.edit_staff(office.by(ADA, "Mon 09:10"), BEN, role=Role.ADMIN)
    assert office.case(office.open("Mon 09:20", **PRIVACY)).owner == BEN


def test_an_escalation_goes_to_admins(office: Office) -> None:
    """SR-1, ESC-1: the managers are not told, as they may not see it."""
    number = office.open("Mon 09:00", **PRIVACY)
    escalation.escalate(office.by(DANA, "Mon 10:00"), number, "It takes too long.")
    raised = office.case(number).escalation
    assert raised is not None
    assert raised.addressed == (ADA,)
    assert {mail.to for mail in office.mails(number)} == {DANA, ADA}


def test_the_desk_learns_nothing_of_it(office: Office) -> None:
    """SR-1, OPEN-6: what it says of a component is learned of no data-privacy request."""
    office.open("Mon 09:00", **PRIVACY, component="Recorder", description=f"Telltale. {TEXT}")
    learned = learning.learn(office.by(ADA, "Mon 10:00"))
    assert (learned.cases, learned.examples) == (0, 0)
    office.open("Mon 10:10", component="Recorder")
    assert learning.learn(office.by(ADA, "Mon 10:20")).cases == 1


def test_the_own_profile(office: Office) -> None:
    """DC-6: name, telephone and PIN are one's own to change; access and training are an admin's to change."""
    rosa = office.by(ROSA, "Mon 09:00")
    changed = directory.edit_contact(rosa, ROSA, name="Rosa Lind", phone="+1 555 010 0142", pin="4711")
    assert (changed.name, changed.phone) == ("Rosa Lind", "+1 555 010 0142")
    for refused in ({"access_level": Access.READ_WRITE}, {"trained": True}, {"active": False}):
        with pytest.raises(NotPermitted):
            directory.edit_contact(rosa, ROSA, **refused)
    with pytest.raises(NotPermitted):
        directory.edit_contact(rosa, DANA, name="Me")
    with pytest.raises(NotFound):
        directory.edit_contact(rosa, LENA, name="Me")
    say("still here")(office.by(DANA, "Mon 09:10"), office.open("Mon 09:05"))
    assert office.differences() == []


def test_an_add_on_needs_its_plan(office: Office) -> None:
    """ACC-1: bought with the plan that the policy names alone, and taken off before the plan is left."""
    ada = office.by(ADA, "Mon 09:00")
    with pytest.raises(Refused, match=r"policy add_ons.cxm.requires"):
        directory.edit_account(ada, HARBOR, add_ons={"cxm": MIA})
    directory.edit_account(ada, ABC, add_ons={"cxm": MIA})
    with pytest.raises(Refused, match="goes with the business-care plan only"):
        directory.edit_account(ada, ABC, plan=Plan.CARE)
    assert directory.edit_account(ada, ABC, plan=Plan.CARE, without=["cxm"]).add_ons == {}
