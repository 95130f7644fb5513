"""The policy: the desk's promises and habits as data, checked once and then frozen."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from carecli.domain.amount import Amount
from carecli.domain.vocabulary import Metric, Plan, Priority, Status

if TYPE_CHECKING:
    from carecli.domain.pins import PinRule

Targets = Mapping[tuple[Plan, Priority, Metric], Amount]


class MailPolicy(NamedTuple):
    """How mail is treated, as the policy's table has it."""

    quiet_hours: bool
    give_up_after: str
    trusted_servers: Sequence[str]
    quarantine: Sequence[str]
    link_by_case_number: bool
    answers_per_day: int

    @property
    def patience(self) -> timedelta:
        """How long a mail that fails is tried again (MAIL-6)."""
        return timedelta(seconds=Amount.parse(self.give_up_after).plain_seconds)


OLDER_MAIL: Mapping[str, Any] = {
    "give_up_after": "5d",
    "trusted_servers": (),
    "quarantine": ("fail",),
    "link_by_case_number": False,
    "answers_per_day": 3,
}
"""What a policy that was kept before mail came in says of it: nothing, so these hold."""


class AttachmentPolicy(NamedTuple):
    """What files may be attached, as the policy's table has it (ATT-1, ATT-2); sizes in MiB."""

    size_max_mib: int
    count_max: int
    scan_max_mib: int

    @property
    def size_max(self) -> int:
        """The most bytes that a file may have."""
        return self.size_max_mib * MIB

    @property
    def scan_max(self) -> int:
        """How many bytes of a file are looked through for customer data, once unpacked."""
        return self.scan_max_mib * MIB


class RoutingPolicy(NamedTuple):
    """Who gets a new case, and what makes it complete, as the policy's table has it (ROUTE-1)."""

    assign: str
    complete: Sequence[str]
    ask_incomplete: bool


class RequestPolicy(NamedTuple):
    """How soon a change request is acknowledged and decided (SR-1)."""

    acknowledge: str
    decision: str


class IncidentPolicy(NamedTuple):
    """How soon after the service is back a post-mortem is held, and after that the report is sent (INC-2)."""

    post_mortem: str
    report: str


class ChatPolicy(NamedTuple):
    """How long a contact waits for the owner, in seconds, and after how many idle minutes a chat ends (CHAT-1)."""

    wait_s: int
    idle_minutes: int


class AdvisoryPolicy(NamedTuple):
    """When digests of advisories go out, by the reader's clock, and on which day the weekly ones (ADV-1)."""

    digest_time: str
    weekly_on: str


MIB: Final = 1024 * 1024
OLDER_ATTACHMENTS: Mapping[str, Any] = {"size_max_mib": 4096, "count_max": 100, "scan_max_mib": 64}
OLDER_ROUTING: Mapping[str, Any] = {"assign": "nobody", "complete": (), "ask_incomplete": False}
OLDER_REQUESTS: Mapping[str, Any] = {"acknowledge": "1bd", "decision": "2bd"}
OLDER_INCIDENTS: Mapping[str, Any] = {"post_mortem": "2bd", "report": "3bd"}
OLDER_CHAT: Mapping[str, Any] = {"wait_s": 60, "idle_minutes": 30}
OLDER_ADVISORIES: Mapping[str, Any] = {"digest_time": "08:00", "weekly_on": "mon"}
OLDER_PHONE: Mapping[str, Any] = {"pin_tries": 5, "pin_locked": "15m"}
"""What a policy that was kept before there were attachments, a routing, incidents and so on says of them."""


class ChecklistItem(NamedTuple):
    """A question asked before a case is opened, and the short name under which its answer is kept (OPEN-5)."""

    key: str
    question: str


