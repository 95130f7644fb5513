"""What an account lists (ACC-2)."""

import pytest

from carecli.domain.people import Account, Deployment, Service
from carecli.domain.vocabulary import Plan

WEST = Deployment("West", (Service("Voice", "Voice", ("Routing", "Recording")), Service("Mail", "Mail")))
EAST = Deployment("East", (Service("Voice", "Voice", ("Routing", "Trunks")),))
ABC = Account("ABC", Plan.CARE, deployments=(WEST, EAST))


@pytest.mark.parametrize(
    ("service", "deployment", "components"),
    [
        ("Voice", "West", ("Routing", "Recording")),
        ("voice", "EAST", ("Routing", "Trunks")),
        ("Voice", None, ("Routing", "Recording", "Trunks")),
        ("Voice", "Gone", ("Routing", "Recording", "Trunks")),
        ("Mail", "West", ()),
        ("Nothing", None, ()),
        (None, None, ()),
    ],
)
def test_components_of_a_service(service: str | None, deployment: str | None, components: tuple[str, ...]) -> None:
    """ACC-2: those of the deployment, of all where it is none of the account's; whatever the letter case."""
    assert ABC.components_of(service, deployment) == components
