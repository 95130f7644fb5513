"""A desk on a server is the same whatever is usual there, for the role, the database or the machine (AUD-1)."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg
import pytest
from desk_fixtures import ADA, Office, peopled
from engine import open_store

from carecli.config import Config
from carecli.store.postgres import catalog

USUAL: Final = {
    "array_nulls": "off",
    "bytea_output": "escape",
    "client_encoding": "LATIN1",
    "datestyle": "SQL, DMY",
    "default_transaction_deferrable": "on",
    "default_transaction_isolation": "serializable",
    "extra_float_digits": "-15",
    "intervalstyle": "iso_8601",
    "plan_cache_mode": "force_generic_plan",
    "quote_all_identifiers": "on",
    "search_path": "public",
    "standard_conforming_strings": "off",
    "timezone": "Asia/Kathmandu",
    "transform_null_equals": "on",
}
"""Settings under which a statement may mean, or a server may answer, something else."""


@pytest.fixture
def url(new_postgres: Callable[[], AbstractContextManager[str]], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database on a server that lets everybody begin with other settings."""
    monkeypatch.setattr(catalog, "_known", {})
    with new_postgres() as address:
        yield address


def under(url: str, settings: dict[str, str]) -> str:
    """An address whose connections begin with these settings."""
    said = " ".join(f"-c {name}={value.replace(' ', chr(92) + ' ')}" for name, value in settings.items())
    return f"{url}&options={quote(said, safe='')}"


def test_a_desk_is_the_same_under_any_settings(url: str, tmp_path: Path) -> None:
    """AUD-1: what was written under some settings is what its events say, under those and under the usual ones."""
    office = lives(under(url, USUAL), tmp_path)
    assert office.differences() == []
    with closing(open_store(url)) as store:
        assert Office(office.config, store).differences() == []
        with store.read() as reading:
            assert f"{reading.history(1)[0].event.at:%d %b %H:%M}" == "02 Mar 09:00"
    office.store.close()


@pytest.mark.parametrize(
    "settings",
    [{"standard_conforming_strings": "off"}, {"default_transaction_read_only": "on"}, USUAL],
    ids=["strings", "read-only", "all"],
)
def test_what_is_missing_is_missed_under_any_settings(url: str, settings: dict[str, str], tmp_path: Path) -> None:
    """AUD-1: what the schema should be is made and looked at under our own settings."""
    lives(url, tmp_path).store.close()
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("DROP INDEX care.cases_of_group")
    with closing(open_store(under(url, settings))) as store:
        found = Office(Config(db=url), store).differences()
    assert [one.what for one in found] == ["index cases_of_group is missing"]


def lives(url: str, folder: Path) -> Office:
    """A desk with people and a case that time has passed by."""
    config = peopled(Config(db=url, mail_from="care@desk.example", maildir_set=str(folder / "mail")))
    office = Office(config, open_store(url))
    office.open(
        "Mon 09:00",
        description="O'Neil's \\u0041 back\\slash: since this morning one in five calls drops on transfer, naïve.",
    )
    office.tick("Fri 09:00")
    assert office.by(ADA, "Fri 09:00").settings.calendar
    return office
