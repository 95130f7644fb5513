"""The checks of `care doctor`: each finds something in order, worth a look, or in need of mending (AUD-2)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from carecli.desk import calendars, policies
from carecli.desk.desk import Desk
from carecli.desk.verify import UNREADABLE
from carecli.domain import calendar_check, policy_check, policy_warnings
from carecli.domain.health import Condition, Finding, Pulse, State
from carecli.domain.numbers import written
from carecli.domain.people import Account, CalendarSpec

LOW_DISK_BYTES = 100 * 1024 * 1024
BIG_WAL_BYTES = 64 * 1024 * 1024
DESIGNATED_LEAST = 2
"""How many trained Designated Contacts an account needs (DC-2)."""
NAMED_MOST = 5
"""How many names a sentence holds."""


def findings(desk: Desk, pulse: Pulse) -> Iterator[Finding]:
    """What every check found, in the order in which somebody would mend it."""
    yield from _database(desk, pulse.condition)
    yield from _tick(pulse)
    yield from _timers(pulse)
    yield from _mail(desk, pulse)
    yield from _clocks(pulse)
    yield from _policy(desk)
    yield from _calendars(desk)
    yield from _contacts(desk)


def _fine(check: str, what: str) -> Finding:
    return Finding(check, State.FINE, what)


def _database(desk: Desk, condition: Condition) -> Iterator[Finding]:
    with desk.reading() as reading:
        wrong = list(reading.complaints())
    if wrong:
        what = f"{condition.path} is damaged: {_few(wrong)}"
        yield Finding("database", State.WRONG, what, "restore a backup; `sqlite3 FILE .recover` saves the rest")
    else:
        yield _fine("database", f"{condition.path} is whole, schema {condition.version}")
    yield from _permissions(condition)
    yield from _room(condition)


def _permissions(condition: Condition) -> Iterator[Finding]:
    mode = condition.mode
    if mode is None:
        return
    fix = f"chmod 600 {_quoted(condition.path)}"
    if mode & 0o007:
        what = f"everybody on this machine may read or write the database (mode {mode:04o})"
        yield Finding("permissions", State.WRONG, what, fix)
    elif mode & 0o070:
        what = f"the file's group may read or write the database (mode {mode:04o})"
        yield Finding("permissions", State.ADVICE, what, f"unless that is meant: {fix}")
    else:
        yield _fine("permissions", f"the database is its owner's alone (mode {mode:04o})")


def _room(condition: Condition) -> Iterator[Finding]:
    if condition.free_bytes is None:
        return
    free = f"{_size(condition.free_bytes)} are free on the disk"
    if condition.free_bytes < LOW_DISK_BYTES:
        yield Finding("disk", State.WRONG, free, "free some space before nothing can be recorded any more")
    elif condition.free_bytes < condition.bytes:
        what = f"{free}, less than the database holds ({_size(condition.bytes)})"
        yield Finding("disk", State.ADVICE, what, "free some space, or keep backups on another disk")
    else:
        yield _fine("disk", free)
    if condition.wal_bytes > BIG_WAL_BYTES:
        what = f"the write-ahead log has grown to {_size(condition.wal_bytes)}: a reader never lets go of it"
        fix = f"end programs that keep the database open (fuser {_quoted(condition.path)})"
        yield Finding("write-ahead log", State.ADVICE, what, fix)


def _tick(pulse: Pulse) -> Iterator[Finding]:
    allowed = f"it may be silent for {_minutes(pulse.late_after_s)}"
    if pulse.last_tick_at is None:
        yield Finding("tick", State.WRONG, "no tick has ever run", "care cron install")
    elif pulse.tick_ahead:
        what = "the last tick ran with --now in time to come: nobody knows of the true last one"
        yield Finding("tick", State.WRONG, what, "care tick")
    elif pulse.tick_ahead_s:
        what = f"the last tick lies {_minutes(pulse.tick_ahead_s)} ahead of now"
        fix = "it ran with --now, or the clock was set back: nobody is told of a silent tick until then"
        yield Finding("tick", State.ADVICE, what, fix)
    elif pulse.tick_late:
        what = f"the last tick was {_minutes(pulse.tick_age_s or 0)} ago; {allowed}"
        fix = "care cron install; where that is done, `care tick` shows what stops it"
        yield Finding("tick", State.WRONG, what, fix)
    else:
        yield _fine("tick", f"the last tick was {_minutes(pulse.tick_age_s or 0)} ago; {allowed}")


def _timers(pulse: Pulse) -> Iterator[Finding]:
    vitals = pulse.vitals
    if vitals.timers_overdue and vitals.timers_since:
        what = f"overdue timers: {vitals.timers_overdue:,}, the first for {_since(pulse, vitals.timers_since)}"
        fix = "care tick" if pulse.tick_late else "care tick; a stage waits for the mail of the one before it"
        yield Finding("timers", State.WRONG, what, fix)
    else:
        yield _fine("timers", "no timer is overdue")


def _mail(desk: Desk, pulse: Pulse) -> Iterator[Finding]:
    vitals = pulse.vitals
    if vitals.mail_stuck and vitals.mail_since:
        what = f"mails that cannot leave: {vitals.mail_stuck:,}, the oldest for {_since(pulse, vitals.mail_since)}"
        yield Finding("mail", State.WRONG, what, "care tick tells why; see [mail] in the config file")
    else:
        waiting = vitals.mail_queued + vitals.mail_failed
        yield _fine("mail", f"no mail is stuck; waiting for its time: {waiting:,}")
    if vitals.held:
        what = f"the follow-up of {_few(map(written, vitals.held))} is held: a mail did not arrive"
        yield Finding("follow-up", State.WRONG, what, "mend the mail, then care tick; or care update NUMBER")
    yield from _maildir(Path(desk.config.maildir))


def _maildir(maildir: Path) -> Iterator[Finding]:
    wrong = _unwritable(maildir)
    if wrong:
        what = f"mail cannot be put into {maildir}: {wrong}"
        yield Finding("maildir", State.WRONG, what, "set `maildir` in the [mail] part of the config file")
    else:
        yield _fine("maildir", f"mail can be put into {maildir}")


def _unwritable(maildir: Path) -> str | None:
    """Why nothing can be put into a folder, which need not be there yet; None where it can."""
    from os import W_OK, X_OK, access

    try:
        place = next(path for path in (maildir.absolute(), *maildir.absolute().parents) if path.exists())
    except OSError as error:  # a name that is too long, or a folder above that may not be entered
        return error.strerror
    return None if place.is_dir() and access(place, W_OK | X_OK) else f"{place} cannot be written"


def _clocks(pulse: Pulse) -> Iterator[Finding]:
    vitals = pulse.vitals
    if pulse.clocks_at_risk:
        unmarked = f", due and not yet marked: {vitals.clocks_unmarked:,}" if vitals.clocks_unmarked else ""
        what = f"clocks breached: {vitals.clocks_breached:,}, warned: {vitals.clocks_warned:,}{unmarked}"
        yield Finding("clocks", State.ADVICE, what, "care tick --dry-run lists them")
    else:
        yield _fine("clocks", "no clock is at risk")


def _policy(desk: Desk) -> Iterator[Finding]:
    digest = desk.settings.policy
    if digest is None:
        yield Finding("policy", State.WRONG, "the desk has no policy yet", "care init --policy default")
        return
    try:
        with desk.reading() as reading:
            document = reading.document(digest)
        wrong = list(policy_check.problems(document, policies.load("default")))
        odd = [] if wrong else list(policy_warnings.warnings(document))
    except UNREADABLE as error:
        yield Finding("policy", State.WRONG, f"the policy in force cannot be read: {error}", "care verify")
        return
    if wrong:
        yield Finding("policy", State.WRONG, _few(wrong), "care init --policy FILE puts another one in force")
    for slip in odd:
        yield Finding("policy", State.ADVICE, slip, "care policy show, care policy check")
    made_up = "" if wrong else _made_up_number(document)
    if made_up:
        what = f"mail gives customers {made_up}, a made-up number"
        yield Finding(
            "policy", State.ADVICE, what, "set [phone] number in your policy, then care init --policy FILE"
        )
    if not (wrong or odd or made_up):
        yield _fine("policy", f"policy {document.get('name', digest[:12])} is in order")


def _made_up_number(document: Mapping[str, Any]) -> str:
    """The telephone number that nobody answers, where a policy still has the shipped one (OPEN-9)."""
    shipped, own = (str(policy["phone"]["number"]) for policy in (policies.load("default"), document))
    return own if own == shipped else ""


def _calendars(desk: Desk) -> Iterator[Finding]:
    """The desk's calendar and those of its accounts, each different one once with whose it is (CAL-4)."""
    own = desk.settings.calendar
    whose: dict[CalendarSpec, list[str]] = {own: ["the desk"]}
    for account in _active(desk):
        whose.setdefault(account.calendar.over(own), []).append(account.name)
    sound = 0
    for spec, names in whose.items():
        found = list(_of_calendar(desk, spec, names))
        yield from found
        sound += not found
    if sound == len(whose):
        yield _fine("calendar", "the desk and its accounts have working hours, and holidays for next year")


