"""Files of every bad kind are read to their end or refused in words, by line, in bounded memory (IMP-1)."""

import json
import os
import random
import tracemalloc
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest
from desk_fixtures import ADA, Office
from other_desks import lines, row

from carecli.desk.importing import counted, documents, import_file, mappings, reading, records
from carecli.domain.import_report import ImportReport
from carecli.errors import Invalid

NOW: Final = "2026-03-10 09:00"


def brought(office: Office, folder: Path, raw: bytes, source: str = "servicenow") -> ImportReport:
    """Bring in these bytes."""
    path = folder / "hostile"
    path.write_bytes(raw)
    return import_file(office.by(ADA, NOW), str(path), source=source, account="Elsewhere")


def test_cells_of_every_kind(office: Office, tmp_path: Path) -> None:
    """IMP-1: NULs, escapes, formulas, markup and endless names are kept as names that can be read, or refused."""
    raw = lines(
        row(number="A1", u_symptom="nul\0\x1b[31mred", category="=1+1", assignment_group="x" * 5000),
        row(number="A2\0x"),
        row(number="A3", caller_id="\x1b]0;title\x07"),
        row(number="A4", u_symptom="x" * 200_000),
        row(number="A5", caller_id="<script>@x y", subcategory="\u202eevil"),
        row(number="A6", sys_updated_at="99-99-2026 09:10"),
        row(number="A7", sys_mod_count="1" * 50),
        row(number="A8", caller_id="y" * 3000),
    )
    report = brought(office, tmp_path, raw)
    assert (report.cases, [line for line, _ in report.refused]) == (4, [3, 5, 7, 8])
    first = office.case(1)
    assert (first.subject, first.service, len(first.group or "")) == ("nul [31mred (A1)", "=1+1", 200)
    assert [office.case(n).contact for n in (2, 3)] == ["0-title@import.invalid", "script-x-y@import.invalid"]
    assert len(office.case(4).contact) < 100
    assert office.case(3).component == "evil"
    assert office.differences() == []


def test_a_quotation_mark_that_is_never_closed(office: Office, tmp_path: Path) -> None:
    """IMP-1: what an open quotation mark takes in is not lost in silence: the first line of it is named."""
    raw = lines(row(number="A1"), 'A2,"never closed', row(number="A3"), row(number="A4"))
    report = brought(office, tmp_path, raw)
    assert report.cases == 1
    assert report.refused == ((5, "2 columns instead of 15; from line 3 on"),)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_ends_of_lines_and_marks(office: Office, tmp_path: Path, encoding: str, end: str) -> None:
    """IMP-1: a file says by its mark how it is encoded, and ends its lines as it likes."""
    raw = lines(row(u_symptom="Käse"), end=end).decode().encode(encoding)
    assert brought(office, tmp_path, raw)[:1] == (1,)
    assert office.case(1).subject == "Käse (INC1)"


def test_bytes_that_are_no_text_are_told_by_line(office: Office, tmp_path: Path) -> None:
    """IMP-1: what is no UTF-8 is replaced and listed; a mapping that names the encoding reads it."""
    raw = lines(row(), row(number="INC2", u_symptom="Käse")).decode().encode("cp1252")
    assert brought(office, tmp_path, raw).garbled == (3,)
    mine = tmp_path / "mine.toml"
    mine.write_text(mappings.text("servicenow").replace("records =", 'encoding = "cp1252"\nrecords =', 1), "utf-8")
    again = brought(office, tmp_path, raw.replace(b"INC", b"OTHER"), str(mine))
    assert (again.cases, again.garbled) == (2, ())
    assert office.case(4).subject == "Käse (OTHER2)"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters(office: Office, tmp_path: Path, delimiter: str) -> None:
    """IMP-1: the delimiter is the one that the header has most of."""
    assert brought(office, tmp_path, lines(row()).replace(b",", delimiter.encode())).cases == 1


