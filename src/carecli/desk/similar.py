"""Cases that may be about the same issue as a text (OPEN-7, OPEN-11)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from carecli.desk.reading import seen
from carecli.domain import access, likeness
from carecli.domain.access import Right
from carecli.domain.instants import instant
from carecli.domain.likeness import Asked, Counted, Text
from carecli.domain.rarity import rarity
from carecli.domain.similar import Similar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from carecli.desk.desk import Desk
    from carecli.store.entries_opening import Issue
    from carecli.store.protocol import Reading

HITS_MAX: Final = 2_000
"""A word that more cases hold is common: none is looked for by it alone."""

SPREAD_MAX: Final = 20_000
"""Up to how many a common word of the subject is counted, to know what it weighs."""

COMPARED_MAX: Final = 200
"""How many cases are read and compared; an account with no more is compared whole."""

OWN_MAX: Final = 2_000
"""How many of the own account's cases are compared for a contact, those that moved last: 0.2 s."""

LOOKED_AT_MAX: Final = 3_000
"""How many of the likeliest are looked at to see which are open."""

LOOKED_FOR_MAX: Final = 40
ACCOUNT_MAX: Final = 100_000
COMMON_TOGETHER: Final = 3
PAIR_HITS_MAX: Final = 300

LEAST: Final = 0.12
"""Less likeness than this is chance."""

_DAY_S: Final = 86_400


class Sought(NamedTuple):
    """The text that others are compared with, and where it stands; `number` is the case that it is from."""

    subject: str
    description: str
    text: Text
    stems: Mapping[str, str]
    """The stem of each word that is looked for."""
    at: datetime
    account: str | None
    service: str | None
    number: int | None


class Pool(NamedTuple):
    """The cases to compare with, and how rare words are among those that they were drawn from."""

    asked: Asked
    told: Sequence[Issue]
    total: int


def similar(
    desk: Desk,
    *,
    subject: str,
    description: str,
    account: str | None = None,
    service: str | None = None,
    number: int | None = None,
    open_only: bool = True,
    limit: int = 5,
    at: datetime | None = None,
) -> list[Similar]:
    """The cases most like a text, near ones first, then the likest; a contact's are the own account's (DC-3).

    With an account and a service, a case is `near` that has both and almost the same subject (OPEN-11). `number`
    is the case that the text is from, which is left out, and `at` when it was written; by default now.
    """
    own = account if account and desk.actor.acts_for(account) else desk.actor.account
    scope = own if desk.actor.is_contact else account
    sought = _sought(subject, description, at or desk.now, scope, service, number)
    return _found(desk, sought, scope, open_only, limit)


def like_case(
    desk: Desk, number: int, *, account: str | None = None, open_only: bool = True, limit: int = 5
) -> list[Similar]:
    """The cases most like a case: for staff of the desk or an account, for a contact of the own account (DC-3)."""
    with desk.reading() as reading:
        row = seen(desk, reading, number)
    own = row.state["account"] if desk.actor.is_contact else None
    scope = named_account(desk, account) or own
    state, description = row.state, row.texts["description"]
    at = instant(state["opened_at"])
    sought = _sought(state["subject"], description, at, state["account"], state["service"], number)
    return _found(desk, sought, scope, open_only, limit)


def named_account(desk: Desk, name: str | None) -> str | None:
    """The account that is named, as it is spelt; raises NotFound alike for none and for another's (DC-3)."""
    if name is None:
        return None
    with desk.reading() as reading:
        known = reading.account(name)
        if known is None or not access.may_see(desk.actor, known.name):
            from carecli.desk.intake import known_to, unknown_account

            raise unknown_account(name, known_to(desk.actor, reading))
    return known.name


def _sought(
    subject: str, description: str, at: datetime, account: str | None, service: str | None, number: int | None
) -> Sought:
    text = likeness.text(subject, description)
    subject_stems, described = likeness.telling(text)
    stems = likeness.stems_by_form((*described, *subject_stems))
    return Sought(subject, description, text, stems, at, account, service, number)


def _found(desk: Desk, sought: Sought, scope: str | None, open_only: bool, limit: int) -> list[Similar]:
    access.require(desk.actor, Right.READ_CASES)
    with desk.reading() as reading:
        if scope is None:
            pool = _of_desk(reading, sought, open_only)
        elif desk.actor.is_contact:
            pool = _whole(reading, sought, reading.numbers_of(scope, OWN_MAX, open_only=open_only))
        else:
            pool = _of_account(reading, sought, scope, open_only)
    found = sorted(_compared(sought, pool), key=lambda one: (not one.near, -one.likeness, -one.number))
    return found[:limit]


def _of_account(reading: Reading, sought: Sought, account: str, open_only: bool) -> Pool:
    """An account's cases, for staff: of many those that the index of the whole desk finds, and the newest."""
    numbers = reading.numbers_of(account, ACCOUNT_MAX, open_only=open_only)
    if len(numbers) <= COMPARED_MAX:
        return _whole(reading, sought, numbers)
    own = frozenset(numbers)
    holders = {one: [n for n in found if n in own] for one, found in _holders(reading, sought).items()}
    asked = likeness.asked(sought.text, {one: len(found) for one, found in holders.items()}, len(numbers))
    likely = _likeliest(asked, holders, COMPARED_MAX)
    # Where words are common on the desk, the newest of the account are looked at anyhow.
    numbers = list(dict.fromkeys([*likely, *numbers[:COMPARED_MAX]]))
    return Pool(asked, reading.issues(numbers), len(own))


