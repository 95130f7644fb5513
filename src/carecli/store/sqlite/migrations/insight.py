"""What reports and other programs read the record by.

A later migration that drops or renames a column of `cases` or `events` drops the views first and makes them again:
what they are called and what their columns mean stays, as docs/sql.md promises.
"""

from typing import Final

from sqlite_utils import Database

from carecli.store.sqlite.migrations.registry import RECORD, run

_NUMBER: Final = "printf('%010d', c.number)"
"""A case number as people and JSON write it."""

_PLACE: Final = """c.state ->> '$.account' AS account,
            c.state ->> '$.plan' AS plan,
            c.state ->> '$.contact' AS contact,
            c.state ->> '$.owner' AS owner,
            c.state ->> '$.group' AS product_group"""

_CASES: Final = f"""CREATE VIEW care_cases AS
        SELECT c.number AS case_id,
            {_NUMBER} AS number,
            c.type AS type,
            c.state ->> '$.subtype' AS subtype,
            c.state ->> '$.stage' AS stage,
            c.state ->> '$.subject' AS subject,
            c.texts ->> '$.description' AS description,
            c.texts ->> '$.impact' AS impact,
            {_PLACE},
            c.state ->> '$.deployment' AS deployment,
            c.state ->> '$.service' AS service,
            c.state ->> '$.component' AS component,
            c.state ->> '$.priority' AS priority,
            c.severity AS severity,
            c.status AS status,
            c.state ->> '$.substatus' AS substatus,
            c.closed AS closed,
            c.escalated AS escalated,
            c.confidential AS confidential,
            c.opened_at AS opened_at,
            c.modified_at AS modified_at,
            c.state ->> '$.closed_at' AS closed_at,
            c.state ->> '$.closed_by' AS closed_by,
            c.state ->> '$.via' AS via,
            c.texts ->> '$.root_cause' AS root_cause,
            c.state ->> '$.policy' AS policy,
            c.state ->> '$.calendar' AS calendar,
            c.state ->> '$.seq' AS events
        FROM cases AS c"""  # noqa: S608 - no input

# A clock whose due time has gone by and that no tick has looked at since stands as the record has it: running.
_CLOCKS: Final = f"""CREATE VIEW care_clocks AS
        SELECT c.number AS case_id,
            {_NUMBER} AS number,
            {_PLACE},
            k.value ->> '$.metric' AS metric,
            k.value ->> '$.cycle' AS cycle,
            k.value ->> '$.priority' AS priority,
            k.value ->> '$.target' AS target,
            k.value ->> '$.state' AS state,
            k.value ->> '$.started_at' AS started_at,
            k.value ->> '$.due_at' AS due_at,
            k.value ->> '$.warn_at' AS warn_at,
            k.value ->> '$.warned_at' AS warned_at,
            k.value ->> '$.breached_at' AS breached_at,
            k.value ->> '$.met_at' AS met_at,
            k.value ->> '$.paused_at' AS paused_at,
            k.value ->> '$.cancelled_at' AS cancelled_at,
            k.value ->> '$.cancelled' AS cancelled,
            unixepoch(k.value ->> '$.due_at') - unixepoch(k.value ->> '$.met_at') AS margin_s
        FROM cases AS c, json_each(c.state, '$.clocks') AS k"""  # noqa: S608 - no input

_BREACHES: Final = """CREATE VIEW care_breaches AS
        SELECT k.case_id, k.number, k.account, k.plan, k.contact, k.owner, k.product_group,
            k.metric, k.cycle, k.priority, k.target, k.due_at, k.breached_at, k.met_at,
            max(0, -k.margin_s) AS late_s,
            k.met_at IS NULL AND k.cancelled_at IS NULL AND c.closed = 0 AS standing
        FROM care_clocks AS k JOIN cases AS c ON c.number = k.case_id
        WHERE k.breached_at IS NOT NULL"""

_FOLLOW_UPS: Final = f"""CREATE VIEW care_follow_ups AS
        SELECT e.number AS case_id,
            {_NUMBER} AS number,
            {_PLACE},
            e.data ->> '$.round' AS round,
            e.data ->> '$.stage' AS stage,
            e.data ->> '$.action' AS action,
            'sent' AS state,
            e.data ->> '$.due_at' AS due_at,
            e.at AS sent_at
        FROM events AS e JOIN cases AS c ON c.number = e.number
        WHERE e.kind = 'follow-up-sent'
        UNION ALL
        SELECT c.number,
            {_NUMBER},
            {_PLACE},
            c.state ->> '$.followup.round',
            (c.state ->> '$.followup.stage') + 1,
            NULL,
            iif(c.held, 'held', 'waiting'),
            c.state ->> '$.followup.next_at',
            NULL
        FROM cases AS c
        WHERE c.state ->> '$.followup.round' IS NOT NULL"""  # noqa: S608 - no input

_EVENTS: Final = """CREATE VIEW care_events AS
        SELECT position,
            number AS case_id,
            CASE WHEN number IS NULL THEN NULL ELSE printf('%010d', number) END AS number,
            seq, at, actor, via, kind, visibility, data, digest
        FROM events"""


VIEWS: Final = {
    "care_cases": _CASES,
    "care_clocks": _CLOCKS,
    "care_breaches": _BREACHES,
    "care_follow_ups": _FOLLOW_UPS,
    "care_events": _EVENTS,
}


def _told(key: str) -> str:
    """A value of an event's data; what is no JSON any more is for `care verify` to name, not for an index."""
    return f"CASE WHEN json_valid(data) THEN data ->> '$.{key}' END"


@RECORD(name="0018_views")
def views(db: Database) -> None:
    """Views that other programs may rely on: what they are called, and their columns, stay (EXP-1)."""
    run(db, *VIEWS.values())


@RECORD(name="0019_reports")
def reports(db: Database) -> None:
    """Cases by their opening, which is what a report's period counts by, and what of their events (RPT-1)."""
    run(
        db,
        "CREATE INDEX cases_by_opened ON cases (opened_at)",
        # All that is asked for stands in it: a report would have to fetch most of the log from the disk otherwise.
        f"""CREATE INDEX events_steps ON events (
            number, seq, at, kind, actor,
            {_told("status")}, {_told("substatus")}, {_told("action")}, {_told("calendar")}
        ) WHERE kind IN ('follow-up-sent', 'rebased') OR {_told("substatus")} IS NOT NULL""",
    )
