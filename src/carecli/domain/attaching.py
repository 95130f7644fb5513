"""What comes of a file that is attached: the event, or the reason why not (ATT-1, ATT-2)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from carecli.domain import attachment, lifecycle, transitions
from carecli.domain.access import Act
from carecli.domain.attachment import Attachment, Sanitised
from carecli.domain.case import Case
from carecli.domain.counting import counted
from carecli.domain.events import Event, Kind
from carecli.domain.filenames import composed, distinct
from carecli.domain.numbers import written
from carecli.domain.policy import AttachmentPolicy
from carecli.domain.sanitising import Finding, Scan
from carecli.domain.transitions import Move
from carecli.domain.vocabulary import Side, Visibility
from carecli.errors import Invalid, NotFound, Refused

FINDINGS_TOLD: Final = 20
"""How many findings a refusal lists."""

UNSCANNED_KEPT: Final = 20
"""Of how many things that could not be looked through an event keeps the names."""


_REDACT: Final = "--redact attaches a copy without it; --confirm-sanitized attaches it as it is, as it holds none"
_RENAME: Final = "rename it; --redact puts marks in the name; --confirm-sanitized keeps it, as it holds none"


class Staged(NamedTuple):
    """A file whose bytes are kept, and that is on no case yet.

    `scanned` counts the bytes that were looked through, once unpacked; `findings` what was found, None where
    nobody looked; `unscanned` names what could not be looked through, and why.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    sanitised: Sanitised
    scanned: int = 0
    findings: int | None = None
    unscanned: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """As it stands in an event."""
        told = self._asdict() | {"sanitised": self.sanitised.value}
        del told["unscanned"]
        return told | ({"unscanned": list(self.unscanned[:UNSCANNED_KEPT])} if self.unscanned else {})


class Unsanitised(Refused):
    """A file, or its very name, seems to hold customer data, and nobody said what to do about it (ATT-2)."""

    def __init__(self, name: str, scan: Scan, *, in_name: bool = False) -> None:
        super().__init__(
            f"{'the name ' if in_name else ''}{name} seems to hold customer data: {counted(scan.found, 'piece')}",
            hint=_RENAME if in_name else _REDACT,
            rule="ATT-2",
        )
        self.file = name
        self.scan = scan

    @property
    def lines(self) -> tuple[str, ...]:
        """The first findings, one a line, and how many more there are."""
        told = [described(finding) for finding in self.scan.findings[:FINDINGS_TOLD]]
        more = self.scan.found - len(told)
        return (*told, f"and {more:,} more") if more > 0 else tuple(told)

    def document(self) -> dict[str, dict[str, Any]]:
        """The error as the JSON that scripts read, with the findings."""
        found = [finding._asdict() for finding in self.scan.findings]
        told = {"file": self.file, "found": self.scan.found, "findings": found}
        return {"error": {**super().document()["error"], **told}}


def described(finding: Finding) -> str:
    """A finding in a line: where, what, and as much of it as may be shown."""
    member = f"{finding.member}, " if finding.member else ""
    detail = f" ({finding.detail})" if finding.detail and finding.detail != finding.kind else ""
    return f"{member}{finding.line}:{finding.column}  {finding.kind}{detail}  {finding.shown}"


def sanitised(scan: Scan) -> Sanitised:
    """What is known of a file in which nothing was found (ATT-2)."""
    if not scan.text:
        return Sanitised.UNSCANNABLE
    return Sanitised.CLEAN if scan.whole else Sanitised.PARTLY


def attached(
    case: Case,
    files: Sequence[Mapping[str, Any]],
    text: str | None,
    act: Act,
    at: datetime,
    *,
    internal: bool = False,
) -> Event:
    """Files added to a case by themselves: an update like any other, or for staff alone (STAT-3, DC-3).

    Raises Refused for a closed case.
    """
    if internal:
        transitions.target(case.type, Move.UPDATE, Side.STAFF, case.standing)
        data = {"text": lifecycle.text_or_none(text), "files": list(files)}
        return Event(at, act.by, act.via, Kind.ATTACHED, Visibility.INTERNAL, data)
    said = lifecycle.text_or_none(text)
    return lifecycle.moved(case, Move.UPDATE, Kind.ATTACHED, act, at, said, files=list(files))


