"""Accounts with what they have bought, their contacts, and the staff who serve them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from carecli.domain.vocabulary import Access, Plan, Role


class CalendarSpec(NamedTuple):
    """How business time is told, before holidays are looked up; None leaves it to the desk (ACC-3)."""

    timezone: str | None = None
    hours: str | None = None
    holidays: str | None = None
    close_on: tuple[str, ...] = ()

    def over(self, base: "CalendarSpec") -> "CalendarSpec":
        """This specification, completed from another."""
        return CalendarSpec(
            timezone=base.timezone if self.timezone is None else self.timezone,
            hours=base.hours if self.hours is None else self.hours,
            holidays=base.holidays if self.holidays is None else self.holidays,
            close_on=tuple(sorted({*base.close_on, *self.close_on})),
        )

    def document(self) -> dict[str, Any]:
        """The specification as JSON."""
        return {
            "timezone": self.timezone,
            "hours": self.hours,
            "holidays": self.holidays,
            "close_on": list(self.close_on),
        }

    @classmethod
    def from_document(cls, doc: Mapping[str, Any]) -> "CalendarSpec":
        """Read what `document` wrote."""
        return cls(doc["timezone"], doc["hours"], doc["holidays"], tuple(doc["close_on"]))


DESK_CALENDAR = CalendarSpec(timezone="UTC", hours="Mon-Fri 09:00-17:00", holidays="")


class Service(NamedTuple):
    """A cloud service of a deployment, in one product group, with its components (ACC-2)."""

    name: str
    group: str
    components: tuple[str, ...] = ()


class Deployment(NamedTuple):
    """A cloud deployment (business unit) of an account with its services (ACC-2)."""

    name: str
    services: tuple[Service, ...] = ()


class Account(NamedTuple):
    """A customer: plan, add-ons, calendar, deployments (ACC-1..4); its name is its identity."""

    name: str
    plan: Plan
    calendar: CalendarSpec = CalendarSpec()
    deployments: tuple[Deployment, ...] = ()
    add_ons: Mapping[str, str] = MappingProxyType({})
    executive: str | None = None
    success_manager: str | None = None
    active: bool = True
    parent: str | None = None
    """The account that it was sold through: its Designated Contacts act on the cases of this one (ACC-5)."""

    def components_of(self, service: str | None, deployment: str | None = None) -> tuple[str, ...]:
        """The components listed for a service: in a deployment, or in all where it is none (ACC-2)."""
        place, name = (deployment or "").casefold(), (service or "").casefold()
        here = [one for one in self.deployments if one.name.casefold() == place] or self.deployments
        services = (s for one in here for s in one.services if s.name.casefold() == name)
        return tuple(dict.fromkeys(component for s in services for component in s.components))

    def document(self) -> dict[str, Any]:
        """The account as JSON."""
        return {
            "name": self.name,
            "plan": self.plan.value,
            "calendar": self.calendar.document(),
            "deployments": [
                {
                    "name": deployment.name,
                    "services": [
                        {"name": s.name, "group": s.group, "components": list(s.components)}
                        for s in deployment.services
                    ],
                }
                for deployment in self.deployments
            ],
            "add_ons": dict(self.add_ons),
            "executive": self.executive,
            "success_manager": self.success_manager,
            "active": self.active,
            # Only where there is one: the document of any other account is what older releases wrote.
            **({"parent": self.parent} if self.parent else {}),
        }

    @classmethod
    def from_document(cls, doc: Mapping[str, Any]) -> "Account":
        """Read what `document` wrote."""
        deployments = tuple(
            Deployment(d["name"], tuple(_service(s) for s in d["services"])) for d in doc["deployments"]
        )
        return cls(
            name=doc["name"],
            plan=Plan(doc["plan"]),
            calendar=CalendarSpec.from_document(doc["calendar"]),
            deployments=deployments,
            add_ons=doc["add_ons"],
            executive=doc["executive"],
            success_manager=doc["success_manager"],
            active=doc["active"],
            parent=doc.get("parent"),
        )


def _service(doc: Mapping[str, Any]) -> Service:
    return Service(doc["name"], doc["group"], tuple(doc["components"]))


class Contact(NamedTuple):
    """A person at an account; with read-write access a Designated Contact (DC-1, DC-2)."""

    email: str
    name: str
    account: str
    access: Access
    trained: bool = False
    phone: str | None = None
    active: bool = True
    ssh_keys: tuple[str, ...] = ()
    """The public keys that let the contact in at the gate, `ssh-ed25519 AAAA...` each."""

    @property
    def designated(self) -> bool:
        """Whether this is an active Designated Contact."""
        return self.active and self.access is Access.READ_WRITE

    def document(self) -> dict[str, Any]:
        """The contact as JSON; a PIN is never part of it (DC-4)."""
        return {
            "email": self.email,
            "name": self.name,
            "account": self.account,
            "access": self.access.value,
            "trained": self.trained,
            "phone": self.phone,
            "active": self.active,
            **_keys(self.ssh_keys),
        }

    @classmethod
    def from_document(cls, doc: Mapping[str, Any]) -> "Contact":
        """Read what `document` wrote."""
        told = {**doc, "access": Access(doc["access"]), "ssh_keys": tuple(doc.get("ssh_keys", ()))}
        return cls(**told)


class Staff(NamedTuple):
    """A member of staff: role and product group (DC-5)."""

    email: str
    name: str
    role: Role
    group: str | None = None
    active: bool = True
    ssh_keys: tuple[str, ...] = ()
    """The public keys that let the member of staff in at the gate."""

    def document(self) -> dict[str, Any]:
        """The member of staff as JSON."""
        return {
            "email": self.email,
            "name": self.name,
            "role": self.role.value,
            "group": self.group,
            "active": self.active,
            **_keys(self.ssh_keys),
        }

    @classmethod
    def from_document(cls, doc: Mapping[str, Any]) -> "Staff":
        """Read what `document` wrote."""
        return cls(**{**doc, "role": Role(doc["role"]), "ssh_keys": tuple(doc.get("ssh_keys", ()))})


def _keys(keys: tuple[str, ...]) -> dict[str, Any]:
    """Only where there are any: the document of anybody else is what older releases wrote."""
    return {"ssh_keys": list(keys)} if keys else {}
