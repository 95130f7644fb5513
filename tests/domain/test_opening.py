"""What a new case must say, and who opens it through which channel (OPEN-1..4, OPEN-8..10)."""

from typing import Any

import pytest
from notation import CALLER, CONTACT, DANA, FORM, SAM, TEXT, policy, rules, when

from carecli.domain import opening
from carecli.domain.access import Act
from carecli.domain.events import Kind
from carecli.domain.folding import evolve
from carecli.domain.linking import Link
from carecli.domain.opening import Form, Place
from carecli.domain.vocabulary import CaseType, Plan, Priority, Side, Via, Visibility
from carecli.errors import Invalid, NotFound, NotPermitted, Refused

POLICY = policy()
PLACE = Place(42, Plan.CARE, "Voice", "policy-hash", "calendar-hash", (Link("follows", 7),))
TEN_WORDS = "one two three four five six seven eight nine ten"


def changed(name: str, text: str | None) -> Form:
    """The complete form with one text changed."""
    change: dict[str, Any] = {name: text}
    return FORM._replace(**change)


def test_a_complete_form_passes() -> None:
    """OPEN-4: a support problem with everything that is required is taken."""
    opening.check(FORM, POLICY)


SUPPORT_PROBLEM = ["account", "deployment", "service", "stage", "priority", "subject", "description", "impact"]


@pytest.mark.parametrize("name", SUPPORT_PROBLEM)
@pytest.mark.parametrize("nothing", [None, "", "  \n"])
def test_each_required_field_is_missed(name: str, nothing: str | None) -> None:
    """OPEN-4: each field that a support problem needs is missed by name, and no other."""
    with pytest.raises(Invalid) as refusal:
        opening.check(changed(name, nothing), POLICY)
    assert (refusal.value.message, refusal.value.rule) == (f"missing: {name}", "OPEN-4")


def test_all_missing_fields_are_named_at_once() -> None:
    """OPEN-4: an empty form is answered with every missing field in one sentence."""
    with pytest.raises(Invalid) as refusal:
        opening.check(Form(), POLICY)
    assert refusal.value.message.removeprefix("missing: ").split(", ") == SUPPORT_PROBLEM


REQUIRED = [
    # type, sub-type, a field that a support problem needs: is it needed here?
    (CaseType.SUPPORT, "question", "impact", False),
    (CaseType.SUPPORT, "question", "stage", False),
    (CaseType.SUPPORT, "question", "service", True),
    (CaseType.SERVICE_REQUEST, None, "subtype", True),
    (CaseType.SERVICE_REQUEST, "change-request", "stage", False),
    (CaseType.FEATURE_REQUEST, None, "subject", True),
    # somebody whose login is broken knows of no deployment
    (CaseType.ADMIN, None, "deployment", False),
    (CaseType.ADMIN, None, "description", True),
]


@pytest.mark.parametrize(("type_", "subtype", "name", "needed"), REQUIRED)
def test_other_types_need_less(type_: CaseType, subtype: str | None, name: str, needed: bool) -> None:
    """OPEN-4: only a support problem needs all of it."""
    assert (name in opening.required(Form(type=type_, subtype=subtype))) == needed


def test_a_form_left_alone_is_a_support_problem() -> None:
    """OPEN-2: type and sub-type default to a support problem."""
    assert (Form().type, opening.subtype(Form())) == (CaseType.SUPPORT, "problem")


@pytest.mark.parametrize("required", [None, False, True])
def test_details_at_once_or_later(required: bool | None) -> None:
    """OPEN-4: a policy kept before says nothing of details; then, as usual, they may follow the opening."""
    known = policy()
    table = {key: value for key, value in known.opening.items() if key != "require_details"}
    said = {} if required is None else {"require_details": required}
    known = known._replace(document={**known.document, "opening": table | said})
    form = FORM._replace(type=CaseType.SERVICE_REQUEST, subtype="password-reset", fields={})
    if not required:
        opening.check(form, known)
        return
    with pytest.raises(Invalid) as refusal:
        opening.check(form, known)
    assert (refusal.value.message, refusal.value.hint) == ("missing: login", "give them with --field login=...")


SUBTYPES = {
    # SPEC, OPEN-2
    CaseType.SUPPORT: ["problem", "question"],
    CaseType.SERVICE_REQUEST: ["password-reset", "change-request", "new-project", "service-order", "data-privacy"],
    CaseType.FEATURE_REQUEST: [],
    # ADM-1
    CaseType.ADMIN: ["access-level", "contact-data", "pin-reset", "login", "portal"],
}


