"""The record put right as its events say: everything derived made anew, and nothing else touched (AUD-1).

All of it happens in one transaction, and is kept only when a second look finds what was mended in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from carecli.desk.attachments import upkeep
from carecli.desk.rulebook import Rulebook
from carecli.desk.verify import OnCase, differences, every_difference
from carecli.domain import access
from carecli.domain.access import Right
from carecli.domain.events import Kind
from carecli.domain.numbers import written
from carecli.domain.verify import UNTOLD, Difference, LogBroken, Part, RepairReport
from carecli.domain.vocabulary import Via
from carecli.errors import Refused

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.desk.record import Record
    from carecli.store.protocol import Writing
    from carecli.store.protocol_checking import Mending

_MOST_NAMED: Final = 50
"""How many cases the event of a repair names."""

_MOST_TOLD: Final = 3
"""How many things a question names of which no event tells."""

_KEPT: Final = {
    *(Part.ACCOUNT, Part.CONTACT, Part.STAFF, Part.CASE, Part.ARTICLE, Part.ADVISORY, Part.DOCUMENT),
    *(Part.SETTINGS, Part.ATTACHMENTS, Part.EXTERNALS),
}
"""Parts of which a row is worth a question before it goes."""

Sure = Callable[[Sequence[str]], bool]
"""Asked where a log may have been cut at its end, with what speaks for it: whether to go on all the same."""


def repair(
    desk: Desk, *, dry_run: bool = False, sure: Sure = lambda _: False, on_case: OnCase = lambda _: None
) -> RepairReport:
    """Make everything derived anew where it differs, and say what was; nothing is kept of a dry run.

    Raises Refused where the log or the file is broken, and where the log may have been cut at its end unless
    `sure`: what the rows tell beyond it would be lost for good.
    """
    access.require(desk.actor, Right.ADMINISTER)
    with desk.trial(notices=False) if dry_run else desk.record(notices=False) as record:
        report = _repaired(record, sure, on_case)
    files = tuple(upkeep.differences(desk))
    return report._replace(left=(*report.left, *files), dry_run=dry_run)


def _repaired(record: Record, sure: Sure, on_case: OnCase) -> RepairReport:
    writing, server = record.writing, record.config.is_server
    with writing.mending() as mending:
        cases, events, _ = mending.census()
        signs = _require_whole(mending, server=server)
        found = list(every_difference(writing, mending, Rulebook(), on_case))
        damage = list(mending.damage())
    if damage:
        what = (
            f"the {'database' if server else 'file'} itself is damaged: rows cannot mend that; nothing was changed"
        )
        raise LogBroken(what, damage, server=server)
    signs += _untold(found)
    if signs and not sure(signs):
        raise _cut(signs)
    _mend_last_tick(writing, found)
    left = tuple(differences(writing, Rulebook()))
    mended = tuple(one for one in found if one not in left)
    if mended:
        record.desk_event(Kind.RECORD_REPAIRED, _told(mended, signs))
    return RepairReport(cases, events, mended, left)


def _require_whole(mending: Mending, *, server: bool) -> list[str]:
    """What speaks for a log that was cut at its end; raises LogBroken where what there is of it is broken."""
    broken = list(mending.log())
    if broken:
        raise LogBroken(
            "the log itself is broken, and everything else is made from it; nothing was changed",
            broken,
            server=server,
        )
    return list(mending.signs())


def _untold(found: Iterable[Difference]) -> list[str]:
    """What would go because no event tells of it, and may be all that is left of events that are gone."""
    names = [
        f"{one.part.value} {one.name if one.number is None else written(one.number)}"
        for one in found
        if one.part in _KEPT and one.what.endswith(UNTOLD)
    ]
    more = f" and {len(names) - _MOST_TOLD} more" if len(names) > _MOST_TOLD else ""
    return [f"no event tells of {', '.join(names[:_MOST_TOLD])}{more}"] if names else []


def _cut(signs: Sequence[str]) -> Refused:
    return Refused(
        f"the log may have been cut at its end: {'; '.join(signs)}",
        hint="hold it against a seal with `care verify --against SEAL`, restore a backup if events are gone;"
        " --yes makes the record as the log that is left says",
        rule="AUD-1",
    )


def _mend_last_tick(writing: Writing, found: Sequence[Difference]) -> None:
    """Put right when time last acted, from the last event that says so."""
    if any(one.part is Part.LAST_TICK for one in found):
        from carecli.store.entries import LastTick

        at = max((entry.event.at for entry in writing.events() if entry.event.via is Via.TICK), default=None)
        if at is None:
            writing.forget_last_tick()
        else:
            writing.put_last_tick(LastTick(at, writing.log_length()))


def _told(mended: Sequence[Difference], signs: Sequence[str]) -> dict[str, Any]:
    """What the event of a repair says: how much of which part, the first cases, and what spoke for a cut log."""
    parts: dict[str, int] = {}
    for one in mended:
        parts[one.part.value] = parts.get(one.part.value, 0) + 1
    numbers = sorted({one.number for one in mended if one.number is not None})
    cases = [written(number) for number in numbers[:_MOST_NAMED]]
    return {"parts": parts, "cases": len(numbers), "first": cases, "signs": list(signs)}
