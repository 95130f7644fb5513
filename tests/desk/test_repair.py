"""`care verify --repair` and seals: what is refused, what is only said, what a seal shows (AUD-1)."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from desk_fixtures import ABC, ADA, DANA, MIA, SAM, Office, ask, copied, note, say
from notation import when

from carecli.config import Config
from carecli.desk import directory, sealing
from carecli.desk.by_log import open_by_log
from carecli.desk.doctor_record import findings
from carecli.desk.importing import own
from carecli.desk.repair import repair
from carecli.desk.verify import verify
from carecli.domain.events import Kind
from carecli.domain.health import State
from carecli.domain.seal import Proof, Seal, parse_seal
from carecli.domain.verify import LogBroken, Part
from carecli.errors import DatabaseUnusable, NotPermitted, Refused
from carecli.render import case_document, json_text
from carecli.store import codec

LATER = "Fri+2 09:00"


@pytest.fixture
def lived(office: Office) -> Office:
    """Two cases, one of them asked, reminded and noted."""
    office.open("Mon 09:00")
    note("The trunk is old.")(office.by(SAM, "Mon 09:30"), 1)
    ask(office.by(SAM, "Mon 16:00"), 1)
    office.open("Tue 09:00", subject="Wallboard is slow")
    office.tick("Thu 17:00")
    return office


def by_hand(office: Office, *statements: str) -> None:
    """Change the database as somebody with another program would, the log's keepers put back afterwards."""
    with closing(sqlite3.connect(office.config.db)) as db:
        keepers = db.execute("SELECT name, sql FROM sqlite_schema WHERE name LIKE 'events_%' AND type = 'trigger'")
        for name, sql in keepers.fetchall():
            db.execute(f"DROP TRIGGER {name}")
            statements = (*statements, sql)
        for statement in statements:
            db.execute(statement)
        db.commit()


def end(office: Office) -> int:
    """The place of the last event."""
    with office.store.read() as record:
        return record.log_length()


def kept(office: Office) -> Seal:
    """The log's seal, through its words."""
    with office.store.read() as record:
        return parse_seal(str(sealing.seal(record)))


def proof(office: Office, *seals: Seal) -> list[Proof]:
    """What these seals show."""
    return [one.proof for one in verify(office.by(ADA, LATER), against=seals).proofs]


def test_a_seal_holds_as_the_log_goes_on(lived: Office) -> None:
    """AUD-1: seals taken on the way all hold, however much follows."""
    seals = []
    for hour in range(10, 14):
        seals.append(kept(lived))
        say(f"It is {hour} now.")(lived.by(DANA, f"Fri {hour}:00"), 2)
    seals.append(kept(lived))
    assert proof(lived, *seals) == [Proof.HOLDS] * 5
    assert verify(lived.by(ADA, LATER)).seal == seals[-1]
    assert verify(lived.by(ADA, LATER), 1).seal is None


def test_a_log_cut_at_its_end_is_proved_by_a_seal(lived: Office) -> None:
    """AUD-1: the chain of what is left is whole; the seal of more is not held, an older one is."""
    older = kept(lived)
    say("One more.")(lived.by(DANA, "Fri 10:00"), 2)
    newer = kept(lived)
    by_hand(lived, f"DELETE FROM events WHERE position = {newer.position}")
    assert proof(lived, older, newer) == [Proof.HOLDS, Proof.CUT]


def chained_anew(office: Office, from_: int) -> None:
    """Forge the chain behind a place, so that it fits."""
    with office.store.read() as record:
        entries = [*record.events()]
    digest = entries[from_ - 2].digest if from_ > 1 else codec.GENESIS
    updates = []
    for entry in entries[from_ - 1 :]:
        digest = codec.event_digest(digest, entry.number, entry.seq, entry.event)
        updates.append(f"UPDATE events SET digest = '{digest}' WHERE position = {entry.position}")
    by_hand(office, *updates)


def test_a_log_chained_anew_is_told_by_a_seal_alone(lived: Office) -> None:
    """AUD-1: no break is left, and the rows can be made to fit too; the seal still tells."""
    (position,) = [one.position for one in lived.history(1) if one.event.kind is Kind.ASKED]
    before, seal = _sealed_at(lived, position - 1), kept(lived)
    by_hand(lived, f"UPDATE events SET data = replace(data, 'trace', 'contract') WHERE position = {position}")
    chained_anew(lived, position)
    assert repair(lived.by(ADA, LATER), sure=lambda _: False).left == ()
    assert lived.differences() == []
    assert proof(lived, before, seal) == [Proof.HOLDS, Proof.CHANGED]
    # Forged from the first event on it might as well be another desk's.
    by_hand(lived, "UPDATE events SET actor = 'eve@x.example' WHERE position = 1")
    chained_anew(lived, 1)
    assert proof(lived, before) == [Proof.OTHER_DESK]


