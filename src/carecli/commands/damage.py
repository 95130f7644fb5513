"""What a command fell over, told as damage of the record where the record is damaged (AUD-2)."""

from typing import TYPE_CHECKING

from carecli.errors import CareError

if TYPE_CHECKING:
    from carecli.commands.invocation import Invocation


def damage(invocation: "Invocation", fault: Exception) -> CareError | None:
    """The error that tells what of the record cannot be read; None where it is sound, and the fault is our own."""
    from carecli.desk.damage import damage as found

    try:
        return found(invocation.config, fault)
    except CareError as error:
        return error
    except Exception:  # noqa: BLE001 - then nothing can be told, and the first fault is
        return None
