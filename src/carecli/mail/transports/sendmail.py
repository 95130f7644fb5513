"""Outgoing mail to a sendmail program, as every Unix mail server brings one (MAIL-6)."""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from typing import Final

from carecli.mail.transports.protocol import Failure, Posting

TIMEOUT_S: Final = 120.0
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_NO_SUCH: Final = {os.EX_DATAERR, os.EX_NOUSER, os.EX_NOHOST}
"""What is wrong with the recipient; anything else is for the desk or its mail server to mend."""
_HINT: Final = "check `program` in the [mail.sendmail] part of the config file, and the mail server's own log"


class SendmailTransport:
    """Hands each mail to a process of its own."""

    batch = 1

    def __init__(self, program: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self.program = program
        self.timeout_s = timeout_s

    def deliver(self, postings: Sequence[Posting]) -> Iterator[Failure | None]:
        """Hand mails over one by one; the program has taken each for which the answer is None."""
        return map(self._delivered, postings)

    def close(self) -> None:
        """Nothing is open between two mails."""

    def _delivered(self, posting: Posting) -> Failure | None:
        # With -i a dot alone on a line ends nothing; behind -- nothing is an option.
        args = [self.program, "-i", "-f", posting.sender, "--", posting.to]
        try:
            ran = subprocess.run(  # noqa: S603 - the program that the config file names, without a shell
                args,
                input=_LINE_END.sub(b"\n", posting.raw),
                # Ours may hold passwords, which the program could tell in its errors.
                env={name: value for name, value in os.environ.items() if not name.startswith("CARE_")},
                capture_output=True,
                timeout=self.timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Failure(f"{self.program} took longer than {self.timeout_s:g} s", stops=True, hint=_HINT)
        except ValueError:  # a NUL in an address
            return Failure(f"{posting.to[:80]!r} is no address", permanent=True)
        except OSError as error:
            return Failure(f"{self.program} cannot be run: {error.strerror}", stops=True, hint=_HINT)
        if ran.returncode == os.EX_OK:
            return None
        said = " ".join((ran.stderr or ran.stdout).decode("utf-8", "replace").split())[:200]
        what = f"{self.program} ended with status {ran.returncode}{f': {said}' if said else ''}"
        permanent = ran.returncode in _NO_SUCH
        return Failure(what, permanent=permanent, hint=None if permanent else _HINT)
