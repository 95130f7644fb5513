"""The [sanitising] part of the config file (ATT-2)."""

from pathlib import Path

import pytest

from carecli.config import load
from carecli.config.sanitising import Sanitising
from carecli.domain.sanitising import Pattern
from carecli.errors import Invalid

WHOLE = r"""
[sanitising]
region = "US"
allow = ["support@desk.example", "@desk.example", '/ACME-\d+/']
[sanitising.patterns]
customer-id = 'CUST-\d{6}'
"""


def _written(tmp_path: Path, text: str) -> str:
    file = tmp_path / "config.toml"
    file.write_text(text)
    return str(file)


def test_it_is_read(tmp_path: Path) -> None:
    """ATT-2: region, own patterns and what is no customer data."""
    assert load(_written(tmp_path, WHOLE), {}).sanitising == Sanitising(
        "US", (Pattern("customer-id", r"CUST-\d{6}"),), ("support@desk.example", "@desk.example", r"/ACME-\d+/")
    )


def test_there_need_be_none(tmp_path: Path) -> None:
    """ATT-2: what every desk looks for needs no setting."""
    assert load(_written(tmp_path, 'db = "x.db"'), {}).sanitising == Sanitising()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('region = "usa"', "sanitising.region is 'usa', not a country"),
        ("region = 1", "sanitising.region must be a text"),
        ('regoin = "US"', "did you mean sanitising.region"),
        ('allow = "x"', "sanitising.allow must be a list"),
        ("allow = ['/(/']", "sanitising.allow: /(/ is no regular expression"),
        ("[sanitising.patterns]\nx = '('", "sanitising.patterns.x is no regular expression"),
        ("[sanitising.patterns]\nx = 'a*'", "is met by nothing at all"),
        ("[sanitising.patterns]\nX_1 = 'a'", "a name is of small letters"),
        ("[sanitising.patterns]\nx = 1", "sanitising.patterns.x must be a text"),
        ('patterns = "x"', "sanitising.patterns is a table"),
    ],
)
def test_what_is_wrong_is_told_when_it_is_loaded(text: str, why: str, tmp_path: Path) -> None:
    """ATT-2: before any file is looked through, with the setting's name."""
    with pytest.raises(Invalid) as wrong:
        load(_written(tmp_path, f"[sanitising]\n{text}"), {})
    assert why in wrong.value.message
