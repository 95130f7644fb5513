"""Accounts, contacts and staff: what they are entitled to, and what each may see and do."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desk_fixtures import (
    ABC,
    ADA,
    BEN,
    BOB,
    DANA,
    FORM,
    HARBOR,
    LENA,
    MIA,
    OMAR,
    ROSA,
    SAM,
    Office,
    note,
    numbers,
    say,
)
from notation import when

from carecli.desk import cases, directory, intake, reading, severity
from carecli.desk.tick import tick
from carecli.domain.events import Kind
from carecli.domain.opening import Form
from carecli.domain.people import CalendarSpec
from carecli.domain.vocabulary import Access, Plan, Priority, Role, Via
from carecli.errors import CareError, Invalid, NotFound, NotPermitted, Refused


def test_an_account_shows_the_features_of_its_plan(office: Office) -> None:
    """ACC-1: what an account is entitled to is the policy's table for its plan."""
    shown = {name: directory.account(office.by(ADA, "Mon 09:00"), name) for name in (ABC, HARBOR)}
    assert "phone support around the clock" in shown[ABC].features
    assert "phone support around the clock" not in shown[HARBOR].features
    assert shown[ABC].designated == 2


def test_add_ons_go_with_business_care_only(office: Office) -> None:
    """ACC-1: add-ons name a person by an address and go with Business Care only, also when the plan changes."""
    ada = office.by(ADA, "Mon 09:00")
    with pytest.raises(Refused, match="business-care"):
        directory.edit_account(ada, HARBOR, add_ons={"cxm": "kim@desk.example"})
    with pytest.raises(Invalid):
        directory.edit_account(ada, ABC, add_ons={"cxm": "nobody"})
    with pytest.raises(Invalid, match="no add-on"):
        directory.edit_account(ada, ABC, add_ons={"gold": "kim@desk.example"})
    for nobody in ("Eve", "eve@desk.example\nBcc: x@y.example"):
        with pytest.raises(Invalid, match="no e-mail address"):
            directory.edit_account(ada, ABC, executive=nobody)
        with pytest.raises(Invalid, match="no e-mail address"):
            directory.edit_account(ada, ABC, success_manager=nobody)
    changed = directory.edit_account(
        ada,
        ABC,
        add_ons={"cxm": "kim@desk.example"},
        executive="Eve@desk.example",
        success_manager="sue@x.example",
    )
    assert (dict(changed.add_ons), changed.executive, changed.success_manager) == (
        {"cxm": "kim@desk.example"},
        "eve@desk.example",
        "sue@x.example",
    )
    with pytest.raises(Refused, match="business-care"):
        directory.edit_account(ada, ABC, plan=Plan.CARE)


def test_a_service_belongs_to_a_deployment_with_group_and_components(office: Office) -> None:
    """ACC-2: a case names a deployment, service and component that the account has, spelt as it spells them."""
    directory.edit_account(office.by(ADA, "Mon 09:00"), ABC, components=["Voice=Recording"])
    number = office.open("Mon 09:00", deployment="WEST", service="wallboard")
    assert (office.case(number).deployment, office.case(number).service, office.case(number).group) == (
        "West",
        "Wallboard",
        "Reporting",
    )
    assert office.case(office.open("Mon 09:01", component="recording")).component == "Recording"
    wrongs: tuple[dict[str, Any], ...] = ({"deployment": "East"}, {"service": "Fax"}, {"component": "Dialler"})
    for wrong in wrongs:
        with pytest.raises(NotFound) as refusal:
            office.open("Mon 09:02", **wrong)
        assert refusal.value.hint


def test_an_account_without_hours_has_the_desks(office: Office) -> None:
    """ACC-3: an account's calendar is the desk's, completed by what the account sets itself."""
    ada = office.by(ADA, "Mon 09:00")
    assert directory.account(ada, ABC).calendar.hours == "Mon-Fri 09:00-17:00"
    directory.edit_account(ada, ABC, calendar=CalendarSpec(hours="Mon-Sun 00:00-24:00"))
    assert directory.account(ada, ABC).calendar == CalendarSpec("UTC", "Mon-Sun 00:00-24:00", "")
    assert directory.account(ada, HARBOR).calendar.hours == "Mon-Fri 09:00-17:00"
    late = office.open("Sat 09:00")  # two business hours, on a Saturday
    assert office.case(late).clocks[0].due_at == when("Sat 11:00")


SPACED = ["ABC  Testing Co", f" {ABC} "]


