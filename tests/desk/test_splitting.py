"""An update becomes a case of its own, told on both (OPEN-11, DC-3, STAT-4)."""

import json
from pathlib import Path

import pytest
from desk_fixtures import ABC, ADA, BOB, DANA, LENA, OMAR, SAM, Office

from carecli.desk import cases, directory, reading, splitting
from carecli.desk.attachments import taking
from carecli.desk.splitting import Wanted
from carecli.domain import lifecycle
from carecli.domain.access import Act
from carecli.domain.events import Kind
from carecli.domain.vocabulary import Access, Metric, Priority, Side, Stage, Status, Via
from carecli.errors import CareError, NotFound, NotPermitted, Refused
from carecli.render import case_document, views
from carecli.render.sheet import Prose

SAID = "By the way, exports are empty.\nSince Monday."


@pytest.fixture
def talked(office: Office) -> Office:
    """Case 1 with a note (2), an update by Omar (3) and one by Sam (4, and 5 a clock met)."""
    number = office.open("Mon 09:00")
    cases.update(office.by(SAM, "Mon 09:10"), number, "Looks like the trunk.", internal=True)
    cases.update(office.by(OMAR, "Mon 09:20"), number, SAID)
    cases.update(office.by(SAM, "Mon 09:30"), number, "We look into it.")
    return office


def split(office: Office, seq: int, at: str = "Tue 10:00", who: str = SAM, **wanted: object) -> int:
    why = wanted.pop("why", None)
    done = splitting.split(office.by(who, at), 1, seq, Wanted(**wanted), why)  # type: ignore[arg-type]
    return done.view.case.number


def test_an_update_becomes_a_case(talked: Office) -> None:
    """OPEN-11: the author's case, with the update's text, placed as the original, whose status stays."""
    before = talked.case(1)
    new = talked.case(split(talked, 3, why="A problem of its own."))
    assert (new.contact, new.account, new.description) == (OMAR, ABC, SAID)
    assert new.subject == "By the way, exports are empty."
    old = talked.case(1)
    for name in ("type", "subtype", "stage", "deployment", "service", "group", "priority", "impact"):
        assert getattr(new, name) == getattr(old, name), name
    assert (new.status, new.via) == (Status.OPEN, Via.DESK)
    assert (old.standing, old.clocks, old.modified_at) == (before.standing, before.clocks, before.modified_at)
    assert [(link.kind, link.number) for link in new.links] == [("split-from", 1)]
    assert [(link.kind, link.number) for link in old.links] == [("split-to", new.number)]
    (told,) = [entry.event for entry in talked.history(1) if entry.event.kind is Kind.SPLIT]
    assert dict(told.data) == {"seq": 3, "number": new.number, "text": "A problem of its own."}
    assert talked.differences() == []


def test_its_clocks_start_now(talked: Office) -> None:
    """SLA-3: the time before the split counts on no clock of the new case."""
    new = split(talked, 3)
    assert f"{talked.clock(new, Metric.RESPONSE).started_at:%a %H:%M}" == "Tue 10:00"
    assert talked.clock(new, Metric.RESPONSE).met_at is None


def test_the_contact_is_told(talked: Office) -> None:
    """MAIL-1: the usual mail of an opening goes to the new case's contact, and none about the original."""
    mails = len(talked.mails(1))
    (mail,) = talked.mails(split(talked, 3))
    assert (mail.to, mail.kind) == (OMAR, "acknowledgement")
    assert len(talked.mails(1)) == mails


def test_what_is_given_is_taken(talked: Office) -> None:
    """OPEN-11: subject, place, priority and contact may be others'."""
    new = talked.case(
        split(
            talked,
            3,
            subject="Exports are empty",
            service="wallboard",
            stage=Stage.UAT,
            priority=Priority.LOW,
            contact=DANA,
            impact="None.",
        )
    )
    assert (new.subject, new.service, new.group, new.stage) == (
        "Exports are empty",
        "Wallboard",
        "Reporting",
        "uat",
    )
    assert (new.priority, new.contact, new.impact) == (Priority.LOW, DANA, "None.")


