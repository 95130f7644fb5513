"""What Customer Care answers: a question, a solution, a restored service, or that work goes on."""

from carecli.commands import options, prompts, texts
from carecli.commands.casework import told
from carecli.commands.declared import command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number
from carecli.domain.vocabulary import Substatus


@command
def ask(
    invocation: Invocation, number: options.Number, message: options.Message = None, file: options.TextFile = None
) -> None:
    """Ask the customer for information; the auto follow-up starts.

    care ask 42 -m "Please send the traces of two dropped calls."
    """
    from carecli.desk import cases

    case = parse_number(number)
    text = prompts.needed_text(invocation, message, file, "Your question")
    with invocation.desk() as desk:
        told(invocation, desk, cases.ask(desk, case, text), "asked")


@command
def propose(
    invocation: Invocation,
    number: options.Number,
    message: options.Message = None,
    file: options.TextFile = None,
    substatus: options.SubstatusText = None,
) -> None:
    """Propose a solution to the customer; the auto follow-up starts.

    care propose 42 -m "The export runs again; please reload the wallboard."

    care propose 42 --substatus problem-resolved -F solution.md
    """
    from carecli.desk import cases

    case, chosen = parse_number(number), options.chosen(substatus, Substatus, "--substatus")
    text = prompts.needed_text(invocation, message, file, "The solution")
    with invocation.desk() as desk:
        told(invocation, desk, cases.propose(desk, case, text, chosen), "proposed")


@command
def restore(
    invocation: Invocation,
    number: options.Number,
    message: options.Message = None,
    file: options.TextFile = None,
    substatus: options.SubstatusText = None,
) -> None:
    """Record that the service works again, whatever the cause was.

    care restore 42 -m "Calls go over the second trunk now." --substatus pending-rca
    """
    from carecli.desk import cases

    case, chosen = parse_number(number), options.chosen(substatus, Substatus, "--substatus")
    text = texts.given(message, file)
    with invocation.desk() as desk:
        told(invocation, desk, cases.restore(desk, case, text, chosen), "restored")


@command
def investigate(
    invocation: Invocation, number: options.Number, message: options.Reason = None, file: options.TextFile = None
) -> None:
    """Begin to work on a case, or begin again.

    care investigate 42
    """
    from carecli.desk import cases

    case, text = parse_number(number), texts.given(message, file)
    with invocation.desk() as desk:
        told(invocation, desk, cases.investigate(desk, case, text), "under investigation")
