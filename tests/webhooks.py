"""Alertmanager's webhook (version 4) as tests send it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

LABELS: Final = {"alertname": "HighErrorRate", "job": "sip"}
KEY: Final = '{}/{team="voice"}:{alertname="HighErrorRate", job="sip"}'


def alert(name: str = "a", *, firing: bool = True, **labels: Any) -> dict[str, Any]:
    """One alert, known by its name."""
    return {
        "status": "firing" if firing else "resolved",
        "labels": {**LABELS, "instance": f"{name}:9100", "severity": "critical", **labels},
        "annotations": {"summary": f"SIP errors on {name}"},
        "startsAt": "2026-03-02T08:58:03.123Z",
        "endsAt": "0001-01-01T00:00:00Z" if firing else "2026-03-02T09:10:00Z",
        "generatorURL": "http://prometheus.example/graph?g0.expr=up",
        "fingerprint": f"print-{name}",
    }


def webhook(alerts: Sequence[Any] | None = None, *, key: str = KEY, **more: Any) -> str:
    """A message about a group; by default one alert of it fires."""
    told = [alert()] if alerts is None else alerts
    firing = any(isinstance(one, Mapping) and one.get("status") == "firing" for one in told)
    document = {
        "version": "4",
        "groupKey": key,
        "truncatedAlerts": 0,
        "status": "firing" if firing else "resolved",
        "receiver": "care",
        "groupLabels": LABELS,
        "commonLabels": LABELS,
        "commonAnnotations": {},
        "externalURL": "http://alertmanager.example:9093",
        "alerts": told,
        **more,
    }
    return json.dumps(document)
