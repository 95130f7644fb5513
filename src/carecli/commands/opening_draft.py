"""From what a command line says to a case: the draft, completed where somebody can be asked (OPEN-3, OPEN-4)."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from carecli.commands import attaching, drafts, opening_file, opening_told, options
from carecli.commands.drafts import Draft
from carecli.commands.instants import parse
from carecli.commands.invocation import Invocation
from carecli.domain.instants import iso, whole_seconds
from carecli.domain.numbers import parse_number
from carecli.domain.opening import Form
from carecli.domain.vocabulary import Via

if TYPE_CHECKING:
    from carecli.commands.questions import Ended, Questions
    from carecli.desk.attachments.taking import Files
    from carecli.desk.desk import Desk
    from carecli.domain.attaching import Staged

ROOM: Final = (40, 12)
"""The columns and lines without which the form has no place."""


class Given(NamedTuple):
    """What a command line says of a case: the form's answers, and what it has no place for.

    `files` are taken in with `redact` or `confirm` as the answer to what is found in them (ATT-2).
    """

    answers: dict[str, Any]
    extra: dict[str, str]
    files: tuple[str, ...]
    redact: bool
    confirm: bool
    via: Via | None
    follows: int | None
    yes: bool


def opened(invocation: Invocation, desk: "Desk", given: Given, *, resume: bool) -> None:
    """Ask for what is missing where somebody can be asked, open the case, and tell of it."""
    from carecli.desk import intake

    draft = _draft(invocation, desk, given, resume=resume)
    via, follows = options.channel(draft.beside.get("via")), draft.beside.get("follows")
    before = parse_number(follows) if follows else None
    # What is said about files without a file is refused before anything is asked.
    attaching.given(invocation, list(draft.attach), given.redact, given.confirm)
    with drafts.kept(draft, invocation, desk.actor.email):
        ended, staged = _completed(invocation, desk, draft, given, via, before)
        if invocation.interactive and invocation.now is None:
            # The case is opened when the questions are answered, not when they were asked.
            desk = desk.at(whole_seconds(datetime.now(UTC)))
        if ended is not None:
            opening_told.ended(invocation, desk, draft.form, ended, _files(invocation, draft.attach, given))
            return
        files = _files(invocation, [path for path in draft.attach if path not in staged], given)
        if files:
            intake.rehearse(desk, draft.form, via=via, follows=before)
        taken = (*staged.values(), *(_staged(desk, files) if files else ()))
        case = intake.open_case(desk, draft.form, via=via, follows=before, staged=taken)
    opening_told.tell(invocation, desk, case, asked=draft.asked)


def _draft(invocation: Invocation, desk: "Desk", given: Given, *, resume: bool) -> Draft:
    """The draft to go on with, with what this command line says over it; without --resume a new one."""
    beside = {"via": given.via.value if given.via else "", "follows": str(given.follows or "")}
    beside = {name: value for name, value in beside.items() if value}
    if not resume:
        return Draft(_form(given.answers, given.extra, desk), given.files, beside)
    kept = _chosen(invocation, drafts.newest_first(invocation, desk.actor.email))
    known = opening_file.checked(str(kept.file), kept.document)
    answers = known | given.answers | {"checklist": known.get("checklist", {}) | given.answers["checklist"]}
    draft = Draft(_form(answers, given.extra, desk), (*known.get("attach", ()), *given.files))
    draft.beside = {**kept.about.get("beside", {}), **beside}
    draft.begun, draft.passed = dict(kept.about.get("begun", {})), list(kept.about.get("passed", ()))
    draft.file, draft.asked = kept.file, True
    return draft


def _chosen(invocation: Invocation, kept: Sequence[drafts.Kept]) -> drafts.Kept:
    """The only draft, or of several the one that is chosen; nobody to ask means the newest."""
    if len(kept) == 1 or not invocation.interactive:
        return kept[0]
    from carecli.commands import prompts

    lines = {str(place): draft.line for place, draft in enumerate(kept)}
    return kept[int(prompts.choice("Which one", list(lines), lines))]


def _completed(
    invocation: Invocation, desk: "Desk", draft: Draft, given: Given, via: Via | None, follows: int | None
) -> "tuple[Ended | None, dict[str, Staged]]":
    """Ask for what is missing, where somebody can be asked: what it came to, and the files taken in meanwhile."""
    if not invocation.interactive:
        return None, {}
    from carecli.commands.questions import Questions

    asking = Questions(invocation, desk, draft)
    asking.check(via, follows)
    if not asking.lacking() and not draft.asked:
        return None, {}
    if not _roomy(invocation):
        return asking.complete(yes=given.yes), {}
    return _guided(asking, via, given)


def _guided(asking: "Questions", via: Via | None, given: Given) -> "tuple[Ended | None, dict[str, Staged]]":
    # Imported here: nobody but who fills in the form waits for what lays it out.
    from carecli.commands.guided.form import filled_in

    return filled_in(asking, via, confirmed=given.yes)


def _roomy(invocation: Invocation) -> bool:
    """Whether the terminal can show the form; else questions are asked in lines."""
    if invocation.environ.get("TERM", "dumb") in {"dumb", "unknown", ""}:
        return False
    screen = invocation.screen(sys.stderr)
    return screen.width >= ROOM[0] and screen.height >= ROOM[1]


def _files(invocation: Invocation, paths: Sequence[str], given: Given) -> "Files | None":
    """Files that were named beforehand, and what is to be done about customer data in them (ATT-2)."""
    return attaching.given(invocation, list(paths), given.redact, given.confirm) if paths else None


def _staged(desk: "Desk", files: "Files") -> "tuple[Staged, ...]":
    """Files taken in and looked through (ATT-1, ATT-2)."""
    from carecli.desk.attachments import taking

    return taking.stage(desk, files.paths, files.how)


def _form(answers: dict[str, Any], extra: dict[str, str], desk: "Desk") -> Form:
    """The form that the answers make, moments being read in the desk's zone."""
    form = opening_file.form(answers, extra)
    if "observed_at" not in answers:
        return form
    seen = iso(parse(answers["observed_at"], zone=desk.zone, now=desk.now))
    return form._replace(fields={**form.fields, "observed_at": seen})
