"""What others do leaves no trace in what a contact reads: no id skips, no order and no rank changes (DC-3).

`test_who_sees_what` adds one case and asks; here a stranger's account and staff are busy between all that the
Clinic does: cases, chats, files of the same bytes, mail, articles and advisories that are not for it. Whatever the
Clinic's people then ask is answered byte for byte as on a desk where nobody else ever did anything. Only the
numbers of cases, articles and advisories are the desk's, in order (OPEN-1), and so come before others' here.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from cli.acceptance import Ran
from cli.clinic_desk import (
    ADA,
    COLLEAGUE,
    MIA,
    OWN,
    PARENT,
    READER,
    SAM,
    STRANGER,
    SYSTEM,
    TOLD,
    Desk,
    in_memory,
    opening,
)
from cli.test_who_sees_what import EVERY_CALL, NUMBER

WORD: Final = "Zymurgically"
BUSY: Final[tuple[tuple[tuple[str, ...], ...], ...]] = (
    (
        (STRANGER, *opening("Elsewhere", f"{WORD} Calls drop again and again")),
        (STRANGER, "update", NUMBER, "-m", f"{WORD} calls drop, on transfer", "--attach", "trace.log"),
        (STRANGER, "chat", "join", NUMBER, "-m", f"{WORD} at once"),
        (SAM, "assign", NUMBER),
        (SAM, "attachment", "add", NUMBER, "trace.log", "--internal"),
    ),
    (
        (STRANGER, "escalate", NUMBER, "-m", f"{WORD} now"),
        (SAM, "component", "set", NUMBER, WORD),
        (SAM, "kb", "add", "--title", f"{WORD} trunk", "-m", f"{WORD} trunk calls.", "--audience", "internal"),
        (SAM, "kb", "link", "KB-0001", NUMBER, "--defect", WORD),
        (SAM, "link", "1", NUMBER),
        (SAM, "advisory", "add", "-s", WORD, "-m", WORD, "--account", "Elsewhere", "--publish"),
        (STRANGER, "advisory", "subscribe", "daily"),
    ),
    (
        (MIA, "exempt", "2", "--from", "2026-03-02T15:00", "--to", "2026-03-02T16:00", "--reason", WORD),
        (SAM, "incident", "declare", NUMBER, "--title", WORD),
        (SAM, "incident", "action", "add", NUMBER, "-m", WORD, "--due", "2026-04-02"),
        (STRANGER, "close", NUMBER),
        (ADA, "contact", "add", "new@elsewhere.example", "--account", "Elsewhere"),
        (ADA, "account", "add", WORD, "--plan", "care", "--deployment", WORD, "--service", WORD),
    ),
)
"""What others do, before and between the Clinic's own acts; the case is the third of the desk."""
OURS: Final[tuple[tuple[tuple[str, ...], ...], ...]] = (
    (
        (OWN, "update", "1", "-m", "It drops still.", "--attach", "trace.log"),
        (OWN, "chat", "join", "1", "-m", "Is anybody there?"),
        (SAM, "assign", "1"),
        (SAM, "advisory", "add", "-s", "Calls may drop", "-m", "Use the other trunk.", "--publish"),
        (SAM, "kb", "add", "--title", "Transfers", "-m", "Calls drop on transfer.", "--publish"),
    ),
    (
        (OWN, "escalate", "1", "-m", "Three days without an answer."),
        (MIA, "escalate", "1", "--answer", "-m", "Sam is on it."),
        (MIA, "exempt", "1", "--from", "2026-03-02T15:00", "--to", "2026-03-02T16:00", "--reason", "A storm."),
        (COLLEAGUE, "chat", "join", "1", "-m", "And now?"),
    ),
    (
        (SAM, "incident", "declare", "1", "--title", "Calls drop"),
        (OWN, "attachment", "add", "1", "trace.log", "--name", "again.log"),
        (OWN, "kb", "vote", "KB-0001", "--helpful"),
        (SAM, "ask", "1", "-m", "Does it still drop?"),
    ),
)


SHOWN: Final = frozenset({("list",), ("show",), ("search",), ("explain",), ("report",), ("chat",), ("kb",), ()})
"""Commands that are asked in words, too."""


def _calls() -> Iterator[tuple[str, ...]]:
    """Every question of `test_who_sees_what`, about the Clinic's own case, as JSON, and what is shown as text."""
    for call in EVERY_CALL:
        asked = tuple("1" if word == NUMBER else word for word in call)
        if asked[:1] not in {("open",), ("tick",), ("link",)}:
            yield ("--json", *asked)
            if asked[:1] in SHOWN:
                yield asked


def _walked(desk: Desk, *, busy: bool) -> Desk:
    for others, ours in zip(BUSY, OURS, strict=True):
        for who, *args in (*(others if busy else ()), *ours):
            desk.does(who, *args, now=TOLD)
    desk.does(SYSTEM, "tick", now=TOLD)
    return desk


@pytest.fixture(scope="module")
def desks(clinic: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Desk]]:
    """The desk on which others are busy, and the one on which they are not."""
    with in_memory(tmp_path_factory.mktemp("doors")) as place:
        busy, quiet = (clinic.copied_to(place / name / "desk") for name in ("busy", "quiet"))
        yield _walked(busy, busy=True), _walked(quiet, busy=False)


@pytest.mark.parametrize("who", [OWN, READER, PARENT])
def test_what_others_do_leaves_no_trace(desks: tuple[Desk, Desk], who: str, tmp_path: Path) -> None:
    """DC-3: ids, numberings, orders, ranks and counts are those of the own account alone."""
    with in_memory(tmp_path) as place:
        answers: list[dict[tuple[str, ...], Ran]] = []
        for name, desk in zip(("busy", "quiet"), desks, strict=True):
            copy = desk.copied_to(place / name / "desk")
            answers.append({call: copy(who, *call, now="2026-03-04T15:00:00Z") for call in _calls()})
        told = {call: (here, answers[1][call]) for call, here in answers[0].items() if here != answers[1][call]}
        assert told == {}
        assert not any(WORD in ran.out for ran in answers[0].values())
