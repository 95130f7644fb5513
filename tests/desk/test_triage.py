"""Mail that waits for a person: looked at, linked to its case or discarded (MAIL-3)."""

from pathlib import Path
from typing import Any

import pytest
from letters import (
    ADA,
    AWAITING,
    CLOSED,
    DANA,
    HARBORS,
    LENA,
    OPEN,
    SAM,
    Scene,
    letter,
    mixed,
)

from carecli.desk import reading
from carecli.desk.doctor import examine
from carecli.desk.home import home
from carecli.desk.mail import triage
from carecli.domain.events import Event, Kind
from carecli.domain.health import State
from carecli.domain.inbox import Outcome
from carecli.domain.vocabulary import Via
from carecli.errors import Invalid, NotFound, NotPermitted, Refused

STRANGE = "dana.private@mail.example"


def sam(scene: Scene, at: str = "Fri 10:00") -> Any:
    """The desk as an agent."""
    return scene.office.by(SAM, at)


def comment(scene: Scene, number: int) -> Event:
    """The last comment on a case."""
    return [e.event for e in scene.office.history(number) if e.event.kind is Kind.COMMENTED][-1]


def test_the_list_is_of_what_waits(scene: Scene) -> None:
    """MAIL-3: oldest first, with the reason; what was settled only where it is asked for, the newest first."""
    scene.receive(
        letter(id_="<1@x>"), letter(id_="<2@x>", sender=STRANGE), letter(id_="<3@x>", in_reply_to=scene.mid(OPEN))
    )
    waiting = triage.waiting(sam(scene))
    assert [(each.id, each.code) for each in waiting] == [(1, "no-case"), (2, "unknown-sender")]
    triage.discard(sam(scene), "in-1", "An advertisement.")
    assert [each.id for each in triage.waiting(sam(scene))] == [2]
    assert [each.id for each in triage.waiting(sam(scene), settled=True)] == [2, 1]
    assert [each.id for each in triage.inbox(sam(scene))] == [3, 2, 1]
    assert [each.id for each in triage.inbox(sam(scene), OPEN)] == [3]
    assert [each.id for each in triage.inbox(sam(scene), outcomes=[Outcome.UPDATED])] == [3]


def test_linked_it_counts_as_its_senders_word(scene: Scene) -> None:
    """MAIL-3, STAT-3, FU-5: as if it had matched: its sender's word, which stops the ladder."""
    scene.receive(letter("The trace.\n\n> older", subject="Case # 0000000001"))
    received, case = triage.link(sam(scene), "in-1", AWAITING)
    event = comment(scene, AWAITING)
    assert (event.actor, event.via, event.public) == (DANA, Via.EMAIL, True)
    assert (event.data["text"], event.data["mail"], event.data["logged_by"]) == ("The trace.", "in-1", SAM)
    assert (case.status, case.followup) == ("open", None)
    assert (received.settlement, received.settled_by, received.number) == ("linked", SAM, AWAITING)
    assert scene.office.differences() == []


def test_it_may_speak_for_a_designated_contact(scene: Scene) -> None:
    """MAIL-3: a mail from another address needs the contact whose word it is, one of the case's own account."""
    scene.receive(letter(sender=STRANGE))
    with pytest.raises(Refused, match="no Designated Contact"):
        triage.link(sam(scene), "in-1", AWAITING)
    with pytest.raises(NotFound):
        triage.link(sam(scene), "in-1", AWAITING, contact=LENA)
    triage.link(sam(scene), "in-1", AWAITING, contact=DANA)
    assert comment(scene, AWAITING).actor == DANA


def test_another_accounts_contact_is_not_the_speaker(scene: Scene) -> None:
    """MAIL-3, DC-3: a Designated Contact of another account does not write into the case by being linked."""
    scene.receive(letter(sender=LENA, in_reply_to=scene.mid(AWAITING)))
    with pytest.raises(Refused, match=LENA):
        triage.link(sam(scene), "in-1", AWAITING)
    assert comment_count(scene, AWAITING) == 0


def comment_count(scene: Scene, number: int) -> int:
    return len([e for e in scene.office.history(number) if e.event.kind is Kind.COMMENTED])


def test_kept_as_a_note(scene: Scene) -> None:
    """MAIL-3, UPD-1: with --internal it is for staff alone, and moves nothing."""
    scene.receive(letter(sender=STRANGE))
    before = scene.stands(AWAITING)
    triage.link(sam(scene), "in-1", AWAITING, internal=True)
    event = comment(scene, AWAITING)
    assert (event.actor, event.public, event.data["mail"]) == (SAM, False, "in-1")
    assert scene.stands(AWAITING) == before
    shown = reading.show(scene.office.by(DANA, "Fri 11:00"), AWAITING).updates
    assert Kind.COMMENTED not in {entry.event.kind for entry in shown}


