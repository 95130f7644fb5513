"""Alerts as Alertmanager's webhook tells of them (version 4), and what they say on a case (OPEN-12)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.vocabulary import Visibility
from carecli.errors import Invalid

VERSION: Final = "4"
LISTED_MAX: Final = 25
"""How many alerts a text tells of by name; the rest is counted."""

LINE_MAX: Final = 300
COUNT_MAX: Final = 1_000_000_000
_LABELS_MAX: Final = 20
_HINT: Final = "pipe the body of Alertmanager's webhook in: care open --from-alert < webhook.json"
_NAME: Final = "alertname"
_ABOUT: Final = ("summary", "message", "description")
_NO_TIME: Final = "0001-"
"""How Alertmanager writes that an alert has no end."""


class Alert(NamedTuple):
    """One alert: whether it fires, what it is about, and since when, as the monitor wrote it."""

    fingerprint: str
    firing: bool
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    starts_at: str


class Group(NamedTuple):
    """The alerts of one group; `truncated` is how many more there are that the message left out."""

    key: str
    alerts: tuple[Alert, ...]
    truncated: int
    labels: Mapping[str, str]
    common: Mapping[str, str]
    annotations: Mapping[str, str]

    @property
    def firing(self) -> tuple[Alert, ...]:
        """What fires."""
        return tuple(alert for alert in self.alerts if alert.firing)

    @property
    def resolved(self) -> tuple[Alert, ...]:
        """What fires no more."""
        return tuple(alert for alert in self.alerts if not alert.firing)

    @property
    def name(self) -> str:
        """The group as people read it: its labels, or its key where it has none."""
        return line(_written(self.labels) or self.key)

    @property
    def digest(self) -> str:
        """A hash of what fires: the same for a message that tells nothing new, in whatever order."""
        names = sorted({alert.fingerprint for alert in self.firing})
        return _hash(json.dumps([names, self.truncated if names else 0]))

    def hash_for(self, account: str) -> str:
        """By what the group is known: two accounts' monitors may well use the same key (DC-3)."""
        return _hash(json.dumps([account.casefold(), self.key]))


def read(text: str) -> Group:
    """The group that a webhook tells of; raises Invalid for what is none, saying what is wrong."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong(f"this is no JSON: {str(error)[:100]}") from None
    if not isinstance(document, dict):
        raise _wrong("this is no webhook of Alertmanager: it is no JSON object")
    if str(document.get("version")) != VERSION:
        raise _wrong(f"this is version {line(document.get('version'), 20)} of the webhook, not {VERSION}")
    key = document.get("groupKey")
    if not isinstance(key, str) or not key:
        raise _wrong("the webhook lacks its groupKey")
    return Group(
        key=key,
        alerts=tuple(_alerts(document.get("alerts"))),
        truncated=_count(document.get("truncatedAlerts", 0)),
        labels=_texts(document, "groupLabels"),
        common=_texts(document, "commonLabels"),
        annotations=_texts(document, "commonAnnotations"),
    )


def _alerts(told: object) -> Iterator[Alert]:
    if not isinstance(told, list) or not told:
        raise _wrong("the webhook names no alerts")
    for place, one in enumerate(told, 1):
        if not isinstance(one, dict) or one.get("status") not in ("firing", "resolved"):
            raise _wrong(f"alert {place} is neither firing nor resolved")
        labels = _texts(one, "labels")
        # Alertmanager before 0.19 sends no fingerprint: an alert is known by its labels.
        print_ = one.get("fingerprint") or _hash(json.dumps(sorted(labels.items())))
        starts_at = one.get("startsAt")
        yield Alert(
            str(print_),
            one["status"] == "firing",
            labels,
            _texts(one, "annotations"),
            starts_at if isinstance(starts_at, str) and not starts_at.startswith(_NO_TIME) else "",
        )


def _texts(document: Mapping[str, Any], name: str) -> Mapping[str, str]:
    found = document.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise _wrong(f"{name} must be texts by name")
    return found


def _count(told: object) -> int:
    if isinstance(told, bool) or not isinstance(told, int) or not 0 <= told <= COUNT_MAX:
        raise _wrong("truncatedAlerts must be a number")
    return told


def _wrong(what: str) -> Invalid:
    return Invalid(what, hint=_HINT, rule="OPEN-12")


def _hash(text: str) -> str:
    # JSON may spell half a surrogate pair, which UTF-8 cannot.
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def line(told: object, most: int = LINE_MAX) -> str:
    """A text of a stranger as one line of a bounded length, without what does not print."""
    words = "".join(c if c.isprintable() else " " for c in str(told)[: 4 * most]).split()
    text = " ".join(words)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def label(group: Group, name: str) -> str | None:
    """What all alerts of a group say under a label, None where they do not agree or it says nothing."""
    value = group.common.get(name) or group.labels.get(name)
    return line(value, LINE_MAX) or None if value else None


def severities(group: Group, name: str) -> list[str]:
    """What the alerts that fire say of their severity, each by itself or all in common, without letter case."""
    told = (alert.labels.get(name) or label(group, name) for alert in group.firing)
    return [severity.strip().casefold() for severity in told if severity]


def subject(group: Group, most: int) -> str:
    """The case's subject: the summary that all alerts share, else their name and the labels of the group."""
    about = next((group.annotations[key] for key in _ABOUT if group.annotations.get(key)), "")
    told = line(about, most) if about else line(_named(group), most)
    return told or line(f"Alert {group.key}", most)