@pytest.mark.parametrize("typed", [ABC, ABC.upper(), *SPACED])
def test_adding_an_account_twice_is_refused_however_it_is_spaced(office: Office, typed: str) -> None:
    """ACC-4: an account that is there is never replaced by adding one of the same name."""
    with pytest.raises(Refused, match="already"):
        directory.add_account(office.by(ADA, "Mon 09:00"), typed, plan=Plan.CARE)
    assert directory.account(office.by(ADA, "Mon 09:00"), ABC).account.deployments


def test_people_are_deactivated_never_deleted(office: Office) -> None:
    """ACC-4: a deactivated contact or member of staff acts no more, and the history stays."""
    number = office.open("Mon 09:00")
    say("Looking into it.")(office.by(SAM, "Mon 09:30"), number)
    ada = office.by(ADA, "Mon 10:00")
    directory.deactivate_contact(ada, DANA)
    directory.deactivate_staff(ada, SAM)
    for gone in (DANA, SAM):
        with pytest.raises(NotPermitted):
            office.by(gone, "Mon 10:01")
    assert [e.event.actor for e in office.history(number)][:2] == [DANA, SAM]
    assert next(c for c in directory.contacts(ada, ABC) if c.email == DANA).active is False
    with pytest.raises(Refused, match="admin"):
        directory.deactivate_staff(ada, ADA)
    with pytest.raises(Refused, match="already"):
        directory.add_contact(ada, DANA.upper(), account=HARBOR)


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [(BOB, False, False), (ROSA, True, False), (OMAR, True, True), (LENA, False, False)],
)
def test_access_levels_end_to_end(office: Office, who: str, *, reads: bool, writes: bool) -> None:
    """DC-1: basic reads no case, read-only reads the account's, read-write works on whoever's case it is."""
    number = office.open("Mon 09:00")
    desk = office.by(who, "Mon 10:00")
    for look in (lambda: reading.show(desk, number), lambda: reading.log(desk, number)):
        assert _allowed(look) is reads
    # Another account's contact may list and search, and finds nothing.
    assert _allowed(lambda: reading.list_cases(desk)) is (who != BOB)
    assert _allowed(lambda: reading.search(desk, "calls")) is (who != BOB)
    acts = (
        lambda d: cases.update(d, number, "More of it."),
        lambda d: cases.close(d, number),
        lambda d: cases.reopen(d, number, "It is back."),
    )
    for minute, act in enumerate(acts):
        assert _allowed(lambda act=act, m=minute: act(desk.at(desk.now + timedelta(minutes=m)))) is writes
    assert _allowed(lambda: intake.open_case(desk, FORM)) is (writes or who == LENA)


def _allowed(act: Any) -> bool:
    try:
        act()
    except NotPermitted as error:
        return not (error.rule == "DC-1" and error.hint)
    except NotFound:
        return False
    return True


def test_fewer_than_two_trained_designated_contacts_are_pointed_out(office: Office) -> None:
    """DC-2: opening a case warns while the account has fewer than two trained Designated Contacts."""
    assert intake.open_case(office.by(DANA, "Mon 09:00"), FORM).notices == ()
    (notice,) = intake.open_case(office.by(LENA, "Mon 09:00"), FORM).notices
    needed = "Harbor Clinic needs two trained Designated Contacts, who may open cases, and has 1 (DC-2)"
    assert notice == f"{needed}: an admin of the desk marks them"
    form = FORM._replace(contact=LENA, account=HARBOR)
    (notice,) = intake.open_case(office.by(ADA, "Mon 09:00"), form, via=Via.MONITORING).notices
    assert notice == f"{needed}: care contact edit EMAIL --trained"
    directory.edit_contact(office.by(ADA, "Mon 09:01"), OMAR, trained=False)
    assert intake.open_case(office.by(DANA, "Mon 09:02"), FORM).notices


def _refusal(act: Any) -> tuple[type[CareError], str, str | None, str | None]:
    with pytest.raises(CareError) as error:
        act()
    return type(error.value), error.value.message, error.value.hint, error.value.rule


