"""Files on a case: what their events tell of them, how they are counted, what they move (ATT-1, ATT-2)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from notation import CALLER, CONTACT, DANA, SAM, STAFF, Desk, history, when

from carecli.domain import attaching
from carecli.domain.access import Act
from carecli.domain.attaching import Staged, Unsanitised
from carecli.domain.attachment import Attachment, Sanitised, files
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.policy import AttachmentPolicy
from carecli.domain.sanitising import Finding, Scan, Sensitive
from carecli.domain.vocabulary import Side, Via, Visibility
from carecli.errors import Invalid, NotFound, Refused

LOG = Staged("call.log", "text/plain", 12, "ab" * 32, Sanitised.CLEAN, 12, 0)
POLICY = AttachmentPolicy(size_max_mib=1, count_max=3, scan_max_mib=1)
AT = when("Tue 10:00")


def told(*events: Event) -> tuple[Attachment, ...]:
    """The files that these events add up to."""
    return files(Recorded(n, 42, n, event, "") for n, event in enumerate(events, 1))


def event(*staged: Staged, known: tuple[Attachment, ...] = (), public: bool = True, act: Act = CONTACT) -> Event:
    """Files that come with a text."""
    documents = attaching.documents(known, staged, public=public)
    visibility = Visibility.PUBLIC if public else Visibility.INTERNAL
    return attaching.accompanying(documents, act, AT, visibility)


def by_mail(*names: str) -> Event:
    """An update that came by mail, with the files that it has had since mail came in."""
    found = [
        {
            "place": n,
            "name": name,
            "media_type": "text/plain",
            "size": n,
            "sha256": f"{n:064}",
            "sanitised": None,
        }
        for n, name in enumerate(names, 1)
    ]
    data: Mapping[str, Any] = {"text": "See.", "mail": "in-7", "files": found}
    return Event(AT, DANA, Via.EMAIL, Kind.COMMENTED, Visibility.PUBLIC, data)


# What the events add up to


def test_a_file_as_its_event_tells() -> None:
    """ATT-1: everything that is known of a file comes from its event."""
    (file,) = told(event(LOG))
    assert file == Attachment(
        id="1",
        name="call.log",
        media_type="text/plain",
        size=12,
        sha256="ab" * 32,
        sanitised=Sanitised.CLEAN,
        scanned=12,
        findings=0,
        seq=1,
        at="2026-03-03T10:00:00Z",
        actor=DANA,
        via="portal",
    )
    assert Attachment.from_document(file.document()) == file


def test_internal_files_are_counted_apart() -> None:
    """DC-3: neither the ids nor the names of what both sides see tell of a file of staff alone."""
    first = told(event(LOG))
    hidden = told(event(LOG), event(LOG, known=first, public=False, act=STAFF))
    every = told(
        event(LOG), event(LOG, known=first, public=False, act=STAFF), event(LOG, known=hidden), by_mail("call.log")
    )
    assert [(file.id, file.name, file.public) for file in every] == [
        ("1", "call.log", True),
        ("i1", "call.log", False),
        ("2", "call (2).log", True),
        ("3", "call (3).log", True),
    ]


def test_the_ids_in_an_event_are_those_that_it_adds_up_to() -> None:
    """ATT-1: an event says of its files what the fold says of them."""
    known = told(event(LOG, LOG), by_mail("a.txt"))
    one = event(LOG, LOG, known=known)
    assert [(file["id"], file["name"]) for file in one.data["files"]] == [
        ("4", "call (3).log"),
        ("5", "call (4).log"),
    ]
    every = told(event(LOG, LOG), by_mail("a.txt"), one)
    assert [(file.id, file.name) for file in every[3:]] == [("4", "call (3).log"), ("5", "call (4).log")]


def test_files_that_came_by_mail() -> None:
    """ATT-2: they are on the case at once, nobody has confirmed them, and their bytes are in the message."""
    first, second = told(by_mail("a.txt", "b.txt"))
    assert (first.id, first.sanitised, first.mail, first.place) == ("1", None, "in-7", 1)
    assert (second.id, second.mail, second.place, second.settled) == ("2", "in-7", 2, False)


@pytest.mark.parametrize(("act", "who"), [(CONTACT, DANA), (STAFF, SAM), (CALLER, SAM)])
def test_a_file_is_confirmed(act: Act, who: str) -> None:
    """ATT-2: the answer is an event: who says so, for a caller the member of staff who typed it."""
    desk = history("Mon 09:00 opened high")
    mail = by_mail("a.txt", "b.txt")
    answer = attaching.confirmed(desk.case, told(mail)[1], act, AT)
    first, second = told(mail, answer)
    assert (first.sanitised, first.confirmed_by) == (None, None)
    assert (second.sanitised, second.confirmed_by) == (Sanitised.CONFIRMED, who)
    with pytest.raises(Refused, match="confirmed already"):
        attaching.confirmed(desk.case, second, act, AT)


def test_a_word_on_an_internal_file_is_internal() -> None:
    """DC-3: nothing public tells of a file that contacts do not know of."""
    desk = history("Mon 09:00 opened high")
    unknown = LOG._replace(sanitised=Sanitised.UNSCANNABLE)
    (file,) = told(event(unknown, public=False, act=STAFF))
    assert attaching.confirmed(desk.case, file, STAFF, AT).visibility is Visibility.INTERNAL


def test_who_confirmed_what_was_attached_as_it_is() -> None:
    """ATT-2: --confirm-sanitized is kept with the file, and who gave it."""
    confirmed = LOG._replace(sanitised=Sanitised.CONFIRMED, findings=None)
    assert told(event(confirmed, act=CALLER))[0].confirmed_by == SAM


# What an attachment moves


def attached(desk: Desk, act: Act, *, internal: bool = False) -> Event:
    """A file attached by itself, a day later."""
    at = max(e.at for e in desk.events) + timedelta(days=1)

    def decide(case: Any) -> Event:
        return attaching.attached(
            case, attaching.documents((), [LOG], public=not internal), None, act, at, internal=internal
        )

    return desk.command(at, decide)


@pytest.mark.parametrize("line", ["asked", "proposed"])
@pytest.mark.parametrize("act", [CONTACT, CALLER])
def test_a_contacts_file_answers_a_request(line: str, act: Act) -> None:
    """STAT-3, FU-5: from Awaiting Info and Solution Proposed to Open / Customer Responded; the ladder stops."""
    desk = history("Mon 09:00 opened high", f"Mon 10:00 {line}")
    assert desk.case.followup is not None
    one = attached(desk, act)
    assert desk.standing == "open/customer-responded"
    assert desk.case.followup is None
    assert desk.case.modified_at == one.at
    assert one.data.get("logged_by") == act.logged_by


def test_a_contacts_file_elsewhere_moves_nothing() -> None:
    """STAT-3: elsewhere the status stays."""
    desk = history("Mon 09:00 opened high")
    assert "status" not in attached(desk, CONTACT).data
    assert desk.standing == "open/new"


def test_staffs_file_is_an_answer() -> None:
    """SLA-3: a public file by staff answers as an update does, and begins the work on a new case."""
    desk = history("Mon 09:00 opened high")
    attached(desk, STAFF)
    assert desk.standing == "open/investigation"
    assert desk.clock("response").met_at == when("Tue 09:00")


def test_an_internal_file_moves_nothing() -> None:
    """UPD-1, DC-3: neither status nor clock nor ladder nor the date of the last update."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 asked")
    before = desk.case
    attached(desk, STAFF, internal=True)
    assert desk.case._replace(seq=before.seq) == before


