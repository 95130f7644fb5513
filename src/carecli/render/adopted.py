"""What came of writing another desk's whole log, for people and as JSON (IMP-1)."""

from typing import Any

from carecli.domain.adoption_report import AdoptionReport
from carecli.domain.counting import counted
from carecli.render.sheet import Prose, Section, Tone

LEFT = (
    "PINs of contacts",
    "what SSH keys open: those of the log let nobody in before an admin gives them anew",
    "mail that went out or came in, with its state; its threads and references begin anew",
    "the bytes of attached files",
    "what was learned of components",
    "who is in a chat, what was fetched from a mailbox, and ticks, which are no events",
)
"""What a desk has beside its events, and so does not come with them."""


def adopted(report: AdoptionReport) -> dict[str, Any]:
    """What the log told, and what does not come with it."""
    return {
        "dry_run": report.dry_run,
        "adopted": True,
        "events": report.events,
        "cases": report.cases,
        "accounts": report.accounts,
        "contacts": report.contacts,
        "staff": report.staff,
        "articles": report.articles,
        "advisories": report.advisories,
        "files": report.files,
        "proved": report.proved,
        "last_digest": report.digest,
        "admins": list(report.admins),
        "left_out": list(LEFT),
    }


def adopted_page(report: AdoptionReport, database: str) -> list[Section]:
    """The same for people, with what is still to be done."""
    wrote = "would write" if report.dry_run else "wrote"
    people = ", ".join(
        (
            counted(report.accounts, "account"),
            counted(report.contacts, "contact"),
            f"{report.staff:,} staff",
            counted(report.articles, "article"),
            counted(report.advisories, "advisory", "advisories"),
        )
    )
    told = [
        f"{wrote} {counted(report.events, 'event')} of {counted(report.cases, 'case')} into {database}",
        people,
        "everything derived is as the events say",
        f"last digest {report.digest}" if report.proved else "the lines had no digests: they were made anew",
        f"admins here: {', '.join(report.admins) or 'none'}",
    ]
    if report.files:
        told.append(f"{counted(report.files, 'file')} to bring over: copy the folder beside the other database")
    return [Prose("Import", "\n".join(told), Tone.PLAIN), Prose("Not in the events", "\n".join(LEFT))]