def test_refusals(scene: Scene) -> None:
    """MAIL-3, DC-5: closed cases, what is settled, what is not in triage, what is not there, and who may not."""
    scene.receive(letter(id_="<1@x>"), letter(id_="<2@x>", in_reply_to=scene.mid(OPEN)))
    desk = sam(scene)
    with pytest.raises(Refused, match="closed") as closed:
        triage.link(desk, "in-1", CLOSED)
    assert "care reopen 0000000004" in (closed.value.hint or "")
    with pytest.raises(Invalid):
        triage.link(desk, "in-1", OPEN, contact=DANA, internal=True)
    with pytest.raises(Refused, match="not in triage: updated"):
        triage.discard(desk, "in-2")
    for id_ in ("in-99", "in-x", "", "in-" + "9" * 40, "١"):
        with pytest.raises(NotFound):
            triage.show(desk, id_)
    with pytest.raises(NotPermitted):
        triage.waiting(scene.office.by(DANA, "Fri 10:00"))
    with pytest.raises(NotPermitted):
        triage.show(scene.office.by("system", "Fri 10:00"), "in-1")
    triage.discard(desk, "in-1")
    with pytest.raises(Refused, match="discarded by sam"):
        triage.link(desk, "in-1", OPEN)
    assert comment_count(scene, OPEN) == 1
    assert comment_count(scene, HARBORS) == 0


def test_staff_are_told_that_mail_waits(scene: Scene) -> None:
    """MAIL-3: the home page counts it for staff and for nobody else; the doctor speaks up after a day."""
    scene.receive(letter(id_="<1@x>"))
    assert home(sam(scene)).triage == 1
    assert home(scene.office.by(DANA, "Fri 10:00")).triage is None
    for at, state in (("Sat 09:00", State.FINE), ("Sat 09:01", State.ADVICE)):
        found = {each.check: each.state for each in examine(scene.office.by(ADA, at)).findings}
        assert found["triage"] is state
    triage.discard(sam(scene), "in-1")
    checks = {each.check for each in examine(scene.office.by(ADA, "Sat 09:01")).findings}
    assert not {"triage", "trust", "inbox"} & checks
    shipped = Path(scene.office.config.db).with_suffix(".toml")
    shipped.write_text('name = "trusting nobody"\n')
    scene.office.setting("Sat 09:00", policy=str(shipped))
    assert "trust" in {each.check for each in examine(scene.office.by(ADA, "Sat 09:01")).findings}


def test_a_message_and_its_files(scene: Scene) -> None:
    """MAIL-2, ATT-1: the original byte for byte, and each file of it."""
    part = "Content-Type: application/octet-stream; name=a.bin\nContent-Transfer-Encoding: base64"
    message = letter(**mixed(("Content-Type: text/plain", "See."), (part, "AAEC/w==")), sender=STRANGE)
    scene.receive(message)
    opened = triage.show(sam(scene), "IN-1")
    assert (opened.text, [each.name for each in opened.message.enclosures]) == ("See.", ["a.bin"])
    assert triage.raw(sam(scene), "in-1") == message
    assert triage.file(sam(scene), "in-1", 1).content == b"\0\1\2\xff"
    with pytest.raises(NotFound):
        triage.file(sam(scene), "in-1", 2)


def test_the_same_message_is_once_on_a_case(scene: Scene) -> None:
    """MAIL-2a: a copy that waits is not linked beside the one that counted; it can only be discarded."""
    scene.receive(letter("It is done."), letter("It is done.", in_reply_to=scene.mid(OPEN)))
    with pytest.raises(Refused, match="in-1 came again as in-2, which is on case 0000000003") as refused:
        triage.link(sam(scene), "in-1", OPEN)
    assert "discard in-1" in str(refused.value.hint)
    triage.discard(sam(scene), "in-1")


def test_who_discarded_what_is_on_record(scene: Scene) -> None:
    """AUD-1: the desk's own log says who put a message aside and why, with the hash of what was put aside."""
    (received,) = scene.receive(letter())
    triage.discard(sam(scene), "in-1", "An advertisement.")
    with reading.log_all(sam(scene)) as entries:
        told = list(entries)[-1].event
    assert (told.kind, told.actor, told.public) == (Kind.MAIL_DISCARDED, SAM, False)
    assert told.data == {
        "mail": "in-1",
        "sender": DANA,
        "message_id": "<letter-1@abc.example>",
        "digest": received.digest,
        "reason": "An advertisement.",
    }
    assert scene.office.differences() == []