@pytest.mark.parametrize("type_", SUBTYPES)
def test_the_sub_types(type_: CaseType) -> None:
    """OPEN-2: each type takes its own sub-types and refuses those of others, naming its own."""
    every = [name for names in SUBTYPES.values() for name in names]
    for name in [*every, "incident"]:
        form = Form(type=type_, subtype=name)
        if name in SUBTYPES[type_]:
            assert opening.subtype(form) == name
        else:
            with pytest.raises(Invalid) as refusal:
                opening.subtype(form)
            assert all(known in (refusal.value.hint or "") for known in SUBTYPES[type_])


WORDS = [
    # description, words missing (0: taken)
    (TEN_WORDS, 0),
    (TEN_WORDS + " eleven", 0),
    (TEN_WORDS.removesuffix(" ten"), 1),
    ("it broke", 8),
    # line ends and runs of blanks make no words
    ("it \n\n   broke", 8),
]


@pytest.mark.parametrize(("description", "missing"), WORDS)
def test_a_description_has_ten_words(description: str, missing: int) -> None:
    """OPEN-3: a short description is refused with how many words are missing and what to write about."""
    form = FORM._replace(description=description)
    if not missing:
        opening.check(form, POLICY)
        return
    with pytest.raises(Refused, match=f"{missing} more") as refusal:
        opening.check(form, POLICY)
    hint = (refusal.value.hint or "").lower()
    assert all(prompt in hint for prompt in ("experiencing", "errors", "configur"))


@pytest.mark.parametrize(("length", "taken"), [(1, True), (100, True), (101, False), (250, False)])
def test_a_subject_has_at_most_a_hundred_characters(length: int, taken: bool) -> None:
    """OPEN-3: a subject of more than 100 characters is refused with how many there are too many."""
    form = FORM._replace(subject="x" * length)
    if taken:
        opening.check(form, POLICY)
    else:
        with pytest.raises(Refused, match=f"{length - 100} more"):
            opening.check(form, POLICY)


def test_every_complaint_at_once() -> None:
    """OPEN-3: subject and description are complained of together."""
    with pytest.raises(Refused, match=r"(?s)subject.*description"):
        opening.check(FORM._replace(subject="x" * 101, description="it broke"), POLICY)


@pytest.mark.parametrize("name", ["subject", "description", "impact"])
def test_hostile_texts_are_refused(name: str) -> None:
    """OPEN-3: NUL bytes, and escape sequences in a subject, are refused."""
    with pytest.raises(Refused):
        opening.check(changed(name, f"{TEXT[:40]} \0 {TEN_WORDS}"), POLICY)


def test_the_limits_are_policy() -> None:
    """OPEN-3: the limits come from the policy."""
    lax = policy({"opening": {"description_min_words": 2, "subject_max": 200}})
    opening.check(FORM._replace(subject="x" * 200, description="it broke"), lax)


DEMANDS = [
    # least words, most characters: what the questions say
    (10, 100, "at least 10 words", "at most 100 characters"),
    (1, 1, "at least 1 word", "at most 1 character"),
    (0, 200, "", "at most 200 characters"),
]


@pytest.mark.parametrize(("least", "most", "description", "subject"), DEMANDS)
def test_the_demands_are_policy(least: int, most: int, description: str, subject: str) -> None:
    """OPEN-3: what a question demands comes from the policy, and a text that keeps to it has no fault."""
    limits = policy({"opening": {"description_min_words": least, "subject_max": most}})
    asked = [opening.demand(name, limits) for name in ("description", "subject", "impact")]
    assert asked == [description, subject, ""]
    assert not list(opening.faults("description", "word " * least, limits))
    assert not list(opening.faults("subject", "x" * most, limits))
    (fault,) = opening.faults("subject", "x" * (most + 1), limits)
    assert fault.brief == f"{most + 1} characters; at most {most} fit"


def test_a_half_form_is_judged_by_what_it_says() -> None:
    """OPEN-3: what is not answered yet is not complained of, what is answered is."""
    opening.check_answered(Form(description=" "), POLICY)
    with pytest.raises(Refused, match=r"^the description has 1 word: 9 more are needed$"):
        opening.check_answered(Form(description="Broken."), POLICY)


