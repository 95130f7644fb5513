"""Mail that comes in: stored first, looked at once, and told right on the case (MAIL-2..5, FU-5, FU-6)."""

import base64
import itertools
import sqlite3
from contextlib import AbstractContextManager, closing
from email import message_from_bytes
from email.policy import default as modern
from pathlib import Path
from typing import Any

import pytest
from desk_fixtures import Office, ask
from hypothesis import given
from hypothesis import strategies as st
from letters import (
    ADA,
    AWAITING,
    CARE,
    CLOSED,
    DANA,
    HARBORS,
    LENA,
    OMAR,
    OPEN,
    PASSES,
    PROPOSED,
    SAM,
    Scene,
    copied_scene,
    letter,
    mixed,
    report,
)

from carecli.config import Config
from carecli.desk import reading
from carecli.desk.mail import inbox, outbox, sorting, understanding
from carecli.desk.mail.enclosures import enclosures
from carecli.domain.events import Kind
from carecli.domain.inbox import Received
from carecli.domain.lifecycle import TEXT_MAX
from carecli.domain.outbox import Mail
from carecli.domain.vocabulary import Via
from carecli.errors import DatabaseUnusable, NotFound, NotPermitted
from carecli.mail.incoming import replies
from carecli.store.protocol import Store, Writing

RESPONDED = ("open", "customer-responded", None, False)


def policy(scene: Scene, lines: str) -> None:
    """Put a policy in force whose part on mail has these lines."""
    file = Path(scene.office.config.db).with_suffix(".toml")
    file.write_text(f'name = "other"\n[mail]\ntrusted_servers = ["mx.desk.example"]\n{lines}\n')
    scene.office.setting("Fri 08:00", policy=str(file))


def codes(received: list[Received]) -> list[tuple[str | None, str | None]]:
    """Outcomes with their codes."""
    return [(each.outcome.value if each.outcome else None, each.code) for each in received]


def answers(scene: Scene) -> list[Mail]:
    """The automatic answers in the outbox, oldest first."""
    with scene.office.store.read() as record:
        return [
            mail for mail in reversed(record.outbox(number=None, states=[], limit=None)) if mail.number is None
        ]


def last(scene: Scene, number: int, kind: Kind = Kind.COMMENTED) -> dict[str, Any]:
    """What the last event of a kind tells."""
    return dict([e.event for e in scene.office.history(number) if e.event.kind is kind][-1].data)


def test_the_update_is_the_new_text_with_its_files(scene: Scene) -> None:
    """MAIL-2: new text alone, by its sender; files not yet confirmed, their bytes through one interface."""
    message = letter(
        **mixed(
            (
                "Content-Type: text/plain",
                "Here it is.\n\nOn Thu, Care wrote:\n> Please send the trace.\n\n-- \nDana",
            ),
            (
                'Content-Type: text/plain; name="../../trace.log"\nContent-Disposition: attachment',
                "one\ntwo",
            ),
        ),
        in_reply_to=scene.mid(AWAITING),
    )
    (received,) = scene.receive(message)
    event = [e.event for e in scene.office.history(AWAITING) if e.event.kind is Kind.COMMENTED][-1]
    assert (event.actor, event.via, event.public) == (DANA, Via.EMAIL, True)
    assert event.data["text"] == "Here it is."
    assert event.data["mail"] == f"in-{received.id}" == "in-1"
    (file,) = event.data["files"]
    assert (file["name"], file["sanitised"], file["place"]) == ("trace.log", None, 1)
    with scene.office.store.read() as record:
        assert enclosures(record).content(received, 1).split() == [b"one", b"two"]
        assert record.received_raw(received.id) == message
        with pytest.raises(NotFound):
            enclosures(record).content(received, 2)


