"""Fetching: every message of a mailbox is taken in once, whatever ends a run and wherever (MAIL-6, MAIL-2a)."""

import os
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from desk_fixtures import ADA, BEN, DANA, Office
from notation import when
from postoffice import HOST, PASSWORD, Certificates, Dovecot, wire

from carecli.desk.mail import fetching, inbox
from carecli.desk.mail.fetching import After
from carecli.domain.fetching import Fetched
from carecli.domain.inbox import Outcome, Received
from carecli.errors import DatabaseUnusable, Failed, Invalid, NotPermitted
from carecli.mail.sources import maildir

AT = "Wed 10:00"
OFFICE_OF = Callable[..., Office]


def _letter(place: int, size: int = 0) -> bytes:
    head = f"From: {DANA}\r\nTo: care@desk.example\r\nSubject: letter {place}\r\n"
    return f"{head}Message-ID: <{place}@abc.example>\r\n\r\nHello.\r\n{'x' * size}\r\n".encode()


def _fetch(office: Office, who: str = "system", **how: Any) -> Fetched:
    return fetching.fetch(office.by(who, AT), **how)


def _kept(office: Office) -> list[Received]:
    with office.store.read() as record:
        return sorted(record.inbox(number=None, outcomes=(), limit=None))


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """A maildir with three messages."""
    box = tmp_path / "box"
    (box / "new").mkdir(parents=True)
    for place in range(3):
        (box / "new" / f"{place}.host").write_bytes(_letter(place))
    return box


@pytest.fixture
def imap_office(office: Office, mailboxes: Dovecot, known: Certificates, tmp_path: Path) -> Callable[..., Office]:
    """The office with a mailbox of its own in dovecot."""
    password = tmp_path / "password"
    password.write_text(PASSWORD)
    password.chmod(0o600)
    usual = {
        "host": "localhost",
        "port": mailboxes.tls,
        "user": mailboxes.user(),
        "password_file": str(password),
        "ca_file": str(known.ca_file),
        "timeout": 10,
    }

    def made(**settings: object) -> Office:
        return Office(office.config._replace(mail_table={"imap": {**usual, **settings}}), office.store)

    return made


def _user(office: Office) -> str:
    table: Mapping[str, Any] = office.config.mail_table
    return str(table["imap"]["user"])


def test_a_maildir_is_emptied_once(office: Office, box: Path) -> None:
    """MAIL-6: what came is told, where from, and is put away only then; the next run finds nothing."""
    report = _fetch(office, path=str(box))
    assert [(m.subject, m.source) for m in report.mail] == [(f"letter {n}", f"maildir:{box}") for n in range(3)]
    assert (report.outcomes, report.left, report.ended_by) == ({"triaged": 3}, (), None)
    assert sorted(file.name for file in (box / "cur").iterdir()) == [f"{n}.host:2,S" for n in range(3)]
    assert _fetch(office, path=str(box)) == Fetched(f"maildir:{box}")
    assert [each.digest for each in _kept(office)] == [each.digest for each in report.mail]


def test_what_is_kept_in_the_mailbox_is_still_taken_once(office: Office, box: Path) -> None:
    """MAIL-6: `--keep` leaves every name as it is; the desk remembers."""
    assert len(_fetch(office, path=str(box), after=After.KEEP).mail) == 3
    assert len(list((box / "new").iterdir())) == 3
    assert _fetch(office, path=str(box), after=After.KEEP).mail == ()


def test_deleting_later_takes_what_was_taken_in_before(office: Office, box: Path) -> None:
    """MAIL-6: and nothing else, not a message that the limit left for the next run."""
    assert len(_fetch(office, path=str(box), limit=2).mail) == 2
    assert _fetch(office, path=str(box), after=After.DELETE, limit=1).outcomes == {"triaged": 1}
    assert [*(box / "new").iterdir(), *(box / "cur").iterdir()] == []
    assert len(_kept(office)) == 3


def test_messages_that_are_left_do_not_keep_out_others(office: Office, box: Path) -> None:
    """MAIL-6: a limit counts what is taken in, however much older mail cannot be."""
    for place in range(4):
        (box / "new" / f"large{place}").write_bytes(_letter(9 + place, size=5_000))
        os.utime(box / "new" / f"large{place}", (1, 1))
    small = Office(office.config._replace(mail_table={"max_bytes": 4_000}), office.store)
    report = _fetch(small, path=str(box), limit=2)
    assert ([each.subject for each in report.mail], len(report.left)) == (["letter 0", "letter 1"], 4)