def accompanying(
    files: Sequence[Mapping[str, Any]], act: Act, at: datetime, visibility: Visibility = Visibility.PUBLIC
) -> Event:
    """Files that come with a text, whose event has moved the case and is told to whom it concerns."""
    data: dict[str, Any] = {"text": None, "files": list(files), "accompanies": True}
    if act.logged_by:
        data["logged_by"] = act.logged_by
    return Event(at, act.by, act.via, Kind.ATTACHED, visibility, data)


def confirmed(case: Case, file: Attachment, act: Act, at: datetime) -> Event:
    """Somebody's word that a file holds no customer data (ATT-2); raises Refused where nothing is to confirm."""
    if file.settled:
        raise Refused(
            f"file {file.id} of case {written(case.number)} is {file.sanitised} already",
            hint="nothing was changed",
            rule="ATT-2",
        )
    visibility = Visibility.PUBLIC if file.public else Visibility.INTERNAL
    data = {"file": file.id, "sanitised": Sanitised.CONFIRMED.value}
    if act.logged_by:
        data["logged_by"] = act.logged_by
    return Event(at, act.by, act.via, Kind.SANITISED, visibility, data)


def documents(known: Sequence[Attachment], staged: Iterable[Staged], *, public: bool) -> list[dict[str, Any]]:
    """Files as an event tells of them: numbered on from those of the case, under names that are not taken."""
    taken = [*attachment.names(known, public=public)]
    told = []
    for file in staged:
        taken.append(distinct(file.name, taken))
        told.append({"id": attachment.id_of(len(taken), public=public), **file.document(), "name": taken[-1]})
    return told


def require_room(
    known: Sequence[Attachment], count: int, policy: AttachmentPolicy, number: int | None, *, public: bool
) -> None:
    """Raise Refused where a case would have more files than the policy has it have (ATT-1).

    Those of staff alone are counted apart: their number is nothing for a contact (DC-3).
    """
    there = sum(file.public == public for file in known)
    if there + count > policy.count_max:
        what = f"case {written(number)} has {counted(there, 'file')}" if number else f"these are {count:,} files"
        raise Refused(
            f"{what}; {policy.count_max:,} is the most on a case",
            hint="pack several into one archive, for example with tar or zip",
            rule="ATT-1",
        )


def chosen(known: Sequence[Attachment], which: str | None, number: int) -> Attachment:
    """The file that an id, a name or the beginning of a hash means; without one the only one there is.

    Raises NotFound, or Invalid where it may be several.
    """
    found = _meant(known, which) if which is not None else list(known)
    if len(found) == 1:
        return found[0]
    hint = f"`care attachment list {written(number)}` lists them"
    if not found:
        raise _none(number, which, hint)
    what = f"{len(found)} files" if which is None else f"{which[:60]!r} may be {len(found)} files"
    ids = ", ".join(f"{file.id} ({file.name})" for file in found[:5])
    raise Invalid(f"{what}: {ids}", hint=f"name one by its id; {hint}")


def _none(number: int, which: str | None, hint: str) -> NotFound:
    case = f"case {written(number)}"
    if which is None:
        return NotFound(f"{case} has no files", hint="`care attachment add` attaches one", rule="ATT-1")
    return NotFound(f"{case} has no file {which[:60]!r}", hint=hint, rule="ATT-1")


HASH_LEAST: Final = 6
"""How much of a hash names a file."""


def _meant(known: Sequence[Attachment], which: str) -> list[Attachment]:
    word = which.strip().removeprefix("#")
    by_id = [file for file in known if file.id == word.lower()]
    name = composed(which)
    by_name = [file for file in known if file.name == name] or [
        file for file in known if file.name.casefold() == name.casefold()
    ]
    if by_id or by_name:
        return by_id or by_name
    digits = word.lower()
    hexadecimal = len(digits) >= HASH_LEAST and not set(digits) - set("0123456789abcdef")
    same = [file for file in known if file.sha256.startswith(digits)] if hexadecimal else []
    # The same bytes under several names are one and the same.
    return same[:1] if len({file.sha256 for file in same}) == 1 else same
