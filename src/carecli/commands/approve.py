"""What an admin case asks for, approved or declined (ADM-1)."""

from carecli.commands import options, prompts, texts
from carecli.commands.casework import told
from carecli.commands.declared import command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number


@command
def approve(
    invocation: Invocation, number: options.Number, message: options.Message = None, file: options.TextFile = None
) -> None:
    """Approve what an admin case asks for: another access level, other contact data, a PIN taken away.

    It is applied at once, and the case closes. `care show` tells what is asked for.

    care approve 42

    care approve 42 -m "Omar may open cases from now on."
    """
    from carecli.desk import approving
    from carecli.render import request

    case, text = parse_number(number), texts.given(message, file)
    with invocation.desk() as desk:
        approved = approving.approve(desk, case, text)
        applied = "; ".join(request.told(approved.event))
        told(invocation, desk, approved.view, f"approved, {applied}")


@command
def decline(
    invocation: Invocation, number: options.Number, reason: options.Reason = None, file: options.TextFile = None
) -> None:
    """Decline what an admin case asks for: nothing is changed, and the case closes.

    care decline 42 -m "Rosa, who answers for the account, did not agree."
    """
    from carecli.desk import approving

    case = parse_number(number)
    text = prompts.needed_text(invocation, reason, file, "Why is it declined?")
    with invocation.desk() as desk:
        told(invocation, desk, approving.decline(desk, case, text), "declined")
