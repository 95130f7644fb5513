"""What an account has bought, from what is typed: deployments, their services and components (ACC-2)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from carecli.desk.names import product_name
from carecli.domain.people import Deployment, Service
from carecli.errors import Invalid


class Wanted(NamedTuple):
    """A service as it was typed: `[DEPLOYMENT/]NAME[=PRODUCT GROUP]`."""

    deployment: str | None
    name: str
    group: str


def with_products(
    known: Sequence[Deployment], deployments: Sequence[str], services: Sequence[str], components: Sequence[str]
) -> tuple[Deployment, ...]:
    """What is known with what is new: a service goes to the deployment it names, else to all of them."""
    names = list(dict.fromkeys([*(d.name for d in known), *(product_name(n) for n in deployments)]))
    if services and not names:
        raise Invalid("a service belongs to a deployment", hint="add --deployment NAME", rule="ACC-2")
    had = {d.name: d.services for d in known}
    wanted = [_wanted(text, names) for text in services]
    result = tuple(Deployment(n, _merged(had.get(n, ()), _for(n, wanted))) for n in names)
    for text in components:
        result = _with_component(result, text)
    return result


def _wanted(text: str, deployments: Sequence[str]) -> Wanted:
    typed, _, group = text.partition("=")
    first, slash, rest = typed.partition("/")
    if slash and product_name(first) in deployments:
        return Wanted(product_name(first), product_name(rest), product_name(group or rest))
    return Wanted(None, product_name(typed), product_name(group or typed))


def _for(deployment: str, wanted: Sequence[Wanted]) -> Iterator[Service]:
    return (Service(w.name, w.group) for w in wanted if w.deployment in {None, deployment})


def _merged(had: Sequence[Service], new: Iterator[Service]) -> tuple[Service, ...]:
    services = {service.name: service for service in had}
    for service in new:
        old = services.get(service.name)
        services[service.name] = old._replace(group=service.group) if old else service
    return tuple(services.values())


def _with_component(deployments: tuple[Deployment, ...], text: str) -> tuple[Deployment, ...]:
    service, equals, component = text.partition("=")
    if not (equals and any(s.name == product_name(service) for d in deployments for s in d.services)):
        raise Invalid(f"{text[:80]!r} names no component of a service", hint="--component SERVICE=COMPONENT")
    return tuple(
        d._replace(services=tuple(_grown(s, product_name(service), product_name(component)) for s in d.services))
        for d in deployments
    )


def _grown(service: Service, name: str, component: str) -> Service:
    if service.name != name or component in service.components:
        return service
    return service._replace(components=(*service.components, component))
