"""Files on cases (ATT-1)."""

from carecli.store.session import Session


class AttachmentReading(Session):
    """Files on cases (ATT-1)."""


class AttachmentWriting(AttachmentReading):
    """Files on cases, as they change."""
