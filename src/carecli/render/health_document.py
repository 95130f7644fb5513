"""How the desk is doing, as the JSON that scripts read."""

from typing import Any

from carecli.domain.health import Health, Pulse, Watch
from carecli.domain.instants import iso, iso_or_none
from carecli.domain.numbers import written
from carecli.domain.seal import Proved
from carecli.domain.verify import Difference, RepairReport, VerifyReport

Document = dict[str, Any]


def verified(report: VerifyReport) -> Document:
    """What was looked at, what differs, the log's seal where asked for, and what seals show (AUD-1)."""
    return {
        "cases": report.cases,
        "events": report.events,
        "differences": [_difference(found) for found in report.differences],
        "seal": str(report.seal) if report.seal else None,
        "proofs": [_proof(one) for one in report.proofs],
    }


def repaired(report: RepairReport) -> Document:
    """What was put right of what is derived, and what is left (AUD-1)."""
    return {
        "cases": report.cases,
        "events": report.events,
        "dry_run": report.dry_run,
        "mended": [_difference(found) for found in report.mended],
        "left": [_difference(found) for found in report.left],
    }


def _proof(one: Proved) -> Document:
    return {
        "seal": str(one.seal),
        "position": one.seal.position,
        "proof": one.proof.value,
        "events": one.length,
        "event": one.event,
    }


def _difference(found: Difference) -> Document:
    return {
        "number": None if found.number is None else written(found.number),
        "part": found.part.value,
        "what": found.what,
        "name": found.name,
        "event": found.event,
    }


def examined(health: Health) -> Document:
    """Every finding with its fix, and the figures behind them (AUD-2)."""
    return {
        "sound": health.sound,
        "findings": [
            {"check": one.check, "state": one.state.value, "what": one.what, "fix": one.fix}
            for one in health.findings
        ],
        **_figures(health.pulse),
    }


def watched(pulse: Pulse, line: str) -> Document:
    """What a monitor is told (TICK-4)."""
    return {"status": int(pulse.watch), "state": pulse.watch.name.lower(), "message": line, **_figures(pulse)}


def unknown(line: str) -> Document:
    """What a monitor is told where nothing can be known."""
    return {"status": int(Watch.UNKNOWN), "state": Watch.UNKNOWN.name.lower(), "message": line}


def _figures(pulse: Pulse) -> Document:
    vitals, condition = pulse.vitals, pulse.condition
    return {
        "now": iso(pulse.now),
        "tick": {
            "last_at": iso_or_none(pulse.last_tick_at),
            "age_s": pulse.tick_age_s,
            "late_after_s": pulse.late_after_s,
            "late": pulse.tick_late,
        },
        "timers": {"overdue": vitals.timers_overdue, "next_due_at": iso_or_none(vitals.next_due_at)},
        "mail": {
            "queued": vitals.mail_queued,
            "failed": vitals.mail_failed,
            "stuck": vitals.mail_stuck,
            "given_up": vitals.mail_given_up,
            "bounced": vitals.mail_bounced,
        },
        "held": [written(number) for number in vitals.held],
        "clocks": {
            "warned": vitals.clocks_warned,
            "breached": vitals.clocks_breached,
            "unmarked": vitals.clocks_unmarked,
        },
        "deadlines": {"missed": vitals.deadlines_missed},
        "cases": dict(vitals.cases),
        "database": {
            "path": condition.path,
            "schema": condition.version,
            "bytes": condition.bytes,
            "wal_bytes": condition.wal_bytes,
            "free_bytes": condition.free_bytes,
            "events": pulse.safety.events,
        },
        "backup": {"last_at": iso_or_none(pulse.safety.last_backup_at), "age_s": pulse.backup_age_s},
        "refusals": {"last_day": pulse.safety.refused},
        "pins": {"locked": pulse.safety.pins_locked},
    }
