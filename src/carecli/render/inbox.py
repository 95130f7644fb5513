"""Mail that came in as people look at it: the list, and one message."""

from collections.abc import Sequence
from datetime import datetime

from carecli.domain.inbox import Enclosure, Incoming, Outcome, Received, label
from carecli.domain.numbers import written
from carecli.render.mail import newest
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone
from carecli.render.words import titled

COLUMNS = (
    Column("id", "Id"),
    Column("received_at", "Received", rank=3),
    Column("from", "From", least=14),
    Column("subject", "Subject", rank=1, least=14),
    Column("outcome", "Outcome"),
    Column("code", "Why"),
    Column("number", "Case", rank=2),
    Column("reason", "Reason", rank=4, least=30),
    Column("size", "Bytes", right=True, extra=True),
    Column("source", "Source", extra=True),
    Column("message_id", "Message-ID", extra=True),
    Column("settlement", "Settled", extra=True),
    Column("settled_at", "Settled at", extra=True),
    Column("settled_by", "Settled by", extra=True),
    Column("settled_why", "Why", extra=True),
)
FILE_COLUMNS = (
    Column("place", "File", right=True),
    Column("name", "Name", least=20),
    Column("media_type", "Type", rank=2),
    Column("size", "Bytes", right=True, rank=1),
    Column("sanitised", "Sanitised", least=22),
    Column("sha256", "SHA-256", extra=True),
)
UNCONFIRMED = "not yet confirmed sanitised"
"""What is said of a file of which nobody has confirmed that it holds no customer data (ATT-2)."""

_TONES = {Outcome.TRIAGED: Tone.WARNING, Outcome.UPDATED: Tone.GOOD, Outcome.BOUNCE: Tone.ALARM}


def inbox_sheet(
    mail: Sequence[Received], zone: str, *, title: str = "Mail that came in", limit: int | None = None
) -> Sheet:
    """Messages with what became of them, and why; `limit` is how many of the newest were asked for."""
    notes = [newest(len(mail), limit), *(["care mail triage show ID tells more"] if mail else [])]
    return Sheet(title, COLUMNS, tuple(_row(each) for each in mail), zone, note=" · ".join(notes))


def _row(mail: Received) -> tuple[Cell, ...]:
    return (
        Cell(label(mail.id), tone=Tone.STRONG),
        Cell(mail.received_at),
        Cell(mail.sender, mail.sender or "nobody"),
        Cell(mail.subject),
        _outcome(mail),
        Cell(mail.code, (mail.code or "").replace("-", " ").replace(":", ": ")),
        Cell(None if mail.number is None else written(mail.number)),
        Cell(mail.reason),
        Cell(mail.size),
        Cell(mail.source),
        Cell(mail.message_id),
        Cell(mail.settlement.value if mail.settlement else None),
        Cell(mail.settled_at),
        Cell(mail.settled_by),
        Cell(mail.settled_why),
    )


def _outcome(mail: Received) -> Cell:
    if mail.outcome is None:
        return Cell(None, "not looked at", Tone.WARNING)
    if mail.settlement:
        return Cell(mail.outcome.value, titled(mail.settlement), Tone.QUIET)
    return Cell(mail.outcome.value, titled(mail.outcome), _TONES.get(mail.outcome, Tone.PLAIN))


def message_page(mail: Received, message: Incoming, text: str, zone: str) -> list[Section]:
    """One message: what it says of itself, what became of it, its new text, the whole of it, and its files."""
    sections: list[Section] = [_facts(mail, message, zone), Prose("New text", text)]
    if message.text.strip() and message.text.strip() != text.strip():
        sections.append(Prose("The whole text", message.text, Tone.QUIET))
    if message.enclosures:
        sections.append(file_sheet(message.enclosures))
    return sections


def file_sheet(files: Sequence[Enclosure]) -> Sheet:
    """The files of a message."""
    return Sheet("Files", FILE_COLUMNS, tuple(_file(each) for each in files))


def _file(each: Enclosure) -> tuple[Cell, ...]:
    return (
        Cell(each.place),
        Cell(each.name, tone=Tone.STRONG),
        Cell(each.media_type),
        Cell(each.size),
        Cell(UNCONFIRMED, tone=Tone.WARNING),
        Cell(each.sha256),
    )


def _facts(mail: Received, message: Incoming, zone: str) -> Sheet:
    facts: list[tuple[str, str | datetime | None, Tone]] = [
        ("Outcome", titled(mail.outcome) if mail.outcome else "not looked at yet", Tone.STRONG),
        ("Reason", mail.reason, Tone.PLAIN),
        ("Case", None if mail.number is None else written(mail.number), Tone.STRONG),
        ("From", mail.sender or "nobody that can be told", Tone.PLAIN),
        ("To", ", ".join(message.to), Tone.PLAIN),
        ("Return path", "none (<>)" if message.return_path == "" else message.return_path, Tone.PLAIN),
        ("Received", mail.received_at, Tone.PLAIN),
        ("Source", mail.source, Tone.PLAIN),
        ("Message-ID", mail.message_id, Tone.QUIET),
        ("Answers", ", ".join(message.named[:3]), Tone.QUIET),
        ("Robot", message.robot, Tone.WARNING),
        ("Settled", _settled(mail), Tone.PLAIN),
        ("Settled at", mail.settled_at, Tone.PLAIN),
    ]
    rows = tuple((Cell(name, tone=Tone.QUIET), Cell(value, tone=tone)) for name, value, tone in facts if value)
    columns = (Column("field", "Field"), Column("value", "Value", least=30))
    return Sheet(f"{label(mail.id)}  {mail.subject or '(no subject)'}", columns, rows, zone, headed=False)


def _settled(mail: Received) -> str | None:
    if mail.settlement is None:
        return None
    why = f": {mail.settled_why}" if mail.settled_why else ""
    return f"{mail.settlement} by {mail.settled_by}{why}"


def outcome_line(mail: Received) -> str:
    """One line on what became of a message."""
    if mail.outcome is None:
        return f"{label(mail.id)} stored; it is looked at with the next mail or tick"
    where = f" {written(mail.number)}" if mail.number is not None else ""
    return f"{label(mail.id)} {mail.outcome}{where}: {mail.reason}"