@pytest.mark.parametrize(
    "act",
    [
        reading.show,
        reading.log,
        lambda d, n: cases.update(d, n, "Hello?"),
        lambda d, n: cases.update(d, n, "Hello?", internal=True),
        lambda d, n: cases.update(d, n, "Hello?", via=Via.PHONE, contact=DANA, pin="1234"),
        lambda d, n: cases.accept(d, n),
        lambda d, n: cases.reject(d, n),
        lambda d, n: cases.close(d, n),
        lambda d, n: cases.close(d, n, substatus="redirected"),
        lambda d, n: cases.reopen(d, n, "Again."),
        lambda d, n: cases.ask(d, n, "What?"),
        lambda d, n: cases.propose(d, n, "This."),
        lambda d, n: cases.investigate(d, n),
        lambda d, n: cases.restore(d, n),
        lambda d, n: cases.assign(d, n),
        lambda d, n: severity.change(d, n, Priority.LOW, "No.", confirm=lambda _: True),
        lambda d, n: intake.open_case(d, FORM, follows=n),
    ],
)
def test_anothers_case_answers_exactly_like_none(office: Office, act: Any) -> None:
    """DC-3: whatever is asked about another account's number, the answer is that of a number that is none."""
    theirs, none = office.open("Mon 09:00"), 8
    lena = office.by(LENA, "Mon 10:00")
    foreign, missing = _refusal(lambda: act(lena, theirs)), _refusal(lambda: act(lena, none))
    assert foreign[0] is NotFound
    assert json.dumps(foreign[1:]).replace("0000000001", "N") == json.dumps(missing[1:]).replace("0000000008", "N")


def test_anothers_account_and_contacts_answer_exactly_like_none(office: Office) -> None:
    """DC-3: another account and its contacts answer exactly as ones that do not exist."""
    lena = office.by(LENA, "Mon 09:00")
    for act in (
        lambda name: directory.account(lena, name),
        lambda name: directory.contacts(lena, name),
        lambda name: intake.open_case(lena, FORM._replace(account=name)),
    ):
        assert _refusal(lambda a=act: a(ABC))[1].replace(ABC, "X") == _refusal(lambda a=act: a("No Such"))[
            1
        ].replace("No Such", "X")
    told = [_refusal(lambda e=e: directory.edit_contact(lena, e, phone="1")) for e in (DANA, "no@abc.example")]
    assert told[0][1].replace(DANA, "X") == told[1][1].replace("no@abc.example", "X")
    assert [a.name for a in directory.accounts(lena)] == [HARBOR]


def test_nothing_internal_shows_to_a_contact(office: Office) -> None:
    """DC-3 and UPD-1: no note shows in a case, log, list, search, date or event number, to a contact."""
    noted, plain = office.open("Mon 09:00"), office.open("Mon 09:01")
    for number in (noted, plain):
        say("We are looking.")(office.by(SAM, "Mon 10:00"), number)
    note("The customer is a xylophone.")(office.by(SAM, "Mon 11:00"), noted)
    for number in (noted, plain):
        say("Here is more.")(office.by(DANA, "Mon 12:00"), number)
    note("Xylophone again.")(office.by(SAM, "Mon 13:00"), noted)
    dana = office.by(DANA, "Mon 14:00")
    shown = [reading.show(dana, number) for number in (noted, plain)]
    logs = [reading.log(dana, number) for number in (noted, plain)]
    assert all("ylophone" not in str(e.event.data) for e in (*shown[0].updates, *logs[0]))
    assert [(e.seq, e.event.kind) for e in logs[0]] == [(e.seq, e.event.kind) for e in logs[1]]
    assert [e.seq for e in logs[0]] == [1, 2, 3]
    assert shown[0].case.modified_at == shown[1].case.modified_at == when("Mon 12:00")
    assert reading.search(dana, "xylophone").total == 0
    assert reading.search(office.by(SAM, "Mon 14:00"), "xylophone").total == 1
    assert numbers(dana, group=True) == [plain, noted]  # equal times go by number, whatever was noted
    # Ticks mark clocks inside: warned and breached move nothing either.
    office.tick("Thu 09:00")
    assert reading.show(dana, noted).case.modified_at == when("Mon 12:00")
    assert [e.seq for e in reading.log(dana, noted)] == [1, 2, 3]


def test_mail_does_not_count_internal_events(office: Office) -> None:
    """DC-3: what the headers of a notice say is the same whether or not a note was written before it."""
    noted, plain = office.open("Mon 09:00"), office.open("Mon 09:00")
    note("Secret.")(office.by(SAM, "Mon 10:00"), noted)
    for number in (noted, plain):
        say("Public.")(office.by(SAM, "Mon 11:00"), number)
    # The keyed hash tells of number and place alone.
    ids = [[m.message_id.split(".")[1] for m in office.mails(n)] for n in (noted, plain)]
    assert ids == [["1", "2"]] * 2


def test_notes_do_not_move_a_contacts_search(office: Office) -> None:
    """DC-3 and FIND-3: the order of what a contact finds does not tell where notes were written."""
    first, second = office.open("Mon 09:00"), office.open("Mon 09:01")
    before = [v.case.number for v in reading.search(office.by(DANA, "Mon 10:00"), "calls").views]
    note("Nothing of that kind. " * 200)(office.by(SAM, "Mon 11:00"), before[0])
    after = [v.case.number for v in reading.search(office.by(DANA, "Mon 12:00"), "calls").views]
    assert sorted(before) == [first, second]
    assert after == before