def test_an_incident_is_not_opened() -> None:
    """OPEN-1: an incident is made out of a support case by staff, never opened as one."""
    with pytest.raises((Invalid, Refused)):
        opening.check(FORM._replace(type=CaseType.INCIDENT), POLICY)


@pytest.mark.parametrize("stage", ["prod", "Production ", "staging"])
def test_an_implementation_stage_is_production_or_uat(stage: str) -> None:
    """OPEN-4: the implementation stage is `production` or `uat`."""
    with pytest.raises((Invalid, Refused)):
        opening.check(FORM._replace(stage=stage), POLICY)


NUMBER = "+1 555 010 0177"
CHANNELS = [
    # plan, side, via, priority: is it taken?
    # the portal, for every account
    (Plan.CARE, Side.CONTACT, Via.PORTAL, Priority.HIGH, True),
    (Plan.BUSINESS_CARE, Side.CONTACT, Via.PORTAL, Priority.LOW, True),
    # the phone, logged by staff: Business Care at all times, Care for Critical only
    (Plan.BUSINESS_CARE, Side.STAFF, Via.PHONE, Priority.CRITICAL, True),
    (Plan.BUSINESS_CARE, Side.STAFF, Via.PHONE, Priority.LOW, True),
    (Plan.CARE, Side.STAFF, Via.PHONE, Priority.CRITICAL, True),
    (Plan.CARE, Side.STAFF, Via.PHONE, Priority.HIGH, False),
    (Plan.CARE, Side.STAFF, Via.PHONE, Priority.LOW, False),
    # a type that has no priority is not Critical
    (Plan.CARE, Side.STAFF, Via.PHONE, None, False),
    # a contact logs no phone call, sends no alert, opens nothing by mail
    (Plan.BUSINESS_CARE, Side.CONTACT, Via.PHONE, Priority.HIGH, False),
    (Plan.BUSINESS_CARE, Side.CONTACT, Via.MONITORING, Priority.HIGH, False),
    (Plan.BUSINESS_CARE, Side.CONTACT, Via.EMAIL, Priority.HIGH, False),
    # platform monitoring
    (Plan.CARE, Side.STAFF, Via.MONITORING, Priority.HIGH, True),
    (Plan.CARE, Side.STAFF, Via.EMAIL, Priority.HIGH, False),
]


@pytest.mark.parametrize(("plan", "side", "via", "priority", "taken"), CHANNELS)
def test_the_channels(plan: Plan, side: Side, via: Via, priority: Priority | None, taken: bool) -> None:
    """OPEN-8: portal for all, phone by plan and severity, and mail never opens a case."""
    if taken:
        opening.check_channel(priority, plan, side, via, NUMBER)
    else:
        with pytest.raises(Refused) as refusal:
            opening.check_channel(priority, plan, side, via, NUMBER)
        assert refusal.value.rule == "OPEN-8"


@pytest.mark.parametrize("plan", Plan)
@pytest.mark.parametrize("via", [Via.PORTAL, Via.PHONE])
def test_a_contact_does_not_open_critical(plan: Plan, via: Via) -> None:
    """OPEN-9: a contact who asks for Critical is told to submit High and call, with the number."""
    with pytest.raises(Refused) as refusal:
        opening.check_channel(Priority.CRITICAL, plan, Side.CONTACT, via, NUMBER)
    hint = refusal.value.hint or ""
    assert refusal.value.rule == "OPEN-9"
    assert "high" in hint.lower()
    assert f"call {NUMBER} " in hint


@pytest.mark.parametrize("priority", [Priority.HIGH, Priority.MEDIUM, Priority.LOW])
def test_a_contact_opens_with_the_other_priorities(priority: Priority) -> None:
    """OPEN-9: a contact opens with High, Medium or Low."""
    opening.check_channel(priority, Plan.CARE, Side.CONTACT, Via.PORTAL, NUMBER)


def test_a_critical_case_names_who_is_available() -> None:
    """OPEN-9: a Critical case records the contact who is available at all times, by default its own."""
    by_phone = Act(DANA, Side.STAFF, Via.PHONE, logged_by=SAM)
    critical = opening.opened(FORM._replace(priority=Priority.CRITICAL), PLACE, by_phone, when("Mon 09:00"))
    assert critical.data["fields"]["available_contact"] == DANA
    named = FORM._replace(priority=Priority.CRITICAL, fields={"available_contact": "lee@abc.example"})
    assert opening.opened(named, PLACE, by_phone, when("Mon 09:00")).data["fields"] == named.fields
    assert "available_contact" not in opening.opened(FORM, PLACE, CONTACT, when("Mon 09:00")).data["fields"]


