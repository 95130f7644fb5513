"""The key of mail references outside of the database: no reply is lost, and no backup is enough to make one."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from desk_fixtures import BEN, Office
from engine import open_store
from letters import ADA, AWAITING, DANA, OPEN, SAM, Scene, letter
from notation import when

from carecli.desk import cases
from carecli.desk.doctor_secrets import findings
from carecli.desk.mail import inbox, keys
from carecli.domain.events import Kind
from carecli.domain.health import State
from carecli.domain.inbox import Outcome, Received
from carecli.domain.key_views import KeyView
from carecli.domain.reference_key import read
from carecli.errors import Failed, NotPermitted, Refused
from carecli.mail import reference


def keeping(scene: Scene, **place: str) -> Office:
    """The desk with a configuration that names where its key is kept."""
    return Office(scene.office.config._replace(mail_table=place), scene.office.store)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the key goes."""
    return tmp_path / "keys" / "reference"


@pytest.fixture
def moved(scene: Scene, file: Path) -> Office:
    """The desk after its key was moved there."""
    office = keeping(scene, reference_key_file=str(file))
    renewed(office)
    return office


def renewed(office: Office, at: str = "Thu 12:00", *, days: int = keys.DAYS, forget: bool = False) -> KeyView:
    """Make a new key."""
    return keys.renew(office.by(ADA, at), days=days, forget=forget)


def reply(office: Office, ref: str, at: str = "Fri 09:00", id_: str = "<r@abc.example>") -> Received:
    """What becomes of Dana's mail with a reference."""
    passes = "mx.desk.example; dmarc=pass header.from=abc.example; spf=pass smtp.mailfrom=dana@abc.example"
    raw = letter("It works.", subject=f"Re: your case [{ref}]", id_=id_, authentication_results=passes)
    return inbox.take_in(office.by("system", at), [(raw, "test")])[0]


def taken_in(received: Received) -> tuple[str | None, int | None]:
    """Its outcome, and its case."""
    return (received.outcome.value if received.outcome else None, received.number)


def bytes_of(office: Office) -> bytes:
    """Everything that lies on the disk of a database, its log included."""
    path = Path(office.config.db)
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


def test_a_key_moves_and_replies_to_mail_of_before_find_their_case(scene: Scene, moved: Office) -> None:
    """MAIL-1, MAIL-2: replies to old mail and to new update their case; new mail has another reference."""
    assert taken_in(reply(moved, scene.ref(OPEN))) == ("updated", OPEN)
    cases.ask(moved.by(SAM, "Fri 10:00"), OPEN, "Which queue?")
    mail = moved.mails(OPEN)[-1]
    with moved.store.read() as reading:
        ring = keys.ring(moved.config, reading, when("Fri 10:00"))
    ref = reference.reference(ring.key, OPEN)
    assert ref != scene.ref(OPEN)
    assert ref in json.dumps(mail.content)
    assert scene.ref(OPEN) not in json.dumps(mail.content)
    assert taken_in(reply(moved, ref, "Fri 11:00", "<r2@abc.example>")) == ("updated", OPEN)
    assert moved.differences() == []


def test_the_database_knows_no_key_any_more(scene: Scene, file: Path) -> None:
    """MAIL-1: neither the old key nor the new one is in any byte of the database, its log or a copy of it."""
    office = keeping(scene, reference_key_file=str(file))
    assert scene.key in bytes_of(office)
    view = renewed(office)
    ring = read(file.read_text())
    assert (view.kind, view.place, view.left_behind, view.scrubbed) == ("file", str(file), False, True)
    assert (ring.older[0].key, file.stat().st_mode & 0o777) == (scene.key, 0o600)
    assert not any(key in bytes_of(office) for key in (scene.key, ring.key))
    cases.ask(office.by(SAM, "Fri 10:00"), OPEN, "Which queue?")
    assert not any(key in bytes_of(office) for key in (scene.key, ring.key))


def test_whoever_has_a_backup_alone_makes_no_reference(scene: Scene, moved: Office, tmp_path: Path) -> None:
    """MAIL-1: a desk restored from a backup without the file writes no mail, and opens no case by one."""
    (tmp_path / "thief").mkdir()
    shutil.copy(moved.config.db, tmp_path / "thief" / "desk.db")
    config = moved.config._replace(db=str(tmp_path / "thief" / "desk.db"), mail_table={})
    thief = Office(config, open_store(config.db))
    with pytest.raises(Failed, match="no key of mail references in the database"):
        cases.ask(thief.by(SAM, "Fri 10:00"), OPEN, "Which queue?")
    # Stored, and left for when the key is back.
    assert taken_in(reply(thief, scene.ref(OPEN))) == (None, None)
    # What needs no key goes on.
    assert cases.assign(thief.by(BEN, "Fri 10:00"), OPEN).case.owner == BEN
    thief.store.close()


