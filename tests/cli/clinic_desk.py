"""The desk before which it is shown who sees and who may do what: a reseller, two end-users, a stranger, staff.

`in_memory` gives it a folder that no disk slows down, as thousands of commands run there.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from cli.acceptance import FORM, Ran, care
from memory import roomy

from carecli.commands.declared import Command, Family
from carecli.commands.panels import COMMANDS, HIDDEN, loaded

ADA, MIA, SAM = (f"{name}@desk.example" for name in ("ada", "mia", "sam"))
OWN, COLLEAGUE, READER, BASIC = (f"{name}@clinic.example" for name in ("own", "colleague", "reader", "basic"))
PARENT, PARENTS_READER = "parent@reseller.example", "reader@reseller.example"
SIBLING, STRANGER = "sib@school.example", "strange@elsewhere.example"
SYSTEM: Final = "system"
PEOPLE: Final = (
    ("Reseller", PARENT, "read-write"),
    ("Reseller", PARENTS_READER, "read-only"),
    ("Clinic", OWN, "read-write"),
    ("Clinic", COLLEAGUE, "read-write"),
    ("Clinic", READER, "read-only"),
    ("Clinic", BASIC, "basic"),
    ("School", SIBLING, "read-write"),
    ("Elsewhere", STRANGER, "read-write"),
)
OPENED, TOLD, NOW = "2026-03-02T15:00:00Z", "2026-03-03T15:00:00Z", "2026-03-12T15:00:00Z"
PRIVACY: Final = (
    *("--type", "service-request", "--subtype", "data-privacy"),
    *("--field", "privacy_right=access", "--field", "data_subject=Jo Doe"),
)


class Desk(NamedTuple):
    """A desk's database, and where it stands; the same name in every folder, as some answers tell it."""

    folder: Path

    def __call__(self, who: str, *args: str, now: str = NOW, stdin: bytes = b"") -> Ran:
        """Run a command, with its folder as the place where it runs."""
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            return care("--db", "desk.db", "--as", who, "--now", now, *args, stdin=stdin)

    def does(self, who: str, *args: str, now: str = OPENED, stdin: bytes = b"") -> Ran:
        """Run a command that has to go well."""
        ran = self(who, *args, now=now, stdin=stdin)
        assert ran.status == 0, (args, ran)
        return ran

    def copied(self, name: str) -> "Desk":
        """A copy beside it, with its files; a module whose tests are run in two turns makes it twice."""
        place, turn = self.folder.parent / name, 1
        while place.exists():
            place, turn = self.folder.parent / f"{name}-{turn}", turn + 1
        return self.copied_to(place)

    def copied_to(self, folder: Path) -> "Desk":
        """A copy in a folder that is not there yet, with its files."""
        shutil.copytree(self.folder, folder)
        return Desk(folder)


@contextmanager
def in_memory(otherwise: Path) -> Iterator[Path]:
    """A folder in the machine's memory where it has room, else the one that is given."""
    memory = roomy()
    if memory is None:
        yield otherwise
        return
    with tempfile.TemporaryDirectory(prefix="care-tests-", dir=memory) as folder:
        yield Path(folder)


def opening(account: str, subject: str, *options: str) -> tuple[str, ...]:
    """The command that opens a case of an account here."""
    form = [*FORM]
    form[form.index("Calls drop")] = subject
    form[form.index("East")] = "West"
    return ("open", *form, "--account", account, *options)


def build(folder: Path) -> Desk:
    """Staff, four accounts with their contacts, a case of the Clinic's and a stranger's, an article."""
    folder.mkdir()
    desk = Desk(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder.parent / "config"))
        desk.does(ADA, "init", "--email", ADA, "--name", "Ada", "--timezone", "UTC")
    desk.does(ADA, "staff", "add", MIA, "--role", "manager", "--product-group", "Voice")
    desk.does(ADA, "staff", "add", SAM, "--role", "agent", "--product-group", "Voice")
    for account in ("Reseller", "Clinic", "School", "Elsewhere"):
        sold = ("--parent", "Reseller") if account in {"Clinic", "School"} else ()
        made = ("account", "add", account, "--plan", "business-care", "--deployment", "West", "--service", "Voice")
        desk.does(ADA, *made, *sold)
    for account, email, access in PEOPLE:
        desk.does(ADA, "contact", "add", email, "--account", account, "--access", access, "--trained")
    desk.does(OWN, *opening("Clinic", "Calls drop"))
    desk.does(STRANGER, *opening("Elsewhere", "Calls drop on transfer"))
    (folder / "trace.log").write_text("nothing much")
    desk.does(SAM, "kb", "add", "--title", "Dropped calls", "-m", "Use the other trunk.", "--publish")
    return desk


def commands() -> Iterator[tuple[str, Command]]:
    """Every command of the program by its words."""
    for name, named in {**COMMANDS, **HIDDEN}.items():
        declared = loaded(named) if named.target else None
        members = declared.every() if isinstance(declared, Family) else [("", declared)] if declared else []
        for member, command in members:
            yield f"{name} {member}".strip(), command
