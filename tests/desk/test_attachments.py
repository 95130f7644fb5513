"""Files attached to cases: taken in, looked through, told, fetched and kept in order (ATT-1, ATT-2)."""

import hashlib
import io
import os
import stat
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from desk_fixtures import ADA, BEN, BOB, DANA, FORM, LENA, OMAR, ROSA, Office, ask, propose
from notation import when

from carecli.desk import cases, directory, doctor, intake, retrospect, verify
from carecli.desk import reading as looking
from carecli.desk.attachments import adding, reading, taking, upkeep
from carecli.desk.attachments.adding import Added, Caller
from carecli.desk.attachments.taking import Choice, Files, Handling
from carecli.domain.attaching import Unsanitised
from carecli.domain.attachment import Attachment, Sanitised
from carecli.domain.events import Kind
from carecli.domain.health import State
from carecli.domain.outbox import MailKind
from carecli.domain.people import CalendarSpec
from carecli.domain.sanitising import Scan
from carecli.domain.verify import Part
from carecli.domain.views import CaseView
from carecli.domain.vocabulary import Metric, Via
from carecli.errors import CareError, Failed, Invalid, NotFound, NotPermitted, Refused
from carecli.files import scanning
from carecli.files.blobs import PART, Blobs

DIRTY = "paid with 4111 1111 1111 1111 at noon\nby jane.doe@bank.example\n"
CLEAN = "2026-03-02T09:00:00Z the call was answered\n"
DAY_S = 24 * 60 * 60


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log without customer data."""
    return written(tmp_path / "call.log", CLEAN)


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    """A log with a card number and an address."""
    return written(tmp_path / "dirty.log", DIRTY)


def written(path: Path, text: str | bytes) -> Path:
    """A file with some content."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def add(
    office: Office,
    number: int,
    *paths: Path,
    who: str = DANA,
    at: str = "Mon 10:00",
    internal: bool = False,
    **how: object,
) -> Added:
    """Attach files by themselves."""
    files = Files(tuple(map(str, paths)), Handling(**how))  # type: ignore[arg-type]
    return adding.add(office.by(who, at), number, files, internal=internal)


def fetched(office: Office, number: int, which: str | None = None, who: str = DANA) -> bytes:
    """The bytes of a file, as `care attachment get` gives them."""
    out = io.BytesIO()
    reading.give(office.by(who, "Fri 12:00"), number, which, out, Handling().watch)
    return out.getvalue()


def blobs(office: Office) -> list[Path]:
    """Every file in the desk's folder."""
    return sorted(path for path in Blobs(office.config.db).root.rglob("*") if path.is_file())


def policy(office: Office, tmp_path: Path, text: str) -> None:
    """Put a policy in force."""
    office.setting("Mon 08:00", policy=str(written(tmp_path / "policy.toml", f'name = "trial"\n{text}')))


# Attached and fetched


def test_the_same_bytes_come_back(office: Office, tmp_path: Path) -> None:
    """ATT-1: any file is attached and fetched byte for byte, by id, name or hash."""
    number = office.open("Mon 09:00")
    content = os.urandom(3_000_000)
    (file,) = add(office, number, written(tmp_path / "trace.pcap", content), confirm=True).files
    assert (file.id, file.name, file.size) == ("1", "trace.pcap", 3_000_000)
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert {fetched(office, number, which) for which in (None, "1", "trace.pcap", file.sha256[:8])} == {content}
    assert office.differences() == []


def test_files_lie_apart_from_what_they_are_called(office: Office, log: Path, tmp_path: Path) -> None:
    """ATT-1: under their hash, once however often they are attached, and for their owner alone."""
    number = office.open("Mon 09:00")
    add(office, number, log, log, written(tmp_path / "other.log", CLEAN))
    (blob,) = blobs(office)
    assert blob.parent.name + blob.name == hashlib.sha256(CLEAN.encode()).hexdigest()
    assert blob.parent.parent == Path(office.config.db).with_suffix(".files")
    modes = [path.stat().st_mode & 0o777 for path in (blob, blob.parent, blob.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]
    assert [file.name for file in listed(office, number)] == ["call.log", "call (2).log", "other.log"]


def listed(office: Office, number: int, who: str = DANA) -> list[Attachment]:
    """The files of a case as somebody sees them."""
    return list(reading.listed(office.by(who, "Fri 12:00"), number))


def test_a_database_behind_a_link_has_the_same_folder(office: Office, log: Path, tmp_path: Path) -> None:
    """ATT-1: whoever comes to a desk by a link finds its files."""
    number = office.open("Mon 09:00")
    add(office, number, log)
    link = tmp_path / "link" / "other.db"
    link.parent.mkdir()
    link.symlink_to(office.config.db)
    there = Office(office.config._replace(db=str(link)), office.store)
    assert fetched(there, number) == CLEAN.encode()


def test_an_empty_file_is_a_file(office: Office, tmp_path: Path) -> None:
    """ATT-1: any file, one without a byte too."""
    number = office.open("Mon 09:00")
    (file,) = add(office, number, written(tmp_path / "empty", b"")).files
    assert (file.size, fetched(office, number)) == (0, b"")


def test_a_pipe_and_a_made_up_file(office: Office, tmp_path: Path) -> None:
    """ATT-1: what has no size beforehand is read to its end."""
    number = office.open("Mon 09:00")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    sender = threading.Thread(target=written, args=(pipe, CLEAN * 50_000))
    sender.start()
    (file,) = add(office, number, pipe).files
    sender.join()
    assert (file.size, fetched(office, number)) == (len(CLEAN) * 50_000, CLEAN.encode() * 50_000)
    (status,) = add(office, number, Path("/proc/self/status"), confirm=True).files
    assert b"VmRSS" in fetched(office, number, status.id)


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("", "is a directory"),
        ("none.log", "No such file"),
        ("/dev/zero", "device"),
        ("/dev/null", "device"),
        ("socket", "device"),
        ("a\0b", "cannot read"),
    ],
)
def test_what_cannot_be_attached(office: Office, tmp_path: Path, what: str, told: str) -> None:
    """ATT-1: a directory, a device without end, nothing at all: one message, and nothing is kept."""
    number = office.open("Mon 09:00")
    # Whoever binds a socket has no room for a long path.
    os.mknod(tmp_path / "socket", stat.S_IFSOCK | 0o600)
    files = Files((f"{tmp_path}/{what}" if not what.startswith("/") else what,), Handling())
    with pytest.raises(Invalid, match=told) as refusal:
        adding.add(office.by(DANA, "Mon 10:00"), number, files)
    assert refusal.value.hint
    assert blobs(office) == []


