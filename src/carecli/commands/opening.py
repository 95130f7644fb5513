"""Opening a case: options, a form file, and at a terminal questions for what is missing."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from carecli.commands import drafts, options, texts
from carecli.commands.casework import told
from carecli.commands.declared import Option, command
from carecli.commands.instants import parse
from carecli.commands.invocation import Invocation
from carecli.commands.questions import Questions
from carecli.domain.instants import iso, whole_seconds
from carecli.domain.numbers import parse_number, written
from carecli.domain.opening import Form
from carecli.domain.vocabulary import CaseType, Priority, Stage, Via
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.desk.desk import Desk

FORM = ("type", "subtype", "account", "deployment", "service", "component", "contact", "stage", "priority")
ANSWERS = (
    "users_affected",
    "frequency",
    "observed_at",
    "steps",
    "troubleshooting",
    "local_contact",
    "hours_location",
)


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
    yes: options.Yes = False,
) -> None:
    """Open a case. At a terminal what is missing is asked for.

    care open

    care open -s "Calls drop" --deployment East --service Voice --stage production --priority high
        -m "Since this morning one in five calls drops on transfer." --impact "Agents call back by hand."

    care open --contact dana@abc.example --via phone --form case.json
    """
    from carecli.desk import intake

    given: dict[str, Any] = {
        "subject": subject,
        "description": texts.given(description, file),
        "impact": impact,
        "priority": priority,
        "account": account,
        "contact": contact,
        "deployment": deployment,
        "service": service,
        "component": component,
        "stage": stage,
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
    answers = (_form_file(form) if form else {}) | {
        key: value for key, value in given.items() if value is not None
    }
    extra = options.pairs(field, "--field")
    before = parse_number(follows) if follows else None
    channel = options.channel(via)
    with invocation.desk() as desk:
        asking = Questions(invocation, desk, _form(answers, extra, desk))
        with drafts.kept(asking, {"--via": channel, "--follows": follows}):
            if invocation.interactive:
                asking.complete(yes=yes)
                if invocation.now is None:
                    # The case is opened when the questions are answered, not when they were asked.
                    desk = desk.at(whole_seconds(datetime.now(UTC)))
            opened = intake.open_case(desk, asking.form, via=channel, follows=before)
        for notice in opened.notices:
            invocation.notice(notice)
        if invocation.quiet and not invocation.json:
            sys.stdout.write(written(opened.view.case.number) + "\n")
        told(invocation, desk, opened.view, "opened")


def _form(answers: Mapping[str, Any], extra: Mapping[str, str], desk: "Desk") -> Form:
    stage = options.chosen(answers.get("stage"), Stage, "--stage")
    subtype = answers.get("subtype")
    fields = {key: answers[key] for key in ANSWERS if key in answers}
    if "observed_at" in fields:
        fields["observed_at"] = iso(parse(fields["observed_at"], zone=desk.zone, now=desk.now))
    return Form(
        type=options.chosen(answers.get("type"), CaseType, "--type") or CaseType.SUPPORT,
        subtype=subtype.strip().lower().replace("_", "-").replace(" ", "-") if subtype else None,
        stage=stage.value if stage else None,
        priority=options.priority(answers.get("priority")),
        fields={**fields, **answers.get("fields", {}), **extra},
        checklist=answers.get("checklist", {}),
        subject=answers.get("subject"),
        description=answers.get("description"),
        impact=answers.get("impact"),
        account=answers.get("account"),
        deployment=answers.get("deployment"),
        service=answers.get("service"),
        component=answers.get("component"),
        contact=answers.get("contact"),
    )


def _form_file(name: str) -> dict[str, Any]:
    """A form as JSON or TOML, its keys as in the JSON of a case or as the options; raises Invalid otherwise."""
    text = texts.given(None, name, option="--form") or ""
    known = ("subject", "description", "impact", "fields", *FORM, *ANSWERS)
    read = [
        (key.replace("-", "_"), _texted(value))
        for key, value in _parsed(text, toml=Path(name).suffix == ".toml").items()
        if value is not None
    ]
    keys = [key for key, _ in read]
    wrong = [key for key in keys if key not in known or keys.count(key) > 1]
    wrong += [key for key, value in read if not isinstance(value, dict if key == "fields" else str)]
    # JSON can spell half a surrogate pair, which no file can hold.
    wrong += [key for key, value in read if any("\ud800" <= c <= "\udfff" for c in str(value))]
    if wrong:
        named = ", ".join(dict.fromkeys(wrong))
        raise Invalid(f"{name}: not understood: {named}", hint=f"texts named {', '.join(known)}, each once")
    return dict(read)


def _texted(value: object) -> object:
    """A number as the text that it stands for."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _parsed(text: str, *, toml: bool) -> dict[str, Any]:
    import json
    import tomllib

    try:
        read = tomllib.loads(text) if toml else json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid(
            f"the form is no valid {'TOML' if toml else 'JSON'}: {error}", hint="care open --form FILE"
        ) from None
    if not isinstance(read, dict):
        raise Invalid("the form is no JSON object", hint='{"subject": "...", "description": "..."}')
    return read
