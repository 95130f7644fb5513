"""The mail commands as people and scripts run them: the outbox, one mail, delivery, sending again."""

import json
from pathlib import Path

import pytest
from cli.acceptance import ADA, BEN, DANA, NOW, Ran, Who, care

LATER = "2026-03-21T09:00:00Z"


@pytest.fixture
def barred(trial: str, tmp_path: Path) -> str:
    """A config file by which no mail can leave, as a file stands where its folder would be."""
    (tmp_path / "file").write_text("")
    config = tmp_path / "config.toml"
    config.write_text(f'db = "{trial}"\n[mail]\nmaildir = "{tmp_path / "file" / "mail"}"\n')
    return str(config)


def run(config: str, who: str, at: str, *args: str) -> Ran:
    """Run a command with that config file."""
    return care("--config", config, "--as", who, "--now", at, *args)


def test_the_outbox_is_listed(trial: str) -> None:
    """CLI: the newest first, of a case or all, by state, with a limit and in every format."""
    ben = Who(trial, BEN)
    mails = ben.json("mail", "outbox")["mail"]
    assert [one["id"] for one in mails] == sorted((one["id"] for one in mails), reverse=True)
    assert {one["state"] for one in mails} == {"sent"}
    number = mails[0]["number"]
    own = ben.json("mail", "outbox", number, "--state", "sent", "--limit", "1")["mail"]
    assert own == [mails[0]]
    assert ben.json("mail", "outbox", "--state", "failed", "--state", "bounced") == {"mail": []}
    csv = ben("mail", "outbox", number, "--format", "csv", "--fields", "id,message_id,given_up").out.splitlines()
    assert csv[0] == "id,message_id,given_up"
    assert str(mails[0]["id"]) in csv[1]
    assert "choose from: queued" in ben("mail", "outbox", "--state", "lost").refused(2)
    assert "there is no case 0000000999" in ben("mail", "outbox", "999").refused(3)


def test_a_mail_is_printed_as_it_went_out(trial: str) -> None:
    """CLI: into a file or pipe byte by byte; what has not left as it would leave now."""
    ben = Who(trial, BEN)
    shown = ben.json("mail", "show", "1")
    assert shown["went_out"]
    assert ben("mail", "show", "1").out == shown["message"]
    assert f"Message-ID: {shown['message_id']}" in shown["message"]
    assert "there is no mail 999" in ben("mail", "show", "999").refused(3)
    assert "is no mail" in ben("mail", "show", "x7").refused(2)
    ben.json("ask", "8", "-m", "Which queue?")
    waiting = ben.json("mail", "outbox", "8", "--state", "queued")["mail"][0]
    told = ben("mail", "show", str(waiting["id"]))
    assert "Which queue?" in told.out
    assert "has not left" in told.err


def test_contacts_see_no_outbox(trial: str) -> None:
    """DC-3: the outbox, a mail and what is done to them are for staff."""
    dana = Who(trial, DANA)
    for words in (("outbox",), ("outbox", "3"), ("show", "1"), ("deliver",), ("resend", "1")):
        assert "care: " in dana("mail", *words).refused(4)
    assert "may not run the tick, or take in and deliver mail" in Who(trial, BEN)("mail", "deliver").refused(4)


def test_what_came_in_of_a_case_that_is_none(trial: str) -> None:
    """CLI: a wrong number is told, as it is of the outbox, and not answered by an empty list."""
    assert "there is no case 0000000999" in Who(trial, BEN)("mail", "inbox", "999").refused(3)
    assert Who(trial, BEN).json("mail", "inbox", "8") == {"mail": []}


def test_what_is_given_up_is_not_said_to_be_tried_again(trial: str, tmp_path: Path) -> None:
    """MAIL-6: a recipient who does not exist gets no second try, and the remedy is to mend the address."""
    program = tmp_path / "sendmail"
    program.write_text("#!/bin/sh\necho no such user >&2; exit 67\n")
    program.chmod(0o700)
    config = tmp_path / "config.toml"
    config.write_text(f'db = "{trial}"\n[mail]\ntransport = "sendmail"\nsendmail.program = "{program}"\n')
    assert run(str(config), BEN, NOW, "ask", "8", "-m", "Which queue?").status == 0
    ticked = run(str(config), "system", NOW, "tick")
    assert ticked.status == 1
    assert "no such user" in ticked.err
    assert "care mail resend MAIL" in ticked.err
    assert "tried again" not in ticked.err


def test_what_cannot_leave_is_told_and_sent_again(barred: str, tmp_path: Path) -> None:
    """MAIL-6: a tick says why mail failed and when it is tried next; delivery by hand and resend mend it."""
    assert run(barred, BEN, NOW, "ask", "8", "-m", "Which queue?").status == 0
    ticked = run(barred, "system", NOW, "tick")
    assert ticked.status == 1
    assert "mail: 1 queued, 0 sent, 1 failed, next try" in ticked.out
    assert "1 of 1 mails could not be delivered: cannot deliver to the maildir" in ticked.err
    assert "check `maildir`" in ticked.err
    [failed] = json.loads(run(barred, BEN, NOW, "mail", "outbox", "--state", "failed", "--json").out)["mail"]
    assert (failed["attempts"], failed["next_try_at"], failed["given_up"]) == (1, "2026-03-20T21:05:00Z", False)
    assert "cannot deliver" in failed["error"]
    again = run(barred, "system", NOW, "mail", "deliver")
    assert (again.status, again.out) == (0, "mail: 0 queued, 0 sent, 0 failed\n")
    all_ = run(barred, "system", NOW, "mail", "deliver", "--all")
    assert (all_.status, all_.out.splitlines()[0][:35]) == (1, "mail: 1 queued, 0 sent, 1 failed, n")
    told = run(barred, BEN, NOW, "mail", "resend", str(failed["id"]))
    assert told.out == f"mail {failed['id']} to {failed['to']} leaves again with the next tick\n"
    Path(tmp_path / "file").unlink()
    delivered = json.loads(run(barred, ADA, NOW, "mail", "deliver", "--json").out)
    assert delivered == {"queued": 1, "sent": 1, "failed": 0, "next_try_at": None, "error": None}


def test_a_case_tells_staff_of_mail_that_was_given_up(barred: str, trial: str) -> None:
    """FU-6: `show` and `log` tell staff what did not arrive and why, and contacts nothing."""
    assert run(barred, BEN, NOW, "ask", "8", "-m", "Which queue?").status == 0
    assert run(barred, ADA, NOW, "contact", "deactivate", DANA).status == 0
    assert run(barred, "system", NOW, "tick", "--json").status == 0
    page = run(barred, BEN, NOW, "show", "8").out
    assert "Mail Undelivered" in page
    assert f"to {DANA}: {DANA} acts for nobody here any more" in page
    assert "mail-undelivered" in run(barred, BEN, NOW, "log", "8").out
    doctor = run(barred, ADA, NOW, "doctor")
    assert "mails given up, of cases that are not closed: 1" in doctor.out
    metrics = run(barred, ADA, NOW, "doctor", "--format", "prometheus").out
    assert 'care_mail_lost{state="given-up"} 1' in metrics
    assert Who(trial, BEN, LATER).json("mail", "outbox", "--state", "failed")["mail"][0]["given_up"]
