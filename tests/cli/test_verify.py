"""`care verify`: the log's seal, seals held against it, and what is derived made anew (AUD-1)."""

import re

import pytest
from cli.acceptance import ADA, BEN, DANA, MIA, NOW, Who, plain, terminal
from engine import ON_SERVER
from other_hands import by_hand

from carecli.domain.seal import parse_seal

OTHERS = "care1-65-my9qps-6n3wp49a-rh49nwhh-1g32dkdt-dwr9f8nd-kx63"
"""A seal of no desk here."""
LATER = "2026-03-23T15:00:00Z"


def seal(ada: Who) -> str:
    """The log's seal, as a script keeps it."""
    ran = ada("verify", "--seal", "--quiet")
    assert (ran.status, ran.err, ran.out.count("\n")) == (0, "", 1)
    return ran.out.strip()


def test_a_seal_and_what_becomes_of_it(ada: Who) -> None:
    """AUD-1: printed for people, scripts and programs alike; held as long as history stands."""
    first = seal(ada)
    assert ada("verify", "--seal").out.splitlines()[-1] == first
    assert ada.json("verify", "--seal")["seal"] == first
    assert ada.json("verify")["seal"] is None
    assert parse_seal(first).position == ada.json("verify")["events"]
    ada._replace(email=DANA, now=LATER).json("update", "3", "-m", "It goes on.")
    ran = ada("verify", "--against", first.upper(), "--against", seal(ada))
    assert ran.status == 0
    assert re.findall(r"^holds\t.*; the log is unchanged up to event (\d+) of 66$", ran.out, re.MULTILINE) == [
        "65",
        "66",
    ]
    assert ada("verify", "--against", first, "--quiet") == (0, "", "")


@pytest.mark.parametrize(
    ("statements", "word", "told"),
    [
        (
            ("DELETE FROM events WHERE position > 60", "UPDATE desk SET document = '{}' WHERE name = 'x'"),
            "cut",
            "the log ends with event 60: the rest was cut off, or an older copy was restored",
        ),
        (
            ("UPDATE events SET digest = 'a' || substr(digest, 2) WHERE position = 65",),
            "changed",
            "event 65 or one before it is not what was sealed, and the chain was made to fit",
        ),
        (
            ("UPDATE events SET actor = 'eve@x.example' WHERE position = 20",),
            "broken",
            "event 20 is not what was recorded, and the seal is of event 65",
        ),
        (
            ("UPDATE events SET digest = '0' || substr(digest, 2) WHERE position = 1",),
            "other-desk",
            "it is another desk's, or this log was written anew from its first event on",
        ),
    ],
)
def test_each_way_in_which_a_seal_fails_has_its_words(
    ada: Who, statements: tuple[str, ...], word: str, told: str
) -> None:
    """AUD-1: a cut log, a forged one, a broken one and another desk's are told apart, each with exit status 1."""
    kept = seal(ada)
    by_hand(ada.database, *statements)
    ran = ada("verify", "--against", kept)
    assert (ran.status, ran.err) == (1, "")
    assert f"{word}\t{kept}; {told}" in ran.out
    ran = ada("verify", "--against", kept, "--json")
    assert (ran.status, f'"proof": "{word}"' in ran.out) == (1, True)
    assert ada("verify", "--against", kept, "--quiet").status == 1


def test_a_broken_log_has_no_seal(ada: Who) -> None:
    """AUD-1: nobody keeps a seal that a broken log was given."""
    by_hand(ada.database, "UPDATE events SET actor = 'eve@x.example' WHERE position = 20")
    ran = ada("verify", "--seal")
    assert (ran.status, ran.out.splitlines()[-1]) == (1, "none: the log is broken")
    assert "care1-" not in ada("verify", "--seal", "--quiet").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--against", OTHERS[:-1] + "4"), "typing error"),
        (("--against", OTHERS[:30]), "incomplete"),
        (("--against", "hello"), "is no seal"),
        (("--against", ""), "is no seal"),
        (("--against", OTHERS.replace("care1", "care2")), "form care2"),
        (("3", "--seal"), "a seal is of the whole log"),
        (("3", "--against", OTHERS), "a seal is of the whole log"),
        (("3", "--repair"), "a seal is of the whole log, and so is a repair"),
        (("--repair", "--seal"), "exclude each other"),
        (("--dry-run",), "--dry-run is for --repair alone"),
    ],
)
def test_what_means_nothing_is_refused(ada: Who, words: tuple[str, ...], told: str) -> None:
    """CLI: a slip is told before anything is looked at."""
    assert told in ada("verify", *words).refused(2)


