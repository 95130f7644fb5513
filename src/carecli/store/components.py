"""What was learned of components (OPEN-6)."""

from carecli.store.session import Session


class ComponentReading(Session):
    """What was learned of components (OPEN-6)."""


class ComponentWriting(ComponentReading):
    """What was learned of components, as they change."""