def _of_calendar(desk: Desk, spec: CalendarSpec, names: Sequence[str]) -> Iterator[Finding]:
    who, fix = _few(names), "care account edit NAME --holidays CODE --close-on DATE --hours HOURS"
    if names[0] == "the desk":
        fix = "care init --holidays CODE --close-on DATE --hours HOURS"
    try:
        asked = calendars.asked(spec, desk.now)
        wrong = list(calendar_check.problems(asked))
        odd = [] if wrong else list(calendar_check.warnings(asked))
    except UNREADABLE as error:
        yield Finding("calendar", State.WRONG, f"{who}: {error}", fix)
        return
    yield from (Finding("calendar", State.WRONG, f"{who}: {problem}", fix) for problem in wrong)
    yield from (Finding("calendar", State.ADVICE, f"{who}: {slip}", fix) for slip in odd)


def _contacts(desk: Desk) -> Iterator[Finding]:
    """Accounts with fewer than two trained Designated Contacts (DC-2)."""
    with desk.reading() as reading:
        trained = [c.account.casefold() for c in reading.contacts() if c.designated and c.trained]
    short = [a.name for a in _active(desk) if trained.count(a.name.casefold()) < DESIGNATED_LEAST]
    if short:
        what = f"fewer than {DESIGNATED_LEAST} trained Designated Contacts: {_few(short)}"
        fix = "care contact add EMAIL --account NAME --trained; care contact edit EMAIL --trained"
        yield Finding("contacts", State.ADVICE, what, fix)
    else:
        yield _fine("contacts", f"every account has {DESIGNATED_LEAST} trained Designated Contacts")


def _active(desk: Desk) -> list[Account]:
    with desk.reading() as reading:
        return [account for account in reading.accounts() if account.active]


def _few(names: Iterable[str]) -> str:
    known = list(names)
    more = len(known) - NAMED_MOST
    return ", ".join(known[:NAMED_MOST]) + (f" and {more} more" if more > 0 else "")


def _size(count: int) -> str:
    megabytes = count / 1024 / 1024
    return f"{megabytes / 1024:,.1f} GB" if megabytes >= 1024 else f"{megabytes:,.1f} MB"


def _since(pulse: Pulse, at: datetime) -> str:
    return _minutes(int((pulse.now - at).total_seconds()))


def _minutes(seconds: int) -> str:
    hours, rest = divmod(seconds // 60, 60)
    days, hours = divmod(hours, 24)
    parts = [f"{days}d" if days else "", f"{hours}h" if hours else "", f"{rest}m" if rest and not days else ""]
    return " ".join(filter(None, parts)) or f"{seconds}s"


def _quoted(path: str) -> str:
    from shlex import quote

    return quote(path)
