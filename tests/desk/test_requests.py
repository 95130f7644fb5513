"""Service requests at a real desk: who acts, what is mailed to whom, documents as files of the case (SR-1)."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from desk_fixtures import ABC, ADA, BEN, BOB, DANA, LENA, MIA, OMAR, ROSA, SAM, Office, ask, plain

from carecli.desk import cases, directory, reading, requests
from carecli.desk.attachments.taking import Handling
from carecli.desk.desk import Desk
from carecli.domain.events import Kind
from carecli.domain.outbox import MailKind
from carecli.domain.vocabulary import CaseType, Role, Status, Via
from carecli.errors import CareError, Failed, NotFound, NotPermitted, Refused
from carecli.files.blobs import Blobs

SUE = "sue@success.example"
ORDER = b"Services order 1: ten numbers, two days.\n"
CHANGE: dict[str, Any] = {
    "type": CaseType.SERVICE_REQUEST,
    "subtype": "change-request",
    "stage": None,
    "impact": None,
    "fields": {"change": "add"},
}
ABOUT_REQUESTS = {kind for kind in MailKind if kind.value.startswith("request-")}


@pytest.fixture
def order(tmp_path: Path) -> str:
    """A services order in a file."""
    (tmp_path / "order.txt").write_bytes(ORDER)
    return str(tmp_path / "order.txt")


def accepted(office: Office, number: int, order: str, at: str = "Mon 10:00", **more: Any) -> None:
    """Accept a request by an order."""
    requests.accept(
        office.by(SAM, at), number, requests.Documents((order,), **{"sows": (), "how": Handling()} | more)
    )


def mailed(office: Office, number: int) -> list[tuple[str, str]]:
    """Kind and recipient of the mails about a request."""
    return [(mail.kind.value, mail.to) for mail in office.mails(number) if mail.kind in ABOUT_REQUESTS]


def test_from_the_submission_to_the_mail_that_it_is_done(office: Office, order: str, tmp_path: Path) -> None:
    """SR-1: acknowledged, accepted, signed by both, worked on, complete when the originator is mailed."""
    sow = tmp_path / "sow.txt"
    sow.write_bytes(b"Statement of work.\n")
    number = office.open("Mon 09:00", **CHANGE)
    requests.acknowledge(office.by(SAM, "Mon 09:30"), number, "We look into it.")
    accepted(office, number, order, sows=(str(sow),))
    view = requests.sign(office.by(OMAR, "Mon 11:00"), number)
    assert [(file.id, file.name) for file in view.attachments] == [("1", "order.txt"), ("2", "sow.txt")]
    request = requests.sign(office.by(BEN, "Mon 12:00"), number).case.request
    assert request is not None
    signed = [(p.sha256, p.customer and p.customer.by, p.care and p.care.by) for p in request.papers]
    assert signed[0] == (sha256(ORDER).hexdigest(), OMAR, BEN)
    cases.investigate(office.by(SAM, "Tue 09:00"), number)
    requests.complete(office.by(SAM, "Wed 09:00"), number, "The numbers ring.")
    assert office.case(number).status is Status.CLOSED
    assert mailed(office, number) == [
        ("request-acknowledged", DANA),
        ("request-accepted", DANA),
        # by another contact and by Customer Care
        ("request-signed", DANA),
        ("request-signed", DANA),
        ("request-completed", DANA),
    ]
    assert office.differences() == []


def test_the_mails_say_what_is_to_be_done(office: Office, order: str) -> None:
    """SR-1, MAIL-6: each names the next step, when we do ours, and what is signed by its hash."""
    number = office.open("Mon 09:00", **CHANGE)
    requests.acknowledge(office.by(SAM, "Mon 09:30"), number)
    accepted(office, number, order)
    requests.sign(office.by(DANA, "Mon 11:00"), number)
    requests.sign(office.by(BEN, "Mon 12:00"), number)
    requests.complete(office.by(SAM, "Mon 13:00"), number)
    office.tick("Mon 13:01")
    submitted, noted, taken, signed, done = map(plain, office.delivered())
    assert "We will acknowledge your request by Tuesday 3 March 2026, 09:00 (UTC)." in " ".join(submitted.split())
    assert "We will accept or reject your request by Wednesday 4 March" in " ".join(noted.split())
    assert f"order.txt (SHA-256 {sha256(ORDER).hexdigest()})" in taken
    assert f"care attachment get {number:010d} 1" in taken
    assert f"care request sign {number:010d}" in taken
    assert "Customer Care has signed documents of request" in " ".join(signed.split())
    assert f"Your request {number:010d} is completed." in done


def test_a_rejection_is_told_to_who_reworks_it(office: Office) -> None:
    """SR-1: the account's customer success manager is told what was rejected, and the customer too."""
    directory.edit_account(office.by(ADA, "Mon 08:00"), ABC, success_manager=SUE)
    number = office.open("Mon 09:00", **CHANGE)
    rejected = requests.reject(office.by(SAM, "Mon 10:00"), number, "There is no room in the east.")
    assert rejected.told == (SUE,)
    assert mailed(office, number) == [("request-rejected", DANA), ("request-rework", SUE)]
    office.tick("Mon 10:01")
    _, for_dana, for_sue = map(plain, office.delivered())
    assert "There is no room in the east." in for_dana
    assert f"care request resubmit {number:010d} -m" in for_dana
    assert f"Request {number:010d} of {ABC} is rejected: please rework it with {DANA}." in " ".join(
        for_sue.split()
    )
    requests.resubmit(office.by(DANA, "Tue 10:00"), number, "In the west, then.", fields={"site": "West"})
    case = office.case(number)
    assert (case.number, case.fields["site"], case.request and case.request.cycle) == (number, "West", 2)
    assert office.differences() == []


