"""The answers for a case that was not opened after all, kept in a file that `care open --form` takes."""

import os
import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from carecli.commands.questions import Questions
from carecli.config import default_db
from carecli.domain.opening import Form


@contextmanager
def kept(asking: Questions, beside: Mapping[str, str | None]) -> Iterator[None]:
    """Keep the answers of somebody who was asked, where the case is not opened for whatever reason.

    `beside` has the options that a form has no place for.
    """
    try:
        yield
    except BaseException:
        if asking.asked:
            again = [word for option, value in beside.items() if value for word in (option, value)]
            _keep(asking.form, asking.invocation.environ, again)
        raise


def _keep(form: Form, environ: Mapping[str, str], again: list[str]) -> None:
    folder = Path(default_db(environ)).parent
    file = folder / f"draft-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}.json"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(file, form)
    except OSError as error:
        # What refused the case is the news; this must not hide it.
        sys.stderr.write(f"your answers could not be kept in {file}: {error.strerror}\n")
        return
    words = shlex.join(["care", "open", *again, "--form", str(file)])
    sys.stderr.write(f"your answers are kept in {file}; {words} goes on from there\n")


def _write(file: Path, form: Form) -> None:
    """Write the form so that nobody but its owner may read it."""
    import json

    answered = {name: value for name, value in form._asdict().items() if value} | {"fields": dict(form.fields)}
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as stream:
        json.dump(answered, stream, ensure_ascii=False, indent=2)
        stream.write("\n")