def test_a_contact_hears_nothing_of_the_inbox(scene: Scene) -> None:
    """DC-3: contacts see that an update came by mail and its files; ids of mail are for staff."""
    scene.receive(letter(in_reply_to=scene.mid(AWAITING)))
    for who, told in ((DANA, False), (SAM, True)):
        desk = scene.office.by(who, "Fri 10:00")
        (shown, *_) = reading.show(desk, AWAITING).updates
        logged = [e for e in reading.log(desk, AWAITING) if e.event.kind is Kind.COMMENTED][-1]
        assert ("mail" in shown.event.data, "mail" in logged.event.data) == (told, told)
        assert (shown.event.via, shown.event.data["text"]) == (Via.EMAIL, "It is done.")


@pytest.mark.parametrize("text", ["", "> Please send the trace.\n", "\n\n-- \nDana"])
def test_a_message_without_words_is_a_message(scene: Scene, text: str) -> None:
    """FU-5: a verified person who sends nothing of the own has answered all the same."""
    scene.receive(letter(text, in_reply_to=scene.mid(AWAITING)))
    assert scene.stands(AWAITING) == RESPONDED
    assert last(scene, AWAITING)["text"] == understanding.NO_TEXT


def test_a_text_beyond_all_measure_is_cut(scene: Scene) -> None:
    """MAIL-2: no update is longer than one may be; where it is cut, it says so."""
    scene.receive(letter("long " * 400_000, in_reply_to=scene.mid(AWAITING)))
    text = last(scene, AWAITING)["text"]
    assert len(text) <= TEXT_MAX
    assert text.endswith(understanding.CUT)


def test_thirty_megabytes(scene: Scene) -> None:
    """MAIL-2: a large file is a file like any other."""
    block = base64.encodebytes(bytes(range(256)) * 3 * 1024).decode()
    part = "Content-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64"
    message = letter(
        **mixed(("Content-Type: text/plain", "See."), (part, block * 30)), in_reply_to=scene.mid(OPEN)
    )
    assert len(message) > 30_000_000
    assert codes(scene.receive(message)) == [("updated", "message-id")]
    assert last(scene, OPEN)["files"][0]["size"] == 30 * 256 * 3 * 1024


def test_the_same_message_id_once(scene: Scene) -> None:
    """MAIL-2a: the same Message-ID from the same sender is once; from another it waits for a person."""
    first = letter("One.", in_reply_to=scene.mid(OPEN))
    again = first.replace(b"Date:", b"Received: by another way\r\nDate:")
    other = letter("Mine.", sender=OMAR, in_reply_to=scene.mid(OPEN))
    received = scene.receive(first, again, other)
    assert codes(received) == [
        ("updated", "message-id"),
        ("duplicate", "duplicate"),
        ("triaged", "same-message-id"),
    ]
    assert received[1].number == OPEN
    assert codes(scene.receive(other + b"\r\n", first + b"\r\n")) == [("duplicate", "duplicate")] * 2
    assert [e.event.data["text"] for e in scene.office.history(OPEN) if e.event.kind is Kind.COMMENTED] == ["One."]


def test_a_forged_mail_does_not_keep_out_the_true_one(scene: Scene) -> None:
    """MAIL-2a: who forges a sender and guesses the Message-ID does not have the true message taken for known."""
    forged = letter(
        "Forged.",
        in_reply_to=scene.mid(AWAITING),
        authentication_results="mx.desk.example; dmarc=fail header.from=abc.example",
    )
    true = letter("True.", in_reply_to=scene.mid(AWAITING), authentication_results=PASSES)
    assert codes(scene.receive(forged, true)) == [("triaged", "failed-authentication"), ("updated", "message-id")]
    assert last(scene, AWAITING)["text"] == "True."


