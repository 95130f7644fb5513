"""Opening and updating a case from alerts: the body of `care open --from-alert` (OPEN-12)."""

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from carecli.commands import options
from carecli.commands.invocation import Invocation
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.desk.alerts import Taken
    from carecli.desk.desk import Desk

BYTES_MAX: Final = 16 * 1024 * 1024
"""Some hundred thousand alerts; JSON of the worst kind takes 26 times as much memory."""


def open_from_alert(
    invocation: Invocation,
    *,
    source: str = "-",
    account: str | None = None,
    contact: str | None = None,
    deployment: str | None = None,
    service: str | None = None,
    component: str | None = None,
    stage: str | None = None,
    priority: str | None = None,
    impact: str | None = None,
) -> None:
    """Read an Alertmanager webhook (version 4) from a file or `-`, and open or update the case of its group.

    What is None here is looked for in the labels and then among the defaults of `[alerts]` in the configuration.
    Where nobody is named as the actor, it is the system that acts.
    """
    from carecli.desk import alerts
    from carecli.domain.vocabulary import SYSTEM

    chosen = options.priority(priority)
    given = {
        "account": account,
        "contact": contact,
        "deployment": deployment,
        "service": service,
        "component": component,
        "stage": stage,
        "priority": chosen.value if chosen else None,
        "impact": impact,
    }
    told = _read(source)
    with invocation.desk(otherwise=SYSTEM) as desk:
        taken = alerts.take(desk, told, {name: value for name, value in given.items() if value})
        _answer(invocation, desk, taken)


def _read(source: str) -> str:
    """The webhook's text; raises Invalid for one that is empty, no text, or beyond any size that makes sense."""
    hint = "care open --from-alert < webhook.json"
    try:
        with _opened(source) as stream:
            content = stream.read(BYTES_MAX + 1)
    except OSError as error:
        raise Invalid(f"cannot read {source}: {error.strerror}", hint=hint) from None
    if not content.strip():
        raise Invalid("there is no webhook to read: it is empty", hint=hint, rule="OPEN-12")
    if len(content) > BYTES_MAX:
        raise Invalid(f"the webhook has more than {BYTES_MAX:,} bytes", hint="set max_alerts in Alertmanager")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(f"the webhook is no UTF-8 text: byte {error.start}", hint=hint, rule="OPEN-12") from None


def _opened(source: str) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer) if source == "-" else Path(source).expanduser().open("rb")


def _answer(invocation: Invocation, desk: "Desk", taken: "Taken") -> None:
    """The case as JSON with what became of the webhook, or a line for people."""
    from carecli.render import alerts as pages

    if invocation.json:
        invocation.done(pages.document(taken.view, taken.outcome, taken.group), "")
    else:
        invocation.done(None, pages.told(taken.view, taken.outcome, desk.zone))
