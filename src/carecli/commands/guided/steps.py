"""The steps of the guided form: for each question its page, and what its answer changes."""

from collections.abc import Callable
from typing import Any, Final

from carecli.commands import options, texts
from carecli.commands.guided.choices import Checks, Choice, Item
from carecli.commands.guided.course import SUMMARY, Course, Move, Step
from carecli.commands.guided.pages import Count, Line, Text
from carecli.commands.guided.wording import ASKED, KINDS, STAGES
from carecli.commands.questions import LONG, first_fault
from carecli.domain import details, opening
from carecli.domain.vocabulary import Priority
from carecli.errors import CareError

KNOWN_MAX: Final = 3
"""How many open advisories the checklist names."""
MANY_LINES: Final = ("steps", "troubleshooting")


def step(course: Course, name: str) -> Step:
    """The step of this name."""
    from carecli.commands.guided import files, offers, own_fields, summary

    whole: dict[str, Callable[[Course], Step]] = {
        "kind": _kind,
        "subtype": own_fields.subtype,
        "subject": _subject,
        "priority": _priority,
        "observed_at": _observed,
        "fields": _fields,
        "checklist": _checklist,
        "component": offers.component,
        "help": offers.helped,
        "attach": files.attached,
        SUMMARY: summary.summed_up,
    }
    if name in whole:
        return whole[name](course)
    if name in {"description", "impact", *MANY_LINES}:
        return _text(course, name)
    if any(detail.name == name for detail in details.of(opening.subtype(course.form))):
        return own_fields.answered(course, name)
    return _answer(course, name) if name in opening.ANSWERS else _pick(course, name)


def _kind(course: Course) -> Step:
    """What kind of case it is: a problem, where one just presses Enter (OPEN-2)."""
    form = course.form
    items = [Item((type_, subtype), label, told) for type_, subtype, label, told in KINDS]
    now = (form.type, opening.subtype(form))
    outcome = yield Choice("What is it about?", items, at=now)
    if outcome.back:
        return Move.BACK
    type_, subtype = outcome.value
    known = {item.key for item in course.asking.policy.checklist(subtype or type_.value)}
    checklist = {key: said for key, said in form.checklist.items() if key in known}
    course.asking.draft.answer(type=type_, subtype=subtype, checklist=checklist)
    return Move.ON


def _pick(course: Course, name: str) -> Step:
    """One of what the account has, or of the desk's own words; what cannot be otherwise is not asked."""
    from carecli.desk import choosing

    title, told = ASKED.get(name, (name.title(), ""))
    known = choosing.choices(course.asking.desk, course.form).get(name) or ()
    begun = getattr(course.form, name)
    if known:
        meanings = STAGES if name == "stage" else {}
        items = [Item(word, word, meanings.get(word, "")) for word in known]
        outcome = yield Choice(title, items, [told], at=begun)
    else:
        outcome = yield Line(title, [told], begun=begun or "", judge=needed)
    if outcome.back:
        return Move.BACK
    course.asking.draft.answer(**{name: outcome.value} | _outdated(name, outcome.value != begun))
    return Move.ON


def _outdated(name: str, changed: bool) -> dict[str, None]:
    """What was chosen within something that is now another."""
    within = {"account": ("contact", "deployment", "service", "component"), "deployment": ("service", "component")}
    names = {**within, "service": ("component",)}.get(name, ())
    return dict.fromkeys(names) if changed else {}


def _priority(course: Course) -> Step:
    """The priority, each with what the policy means by it (SEV-1), as the channel allows (OPEN-8, OPEN-9)."""
    from carecli.desk import choosing

    policy, fault = course.asking.policy, ""
    words = choosing.choices(course.asking.desk, course.form)["priority"]
    items = [Item(p, p.value, policy.definition(p), p.severity) for p in map(Priority, words)]
    number = choosing.phone(course.asking.desk, course.form) or "Customer Care"
    call = f"Critical is set on the phone: open it as High, then call {number}."
    told = [] if Priority.CRITICAL in words else [call]
    while True:
        outcome = yield Choice("Priority", items, told, at=course.form.priority, fault=fault)
        if outcome.back:
            return Move.BACK
        course.asking.draft.answer(priority=outcome.value)
        try:
            choosing.check_channel(course.asking.desk, course.form, course.via)
        except CareError as error:
            fault = f"{error.message}; {error.hint}" if error.hint else error.message
            continue
        return Move.ON


def _subject(course: Course) -> Step:
    """The subject, with the characters counted while it is typed (OPEN-3)."""
    policy = course.asking.policy
    most = policy.opening["subject_max"]

    def counted(text: str) -> Count:
        over = f", {len(text) - most} too many" if len(text) > most else ""
        return Count(f"subject {len(text)}/{most}{over}", 0 < len(text) <= most)

    outcome = yield Line(
        "Subject",
        ["In a few words: what is wrong, and where?"],
        begun=course.asking.draft.begun.get("subject") or course.form.subject or "",
        judge=lambda text: first_fault("subject", text, policy),
        count=counted,
    )
    if outcome.back:
        return Move.BACK
    course.asking.draft.answer(subject=outcome.value)
    return Move.ON


