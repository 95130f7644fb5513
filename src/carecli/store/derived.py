"""Which tables hold what is derived from events, and so can be held against them and made anew (AUD-1)."""

from typing import Final, NamedTuple

from carecli.domain.timers import TimerKind
from carecli.domain.verify import Part
from carecli.store.timers import OF_CASES_ALONE


class Table(NamedTuple):
    """A table of derived rows: its part of the record, and the column by which rows of one thing are found."""

    name: str
    part: Part
    key: str
    columns: str = "*"
    many: bool = False
    where: str = "TRUE"
    alone: bool = True
    """Whether the columns are all there is; else mending keeps what the others hold."""


class Rows(NamedTuple):
    """A table, or a part of one, whose rows are known by all they hold, and told by their first two columns."""

    name: str
    part: Part
    where: str = "TRUE"


OF_A_CASE: Final = (
    Table("cases", Part.CASE, "number"),
    Table("timers", Part.TIMERS, "number", many=True, where=OF_CASES_ALONE),
    Table("standing", Part.CLOCK_MARKS, "number", many=True),
    Table("late_deadlines", Part.DEADLINES, "number", many=True),
    Table("search", Part.SEARCH, "rowid", "subject, description, updates"),
    Table("search_notes", Part.SEARCH, "rowid", "notes"),
    Table("article_cases", Part.ARTICLE, "number", many=True),
    Table("attachments", Part.ATTACHMENTS, "number", many=True),
)
# The hash of a PIN stands beside a contact and is in no event.
PEOPLE: Final = (
    Table("accounts", Part.ACCOUNT, "name"),
    Table("contacts", Part.CONTACT, "email", "email, account, document", alone=False),
    Table("staff", Part.STAFF, "email"),
)
SETTINGS: Final = Table("desk", Part.SETTINGS, "name")
KNOWLEDGE: Final = (
    Table("articles", Part.ARTICLE, "id"),
    Table("search_articles", Part.ARTICLE, "rowid", "title, keywords, body"),
    Table("search_public_articles", Part.ARTICLE, "rowid", "title, keywords, body"),
)
OF_ARTICLES: Final = tuple(
    Rows(name, Part.ARTICLE) for name in ("article_versions", "article_votes", "article_words")
)
ADVISORIES: Final = (
    Table("advisories", Part.ADVISORY, "id"),
    Table("advisory_publications", Part.ADVISORY, "place"),
    Table("subscribers", Part.ADVISORY, "id"),
)
OF_ADVISORIES: Final = (
    *(Rows(name, Part.ADVISORY) for name in ("advisory_reads", "advisory_told", "subscriptions")),
    Rows("owed_advisories", Part.ADVISORY),
    Rows("timers", Part.TIMERS, f"kind = {TimerKind.DIGEST}"),
)
EXTERNALS: Final = Rows("externals", Part.EXTERNALS)
ALERTS: Final = Table("alerts", Part.ALERTS, "group_hash")

SEARCHES: Final = ("search", "search_notes", "search_articles", "search_public_articles")
DERIVED: Final = frozenset(
    {
        *(table.name for table in (*OF_A_CASE, *PEOPLE, *KNOWLEDGE, *ADVISORIES, SETTINGS, ALERTS)),
        *(rows.name for rows in (*OF_ARTICLES, *OF_ADVISORIES, EXTERNALS)),
        *("documents", "calendar_digests", "tallies", "counters"),
        *("components", "component_features", "component_examples", "component_progress"),
    }
)
"""Every table that can be made anew; what another holds is nobody's to make up again, such as mail."""

NUMBERED: Final = (
    "SELECT number FROM events WHERE number IS NOT NULL UNION SELECT number FROM cases"  # noqa: S608 - no input
    # Mail and digests about no case have timers of the number 0.
    f" UNION SELECT number FROM timers WHERE number <> 0 OR {OF_CASES_ALONE} UNION SELECT number FROM standing"
    " UNION SELECT number FROM late_deadlines"
    # Automatic answers to mail are about no case.
    " UNION SELECT number FROM outbox WHERE number IS NOT NULL"
    " UNION SELECT number FROM attachments UNION SELECT number FROM externals"
    " UNION SELECT rowid FROM search UNION SELECT rowid FROM search_notes"
    " UNION SELECT number FROM article_cases"
    " ORDER BY number"
)
"""Every number that the log tells of or that anything is stored under."""
