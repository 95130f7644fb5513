"""Lines as they occur, each with what is customer data in it: recall and precision by kind (ATT-2).

`pytest -s` prints the figures. Those of the lines that the scanner was made with say little; those of the lines
that were written before it, and that nothing was changed for, say what to expect.
"""

import pytest
from files.scanning import lines
from files.scanning.figures import Line, figures, found
from files.scanning.heldout import HELD_OUT

from carecli.domain.sanitising import Sensitive

KINDS = (Sensitive.CARD, Sensitive.IBAN, Sensitive.SECRET, Sensitive.EMAIL, Sensitive.PHONE)


@pytest.mark.parametrize("line", lines.ALL, ids=lambda line: line[0][:40])
def test_each_line_of_the_table(line: Line) -> None:
    """ATT-2: what is customer data is found to the character, and what only looks like it is not."""
    text, expected = line
    assert found(text) == expected


def test_figures_of_the_table() -> None:
    """ATT-2: of at least 120 lines, half of which hold nothing."""
    counted, wrong = figures(lines.ALL)
    print(f"{len(lines.ALL)} lines", *counted.table(), *wrong, sep="\n")
    assert len(lines.ALL) >= 120
    assert sum(not expected for _, expected in lines.ALL) >= 60
    assert not wrong


@pytest.mark.parametrize("kind", KINDS)
def test_figures_of_the_lines_that_were_held_out(kind: Sensitive) -> None:
    """ATT-2: nine in ten are found of lines that nothing was made for, and four of five findings are right."""
    counted, wrong = figures(HELD_OUT)
    if kind is KINDS[0]:
        print(f"{len(HELD_OUT)} lines held out", *counted.table(), *wrong, sep="\n")
    assert counted.recall(kind) >= 0.9
    assert counted.precision(kind) >= 0.8