def test_who_reworks_it_where_nobody_is_named(office: Office) -> None:
    """SR-1: without a success manager, or with one who has left, the managers of Customer Care are told."""
    first, second = office.open("Mon 09:00", **CHANGE), office.open("Mon 09:10", **CHANGE)
    assert requests.reject(office.by(SAM, "Mon 10:00"), first, "No.").told == (MIA,)
    directory.edit_account(office.by(ADA, "Mon 10:10"), ABC, success_manager=BEN)
    directory.deactivate_staff(office.by(ADA, "Mon 10:20"), BEN)
    directory.edit_staff(office.by(ADA, "Mon 10:20"), MIA, role=Role.AGENT)
    assert requests.reject(office.by(SAM, "Mon 10:30"), second, "No.").told == (ADA,)


def test_staff_resubmit_for_the_customer(office: Office) -> None:
    """SR-1: by themselves, or for a caller; the contact is mailed what he did not do himself."""
    number = office.open("Mon 09:00", **CHANGE)
    for at, more in (("Mon 10:00", {}), ("Mon 12:00", {"via": Via.PHONE, "contact": OMAR})):
        requests.reject(office.by(SAM, at), number, "No.")
        requests.resubmit(office.by(BEN, at.replace("00", "30")), number, "As agreed.", **more)  # type: ignore[arg-type]
    told = [entry.event for entry in office.history(number) if entry.event.kind is Kind.REQUEST_RESUBMITTED]
    assert [(e.actor, e.data.get("logged_by"), e.data["cycle"]) for e in told] == [(BEN, None, 2), (OMAR, BEN, 3)]
    assert mailed(office, number).count(("request-resubmitted", DANA)) == 2


ACTS: dict[str, Callable[[Desk, int, str], Any]] = {
    "ack": lambda desk, number, _: requests.acknowledge(desk, number),
    "accept": lambda desk, number, order: requests.accept(
        desk, number, requests.Documents((order,), (), Handling())
    ),
    "reject": lambda desk, number, _: requests.reject(desk, number, "No."),
    "complete": lambda desk, number, _: requests.complete(desk, number),
    "resubmit": lambda desk, number, _: requests.resubmit(desk, number, "Again."),
    "sign": lambda desk, number, _: requests.sign(desk, number),
}
STAFFS = ("ack", "accept", "reject", "complete")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", [DANA, ROSA, BOB, "system"])
def test_who_may_not(office: Office, order: str, act: str, who: str) -> None:
    """DC-1, DC-5: Customer Care acknowledges, decides and completes; a Designated Contact resubmits and signs."""
    number = office.open("Mon 09:00", **CHANGE)
    before = office.dump()
    wanted = Refused if who == DANA and act not in STAFFS else NotPermitted
    with pytest.raises(wanted):
        ACTS[act](office.by(who, "Mon 10:00"), number, order)
    assert office.dump() == before


@pytest.mark.parametrize("act", ACTS)
def test_a_request_of_another_account(office: Office, order: str, act: str) -> None:
    """DC-3: it answers exactly as one that does not exist."""
    number = office.open("Mon 09:00", **CHANGE)
    answers = []
    for which in (number, 99):
        with pytest.raises(NotFound) as refusal:
            ACTS[act](office.by(LENA, "Mon 10:00"), which, order)
        answers.append(
            (refusal.value.message.replace(f"{which:010d}", "N"), refusal.value.hint, refusal.value.rule)
        )
    assert answers[0] == answers[1]


