"""Reports as files: the page and the workbook, as a command writes them (RPT-1)."""

import io
import zipfile
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
from cli.acceptance import ADA, DANA, NOW, care


def report(trial: str, *args: str, actor: str = ADA) -> tuple[str, ...]:
    return ("report", *args, "--db", trial, "--as", actor, "--now", NOW)


def test_the_page_says_what_the_document_says(trial: str) -> None:
    """RPT-1: one figure, one word, whichever way it is asked for."""
    document = care(*report(trial, "--json")).json
    page = care(*report(trial, "--html", "-")).out
    assert page.startswith("<!DOCTYPE html>")
    seen = 0
    for one in document["overall"]:
        raw = one["raw"]
        if raw["kept"] + raw["missed"]:
            assert f"{raw['kept']:,} of {raw['kept'] + raw['missed']:,} kept" in page
            seen += 1
    assert seen == 3
    for breach in document["breaches"]:
        assert f'<th scope="row" class="word">{breach["number"]}' in page


def test_the_workbook_says_what_the_document_says(trial: str, tmp_path: Path) -> None:
    """RPT-1: the same counts stand in the cells."""
    file = tmp_path / "report.xlsx"
    assert care(*report(trial, "--format", "xlsx", "--output", str(file))).status == 0
    book = openpyxl.load_workbook(io.BytesIO(file.read_bytes()), data_only=True)
    rows = [[cell.value for cell in row] for row in book["Report"].iter_rows()]
    head = next(row for row in rows if row[0] == "Clock")
    for one, row in zip(
        care(*report(trial, "--json")).json["overall"], rows[rows.index(head) + 1 :], strict=False
    ):
        known = dict(zip(head, row, strict=True))
        counts = (known["Kept"], known["Missed"], known["Running"], known["Paused"], known["Cancelled"])
        outcomes = ("kept", "missed", "running", "paused", "cancelled")
        assert counts == tuple(one["raw"][outcome] for outcome in outcomes)


def test_a_contact_sees_the_own_account_alone(trial: str, tmp_path: Path) -> None:
    """DC-3: neither file names another account or shows its cases."""
    everything = care(*report(trial, "--html", "-")).out
    assert "Harbor Clinic" in everything
    page = care(*report(trial, "--html", "-", actor=DANA)).out
    assert "Northwind" in page
    assert "Harbor Clinic" not in page
    file = tmp_path / "report.xlsx"
    assert care(*report(trial, "--format", "xlsx", "--output", str(file), actor=DANA)).status == 0
    with zipfile.ZipFile(file) as packed:
        assert not [name for name in packed.namelist() if b"Harbor" in packed.read(name)]