def _whole(reading: Reading, sought: Sought, numbers: Sequence[int]) -> Pool:
    """Cases, all of them; what words weigh is told by them alone, so nothing of others shows (DC-3)."""
    told = reading.issues(numbers)
    counted = _counted(sought, told)
    spread = Counter(one for case in counted for one in {*case.subject, *case.description})
    beside = int(sought.number in numbers)
    return Pool(likeness.asked(sought.text, spread, len(told), beside=beside), told, len(told))


def _counted(sought: Sought, told: Sequence[Issue]) -> list[Counted]:
    return [likeness.counted(sought.stems, case.subject, case.description) for case in told]


def _of_desk(reading: Reading, sought: Sought, open_only: bool) -> Pool:
    """Cases of the whole desk that hold the text's rarer words, or its common ones together."""
    subject, described = likeness.telling(sought.text)
    total = reading.last_number()
    spread = {one: reading.spread(likeness.forms(one), HITS_MAX) for one in (*subject, *described)}
    common = [one for one in subject if spread[one] >= HITS_MAX]
    spread |= {one: reading.spread(likeness.forms(one), SPREAD_MAX) for one in common}
    asked = likeness.asked(sought.text, spread, total, beside=int(sought.number is not None))
    rare = [one for one in asked.weights if 0 < spread[one] < HITS_MAX]
    holders = {one: reading.holding([likeness.forms(one)], HITS_MAX) for one in rare}
    holders |= _together(reading, sorted(common, key=lambda one: spread[one])[:COMMON_TOGETHER])
    likely = _likeliest(asked, holders, LOOKED_AT_MAX)
    if open_only:
        likely = reading.among_open(likely)
    return Pool(asked, reading.issues(likely[:COMPARED_MAX]), total)


def _holders(reading: Reading, sought: Sought) -> dict[str, list[int]]:
    """The newest cases of the desk that hold each word of the subject, or each rarer one of the description."""
    subject, described = likeness.telling(sought.text)
    spread = {one: reading.spread(likeness.forms(one), HITS_MAX) for one in described}
    rarer = sorted(described, key=lambda one: spread[one])[:LOOKED_FOR_MAX]
    return {one: reading.holding([likeness.forms(one)], HITS_MAX) for one in (*subject, *rarer)}


def _together(reading: Reading, common: Sequence[str]) -> dict[str, list[int]]:
    """Which cases hold two of the common words: looked for by one alone, the newest would hide all others."""
    found: dict[str, list[int]] = {}
    for place, one in enumerate(common):
        for other in common[place + 1 :]:
            words = [likeness.forms(one), likeness.forms(other)]
            found[f"{one} {other}"] = reading.holding(words, PAIR_HITS_MAX)
    return found


def _likeliest(asked: Asked, holders: Mapping[str, Sequence[int]], most: int) -> list[int]:
    """The cases with the weightiest of these words, of equals the newer."""
    weight: Counter[int] = Counter()
    for named, numbers in holders.items():
        each = sum(asked.weights.get(one, 0.0) * (1.0 if one in asked.subject else 0.3) for one in named.split())
        for number in numbers:
            weight[number] += each  # type: ignore[assignment]  # a Counter adds floats as well
    ranked = sorted(weight.items(), key=lambda item: (-item[1], -item[0]))
    return [number for number, _ in ranked][:most]


def _compared(sought: Sought, pool: Pool) -> list[Similar]:
    # A subject alone is compared as if a description told of it too, as those of cases do.
    own = likeness.counted(sought.stems, sought.subject, sought.description or sought.subject)
    counted = _counted(sought, pool.told)
    average = likeness.lengths([own, *counted])
    whole = likeness.score(pool.asked, own, average)
    found = []
    for case, counts in zip(pool.told, counted, strict=True):
        days = (sought.at - case.opened_at).total_seconds() / _DAY_S
        like = likeness.likeness(likeness.score(pool.asked, counts, average), whole, days)
        if case.number != sought.number and like >= LEAST:
            near = _near(sought, case, pool)
            found.append(Similar(case.number, case.subject, case.status, round(like, 3), near, case.account))
    return found


def _near(sought: Sought, case: Issue, pool: Pool) -> bool:
    """Whether a case has the account, the service and almost the subject of what is sought (OPEN-11)."""
    if sought.account is None or sought.account.casefold() != case.account.casefold():
        return False
    if (sought.service or "").casefold() != (case.service or "").casefold():
        return False
    subject = likeness.text(case.subject, "").subject
    unknown, weights = rarity(1, pool.total), pool.asked.weights
    return likeness.subject_likeness(sought.text.subject, subject, weights, unknown) >= likeness.NEAR_FROM
