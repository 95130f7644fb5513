"""Where every error is met: told in one message or document, and turned into an exit status."""

import os
import sys
from collections.abc import Callable

from carecli.commands.everywhere import name_place
from carecli.errors import CareError, ExitStatus, Failed, Invalid


def met(run: Callable[[], int], args: list[str]) -> int:
    """Run, and answer the exit status whatever comes; `args` tell in which form an error is to be told."""
    try:
        status = run()
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_gone()
    except KeyboardInterrupt:
        return ExitStatus.INTERRUPTED
    except CareError as error:
        return _status(_told(error, args), args)
    except OSError as error:
        return _status(_told(_surroundings(error), args), args)
    except RuntimeError as error:
        # What `pathlib` makes of a `~name` that this machine does not know; it has no class of its own.
        if "home directory" not in str(error):
            raise
        unknown = Invalid("a file's `~` names nobody on this machine", hint="write the path out, or ./~name")
        return _status(_told(unknown, args), args)
    return status


def _told(error: CareError, args: list[str]) -> int:
    """Say what is wrong on standard error: one message, or with --json one document."""
    if os.environ.get("CARE_DEBUG") == "1":
        raise error
    from carecli.render.complaint import complaint

    try:
        sys.stderr.write(complaint(error, json="--json" in args))
        sys.stderr.flush()
    except BrokenPipeError:
        return _reader_gone()
    except OSError:  # a full disk under the error log: the status alone can tell
        return error.exit_status
    return error.exit_status


def _status(status: int, args: list[str]) -> int:
    """The status of an error; a mail server must keep its message whatever is wrong here (MAIL-6)."""
    place = name_place(args)
    rest = args[place + 1 :] if place is not None and args[place] == "mail" else []
    inner = name_place(rest)
    receiving = inner is not None and rest[inner] == "receive"
    return ExitStatus.TRY_AGAIN if receiving and status != ExitStatus.UNFIT else status


def _surroundings(error: OSError) -> Failed:
    """What is wrong around us; without a file's name it is what the answer was written to."""
    if error.filename:
        hint = "check the disk, the path and its permissions"
        return Failed(f"{error.filename}: {error.strerror or error}", hint=hint)
    return Failed(
        f"the answer could not be written: {error.strerror or error}",
        hint="what the command did is on record; look before you repeat it",
    )


def _reader_gone() -> int:
    """Leave in silence: Python would complain once more when it flushes at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    return ExitStatus.READER_GONE
