"""Every refusal that a person can meet: one sentence, the remedy, the rule behind it and an exit status."""

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any, ClassVar


class ExitStatus(IntEnum):
    """What `care` answers to the shell; scripts rely on these numbers."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    NOT_PERMITTED = 4
    REFUSED = 5
    DATABASE = 6
    BREACHED = 10
    UNFIT = 65
    TRY_AGAIN = 75
    INTERRUPTED = 130
    READER_GONE = 141


class CareError(Exception):
    """Something that cannot be done; `message` says what, `hint` what to do instead, `rule` why."""

    code: ClassVar[str] = "failed"
    exit_status: ClassVar[ExitStatus] = ExitStatus.FAILED

    def __init__(self, message: str, *, hint: str | None = None, rule: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.rule = rule

    @property
    def lines(self) -> Sequence[str]:
        """What stands between the message and the hint, a line each."""
        return ()

    def document(self) -> dict[str, dict[str, Any]]:
        """The error as the JSON that scripts read."""
        return {"error": {"code": self.code, "rule": self.rule, "message": self.message, "hint": self.hint}}


class Failed(CareError):
    """The surroundings failed: a disk, a mail store, a file."""


class Invalid(CareError):
    """A value or a combination of options that means nothing."""

    code = "invalid"
    exit_status = ExitStatus.USAGE


class NotFound(CareError):
    """No such thing, or none that this actor may know of."""

    code = "not-found"
    exit_status = ExitStatus.NOT_FOUND


class NotPermitted(CareError):
    """The actor may not do this."""

    code = "not-permitted"
    exit_status = ExitStatus.NOT_PERMITTED


class Counted(NotPermitted):
    """A refusal that is kept count of: `count` notes it in the transaction that it undoes the rest of (DC-4)."""

    def __init__(self, message: str, count: Callable[[], None], *, hint: str | None, rule: str | None) -> None:
        super().__init__(message, hint=hint, rule=rule)
        self.count = count


class Refused(CareError):
    """A rule of the support process forbids this here and now."""

    code = "refused"
    exit_status = ExitStatus.REFUSED


class DatabaseUnusable(CareError):
    """The database is busy, damaged, missing, or newer than this program."""

    code = "database"
    exit_status = ExitStatus.DATABASE


class NoDesk(DatabaseUnusable):
    """There is no desk in the place of the database, and none comes of waiting: somebody has to set one up."""


class NoDatabase(NoDesk):
    """There is not even a database on the server."""


class Unfit(CareError):
    """What can never be taken in; 65 as mail servers know it: the sender is told (MAIL-6)."""

    code = "unfit"
    exit_status = ExitStatus.UNFIT
