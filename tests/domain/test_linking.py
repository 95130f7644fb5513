"""Ties between cases as their events tell them (OPEN-11, DC-3)."""

import pytest
from notation import STAFF, history, when

from carecli.domain import lifecycle, linking
from carecli.domain.case_state import case as read
from carecli.domain.case_state import state, texts
from carecli.domain.linking import Link, LinkKind

AT = when("Mon 10:00")


@pytest.mark.parametrize("kind", LinkKind)
def test_every_kind_has_its_inverse(kind: LinkKind) -> None:
    """OPEN-11: what one case is to another, the other says the other way round."""
    assert kind.inverse.inverse is kind
    assert (kind.inverse is kind) == (kind is LinkKind.RELATES)


def test_a_tie_and_its_end() -> None:
    """OPEN-11: a tie is added once, and undone by its kind and number; others stay."""
    desk = history("Mon 09:00 opened high")
    for kind, number in ((LinkKind.CAUSED_BY, 7), (LinkKind.RELATES, 7), (LinkKind.CAUSED_BY, 8)):
        desk.append(lifecycle.link(kind, number, STAFF, AT))
    assert linking.between(desk.case.links, 7) == (Link("caused-by", 7), Link("relates", 7))
    desk.append(lifecycle.unlink(LinkKind.CAUSED_BY, 7, STAFF, AT))
    assert desk.case.links == (Link("relates", 7), Link("caused-by", 8))


def test_an_internal_tie() -> None:
    """DC-3: a tie to another account's case is an internal event, and stays marked in the case's state."""
    desk = history("Mon 09:00 opened high")
    modified = desk.case.modified_at
    desk.append(lifecycle.link(LinkKind.RELATES, 7, STAFF, AT, internal=True))
    desk.append(lifecycle.link(LinkKind.RELATES, 8, STAFF, AT))
    assert desk.case.links == (Link("relates", 7, internal=True), Link("relates", 8))
    assert state(desk.case)["links"] == [["relates", 7, True], ["relates", 8]]
    assert read(state(desk.case), texts(desk.case)) == desk.case
    assert [event.public for event in desk.events[1:]] == [False, True]
    assert desk.case.modified_at == modified  # UPD-1: nothing internal shows through a date
