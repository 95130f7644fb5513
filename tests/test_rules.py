"""Which rules of SPEC.md a test names: a milestone's rule without one fails, the others are told."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
# Every rule of SPEC.md, in its order; those that are built are marked with a star.
SPEC_IDS = """
ACC-1* ACC-2* ACC-3* ACC-5* ACC-4* DC-1* DC-2* DC-3* DC-4* DC-5* DC-6* WHERE-1*
OPEN-1* OPEN-2* OPEN-3* OPEN-4* OPEN-5* OPEN-6* OPEN-7* OPEN-8* OPEN-9* OPEN-10* OPEN-11* OPEN-12* ROUTE-1*
STAT-1* STAT-2* STAT-3* STAT-4* SEV-1*
UPD-1* ATT-1* ATT-2* MAIL-1* MAIL-2* MAIL-2a* MAIL-3* MAIL-4* MAIL-5* MAIL-6* RET-1 CHAT-1*
CLOSE-1* REO-1* REO-2* FIND-1* FIND-2* FIND-3* EXP-1
CAL-1* CAL-2* CAL-4* CAL-3* FU-1* FU-2* FU-3* FU-4* FU-5* FU-6*
SLA-1* SLA-2* SLA-3* SLA-4* SLA-5* SLA-6* SLA-7* SLA-8* SLA-9 SLA-10*
TICK-1* TICK-2* TICK-4* TICK-3*
INC-1* INC-2* INC-3* SR-1* FR-1* ADM-1* ESC-1* MNT-1* ADV-1* KB-1*
AUD-1* AUD-2* RPT-1 IMP-1* IMP-2
"""
IDS = re.findall(r"[\w-]+", SPEC_IDS)
MILESTONE = re.findall(r"([\w-]+)\*", SPEC_IDS)
ID = re.compile(r"\b[A-Z]+-\d+a?\b")


def docstrings() -> Iterator[tuple[str, str]]:
    """The place and the docstring of every test function under tests/."""
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield f"{path.relative_to(TESTS)}::{node.name}", ast.get_docstring(node) or ""


def named(text: str) -> set[str]:
    """The rule ids that a text names."""
    return set(ID.findall(text))


def test_every_rule_of_the_milestone_has_a_test(capsys: pytest.CaptureFixture[str]) -> None:
    """Every rule that is built is named by a test's docstring; later rules without one are printed."""
    proven = {rule for _, text in docstrings() for rule in named(text)}
    bare = [rule for rule in IDS if rule not in proven]
    with capsys.disabled():
        print(f"\nrules without a test: {' '.join(bare) or 'none'}")
    assert not [rule for rule in bare if rule in MILESTONE]


def test_every_test_says_what_it_proves() -> None:
    """Each test of the domain has a docstring, and each rule that any docstring names exists."""
    for place, text in docstrings():
        assert text or not place.startswith("domain/"), f"{place} has no docstring"
        unknown = {rule for rule in named(text) if rule.split("-")[0] in FAMILIES} - set(IDS)
        assert not unknown, f"{place} names {unknown}, which SPEC.md does not"


FAMILIES = {rule.split("-")[0] for rule in IDS}
