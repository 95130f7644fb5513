"""The tables, migration by migration; each runs in the transaction that records it.

A migration that has been released is never edited: what changes comes as a new one, with `schema.VERSION` raised.
Names are kept folded (without letter case) in key columns, as people wrote them in the JSON beside. They run in
the order of their names, which is that of the imports here.
"""

from carecli.store.sqlite.migrations import first, mail  # isort: skip
from carecli.store.sqlite.migrations import attachments, knowledge, components, alerts  # isort: skip
from carecli.store.sqlite.migrations import service, sight, advisories, chat  # isort: skip
from carecli.store.sqlite.migrations import insight, trust  # isort: skip
from carecli.store.sqlite.migrations.registry import RECORD, wrapped

__all__ = [
    "RECORD",
    "advisories",
    "alerts",
    "attachments",
    "chat",
    "components",
    "first",
    "insight",
    "knowledge",
    "mail",
    "service",
    "sight",
    "trust",
    "wrapped",
]