@pytest.mark.parametrize("internal", [False, True])
def test_a_closed_case_takes_none(internal: bool) -> None:
    """UPD-1: only cases that are not closed take files."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 closed")
    with pytest.raises(Refused):
        attached(desk, STAFF, internal=internal)


def test_files_with_a_text_leave_the_moving_to_it() -> None:
    """SLA-3: a case that staff log for a caller is not answered by the files that it came with."""
    desk = history("Mon 09:00 opened high")
    caller = Act(DANA, Side.STAFF, Via.PHONE, logged_by=SAM)
    desk.command(when("Mon 09:00"), lambda _: event(LOG, act=caller)._replace(at=when("Mon 09:00")))
    assert desk.standing == "open/new"
    assert desk.clock("response").met_at is None


# Bounds, and which file is meant


def test_so_many_and_no_more() -> None:
    """ATT-1: the most files on a case are the policy's; those of staff alone are counted apart (DC-3)."""
    known = told(event(LOG, LOG), event(LOG, LOG, LOG, public=False, act=STAFF))
    attaching.require_room(known, 1, POLICY, 42, public=True)
    with pytest.raises(Refused, match="case 0000000042 has 2 files; 3 is the most"):
        attaching.require_room(known, 2, POLICY, 42, public=True)
    with pytest.raises(Refused):
        attaching.require_room(known, 1, POLICY, 42, public=False)


