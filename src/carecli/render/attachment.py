"""Files on cases as people look at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from carecli.domain.attachment import Attachment, Sanitised
from carecli.domain.counting import counted
from carecli.domain.instants import instant
from carecli.domain.numbers import written
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone

if TYPE_CHECKING:
    from carecli.domain.sanitising import Finding, Scan

COLUMNS = (
    Column("id", "File"),
    Column("name", "Name", least=18),
    Column("size", "Bytes", right=True, rank=1),
    Column("sanitised", "Sanitised", least=14),
    Column("attached_by", "By", rank=3, least=12),
    Column("attached_at", "Attached", rank=2),
    Column("media_type", "Type", rank=4, least=10),
    Column("visibility", "Visibility", extra=True),
    Column("via", "Via", extra=True),
    Column("confirmed_by", "Confirmed by", extra=True),
    Column("scanned", "Looked through", right=True, extra=True),
    Column("findings", "Found", right=True, extra=True),
    Column("mail", "Mail", extra=True),
    Column("sha256", "SHA-256", extra=True),
)
FINDING_COLUMNS = (
    Column("member", "Within", rank=2, least=12),
    Column("line", "Line", right=True),
    Column("column", "Column", right=True),
    Column("kind", "Kind"),
    Column("detail", "What", rank=1, least=8),
    Column("shown", "Found", least=16),
)
UNCONFIRMED = "not yet confirmed sanitised"
"""What is said of a file of which nobody has confirmed that it holds no customer data (ATT-2)."""
FEW = 3
WORDS: Mapping[Sanitised | None, str] = {
    None: "unconfirmed",
    Sanitised.CLEAN: "clean",
    Sanitised.REDACTED: "redacted",
    Sanitised.CONFIRMED: "confirmed",
    Sanitised.PARTLY: "partly scanned",
    Sanitised.UNSCANNABLE: "not scannable",
}
TONES: Mapping[Sanitised | None, Tone] = {
    Sanitised.CLEAN: Tone.GOOD,
    Sanitised.REDACTED: Tone.GOOD,
    Sanitised.CONFIRMED: Tone.PLAIN,
}


def sheet(files: Sequence[Attachment], zone: str, title: str = "Files") -> Sheet:
    """The files of a case."""
    unconfirmed = sum(not file.settled for file in files)
    notes = [
        counted(len(files), "file"),
        *([f"{unconfirmed:,} {UNCONFIRMED}"] if unconfirmed else []),
    ]
    return Sheet(title, COLUMNS, tuple(_row(file) for file in files), zone, note=" · ".join(notes))


def listing(number: int, files: Sequence[Attachment], zone: str) -> Sheet:
    """The files of a case, listed by themselves."""
    return sheet(files, zone, f"Files of {written(number)}")


def _row(file: Attachment) -> tuple[Cell, ...]:
    state = file.sanitised.value if file.sanitised else None
    return (
        Cell(file.id, tone=Tone.STRONG),
        Cell(file.name, file.name if file.public else f"{file.name} (internal)"),
        Cell(file.size, f"{file.size:,}"),
        Cell(state, WORDS[file.sanitised], TONES[file.sanitised] if file.settled else Tone.WARNING),
        Cell(file.actor),
        Cell(instant(file.at)),
        Cell(file.media_type),
        Cell("public" if file.public else "internal"),
        Cell(file.via),
        Cell(file.confirmed_by),
        Cell(file.scanned),
        Cell(file.findings),
        Cell(file.mail),
        Cell(file.sha256),
    )


def told(file: Mapping[str, Any]) -> str:
    """A file as an event tells of it, in a line."""
    about = f"{file['media_type']}, {file['size']:,} bytes"
    return f"file: {file['name']} ({about}), {sanitised(file)}"


def sanitised(file: Mapping[str, Any]) -> str:
    """What is known of the customer data in a file, from its event or its document (ATT-2)."""
    unscanned = file.get("unscanned") or ()
    left = f"; not looked through: {few(unscanned)}" if unscanned else ""
    return _known(file["sanitised"], file.get("findings"), file) + left


def _known(state: str | None, found: int | None, file: Mapping[str, Any]) -> str:
    if state == Sanitised.REDACTED:
        return f"redacted: {counted(found or 0, 'piece')} of customer data replaced"
    if state == Sanitised.CONFIRMED:
        return "confirmed sanitised" + (
            f", though {counted(found, 'piece')} seemed customer data" if found else ""
        )
    if state == Sanitised.CLEAN:
        return "clean: all of it was looked through"
    if state == Sanitised.PARTLY:
        whole = f" of {amount(file['size'])}" if file["scanned"] < file["size"] else ""
        return f"nothing found in the {amount(file['scanned'])}{whole} that were looked through"
    if state == Sanitised.UNSCANNABLE:
        return "a binary: it could not be looked through"
    return UNCONFIRMED


def few(names: Sequence[str]) -> str:
    """The first of several, and how many more there are."""
    more = len(names) - FEW
    return "; ".join(names[:FEW]) + (f" and {more:,} more" if more > 0 else "")


def attached_lines(files: Sequence[Attachment]) -> str:
    """A line for each file that a command attached, or of which it kept a word."""
    return "\n".join(f"  file {_named(file)}" for file in files)


def _named(file: Attachment) -> str:
    hidden = ", internal" if not file.public else ""
    return f"{file.id}: {file.name} ({amount(file.size)}{hidden}), {sanitised(file.document())}"


def amount(size: int) -> str:
    """A number of bytes as people say it."""
    if size < 1024:
        return f"{size} bytes" if size != 1 else "1 byte"
    for unit, bytes_ in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if size >= bytes_:
            return f"{size / bytes_:,.1f} {unit}".replace(".0 ", " ")
    raise AssertionError("every size has its unit")


def scan_page(name: str, size: int | None, scan: Scan) -> list[Section]:
    """What a look through a file found."""
    sections: list[Section] = []
    if scan.findings:
        rows = tuple(map(_finding, scan.findings))
        sections.append(Sheet(f"Customer data in {name}", FINDING_COLUMNS, rows, note=_found(scan)))
    sections.append(Prose(name, "\n".join(_verdict(size, scan))))
    return sections


def _finding(finding: Finding) -> tuple[Cell, ...]:
    return (
        Cell(finding.member),
        Cell(finding.line),
        Cell(finding.column),
        Cell(finding.kind.value, tone=Tone.WARNING),
        Cell(finding.detail),
        Cell(finding.shown),
    )


def _found(scan: Scan) -> str:
    more = scan.found - len(scan.findings)
    return f"{counted(scan.found, 'finding')}" + (f", the first {len(scan.findings):,} here" if more > 0 else "")


def _verdict(size: int | None, scan: Scan) -> Iterator[str]:
    if not scan.text:
        yield "a binary: it could not be looked through"
    elif scan.complete:
        yield f"{'all of it was looked' if scan.whole else 'looked'} through: {amount(scan.scanned)}"
    else:
        whole = f" of {amount(size)}" if size is not None and size > scan.scanned else ""
        yield f"looked through as far as the policy has it: {amount(scan.scanned)}{whole}"
    if scan.text and not scan.found:
        yield "no customer data was found"
    yield from (f"not looked through: {what}" for what in scan.unscanned)
