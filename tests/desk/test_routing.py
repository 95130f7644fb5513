"""Who gets a new case, where the policy hands them out (ROUTE-1)."""

from importlib import resources
from pathlib import Path

import pytest
from desk_fixtures import ADA, BEN, MIA, SAM, Office

from carecli.desk import cases, directory, routing
from carecli.domain.vocabulary import Role

DEFAULT = (resources.files("carecli") / "policies" / "default.toml").read_text("utf-8")


@pytest.fixture
def handing(office: Office, tmp_path: Path) -> Office:
    """A desk whose policy hands new cases out; of the group Voice are Ben, Mia and Sam."""
    policy = tmp_path / "policy.toml"
    policy.write_text(DEFAULT.replace('assign = "nobody"', 'assign = "least-loaded"'))
    office.setting("Fri 10:00", policy=str(policy))
    return office


def owner(office: Office, group: str | None = "Voice") -> str | None:
    with office.by(ADA, "Mon 09:00").trial() as record:
        return routing.owner(record, group)


def test_the_fewest_open_cases(handing: Office) -> None:
    """ROUTE-1: a new case goes to who has the fewest open ones; of equals to the first, then in turn."""
    owners = [handing.case(handing.open(f"Mon 09:{minute:02d}")).owner for minute in range(6)]
    assert owners == [BEN, MIA, SAM, BEN, MIA, SAM]
    cases.close(handing.by(MIA, "Mon 10:00"), 2, "Done.")
    assert owner(handing) == MIA


def test_of_equals_who_got_one_least_recently(handing: Office) -> None:
    """ROUTE-1: with nothing to do for anybody, cases still go round, also when those before are closed."""
    owners = []
    for minute in range(4):
        number = handing.open(f"Mon 09:{minute:02d}")
        owners.append(handing.case(number).owner)
        cases.close(handing.by(ADA, f"Mon 10:{minute:02d}"), number, "Done.")
    assert owners == [BEN, MIA, SAM, BEN]


def test_only_active_members_of_the_group(handing: Office) -> None:
    """ROUTE-1, DC-5: who has left gets none, nor who is of another group; groups are named letter case aside."""
    ada = handing.by(ADA, "Fri 11:00")
    directory.deactivate_staff(ada, BEN)
    directory.add_staff(ada, "abe@desk.example", role=Role.AGENT, group="VOICE")
    assert owner(handing) == "abe@desk.example"
    assert owner(handing, "reporting") == "rita@desk.example"
    assert owner(handing, "Nobody's") is None
    assert owner(handing, None) is None


def test_nobody_unless_the_policy_says_so(office: Office) -> None:
    """ROUTE-1: the shipped policy leaves new cases to be taken."""
    assert owner(office) is None
    assert office.case(office.open("Mon 09:00")).owner is None


def test_counted_within_the_transaction(handing: Office) -> None:
    """ROUTE-1: the owner is chosen under the lock that opens the case, so the next one counts it."""
    first = handing.open("Mon 09:00")
    assert owner(handing) != handing.case(first).owner
