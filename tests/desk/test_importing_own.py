"""The lines of a log of ours: what is wrong is named by its line, and then nothing is kept (IMP-1, AUD-1)."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from desk_fixtures import ADA, DANA, HARBOR, LENA, MIA, OMAR, SAM, Office, ask, copied, note, propose, say
from notation import when

from carecli.config import Config
from carecli.desk import cases, directory, linking
from carecli.desk.desk import Desk, open_desk
from carecli.desk.importing import own
from carecli.desk.importing.own import adopting, replaying
from carecli.domain.adoption_report import AdoptionReport
from carecli.domain.events import Kind
from carecli.domain.import_report import ImportReport
from carecli.domain.vocabulary import Plan
from carecli.errors import CareError, Invalid, Refused
from carecli.render import case_document, json_text

Line = dict[str, Any]
NOON: Final = "Mon+3 12:00"


EVERY: Final = 1 if os.environ.get("CARE_EVERY") == "1" else 2
"""Every second value is put into every place, CARE_EVERY=1 puts all."""


@pytest.fixture(scope="module")
def once(template: Config, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A desk with a few cases: answered, asked and closed by time, breached, tied."""
    office = copied(template, tmp_path_factory.mktemp("lived"))
    one, two = office.open("Mon 09:00"), office.open("Mon 09:10", subject="Wallboard stands still")
    three = office.open("Mon 09:20", LENA, subject="Calls fade")
    say("=1+1 \x1b[31mred\u2028 [bold] \u202e")(office.by(SAM, "Mon 09:30"), one)
    note("The trunk again.")(office.by(SAM, "Mon 09:31"), one)
    ask(office.by(SAM, "Mon 10:00"), two)
    linking.link(office.by(SAM, "Mon 10:10"), one, two)
    propose(office.by(SAM, "Mon 11:00"), three)
    for day in ("Wed 12:00", "Mon+1 12:00", "Mon+2 12:00"):
        office.tick(day)
    cases.close(office.by(DANA, "Mon+2 13:00"), one, "It works.")
    office.store.close()
    return office.config


@pytest.fixture
def lived(once: Config, tmp_path: Path) -> Iterator[Office]:
    """A copy of it, for one test alone."""
    office = copied(once, tmp_path)
    yield office
    office.store.close()


def lines(office: Office) -> list[Line]:
    """The log of a desk, as `care log --all --format jsonl` writes it."""
    return told_by(office.by(ADA, NOON))


def told_by(desk: Desk) -> list[Line]:
    """The log of a desk as documents that went through a file."""
    with desk.machinery() as record:
        return [json.loads(json_text.json_text(case_document.desk_event(entry))) for entry in record.events()]


def kept(folder: Path, told: list[Line], name: str = "log.jsonl") -> str:
    """The lines as a file."""
    path = folder / name
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in told), "utf-8")
    return str(path)


def brought(
    database: Path | str, file: str, *, who: str | None = ADA, at: str = NOON, **how: Any
) -> AdoptionReport | ImportReport:
    """Bring in a log."""
    given: dict[str, Any] = {"sla": "opened", "dry_run": False, "progress": lambda _: None, **how}
    return own.bring_in(Config(str(database), who), file, now=lambda _: when(at), **given)


def adopted(folder: Path) -> list[Line]:
    """The log of a database that a log was brought into."""
    with open_desk(Config(str(folder / "new.db"), ADA), now=lambda _: when(NOON)) as desk:
        return told_by(desk)


def test_hostile_text_comes_through_as_it_is(lived: Office, tmp_path: Path) -> None:
    """IMP-1: escapes, markup and line separators in what people write are text, there and here."""
    told = lines(lived)
    assert brought(tmp_path / "new.db", kept(tmp_path, told), who=None) == AdoptionReport(
        *(len(told), 3, 2, 5, 5, 0, 0, 0), proved=True, digest=told[-1]["digest"], admins=(ADA,)
    )
    assert adopted(tmp_path) == told