OTHER = LOG._replace(name="trace.pcap", sha256="abab99" + "0" * 58)
KNOWN = told(event(LOG, OTHER), event(LOG, public=False, act=STAFF))


@pytest.mark.parametrize(
    ("which", "id_"),
    [
        ("1", "1"),
        ("#2", "2"),
        ("i1", "i1"),
        ("I1", "i1"),
        ("trace.pcap", "2"),
        ("TRACE.PCAP", "2"),
        ("abab99", "2"),
    ],
)
def test_a_file_by_id_name_or_hash(which: str, id_: str) -> None:
    """ATT-1: `care attachment get` takes any of them."""
    assert attaching.chosen(KNOWN, which, 42).id == id_


def test_a_name_as_another_system_writes_it() -> None:
    """ATT-1: a file is found by the name that it had, where its accents stand apart from their letters."""
    known = told(event(LOG._replace(name="caf\u00e9.log")))
    assert attaching.chosen(known, "cafe\u0301.log", 42).id == "1"


def test_the_same_bytes_twice_are_one_hash() -> None:
    """ATT-1: the beginning of a hash that several files share means their bytes, which are the same."""
    assert attaching.chosen(told(event(LOG, LOG)), "ababab", 42).id == "1"


@pytest.mark.parametrize("which", ["3", "call", "abab9", "ffffff", ""])
def test_no_such_file(which: str) -> None:
    """ATT-1: nothing is guessed."""
    with pytest.raises(NotFound):
        attaching.chosen(KNOWN, which, 42)


def test_which_of_several() -> None:
    """ATT-1: where it may be several, they are named with their ids."""
    with pytest.raises(Invalid, match=r"1 \(call.log\), i1 \(call.log\)"):
        attaching.chosen(KNOWN, "call.log", 42)
    with pytest.raises(Invalid, match="3 files"):
        attaching.chosen(KNOWN, None, 42)
    assert attaching.chosen(KNOWN[:1], None, 42).id == "1"
    with pytest.raises(NotFound, match="has no files"):
        attaching.chosen((), None, 42)


# What was found


def scan(found: int, *, listed: int | None = None, complete: bool = True, text: bool = True) -> Scan:
    """A look through a file that found so much."""
    findings = tuple(
        Finding(Sensitive.CARD, "visa", line, 3, "4111 **** **** 1111") for line in range(1, (listed or found) + 1)
    )
    return Scan(findings, found, 100, complete, (), text)


@pytest.mark.parametrize(
    ("looked", "known"),
    [
        (scan(0), Sanitised.CLEAN),
        (scan(0, complete=False), Sanitised.PARTLY),
        (scan(0)._replace(unscanned=("a.bin: binary",)), Sanitised.PARTLY),
        (scan(0, text=False), Sanitised.UNSCANNABLE),
    ],
)
def test_what_a_look_without_findings_says(looked: Scan, known: Sanitised) -> None:
    """ATT-2: clean is said only of a file that was looked through to its end."""
    assert attaching.sanitised(looked) is known


def test_a_refusal_lists_what_was_found() -> None:
    """ATT-2: by line and column, the first twenty, and how many more there are; all of it for a script."""
    refusal = Unsanitised("call.log", scan(25))
    assert refusal.exit_status == 5
    assert refusal.lines[0] == "1:3  card-number (visa)  4111 **** **** 1111"
    assert (len(refusal.lines), refusal.lines[-1]) == (21, "and 5 more")
    assert "--redact" in str(refusal.hint)
    error = refusal.document()["error"]
    assert (error["rule"], error["file"], error["found"], len(error["findings"])) == ("ATT-2", "call.log", 25, 25)
    assert Unsanitised("x", scan(1)).lines == ("1:3  card-number (visa)  4111 **** **** 1111",)
    within = scan(1).findings[0]._replace(member="logs/a.txt", detail="")
    assert attaching.described(within) == "logs/a.txt, 1:3  card-number  4111 **** **** 1111"


def test_an_event_keeps_some_of_what_was_not_looked_through() -> None:
    """ATT-2: the names of the first twenty; a hostile archive does not fill the log."""
    many = LOG._replace(unscanned=tuple(f"{n}: binary" for n in range(500)))
    assert len(many.document()["unscanned"]) == attaching.UNSCANNED_KEPT
    assert "unscanned" not in LOG.document()