def _text(course: Course, name: str) -> Step:
    """A long text; that of the description with its words counted, and what it may tell beside it (OPEN-3)."""
    policy, draft = course.asking.policy, course.asking.draft
    optional = name in MANY_LINES
    if name == "description":
        title, told = "Description", list(policy.opening["prompts"])
    elif name == "impact":
        title, told = "Business impact", [LONG["impact"]]
    else:
        title, told = ASKED[name][0], [ASKED[name][1]]
    before = course.form.fields.get(name) if optional else getattr(course.form, name)
    outcome = yield Text(
        title,
        told,
        begun=draft.begun.get(name) or str(before or ""),
        judge=lambda text: first_fault(name, text, policy),
        count=lambda text: _words(name, text, policy.opening["description_min_words"]),
        edit=lambda page: _edit(course, page),
        optional=optional,
    )
    if outcome.back:
        return Move.BACK
    if optional:
        set_field(course, name, outcome.value)
    else:
        draft.answer(**{name: outcome.value})
    return Move.ON


def _words(name: str, text: str, least: int) -> Count:
    count = len(text.split())
    if name != "description":
        return Count(f"words {count}", bool(count) or name in MANY_LINES)
    more = f", {least - count} more" if count < least else ""
    return Count(f"words {count}/{least}{more}", count >= least)


def _edit(course: Course, page: Text) -> None:
    """Have the text written in the person's editor."""
    program = texts.editor(course.asking.invocation.environ)
    if program is None:
        page.fault = "no editor is named: set CARE_EDITOR, VISUAL or EDITOR"
        return

    def written() -> None:
        try:
            page.text = texts.edited(program, "\n".join((page.title, *page.explanation)), page.text)
            page.fault = ""
        except CareError as error:
            page.fault = error.message

    course.screen.aside(written)


def _answer(course: Course, name: str) -> Step:
    """An answer in a line that nobody must give (OPEN-4)."""
    title, told = ASKED[name]
    begun = course.asking.draft.begun.get(name) or str(course.form.fields.get(name, ""))
    outcome = yield Line(
        title,
        [told],
        begun=begun,
        optional=True,
        judge=lambda text: first_fault("impact", text, course.asking.policy),
    )
    if outcome.back:
        return Move.BACK
    set_field(course, name, outcome.value)
    return Move.ON


def _observed(course: Course) -> Step:
    """When it was first seen: what is understood of the words is shown while they are typed."""
    from carecli.commands.instants import parse
    from carecli.domain.instants import iso
    from carecli.render.words import zoned_time

    desk = course.asking.desk

    def judge(text: str) -> str:
        try:
            parse(text, zone=desk.zone, now=desk.now)
        except CareError as error:
            return error.message
        return ""

    def counted(text: str) -> Count:
        if not text.strip():
            return Count("", good=True)
        if judge(text):
            return Count("no instant yet", good=False)
        return Count(zoned_time(parse(text, zone=desk.zone, now=desk.now), desk.zone), good=True)

    title, told = ASKED["observed_at"]
    begun = course.asking.draft.begun.get("observed_at") or str(course.form.fields.get("observed_at", ""))
    outcome = yield Line(title, [told], begun=begun, judge=judge, count=counted, optional=True)
    if outcome.back:
        return Move.BACK
    said = outcome.value and iso(parse(outcome.value, zone=desk.zone, now=desk.now))
    set_field(course, "observed_at", said)
    return Move.ON


def _fields(course: Course) -> Step:
    """Any other fields, one a line, until the line is left empty (OPEN-4)."""
    told = "Anything else that deserves a field, such as DNs=4711-4720 or campaign=Spring."
    while True:
        known = {*opening.ANSWERS, *(d.name for d in details.of(opening.subtype(course.form)))}
        own = {k: v for k, v in course.form.fields.items() if k not in known}
        listed = [f"  {key}={value}" for key, value in own.items()]
        outcome = yield Line("Extra fields (NAME=VALUE)", [told, *listed], judge=_pair, optional=True)
        if outcome.back:
            return Move.BACK
        if not outcome.value:
            course.passed("fields")
            return Move.ON
        for key, value in options.pairs([outcome.value], "--field").items():
            set_field(course, key, value)


def _pair(text: str) -> str:
    try:
        options.pairs([text], "--field")
    except CareError as error:
        return error.message.replace("--field ", "")
    return ""


def _checklist(course: Course) -> Step:
    """What should be looked at before a case is opened, each answered with yes or no (OPEN-5)."""
    form = course.form
    items = course.asking.policy.checklist(opening.subtype(form) or form.type.value)
    if not items:
        return Move.PAST
    outcome = yield Checks(
        "Before the case is opened",
        [(item.key, item.question) for item in items],
        form.checklist,
        [*_known(course), "What is not answered stays open."],
    )
    if outcome.back:
        return Move.BACK
    course.passed("checklist")
    course.asking.draft.answer(checklist=outcome.value)
    return Move.ON


def _known(course: Course) -> list[str]:
    """The advisories that are open for what the case is about, to look at before answering (OPEN-5, ADV-1)."""
    from carecli.commands import offering

    found = offering.in_trouble(course.asking.desk, course.form)
    named = "; ".join(f"{one.label} {one.text.title}" for one in found[:KNOWN_MAX])
    more = f" and {len(found) - KNOWN_MAX} more: care advisory list" if len(found) > KNOWN_MAX else ""
    return [f"Open advisories: {named}{more}"] if found else []


def set_field(course: Course, name: str, value: Any) -> None:
    """Take an answer that is kept among the fields; nothing takes it away, and passes the question over."""
    fields = {key: known for key, known in course.form.fields.items() if key != name}
    course.asking.draft.answer(fields=fields | ({name: value} if value else {}))
    if not value:
        course.passed(name)


def needed(text: str) -> str:
    """Why a line will not do: it is empty."""
    return "" if text else "an answer is needed"
