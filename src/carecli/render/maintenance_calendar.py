"""Maintenance windows as an iCalendar file that calendar programs read (MNT-1, RFC 5545)."""

from hashlib import sha256
from typing import Final

from icalendar import Calendar, Event

from carecli.domain.instants import iso
from carecli.domain.maintenance import Outlook, Planned
from carecli.render.legible import line
from carecli.render.words import zoned_time

_PRODUCT: Final = "-//care//maintenance windows//EN"


def calendar(told: Outlook) -> bytes:
    """Each window as an event of its own, in UTC, so that no program has to know its zone."""
    file = Calendar()
    file.add("prodid", _PRODUCT)
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    whose = f" of {line(told.account)}" if told.account else ""
    file.add("x-wr-calname", f"Maintenance{whose}")
    for one in told.planned:
        file.add_component(_event(one, told))
    return bytes(file.to_ical())


def _event(one: Planned, told: Outlook) -> Event:
    window = one.window
    names = ", ".join(map(line, one.services)) or line(window.product.title)
    event = Event()
    event.add("uid", _uid(one))
    event.add("dtstamp", told.now)
    event.add("dtstart", window.starts_at)
    event.add("dtend", window.ends_at)
    event.add("summary", f"Maintenance: {names}")
    hours = one.advisory or f"{window.product.maintenance} ({window.zone})"
    event.add("description", f"{line(window.product.title)}: {hours}, {_span(one)}.")
    event.add("categories", ["MAINTENANCE"])
    # The service may be away, but nobody's time is taken by it.
    event.add("transp", "TRANSPARENT")
    return event


def _span(one: Planned) -> str:
    window = one.window
    return f"{zoned_time(window.starts_at, window.zone)} to {zoned_time(window.ends_at, window.zone)}"


def _uid(one: Planned) -> str:
    """The same for the same window at each export, so that a calendar program replaces it."""
    named = (one.advisory, "") if one.advisory else (one.window.product.key, iso(one.window.starts_at))
    said = "\0".join((one.account or "", *named))
    return f"{sha256(said.encode()).hexdigest()[:32]}@maintenance.care"