def test_a_mail_that_came_without_the_key_is_looked_at_once_it_is_back(
    scene: Scene, moved: Office, file: Path
) -> None:
    """MAIL-2: no mail is lost while the key cannot be read, whatever keeps it from us."""
    file.chmod(0o644)
    assert taken_in(reply(moved, scene.ref(OPEN))) == (None, None)
    with pytest.raises(Failed, match="others may read it"):
        cases.ask(moved.by(SAM, "Fri 10:00"), OPEN, "Which queue?")
    file.chmod(0o600)
    assert inbox.look_again(moved.by("system", "Fri 10:00")) == 1
    assert moved.case(OPEN).modified_at == when("Fri 10:00")


def test_a_backup_of_before_opens_no_newer_case(scene: Scene, moved: Office) -> None:
    """MAIL-1: the key of before, which older backups hold, vouches for the cases of its time, for half a year."""
    number = moved.open("Fri 08:00")
    forged, old = reference.reference(scene.key, number), scene.ref(OPEN)
    assert taken_in(reply(moved, forged)) == ("triaged", None)
    with moved.store.read() as reading:
        soon, late = (
            keys.ring(moved.config, reading, when("Thu 12:00") + timedelta(days=keys.DAYS, seconds=seconds))
            for seconds in (-1, 0)
        )
    assert list(reference.numbers(soon, old)) == [OPEN]
    assert list(reference.numbers(late, old)) == []


def test_a_leaked_key_is_forgotten_at_once(scene: Scene, file: Path) -> None:
    """MAIL-1, MAIL-3: after --forget replies to mail of before wait in triage: for people, and not lost."""
    office = keeping(scene, reference_key_file=str(file))
    view = renewed(office, forget=True)
    assert (view.before, read(file.read_text()).older) == ((), ())
    received = reply(office, scene.ref(OPEN))
    assert received.outcome is Outcome.TRIAGED


def test_a_key_is_renewed_where_it_is(scene: Scene, moved: Office, file: Path) -> None:
    """MAIL-1: each renewal keeps those of before to their own ends; in the database, too."""
    renewed(moved, "Fri 12:00", days=1)
    ring = read(file.read_text())
    assert [(each.upto, each.until) for each in ring.older] == [
        (5, when("Sat 12:00")),
        (5, when("Thu 12:00") + timedelta(days=keys.DAYS)),
    ]
    assert list(reference.numbers(ring, scene.ref(AWAITING))) == [AWAITING]


def test_without_a_place_a_new_key_stays_in_the_database(scene: Scene) -> None:
    """MAIL-1: a desk that names no place keeps its key with the record; a leaked one is replaced there."""
    view = renewed(scene.office)
    assert (view.kind, view.place, len(view.before)) == ("database", "the database", 1)
    assert keys.show(scene.office.by(ADA, "Thu 12:01")) == view
    assert taken_in(reply(scene.office, scene.ref(OPEN))) == ("updated", OPEN)
    renewed(scene.office, "Fri 09:30", forget=True)
    assert scene.key not in bytes_of(scene.office)
    again = reply(scene.office, scene.ref(OPEN), "Fri 10:00", "<r2@abc.example>")
    assert again.outcome is Outcome.TRIAGED


def test_until_it_is_moved_the_database_key_goes_on(scene: Scene, file: Path) -> None:
    """MAIL-1: naming a place changes nothing before the key is moved there."""
    office = keeping(scene, reference_key_file=str(file))
    assert keys.show(office.by(ADA, "Thu 11:00")).kind == "database"
    assert taken_in(reply(office, scene.ref(OPEN))) == ("updated", OPEN)


def test_a_move_that_was_cut_short_is_a_move(scene: Scene, moved: Office) -> None:
    """MAIL-1: killed after the file was written, before the database forgot: the file counts, and it is told."""
    with moved.store.write() as writing:
        writing.put_reference_keys(scene.key, "")
    view = keys.show(moved.by(ADA, "Fri 08:00"))
    assert (view.kind, view.left_behind) == ("file", True)
    assert [one.check for one in findings(moved.by(ADA, "Fri 08:00")) if one.state is State.ADVICE] == [
        "reference key"
    ]
    assert taken_in(reply(moved, scene.ref(OPEN))) == ("updated", OPEN)
    renewed(moved, "Fri 10:00")
    assert keys.show(moved.by(ADA, "Fri 10:00")).left_behind is False


