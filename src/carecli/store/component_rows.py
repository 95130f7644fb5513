"""How a row of what was learned of a feature lies in the database (OPEN-6).

A module of its own, as every tick opens the store and hardly any learns.
"""

import struct
import zlib
from collections.abc import Mapping
from hashlib import blake2b
from math import isfinite
from typing import Final

from carecli.domain.learning import Row

PackedRow = tuple[int, bytes]
"""A feature's key, and its row as bytes."""

_HEAD: Final = 8
_LANE_BITS: Final = 64
_SPARE_BITS: Final = 20
"""Of the highest lane, so that no sum of rows leaves it."""


def key(feature: str) -> int:
    """What a feature is known by in the database: 64 bits of a hash, as the key of a row."""
    digest = blake2b(feature.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def packed(rows: Mapping[str, Row]) -> list[PackedRow]:
    """The rows that say anything, to be kept, in the order of the tree: any other takes three times as long."""
    return sorted((key(feature), _bytes(row)) for feature, row in rows.items() if row.lanes)


def _bytes(row: Row) -> bytes:
    """A row as bytes, the same on every machine once unpacked: how far it moved, and behind that its lanes."""
    lanes = row.lanes.to_bytes(row.lanes.bit_length() // 8 + 1, "little", signed=True)
    return struct.pack("<d", row.moved) + zlib.compress(lanes, 1)


def unpacked(content: bytes, size: int) -> Row | None:
    """The row of these bytes; None where they were damaged, or tell of components beyond `size`."""
    try:
        (moved,) = struct.unpack_from("<d", content)
        lanes = int.from_bytes(zlib.decompress(memoryview(content)[_HEAD:]), "little", signed=True)
    except (struct.error, zlib.error):
        return None
    sound = isfinite(moved) and moved > 0 and lanes.bit_length() <= _LANE_BITS * size - _SPARE_BITS
    return Row(moved, lanes) if sound else None