def test_a_line_without_an_end(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """IMP-1: a line that is too long is refused by its number, never held; the next ones are read."""
    for module in (reading, records, documents):
        monkeypatch.setattr(module, "LONGEST", 10_000)
    long = b"x" * 2_000_000
    report = brought(office, tmp_path, lines(row(number="A")) + long + b"\n" + row(number="B").encode())
    assert (report.cases, [line for line, _ in report.refused]) == (2, [3])
    ticket = json.dumps({"id": 1, "created_at": "2026-03-02T09:00:00Z", "requester_id": 5}).encode()
    report = brought(
        office, tmp_path, b'{"id": 9, "x": "' + long + b'"}\n' + ticket + b"\n" + ticket[:5], "zendesk"
    )
    assert (report.cases, [line for line, _ in report.refused][:1]) == (1, [1])
    path = tmp_path / "one.json"
    path.write_bytes(b'{"tickets": [{"id": 9, "x": "' + long * 5 + b'"}]}')
    tracemalloc.start()
    report = import_file(office.by(ADA, NOW), str(path), source="zendesk", account="Elsewhere")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (report.cases, len(report.refused)) == (0, 1)
    assert peak < 5_000_000


DEEP: Final = b"[" * 100_000


@pytest.mark.parametrize(
    ("raw", "refused"),
    [
        (DEEP, [1]),
        (b'{"id": 1, "x": ' + DEEP + b'\n{"id": 2}\n', [1, 2]),
        (b'{"id":\x00}\n{"id": 1}\n', [1, 2]),
        (b'{"id": ' + b"9" * 5000 + b"}\n{}\n", [1, 2]),
        (b'{"tickets": [{"id": 1}, {"id": 2}, oops', [1, 1, 1]),
        (b'{"tickets": {"id": 1}}', [1]),
        (b"[1, null, true, [], {}]", [1, 1, 1, 1, 1]),
        (b"{", [1]),
        (b"[\n{}\n,\n{}\n]\n", [2, 4]),
        (b'{"id": 1, "created_at": 1e999, "requester_id": 5}\n{"id": []}', [1, 2]),
    ],
)
def test_json_of_every_bad_kind(office: Office, tmp_path: Path, raw: bytes, refused: list[int]) -> None:
    """IMP-1: JSON that is none, is nested without end, or says nothing useful is refused by its line."""
    report = brought(office, tmp_path, raw, "zendesk")
    assert (report.cases, [line for line, _ in report.refused]) == (0, refused)


def test_texts_that_no_record_can_hold(office: Office, tmp_path: Path) -> None:
    """IMP-1: half a character, a NUL and a text of millions of characters become such as a case may hold."""
    ticket: dict[str, Any] = {
        "id": 1,
        "created_at": "2026-03-02T09:00:00Z",
        "updated_at": "2026-03-03T09:00:00Z",
        "requester_id": 5,
        "subject": "\ud800 \0 bad",
        "description": "\ud800\0",
        "status": "open",
        "comments": [
            7,
            None,
            {"author_id": 6, "body": "y" * 1_500_000, "public": True, "created_at": "2026-03-02T10:00:00Z"},
            {"author_id": [], "body": {"no": "text"}, "created_at": "2026-03-02T11:00:00Z"},
        ],
    }
    report = brought(office, tmp_path, json.dumps(ticket).encode(), "zendesk")
    assert (report.cases, report.refused) == (1, ())
    texts = [entry.event.data.get("text") or "" for entry in office.history(1)]
    assert max(map(len, texts)) == 1_000_000
    assert office.case(1).description == "?\ufffd"
    assert office.differences() == []


@pytest.mark.parametrize("source", ["servicenow", "zendesk", "zendesk-csv"])
@pytest.mark.parametrize("seed", range(8))
def test_noise(office: Office, tmp_path: Path, source: str, seed: int) -> None:
    """IMP-1: bytes of any kind end in a report or in an error of words."""
    noise = random.Random(seed)
    kept = lines(row()) if source == "servicenow" else b'{"tickets": [{"id": 1, "comments": [{}]}]}'
    raw = bytes(b if noise.random() > 0.02 * seed else noise.randrange(256) for b in kept * 3)
    with suppress(Invalid):
        brought(office, tmp_path, noise.randbytes(2000) if seed == 0 else raw, source)
    assert office.differences() == []


@pytest.mark.parametrize("path", [".", "/nowhere/at/all", "/dev/zero"])
def test_what_is_no_file(office: Office, path: str) -> None:
    """IMP-1: a folder, a name of nothing and a device without an end are errors in words."""
    with pytest.raises(Invalid):
        import_file(office.by(ADA, NOW), path, source="servicenow", account="Elsewhere")


def test_a_pipe_is_read_as_a_file_is(office: Office, tmp_path: Path) -> None:
    """IMP-1: what cannot be read twice is put aside first."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    if not (child := os.fork()):
        pipe.write_bytes(lines(row(), row(number="INC2"), row(sys_mod_count="1")))
        os._exit(0)
    report = import_file(office.by(ADA, NOW), str(pipe), source="servicenow", account="Elsewhere")
    os.waitpid(child, 0)
    assert (report.cases, report.known) == (2, 0)


def test_a_report_of_very_many_faults_stays_small(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """IMP-1: of very many lines that are left out the first are listed, and all are counted."""
    monkeypatch.setattr(counted, "LISTED", 5)
    report = brought(office, tmp_path, lines(*["x"] * 20))
    assert (len(report.refused), report.refused_total) == (5, 20)