class Policy(NamedTuple):
    """A checked policy document; `document` is the whole of it as JSON, from which its hash is made (SLA-8)."""

    document: Mapping[str, Any]
    targets: Targets
    grace: Amount

    def target(self, plan: Plan, priority: Priority, metric: Metric) -> Amount | None:
        """What is promised, or None where nothing is (SLA-1)."""
        return self.targets.get((plan, priority, metric))

    @property
    def warn_percent(self) -> int:
        """The share of a target at which its clock warns (SLA-7)."""
        return int(self.document["sla"]["warn_at_percent"])

    @property
    def clock_types(self) -> frozenset[str]:
        """The case types that have clocks (SLA-2)."""
        return frozenset(self.document["sla"]["types"])

    @property
    def pauses(self) -> frozenset[Status]:
        """The statuses in which restoration and resolution pause (SLA-4)."""
        return frozenset(Status(name) for name in self.document["sla"]["pause"])

    @property
    def raise_from_open(self) -> bool:
        """Whether a raised severity counts from the opening instead of the raise (SLA-5)."""
        return bool(self.document["sla"]["raise_base"] == "from-open")

    @property
    def stages(self) -> tuple[int, ...]:
        """The days after a request at which the follow-up stages fall; the last one closes (FU-1)."""
        return tuple(self.document["followup"]["stages"])

    @property
    def follow_up_in_business_days(self) -> bool:
        """Whether those days are the account's business days (FU-2)."""
        return bool(self.document["followup"]["days"] == "business")

    @property
    def replays_by_default(self) -> bool:
        """Whether a late tick fires every stage at its nominal time (FU-4)."""
        return bool(self.document["followup"]["catch_up"] == "replay")

    @property
    def quiet_hours(self) -> bool:
        """Whether mail that is not Critical waits for the recipient's business hours (FU-5)."""
        return bool(self.document["mail"]["quiet_hours"])

    @property
    def mail(self) -> MailPolicy:
        """How mail is treated (MAIL-2a, MAIL-3, MAIL-5, MAIL-6)."""
        return MailPolicy(**{**OLDER_MAIL, **self.document["mail"]})

    @property
    def reopen_within_days(self) -> int:
        """How many days after closing a case may be reopened (REO-1)."""
        return int(self.document["reopen"]["within_days"])

    @property
    def refuses_resolved(self) -> bool:
        """Whether a case marked Resolved stays closed for good (REO-2)."""
        return bool(self.document["reopen"]["refuse_resolved"])

    @property
    def opening(self) -> Mapping[str, Any]:
        """Limits and prompts of an opening (OPEN-3, OPEN-4)."""
        opening: Mapping[str, Any] = self.document["opening"]
        return opening

    @property
    def requires_details(self) -> bool:
        """Whether no case is opened without what its sub-type tells in fields of its own (OPEN-4, SR-1)."""
        return bool(self.opening.get("require_details", False))

    def checklist(self, subtype: str) -> tuple[ChecklistItem, ...]:
        """What is asked before a problem or a question is opened; nothing for other cases (OPEN-5)."""
        lines = self.opening.get("checklist", {}).get(subtype, ())
        return tuple(ChecklistItem(*(part.strip() for part in line.split(":", 1))) for line in lines)

    @property
    def offers(self) -> int:
        """How many articles, and how many similar cases, are offered before a case is opened (OPEN-7)."""
        return int(self.opening.get("offers", 3))

    @property
    def attachments(self) -> AttachmentPolicy:
        """What files may be attached (ATT-1, ATT-2)."""
        return AttachmentPolicy(**{**OLDER_ATTACHMENTS, **self.document.get("attachments", {})})

    @property
    def routing(self) -> RoutingPolicy:
        """Who gets a new case, and what makes it complete (ROUTE-1)."""
        return RoutingPolicy(**{**OLDER_ROUTING, **self.document.get("routing", {})})

    @property
    def requests(self) -> RequestPolicy:
        """How soon a change request is acknowledged and decided (SR-1)."""
        return RequestPolicy(**{**OLDER_REQUESTS, **self.document.get("sr", {})})

    @property
    def incidents(self) -> IncidentPolicy:
        """How soon a post-mortem and a report are due (INC-2)."""
        return IncidentPolicy(**{**OLDER_INCIDENTS, **self.document.get("incidents", {})})

    @property
    def chat(self) -> ChatPolicy:
        """How long people wait for each other in a chat (CHAT-1)."""
        return ChatPolicy(**{**OLDER_CHAT, **self.document.get("chat", {})})

    @property
    def advisories(self) -> AdvisoryPolicy:
        """When digests of advisories go out (ADV-1)."""
        return AdvisoryPolicy(**{**OLDER_ADVISORIES, **self.document.get("advisories", {})})

    @property
    def pins(self) -> "PinRule":
        """How many wrong PINs lock one, and for how long (DC-4)."""
        # Imported here: few commands have to do with PINs.
        from carecli.domain.pins import PinRule

        phone = {**OLDER_PHONE, **self.document["phone"]}
        locked = timedelta(seconds=Amount.parse(phone["pin_locked"]).plain_seconds)
        return PinRule(int(phone["pin_tries"]), locked)

    @property
    def phone(self) -> Mapping[str, Any]:
        """Phone numbers, and whether a caller is asked for the PIN (DC-4, OPEN-9)."""
        phone: Mapping[str, Any] = self.document["phone"]
        return phone

    def features(self, plan: Plan) -> tuple[str, ...]:
        """What an account with this plan is entitled to (ACC-1)."""
        return tuple(self.document["plans"][plan.value]["features"])

    def definition(self, priority: Priority) -> str:
        """What the policy says a priority means (SEV-1)."""
        return str(self.document["severity"][priority.value])


def from_document(document: Mapping[str, Any]) -> Policy:
    """Freeze a document that `policy_check.problems` found nothing wrong with."""
    targets = {
        (Plan(plan), Priority(priority), Metric(metric)): Amount.parse(amount)
        for plan, priorities in document["targets"].items()
        for priority, metrics in priorities.items()
        for metric, amount in metrics.items()
        if amount != NO_TARGET
    }
    return Policy(document, targets, Amount.parse(document["followup"]["grace"]))


NO_TARGET = "-"
