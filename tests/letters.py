"""A desk at which mail arrives, and letters to it: right ones, odd ones and hostile ones."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from desk_fixtures import ABC, ADA, DANA, HARBOR, LENA, OMAR, SAM, Office, ask, propose

from carecli.config import Config
from carecli.desk import cases, directory
from carecli.desk.mail import inbox
from carecli.domain.inbox import Received
from carecli.domain.instants import iso_or_none
from carecli.domain.vocabulary import Access
from carecli.mail import reference
from carecli.store.sqlite.store import open_store

TARA: Final = "tara@abc.example"
"""A Designated Contact who was deactivated."""

AWAITING, PROPOSED, OPEN, CLOSED, HARBORS = 1, 2, 3, 4, 5
"""The cases: three of ABC and one closed, and one of Harbor Clinic that awaits information as the first does."""

POLICY: Final = 'name = "by mail"\n[mail]\ntrusted_servers = ["mx.desk.example"]\n'
PASSES: Final = "mx.desk.example; dmarc=pass header.from=abc.example; spf=pass smtp.mailfrom=dana@abc.example"
"""What the trusted server says of a true mail from ABC."""

ARRIVAL: Final = "Fri 09:00"
DOMAIN: Final = "desk.example"
CARE: Final = "care@desk.example"


class Scene(NamedTuple):
    """The desk on the morning on which mail arrives; its cases are told by their numbers."""

    office: Office
    key: bytes

    def ref(self, number: int) -> str:
        """The Reference ID of a case."""
        return reference.reference(self.key, number)

    def mid(self, number: int, place: int = 1) -> str:
        """The Message-ID of one of the mails of a case."""
        return reference.message_id(self.key, number, place, DOMAIN)

    def last_mid(self, number: int) -> str:
        """The Message-ID of the last mail of a case."""
        return self.office.mails(number)[-1].message_id

    def receive(self, *raws: bytes, at: str = ARRIVAL) -> list[Received]:
        """What becomes of messages that arrive together."""
        return inbox.take_in(self.office.by("system", at), [(raw, "test") for raw in raws])

    def stands(self, number: int) -> tuple[str, str, str | None, bool]:
        """Where a case stands: status, sub-status, when its ladder goes on, and whether that is held."""
        case = self.office.case(number)
        ladder = case.followup
        return (
            case.status.value,
            case.standing.substatus.value,
            iso_or_none(ladder.next_at) if ladder else None,
            bool(ladder and ladder.held),
        )

    def all_stand(self) -> dict[int, tuple[str, str, str | None, bool]]:
        """Where every case stands."""
        return {number: self.stands(number) for number in (AWAITING, PROPOSED, OPEN, CLOSED, HARBORS)}

    def lengths(self) -> dict[int, int]:
        """How many events each case has."""
        return {number: len(self.office.history(number)) for number in self.all_stand()}


def scene_in(template: Config, folder: Path) -> Path:
    """Build the desk once; tests take copies of its file."""
    path = folder / "scene.db"
    shutil.copy(template.db, path)
    config = template._replace(db=str(path), maildir_set=str(folder / "mail"))
    office = Office(config, open_store(path))
    rules = folder / "policy.toml"
    rules.write_text(POLICY)
    office.setting("Mon 07:00", policy=str(rules))
    ada = office.by(ADA, "Mon 08:00")
    directory.add_contact(ada, TARA, account=ABC, access_level=Access.READ_WRITE, trained=True)
    directory.deactivate_contact(ada, TARA)
    for subject in ("Calls drop", "Queue is slow", "Wallboard is empty", "Old trouble"):
        office.open("Mon 09:00", DANA, subject=subject)
    office.open("Mon 09:00", LENA, subject="No sound")
    ask(office.by(SAM, "Mon 10:00"), AWAITING)
    propose(office.by(SAM, "Mon 10:00"), PROPOSED)
    cases.close(office.by(SAM, "Mon 11:00"), CLOSED, "It is repaired.")
    ask(office.by(SAM, "Mon 10:00"), HARBORS)
    office.tick("Thu 09:00")
    office.store.close()
    return path


def copied_scene(template: Config, path: Path, folder: Path) -> Scene:
    """A desk of its own, from the scene's file."""
    target = folder / "desk.db"
    shutil.copy(path, target)
    office = Office(template._replace(db=str(target), maildir_set=str(folder / "mail")), open_store(target))
    with office.store.read() as record:
        return Scene(office, record.reference_key() or b"")


def letter(
    text: str | bytes = "It is done.",
    *,
    sender: str | None = DANA,
    subject: str | None = "Re: your case",
    id_: str | None = "<letter-1@abc.example>",
    content: str = "text/plain; charset=utf-8",
    **headers: str,
) -> bytes:
    """A message; headers are named with _ for -, and those that are set to "-" are left out."""
    lines = {
        "From": sender,
        "To": CARE,
        "Subject": subject,
        "Message-ID": id_,
        "Date": "Fri, 06 Mar 2026 09:00:00 +0000",
        "MIME-Version": "1.0",
        "Content-Type": content,
    }
    lines |= {name.replace("_", "-").title().replace("-Id", "-ID"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None)
    body = text.encode() if isinstance(text, str) else text
    return head.encode("utf-8", "surrogateescape") + b"\r\n" + body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def mixed(*parts: tuple[str, str], boundary: str = "=_x", kind: str = "mixed") -> dict[str, Any]:
    """Text and content type of a multipart of these parts, each its headers and its body."""
    body = "".join(f"--{boundary}\n{head}\n\n{text}\n" for head, text in parts) + f"--{boundary}--\n"
    return {"text": body, "content": f'multipart/{kind}; boundary="{boundary}"'}


def report(
    message_id: str, *, to: str = DANA, action: str = "failed", status: str = "5.1.1", extra: str = ""
) -> dict[str, Any]:
    """Text and content type of a mail server's report on a mail (RFC 3464)."""
    return mixed(
        ("Content-Type: text/plain", "Your message could not be delivered."),
        (
            "Content-Type: message/delivery-status",
            (
                f"Reporting-MTA: dns; mx.abc.example\n\nFinal-Recipient: rfc822; {to}\nAction: {action}\n"
                f"Status: {status}\nDiagnostic-Code: smtp; 550 {status} no such user"
            ),
        ),
        (
            "Content-Type: text/rfc822-headers",
            f"From: {CARE}\nTo: {to}\nMessage-ID: {message_id}\n{extra}Subject: a",
        ),
        kind='report; report-type="delivery-status"',
    )


Make = Callable[[Scene], bytes]

__all__ = [
    "ABC",
    "ADA",
    "ARRIVAL",
    "AWAITING",
    "CARE",
    "CLOSED",
    "DANA",
    "DOMAIN",
    "HARBOR",
    "HARBORS",
    "LENA",
    "OMAR",
    "OPEN",
    "PROPOSED",
    "SAM",
    "TARA",
    "Make",
    "Scene",
    "copied_scene",
    "letter",
    "mixed",
    "report",
    "scene_in",
]
