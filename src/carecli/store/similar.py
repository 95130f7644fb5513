"""Cases like a text (OPEN-7, OPEN-11)."""

from carecli.store.session import Session


class SimilarReading(Session):
    """Cases like a text (OPEN-7, OPEN-11)."""