@pytest.mark.parametrize("forget", [False, True])
def test_a_trial_desk_ruins_no_key_of_another(moved: Office, file: Path, forget: bool) -> None:
    """MAIL-1: a desk that has a key of its own never writes over the one that another keeps in that place."""
    before = file.read_text()
    with moved.store.write() as writing:
        writing.put_reference_keys(b"\x07" * 32, "")
    with pytest.raises(Refused, match="holds the key of another desk"):
        renewed(moved, "Fri 10:00", forget=forget)
    assert file.read_text() == before


def test_a_key_goes_where_a_link_points(scene: Scene, tmp_path: Path) -> None:
    """MAIL-1: a link to a safer place stays one, and no copy of the key comes to lie beside it."""
    (tmp_path / "vault").mkdir(0o700)
    link = tmp_path / "reference-key"
    link.symlink_to(tmp_path / "vault" / "key")
    office = keeping(scene, reference_key_file=str(link))
    renewed(office)
    renewed(office, "Fri 10:00")
    assert link.is_symlink()
    assert len(read((tmp_path / "vault" / "key").read_text()).older) == 2


def test_a_place_without_the_key_is_told(scene: Scene, file: Path) -> None:
    """AUD-2: who named a place and moved nothing there hears that the database still has it."""
    desk = keeping(scene, reference_key_file=str(file)).by(ADA, "Fri 08:00")
    (found,) = [one for one in findings(desk) if one.check == "reference key"]
    assert (found.state, str(file) in found.what, found.fix) == (
        State.ADVICE,
        True,
        "care mail key renew moves it there",
    )


def test_a_renewal_is_an_admins_and_on_record(moved: Office) -> None:
    """DC-5, AUD-1: admins alone; the event tells what stands for the key, and where it is, never the key."""
    for who in (SAM, DANA, "system"):
        with pytest.raises(NotPermitted):
            keys.renew(moved.by(who, "Fri 08:00"))
        with pytest.raises(NotPermitted):
            keys.show(moved.by(who, "Fri 08:00"))
    with moved.store.read() as reading:
        (event,) = [entry.event for entry in reading.events() if entry.event.kind is Kind.KEY_RENEWED]
    view = keys.show(moved.by(ADA, "Fri 08:00"))
    assert (event.actor, dict(event.data)) == (
        ADA,
        {"place": "file", "fingerprint": view.fingerprint, "forgot": False},
    )
    assert len(view.fingerprint) == len("sha256:") + 16
    assert moved.differences() == []


def test_a_key_that_the_environment_tells(scene: Scene, moved: Office, file: Path) -> None:
    """MAIL-1: the text of the file in CARE_REFERENCE_KEY does as well; whoever sets it renews it."""
    from carecli.config import load

    config = load(None, {"CARE_REFERENCE_KEY": file.read_text(), "HOME": "/nonexistent"})
    office = Office(moved.config._replace(mail_table=config.mail_table), moved.store)
    file.unlink()
    assert taken_in(reply(office, scene.ref(OPEN))) == ("updated", OPEN)
    assert keys.show(office.by(ADA, "Fri 10:00")).kind == "environment"
    with pytest.raises(Failed, match="which care cannot change"):
        renewed(office, "Fri 10:00")


def test_a_disk_that_fails_moves_nothing(scene: Scene) -> None:
    """MAIL-1: where the file cannot be written the database keeps its key, and nothing is on record."""
    office = keeping(scene, reference_key_file="/proc/nowhere/key")
    before = office.dump()
    with pytest.raises(Failed, match="/proc/nowhere/key"):
        renewed(office)
    assert office.dump() == before


def test_the_doctor_tells_where_the_key_is(moved: Office, file: Path) -> None:
    """AUD-2: in words: in the database and so in its backups, or elsewhere; what cannot be read is wrong."""

    def told(office: Office) -> tuple[State, str]:
        return next((f.state, f.what) for f in findings(office.by(ADA, "Fri 08:00")) if f.check == "reference key")

    assert told(moved) == (State.FINE, f"the key of mail references is in {file}, and in no backup")
    file.chmod(0o604)
    assert told(moved)[0] is State.WRONG
    file.unlink()
    assert told(moved) == (State.WRONG, f"there is no key of mail references in {file}")
    renewed(moved, "Fri 08:00", forget=True)
    assert told(moved)[0] is State.FINE
