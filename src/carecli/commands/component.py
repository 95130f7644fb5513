"""Which component a case is about: what the desk learned of it, what it would choose, and what a person sets."""

from typing import TYPE_CHECKING, Annotated

from carecli.commands import listing, options
from carecli.commands.declared import Argument, Family, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carecli.domain.selection import Known, Selection
    from carecli.render.sheet import Sheet

app = Family("Components: learned, chosen, set.")

PER_CENT = 100

TextColumn = Annotated[
    str | None,
    Option("--text-column", metavar="NAME", help="The column of the texts; else text, description, subject ..."),
]
LabelColumn = Annotated[
    str | None,
    Option("--label-column", metavar="NAME", help="The column of components; else component, category, label ..."),
]


@app.command("learn")
@command
def learn(
    invocation: Invocation,
    file: Annotated[
        str | None,
        Argument(
            metavar="[FILE]",
            help="Examples, a CSV file with a header; - is standard input. Else: the desk's own cases.",
            completes="file",
        ),
    ] = None,
    text_column: TextColumn = None,
    label_column: LabelColumn = None,
    afresh: Annotated[
        bool, Option("--afresh", help="Forget all that was learned first; the desk's own cases are learned again.")
    ] = False,
) -> None:
    """Learn which words speak for which component; for managers and admins.

    Without a file, from the desk's own cases whose component a person chose or confirmed; the tick does so too.
    What was learned once is not learned again.

    care component learn examples.csv --text-column text --label-column category

    care component learn --afresh
    """
    from carecli.commands.progress import progress
    from carecli.desk.components import learning
    from carecli.desk.components.examples import Columns
    from carecli.render import component, component_document

    with invocation.desk() as desk, progress(invocation, "Learning", PER_CENT) as reached:
        learned = learning.learn(
            desk,
            file,
            Columns(text_column, label_column),
            afresh=afresh,
            progress=lambda done, of: reached(done * PER_CENT // of),
        )
    invocation.done(component_document.learned(learned), component.learned_line(learned))


@app.command("predict")
@command
def predict(
    invocation: Invocation,
    file: Annotated[
        str,
        Argument(metavar="FILE", help="Texts, a CSV file with a header; - is standard input.", completes="file"),
    ],
    text_column: TextColumn = None,
    label_column: Annotated[
        str | None,
        Option(
            "--label-column", metavar="NAME", help="The column of right components: how many are found is told."
        ),
    ] = None,
    service: Annotated[
        str | None,
        Option("--service", metavar="NAME", help="Among this service's components only.", completes="service"),
    ] = None,
    why: Annotated[bool, Option("--why", help="Name the words that spoke for each.")] = False,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """Choose a component for every text of a file, in the file's order; for staff.

    care component predict tickets.csv --text-column text --json

    care component predict tickets.csv --service Voice --why
    """
    from carecli.commands.progress import progress
    from carecli.desk.components import selecting
    from carecli.desk.components.examples import Columns, examples
    from carecli.render import component_document

    answer = listing.answer(invocation, format_, fields, output)
    with invocation.desk() as desk:
        selecting.require(desk)
        given = examples(file, Columns(text_column, label_column, labelled=label_column is not None))
        texts = [example.text for example in given]
        with progress(invocation, "Choosing", len(texts)) as reached:
            found = selecting.predict(desk, texts, service=service, progress=reached)
    answer.give(
        listing.Listing(
            lambda: _predicted(texts, found, why=why),
            lambda: [component_document.predicted(one, why=why) for one in found],
            lambda rows: {"predictions": rows},
            component_document.PREDICTED if why else component_document.PREDICTED[:-1],
        )
    )
    if label_column is not None:
        _tell_right(invocation, [example.label for example in given], found)
    if found and not any(one.candidates for one in found):
        invocation.notice("no text speaks for any component; care component learn FILE.csv teaches them")


def _tell_right(invocation: Invocation, labels: "Sequence[str]", found: "Sequence[Selection]") -> None:
    from carecli.render.component import right_line

    invocation.notice(right_line(labels, found))


def _predicted(texts: "Sequence[str]", found: "Sequence[Selection]", *, why: bool) -> "Sheet":
    from carecli.render.component import predicted_sheet

    return predicted_sheet(texts, found, why=why)


@app.command("list")
@command
def list_(
    invocation: Invocation,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List the components that were learned, with how many examples of each; for staff.

    care component list
    """
    from carecli.desk.components import selecting
    from carecli.render import component_document

    answer = listing.answer(invocation, format_, fields, output)
    with invocation.desk() as desk:
        found = selecting.known(desk)
        zone = desk.zone
    answer.give(
        listing.Listing(
            lambda: _known(found, zone),
            lambda: [component_document.known(one) for one in found],
            lambda rows: {"components": rows},
            component_document.KNOWN,
        )
    )


def _known(found: "Sequence[Known]", zone: str) -> "Sheet":
    from carecli.render.component import known_sheet

    return known_sheet(found, zone)


@app.command("set")
@command
def set_(
    invocation: Invocation,
    number: options.Number,
    name: Annotated[str, Argument(metavar="NAME", help="The component.", completes="component")],
    reason: options.Reason = None,
    file: options.TextFile = None,
) -> None:
    """Set a case's component, or confirm the one that its words chose; for staff. The desk learns from it.

    care component set 42 "Call routing" -m "The queue, not the recording."
    """
    from carecli.commands import texts
    from carecli.commands.casework import told
    from carecli.desk.components import reclassifying

    why = texts.given(reason, file)
    with invocation.desk() as desk:
        view = reclassifying.set_component(desk, parse_number(number), name, why)
        told(invocation, desk, view, f"component {view.state['component']}")
