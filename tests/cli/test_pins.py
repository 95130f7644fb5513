"""PINs as staff meet them: wrong ones, the lock, and who opens it (DC-4)."""

import json

from cli.acceptance import ADA, BEN, DANA, Who, terminal

CALL = ("update", "8", "-m", "Called.", "--via", "phone", "--contact", DANA, "--pin", "-")


def test_wrong_pins_from_the_first_to_the_unlocking(trial: str) -> None:
    """DC-4: each wrong one is exit 4, the fifth says until when; an agent cannot unlock it, an admin can."""
    ada, ben = Who(trial, ADA), Who(trial, BEN)
    assert ada("contact", "edit", DANA, "--pin", "-", stdin=b"4711\n").status == 0
    for _ in range(4):
        told = ben(*CALL, stdin=b"0815\n").refused(4)
        assert told == f"care: this is not the PIN of {DANA}\n  ask the caller again; nothing was changed\n"
    assert "it is locked until 2026-03-20T21:15:00Z" in ben(*CALL, stdin=b"0815\n").refused(4)
    error = ben("--json", *CALL, stdin=b"4711\n").error
    assert (error["code"], error["rule"]) == ("not-permitted", "DC-4")
    assert error["message"].startswith(f"the PIN of {DANA} is locked until 2026-03-20T21:15:00Z")
    assert "care contact edit" in error["hint"]
    unlock = ("contact", "edit", DANA, "--unlock-pin")
    ben(*unlock).refused(4)
    assert ada(*unlock).status == 0
    assert ben(*CALL, stdin=b"4711\n").status == 0
    kinds = [json.loads(line)["kind"] for line in ada("log", "--all", "--format", "jsonl").out.splitlines()]
    assert [kind for kind in kinds if kind.startswith("pin-")] == ["pin-set", "pin-locked"]


def test_a_pin_in_the_shells_history_is_a_word_of_warning(trial: str) -> None:
    """DC-4: whoever types a PIN into the line is told of --pin -; scripts are not."""
    ada = Who(trial, ADA)
    typed = terminal(*ada.options, "contact", "edit", DANA, "--pin", "4711")
    assert "shell's history: --pin - asks for it unseen" in typed.out
    assert "4711" not in typed.out
    assert ada("contact", "edit", DANA, "--pin", "4711").err == ""