def test_rows_are_made_anew(ada: Who) -> None:
    """AUD-1: what differs is told, then made anew, said in the log, and told no more."""
    by_hand(ada.database, "UPDATE cases SET owner = 'x' WHERE number = 1", "DELETE FROM timers WHERE number = 2")
    differing = ada("verify").out.splitlines()[1:-3]
    trial = ada("verify", "--repair", "--dry-run")
    assert (trial.status, trial.out.splitlines()[1:-3]) == (0, differing)
    assert trial.out.endswith(
        f"9 cases, 65 events: {len(differing)} difference{'s' * (len(differing) > 1)} would be made anew\n"
    )
    assert ada("verify").status == 1
    real = ada.json("verify", "--repair")
    assert (len(real["mended"]), real["left"], real["dry_run"]) == (len(differing), [], False)
    assert ada("verify").out == "9 cases, 66 events: all is as the events say\n"
    assert ada("verify", "--repair").out == "9 cases, 66 events: nothing to make anew\n"
    last = ada("log", "--all").out.splitlines()[-1]
    assert "record-repaired" in last
    assert ada("verify", "--repair", "--quiet") == (0, "", "")


def test_a_broken_log_is_not_repaired(ada: Who) -> None:
    """AUD-1: refused by a rule, with where it is broken and the way out; as JSON one document."""
    by_hand(ada.database, "UPDATE events SET actor = 'eve@x.example' WHERE position IN (20, 30)")
    ran = ada("verify", "--repair")
    assert (ran.status, ran.out) == (5, "")
    assert ran.err.splitlines()[0].startswith("care: the log itself is broken")
    assert [line.split()[:2] for line in ran.err.splitlines()[1:3]] == [["event", "20"], ["event", "30"]]
    backup = "of the server's" if ON_SERVER else "made with `care backup`"
    assert ran.err.splitlines()[-1] == f"  restore a backup {backup}"
    error = ada("verify", "--repair", "--json").error
    assert (error["code"], error["rule"]) == ("refused", "AUD-1")


def test_a_log_that_may_have_been_cut_needs_a_word(ada: Who) -> None:
    """AUD-1: without a terminal --yes is that word."""
    by_hand(ada.database, "DELETE FROM events WHERE position > 64")
    assert "may have been cut at its end" in ada("verify", "--repair").refused(5)
    assert ada.json("verify", "--repair", "--yes")["mended"] != []
    assert ada("verify").status == 0


def test_at_a_terminal_a_person_is_asked(ada: Who) -> None:
    """AUD-1: whether the record is to be made as a log says that may have been cut."""
    by_hand(ada.database, "DELETE FROM events WHERE position > 64")
    question = ("all the same?", "n\r")
    ran = terminal(*ada.options, "verify", "--repair", answers=[question])
    assert (ran.status, "may have been cut" in plain(ran.out)) == (5, True)
    assert "made anew" in plain(
        terminal(*ada.options, "verify", "--repair", answers=[("all the same?", "y\r")]).out
    )


@pytest.mark.parametrize("who", [BEN, MIA, DANA])
def test_only_admins_and_cron_verify_and_admins_alone_repair(ada: Who, who: str) -> None:
    """DC-5: neither agents nor managers nor contacts; the system verifies and repairs nothing."""
    for words in ((), ("--seal",), ("--against", OTHERS), ("--repair",), ("--repair", "--dry-run")):
        assert ada._replace(email=who)("verify", *words).refused(4)
    system = ada._replace(email="system")
    assert system("verify", "--seal").status == 0
    assert system("verify", "--repair").refused(4)


def test_on_a_screen(ada: Who) -> None:
    """CLI: the page of a broken log and two seals at 80 columns; nothing is wider than a screen of 120."""
    kept = seal(ada)
    position = 20
    by_hand(
        ada.database,
        f"UPDATE events SET actor = 'eve@x.example' WHERE position = {position}",
    )
    words = ("verify", "--seal", "--against", OTHERS, "--against", kept)
    for columns in (80, 120):
        ran = terminal(*ada.options, *words, columns=columns, variables={"PAGER": "cat"})
        lines = [line.rstrip() for line in plain(ran.out).splitlines()]
        assert ran.status == 1
        assert max(map(len, lines)) <= columns
        assert [line for line in lines if line.startswith(("OTHER", "BROKEN"))]
        assert lines[-1] == "  none: the log is broken"


def test_a_moment_ahead_changes_nothing(ada: Who) -> None:
    """AUD-1: a seal is of what is recorded, whenever it is asked for."""
    assert seal(ada.at(LATER)) == seal(ada.at(NOW)) == seal(Who(ada.database, ADA, "2036-01-01T00:00:00Z"))