def _named(group: Group) -> str:
    labels = {**group.labels}
    name = labels.pop(_NAME, None) or group.common.get(_NAME, "")
    return " ".join(filter(None, (name, _written(labels))))


def description(group: Group) -> str:
    """What a case says that an alert opened: what fires, in the group of which labels."""
    opening = (
        f"Monitoring reports {_counted(len(group.firing))} in the group {group.name}."
        " The desk opened this case by itself, and keeps it up to date for as long as it is open."
    )
    return "\n".join((opening, *_lists(group)))


def update(group: Group) -> str:
    """What an update says: what fires now and what is resolved."""
    if not group.firing:
        opening = "Monitoring reports that all alerts of the group are resolved. The case stays open nevertheless."
    else:
        opening = f"Monitoring reports {_counted(len(group.firing))}, {len(group.resolved)} resolved."
    return "\n".join((opening, *_lists(group)))


def _counted(count: int) -> str:
    return "1 alert that fires" if count == 1 else f"{count:,} alerts that fire"


def _lists(group: Group) -> Iterator[str]:
    yield from _list("Firing", group.firing)
    yield from _list("Resolved", group.resolved)
    if group.truncated:
        yield f"\n{group.truncated:,} more are not in the message that Alertmanager sent."


def _list(title: str, alerts: Sequence[Alert]) -> Iterator[str]:
    if not alerts:
        return
    yield f"\n{title}:"
    for alert in alerts[:LISTED_MAX]:
        yield f"- {_told(alert)}"
    if len(alerts) > LISTED_MAX:
        yield f"- and {len(alerts) - LISTED_MAX:,} more"


def _told(alert: Alert) -> str:
    labels = dict(alert.labels)
    name = line(labels.pop(_NAME, "") or "an alert without a name")
    about = next((line(alert.annotations[key]) for key in _ABOUT if alert.annotations.get(key)), "")
    since = f"since {line(alert.starts_at, 40)}" if alert.starts_at else ""
    written = line(_written(dict(sorted(labels.items())[:_LABELS_MAX])))
    return "; ".join(filter(None, (f"{name} {written}".strip(), about, since)))


def _written(labels: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in sorted(labels.items()))


def kept(group: Group, hash_: str) -> dict[str, Any]:
    """What is kept beside the opening and each update, from which the state of the group is told again."""
    return {
        "group": hash_,
        "key": line(group.key),
        "firing": group.digest,
        "firing_count": len(group.firing) + (group.truncated if group.firing else 0),
        "resolved_count": len(group.resolved),
    }


def told(case: Case, group: Group, hash_: str, act: Act, at: datetime) -> Event:
    """An update by monitoring: it answers nothing (SLA-3), and is no word of the customer (FU-5)."""
    data: dict[str, Any] = {"text": update(group), "alert": kept(group, hash_)}
    if act.logged_by:
        data["logged_by"] = act.logged_by
    assert not case.closed, "a closed case takes no update"
    return Event(at, act.by, act.via, Kind.COMMENTED, Visibility.PUBLIC, data)