def test_a_run_that_ends_before_messages_are_put_away_is_made_up_for(
    office: Office, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MAIL-6: they are not taken in again, and are put away by the next run."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(maildir.MaildirSource, "_put_away", killed)
        with pytest.raises(KeyboardInterrupt):
            _fetch(office, path=str(box))
    assert len(_kept(office)) == 3
    assert not (box / "cur").exists()
    assert _fetch(office, path=str(box)).mail == ()
    assert len(list((box / "cur").iterdir())) == 3


def test_a_run_that_ends_before_it_is_remembered_changes_nothing_twice(office: Office, box: Path) -> None:
    """MAIL-2a: the same bytes are once on the desk, and told as the duplicates that they are."""
    _fetch(office, path=str(box), after=After.KEEP)
    with office.store.write() as writing:
        writing.db.execute("DELETE FROM fetched")
    before = _kept(office)
    assert _fetch(office, path=str(box)).outcomes == {"duplicate": 3}
    assert _kept(office) == before


def test_what_cannot_be_taken_is_left_and_told_each_time(office: Office, box: Path) -> None:
    """MAIL-6: the others go on; once more is allowed, it comes."""
    (box / "new" / "large").write_bytes(_letter(9, size=5_000))
    small = Office(office.config._replace(mail_table={"max_bytes": 4_000}), office.store)
    for came in (3, 0):
        report = _fetch(small, path=str(box))
        assert (len(report.mail), len(report.left)) == (came, 1)
        assert "`max_bytes`" in report.left[0].why
    assert [each.subject for each in _fetch(office, path=str(box)).mail] == ["letter 9"]


def test_a_database_that_is_busy_ends_a_run_and_loses_nothing(
    office: Office, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MAIL-6: what came before stands; the next run makes up for the rest."""
    monkeypatch.setattr(maildir, "BATCH", 1)
    take_in, calls = inbox.take_in, count()

    def busy(*args: Any) -> list[Received]:
        if next(calls) == 1:
            raise DatabaseUnusable("the database is busy")
        return take_in(*args)

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "take_in", busy)
        report = _fetch(office, path=str(box))
    assert (len(report.mail), isinstance(report.ended_by, DatabaseUnusable)) == (1, True)
    assert [each.subject for each in _fetch(office, path=str(box)).mail] == ["letter 1", "letter 2"]


def test_the_maildir_by_which_mail_leaves_is_refused(office: Office, box: Path) -> None:
    """MAIL-6: the desk's own mail would be taken for read, and never reach anybody."""
    with pytest.raises(Invalid, match="is where the desk's own mail leaves by"):
        _fetch(office.delivering_to(box), path=f"{box}/new/..")


def test_without_any_mailbox_the_remedy_is_told(office: Office) -> None:
    """MAIL-6: one message, before anything happens."""
    with pytest.raises(Invalid, match="no mailbox is configured") as refused:
        _fetch(office)
    assert refused.value.hint == "set [mail.imap] in the config file, or name a maildir: --maildir DIR"


@pytest.mark.parametrize("who", [BEN, DANA])
def test_only_admins_and_the_system_fetch(office: Office, box: Path, who: str) -> None:
    """DC-5: as with `care tick`; nothing is touched."""
    with pytest.raises(NotPermitted):
        _fetch(office, who, path=str(box))
    assert len(list((box / "new").iterdir())) == 3
    assert len(_fetch(office, ADA, path=str(box)).mail) == 3


def test_thirty_messages_of_an_imap_server_are_taken_once(imap_office: OFFICE_OF, mailboxes: Dovecot) -> None:
    """MAIL-6: all stay on the server, unseen; the next run takes only what has come since."""
    office = imap_office()
    for place in range(30):
        mailboxes.deliver(_user(office), _letter(place))
    report = _fetch(office)
    assert [each.subject for each in report.mail] == [f"letter {place}" for place in range(30)]
    assert mailboxes.flags(_user(office)) == [()] * 30
    assert _fetch(office).mail == ()
    mailboxes.deliver(_user(office), _letter(30))
    assert [each.subject for each in _fetch(office).mail] == ["letter 30"]


def test_a_mailbox_whose_uids_begin_again_brings_nothing_twice(imap_office: OFFICE_OF, mailboxes: Dovecot) -> None:
    """MAIL-2a: restored from a backup, it holds the same messages under new UIDs (UIDVALIDITY)."""
    office = imap_office(folder="Replies")
    outcomes = []
    for last in (2, 3):
        mailboxes.make_folder(_user(office), "Replies")
        with mailboxes.client(_user(office), "Replies") as box:
            for place in range(last):
                box.append(_letter(place), "Replies")
        outcomes.append(_fetch(office).outcomes)
        with mailboxes.client(_user(office)) as box:
            box.folder.delete("Replies")
    assert outcomes == [{"triaged": 2}, {"duplicate": 2, "triaged": 1}]
    assert len(_kept(office)) == 3


def test_a_connection_lost_in_the_midst_keeps_what_came(imap_office: OFFICE_OF, mailboxes: Dovecot) -> None:
    """MAIL-6: each message is taken in once by the runs together, and what ended the first is told."""
    with wire(mailboxes.plain, cut_after=200_000) as cut:
        office = imap_office(host=HOST, port=cut.port, security="none", after="delete")
        for place in range(120):
            mailboxes.deliver(_user(office), _letter(place, size=2_000))
        first = _fetch(office)
        assert isinstance(first.ended_by, Failed)
        assert len(first.mail) == 50
        cut.mend()
        second = _fetch(office)
    assert (len(second.mail), second.ended_by) == (70, None)
    assert [each.subject for each in _kept(office)] == [f"letter {place}" for place in range(120)]
    assert mailboxes.flags(_user(office)) == []


def test_a_run_that_ends_between_marking_and_purging_is_made_up_for(
    imap_office: OFFICE_OF, mailboxes: Dovecot
) -> None:
    """MAIL-6: what the desk has is purged; what a person marked as deleted before is neither taken nor purged."""
    office = imap_office(after="delete")
    for place in range(2):
        mailboxes.deliver(_user(office), _letter(place))
    with mailboxes.client(_user(office)) as box:
        box.client.uid("STORE", "1", "+FLAGS", r"(\Deleted)")
    assert [each.subject for each in _fetch(imap_office(after="keep", user=_user(office))).mail] == ["letter 1"]
    with mailboxes.client(_user(office)) as box:
        box.client.uid("STORE", "2", "+FLAGS", r"(\Deleted)")
    assert _fetch(office).mail == ()
    assert mailboxes.flags(_user(office)) == [(r"\Deleted",)]


@pytest.mark.parametrize("after", ["keep", "delete", "move:Done"])
def test_the_configuration_says_what_becomes_of_messages(
    imap_office: OFFICE_OF, mailboxes: Dovecot, after: str
) -> None:
    """MAIL-6: and nothing is deleted unless it or the command says so."""
    office = imap_office(after=after)
    mailboxes.deliver(_user(office), _letter(1))
    assert _fetch(office).outcomes == {"triaged": 1}
    assert len(mailboxes.flags(_user(office))) == (after == "keep")
    if after.startswith("move:"):
        assert mailboxes.flags(_user(office), "Done") == [()]
    assert _fetch(office, after=After.DELETE).mail == ()
    assert mailboxes.flags(_user(office)) == []


def test_a_mailbox_that_cannot_be_opened_is_one_message(imap_office: OFFICE_OF, tmp_path: Path) -> None:
    """MAIL-6: nobody to log in as, no password, a wrong one; `care doctor` hears the same."""
    (tmp_path / "wrong").write_text("wrong\n")
    (tmp_path / "wrong").chmod(0o600)
    for settings, message in (
        ({"after": "move:inbox"}, "moves messages to INBOX, where they are"),
        ({"user": None}, "nobody is named to log in as at localhost"),
        ({"password_file": str(tmp_path / "none")}, "cannot be read"),
        ({"password_file": str(tmp_path / "wrong")}, "refused the login"),
    ):
        office = imap_office(**settings)
        table = {name: value for name, value in office.config.mail_table["imap"].items() if value is not None}
        office = Office(office.config._replace(mail_table={"imap": table}), office.store)
        with pytest.raises(Failed, match=message) as refused:
            _fetch(office)
        imap = office.config.mail.imap
        assert imap is not None
        probed = fetching.probe(imap)
        assert probed is not None
        assert (probed.message, probed.rule) == (refused.value.message, "MAIL-6")


def test_a_sound_mailbox_passes_the_probe(imap_office: OFFICE_OF) -> None:
    """MAIL-6: what `care doctor` says nothing of."""
    imap = imap_office().config.mail.imap
    assert imap is not None
    assert fetching.probe(imap) is None


def test_outcomes_are_counted_by_name() -> None:
    """MAIL-6: a message that was stored and not looked at yet has none."""
    blank = Received(1, "", when(AT), "pipe", 1)
    mail = (blank, blank._replace(outcome=Outcome.UPDATED), blank._replace(outcome=Outcome.UPDATED))
    assert Fetched("x", mail).outcomes == {"updated": 2}
