"""A rebasing on the page of its case: which rules changed (SLA-8)."""

from collections.abc import Iterator

from carecli.domain.events import Event, Kind

SHORT = 12
"""How many digits of a hash a person reads."""


def told(event: Event) -> Iterator[str]:
    """What a rebasing changed; nothing of any other event."""
    if event.kind is not Kind.REBASED:
        return
    data = event.data
    for kind in ("policy", "calendar"):
        old, new = data.get(f"was_{kind}", ""), data[kind]
        if old != new:
            yield f"{kind} {old[:SHORT]} -> {new[:SHORT]}"
    yield "what was not met by then is counted anew, and not due before then"
