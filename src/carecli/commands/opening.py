"""Opening a case: options, a form file, an alert, and at a terminal a guided form for what is missing."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from carecli.commands import attaching, opening_draft, opening_file, opening_told, options, texts
from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation
from carecli.commands.opening_draft import Given
from carecli.domain.numbers import parse_number
from carecli.domain.vocabulary import CaseType, Priority, Stage, Via
from carecli.errors import Invalid


@command
def open_case(
    invocation: Invocation,
    subject: Annotated[str | None, Option("--subject", "-s", metavar="TEXT", help="In a few words.")] = None,
    description: Annotated[
        str | None,
        Option("--description", "-m", metavar="TEXT", help="What happens; - reads standard input."),
    ] = None,
    file: Annotated[
        str | None,
        Option("--file", "-F", metavar="FILE", help="Read the description from a file.", completes="file"),
    ] = None,
    impact: Annotated[str | None, Option(metavar="TEXT", help="The business impact.")] = None,
    priority: Annotated[
        str | None, Option(metavar="LEVEL", help=options.PRIORITY_CHOICES, completes=Priority)
    ] = None,
    account: Annotated[str | None, Option(metavar="NAME", help="The account.", completes="account")] = None,
    contact: Annotated[
        str | None, Option(metavar="EMAIL", help="Staff: the Designated Contact.", completes="contact")
    ] = None,
    deployment: Annotated[
        str | None, Option(metavar="NAME", help="The cloud deployment.", completes="deployment")
    ] = None,
    service: Annotated[str | None, Option(metavar="NAME", help="The cloud service.", completes="service")] = None,
    component: Annotated[
        str | None, Option(metavar="NAME", help="A component of the service.", completes="component")
    ] = None,
    stage: Annotated[str | None, Option(metavar="STAGE", help="production or uat.", completes=Stage)] = None,
    type_: Annotated[
        str | None,
        Option(
            "--type",
            metavar="TYPE",
            help="support, service-request, feature-request, admin.",
            completes=tuple(CaseType)[:-1],
        ),
    ] = None,
    subtype: Annotated[str | None, Option(metavar="NAME", help="problem or question, and more.")] = None,
    users_affected: Annotated[str | None, Option(metavar="COUNT", help="How many users.")] = None,
    frequency: Annotated[str | None, Option(metavar="TEXT", help="How often.")] = None,
    observed_at: Annotated[str | None, Option(metavar="INSTANT", help="When it was first seen.")] = None,
    steps: Annotated[str | None, Option(metavar="TEXT", help="How to reproduce it.")] = None,
    troubleshooting: Annotated[str | None, Option(metavar="TEXT", help="What was tried.")] = None,
    local_contact: Annotated[str | None, Option(metavar="TEXT", help="Whom to call on site.")] = None,
    hours_location: Annotated[str | None, Option(metavar="TEXT", help="Their hours and place.")] = None,
    field: Annotated[options.Many, Option(metavar="KEY=VALUE", help="Any other field; repeatable.")] = None,
    via: Annotated[
        str | None,
        Option(
            metavar="CHANNEL",
            help="portal, phone or monitoring.",
            completes=(Via.PORTAL, Via.PHONE, Via.MONITORING),
        ),
    ] = None,
    follows: Annotated[
        str | None, Option(metavar="NUMBER", help="The closed case it goes on from.", completes="case")
    ] = None,
    form: Annotated[
        str | None, Option(metavar="FILE", help="Read fields from JSON or TOML.", completes="file")
    ] = None,
    template: Annotated[bool, Option("--template", help="Print a form to fill in, for --form.")] = False,
    check: Annotated[
        options.Many, Option(metavar="NAME[=no]", help="Answer the checklist: yes, or no; repeatable.")
    ] = None,
    attach: attaching.Attach = None,
    redact: attaching.Redact = False,
    confirm_sanitized: attaching.Confirm = False,
    resume: Annotated[bool, Option("--resume", help="Go on with answers that were kept.")] = False,
    solved_by: Annotated[
        str | None, Option(metavar="ARTICLE", help="An article solved it: no case, counted as deflected.")
    ] = None,
    from_alert: Annotated[
        bool, Option("--from-alert", help="Read Alertmanager's webhook on standard input, or with -F a file.")
    ] = False,
    yes: options.Yes = False,
) -> None:
    """Open a case. At a terminal a guided form asks for what is missing.

    care open

    care open -s "Calls drop" --deployment East --service Voice --stage production --priority high
        -m "Since this morning one in five calls drops on transfer." --impact "Agents call back by hand."

    care open --contact dana@abc.example --via phone --form case.json
    """
    place = {
        "account": account,
        "contact": contact,
        "deployment": deployment,
        "service": service,
        "component": component,
        "stage": stage,
        "priority": priority,
        "impact": impact,
    }
    said = {
        "subject": subject,
        "description": description,
        "type": type_,
        "subtype": subtype,
        "users_affected": users_affected,
        "frequency": frequency,
        "observed_at": observed_at,
        "steps": steps,
        "troubleshooting": troubleshooting,
        "local_contact": local_contact,
        "hours_location": hours_location,
    }
    if from_alert:
        beside = {"field": field, "via": via, "follows": follows, "form": form, "template": template}
        beside |= {"check": check, "attach": attach, "redact": redact, "confirm_sanitized": confirm_sanitized}
        _refuse(said | beside | {"resume": resume, "solved_by": solved_by})
        from carecli.commands.alerts import open_from_alert

        open_from_alert(invocation, source=file or "-", **place)
        return
    answered = place | said | {"description": texts.given(description, file)}
    if "-" in (attach or ()) and "-" in (description, file, form):
        raise Invalid("standard input is one thing", hint="give the text with -m TEXT, or the file by its name")
    answers = opening_file.read(form) if form else {}
    answers |= {key: value for key, value in answered.items() if value is not None}
    answers["checklist"] = answers.get("checklist", {}) | _checked(check)
    given = Given(
        answers,
        options.pairs(field, "--field"),
        (*answers.get("attach", ()), *(attach or ())),
        redact,
        confirm_sanitized,
        options.channel(via),
        parse_number(follows) if follows else None,
        yes,
    )
    if template:
        from carecli.commands.opening_template import printed

        printed(invocation, opening_file.form(given.answers, given.extra))
        return
    with invocation.desk() as desk:
        if solved_by:
            opening_told.deflected(invocation, desk, solved_by, given.answers.get("subject") or "")
        else:
            desk.require_working()  # before a form that asks for nine answers
            opening_draft.opened(invocation, desk, given, resume=resume)


def _refuse(beside: Mapping[str, Any]) -> None:
    """Refuse what an alert says itself, rather than ignore it (OPEN-12); raises Invalid that names it all."""
    wrong = [
        f"--{name.replace('_', '-')}" for name, value in beside.items() if value is not None and value is not False
    ]
    if wrong:
        place = "--account, --contact, --deployment, --service, --component, --stage, --priority and --impact"
        raise Invalid(
            f"--from-alert takes no {', '.join(wrong)}", hint=f"it takes {place}, and --file", rule="OPEN-12"
        )


def _checked(check: Sequence[str] | None) -> dict[str, bool]:
    """The answers of --check: `NAME` and `NAME=yes` are a yes, `NAME=no` is a no."""
    answers = {}
    for item in check or ():
        name, equals, said = item.partition("=")
        if said.strip().lower() not in {"", "yes", "no"} or (equals and not said):
            raise Invalid(
                f"--check {item[:40]!r} is no answer", hint="--check NAME, or --check NAME=no", rule="OPEN-5"
            )
        answers[name.strip()] = said.strip().lower() != "no"
    return answers
