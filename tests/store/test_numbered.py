"""The newest cases by their numbers, as every engine must answer them."""

import pytest
from store.samples import T0, kept, new_case

from carecli.domain.finding import Scope
from carecli.domain.numbers import LARGEST
from carecli.store.protocol import Store


@pytest.mark.parametrize(
    ("scope", "span", "limit", "numbers"),
    [
        (Scope(), (1, LARGEST), 9, [42, 7, 2, 1]),
        (Scope(), (1, LARGEST), 2, [42, 7]),
        (Scope(), (2, 7), 9, [7, 2]),
        (Scope(), (8, 41), 9, []),
        (Scope(account="ACME"), (1, LARGEST), 9, [42, 2, 1]),
        (Scope(account="zürich ag"), (1, LARGEST), 9, [7]),
        (Scope(account="Nobody"), (1, LARGEST), 9, []),
    ],
    ids=str,
)
def test_numbered(store: Store, scope: Scope, span: tuple[int, int], limit: int, numbers: list[int]) -> None:
    """DC-3: the highest numbers within a stretch and a scope, each with its subject as it was written."""
    cases = [new_case(n, T0, subject=f"Case {n}") for n in (1, 2, 42)]
    with store.write() as record:
        kept(record, [*cases, new_case(7, T0, account="Zürich AG", subject="Case 7")])
    with store.read() as record:
        assert record.numbered(scope, *span, limit) == [(n, f"Case {n}") for n in numbers]
