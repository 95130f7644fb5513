"""Keys that came with another desk's log: who wrote it chose them, so they let nobody in (DC-3, IMP-1)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from desk_fixtures import ADA, DANA, SAM, Office, copied
from notation import when

from carecli.config import Config
from carecli.desk import directory, gate
from carecli.desk.desk import Desk, open_desk
from carecli.desk.importing import own
from carecli.domain.adoption_report import AdoptionReport
from carecli.domain.people import Contact
from carecli.errors import Invalid
from carecli.render import case_document, json_text

KEY: Final = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICNbRy5e01nsE6KYFyG9rG9fmU20FDQYL/r8FvHHvSCw"
OTHER: Final = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILkAVPMaVbzfOcLl6W3ZxKFGsTO1edi6ED4Zn17G8XqH"
NOON: Final = "Mon+3 12:00"


def let_in(desk: Desk) -> list[tuple[str, str]]:
    """Whom the lines for sshd let in, by which key."""
    return [(one.email, one.key) for one in gate.holders(desk, ["/usr/bin/care"])]


def log_of(office: Office, folder: Path, changed: Mapping[str, str]) -> str:
    """The log of a desk in a file without digests, some of its words changed."""
    with office.by(ADA, NOON).machinery() as record:
        told = [json.loads(json_text.json_text(case_document.desk_event(entry))) for entry in record.events()]
    text = "".join(json.dumps({**line, "digest": ""}) + "\n" for line in told)
    for old, new in changed.items():
        text = text.replace(old, new)
    (folder / "log.jsonl").write_text(text, "utf-8")
    return str(folder / "log.jsonl")


def brought(database: str, file: str) -> Any:
    """Bring a log in."""
    given: dict[str, Any] = {"sla": "opened", "dry_run": False, "progress": lambda _: None}
    return own.bring_in(Config(database, ADA), file, now=lambda _: when(NOON), **given)


@pytest.fixture
def keyed(office: Office) -> Office:
    """A desk where a contact and an agent have keys, and something has happened."""
    directory.edit_contact(office.by(ADA, "Mon 09:00"), DANA, ssh_keys=[KEY])
    directory.edit_staff(office.by(ADA, "Mon 09:00"), SAM, ssh_keys=[OTHER])
    office.open("Mon 09:10")
    return office


def test_a_log_that_is_adopted_lets_nobody_in(keyed: Office, tmp_path: Path) -> None:
    """DC-3: the record is as it was, and its keys open nothing here before an admin gives them anew."""
    database = str(tmp_path / "new.db")
    assert isinstance(brought(database, log_of(keyed, tmp_path, {})), AdoptionReport)
    with open_desk(Config(database, ADA), now=lambda _: when(NOON)) as desk:
        assert let_in(desk) == []
        # One's own profile carries what there was along, and so does an admin's change of something else.
        directory.edit_contact(desk, DANA, phone="+1 555 1")
        assert let_in(desk) == []
        directory.edit_staff(desk, SAM, no_ssh_keys=True)
        directory.edit_staff(desk, SAM, ssh_keys=[OTHER])
        assert let_in(desk) == [(SAM, OTHER)]


def test_people_of_another_desk_come_without_keys(keyed: Office, template: Config, tmp_path: Path) -> None:
    """DC-3: who is added from a log has no key, not even one that is no key but lines for sshd."""
    (tmp_path / "here").mkdir()
    here = copied(template, tmp_path / "here")
    here.open("Mon 08:00")
    changed = {DANA: "eve@northwind.example", SAM: "max@desk.example", KEY: "x\\nssh-ed25519 AAAA eve"}
    brought(here.config.db, log_of(keyed, tmp_path, changed))
    desk = here.by(ADA, NOON)
    assert let_in(desk) == []
    with desk.machinery() as record:
        assert [one.ssh_keys for one in record.contacts() if one.email == "eve@northwind.example"] == [()]
        assert [one.ssh_keys for one in record.staff() if one.email == "max@desk.example"] == [()]
    here.store.close()


def test_no_key_breaks_a_line(office: Office) -> None:
    """DC-3: what stands for a key in a record that was changed by hand ends no line and begins none."""
    with office.store.write() as writing:
        dana = writing.contact(DANA)
        assert isinstance(dana, Contact)
        writing.put_contact(dana._replace(ssh_keys=(f"{KEY}\n{OTHER}",)))
    with pytest.raises(Invalid, match="a key of dana"):
        gate.holders(office.by(ADA, "Mon 10:00"), ["/usr/bin/care"])
