"""How the opening of a case is answered: by the new case, or by what made it needless."""

import sys
from typing import TYPE_CHECKING

from carecli.commands import attaching, offering
from carecli.commands.casework import told
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import written
from carecli.domain.vocabulary import Via
from carecli.render import legible

if TYPE_CHECKING:
    from carecli.commands.questions import Ended
    from carecli.desk.attachments.taking import Files
    from carecli.desk.desk import Desk
    from carecli.desk.intake import Opened
    from carecli.domain.case import Case
    from carecli.domain.opening import Form


def ended(
    invocation: Invocation, desk: "Desk", form: "Form", ended: "Ended", files: "Files | None" = None
) -> None:
    """Answer where the questions came to no new case; `files` go to the case that it is (OPEN-7, OPEN-11)."""
    if ended.deflected:
        deflected(invocation, desk, ended.deflected, form.subject or "")
        return
    from carecli.desk import cases

    assert ended.number is not None, "it is an article or a case"
    staff = not desk.actor.is_contact
    view = cases.update(
        desk,
        ended.number,
        "\n\n".join(filter(None, (form.description, form.impact))),
        via=Via.PHONE if staff else None,
        contact=form.contact if staff else None,
        files=files,
    )
    attaching.told(invocation, desk, view, "updated", attaching.newest(view, files))


def deflected(invocation: Invocation, desk: "Desk", label: str, subject: str) -> None:
    """Record that an article or an advisory spared a case (OPEN-7)."""
    # Imported here: few openings end so.
    from carecli.domain.advisory import LABEL

    solved = _by_advisory if label.strip().upper().startswith(LABEL) else _by_article
    known = solved(desk, label, subject)
    invocation.done({"deflected": known}, f"no case was opened: {known} solved it, which is counted")


def _by_article(desk: "Desk", label: str, subject: str) -> str:
    from carecli.desk.knowledge import articles

    article = articles.show(desk, label).article
    articles.deflected(desk, article.label, subject)
    return article.label


def _by_advisory(desk: "Desk", label: str, subject: str) -> str:
    from carecli.desk.advisories import reading

    return reading.deflected(desk, label, subject).label


def tell(invocation: Invocation, desk: "Desk", opened: "Opened", *, asked: bool) -> None:
    """Answer with the new case; who was `asked` has seen what else there is to know."""
    for notice in opened.notices:
        invocation.notice(notice)
    chosen = opened.selection
    if chosen and chosen.component and invocation.watched and not asked:
        best, *others = (candidate.component for candidate in chosen.candidates)
        beside = f" (next best: {', '.join(others[:2])})" if others else ""
        invocation.notice(f"component: {best}{beside}; --component overrides")
    if invocation.watched and not asked:
        _tell_near(invocation, desk, opened.view.case)
        _tell_known(invocation, desk, opened.view.case)
    if invocation.quiet and not invocation.json:
        sys.stdout.write(written(opened.view.case.number) + "\n")
    told(invocation, desk, opened.view, "opened")


def _tell_known(invocation: Invocation, desk: "Desk", case: "Case") -> None:
    """Point out the open advisory that fits the case best (OPEN-7, ADV-1)."""
    from carecli.desk.advisories import reading

    text = f"{case.subject}\n{case.description}"
    for one in reading.offered(desk, text, account=case.account, service=case.service, limit=1):
        title = legible.line(one.text.title)
        invocation.notice(f"{title} is known: care advisory show {one.label}")


def _tell_near(invocation: Invocation, desk: "Desk", case: "Case") -> None:
    """Point out an open case of the account that is almost surely the same issue (OPEN-11)."""
    other = offering.same_issue(desk, case)
    if other:
        number = written(other.number)
        invocation.notice(f"{number} {legible.line(other.subject)} is open already and looks like the same issue")