def test_a_file_without_permission(office: Office, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ATT-1: a file that may not be read is refused in one message."""
    number = office.open("Mon 09:00")

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(Invalid, match="Permission denied"):
        add(office, number, log)


def test_a_file_that_grows_is_cut_where_it_was(office: Office, tmp_path: Path) -> None:
    """ATT-1: a log that is written faster than it is read ends where it ended at first."""
    number = office.open("Mon 09:00")
    growing = written(tmp_path / "growing.log", CLEAN * 1000)
    stop = threading.Event()

    def grow() -> None:
        with growing.open("a") as file:
            while not stop.is_set():
                file.write(CLEAN)
                file.flush()

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        (file,) = add(office, number, growing, confirm=True).files
    finally:
        stop.set()
        writer.join()
    assert file.size >= len(CLEAN) * 1000
    assert growing.read_bytes().startswith(fetched(office, number))
    assert office.differences() == []


def test_a_file_that_shrinks_is_refused(office: Office, tmp_path: Path) -> None:
    """ATT-1: a file that lost bytes meanwhile is not what somebody meant to attach."""
    number = office.open("Mon 09:00")
    shrinking = written(tmp_path / "rotated.log", b"x" * 40_000_000)

    def cut(_what: str, _size: int | None) -> "Cutting":
        return Cutting(shrinking)

    with pytest.raises(Failed, match="became shorter"):
        add(office, number, shrinking, confirm=True, watch=cut)
    assert (blobs(office), listed(office, number)) == ([], [])


class Cutting:
    """A watch that empties a file once some of it was read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Callable[[int], None]:
        return lambda _: os.truncate(self.path, 100)

    def __exit__(self, *_: object) -> None:
        """Nothing to do."""


def test_names_are_made_safe(office: Office, log: Path) -> None:
    """ATT-1: a name is what both sides write, show and type."""
    number = office.open("Mon 09:00")
    (file,) = add(office, number, log, name="../../.ssh/\u202eauthorized_keys").files
    assert file.name == "authorized_keys"


# Bounds


def test_a_file_that_is_too_large(office: Office, tmp_path: Path) -> None:
    """ATT-1: the policy bounds the size; of a stream no more is read than that takes."""
    number = office.open("Mon 09:00")
    policy(office, tmp_path, "[attachments]\nsize_max_mib = 1\n")
    with pytest.raises(Refused, match="1 MiB is the most") as refusal:
        add(office, number, written(tmp_path / "large.log", b"x" * (1024 * 1024 + 1)))
    assert (refusal.value.rule, "1,048,577 bytes" in refusal.value.message) == ("ATT-1", True)
    pipe = tmp_path / "endless"
    os.mkfifo(pipe)

    def endless() -> None:
        with pipe.open("wb", buffering=0) as out:
            try:
                while True:
                    out.write(b"y" * 65_536)
            except BrokenPipeError:
                return

    sender = threading.Thread(target=endless)
    sender.start()
    with pytest.raises(Refused, match="1 MiB is the most"):
        add(office, number, pipe)
    sender.join()
    assert blobs(office) == []
    add(office, number, written(tmp_path / "just.log", b"x" * 1024 * 1024))


def test_too_many_files(office: Office, log: Path, tmp_path: Path) -> None:
    """ATT-1: the policy bounds the number; nothing is read before that is known, nothing is kept."""
    number = office.open("Mon 09:00")
    policy(office, tmp_path, "[attachments]\ncount_max = 2\n")
    add(office, number, log)
    with pytest.raises(Refused, match="2 is the most"):
        add(office, number, log, log)
    add(office, number, log)
    add(office, number, log, who=BEN, internal=True)
    with pytest.raises(Refused, match="3 files; 2 is the most"):
        taking.stage(office.by(DANA, "Mon 10:00"), [str(log)] * 3, Handling())


def test_all_files_or_none(office: Office, log: Path, dirty: Path) -> None:
    """ATT-1: of several files of which one is refused none is kept."""
    number = office.open("Mon 09:00")
    with pytest.raises(Unsanitised):
        add(office, number, log, dirty)
    assert (blobs(office), listed(office, number)) == ([], [])


# Customer data


def test_findings_are_refused_and_listed(office: Office, dirty: Path) -> None:
    """ATT-2: by line and column, masked; nothing is kept, nothing is on the case."""
    number = office.open("Mon 09:00")
    with pytest.raises(Unsanitised) as refusal:
        add(office, number, dirty)
    assert [line.split("  ")[0] for line in refusal.value.lines] == ["1:11", "2:4"]
    assert "4111 1111 1111 1111" not in str(refusal.value.document())
    assert (blobs(office), listed(office, number)) == ([], [])


def test_a_redacted_copy(office: Office, dirty: Path) -> None:
    """ATT-2: marks in place of what was found, proved by looking again; only the copy is kept."""
    number = office.open("Mon 09:00")
    (file,) = add(office, number, dirty, redact=True).files
    assert (file.name, file.sanitised, file.findings) == ("dirty.redacted.log", Sanitised.REDACTED, 2)
    assert fetched(office, number) == b"paid with [card-number-1] at noon\nby [e-mail-address-1]\n"
    assert len(blobs(office)) == 1


def test_the_same_mark_in_every_file(office: Office, dirty: Path, tmp_path: Path) -> None:
    """ATT-2: the same number is the same mark in all the files of a command, so that they can be held together."""
    number = office.open("Mon 09:00")
    other = written(tmp_path / "other.log", "4242 4242 4242 4242\n4111 1111 1111 1111\n")
    add(office, number, dirty, other, redact=True)
    assert fetched(office, number, "2") == b"[card-number-2]\n[card-number-1]\n"


def test_a_redaction_that_finds_nothing(office: Office, log: Path) -> None:
    """ATT-2: without findings the file itself is attached under its own name."""
    number = office.open("Mon 09:00")
    (file,) = add(office, number, log, redact=True).files
    assert (file.name, file.sanitised) == ("call.log", Sanitised.CLEAN)


def test_a_redaction_that_leaves_something(office: Office, dirty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ATT-2: a copy in which a second look still finds something is refused."""
    number = office.open("Mon 09:00")
    with dirty.open("rb") as stream:
        found = scanning.scan(stream, limit=1000)
    nothing = found._replace(findings=(), found=0)
    monkeypatch.setattr(scanning, "scan", lambda *_, name, **__: found if name else nothing)
    with pytest.raises(Unsanitised, match=r"dirty\.redacted\.log"):
        add(office, number, dirty, redact=True)
    assert blobs(office) == []


TELLING = {
    "4111111111111111.log": "[card-number-1].log",
    "call_4111111111111111.log": "call [card-number-1].log",
    "jane.doe@bank.com": "[e-mail-address-1]",
    "jane.doe@bank.com.log": "[e-mail-address-1].log",
    "+49 30 1234567.log": "[phone-number-1].log",
}


@pytest.mark.parametrize("name", TELLING)
def test_a_name_that_tells_of_a_customer(office: Office, tmp_path: Path, name: str) -> None:
    """ATT-2: names are shown and mailed wherever a file is, so they are looked through like its content."""
    number = office.open("Mon 09:00")
    path = written(tmp_path / name, CLEAN)
    with pytest.raises(Unsanitised, match="the name") as refusal:
        add(office, number, path)
    assert (refusal.value.file, refusal.value.scan.found, blobs(office)) == (name, 1, [])
    assert [file.name for file in add(office, number, path, redact=True).files] == [TELLING[name]]
    assert [file.name for file in add(office, number, path, confirm=True).files] == [name]
    assert [file.name for file in add(office, number, path, name="call.log").files] == ["call.log"]
    for choice, called in ((Choice.REDACT, TELLING[name]), (Choice.CONFIRM, name)):
        (file,) = add(office, office.open("Mon 09:00"), path, decide=lambda *_, choice=choice: choice).files
        assert file.name == called


@pytest.mark.parametrize(
    "name", ["trace-20260320-210500.log", "capture_2026-03-20_21-05-00.pcap", "dump-1711000000123.tgz"]
)
def test_a_name_that_tells_of_a_moment(office: Office, tmp_path: Path, name: str) -> None:
    """ATT-2: dates and counters in names are nobody's number."""
    (file,) = add(office, office.open("Mon 09:00"), written(tmp_path / name, CLEAN)).files
    assert file.name == name


def test_a_redacted_archive_with_a_binary_in_it(office: Office, dirty: Path, tmp_path: Path) -> None:
    """ATT-2: what could not be looked through is still to be confirmed, whatever was replaced beside it."""
    path = tmp_path / "logs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(dirty, "dirty.log")
        archive.writestr("core", bytes(range(256)))
    number = office.open("Mon 09:00")
    (file,) = add(office, number, path, redact=True).files
    assert (file.sanitised, file.findings, file.settled) == (Sanitised.REDACTED, 2, False)
    confirmed = adding.confirm(office.by(DANA, "Mon 11:00"), number, file.id).files
    assert [(one.sanitised, one.findings, one.settled) for one in confirmed] == [(Sanitised.CONFIRMED, 0, True)]
    assert office.differences() == []


def test_a_caller_confirms_no_internal_file(office: Office, tmp_path: Path) -> None:
    """DC-3: whose call staff log knows of no file of staff alone; no event is theirs."""
    number = office.open("Mon 09:00")
    add(office, number, written(tmp_path / "core", bytes(range(256))), who=BEN, internal=True)
    caller = Caller(Via.PHONE, DANA)
    with pytest.raises(NotFound, match="no file"):
        adding.confirm(office.by(BEN, "Mon 11:00"), number, "i1", caller=caller)
    (file,) = adding.confirm(office.by(BEN, "Mon 11:00"), number, "i1").files
    assert (file.confirmed_by, file.public) == (BEN, False)


def test_what_a_desk_looks_for_besides(office: Office, tmp_path: Path) -> None:
    """ATT-2: its own patterns, what it allows, and phone numbers as the country of its holidays writes them."""
    number = office.open("Mon 09:00")
    path = written(tmp_path / "own.log", "customer C-1234567, call (212) 555-0198, mail to care@desk.example\n")
    table = {"patterns": {"customer-id": "C-[0-9]{7}"}, "allow": ["@desk.example"]}
    ours = Office(office.config._replace(sanitising_table=table), office.store)
    with pytest.raises(Unsanitised) as refusal:
        add(ours, number, path)
    assert [finding.detail for finding in refusal.value.scan.findings] == ["customer-id"]
    office.setting("Mon 08:00", hours=CalendarSpec(holidays="US-NY"))
    (file,) = add(ours, number, path, redact=True).files
    assert fetched(ours, number) == b"customer [customer-id-1], call [phone-number-1], mail to care@desk.example\n"
    assert file.findings == 2


def test_a_confirmed_file_is_not_looked_through(office: Office, dirty: Path) -> None:
    """ATT-2: the answer is an event: what was said, and by whom."""
    number = office.open("Mon 09:00")
    (file,) = add(office, number, dirty, confirm=True).files
    assert (file.sanitised, file.confirmed_by, file.findings) == (Sanitised.CONFIRMED, DANA, None)
    assert fetched(office, number) == DIRTY.encode()
    assert office.history(number)[-1].event.data["files"][0]["sanitised"] == "confirmed"


def test_a_binary_is_named_as_such(office: Office, tmp_path: Path) -> None:
    """ATT-2: what cannot be looked through is attached and says so; it cannot be redacted."""
    number = office.open("Mon 09:00")
    binary = written(tmp_path / "core", bytes(range(256)) * 100)
    (file,) = add(office, number, binary).files
    assert (file.sanitised, file.media_type) == (Sanitised.UNSCANNABLE, "application/octet-stream")
    with pytest.raises(Refused) as refusal:
        add(office, number, binary, redact=True)
    assert refusal.value.rule == "ATT-2"


def test_a_file_beyond_the_bound(office: Office, tmp_path: Path) -> None:
    """ATT-2: nothing found as far as the policy looks is said to be no more than that."""
    number = office.open("Mon 09:00")
    policy(office, tmp_path, "[attachments]\nscan_max_mib = 1\n")
    long = written(tmp_path / "long.log", CLEAN * 30_000 + DIRTY)
    (file,) = add(office, number, long).files
    assert (file.sanitised, file.scanned) == (Sanitised.PARTLY, 1024 * 1024)
    (whole,) = add(office, number, long, redact=True).files
    assert (whole.sanitised, whole.findings) == (Sanitised.REDACTED, 2)


@pytest.mark.parametrize(
    ("choice", "known"), [(Choice.REDACT, Sanitised.REDACTED), (Choice.CONFIRM, Sanitised.CONFIRMED)]
)
def test_somebody_who_is_asked(office: Office, dirty: Path, choice: Choice, known: Sanitised) -> None:
    """ATT-2: who is asked sees what was found, and the answer goes on record with it."""
    number = office.open("Mon 09:00")
    seen: list[tuple[str, int]] = []

    def decide(name: str, scan: Scan) -> Choice:
        seen.append((name, scan.found))
        return choice

    (file,) = add(office, number, dirty, decide=decide).files
    assert (seen, file.sanitised, file.findings) == ([("dirty.log", 2)], known, 2)


def test_somebody_who_gives_up(office: Office, dirty: Path) -> None:
    """ATT-2: no answer attaches nothing."""
    number = office.open("Mon 09:00")
    with pytest.raises(Unsanitised):
        add(office, number, dirty, decide=lambda *_: None)
    assert blobs(office) == []


@pytest.mark.parametrize("how", [{"redact": True, "confirm": True}, {"name": "x"}])
def test_what_excludes_each_other(office: Office, log: Path, how: dict[str, Any]) -> None:
    """ATT-2: both answers at once, or one name for two files, mean nothing."""
    number = office.open("Mon 09:00")
    with pytest.raises(Invalid):
        add(office, number, log, log, **how)


# What comes of it on the case


@pytest.mark.parametrize("act", [ask, propose])
def test_a_contacts_file_stops_the_ladder(office: Office, log: Path, act: Callable[..., CaseView]) -> None:
    """STAT-3, FU-5: it answers the request; no reminder follows."""
    number = office.open("Mon 09:00")
    act(office.by(BEN, "Mon 09:30"), number)
    added = add(office, number, log)
    assert added.view.state["substatus"] == "customer-responded"
    office.tick("Fri 12:00")
    assert office.kinds(number, Kind.FOLLOW_UP_SENT) == []


def test_staffs_file_answers_the_case(office: Office, log: Path) -> None:
    """SLA-3: a public one; and the contact is told by mail what came."""
    number = office.open("Mon 09:00")
    add(office, number, log, who=BEN, internal=True)
    assert office.clock(number, Metric.RESPONSE).met_at is None
    add(office, number, log, who=BEN)
    assert office.clock(number, Metric.RESPONSE).met_at is not None
    (mail,) = [mail for mail in office.mails(number) if mail.kind is MailKind.ANSWER]
    assert mail.content["said"] == f"Attached:\ncall.log ({len(CLEAN)} bytes)"


def test_nobody_is_told_of_the_own_files(office: Office, log: Path) -> None:
    """MAIL-1: a contact hears of a colleague's files, not of the own ones, and never of internal ones (DC-3)."""
    number = office.open("Mon 09:00")
    add(office, number, log)
    add(office, number, log, who=BEN, internal=True)
    assert [mail.kind for mail in office.mails(number)] == [MailKind.ACKNOWLEDGEMENT]
    add(office, number, log, who=OMAR)
    assert [(mail.kind, mail.to) for mail in office.mails(number)][1:] == [(MailKind.ANSWER, DANA)]


def test_files_with_an_update(office: Office, log: Path) -> None:
    """ATT-1: they come in an event of their own behind the text, and one mail is written."""
    number = office.open("Mon 09:00")
    files = Files((str(log),), Handling())
    view = cases.update(office.by(BEN, "Mon 10:00"), number, "Look.", files=files)
    assert [file.name for file in view.attachments] == ["call.log"]
    texts = [
        entry.event for entry in office.history(number) if entry.event.kind in {Kind.COMMENTED, Kind.ATTACHED}
    ]
    assert [event.kind for event in texts] == [Kind.COMMENTED, Kind.ATTACHED]
    assert texts[1].data["accompanies"] is True
    assert [mail.kind for mail in office.mails(number)] == [MailKind.ACKNOWLEDGEMENT, MailKind.ANSWER]


@pytest.mark.parametrize("how", ["add", "update", "reopen"])
def test_a_pipe_that_lasts(office: Office, log: Path, how: str) -> None:
    """SLA-4: what is attached when its last byte is in meets no deadline that fell due while it was on its way."""
    number = office.open("Mon 09:00")
    if how == "reopen":
        cases.close(office.by(DANA, "Mon 09:10"), number)
    files = Files((str(log),), Handling(clock=lambda: when("Mon 15:00")))
    desk = office.by(BEN, "Mon 09:30")
    if how == "add":
        adding.add(desk, number, files)
    else:
        getattr(cases, how)(desk, number, "Here it is.", files=files)
    told = [entry.event.at for entry in office.history(number) if entry.event.actor == BEN]
    assert told == [when("Mon 15:00")] * (1 if how == "add" else 2)
    assert office.differences() == []


@pytest.mark.parametrize("how", ["add", "update"])
def test_a_pipe_outlasts_nobody(office: Office, log: Path, how: str) -> None:
    """ACC-4: who may act no more when the last byte is in attaches nothing, however early the pipe was opened."""
    number = office.open("Mon 09:00")

    @contextmanager
    def meanwhile(_what: str, _size: int | None) -> Iterator[Callable[[int], None]]:
        directory.edit_staff(office.by(ADA, "Mon 10:00"), BEN, active=False)
        yield lambda _: None

    files = Files((str(log),), Handling(watch=meanwhile))
    desk = office.by(BEN, "Mon 09:30")
    act: Callable[[], object] = partial(adding.add, desk, number, files)
    if how == "update":
        act = partial(cases.update, desk, number, "Here it is.", files=files)
    with pytest.raises(NotPermitted, match="not known here"):
        act()
    assert listed(office, number) == []


def test_files_with_a_note_are_internal(office: Office, log: Path) -> None:
    """DC-3: what comes with a note is for staff alone."""
    number = office.open("Mon 09:00")
    files = Files((str(log),), Handling())
    cases.update(office.by(BEN, "Mon 10:00"), number, "Hm.", internal=True, files=files)
    assert [file.id for file in listed(office, number, BEN)] == ["i1"]
    assert listed(office, number) == []


def test_files_of_a_caller(office: Office, log: Path) -> None:
    """UPD-1: an act of the caller, logged by staff."""
    number = office.open("Mon 09:00")
    ask(office.by(BEN, "Mon 09:30"), number)
    files = Files((str(log),), Handling(confirm=True))
    cases.update(office.by(BEN, "Mon 10:00"), number, "He sent it.", via=Via.PHONE, files=files)
    (file,) = listed(office, number)
    assert (file.actor, file.via, file.confirmed_by) == (DANA, "phone", BEN)
    added = adding.add(office.by(BEN, "Mon 11:00"), number, files, caller=Caller(Via.PHONE, OMAR, None)).files
    assert [(file.actor, file.via) for file in added] == [(OMAR, "phone")]
    with pytest.raises(Invalid):
        adding.add(office.by(BEN, "Mon 11:00"), number, files, internal=True, caller=Caller(Via.PHONE))


def test_files_with_a_reopening(office: Office, log: Path) -> None:
    """REO-1: new supporting information may be a file."""
    number = office.open("Mon 09:00")
    cases.close(office.by(DANA, "Mon 10:00"), number)
    files = Files((str(log),), Handling())
    view = cases.reopen(office.by(DANA, "Tue 10:00"), number, "Again.", files=files)
    assert (view.state["status"], len(view.attachments)) == ("open", 1)
    assert office.differences() == []


def test_files_with_an_opening(office: Office, log: Path) -> None:
    """OPEN-4, SLA-3: they come with the case; one that staff log for a caller is not answered by them."""
    desk = office.by(BEN, "Mon 09:00")
    staged = taking.stage(desk, [str(log)], Handling())
    opened = intake.open_case(desk, FORM._replace(contact=DANA), via=Via.PHONE, staged=staged)
    assert [file.name for file in opened.view.attachments] == ["call.log"]
    assert opened.view.state["substatus"] == "new"
    assert office.clock(opened.view.state["number"], Metric.RESPONSE).met_at is None


def test_a_closed_case_takes_none(office: Office, log: Path) -> None:
    """UPD-1: and not a byte is read for it."""
    number = office.open("Mon 09:00")
    cases.close(office.by(DANA, "Mon 09:30"), number)
    with pytest.raises(Refused, match="closed"):
        add(office, number, log)
    assert blobs(office) == []


@pytest.mark.parametrize(("who", "error"), [(ROSA, NotPermitted), (BOB, NotPermitted), (LENA, NotFound)])
def test_who_may_not_attach(office: Office, log: Path, who: str, error: type[CareError]) -> None:
    """DC-1, DC-3: readers attach nothing; another account's case is as if it were not there; no byte is read."""
    number = office.open("Mon 09:00")
    with pytest.raises(error):
        add(office, number, log, who=who)
    with pytest.raises(NotPermitted):
        add(office, number, log, internal=True)
    assert blobs(office) == []


# Who sees what


def test_internal_files_are_nowhere_for_a_contact(office: Office, log: Path, tmp_path: Path) -> None:
    """DC-3: neither listed nor shown nor fetched, by whatever name; no id, name or number tells of them."""
    number = office.open("Mon 09:00")
    secret = written(tmp_path / "secret.log", "our own words\n")
    add(office, number, secret, who=BEN, internal=True)
    add(office, number, log)
    (hidden, shown) = listed(office, number, BEN)
    assert (hidden.id, shown.id) == ("i1", "1")
    assert [file.id for file in listed(office, number)] == ["1"]
    for which in ("i1", "secret.log", hidden.sha256, hidden.sha256[:10], "2"):
        with pytest.raises(NotFound):
            fetched(office, number, which)
    assert fetched(office, number) == CLEAN.encode()
    assert fetched(office, number, "i1", BEN) == b"our own words\n"
    view = looking.show(office.by(DANA, "Fri 12:00"), number)
    assert "secret" not in repr(view)
    assert [entry.seq for entry in looking.log(office.by(DANA, "Fri 12:00"), number)] == [1, 2]
    # The place of its event among those that a contact does not see would tell of them.
    assert {file.seq for file in view.attachments} == {0}


def test_a_case_as_it_stood(office: Office, log: Path) -> None:
    """TICK-3: with the files that it had, as sanitised as they were."""
    number = office.open("Mon 09:00")
    add(office, number, log, at="Mon 10:00")
    add(office, number, log, who=BEN, at="Mon 11:00", internal=True)
    add(office, number, log, at="Mon 12:00")

    def there(who: str, at: str) -> list[str]:
        view = retrospect.show(office.by(who, "Fri 12:00"), number, when(at))
        return [file.id for file in view.attachments]

    assert [there(DANA, f"Mon {hour}:30") for hour in ("09", "10", "11", "12")] == [[], ["1"], ["1"], ["1", "2"]]
    assert there(BEN, "Mon 11:30") == ["1", "i1"]


def test_readers_fetch_others_do_not(office: Office, log: Path) -> None:
    """DC-1, DC-3: whoever sees the case has its files; for others neither is there."""
    number = office.open("Mon 09:00")
    add(office, number, log)
    assert fetched(office, number, who=ROSA) == CLEAN.encode()
    with pytest.raises(NotFound, match="there is no case"):
        fetched(office, number, who=LENA)
    with pytest.raises(NotPermitted):
        fetched(office, number, who=BOB)


# Fetched to a file


def test_saved_under_its_own_name(
    office: Office, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ATT-1: right here, without taking the place of another file, or where somebody says."""
    number = office.open("Mon 09:00")
    add(office, number, log)
    desk, here = office.by(DANA, "Fri 12:00"), tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    saved = reading.save(desk, number, None, None, Handling().watch, replace=False)
    assert (saved.path, (here / "call.log").read_text()) == ("call.log", CLEAN)
    (here / "call.log").write_text("mine")
    with pytest.raises(Invalid, match="is there already"):
        reading.save(desk, number, None, None, Handling().watch, replace=False)
    assert (here / "call.log").read_text() == "mine"
    reading.save(desk, number, None, None, Handling().watch, replace=True)
    assert (here / "call.log").read_text() == CLEAN
    reading.save(desk, number, None, str(tmp_path), Handling().watch, replace=True)
    assert [path.name for path in here.iterdir()] == ["call.log"]
    with pytest.raises(Failed, match="cannot write"):
        reading.save(desk, number, None, "/none/such/file", Handling().watch, replace=True)


@pytest.mark.parametrize("folder", [None, "."])
@pytest.mark.parametrize("there", ["file", "link", "pipe"])
def test_a_strangers_name_takes_no_place(
    office: Office, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: str, folder: str | None
) -> None:
    """ATT-1: what lies under the attachment's name is neither replaced unasked, nor followed, nor written to."""
    number = office.open("Mon 09:00")
    add(office, number, log)
    here, other = tmp_path / "here", written(tmp_path / "other", "mine")
    here.mkdir()
    monkeypatch.chdir(here)
    place = here / "call.log"
    if there == "pipe":
        os.mkfifo(place)
    elif there == "link":
        place.symlink_to(other)
    else:
        place.write_text("mine")
    desk = office.by(DANA, "Fri 12:00")
    with pytest.raises(Invalid, match="is there already"):
        reading.save(desk, number, None, folder, Handling().watch, replace=False)
    assert there == "pipe" or place.read_text() == "mine"
    reading.save(desk, number, None, folder, Handling().watch, replace=True)
    assert (place.read_text(), place.is_symlink(), other.read_text()) == (CLEAN, False, "mine")


def test_a_link_that_somebody_names_is_followed(office: Office, log: Path, tmp_path: Path) -> None:
    """ATT-1: as by any other --output, the file behind it is replaced."""
    number = office.open("Mon 09:00")
    add(office, number, log)
    other, link = written(tmp_path / "other", "mine"), tmp_path / "link"
    link.symlink_to(other)
    reading.save(office.by(DANA, "Fri 12:00"), number, None, str(link), Handling().watch, replace=False)
    assert (link.is_symlink(), other.read_text()) == (True, CLEAN)


@pytest.mark.parametrize(("output", "told"), [("", "names no file"), ("none/", "no folder none/")])
def test_nowhere_to_fetch_to(office: Office, log: Path, output: str, told: str) -> None:
    """ATT-1: an output that names no file is a slip, and no file of another name."""
    number = office.open("Mon 09:00")
    add(office, number, log)
    with pytest.raises(Invalid, match=told):
        reading.save(office.by(DANA, "Fri 12:00"), number, None, output, Handling().watch, replace=False)


@pytest.mark.parametrize("harm", ["changed", "cut", "gone"])
def test_bytes_that_are_not_those(office: Office, log: Path, tmp_path: Path, harm: str) -> None:
    """ATT-1, AUD-1: a damaged file is never handed out, not even half; verify and doctor find it."""
    number = office.open("Mon 09:00")
    add(office, number, log)
    (blob,) = blobs(office)
    blob.chmod(0o600)
    blob.write_bytes({"changed": CLEAN.replace("call", "case").encode(), "cut": b"x", "gone": b""}[harm])
    if harm == "gone":
        blob.unlink()
    out, target = io.BytesIO(), tmp_path / "out.log"
    desk = office.by(DANA, "Fri 12:00")
    with pytest.raises(Failed) as refusal:
        reading.give(desk, number, None, out, Handling().watch)
    assert (refusal.value.rule, out.getvalue()) == ("ATT-1", b"")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(Failed):
        reading.save(desk, number, None, str(target), Handling().watch, replace=True)
    assert sorted(tmp_path.iterdir()) == before
    report = verify.verify(office.by(ADA, "Fri 12:00"))
    assert [(one.number, one.part) for one in report.differences] == [(number, Part.FILE)]
    assert verify.verify(office.by(ADA, "Fri 12:00"), number).differences == report.differences
    found = {one.check: one.state for one in doctor.examine(office.by(ADA, "Fri 12:00")).findings}
    # The doctor reads no file: of the same size they are found by verify alone.
    assert found["files"] is (State.FINE if harm == "changed" else State.WRONG)


def test_attached_again_after_the_bytes_were_lost(office: Office, log: Path) -> None:
    """ATT-1: the same file attached anew brings its bytes back, for the older attachment too."""
    number = office.open("Mon 09:00")
    add(office, number, log)
    (blob,) = blobs(office)
    blob.write_bytes(b"cut")
    add(office, number, log)
    assert fetched(office, number, "1") == CLEAN.encode()
    assert verify.verify(office.by(ADA, "Fri 12:00")).differences == ()


def test_attached_again_after_the_bytes_changed(office: Office, log: Path) -> None:
    """ATT-1: what is damaged is not taken for what is attached, though it has its name and its size."""
    number = office.open("Mon 09:00")
    add(office, number, log)
    (blob,) = blobs(office)
    blob.write_bytes(CLEAN.upper().encode())
    add(office, number, log)
    assert fetched(office, number, "1") == fetched(office, number, "2") == CLEAN.encode()
    assert blobs(office) == [blob]


def test_bytes_that_are_taken_away_before_the_event(office: Office, log: Path) -> None:
    """ATT-1: an event is only written where the bytes are."""
    number = office.open("Mon 09:00")
    desk = office.by(DANA, "Mon 10:00")
    staged = taking.stage(desk, [str(log)], Handling())
    blobs(office)[0].unlink()
    with pytest.raises(Failed, match="are gone"), desk.record() as record:
        taking.documents(record, record.case(number), staged, public=True)


# Kept in order


def aged(path: Path, seconds: float = DAY_S + 60) -> None:
    """Make a file look as old as that."""
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_leftovers_are_found_and_tidied(office: Office, log: Path, tmp_path: Path) -> None:
    """AUD-2: files that no case names for a day go; young ones and those of cases stay, however old."""
    number = office.open("Mon 09:00")
    add(office, number, log)
    (kept,) = blobs(office)
    aged(kept)
    desk = office.by(ADA, "Fri 12:00")
    taking.stage(desk, [str(written(tmp_path / "old.log", "old\n"))], Handling())
    taking.stage(desk, [str(written(tmp_path / "young.log", "young\n"))], Handling())
    old = Blobs(office.config.db).path(hashlib.sha256(b"old\n").hexdigest())
    part = written(kept.parent.parent / f"{PART}0123", b"half of")
    aged(old)
    aged(part)
    found = {one.check: one for one in doctor.examine(desk).findings if one.state is State.ADVICE}
    assert "files that no case names: 2, 11 bytes" in found["files"].what
    assert upkeep.tidy(desk, dry_run=True) == (2, 11, 1)
    assert len(blobs(office)) == 4
    assert upkeep.tidy(desk) == (2, 11, 1)
    assert {kept, old, part} & set(blobs(office)) == {kept}
    assert len(blobs(office)) == 2
    assert upkeep.tidy(desk) == (0, 0, 1)


def test_tidying_goes_by_the_events(office: Office, log: Path) -> None:
    """ATT-1, AUD-1: a damaged table takes no file of a case with it."""
    number = office.open("Mon 09:00")
    add(office, number, log)
    aged(blobs(office)[0])
    office.store.db.execute("DELETE FROM attachments")
    assert upkeep.tidy(office.by(ADA, "Fri 12:00")) == (0, 0, 0)
    assert len(blobs(office)) == 1


def test_attaching_an_old_leftover_keeps_it(office: Office, log: Path) -> None:
    """ATT-1: what is attached again counts as young from then on, so that nobody tidies it away meanwhile."""
    number = office.open("Mon 09:00")
    desk = office.by(DANA, "Mon 10:00")
    taking.stage(desk, [str(log)], Handling())
    aged(blobs(office)[0])
    taking.stage(desk, [str(log)], Handling())
    assert upkeep.tidy(office.by(ADA, "Mon 10:00")).files == 0
    add(office, number, log)
    assert fetched(office, number) == CLEAN.encode()


def test_only_admins_tidy(office: Office) -> None:
    """DC-5: for admins; on a desk without files there is nothing to do, and no folder is made."""
    for who in (DANA, BEN):
        with pytest.raises(NotPermitted):
            upkeep.tidy(office.by(who, "Mon 10:00"))
    assert upkeep.tidy(office.by(ADA, "Mon 10:00")) == (0, 0, 0)
    assert not Blobs(office.config.db).root.exists()


def test_another_desk_with_the_same_folder(office: Office, log: Path, tmp_path: Path) -> None:
    """ATT-1: beside a copy of the database nothing is tidied: what this one does not name, the other may."""
    number = office.open("Mon 09:00")
    add(office, number, log)
    (tmp_path / "desk.bak").write_bytes(Path(office.config.db).read_bytes())
    (tmp_path / "desk.txt").write_text("notes")
    with pytest.raises(Refused, match=r"desk\.bak"):
        upkeep.tidy(office.by(ADA, "Fri 12:00"))


def test_another_name_of_the_same_desk(office: Office, log: Path) -> None:
    """ATT-1: a link to the database beside it is no other desk."""
    add(office, office.open("Mon 09:00"), log)
    database = Path(office.config.db)
    database.with_suffix(".sqlite").symlink_to(database)
    assert upkeep.tidy(office.by(ADA, "Fri 12:00")).files == 0


def test_a_folder_behind_a_link(office: Office, log: Path, tmp_path: Path) -> None:
    """ATT-1: files may lie on a larger disk; as other desks may have theirs there, nothing is tidied."""
    root, elsewhere = Blobs(office.config.db).root, tmp_path / "elsewhere"
    elsewhere.mkdir()
    root.symlink_to(elsewhere)
    number = office.open("Mon 09:00")
    add(office, number, log)
    assert fetched(office, number) == CLEAN.encode()
    with pytest.raises(Refused, match="is a link to"):
        upkeep.tidy(office.by(ADA, "Fri 12:00"))


@pytest.mark.parametrize(("mode", "state"), [(0o700, None), (0o750, State.ADVICE), (0o755, State.WRONG)])
def test_a_folder_that_others_may_read(office: Office, log: Path, mode: int, state: State | None) -> None:
    """AUD-2: customers' files are the desk's owner's alone."""
    number = office.open("Mon 09:00")
    add(office, number, log)
    root = Blobs(office.config.db).root
    root.chmod(mode)
    found = [one for one in doctor.examine(office.by(ADA, "Fri 12:00")).findings if "look into" in one.what]
    assert [one.state for one in found] == ([state] if state else [])
    assert all(str(root) in str(one.fix) for one in found)


def test_a_folder_that_is_none(office: Office, log: Path) -> None:
    """AUD-2, ATT-1: the doctor says so and goes on; nothing is attached, and the remedy named."""
    number = office.open("Mon 09:00")
    root = Blobs(office.config.db).root
    root.write_text("in the way")
    found = [one for one in doctor.examine(office.by(ADA, "Fri 12:00")).findings if one.check == "files"]
    assert [(one.state, str(root) in one.what) for one in found] == [(State.WRONG, True)]
    with pytest.raises(Failed, match=rf"kept in {root}: Not a directory"):
        add(office, number, log)


def test_a_disk_that_gives_nothing_back(office: Office, tmp_path: Path) -> None:
    """AUD-1: bytes that cannot be read are a difference among others, and no end of the look."""
    number = office.open("Mon 09:00")
    add(office, number, written(tmp_path / "empty.log", ""))
    (blob,) = blobs(office)
    blob.unlink()
    # A file of no bytes whose first is an error of the disk.
    blob.symlink_to("/proc/self/mem")
    found = verify.verify(office.by(ADA, "Fri 12:00")).differences
    assert [(one.part, "cannot be read: Input/output error" in one.what) for one in found] == [(Part.FILE, True)]


def test_verify_finds_a_forged_table(office: Office, log: Path) -> None:
    """AUD-1: the table of files is made anew from the events and held against it."""
    number = office.open("Mon 09:00")
    add(office, number, log)
    office.store.db.execute("UPDATE attachments SET public = 0")
    assert [(one.number, one.part) for one in office.differences()] == [(number, Part.ATTACHMENTS)]
    office.store.db.execute("DELETE FROM attachments")
    assert ["lacks file 1" in one.what for one in office.differences()] == [True]


def test_the_desk_is_not_attached_to_itself(office: Office) -> None:
    """ATT-1, AUD-2: its own database, by whatever name, is not opened and closed under SQLite's hands."""
    office.open("Mon 09:00")
    link = Path(office.config.db).with_name("trace.log")
    link.symlink_to(office.config.db)
    for path in (office.config.db, f"{office.config.db}-wal", f"{office.config.db}-shm", str(link)):
        with pytest.raises(Invalid, match="cannot be attached to itself"):
            taking.stage(office.by(DANA, "Mon 10:00"), [path], Handling(confirm=True))