@pytest.mark.parametrize(
    ("before", "code"),
    [
        ({"list_id": "<all.abc.example>"}, "robot:mailing-list"),
        ({"precedence": "bulk"}, "robot:precedence"),
        ({"subject": "Hello"}, "no-case"),
    ],
)
def test_a_copy_that_changed_nothing_keeps_out_no_answer(scene: Scene, before: dict[str, str], code: str) -> None:
    """MAIL-2a, FU-5: of one message by two ways, as by a mailing list, the one that counts is the answer, once."""
    named = {} if code == "no-case" else {"in_reply_to": scene.mid(AWAITING)}
    true = letter("The trace.", in_reply_to=scene.mid(AWAITING))
    assert codes(scene.receive(letter("The trace.", **named, **before), true)) == [
        (("triaged" if code == "no-case" else "ignored"), code),
        ("updated", "message-id"),
    ]
    assert scene.stands(AWAITING) == RESPONDED
    again = [letter("The trace.", **named, **before, x_way=way) for way in "ab"]
    assert codes(scene.receive(*again, true + b"\n")) == [("duplicate", "duplicate")] * 3


def test_messages_of_one_batch_follow_each_other(scene: Scene) -> None:
    """MAIL-2: several messages on one case in one go are as many updates, in order, and the record adds up."""
    texts = ["One.", "Two.", "Three."]
    scene.receive(
        *(letter(text, id_=f"<{n}@x>", in_reply_to=scene.mid(AWAITING)) for n, text in enumerate(texts)),
        letter("Four.", id_="<4@x>", sender=LENA, in_reply_to=scene.mid(HARBORS)),
    )
    told = [e.event.data["text"] for e in scene.office.history(AWAITING) if e.event.kind is Kind.COMMENTED]
    assert told == texts
    assert scene.stands(HARBORS) == RESPONDED
    assert scene.office.differences() == []


def test_a_reply_is_told_as_any_update(scene: Scene) -> None:
    """MAIL-2, STAT-3: by another contact the case's contact is told, by staff too; the own mail is told nobody."""
    before = len(scene.office.mails(OPEN))
    scene.receive(letter(id_="<1@x>", in_reply_to=scene.mid(OPEN)))
    assert len(scene.office.mails(OPEN)) == before
    scene.receive(letter(id_="<2@x>", sender=OMAR, in_reply_to=scene.mid(OPEN)))
    passes = "mx.desk.example; dmarc=pass header.from=desk.example"
    scene.receive(letter(id_="<3@x>", sender=SAM, in_reply_to=scene.mid(OPEN), authentication_results=passes))
    assert [(mail.kind, mail.to) for mail in scene.office.mails(OPEN)[before:]] == [("answer", DANA)] * 2


class Cut:
    """A store whose transactions fail after so many, as where another program locks the database."""

    def __init__(self, store: Store, left: int) -> None:
        self.store = store
        self.left = left

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def write(
        self, *, patience_s: float | None = None, beside: bool = False, bringing: bool = False
    ) -> AbstractContextManager[Writing]:
        """A transaction, or the error of a busy database."""
        if not self.left:
            raise DatabaseUnusable("the database is busy", hint="try again")
        self.left -= 1
        return self.store.write(patience_s=patience_s, beside=beside, bringing=bringing)


def interrupted(scene: Scene, *raws: bytes) -> list[Received]:
    """Take messages in and be stopped between storing and looking."""
    desk = scene.office.by("system", "Fri 09:00")
    return inbox.take_in(desk._replace(store=Cut(scene.office.store, 1)), [(raw, "test") for raw in raws])


def test_what_is_stored_is_never_lost(scene: Scene) -> None:
    """MAIL-2: stopped between storing and looking, a message waits; the next mail makes up for it, once."""
    message = letter(in_reply_to=scene.mid(AWAITING))
    assert codes(interrupted(scene, message)) == [(None, None)]
    assert scene.stands(AWAITING) != RESPONDED
    assert codes(scene.receive(letter(id_="<2@x>", subject="New"))) == [("triaged", "no-case")]
    assert scene.stands(AWAITING) == RESPONDED
    assert codes(scene.receive(message)) == [("duplicate", "duplicate")]
    assert len([e for e in scene.office.history(AWAITING) if e.event.kind is Kind.COMMENTED]) == 1


def test_delivered_again_it_is_looked_at_then(scene: Scene) -> None:
    """MAIL-2: the mail server's next try finds a message stored and not looked at: it is no duplicate."""
    message = letter(in_reply_to=scene.mid(AWAITING))
    interrupted(scene, message)
    assert codes(scene.receive(message, message)) == [("updated", "message-id"), ("duplicate", "duplicate")]


