"""The words of the support desk; each is what scripts read in JSON."""

from enum import StrEnum
from typing import NamedTuple


class CaseType(StrEnum):
    """What a case is about (OPEN-1)."""

    SUPPORT = "support"
    SERVICE_REQUEST = "service-request"
    FEATURE_REQUEST = "feature-request"
    ADMIN = "admin"
    INCIDENT = "incident"


class Stage(StrEnum):
    """Where the customer's implementation stands (OPEN-4)."""

    PRODUCTION = "production"
    UAT = "uat"


class Priority(StrEnum):
    """How urgent a case is; `severity` is the same as a number, 1 the gravest (SEV-1)."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def severity(self) -> int:
        """1 for critical to 4 for low."""
        return SEVERITIES[self]


SEVERITIES = {priority: number for number, priority in enumerate(Priority, start=1)}


class Status(StrEnum):
    """Where a case stands (STAT-1, STAT-2)."""

    OPEN = "open"
    AWAITING_INFO = "awaiting-info"
    SERVICE_RESTORED = "service-restored"
    SOLUTION_PROPOSED = "solution-proposed"
    CLOSED = "closed"
    OPEN_CUSTOMER_CARE = "open-customer-care"
    OPEN_PRODUCT_MANAGEMENT = "open-product-management"


class Substatus(StrEnum):
    """The finer standing within a status (STAT-1, STAT-2)."""

    NEW = "new"
    INVESTIGATION = "investigation"
    CUSTOMER_RESPONDED = "customer-responded"
    INFO_REQUIRED = "info-required-from-customer"
    PENDING_PERMANENT_SOLUTION = "pending-permanent-solution"
    PENDING_RCA = "pending-rca"
    SOLUTION_PROPOSED = "solution-proposed"
    PROBLEM_RESOLVED = "problem-resolved"
    CANCELLED = "cancelled"
    RESOLVED = "resolved"
    REDIRECTED = "redirected"
    UNDER_REVIEW = "under-review"
    FUTURE_CANDIDATE = "future-candidate"
    PLANNED = "planned"
    COMMITTED = "committed"
    DECLINED = "declined"
    DELIVERED = "delivered"
    DUPLICATE = "duplicate"


class Standing(NamedTuple):
    """A status with its sub-status."""

    status: Status
    substatus: Substatus

    @property
    def closed(self) -> bool:
        """Whether nothing more is expected of anybody."""
        return self.status is Status.CLOSED

    @property
    def awaits_customer(self) -> bool:
        """Whether Customer Care has asked the customer for a response (FU-1)."""
        return self.status in {Status.AWAITING_INFO, Status.SOLUTION_PROPOSED} or self in FEATURE_REQUEST_AWAITS


FEATURE_REQUEST_AWAITS = frozenset(
    (status, substatus)
    for status in (Status.OPEN_CUSTOMER_CARE, Status.OPEN_PRODUCT_MANAGEMENT)
    for substatus in (Substatus.INFO_REQUIRED, Substatus.SOLUTION_PROPOSED)
)


class Metric(StrEnum):
    """The three service-level clocks; never folded into one date (SLA-10)."""

    RESPONSE = "response"
    RESTORATION = "restoration"
    RESOLUTION = "resolution"


class Access(StrEnum):
    """What a contact may do (DC-1)."""

    BASIC = "basic"
    READ_ONLY = "read-only"
    READ_WRITE = "read-write"


class Role(StrEnum):
    """What a member of staff may do (DC-5)."""

    AGENT = "agent"
    MANAGER = "manager"
    ADMIN = "admin"


class Plan(StrEnum):
    """An account's support plan (ACC-1)."""

    CARE = "care"
    BUSINESS_CARE = "business-care"


class Via(StrEnum):
    """The channel that an event came through (OPEN-8)."""

    PORTAL = "portal"
    PHONE = "phone"
    EMAIL = "email"
    MONITORING = "monitoring"
    CHAT = "chat"
    DESK = "desk"
    TICK = "tick"


class Visibility(StrEnum):
    """Who reads an event: everybody on the case, or staff alone (DC-3)."""

    PUBLIC = "public"
    INTERNAL = "internal"


class Side(StrEnum):
    """Whose act it is: the customer's, Customer Care's, or time's."""

    CONTACT = "contact"
    STAFF = "staff"
    SYSTEM = "system"


AUTO_FOLLOW_UP = "auto-follow-up"
SYSTEM = "system"
