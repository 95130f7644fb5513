"""Feature requests: evaluated, planned, delivered."""

from typing import TYPE_CHECKING, Annotated

from carecli.commands import options, prompts, texts
from carecli.commands.casework import told
from carecli.commands.declared import Family, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number
from carecli.domain.vocabulary import Stage

if TYPE_CHECKING:
    from carecli.domain.feature_requests import Conversion

app = Family("Feature requests: evaluated, planned, delivered.")
Release = Annotated[str | None, Option("--release", metavar="NAME", help="In which release.")]


def _evaluate(
    invocation: Invocation,
    number: str,
    outcome: str,
    text: str | None,
    *,
    release: str | None = None,
    of: str | None = None,
) -> None:
    from carecli.desk import feature_requests
    from carecli.domain.feature_requests import Evaluation

    case, other = parse_number(number), parse_number(of) if of else None
    with invocation.desk() as desk:
        step = Evaluation(outcome)
        view = feature_requests.evaluate(desk, case, step, text, release=release, of=other)
        told(invocation, desk, view, DEEDS.get(outcome, "taken further"))


DEEDS = {
    "product-management": "given to product management",
    "exists": "found to exist",
    "declined": "declined",
    "delivered": "delivered",
    "duplicate": "found to be a duplicate",
}
"""What the answer calls a step; how far it came the status tells."""


@app.command("product-management")
@command
def product_management(
    invocation: Invocation, number: options.Number, message: options.Message = None, file: options.TextFile = None
) -> None:
    """Give what is new indeed to product management.

    care feature product-management 42 -m "Nothing of the kind exists; product management has it now."
    """
    _evaluate(invocation, number, "product-management", texts.given(message, file))


@app.command("under-review")
@command
def under_review(
    invocation: Invocation, number: options.Number, message: options.Message = None, file: options.TextFile = None
) -> None:
    """Say that product management looks into it.

    care feature under-review 42
    """
    _evaluate(invocation, number, "under-review", texts.given(message, file))


@app.command("future-candidate")
@command
def future_candidate(
    invocation: Invocation, number: options.Number, message: options.Message = None, file: options.TextFile = None
) -> None:
    """Say that it may come, without a date.

    care feature future-candidate 42 -m "It fits where the wallboard goes, after next year."
    """
    _evaluate(invocation, number, "future-candidate", texts.given(message, file))


@app.command("planned")
@command
def planned(
    invocation: Invocation,
    number: options.Number,
    message: options.Message = None,
    file: options.TextFile = None,
    release: Release = None,
) -> None:
    """Say that it is planned.

    care feature planned 42 --release 2026.3
    """
    _evaluate(invocation, number, "planned", texts.given(message, file), release=release)


@app.command("committed")
@command
def committed(
    invocation: Invocation,
    number: options.Number,
    message: options.Message = None,
    file: options.TextFile = None,
    release: Release = None,
) -> None:
    """Say that it is promised.

    care feature committed 42 --release 2026.3
    """
    _evaluate(invocation, number, "committed", texts.given(message, file), release=release)


@app.command("delivered")
@command
def delivered(
    invocation: Invocation,
    number: options.Number,
    message: options.Message = None,
    file: options.TextFile = None,
    release: Release = None,
) -> None:
    """Say that it is there; the request closes.

    care feature delivered 42 -m "Switch it on under Admin, Wallboards."
    """
    _evaluate(invocation, number, "delivered", texts.given(message, file), release=release)


@app.command("declined")
@command
def declined(
    invocation: Invocation, number: options.Number, message: options.Reason = None, file: options.TextFile = None
) -> None:
    """Decline it, with the reason and what else may help; the request closes.

    care feature declined 42 -m "It does not fit the service. The export of the report may do instead."
    """
    text = prompts.needed_text(invocation, message, file, "Why, and what else may help?")
    _evaluate(invocation, number, "declined", text)


@app.command("duplicate")
@command
def duplicate(
    invocation: Invocation,
    number: options.Number,
    message: options.Message = None,
    file: options.TextFile = None,
    of: Annotated[
        str | None, Option("--of", metavar="NUMBER", help="The request that goes on.", completes="case")
    ] = None,
) -> None:
    """Say that it was asked for before; the request closes, linked with the other one.

    care feature duplicate 42 --of 17
    """
    _evaluate(invocation, number, "duplicate", texts.given(message, file), of=of)


@app.command("exists")
@command
def exists(
    invocation: Invocation,
    number: options.Number,
    message: options.Message = None,
    file: options.TextFile = None,
    release: Release = None,
) -> None:
    """Say that it exists, now or in a release to come; the customer accepts that or rejects it.

    care feature exists 42 -m "Admin, Wallboards, Show agents."

    care feature exists 42 --release 2026.2 -m "It comes with the release of May."
    """
    text = prompts.needed_text(invocation, message, file, "Where is it, and how is it used?")
    _evaluate(invocation, number, "exists", text, release=release)


@app.command("convert")
@command
def convert(
    invocation: Invocation,
    number: options.Number,
    message: options.Message = None,
    file: options.TextFile = None,
    subtype: Annotated[
        str | None,
        Option("--subtype", metavar="NAME", help="problem or question.", completes=("problem", "question")),
    ] = None,
    stage: Annotated[
        str | None, Option("--stage", metavar="STAGE", help=", ".join(Stage) + ".", completes=Stage)
    ] = None,
    impact: Annotated[str | None, Option("--impact", metavar="TEXT", help="The business impact.")] = None,
    priority: Annotated[str | None, Option("--priority", metavar="LEVEL", help="Of the support case.")] = None,
) -> None:
    """Make a feature request the support case that it is in truth; its clocks start now.

    care feature convert 42 --stage production --impact "Agents cannot log in." -m "This is a fault: we mend it."

    care feature convert 42 --subtype question -m "A setting does it."
    """
    from carecli.desk import feature_requests
    from carecli.domain.feature_requests import Conversion

    case, text = parse_number(number), texts.given(message, file)
    level = options.priority(priority)
    wanted = options.chosen(stage, Stage, "--stage")
    with invocation.desk() as desk:
        to = Conversion(subtype and subtype.strip().lower(), wanted, impact, level)
        if invocation.interactive:
            to = _asked(invocation, to, feature_requests.lacking(desk, case, to))
        told(invocation, desk, feature_requests.convert(desk, case, to, text), "converted to a support case")


def _asked(invocation: Invocation, to: "Conversion", lacking: tuple[str, ...]) -> "Conversion":
    """What a person at the terminal says of what is missing (OPEN-4)."""
    if "stage" in lacking:
        to = to._replace(stage=prompts.choice("Implementation stage", [stage.value for stage in Stage]))
    if "impact" in lacking:
        to = to._replace(impact=prompts.text(invocation, "Business impact"))
    return to