def test_in_batches_of_any_size_the_record_is_the_same(
    lived: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """IMP-1: folded event by event, or many at once, a log comes to the same record."""
    told = lines(lived)
    monkeypatch.setattr(adopting, "BATCH", 1)
    brought(tmp_path / "new.db", kept(tmp_path, told))
    assert adopted(tmp_path) == told


def without_digests(told: list[Line]) -> list[Line]:
    """The same lines as somebody might write them by hand."""
    return [{key: value for key, value in line.items() if key != "digest"} for line in told]


def test_lines_without_digests_are_chained_anew(lived: Office, tmp_path: Path) -> None:
    """IMP-1: a log by another hand has no digests; what it tells is kept, and nothing is said to be proved."""
    told = lines(lived)
    report = brought(tmp_path / "new.db", kept(tmp_path, without_digests(told)))
    assert isinstance(report, AdoptionReport)
    assert not report.proved
    assert report.digest == told[-1]["digest"]
    assert adopted(tmp_path) == told


Change = Callable[[list[Line]], object]
TAMPERED: tuple[tuple[str, int, Change], ...] = (
    ("a text", 20, lambda told: told[19]["data"].update(text="never said")),
    ("a time", 20, lambda told: told[19].update(at="2026-03-02T09:00:01Z")),
    ("an actor", 20, lambda told: told[19].update(actor="mia@desk.example")),
    ("a line gone", 20, lambda told: told.pop(19)),
    ("a line twice", 21, lambda told: told.insert(20, told[19])),
    ("two lines in another order", 20, lambda told: told.insert(19, told.pop(20))),
    ("the first line gone", 1, lambda told: told.pop(0)),
    ("a digest", 20, lambda told: told[19].update(digest="0" * 64)),
    ("a digest gone", 20, lambda told: told[19].pop("digest")),
    ("all but one digest gone", 20, lambda told: [line.pop("digest") for line in told if line is not told[19]]),
)


@pytest.mark.parametrize(("line", "change"), [case[1:] for case in TAMPERED], ids=[case[0] for case in TAMPERED])
def test_a_changed_log_is_refused_by_its_line(lived: Office, tmp_path: Path, line: int, change: Change) -> None:
    """IMP-1, AUD-1: whatever was changed, the first line that does not follow is named, and nothing is kept."""
    told = lines(lived)
    change(told)
    file = kept(tmp_path, told)
    with pytest.raises(Refused, match=f"^line {line}: ") as refused:
        brought(tmp_path / "new.db", file)
    assert "nothing was brought in" in refused.value.message
    assert not list(tmp_path.glob("new.db*"))
    before = lived.dump()
    with pytest.raises(Refused, match=f"^line {line}: "):
        brought(lived.config.db, file)
    assert lived.dump() == before


NAN: Final = (
    b'{"number": null, "seq": 1, "at": "2026-03-02T09:00:00Z", "actor": "a", "via": "desk",'
    b' "kind": "commented", "visibility": "public", "data": {"x": NaN}}\n'
)
UNREADABLE: tuple[tuple[str, bytes], ...] = (
    ("no JSON", b"nonsense\n"),
    ("cut off", b'{"number": null, "seq": 1, "at": "2026-03'),
    ("a list", b"[1, 2]\n"),
    ("a number", b"7\n"),
    ("empty", b"\n"),
    ("NUL", b"\0\0\n"),
    ("no UTF-8", b'{"number": "\xff"}\n'),
    ("too deep", b"[" * 100_000 + b"\n"),
    ("NaN", NAN),
)


@pytest.mark.parametrize("raw", [case[1] for case in UNREADABLE], ids=[case[0] for case in UNREADABLE])
def test_what_is_no_event_is_named_by_its_line(lived: Office, tmp_path: Path, raw: bytes) -> None:
    """IMP-1: anything else than an event ends the import with one message that names the line."""
    good = Path(kept(tmp_path, lines(lived)[:3])).read_bytes()
    file = tmp_path / "bad.jsonl"
    file.write_bytes(good + raw)
    with pytest.raises(Invalid, match=r"^line 4 is no event: "):
        brought(tmp_path / "new.db", str(file))
    assert not list(tmp_path.glob("new.db*"))


@pytest.mark.parametrize("value", [None, [], "x", {}, 10**30, -1, "\ud800", 1.5][::EVERY], ids=repr)
@pytest.mark.parametrize("stands", [False, True])
def test_any_value_in_any_place_is_taken_or_refused(
    lived: Office, tmp_path: Path, value: Any, *, stands: bool
) -> None:
    """IMP-1: a log by another hand may say anything; it is brought in or refused in words."""
    told = without_digests(lines(lived))
    opening = next(line for line in told if line["kind"] == Kind.OPENED)
    path, database, refused = tmp_path / "any.jsonl", tmp_path / "new.db", 0
    if stands:
        database = Path(lived.config.db)
    for node in (opening, opening["data"]):
        for key, real in list(node.items()):
            node[key] = value
            path.write_text("".join(json.dumps(line) + "\n" for line in told), "ascii")
            node[key] = real
            try:
                report = brought(database, str(path), dry_run=True, copies=True)
            except CareError:
                refused += 1
            else:
                refused += isinstance(report, ImportReport) and bool(report.refused)
    assert refused


def test_nothing_is_no_log(tmp_path: Path) -> None:
    """IMP-1: an empty file makes no desk."""
    (tmp_path / "empty.jsonl").write_text("")
    with pytest.raises(Refused, match="no event"):
        brought(tmp_path / "new.db", str(tmp_path / "empty.jsonl"))
    assert not (tmp_path / "new.db").exists()


def test_a_second_import_brings_what_is_new(lived: Office, template: Config, tmp_path: Path) -> None:
    """IMP-1: a longer log of the same desk adds to the cases what has happened since, and is known otherwise."""
    (tmp_path / "here").mkdir()
    here = copied(template, tmp_path / "here")
    here.open("Mon 08:00")
    first = kept(tmp_path, lines(lived))
    report = brought(here.config.db, first)
    assert isinstance(report, ImportReport)
    assert (report.cases, report.known, report.refused) == (3, 0, ())
    number = lived.open("Mon+2 14:00", OMAR, subject="Another one")
    say("Please try again.")(lived.by(SAM, "Mon+2 15:00"), number)
    cases.reopen(lived.by(DANA, "Mon+2 16:00"), 1, "It is back.", via=None)
    report = brought(here.config.db, kept(tmp_path, lines(lived), "more.jsonl"))
    assert isinstance(report, ImportReport)
    assert (report.cases, report.known, report.grown) == (1, 3, 1)
    assert here.case(2).status == lived.case(1).status
    assert here.differences() == []
    here.store.close()


def test_an_import_that_was_cut_short_goes_on(
    lived: Office, template: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """IMP-1: what is kept is whole cases, each with those that it is tied to; a second try brings in the rest."""

    class Cut(Exception):
        """Stands for the end of the process."""

    def after_the_first(_: int) -> None:
        raise Cut

    monkeypatch.setattr(replaying, "BATCH", 1)
    (tmp_path / "here").mkdir()
    here, log = copied(template, tmp_path / "here"), kept(tmp_path, lines(lived))
    here.open("Mon 08:00")
    with pytest.raises(Cut):
        brought(here.config.db, log, progress=after_the_first)
    assert [here.case(number).subject for number in (2, 3)] == ["Calls drop", "Wallboard stands still"]
    assert here.case(2).links[0].number == 3
    assert here.differences() == []
    report = brought(here.config.db, log)
    assert isinstance(report, ImportReport)
    assert (report.cases, report.known, report.grown) == (1, 2, 0)
    assert here.differences() == []
    here.store.close()


def test_who_is_somebody_else_here_is_left_out(lived: Office, template: Config, tmp_path: Path) -> None:
    """DC-3, IMP-1: a case whose contact belongs to another account here would be read by it; it is left out."""
    (tmp_path / "here").mkdir()
    here = copied(template, tmp_path / "here")
    here.open("Mon 08:00")
    told = without_digests(lines(lived))
    text = json.dumps(told).replace(HARBOR, "Foreign Bank")
    report = brought(here.config.db, kept(tmp_path, json.loads(text)))
    assert isinstance(report, ImportReport)
    assert (report.cases, report.accounts, report.refused_total) == (2, 1, 1)
    ((line, why),) = report.refused
    assert told[line - 1]["kind"] == Kind.OPENED
    assert LENA in why
    assert "Foreign Bank" in why
    # No number was spent on it.
    assert here.open("Mon+3 13:00") == 4
    assert here.differences() == []
    here.store.close()


def test_what_has_not_happened_yet_is_left_out(lived: Office, template: Config, tmp_path: Path) -> None:
    """IMP-1, SLA-7: a case that tells of the future is left out, as no clock here may run ahead of the desk's."""
    (tmp_path / "here").mkdir()
    here = copied(template, tmp_path / "here")
    here.open("Mon 08:00")
    log = kept(tmp_path, lines(lived))
    report = brought(here.config.db, log, at="Wed 13:00")
    assert isinstance(report, ImportReport)
    assert (report.cases, report.refused_total) == (0, 3)
    assert all("lies in the future" in why for _, why in report.refused)
    report = brought(here.config.db, log)
    assert isinstance(report, ImportReport)
    assert (report.cases, report.known, report.refused_total) == (3, 0, 0)
    assert here.differences() == []
    here.store.close()


def test_people_come_with_no_more_than_they_need(lived: Office, template: Config, tmp_path: Path) -> None:
    """DC-5, IMP-1: staff of another desk come as agents, its customers as they were."""
    directory.add_account(lived.by(ADA, "Mon+2 14:00"), "New Bank", plan=Plan.CARE)
    (tmp_path / "here").mkdir()
    here = copied(template, tmp_path / "here")
    here.open("Mon 08:00")
    told = json.dumps(without_digests(lines(lived))).replace(MIA, "max@else.example")
    report = brought(here.config.db, kept(tmp_path, json.loads(told)))
    assert isinstance(report, ImportReport)
    with here.store.read() as record:
        added = record.staff_member("max@else.example")
        assert added is not None
        assert added.role == "agent"
        bank = record.account("New Bank")
        assert bank is not None
        assert bank.plan is Plan.CARE
    assert (report.accounts, report.staff) == (1, 1)
    here.store.close()