def test_two_that_look_at_once_look_once(scene: Scene) -> None:
    """MAIL-2a: a process that read a message while another looked at it finds that done, and does nothing."""
    message = letter(in_reply_to=scene.mid(OPEN))
    (received,) = scene.receive(message)
    inbox._look(scene.office.by("system", "Fri 09:01"), {received.id: message})
    assert len([e for e in scene.office.history(OPEN) if e.event.kind is Kind.COMMENTED]) == 1


def test_the_tick_looks_first(scene: Scene) -> None:
    """FU-5: an answer that lies there not looked at stops the stage that is due in the same tick."""
    interrupted(scene, letter(in_reply_to=scene.mid(AWAITING)))
    scene.office.tick("Mon+4 09:00")
    assert scene.stands(AWAITING) == RESPONDED
    assert scene.office.case(HARBORS).closed or scene.office.case(HARBORS).followup is not None


def test_no_message_stops_another(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """MAIL-2: where this program fails at one message, that one waits for a person and the others go on."""
    true_new_text = replies.new_text

    def failing(text: str) -> str:
        if "boom" in text:
            raise RuntimeError("secret " + text)
        return true_new_text(text)

    monkeypatch.setattr(replies, "new_text", failing)
    texts = ("One.", "boom", "Two.")
    received = scene.receive(*(letter(t, id_=f"<{t}@x>", in_reply_to=scene.mid(OPEN)) for t in texts))
    assert codes(received) == [("updated", "message-id"), ("triaged", "unreadable"), ("updated", "message-id")]
    assert "secret" not in (received[1].reason or "")


def test_a_failure_while_deciding_undoes_that_message_alone(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """MAIL-2: what one message had brought before it failed is not written; the others' is."""
    true_change = sorting.Sorting._change

    def failing(self: sorting.Sorting, case: Any, event: Any) -> Any:
        after = true_change(self, case, event)
        if event.data.get("text") == "boom":
            raise RuntimeError
        return after

    monkeypatch.setattr(sorting.Sorting, "_change", failing)
    texts = ("One.", "boom", "Two.")
    scene.receive(*(letter(t, id_=f"<{t}@x>", in_reply_to=scene.mid(OPEN)) for t in texts))
    told = [e.event.data["text"] for e in scene.office.history(OPEN) if e.event.kind is Kind.COMMENTED]
    assert told == ["One.", "Two."]
    assert scene.office.differences() == []


def test_who_may_take_mail_in(scene: Scene) -> None:
    """DC-5: the system and admins; an agent may not, and nothing is stored."""
    with pytest.raises(NotPermitted):
        inbox.take_in(scene.office.by(SAM, "Fri 09:00"), [(letter(), "test")])
    with closing(sqlite3.connect(scene.office.config.db)) as db:
        assert db.execute("SELECT count(*) FROM received").fetchone() == (0,)
    assert inbox.take_in(scene.office.by(ADA, "Fri 09:00"), [(letter(), "test")])[0].id == 1


def test_quarantine_of_what_nobody_vouches_for(scene: Scene) -> None:
    """MAIL-2a: with `none` in the policy only what a trusted server passes updates a case."""
    policy(scene, 'quarantine = ["fail", "none"]')
    plain, passed = (
        letter(id_=f"<{n}@x>", in_reply_to=scene.mid(AWAITING), **head)
        for n, head in enumerate(({}, {"authentication_results": PASSES}))
    )
    assert codes(scene.receive(plain, passed)) == [("triaged", "no-authentication"), ("updated", "message-id")]


def test_without_a_quarantine_a_fail_still_gets_no_answer(scene: Scene) -> None:
    """MAIL-2a, MAIL-5: a desk may let failures through; a forged sender is not written to."""
    policy(scene, "quarantine = []")
    fails = "mx.desk.example; dmarc=fail header.from=abc.example"
    assert codes(scene.receive(letter(authentication_results=fails))) == [("triaged", "no-case")]
    assert answers(scene) == []
    reply = letter(id_="<2@x>", in_reply_to=scene.mid(AWAITING), authentication_results=fails)
    assert codes(scene.receive(reply)) == [("updated", "message-id")]


def test_the_older_link_by_number(scene: Scene) -> None:
    """MAIL-3: by policy a number links an authenticated Designated Contact, to cases of the own account alone."""
    policy(scene, "link_by_case_number = true")
    head = {"authentication_results": PASSES}
    rows = (
        (letter(subject="Case # 0000000001", id_="<1@x>", **head), ("updated", "case-number")),
        (letter(subject="Case # 0000000003", id_="<2@x>"), ("triaged", "number-only")),
        (letter(subject="Case # 0000000005", id_="<3@x>", **head), ("triaged", "number-only")),
        (letter(subject="Case # 0000000004", id_="<4@x>", **head), ("triaged", "closed")),
        (letter(subject="Case # 0000000099", id_="<5@x>", **head), ("triaged", "number-only")),
    )
    assert codes(scene.receive(*(message for message, _ in rows))) == [code for _, code in rows]
    assert scene.stands(AWAITING) == RESPONDED


def test_another_accounts_number_is_answered_as_none(scene: Scene) -> None:
    """DC-3: the answer to a number tells not whether there is such a case."""
    told = []
    for number in ("0000000005", "0000000099"):
        scene.receive(letter(subject=f"Case # {number}", id_=f"<{number}@x>", sender=OMAR))
        told += [
            (mail.kind, mail.subject.replace(number, ""), str(mail.content).replace(number, ""))
            for mail in answers(scene)
        ]
        with scene.office.store.write() as record:
            record.db.execute("DELETE FROM outbox WHERE number IS NULL")
    assert len(told) == 2
    assert told[0] == told[1]


def test_answers_end(scene: Scene) -> None:
    """MAIL-5: each answer once a day, and no more than the policy has per sender and 24 hours."""
    new = [letter(subject="New", id_=f"<n{n}@x>") for n in range(4)]
    closed = letter(in_reply_to=scene.mid(CLOSED), id_="<c@x>")
    number = letter(subject="Case # 0000000099", id_="<f@x>")
    scene.receive(*new)
    assert [mail.kind.value for mail in answers(scene)] == ["how-to-open"]
    policy(scene, "answers_per_day = 2")
    received = scene.receive(closed, number, at="Fri 23:00")
    assert [mail.kind.value for mail in answers(scene)] == ["how-to-open", "how-to-reopen"]
    assert "2 a day are the most" in (received[1].reason or "")
    scene.receive(letter(subject="New", id_="<z@x>"), at="Sat 09:01")
    assert [mail.kind.value for mail in answers(scene)] == ["how-to-open", "how-to-reopen", "how-to-open"]


def test_an_answer_names_the_mail_that_it_answers(scene: Scene) -> None:
    """MAIL-5: it goes to the sender, threads behind the mail, and is about no case in the outbox."""
    scene.receive(letter(subject="Nothing works", sender=f"Dana <{DANA}>", reply_to="eve@evil.example"))
    (answer,) = answers(scene)
    assert (answer.to, answer.named, answer.subject) == (DANA, ("<letter-1@abc.example>",), "Re: Nothing works")


def test_an_answer_counts_nothing_of_the_inbox(scene: Scene) -> None:
    """DC-3: the Message-ID of an answer tells nobody how much mail comes in; it is still known as ours."""
    scene.receive(*(letter(str(n), id_=f"<{n}@x>", sender=f"p{n}@x.example") for n in range(3)))
    places = [int(mail.message_id.split(".")[1]) for mail in answers(scene)]
    assert len(set(places)) == 3
    assert min(places) > 1000
    back = letter(id_=answers(scene)[0].message_id, sender="p9@x.example")
    assert codes(scene.receive(back)) == [("ignored", "own-mail")]


def test_no_header_is_smuggled_into_an_answer(scene: Scene) -> None:
    """MAIL-5: a line break within an encoded subject makes no header of the desk's answer."""
    scene.receive(letter(subject="=?utf-8?Q?a=0D=0ABcc:_eve@evil.example?=", id_="<1@x>\r\n\t<2@x>"))
    scene.office.tick("Fri 09:01")
    answer = next(m for m in scene.office.delivered() if m["Auto-Submitted"] == "auto-replied")
    assert (answer["To"], answer["Bcc"], answer["Subject"]) == (DANA, None, "Re: a Bcc: eve@evil.example")


def test_two_desks_that_answer_each_other_fall_silent(template: Config, built_scene: Path, tmp_path: Path) -> None:
    """MAIL-5: even where every mark of a robot is lost on the way, two real desks end after a few answers."""
    desks = [named(copied_scene(template, built_scene, folder(tmp_path, name)), name) for name in ("one", "two")]
    message, sent = letter(sender="care@two.example", subject="Hello"), 0
    for here in itertools.cycle(desks):
        here.receive(message)
        here.office.tick("Fri 09:00")
        answered = [m for m in here.office.delivered() if m["Auto-Submitted"] == "auto-replied"]
        if len(answered) <= sent // 2:
            break
        sent += 1
        assert sent < 7, "they go on for ever"
        answer = answered[-1]
        for name in ("Auto-Submitted", "X-Auto-Response-Suppress", "Precedence"):
            del answer[name]
        message = answer.as_bytes()
    assert sent == 2
    for desk in desks:
        desk.office.store.close()


def folder(parent: Path, name: str) -> Path:
    """A folder of its own."""
    (parent / name).mkdir()
    return parent / name


def named(scene: Scene, name: str) -> Scene:
    """The desk that sends from `care@NAME.example`, with a key of its own and nothing left to send."""
    office = scene.office
    with closing(sqlite3.connect(office.config.db)) as db, db:
        db.execute("UPDATE secrets SET value = ?", (name.encode().ljust(32),))
    config = office.config._replace(mail_from=f"care@{name}.example")
    office = Office(config, office.store)
    office.tick("Fri 08:59")
    return scene._replace(office=office)


def test_a_bounce_holds_the_ladder_until_staff_act(scene: Scene) -> None:
    """MAIL-5, FU-6: shown on the case and by the tick, for staff alone; sent again, the ladder goes on."""
    bounced = scene.office.mails(AWAITING)[-1]
    dsn = letter(
        **report(bounced.message_id), sender="MAILER-DAEMON@mx.abc.example", return_path="<>", id_="<d@x>"
    )
    scene.receive(dsn)
    assert scene.stands(AWAITING)[3]
    data = last(scene, AWAITING, Kind.MAIL_BOUNCED)
    assert (data["mail"], data["to"], data["delivery_status"], data["bounce"]) == (
        bounced.id,
        DANA,
        "5.1.1",
        "in-1",
    )
    assert scene.office.mails(AWAITING)[-1].state == "bounced"
    assert AWAITING in scene.office.tick("Mon+1 09:00").held
    for who, shown in ((SAM, True), (DANA, False)):
        kinds = [e.event.kind for e in reading.show(scene.office.by(who, "Mon+1 09:00"), AWAITING).updates]
        assert (Kind.MAIL_BOUNCED in kinds) is shown
    later = letter(
        **report(bounced.message_id), sender="MAILER-DAEMON@mx.abc.example", return_path="<>", id_="<e@x>"
    )
    assert codes(scene.receive(later)) == [("bounce", "known-bounce")]
    outbox.resend(scene.office.by(SAM, "Mon+1 10:00"), [bounced.id])
    scene.office.tick("Mon+1 10:00")
    assert not scene.stands(AWAITING)[3]
    assert scene.office.differences() == []


def bounce(message_id: str, id_: str) -> bytes:
    """What a mail server answers to a mail that it could not deliver."""
    return letter(**report(message_id), sender="MAILER-DAEMON@x.example", return_path="<>", id_=id_)


def test_a_bounce_that_came_before_its_case_says_so(scene: Scene) -> None:
    """MAIL-5: of a case opened by a clock gone wrong a bounce waits for a person, in words, with its case."""
    number = scene.office.open("Mon+3 09:00")
    sent = scene.office.mails(number)[-1]
    (received,) = scene.receive(bounce(sent.message_id, "<early@x>"), at="Mon+1 09:00")
    assert (received.outcome, received.code, received.number) == ("triaged", "refused", number)
    assert (received.reason or "").endswith(
        "a case opened at 2026-03-23T09:00:00Z, after this: a clock stood wrong"
    )
    assert scene.office.mails(number)[-1].state != "bounced"
    assert scene.office.differences() == []


@pytest.mark.parametrize("replay", [False, True])
def test_a_ladder_waits_for_each_mail_that_came_back(scene: Scene, replay: bool) -> None:
    """FU-6: reminder 1 comes back after reminder 2, and that too: the case goes on when both have arrived."""
    office = scene.office
    office.tick("Mon+1 10:00")
    first, second = office.mails(AWAITING)[-2:]
    assert (first.stage, second.stage) == (1, 2)
    scene.receive(bounce(first.message_id, "<1@x>"), bounce(second.message_id, "<2@x>"), at="Mon+1 11:00")
    outbox.resend(office.by(SAM, "Tue+1 09:00"), [first.id])
    office.tick("Tue+1 09:00", replay=replay)
    assert (scene.stands(AWAITING)[2:], office.mails(AWAITING)[-2].state) == ((None, True), "sent")
    outbox.resend(office.by(SAM, "Wed+1 09:00"), [second.id])
    office.tick("Wed+1 09:00", replay=replay)
    # Five business days behind the reminder that arrived at last.
    assert scene.stands(AWAITING)[2:] == ("2026-03-18T09:00:00Z", False)
    assert office.differences() == []


@pytest.mark.parametrize("replay", [False, True])
def test_an_earlier_mail_sent_again_lets_the_ladder_go_on(scene: Scene, replay: bool) -> None:
    """FU-6: reminder 1 alone came back, after reminder 2 arrived; sent again, nothing holds the ladder."""
    office = scene.office
    office.tick("Mon+1 10:00")
    first = office.mails(AWAITING)[-2]
    scene.receive(bounce(first.message_id, "<1@x>"), at="Mon+1 11:00")
    assert scene.stands(AWAITING)[3]
    outbox.resend(office.by(SAM, "Mon+1 12:00"), [first.id])
    office.tick("Mon+1 12:00", replay=replay)
    assert not scene.stands(AWAITING)[3]
    assert office.differences() == []


def test_a_request_that_came_back_holds_the_ladder(scene: Scene) -> None:
    """FU-6: a request that did not arrive is followed up by nothing until staff act; one long followed up is."""
    office = scene.office
    ask(office.by(SAM, "Fri 09:00"), OPEN)
    office.tick("Fri 09:01")
    old, new = scene.mid(AWAITING, 2), scene.last_mid(OPEN)
    scene.receive(bounce(old, "<1@x>"), bounce(new, "<2@x>"), at="Fri 09:02")
    assert (scene.stands(AWAITING)[3], scene.stands(OPEN)[3]) == (False, True)
    outbox.resend(office.by(SAM, "Mon+1 10:00"), [office.mails(OPEN)[-1].id])
    office.tick("Mon+1 10:00")
    assert scene.stands(OPEN)[2:] == ("2026-03-11T10:00:00Z", False)
    assert office.differences() == []


def test_a_bounce_of_an_earlier_round_holds_nothing(scene: Scene) -> None:
    """FU-6: asked again, a new round runs; the mail of the one before holds it not."""
    reminder = scene.office.mails(AWAITING)[-1].message_id
    ask(scene.office.by(SAM, "Fri 08:00"), AWAITING)
    before = scene.stands(AWAITING)
    scene.receive(letter(**report(reminder), sender="MAILER-DAEMON@x.example", return_path="<>", id_="<d@x>"))
    assert (scene.stands(AWAITING), before[3]) == (before, False)
    assert last(scene, AWAITING, Kind.MAIL_BOUNCED)["to"] == DANA


def test_a_bounce_after_the_answer_holds_nothing(scene: Scene) -> None:
    """FU-6: the round is over; the case tells of the bounce and stands as it stood."""
    reminder = scene.office.mails(AWAITING)[-1].message_id
    scene.receive(letter(in_reply_to=scene.mid(AWAITING)))
    scene.receive(letter(**report(reminder), sender="MAILER-DAEMON@x.example", return_path="<>", id_="<d@x>"))
    assert scene.stands(AWAITING) == RESPONDED
    assert last(scene, AWAITING, Kind.MAIL_BOUNCED)["to"] == DANA


WORDS = st.sampled_from(
    [
        "ref:",
        "0000000001",
        "-",
        "Case # 0000000001",
        "<0000000001.1.",
        "@desk.example>",
        "a2b3c4d5e6f7a2b3",
        "\r\n",
        "\n\n",
        " ",
    ]
)
HEADERS = st.sampled_from(
    [
        f"From: {DANA}",
        f"From: {SAM}",
        f"From: {CARE}",
        "In-Reply-To: ",
        "References: ",
        "Subject: ",
        "Message-ID: <a@b>",
    ]
)
MAIL = st.lists(st.one_of(WORDS, HEADERS, st.text(max_size=20)), max_size=25).map(
    lambda parts: "\r\n".join(parts).encode("utf-8", "surrogatepass")
)


@given(raws=st.lists(st.one_of(MAIL, st.binary(max_size=200)), min_size=1, max_size=6))
def test_nothing_without_a_true_reference_changes_a_case(
    template: Config, built_scene: Path, tmp_path_factory: pytest.TempPathFactory, raws: list[bytes]
) -> None:
    """MAIL-2a: whatever the bytes, without a reference that the desk made no case changes, and all are kept."""
    scene = copied_scene(template, built_scene, tmp_path_factory.mktemp("case"))
    try:
        stood, lengths = scene.all_stand(), scene.lengths()
        received = scene.receive(*raws)
        assert len(received) == len(raws)
        assert all(each.outcome for each in received)
        assert (scene.all_stand(), scene.lengths()) == (stood, lengths)
        with scene.office.store.read() as record:
            assert [record.received_raw(each.id) for each in received] == raws
    finally:
        scene.office.store.close()


def test_redelivery_in_any_order_changes_nothing(scene: Scene) -> None:
    """MAIL-2a: what came once may come again in any order."""
    raws = [
        letter("One.", id_="<1@x>", in_reply_to=scene.mid(AWAITING)),
        letter("Two.", id_=None, in_reply_to=scene.mid(PROPOSED)),
        letter(**report(scene.last_mid(HARBORS)), sender="MAILER-DAEMON@x.example", return_path="<>", id_="<3@x>"),
        letter("Four.", id_="<4@x>", sender=LENA),
    ]
    scene.receive(*raws)
    log, stood = scene.office.log(), scene.all_stand()
    for order in itertools.permutations(raws):
        assert {code for _, code in codes(scene.receive(*order, at="Fri 10:00"))} == {"duplicate"}
    assert (scene.office.log(), scene.all_stand()) == (log, stood)


def test_what_the_desk_sends_finds_its_way_back(scene: Scene) -> None:
    """MAIL-1, MAIL-2: a mail as it left, answered as mail programs do, lands on its case."""
    sent = scene.office.mails(AWAITING)[-1]
    with scene.office.store.read() as record:
        raw = record.mail_raw(sent.id)
    message = message_from_bytes(raw or b"", policy=modern)
    answer = letter(in_reply_to=str(message["Message-ID"]), subject=f"Re: {message['Subject']}")
    assert codes(scene.receive(answer)) == [("updated", "message-id")]
    bare = letter(id_="<2@x>", subject=f"AW: {message['Subject']}")
    assert codes(scene.receive(bare)) == [("updated", "reference")]
