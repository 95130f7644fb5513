"""What the guided form asks, in words: kinds of cases, fields, stages."""

from collections.abc import Mapping
from typing import Final

from carecli.domain.vocabulary import CaseType, Stage

KINDS: Final = (
    (CaseType.SUPPORT, "problem", "Problem", "Something does not work as it should."),
    (CaseType.SUPPORT, "question", "Question", "How something is done, or why it is as it is."),
    (CaseType.SERVICE_REQUEST, "password-reset", "Service request: password reset", ""),
    (CaseType.SERVICE_REQUEST, "change-request", "Service request: change request", ""),
    (CaseType.SERVICE_REQUEST, "new-project", "Service request: new project", ""),
    (CaseType.SERVICE_REQUEST, "service-order", "Service request: service order", ""),
    (CaseType.SERVICE_REQUEST, "data-privacy", "Service request: data privacy", ""),
    (CaseType.FEATURE_REQUEST, None, "Feature request", "Something that the service should learn to do."),
    (CaseType.ADMIN, None, "Administration", "Accounts, contacts, contracts."),
)
ASKED: Final[Mapping[str, tuple[str, str]]] = {
    "deployment": ("Deployment", "The cloud deployment that it is about."),
    "service": ("Service", "The cloud service that it is about."),
    "stage": ("Implementation stage", "Is it in use, or being tested?"),
    "priority": ("Priority", ""),
    "account": ("Account", "The customer on whose behalf the case is opened."),
    "contact": ("Contact", "The Designated Contact who asked for it."),
    "users_affected": ("Users affected", "How many users does it affect?"),
    "frequency": ("Frequency", "How often does it happen: always, one call in five, once a day?"),
    "observed_at": ("First observed", "When was it first seen: 'today 9am', 'mon 14:30', 2026-03-02T09:30Z?"),
    "steps": ("Steps", "What does one do to make it happen, step by step?"),
    "troubleshooting": ("Troubleshooting", "What was tried so far, and what came of it?"),
    "local_contact": ("Local contact", "Whom can we call on site: a name and a number?"),
    "hours_location": ("Hours and location", "When and where do those who are affected work?"),
}
"""The title and the question of each field."""
STAGES: Final[Mapping[str, str]] = {
    Stage.PRODUCTION.value: "In use by your customers or your people.",
    Stage.UAT.value: "A test system, before it is taken into use.",
}
SUBTYPES: Final[Mapping[str, str]] = {
    "access-level": "Another level of access for somebody at the account.",
    "contact-data": "Another name or telephone number of a contact.",
    "pin-reset": "A forgotten PIN is taken away, so that a new one can be set.",
    "login": "Somebody cannot log in.",
    "portal": "Something about the portal itself.",
}
"""What the sub-types of admin cases mean."""