def test_a_contact_never_sees_the_desks_log_or_staff(office: Office) -> None:
    """DC-3: the log of the whole desk and the list of staff are for staff."""
    dana = office.by(DANA, "Mon 09:00")
    with pytest.raises(NotPermitted), reading.log_all(dana):
        pass
    with pytest.raises(NotPermitted):
        directory.staff(dana)


def test_a_case_that_follows_anothers_account_is_refused(office: Office) -> None:
    """DC-3: staff cannot tie a new case to another account's, whose number its contact would then see."""
    theirs = office.open("Mon 09:00")
    form = FORM._replace(account=HARBOR, contact=LENA, priority=Priority.CRITICAL)
    with pytest.raises(CareError):
        intake.open_case(office.by(SAM, "Mon 10:00"), form, via=Via.PHONE, follows=theirs)


def test_a_pin_is_kept_as_an_argon2_hash_only(office: Office) -> None:
    """DC-4: a PIN lies in the database as a salted memory-hard hash, and in no event."""
    directory.edit_contact(office.by(ADA, "Mon 09:00"), DANA, pin="73905518")
    directory.edit_contact(office.by(OMAR, "Mon 09:00"), OMAR, pin="73905518")
    with office.store.read() as record:
        hashes = [record.pin_hash(email) for email in (DANA, OMAR)]
        logged = [json.dumps(dict(e.event.data)) for e in record.events()]
    assert all(h and h.startswith("$argon2id$") for h in hashes)
    assert hashes[0] != hashes[1]
    assert not any("73905518" in text or "argon2" in text for text in logged)
    office.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"73905518" not in Path(office.config.db).read_bytes()
    for wrong in ("123", "abcd", "1" * 13, "１２３４"):
        with pytest.raises(Invalid):
            directory.edit_contact(office.by(DANA, "Mon 09:01"), DANA, pin=wrong)


def test_a_wrong_pin_is_refused_and_changes_nothing(office: Office) -> None:
    """DC-4: a caller's PIN that is given must be right, asked for or not."""
    number = office.open("Mon 09:00")
    directory.edit_contact(office.by(ADA, "Mon 09:00"), DANA, pin="4711")
    before = _but_tries(office)
    for pin in ("4712", "", "47110"):
        with pytest.raises(NotPermitted) as error:
            cases.update(office.by(SAM, "Mon 10:00"), number, "Called.", via=Via.PHONE, pin=pin)
        assert error.value.rule == "DC-4"
    with pytest.raises(NotPermitted):  # Omar has none
        cases.update(office.by(SAM, "Mon 10:00"), number, "Called.", via=Via.PHONE, contact=OMAR, pin="4711")
    assert _but_tries(office) == before
    assert cases.update(office.by(SAM, "Mon 10:00"), number, "Called.", via=Via.PHONE, pin="4711")


def _but_tries(office: Office) -> list[str]:
    """The whole content of the database, but for what was tried in vain."""
    return [line for line in office.dump() if not line.startswith('INSERT INTO "pin_tries"')]


def test_the_policy_may_ask_for_the_pin(office: Office, tmp_path: Path) -> None:
    """DC-4: where the policy says so a phone act without the caller's PIN is refused."""
    (tmp_path / "p.toml").write_text('name = "p"\n[phone]\nask_pin = true\n')
    office.setting("Mon 08:00", policy=str(tmp_path / "p.toml"))
    number = office.open("Mon 09:00")
    directory.edit_contact(office.by(ADA, "Mon 09:00"), DANA, pin="4711")
    acts: tuple[Any, ...] = (
        lambda d, **k: cases.update(d, number, "Called.", via=Via.PHONE, **k),
        lambda d, **k: cases.close(d, number, via=Via.PHONE, **k),
        lambda d, **k: cases.reopen(d, number, "Back.", via=Via.PHONE, **k),
    )
    for act in acts:
        with pytest.raises(Refused) as error:
            act(office.by(SAM, "Mon 10:00"))
        assert error.value.rule == "DC-4"
        act(office.by(SAM, "Mon 10:00"), pin="4711")


