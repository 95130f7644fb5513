"""The key of mail references on screens: its place and what stands for it (MAIL-1)."""

import io

import pytest
from notation import when

from carecli.domain.key_views import Before, KeyView
from carecli.render import reference_key, terminal
from carecli.render.screen import Screen

VIEW = KeyView(
    "/home/care/.config/care/[bold]keys[/bold]/reference",
    "file",
    "sha256:b3778213318413e8",
    (Before("sha256:03b60b856516802c", 42, when("Mon 12:00")),),
)
AT_80 = """\
Key of mail references
Kept in       /home/care/.config/care/[bold]keys[/bold]/reference
Fingerprint   sha256:b3778213318413e8
Before        sha256:03b60b856516802c, for cases up to 0000000042, until
              2026-03-02 12:00 UTC
Left behind   the database holds a key, too: care mail key renew takes it out
Not yet gone  a program that reads keeps the database's older bytes until it
              ends
"""
AT_120 = """\
Key of mail references
Kept in      /home/care/.config/care/[bold]keys[/bold]/reference
Fingerprint  sha256:b3778213318413e8
Before       sha256:03b60b856516802c, for cases up to 0000000042, until 2026-03-02 12:00 UTC
"""


@pytest.mark.parametrize(
    ("width", "view", "screen"),
    [(80, VIEW._replace(left_behind=True, scrubbed=False), AT_80), (120, VIEW, AT_120)],
)
def test_the_page(width: int, view: KeyView, screen: str) -> None:
    """MAIL-1: where it is and until when those of before count; a path is text, whatever markup it looks like."""
    out = io.StringIO()
    terminal.write([reference_key.sheet(view, "UTC")], out, Screen(terminal=True, color=False, width=width))
    told = "\n".join(line.rstrip() for line in out.getvalue().strip("\n").splitlines())
    assert told == screen.rstrip("\n")


def test_the_document() -> None:
    """MAIL-1: case numbers with ten digits, instants in UTC, and no key."""
    assert reference_key.document(VIEW) == {
        "place": VIEW.place,
        "kind": "file",
        "fingerprint": "sha256:b3778213318413e8",
        "before": [
            {
                "fingerprint": "sha256:03b60b856516802c",
                "up_to_number": "0000000042",
                "until": "2026-03-02T12:00:00Z",
            }
        ],
        "left_behind": False,
        "scrubbed": True,
    }