def test_an_update_by_staff(talked: Office) -> None:
    """OPEN-10: whose author is no Designated Contact belongs to the original's contact."""
    assert talked.case(split(talked, 4)).contact == DANA
    directory.edit_contact(talked.by(ADA, "Mon 12:00"), OMAR, access_level=Access.READ_ONLY)
    assert talked.case(split(talked, 3)).contact == DANA


def test_nobody_is_left(talked: Office) -> None:
    """OPEN-10: a case without a Designated Contact is refused, and told how to name one."""
    directory.edit_contact(talked.by(ADA, "Mon 12:00"), OMAR, access_level=Access.READ_ONLY)
    directory.edit_contact(talked.by(ADA, "Mon 12:00"), DANA, access_level=Access.READ_ONLY)
    with pytest.raises(Refused, match="any more"):
        split(talked, 3)


@pytest.mark.parametrize(
    ("seq", "error", "told"),
    [
        (1, Refused, "no update with a text: opened"),
        (2, Refused, "internal"),
        (5, Refused, "internal"),
        (99, NotFound, "no update 99"),
        (0, NotFound, "no update 0"),
    ],
)
def test_what_cannot_be_split(talked: Office, seq: int, error: type[CareError], told: str) -> None:
    """OPEN-11, DC-3: neither the opening, nor a note, nor what is not there; nothing is changed."""
    before = talked.dump()
    with pytest.raises(error) as refused:
        split(talked, seq)
    assert told in refused.value.message
    assert talked.dump() == before


def test_split_once(talked: Office) -> None:
    """OPEN-11: what was moved is named instead of moved again."""
    new = split(talked, 3)
    with pytest.raises(Refused, match=f"is case {new:010d} already"):
        split(talked, 3)
    split(talked, 4)


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({"service": "Moon"}, NotFound),
        ({"subject": "x" * 101}, Refused),
        ({"subject": "a\nb"}, Refused),
        ({"contact": LENA}, NotFound),
        ({"contact": BOB}, Refused),
    ],
)
def test_wrong_wishes(talked: Office, wanted: dict[str, object], error: type[CareError]) -> None:
    """OPEN-3, OPEN-10, ACC-2: what is wrong is refused, and nothing is kept."""
    before = talked.dump()
    with pytest.raises(error):
        split(talked, 3, **wanted)  # type: ignore[arg-type]
    assert talked.dump() == before


@pytest.mark.parametrize("who", [DANA, OMAR, "rosa@abc.example"])
def test_for_staff_alone(talked: Office, who: str) -> None:
    """DC-5: the customer opens a case of the own; another account's case is not there at all."""
    with pytest.raises(NotPermitted):
        split(talked, 3, who=who)


def test_what_each_side_reads(talked: Office) -> None:
    """DC-3, STAT-4: the update stays, marked; a contact's numbering shows no gap where a note stands."""
    new = split(talked, 3)
    for who, seq in ((SAM, 3), (DANA, 2)):
        desk = talked.by(who, "Tue 11:00")
        (told,) = [entry for entry in reading.log(desk, 1) if entry.event.kind is Kind.SPLIT]
        assert told.event.data["seq"] == seq
        (moved,) = [entry for entry in reading.log(desk, 1) if entry.seq == seq]
        assert moved.event.data["text"] == SAID
        page = views.case_page(reading.show(desk, 1), "UTC", desk.now)
        titles = [section.title for section in page]
        assert f"2026-03-02 09:20 UTC  {OMAR}: Commented (moved to case {new:010d})" in titles
        assert f"2026-03-02 09:30 UTC  {SAM}: Commented" in titles
        texts = [section.text for section in page if isinstance(section, Prose)]
        assert f"update {seq} is an issue of its own: case {new:010d}" in texts
    links = case_document.case(reading.show(talked.by(DANA, "Tue 11:00"), new))["links"]
    assert links == [{"kind": "split-from", "number": "0000000001"}]
    assert "trunk" not in json.dumps(case_document.case(reading.show(talked.by(DANA, "Tue 11:00"), new)))


