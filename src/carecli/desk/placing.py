"""Where a case belongs: its deployment, service and component, as the account spells them (ACC-2, OPEN-6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from carecli.domain.opening import Form
from carecli.domain.people import Account, Deployment, Service
from carecli.domain.selection import Selection
from carecli.errors import NotFound

if TYPE_CHECKING:
    from carecli.store.protocol import Reading

Named = TypeVar("Named", Deployment, Service)


class Placed(NamedTuple):
    """A form as the account spells it, with the service that it names and the component chosen for it."""

    form: Form
    service: Service | None
    selection: Selection | None = None


def placed(reading: Reading, form: Form, account: Account) -> Placed:
    """Where a form belongs; raises NotFound for a name that the account does not have (ACC-2)."""
    return _selected(reading, spelt(form, account), account)


def spelt(form: Form, account: Account) -> Placed:
    """The form with deployment, service and component as the account spells them (ACC-2)."""
    if form.deployment and account.deployments:
        deployment = _named(form.deployment, account.deployments, "deployment", account.name)
        form = form._replace(deployment=deployment.name)
        services, owner = deployment.services, deployment.name
    else:
        services, owner = tuple(s for d in account.deployments for s in d.services), account.name
    if not services or form.service is None:
        return Placed(form, None)
    service = _named(form.service, services, "service", owner)
    form = form._replace(service=service.name, component=_component(form.component, service))
    return Placed(form, service)


def _selected(reading: Reading, placed: Placed, account: Account) -> Placed:
    """The form with the component that its words speak for, where none is named and there are any (OPEN-6)."""
    form, service = placed.form, placed.service
    if form.component or service is None:
        return placed
    known = known_components(reading, account, service)
    if not known:
        return placed
    found = weighed(reading, form, known)
    return Placed(form._replace(component=found.component), service, found)


def known_components(reading: Reading, account: Account, service: Service) -> Sequence[str]:
    """The components that a case of the service may be about: those listed, else those of the account's cases."""
    return service.components or tuple(reading.components_seen(account.name, service.name))


def weighed(reading: Reading, form: Form, known: Sequence[str]) -> Selection:
    """Which of the components the words of a form speak for, best first (OPEN-6)."""
    # Imported here: where a component is named, or there is none, nothing is weighed.
    from carecli.desk.components import selecting

    return selecting.select(
        reading, candidates=known, subject=form.subject or "", description=form.description or ""
    )


def _named(name: str, known: Sequence[Named], what: str, owner: str) -> Named:
    for one in known:
        if one.name.casefold() == name.strip().casefold():
            return one
    names = ", ".join(one.name for one in known)
    raise NotFound(f"{owner} has no {what} {name[:80]!r}", hint=f"it has: {names}", rule="ACC-2")


def _component(name: str | None, service: Service) -> str | None:
    if name is None or not service.components:
        return name
    for component in service.components:
        if component.casefold() == name.strip().casefold():
            return component
    names = ", ".join(service.components)
    raise NotFound(f"{service.name} has no component {name[:80]!r}", hint=f"it has: {names}", rule="ACC-2")