def test_agents_do_not_take_cases_from_each_other(office: Office) -> None:
    """DC-5: agents take and hand on cases; taking one from its owner needs a manager, people an admin."""
    number = office.open("Mon 09:00")
    cases.assign(office.by(SAM, "Mon 09:10"), number)
    assert office.case(number).owner == SAM
    for taking in ({}, {"group": "Reporting"}, {"owner": BEN}):
        with pytest.raises(NotPermitted) as error:
            cases.assign(office.by(BEN, "Mon 09:20"), number, **taking)
        assert error.value.rule == "DC-5"
    cases.assign(office.by(SAM, "Mon 09:30"), number, BEN)
    cases.assign(office.by(MIA, "Mon 09:40"), number, SAM)
    assert office.case(number).owner == SAM
    for who in (SAM, MIA, DANA, "system"):
        with pytest.raises(NotPermitted):
            directory.add_staff(office.by(who, "Mon 10:00"), "new@desk.example", role=Role.AGENT)
    with pytest.raises(NotPermitted):
        tick(office.by(SAM, "Mon 10:00"))


def test_contacts_see_everybodys_access_and_edit_their_own_profile(office: Office) -> None:
    """DC-6: each contact sees the access of all at the account, and changes the own name and phone alone."""
    bob = office.by(BOB, "Mon 09:00")
    assert {c.email: c.access for c in directory.contacts(bob)} == {
        DANA: Access.READ_WRITE,
        OMAR: Access.READ_WRITE,
        ROSA: Access.READ_ONLY,
        BOB: Access.BASIC,
    }
    changed = directory.edit_contact(bob, BOB, name="Bob Lee", phone="+1 555 1")
    assert (changed.name, changed.phone, changed.access) == ("Bob Lee", "+1 555 1", Access.BASIC)
    acts: tuple[Any, ...] = (
        lambda: directory.edit_contact(bob, BOB, access_level=Access.READ_WRITE),
        lambda: directory.edit_contact(bob, BOB, trained=True),
        lambda: directory.edit_contact(bob, BOB, active=False),
        lambda: directory.edit_contact(bob, DANA, phone="1"),
        lambda: directory.edit_contact(office.by(DANA, "Mon 09:00"), BOB, phone="1"),
        lambda: directory.edit_contact(office.by(SAM, "Mon 09:00"), BOB, phone="1"),
        lambda: directory.add_contact(office.by(DANA, "Mon 09:00"), "x@abc.example", account=ABC),
    )
    for act in acts:
        with pytest.raises(NotPermitted):
            act()


def test_changes_of_people_are_on_the_record(office: Office) -> None:
    """ACC-4 and AUD-1: adding and changing people leaves an event by whoever did it."""
    directory.edit_contact(office.by(BOB, "Mon 09:00"), BOB, phone="+1 555 1")
    with office.store.read() as record:
        last = list(record.events())[-1]
    assert (last.number, last.event.kind, last.event.actor) == (None, Kind.CONTACT_CHANGED, BOB)


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("harbour clinic", "did you mean Harbor Clinic?"),
        ("harbor", "did you mean Harbor Clinic?"),
        ("ABC", "did you mean ABC Testing Co?"),
        ("zzz", "`care account list` shows them"),
        (" ", "`care account list` shows them"),
    ],
)
def test_staff_who_mistype_an_account_hear_which_it_may_be(office: Office, slip: str, meant: str) -> None:
    """DC-3: staff are told the nearest names, contacts those of no account, their own not either."""
    unknown = "`care account list` shows them"
    for who, hint in ((ADA, meant), (SAM, meant), (DANA, unknown), (LENA, unknown)):
        desk = office.by(who, "Mon 09:00")
        for act in (directory.account, directory.contacts, lambda d, name: intake.open_case(d, asking(name))):
            assert _refusal(lambda a=act, d=desk: a(d, slip))[2] == hint


def asking(account: str) -> Form:
    """A form for an account."""
    return FORM._replace(account=account)


def test_an_account_that_is_served_no_more_is_no_suggestion(office: Office) -> None:
    """DC-3, ACC-4: what cannot be chosen is not offered."""
    ada = office.by(ADA, "Mon 09:00")
    directory.edit_account(ada, HARBOR, active=False)
    assert _refusal(lambda: intake.open_case(ada, asking(HARBOR)))[2] == "`care account list` shows them"
    assert _refusal(lambda: directory.account(ada, "Harbor Clinik"))[2] == "`care account list` shows them"


def test_an_actor_is_named_by_an_address(office: Office) -> None:
    """ACC-4: a name where an address belongs is told so; an unknown address is an admin's to add."""
    with pytest.raises(NotPermitted) as error:
        office.by("ursa", "Mon 09:00")
    assert error.value.hint == "an actor is an e-mail address: --as name@example.com"
    with pytest.raises(NotPermitted) as error:
        office.by("ursa@desk.example", "Mon 09:00")
    assert "care staff add" in str(error.value.hint)
