"""People and the desk's own facts as every engine must keep them."""

import pytest
from store.samples import POLICY, T0

from carecli.domain.desk_settings import DeskSettings
from carecli.domain.people import Account, CalendarSpec, Contact, Deployment, Service, Staff
from carecli.domain.vocabulary import Access, Plan, Role
from carecli.errors import NotFound
from carecli.store.codec import content_hash
from carecli.store.entries import LastTick
from carecli.store.protocol import Store

ACME = Account(
    "Acme",
    Plan.BUSINESS_CARE,
    CalendarSpec("Europe/Madrid", "Mon-Fri 09:00-17:00", "ES-MD", ("2026-12-24",)),
    (Deployment("EMEA", (Service("Voice", "Voice", ("Trunks",)),)),),
    {"sr": "eve@acme.example"},
    "eve@acme.example",
    "sam@care.example",
)
ANN = Contact("Ann@Acme.example", "Ann", "Acme", Access.READ_WRITE, trained=True, phone="+34 1")
BOB = Staff("Bob@care.example", "Bob", Role.MANAGER, "Voice")


def test_accounts(store: Store) -> None:
    """An account is kept whole under its name, letter case aside, and listed by name (ACC-1)."""
    with store.write() as record:
        for account in (ACME._replace(name="zenith"), Account("Zürich", Plan.CARE), ACME):
            record.put_account(account)
        assert record.account("ACME") == ACME
        record.put_account(ACME._replace(active=False))
        assert record.account("acme") == ACME._replace(active=False)
        assert record.account("Nobody") is None
        assert [account.name for account in record.accounts()] == ["Acme", "zenith", "Zürich"]


def test_contacts(store: Store) -> None:
    """A contact is kept under the address, letter case aside, and listed by account and address (DC-1)."""
    cem, zoe = ANN._replace(email="cem@acme.example"), ANN._replace(email="a@zenith.example", account="Zenith")
    with store.write() as record:
        for contact in (zoe, cem, ANN):
            record.put_contact(contact)
        assert record.contact("ann@ACME.example") == ANN
        assert record.contact("eve@acme.example") is None
        assert record.contacts() == [ANN, cem, zoe]
        assert record.contacts("ACME") == [ANN, cem]
        record.put_contact(ANN._replace(account="Zenith"))
        assert record.contacts("acme") == [cem]


def test_a_pin_outlives_a_change_of_its_contact(store: Store) -> None:
    """The PIN's hash is kept apart: no edit of the contact loses it (DC-4)."""
    with store.write() as record:
        record.put_contact(ANN)
        assert record.pin_hash("ann@acme.example") is None
        record.put_pin_hash("ANN@acme.example", "$argon2id$x")
        record.put_contact(ANN._replace(name="Ann B."))
        assert record.pin_hash("ann@acme.example") == "$argon2id$x"
        record.put_pin_hash("ann@acme.example", None)
        assert record.pin_hash("ann@acme.example") is None


def test_a_pin_needs_its_contact(store: Store) -> None:
    """A PIN for nobody is refused rather than lost (DC-4)."""
    with store.write() as record, pytest.raises(NotFound):
        record.put_pin_hash("nobody@acme.example", "hash")


def test_staff(store: Store) -> None:
    """A member of staff is kept under the address, letter case aside, and listed by address (DC-5)."""
    with store.write() as record:
        record.put_staff(BOB)
        record.put_staff(BOB._replace(email="amy@care.example"))
        record.put_staff(BOB._replace(role=Role.ADMIN))
        assert record.staff_member("bob@CARE.example") == BOB._replace(role=Role.ADMIN)
        assert record.staff_member("eve@care.example") is None
        assert [member.email for member in record.staff()] == ["amy@care.example", "Bob@care.example"]


def test_settings(store: Store) -> None:
    """A desk has no settings before its first set-up, then the last ones kept."""
    with store.write() as record:
        assert record.settings() is None
        record.put_settings(DeskSettings())
        record.put_settings(DeskSettings("Acme care", CalendarSpec("UTC"), "abc"))
    with store.read() as record:
        assert record.settings() == DeskSettings("Acme care", CalendarSpec("UTC"), "abc")


def test_the_last_tick(store: Store) -> None:
    """The desk remembers when the tick last ran and how long the log was (TICK-2)."""
    with store.write() as record:
        assert record.last_tick() is None
        record.put_last_tick(LastTick(T0, 3))
        record.put_last_tick(LastTick(T0, 9))
        assert record.last_tick() == LastTick(T0, 9)


def test_documents_are_known_by_their_content(store: Store) -> None:
    """The same policy has the same hash, however its keys are ordered, and comes back as it was (SLA-8)."""
    turned = dict(reversed(POLICY.items()))
    with store.write() as record:
        digest, new = record.put_document("policy", POLICY)
        assert (digest, new) == (content_hash(POLICY), True)
        assert record.put_document("policy", turned) == (digest, False)
        assert record.put_document("policy", {**POLICY, "extra": 1})[0] != digest
        assert record.document(digest) == POLICY


def test_the_documents_of_a_kind(store: Store) -> None:
    """Every policy that is kept is known by its hash, calendars apart (SLA-8)."""
    with store.write() as record:
        kept = {record.put_document("policy", {**POLICY, "name": name})[0] for name in ("one", "two")}
        record.put_document("calendar", {"zone": "UTC"})
        assert record.documents("policy") == sorted(kept)


def test_an_unknown_document(store: Store) -> None:
    """A hash that nothing has is an error that says so (SLA-8)."""
    with store.read() as record, pytest.raises(NotFound):
        record.document("0" * 64)


def test_resolved_calendars_are_remembered(store: Store) -> None:
    """A specification and year lead to the calendar they were resolved to (SLA-8)."""
    with store.write() as record:
        assert record.calendar_digest("ES-MD 2026") is None
        record.put_calendar_digest("ES-MD 2026", "abc")
        record.put_calendar_digest("ES-MD 2026", "def")
        assert record.calendar_digest("ES-MD 2026") == "def"
