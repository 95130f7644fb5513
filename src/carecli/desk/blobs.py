"""Where a desk's attachments lie: beside its database, for a server's desk where the config file says (ATT-1)."""

from carecli.config import Config
from carecli.files.blobs import Blobs


def blobs_of(config: Config) -> Blobs:
    """The folder of a desk's files; on a server several machines may share it."""
    return Blobs(config.beside, config.files)
