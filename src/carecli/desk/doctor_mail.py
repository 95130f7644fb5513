"""The doctor's look at mail: what waits or was lost, the way out tried, templates, and secrets (MAIL-6)."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from shutil import which
from typing import TYPE_CHECKING

from carecli.desk.doctor_words import few, fine, quoted, since
from carecli.domain.health import Finding, Pulse, State
from carecli.domain.numbers import written
from carecli.errors import CareError

if TYPE_CHECKING:
    from carecli.config.mail import Imap, Login, MailSettings, Smtp
    from carecli.desk.desk import Desk

LONG_IN_TRIAGE = timedelta(days=1)
"""How long mail may wait for a person before that is worth a word."""

OTHERS = 0o077
"""Who may not read a file that holds a secret: its group, and everybody."""


def findings(desk: Desk, pulse: Pulse) -> Iterator[Finding]:
    """What every check of mail found; servers that are set up are asked."""
    yield from _outbox(pulse)
    yield from _inbox(desk, pulse)
    settings = desk.config.mail
    yield from _sender(settings)
    yield from _way_out(settings)
    if settings.imap:
        yield from _imap(settings.imap)
    yield from _templates(settings)
    yield from _secrets(desk.config.path, settings)


def _outbox(pulse: Pulse) -> Iterator[Finding]:
    vitals = pulse.vitals
    if vitals.mail_stuck and vitals.mail_since:
        what = f"mails that cannot leave: {vitals.mail_stuck:,}, the oldest for {since(pulse, vitals.mail_since)}"
        yield Finding("mail", State.WRONG, what, "care tick tells why; see [mail] in the config file")
    else:
        waiting = vitals.mail_queued + vitals.mail_failed
        yield fine("mail", f"no mail is stuck; waiting for its time: {waiting:,}")
    if vitals.mail_given_up:
        what = f"mails given up, of cases that are not closed: {vitals.mail_given_up:,}"
        fix = "care mail outbox --state failed tells why; mend it, then care mail resend MAIL"
        yield Finding("mail given up", State.ADVICE, what, fix)
    if vitals.mail_bounced:
        what = f"mails bounced, of cases that are not closed: {vitals.mail_bounced:,}"
        fix = "care mail outbox --state bounced; mend the address, then care mail resend MAIL"
        yield Finding("mail bounced", State.ADVICE, what, fix)
    if vitals.held:
        what = f"the follow-up of {few(map(written, vitals.held))} is held: a mail did not arrive"
        fix = "care mail outbox NUMBER tells why; mend it, then care mail resend MAIL; or care update NUMBER"
        yield Finding("follow-up", State.WRONG, what, fix)


def _inbox(desk: Desk, pulse: Pulse) -> Iterator[Finding]:
    """Mail that came in and waits for a person for longer than a day, or was never looked at (MAIL-3)."""
    with desk.reading() as reading:
        waiting, first = reading.triage_count(), reading.in_triage(1)
        unseen = bool(reading.unseen(1))
        received = bool(reading.inbox(number=None, outcomes=(), limit=1))
        open_to_all = received and not desk.rulebook.in_force(reading, desk.settings).mail.trusted_servers
    if first and desk.now - first[0].received_at > LONG_IN_TRIAGE:
        what = f"mails in triage: {waiting:,}, the oldest for {since(pulse, first[0].received_at)}"
        yield Finding("triage", State.ADVICE, what, "care mail triage list")
    elif waiting:
        yield fine("triage", f"mails in triage: {waiting:,}, none for longer than a day")
    if open_to_all:
        what = "mail comes in, and no mail server is trusted to say who it is from: senders may be forged"
        yield Finding(
            "trust", State.ADVICE, what, "set [mail] trusted_servers in the policy, care init --policy FILE"
        )
    if unseen:
        yield Finding("inbox", State.WRONG, "mail was stored and never looked at", "care tick")


def _sender(settings: MailSettings) -> Iterator[Finding]:
    from carecli.desk.mail.transport import sender_address

    try:
        address = sender_address(settings)
    except CareError as error:
        yield Finding("sender", State.WRONG, error.message, error.hint)
        return
    if settings.transport != "maildir" and address.endswith("@localhost"):
        what = f"mail goes out from {address}, where nobody can answer"
        yield Finding("sender", State.ADVICE, what, "set `from` in the [mail] part of the config file")


def _way_out(settings: MailSettings) -> Iterator[Finding]:
    if settings.transport == "smtp" and settings.smtp:
        yield from _smtp(settings.smtp)
    elif settings.transport == "sendmail":
        yield from _sendmail(settings.sendmail)
    else:
        yield from _maildir(settings.maildir)


def _smtp(server: Smtp) -> Iterator[Finding]:
    """Connect, encrypt and log in, and hand nothing over."""
    from carecli.desk.mail.transport import smtp

    place = f"{server.host}:{server.port}"
    try:
        wrong = smtp(server).check()
    except CareError as error:
        yield Finding("smtp", State.WRONG, error.message, error.hint)
        return
    if wrong:
        yield Finding("smtp", State.WRONG, wrong.what, wrong.hint)
    else:
        who = f", logged in as {server.login.user}" if server.login else ""
        yield fine("smtp", f"{place} takes mail ({server.security}{who})")


def _sendmail(program: str) -> Iterator[Finding]:
    if which(program) is None:
        what = f"{program} cannot be run"
        yield Finding(
            "sendmail", State.WRONG, what, "set `program` in the [mail.sendmail] part of the config file"
        )
    else:
        yield fine("sendmail", f"mail is handed to {program}")


def _maildir(maildir: str) -> Iterator[Finding]:
    wrong = _unwritable(maildir)
    if wrong:
        what = f"mail cannot be put into {maildir}: {wrong}"
        yield Finding("maildir", State.WRONG, what, "set `maildir` in the [mail] part of the config file")
    else:
        yield fine("maildir", f"mail can be put into {maildir}")


def _unwritable(maildir: str) -> str | None:
    """Why nothing can be put into a folder, which need not be there yet; None where it can."""
    from pathlib import Path

    folder = Path(maildir).absolute()
    try:
        place = next(path for path in (folder, *folder.parents) if path.exists())
    except OSError as error:  # a name that is too long, or a folder above that may not be entered
        return error.strerror
    may = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    return None if may else f"{place} cannot be written"


def _imap(server: Imap) -> Iterator[Finding]:
    from carecli.desk.mail.fetching import probe

    wrong = probe(server)
    if wrong:
        yield Finding("imap", State.WRONG, wrong.message, wrong.hint)
    else:
        yield fine("imap", f"{server.host}:{server.port} lets us read {server.folder} ({server.security})")


def _templates(settings: MailSettings) -> Iterator[Finding]:
    if settings.templates is None:
        return
    from carecli.mail.outgoing.templates import problems

    wrong = problems(settings.templates)
    fix = f"mend it in {settings.templates}, or take the file away: the shipped one then counts"
    yield from (Finding("templates", State.WRONG, problem, fix) for problem in wrong)
    if not wrong:
        yield fine("templates", f"the templates in {settings.templates} are in order")


def _secrets(config: str | None, settings: MailSettings) -> Iterator[Finding]:
    """Files that hold a password and that others may read."""
    logins: list[Login | None] = [server.login if server else None for server in (settings.smtp, settings.imap)]
    files = {login.file for login in logins if login and login.file}
    if settings.own_secrets and config:
        files.add(config)
    for file in sorted(files):
        mode = _mode(file)
        if mode is not None and mode & OTHERS:
            what = f"{file} holds a password, and others may read it (mode {mode:04o})"
            yield Finding("secrets", State.WRONG, what, f"chmod 600 {quoted(file)}")


def _mode(file: str) -> int | None:
    try:
        return stat.S_IMODE(os.stat(file).st_mode)  # noqa: PTH116 - paths are texts in settings
    except OSError:  # one that is missing is told where it is used
        return None