def test_a_closed_case(talked: Office) -> None:
    """OPEN-11: what was left over of a closed case becomes one of its own; the closed one stays so."""
    cases.close(talked.by(SAM, "Mon 12:00"), 1, "Done.")
    new = split(talked, 3)
    assert (talked.case(1).closed, talked.case(new).closed) == (True, False)
    assert talked.differences() == []


def test_files_stay(talked: Office, tmp_path: Path) -> None:
    """ATT-1: files that came with the update are named, and stay where their update is."""
    log = tmp_path / "exports.log"
    log.write_text("nothing to see")
    desk = talked.by(OMAR, "Mon 09:40")
    files = taking.Files((str(log),), taking.Handling())
    cases.update(desk, 1, "A log of it.", files=files)
    seq = next(entry.seq for entry in talked.history(1) if entry.event.data.get("text") == "A log of it.")
    done = splitting.split(talked.by(SAM, "Tue 10:00"), 1, seq)
    assert done.stays == ("exports.log",)
    (told,) = [entry.event for entry in talked.history(1) if entry.event.kind is Kind.SPLIT]
    assert told.data["stays"] == ["exports.log"]
    assert talked.differences() == []


def test_an_update_that_came_by_mail(talked: Office) -> None:
    """OPEN-11, MAIL-2: what came by mail is split like any other; the files of the mail are named."""
    with talked.by(OMAR, "Mon 09:50").record() as record:
        case = record.case(1)
        enclosed = {"name": "trace.txt", "media_type": "text/plain", "size": 3, "sha256": "ab", "sanitised": None}
        event = lifecycle.update(case, "Reports are late.", Act(OMAR, Side.CONTACT, Via.EMAIL), record.now)
        files = [{**enclosed, "place": 1}]
        record.append(case, event._replace(data={**event.data, "mail": "in-1", "files": files}))
    seq = talked.history(1)[-1].seq
    done = splitting.split(talked.by(SAM, "Tue 10:00"), 1, seq)
    assert (done.stays, done.view.case.contact) == (("trace.txt",), OMAR)
    assert done.view.case.description == "Reports are late."


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("One line.\nAnother.", "One line."),
        ("\n\n  Blank   before \n", "Blank before"),
        ("word " * 40, "word word word word word word word…"),
        ("x" * 60, "x" * 39 + "…"),
        ("a\x1b[31mb", "a [31mb"),
        ("", ""),
    ],
)
def test_a_subject_from_a_text(text: str, subject: str) -> None:
    """OPEN-3: the first line, cut at a word, without what does not print."""
    from carecli.domain.splitting import subject as made

    assert made(text, 40) == subject


def test_what_was_not_written_yet(talked: Office) -> None:
    """STAT-4: a clock set back splits off nothing that lies ahead of it."""
    with pytest.raises(Refused, match="3 was written at 2026-03-02T09:20:00Z, after this moment"):
        split(talked, 3, "Mon 09:15")
    assert talked.differences() == []


@pytest.mark.parametrize("impact", ["a\0b", "\ud800", "x" * 2_000_000])
def test_an_impact_is_checked_as_at_any_opening(talked: Office, impact: str) -> None:
    """OPEN-3: what `open` refuses as an impact is refused here."""
    with pytest.raises(Refused, match="impact"):
        split(talked, 3, impact=impact)
    assert [entry.event.kind for entry in talked.history(1)].count(Kind.SPLIT) == 0


def test_blanks_are_no_subject(talked: Office) -> None:
    """OPEN-3: what holds only blanks counts as not given."""
    new = talked.case(split(talked, 3, subject=" \t", impact=" "))
    assert (new.subject, new.impact) == ("By the way, exports are empty.", talked.case(1).impact)
