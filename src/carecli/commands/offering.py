"""What may spare a case that is about to be opened: articles, advisories, open cases (OPEN-7, OPEN-11)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.domain.advisory import Advisory
    from carecli.domain.case import Case
    from carecli.domain.knowledge import ArticleHit
    from carecli.domain.opening import Form
    from carecli.domain.similar import Similar

ALIKE: Final = 0.25
"""From which likeness on a case is worth a look, as measured with `care similar`."""


def articles(desk: "Desk", form: "Form", limit: int) -> "Sequence[ArticleHit]":
    """The articles that may answer what the form asks, the best first (OPEN-7)."""
    if not limit:
        return ()
    from carecli.desk.knowledge import articles

    return articles.offered(desk, f"{form.subject}\n{form.description}", service=form.service, limit=limit)


def advisories(desk: "Desk", form: "Form", limit: int) -> "Sequence[Advisory]":
    """The open advisories that may be about what the form tells, the best first (OPEN-7, ADV-1)."""
    if not limit:
        return ()
    from carecli.desk import choosing
    from carecli.desk.advisories import reading

    text = f"{form.subject}\n{form.description}"
    account = choosing.account_of(desk, form)
    return reading.offered(desk, text, account=account, service=form.service, limit=limit)


def in_trouble(desk: "Desk", form: "Form") -> "Sequence[Advisory]":
    """The known issues and maintenance that are open for the form's account and service (OPEN-5, ADV-1)."""
    from carecli.desk import choosing
    from carecli.desk.advisories import reading

    return reading.open_for(desk, choosing.account_of(desk, form), form.service)


def cases(desk: "Desk", form: "Form", limit: int) -> "Sequence[Similar]":
    """The open cases of the account that are like the form; a near one whatever the limit (OPEN-11)."""
    from carecli.desk import choosing, similar

    found = similar.similar(
        desk,
        subject=form.subject or "",
        description=form.description or "",
        account=choosing.account_of(desk, form),
        service=form.service,
        open_only=True,
        limit=max(limit, 1),
    )
    return [case for case in found if case.near or (limit and case.likeness >= ALIKE)]


def same_issue(desk: "Desk", case: "Case") -> "Similar | None":
    """An open case of the account that is almost surely about the same issue as one just opened (OPEN-11)."""
    from carecli.desk import similar

    found = similar.similar(
        desk,
        subject=case.subject,
        description=case.description,
        account=case.account,
        service=case.service,
        number=case.number,
        limit=1,
    )
    return next((other for other in found if other.near), None)
