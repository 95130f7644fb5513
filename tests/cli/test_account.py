"""`care account`: what it says of the account that was added or changed."""

import shlex

import pytest
from cli.acceptance import ADA, Who


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ((), "plan care, the desk's hours, the desk's zone, the desk's holidays"),
        (
            (
                "--plan",
                "business-care",
                "--timezone",
                "Asia/Tokyo",
                "--hours",
                "Mon-Fri 10:00-18:00",
                "--holidays",
                "JP",
            ),
            "plan business-care, Mon-Fri 10:00-18:00, Asia/Tokyo, holidays JP",
        ),
        (
            ("--holidays", "", "--close-on", "2026-12-24", "--close-on", "2026-12-31"),
            "plan care, the desk's hours, the desk's zone, no holidays, closed on 2026-12-24, 2026-12-31",
        ),
    ],
)
def test_an_account_is_told_as_it_was_kept(trial: str, args: tuple[str, ...], told: str) -> None:
    """ACC-3: the answer names plan, hours, zone and holidays, and what of them is the desk's."""
    ada = Who(trial, ADA)
    assert ada("account", "add", "Xylo", *args).out.splitlines()[0] == f"account Xylo added: {told}"
    changed = ada("account", "edit", "Xylo").out
    assert changed == f"account Xylo changed: {told}; cases open now keep their calendar\n"


@pytest.mark.parametrize("name", ["O'Hara & Sons", "Nordlicht Bank", "$(id)", "--plan"])
def test_the_next_step_can_be_pasted(trial: str, name: str) -> None:
    """ACC-1: the hint names the account so that a shell gives it back as it is."""
    ran = Who(trial, ADA)("account", "add", *(["--", name] if name.startswith("-") else [name]))
    words = shlex.split(ran.out.splitlines()[1].removeprefix("next: "))
    assert words[:4] == ["care", "contact", "add", "EMAIL"]
    assert f"--account={name}" in words or words[words.index("--account") + 1] == name