@pytest.mark.parametrize("type_", CaseType)
def test_an_opening_is_one_event_that_holds_it_all(type_: CaseType) -> None:
    """STAT-4: the opening says who, when, how and what; the case that it makes says the same."""
    fields = {"users_affected": 12, "steps": "call, wait"}
    form = FORM._replace(type=type_, subtype=None, component="IVR", fields=fields)
    event = opening.opened(form, PLACE, CALLER, when("Mon 09:00"))
    case = evolve(None, event, rules())
    assert (event.kind, event.visibility, event.actor) == (Kind.OPENED, Visibility.PUBLIC, CALLER.by)
    assert (event.via, event.data["logged_by"], event.at) == (Via.PHONE, SAM, when("Mon 09:00"))
    for name in (
        "account",
        "deployment",
        "service",
        "component",
        "contact",
        "stage",
        "subject",
        "description",
        "impact",
    ):
        assert getattr(case, name) == getattr(form, name)
    assert (case.number, case.seq, case.type, case.priority) == (42, 1, type_, Priority.HIGH)
    assert (case.plan, case.group, case.policy, case.calendar) == (
        Plan.CARE,
        "Voice",
        "policy-hash",
        "calendar-hash",
    )
    assert (case.links, case.fields, case.owner, case.rounds) == ((Link("follows", 7),), fields, None, 0)
    assert (case.opened_at, case.modified_at, case.closed_at) == (event.at, event.at, None)
    first = "open-customer-care" if type_ is CaseType.FEATURE_REQUEST else "open"
    assert case.standing == (first, "new")


def test_errors_tell_scripts_what_they_are() -> None:
    """OPEN-4: a missing field is a usage error (2), a rule's refusal 5, no such thing 3, not permitted 4."""
    statuses = [int(error.exit_status) for error in (Invalid, NotFound, NotPermitted, Refused)]
    assert statuses == [2, 3, 4, 5]
    assert Refused("no", hint="do", rule="X-1").document() == {
        "error": {"code": "refused", "rule": "X-1", "message": "no", "hint": "do"}
    }


@pytest.mark.parametrize(
    ("type_", "subtype", "beside"),
    [
        (CaseType.SUPPORT, "problem", opening.ANSWERS),
        (CaseType.SUPPORT, "question", ("local_contact",)),
        (CaseType.SERVICE_REQUEST, "password-reset", ("users_affected", "local_contact")),
        (CaseType.SERVICE_REQUEST, "data-privacy", ("local_contact",)),
        (CaseType.FEATURE_REQUEST, None, ("users_affected",)),
        (CaseType.ADMIN, None, ("local_contact",)),
    ],
)
def test_what_each_kind_is_asked_beside(type_: CaseType, subtype: str | None, beside: tuple[str, ...]) -> None:
    """OPEN-4: what nobody must answer is asked for where it has a meaning."""
    assert opening.optional(Form(type=type_, subtype=subtype)) == beside


def test_the_checklist_of_a_kind() -> None:
    """OPEN-5: answers belong to the questions of that kind of case; others are named, with those there are."""
    opening.check(FORM._replace(checklist={"help": True, "reproduced": False}), POLICY)
    asked = FORM._replace(subtype="question", checklist={"help": True, "reproduced": False})
    with pytest.raises(Invalid) as refusal:
        opening.check(asked, POLICY)
    assert (refusal.value.rule, "checklist of question: 'reproduced'" in refusal.value.message) == ("OPEN-5", True)
    assert refusal.value.hint == "it has: help, guides, defined"
    with pytest.raises(Invalid, match="checklist of admin: 'help'"):
        opening.check(FORM._replace(type=CaseType.ADMIN, checklist={"help": True}), POLICY)


def test_what_is_kept_beside_the_form() -> None:
    """OPEN-5, OPEN-6, ROUTE-1: checklist, selection and assessment go into the opening, and so does the owner."""
    kept = {"checklist": {"help": True}}
    event = opening.opened(FORM, PLACE._replace(owner=SAM, intake=kept), CONTACT, when("Mon 09:00"))
    case = evolve(None, event, rules())
    assert (case.intake, case.owner) == (kept, SAM)
    assert "intake" not in opening.opened(FORM, PLACE, CONTACT, when("Mon 09:00")).data
