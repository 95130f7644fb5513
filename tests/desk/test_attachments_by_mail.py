"""Files that came to a case by mail: on the case like any other, their bytes where they came (ATT-1, MAIL-2)."""

import hashlib
import io

import pytest
from engine import open_store
from letters import ADA, DANA, HARBORS, LENA, OPEN, SAM, Scene, letter, mixed

from carecli.desk import reading as looking
from carecli.desk import verify
from carecli.desk.attachments import adding, reading
from carecli.desk.attachments.taking import Handling
from carecli.domain.attachment import Attachment, Sanitised
from carecli.domain.events import Kind
from carecli.domain.verify import Part
from carecli.domain.vocabulary import Visibility
from carecli.errors import NotFound, NotPermitted, Refused

LOG = b"call 4711 from +1 212 555 0198"
AT = "Fri 10:00"


def file(name: str, content: bytes) -> tuple[str, str]:
    """A part of a message."""
    head = f'Content-Type: text/plain; name="{name}"\nContent-Disposition: attachment; filename="{name}"'
    return head, content.decode()


@pytest.fixture
def mailed(scene: Scene) -> Scene:
    """A desk whose open case has had a mail with two files."""
    body = mixed(
        ("Content-Type: text/plain", "See the files."), file("trace.log", LOG), file("../trace.log", b"second")
    )
    (received,) = scene.receive(letter(**body, in_reply_to=scene.mid(OPEN)))
    assert received.number == OPEN
    return scene


def listed(scene: Scene, who: str) -> tuple[Attachment, ...]:
    """The files of the case as somebody sees them."""
    return reading.listed(scene.office.by(who, AT), OPEN)


def fetched(scene: Scene, which: str, who: str = DANA) -> bytes:
    """The bytes of a file."""
    out = io.BytesIO()
    reading.give(scene.office.by(who, AT), OPEN, which, out, Handling().watch)
    return out.getvalue()


def test_they_are_files_of_the_case(mailed: Scene) -> None:
    """ATT-1: numbered, named apart, nobody has confirmed them; only staff learn of the message (DC-3)."""
    first, second = listed(mailed, SAM)
    assert [(file.id, file.name, file.sanitised) for file in (first, second)] == [
        ("1", "trace.log", None),
        ("2", "trace (2).log", None),
    ]
    assert (first.mail, first.sha256, first.via) == ("in-1", hashlib.sha256(LOG).hexdigest(), "email")
    assert {file.mail for file in listed(mailed, DANA)} == {None}
    assert "in-1" not in repr(looking.show(mailed.office.by(DANA, AT), OPEN))
    assert mailed.office.differences() == []


@pytest.mark.parametrize("who", [DANA, SAM])
def test_their_bytes_come_out_of_the_message(mailed: Scene, who: str) -> None:
    """ATT-1: both sides fetch them like any other file; nothing was copied to the folder of files."""
    assert (fetched(mailed, "1", who), fetched(mailed, "trace (2).log", who)) == (LOG, b"second")
    assert verify.verify(mailed.office.by(ADA, AT)).differences == ()


def test_they_are_looked_through_on_demand(mailed: Scene) -> None:
    """ATT-2: what is in them is told to who asks; nothing is recorded."""
    before = len(mailed.office.history(OPEN))
    looked = reading.scanned(mailed.office.by(SAM, AT), OPEN, "1", Handling().watch)
    assert (looked.name, looked.size, looked.scan.found) == ("trace.log", len(LOG), 1)
    assert len(mailed.office.history(OPEN)) == before


@pytest.mark.parametrize("who", [DANA, SAM])
def test_somebody_confirms_one(mailed: Scene, who: str) -> None:
    """ATT-2: by either side; an event that moves nothing, kept with who said so."""
    before = mailed.office.case(OPEN)
    added = adding.confirm(mailed.office.by(who, AT), OPEN, "2")
    assert [(file.id, file.sanitised, file.confirmed_by) for file in added.files] == [
        ("2", Sanitised.CONFIRMED, who)
    ]
    event = mailed.office.history(OPEN)[-1].event
    assert (event.kind, event.visibility, event.data) == (
        Kind.SANITISED,
        Visibility.PUBLIC,
        {"file": "2", "sanitised": "confirmed"},
    )
    assert mailed.office.case(OPEN)._replace(seq=before.seq) == before
    assert mailed.office.differences() == []
    with pytest.raises(Refused, match="already"):
        adding.confirm(mailed.office.by(who, AT), OPEN, "2")


def test_who_may_not_confirm(mailed: Scene) -> None:
    """DC-1, DC-3: not the system, and nobody of another account, for whom there is no such case."""
    with pytest.raises(NotPermitted):
        adding.confirm(mailed.office.by("system", AT), OPEN, "1")
    with pytest.raises(NotFound, match="there is no case"):
        adding.confirm(mailed.office.by(LENA, AT), OPEN, "1")


def test_a_message_that_is_lost(mailed: Scene) -> None:
    """AUD-1: without its message a file has no bytes; one message says so, and verify finds it."""
    mailed.office.store.db.execute("DELETE FROM received_raw")
    with pytest.raises(NotFound, match="gone"):
        fetched(mailed, "1")
    assert {one.part for one in verify.verify(mailed.office.by(ADA, AT)).differences} == {Part.INBOX}


def test_an_older_desk_learns_of_its_files(mailed: Scene) -> None:
    """ATT-1: migrated, the table is filled from the events there are, as this release would have written it."""
    mailed.receive(letter("No file.", id_="<2@x>", in_reply_to=mailed.mid(HARBORS)))
    adding.confirm(mailed.office.by(SAM, AT), OPEN, "1")
    before = listed(mailed, SAM)
    db = mailed.office.store.db
    db.execute("DROP TABLE attachments")
    db.execute("DELETE FROM _sqlite_migrations WHERE name = '0010_attachments'")
    (version,) = db.execute("PRAGMA user_version").fetchone()
    db.execute(f"PRAGMA user_version = {version - 1}")
    store = open_store(mailed.office.config.db)
    try:
        with store.read() as record:
            assert record.attachments(OPEN) == before
            assert record.attachments(HARBORS) == ()
    finally:
        store.close()
    assert mailed.office.differences() == []