def _sealed_at(office: Office, position: int) -> Seal:
    with office.store.read() as record:
        seal = sealing.seal(record, position)
    assert seal is not None
    return seal


def test_a_broken_log_proves_no_seal_behind_the_break(lived: Office) -> None:
    """AUD-1: the digest at the seal's place is the sealed one, and an event before it was changed."""
    first, last = _sealed_at(lived, 3), kept(lived)
    by_hand(lived, f"UPDATE events SET actor = 'x' WHERE position = {last.position - 2}")
    report = verify(lived.by(ADA, LATER), against=[first, last])
    assert [one.proof for one in report.proofs] == [Proof.HOLDS, Proof.BROKEN]
    assert (report.proofs[1].event, report.seal, report.sound) == (last.position - 2, None, False)


def test_another_desks_seal_is_told_as_one(lived: Office, template: Config, tmp_path: Path) -> None:
    """AUD-1: it says nothing of this log."""
    (tmp_path / "other").mkdir()
    other = copied(template, tmp_path / "other")
    chained_anew_desk = kept(other)
    by_hand(other, "UPDATE events SET at = '2026-02-27T09:00:01Z' WHERE position = 1")
    chained_anew(other, 1)
    assert chained_anew_desk != kept(other)
    assert proof(lived, kept(other)) == [Proof.OTHER_DESK]
    other.store.close()


def test_an_adopted_log_keeps_its_seals(lived: Office, tmp_path: Path) -> None:
    """AUD-1, IMP-1: a log that was brought over whole is the same log: seals of there hold here."""
    seal = kept(lived)
    with lived.store.read() as record:
        told = "".join(
            json_text.json_text(case_document.desk_event(one)).replace("\n", "") + "\n" for one in record.events()
        )
    (tmp_path / "log.jsonl").write_text(told, "utf-8")
    new = Config(str(tmp_path / "new.db"), ADA)
    own.bring_in(
        new,
        str(tmp_path / "log.jsonl"),
        now=lambda _: when(LATER),
        sla="opened",
        dry_run=False,
        progress=lambda _: None,
    )
    with open_by_log(new, now=lambda _: when(LATER)) as desk:
        assert [one.proof for one in verify(desk, against=[seal]).proofs] == [Proof.HOLDS]


def test_a_broken_log_is_not_repaired(lived: Office) -> None:
    """AUD-1: everything is made from the log; it says where it is broken, and nothing is changed."""
    by_hand(lived, "UPDATE events SET actor = 'x' WHERE position = 5", "UPDATE cases SET owner = 'x'")
    before = lived.dump()
    with pytest.raises(LogBroken, match="the log itself is broken") as refused:
        repair(lived.by(ADA, LATER))
    assert refused.value.lines[0].startswith("event 5 is not what was recorded there")
    assert lived.dump() == before


def test_a_log_that_may_have_been_cut_is_repaired_only_on_a_word(lived: Office) -> None:
    """AUD-1: what rows tell beyond the log would be lost for good; the repair's event keeps what spoke for it."""
    say("One more.")(lived.by(DANA, "Fri 10:00"), 2)
    lived.tick("Fri 10:05")
    by_hand(lived, f"DELETE FROM events WHERE position = {end(lived)}")
    before = lived.dump()
    with pytest.raises(
        Refused, match=r"may have been cut at its end: .* case 2 is stored as after its event"
    ) as told:
        repair(lived.by(ADA, LATER))
    assert "--against SEAL" in (told.value.hint or "")
    assert lived.dump() == before
    heard: list[str] = []

    def sure(signs: Sequence[str]) -> bool:
        heard.extend(signs)
        return True

    report = repair(lived.by(ADA, LATER), sure=sure)
    assert heard[0].startswith("the last tick saw")
    assert {Part.CASE, Part.LAST_TICK} <= {one.part for one in report.mended}
    assert lived.differences() == []
    with lived.store.read() as record:
        *_, last = record.events()
    assert last.event.data["signs"] == heard


def test_what_no_event_tells_of_goes_only_on_a_word(lived: Office) -> None:
    """AUD-1: nothing but a contact's row knows that the log was cut, and with the row the PIN would go, too."""
    directory.add_contact(lived.by(ADA, "Fri 10:00"), "zoe@x.example", account=ABC)
    by_hand(lived, f"DELETE FROM events WHERE position = {end(lived)}")
    with pytest.raises(Refused, match=r"no event tells of contact zoe@x\.example"):
        repair(lived.by(ADA, LATER))
    with lived.store.read() as record:
        assert record.contact("zoe@x.example")
    assert repair(lived.by(ADA, LATER), sure=lambda _: True).left == ()
    with lived.store.read() as record:
        assert record.contact("zoe@x.example") is None


