"""The checks of `care doctor`: each finds something in order, worth a look, or in need of mending (AUD-2)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from carecli.address import Address
from carecli.desk import (
    calendars,
    doctor_advisories,
    doctor_backup,
    doctor_files,
    doctor_gate,
    doctor_mail,
    doctor_places,
    doctor_record,
    doctor_secrets,
    doctor_server,
    policies,
)
from carecli.desk.desk import Desk
from carecli.desk.doctor_words import few, fine, minutes, quoted, since
from carecli.desk.told_desk import UNREADABLE
from carecli.domain import calendar_check, policy_check, policy_warnings
from carecli.domain.health import Condition, Finding, Pulse, State
from carecli.domain.people import Account, CalendarSpec

LOW_DISK_BYTES = 100 * 1024 * 1024
BIG_WAL_BYTES = 64 * 1024 * 1024
DESIGNATED_LEAST = 2
"""How many trained Designated Contacts an account needs (DC-2)."""


def findings(desk: Desk, pulse: Pulse) -> Iterator[Finding]:
    """What every check found, in the order in which somebody would mend it."""
    for check, found in _checks(desk, pulse):
        try:
            yield from found
        except UNREADABLE as error:  # a record that somebody damaged stops no other check
            what = f"what is kept of this cannot be read: {type(error).__name__} {error}"
            yield Finding(check, State.WRONG, what, "care verify tells what is damaged; restore a backup")
        except OSError as error:
            what = f"this could not be looked at: {error.filename or 'a file'}: {error.strerror or error}"
            place = quoted(str(error.filename)) if error.filename else ""
            yield Finding(check, State.ADVICE, what, f"ls -ld {place}".strip())


def _checks(desk: Desk, pulse: Pulse) -> Iterator[tuple[str, Iterator[Finding]]]:
    yield "database", _database(desk, pulse.condition)
    if isinstance(desk.config.db, Address):
        yield "server", doctor_server.findings(desk, desk.config.db)
    yield "record", doctor_record.findings(desk)
    yield "permissions", doctor_places.findings(desk)
    yield "secrets", doctor_secrets.findings(desk)
    yield "backup", doctor_backup.findings(desk, pulse)
    yield "gate", doctor_gate.findings(desk)
    yield "tick", _tick(pulse)
    yield "timers", _timers(pulse)
    yield "mail", doctor_mail.findings(desk, pulse)
    yield "files", doctor_files.findings(desk)
    yield "advisories", doctor_advisories.findings(desk)
    yield "clocks", _clocks(pulse)
    yield "policy", _policy(desk)
    yield "calendar", _calendars(desk)
    yield "contacts", _contacts(desk)


def _database(desk: Desk, condition: Condition) -> Iterator[Finding]:
    with desk.reading() as reading:
        wrong = list(reading.complaints())
    if wrong:
        what = f"{condition.path} is damaged: {few(wrong)}"
        fix = "restore a backup; `sqlite3 FILE .recover` saves the rest"
        if desk.config.is_server:
            fix = "care verify --repair makes indices and triggers anew; else restore a backup of the server's"
        yield Finding("database", State.WRONG, what, fix)
    else:
        yield fine("database", f"{condition.path} is whole, schema {condition.version}")
    yield from _permissions(condition)
    yield from _room(condition)


def _permissions(condition: Condition) -> Iterator[Finding]:
    mode = condition.mode
    if mode is None:
        return
    fix = f"chmod 600 {quoted(condition.path)}"
    if mode & 0o007:
        what = f"everybody on this machine may read or write the database (mode {mode:04o})"
        yield Finding("permissions", State.WRONG, what, fix)
    elif mode & 0o070:
        what = f"the file's group may read or write the database (mode {mode:04o})"
        yield Finding("permissions", State.ADVICE, what, f"unless that is meant: {fix}")
    else:
        yield fine("permissions", f"the database is its owner's alone (mode {mode:04o})")


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
        yield fine("disk", free)
    if condition.wal_bytes > BIG_WAL_BYTES:
        what = f"the write-ahead log has grown to {_size(condition.wal_bytes)}: a reader never lets go of it"
        fix = f"end programs that keep the database open (fuser {quoted(condition.path)})"
        yield Finding("write-ahead log", State.ADVICE, what, fix)


def _tick(pulse: Pulse) -> Iterator[Finding]:
    allowed = f"it may be silent for {minutes(pulse.late_after_s)}"
    if pulse.last_tick_at is None:
        yield Finding("tick", State.WRONG, "no tick has ever run", "care cron install")
    elif pulse.tick_ahead:
        what = "the last tick ran with --now in time to come: nobody knows of the true last one"
        yield Finding("tick", State.WRONG, what, "care tick")
    elif pulse.tick_ahead_s:
        what = f"the last tick lies {minutes(pulse.tick_ahead_s)} ahead of now"
        fix = "it ran with --now, or the clock was set back: nobody is told of a silent tick until then"
        yield Finding("tick", State.ADVICE, what, fix)
    elif pulse.tick_late:
        what = f"the last tick was {minutes(pulse.tick_age_s or 0)} ago; {allowed}"
        fix = "care cron install; where that is done, `care tick` shows what stops it"
        yield Finding("tick", State.WRONG, what, fix)
    else:
        yield fine("tick", f"the last tick was {minutes(pulse.tick_age_s or 0)} ago; {allowed}")


def _timers(pulse: Pulse) -> Iterator[Finding]:
    vitals = pulse.vitals
    if vitals.timers_overdue and vitals.timers_since:
        what = f"overdue timers: {vitals.timers_overdue:,}, the first for {since(pulse, vitals.timers_since)}"
        fix = "care tick" if pulse.tick_late else "care tick; a stage waits for the mail of the one before it"
        yield Finding("timers", State.WRONG, what, fix)
    else:
        yield fine("timers", "no timer is overdue")


def _clocks(pulse: Pulse) -> Iterator[Finding]:
    vitals = pulse.vitals
    if pulse.clocks_at_risk:
        unmarked = f", due and not yet marked: {vitals.clocks_unmarked:,}" if vitals.clocks_unmarked else ""
        what = f"clocks breached: {vitals.clocks_breached:,}, warned: {vitals.clocks_warned:,}{unmarked}"
        yield Finding("clocks", State.ADVICE, what, "care tick --dry-run lists them")
    else:
        yield fine("clocks", "no clock is at risk")
    if vitals.deadlines_missed:
        what = f"deadlines missed: {vitals.deadlines_missed:,}"
        yield Finding("deadlines", State.ADVICE, what, "care tick --dry-run lists them")
    else:
        yield fine("deadlines", "no deadline is missed")


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
        yield Finding("policy", State.WRONG, few(wrong), "care init --policy FILE puts another one in force")
    for slip in odd:
        yield Finding("policy", State.ADVICE, slip, "care policy show, care policy check")
    made_up = "" if wrong else _made_up_number(document)
    if made_up:
        what = f"mail gives customers {made_up}, a made-up number"
        yield Finding(
            "policy", State.ADVICE, what, "set [phone] number in your policy, then care init --policy FILE"
        )
    if not (wrong or odd or made_up):
        yield fine("policy", f"policy {document.get('name', digest[:12])} is in order")


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
        yield fine("calendar", "the desk and its accounts have working hours, and holidays for next year")


def _of_calendar(desk: Desk, spec: CalendarSpec, names: Sequence[str]) -> Iterator[Finding]:
    who, fix = few(names), "care account edit NAME --holidays CODE --close-on DATE --hours HOURS"
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
        what = f"fewer than {DESIGNATED_LEAST} trained Designated Contacts: {few(short)}"
        fix = "care contact add EMAIL --account NAME --trained; care contact edit EMAIL --trained"
        yield Finding("contacts", State.ADVICE, what, fix)
    else:
        yield fine("contacts", f"every account has {DESIGNATED_LEAST} trained Designated Contacts")


def _active(desk: Desk) -> list[Account]:
    with desk.reading() as reading:
        return [account for account in reading.accounts() if account.active]


def _size(count: int) -> str:
    megabytes = count / 1024 / 1024
    return f"{megabytes / 1024:,.1f} GB" if megabytes >= 1024 else f"{megabytes:,.1f} MB"