def test_the_desk_draws_an_order_up(office: Office) -> None:
    """SR-1, ATT-2: without one of its own, of the request and what is said of it; it names no person."""
    said = "Reach me at +49 30 901820 about ten more numbers for the east, from Monday on."
    number = office.open("Mon 09:00", **{**CHANGE, "description": said})
    none = requests.Documents((), (), Handling())
    (file,) = requests.accept(office.by(SAM, "Mon 10:00"), number, none, "Two days of work.").attachments
    drawn = Blobs(office.config.db).path(file.sha256).read_text()
    assert file.name == f"services-order-{number:010d}.redacted.md"
    assert "## Customer Care will do\n\nTwo days of work.\n" in drawn
    assert "Reach me at [phone-number-1] about ten more numbers" in drawn
    assert "@" not in drawn
    requests.sign(office.by(DANA, "Mon 11:00"), number)
    requests.sign(office.by(SAM, "Mon 11:10"), number)
    cases.investigate(office.by(SAM, "Mon 11:20"), number)


def test_a_bad_document_is_no_acceptance(office: Office, order: str) -> None:
    """SR-1: what cannot be read, or holds customer data, is nothing to sign."""
    number = office.open("Mon 09:00", **CHANGE)
    before = office.dump()
    with pytest.raises(CareError):
        accepted(office, number, order + ".missing")
    Path(order).write_text("The card is 4111 1111 1111 1111.")
    with pytest.raises(Refused, match="customer data"):
        accepted(office, number, order)
    assert office.dump() == before


def test_only_a_sound_decision_takes_files_in(office: Office, order: str) -> None:
    """SR-1, ATT-1: where nothing can be accepted no byte is kept."""
    number = office.open("Mon 09:00", **CHANGE)
    requests.reject(office.by(SAM, "Mon 09:30"), number, "No.")
    with pytest.raises(Refused):
        accepted(office, number, order)
    assert Blobs(office.config.db).size(sha256(ORDER).hexdigest()) is None


def test_nobody_signs_what_is_gone(office: Office, order: str) -> None:
    """SR-1: a document whose bytes are gone cannot be read, and is not signed."""
    number = office.open("Mon 09:00", **CHANGE)
    accepted(office, number, order)
    Blobs(office.config.db).path(sha256(ORDER).hexdigest()).unlink()
    with pytest.raises(Failed, match=r"order\.txt are gone"):
        requests.sign(office.by(DANA, "Mon 11:00"), number)


def test_a_missed_request_shows_in_the_tick(office: Office) -> None:
    """SR-1, TICK-2: a tick lists what was not acknowledged or decided in time, until it is."""
    number = office.open("Mon 09:00", **CHANGE)
    assert [(late.number, late.kind) for late in office.tick("Wed 10:00").deadlines] == [
        (number, "acknowledgement"),
        (number, "decision"),
    ]
    requests.acknowledge(office.by(SAM, "Wed 11:00"), number)
    assert [late.kind for late in office.tick("Wed 12:00").deadlines] == ["decision"]
    requests.reject(office.by(SAM, "Wed 13:00"), number, "No.")
    assert office.tick("Wed 14:00").deadlines == ()
    assert office.differences() == []


def test_the_ladder_closes_a_request_that_nobody_answers(office: Office) -> None:
    """SR-1, FU-1: a request that waits for the customer is followed up like any case, and no longer decided on."""
    number = office.open("Mon 09:00", **CHANGE)
    ask(office.by(SAM, "Mon 10:00"), number)
    for at in ("Wed 10:00", "Mon+1 10:00", "Mon+2 10:00"):
        office.tick(at)
    case = office.case(number)
    assert (case.standing.substatus, [one.open for one in case.deadlines]) == ("cancelled", [False, False])
    assert office.differences() == []


def test_a_request_is_found_by_what_was_said(office: Office) -> None:
    """FIND-3: the reason of a rejection is found like any update."""
    number = office.open("Mon 09:00", **CHANGE)
    requests.reject(office.by(SAM, "Mon 10:00"), number, "The zebrawood cabinet is full.")
    found = reading.search(office.by(DANA, "Mon 11:00"), "zebrawood")
    assert [view.case.number for view in found.views] == [number]