def test_nothing_is_put_in_before_the_first_event(lived: Office) -> None:
    """AUD-1: an admin made up at a place below 1 is told, proves no seal, and is no admin after a repair."""
    seal = kept(lived)
    data = '{"active":true,"email":"eve@x.example","group":null,"name":"Eve","role":"admin"}'
    by_hand(
        lived,
        "INSERT INTO events SELECT -1, NULL, (SELECT max(seq) + 1 FROM events WHERE number IS NULL),"
        f" at, actor, via, 'staff-added', visibility, '{data}', digest FROM events WHERE position = 1",
    )
    report = verify(lived.by(ADA, LATER), against=[seal])
    assert (report.seal, [one.proof for one in report.proofs]) == (None, [Proof.BROKEN])
    with pytest.raises(LogBroken, match="the log itself is broken"):
        repair(lived.by(ADA, LATER), sure=lambda _: True)


def test_a_dry_run_says_the_same_and_keeps_nothing(lived: Office) -> None:
    """AUD-1: what would be made anew; then it is, and there is nothing more to do."""
    by_hand(lived, "UPDATE cases SET owner = 'x' WHERE number = 1", "DELETE FROM timers", "DELETE FROM staff")
    before = lived.dump()
    with open_by_log(lived.config, actor=ADA, now=lambda _: when(LATER), strict=True) as desk:
        trial = repair(desk, dry_run=True)
        assert lived.dump() == before
        real = repair(desk)
    assert trial == real._replace(dry_run=True)
    assert {one.part for one in real.mended} == {Part.CASE, Part.TIMERS, Part.STAFF}
    again = end(lived)
    assert repair(lived.by(ADA, LATER)).mended == ()
    assert end(lived) == again


@pytest.mark.parametrize("who", [DANA, SAM, MIA, "system"])
def test_only_admins_repair(lived: Office, who: str) -> None:
    """DC-5: cron verifies, and does not repair."""
    with pytest.raises(NotPermitted):
        repair(lived.by(who, LATER))


def test_who_may_is_told_by_the_log(lived: Office) -> None:
    """AUD-1, DC-5: an admin whose row is gone repairs it; one whom a row alone makes an admin does not."""
    by_hand(
        lived,
        f"DELETE FROM staff WHERE email = '{ADA}'",
        f"UPDATE staff SET document = json_set(document, '$.role', 'admin') WHERE email = '{SAM}'",
        "UPDATE desk SET document = '{' WHERE name = 'settings'",
    )
    with (
        pytest.raises(NotPermitted),
        open_by_log(lived.config, actor=SAM, now=lambda _: when(LATER), strict=True) as desk,
    ):
        repair(desk)
    with pytest.raises(NotPermitted), open_by_log(lived.config, actor="eve@x.example", strict=True):
        pass
    with open_by_log(lived.config, actor=ADA, now=lambda _: when(LATER), strict=True) as desk:
        assert {one.part for one in repair(desk).mended} == {Part.STAFF, Part.SETTINGS}
    assert lived.differences() == []


def test_a_desk_without_a_log_is_none(lived: Office) -> None:
    """AUD-1: where no event sets a desk up there is none."""
    by_hand(lived, "DELETE FROM events")
    with pytest.raises(DatabaseUnusable, match="never set up"), open_by_log(lived.config, actor=ADA):
        pass


def test_mails_and_files_are_left_and_told(lived: Office) -> None:
    """AUD-1: a mail that is gone is in no event; it is told as what nothing derived can mend."""
    by_hand(lived, "DELETE FROM outbox WHERE stage = 1", "UPDATE cases SET owner = 'x' WHERE number = 1")
    report = repair(lived.by(ADA, LATER))
    assert [one.part for one in report.mended] == [Part.CASE]
    assert [one.part for one in report.left] == [Part.OUTBOX]


def test_the_doctor_tells_the_seal_and_what_is_wrong_with_the_logs_end(lived: Office) -> None:
    """AUD-2: the last events, what saw more of them, and the seal, so that who keeps reports keeps seals."""
    directory.edit_contact(lived.by(DANA, "Fri 09:00"), DANA, phone="+1 555 010 0199")
    (fine,) = findings(lived.by(ADA, LATER))
    assert (fine.state, str(kept(lived)) in fine.what) == (State.FINE, True)
    by_hand(lived, f"DELETE FROM events WHERE position > {end(lived) - 3}")
    (cut,) = findings(lived.by(ADA, LATER))
    assert (cut.state, "the last tick saw" in cut.what) == (State.WRONG, True)
    by_hand(lived, f"UPDATE events SET actor = 'x' WHERE position = {end(lived) - 1}")
    broken, _ = findings(lived.by(ADA, LATER))
    assert (broken.state, broken.fix) == (State.WRONG, "care verify")
