"""Long texts: given with -m, read from a file or standard input, or written in an editor at a terminal."""

import os
import sys
from collections.abc import Mapping
from typing import BinaryIO

from carecli.domain.lifecycle import TEXT_MAX
from carecli.errors import Failed, Invalid

SCISSORS = "# ------------------------ >8 ------------------------"
# A character takes four bytes at most.
_BYTES_MAX = 4 * TEXT_MAX
_NOT_TEXT = "attach binary files instead; texts are UTF-8"


def given(message: str | None, file: str | None, *, option: str = "-F") -> str | None:
    """The text of -m or -F (or the `option` that names the file), None where neither is given."""
    if message is not None and file is not None:
        raise Invalid("give the text once", hint="either -m TEXT or -F FILE")
    if message == "-" or file == "-":
        return read(sys.stdin.buffer, "standard input")
    if file is not None:
        return read_file(file, option)
    return None if message is None else _bounded(message, "the text")


def read_file(name: str, option: str = "-F") -> str:
    """A file's text, all of it or a refusal that tells of the option."""
    # Imported here, as below: it takes a tenth of the time of a command that reads no file.
    from pathlib import Path

    path = Path(name).expanduser()
    try:
        with path.open("rb") as stream:
            return read(stream, str(path))
    except OSError as error:
        raise Invalid(f"cannot read {path}: {error.strerror}", hint=f"{option} - reads standard input") from None


def read(stream: BinaryIO, name: str) -> str:
    """A stream's text; never more of it than a text may hold."""
    content = stream.read(_BYTES_MAX + 1)
    if b"\0" in content:
        raise Invalid(f"{name} is a binary file, no text", hint=_NOT_TEXT)
    if len(content) > _BYTES_MAX:
        raise _too_long(name)
    try:
        return _bounded(content.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        raise Invalid(f"{name} is no UTF-8 text: byte {error.start}", hint=_NOT_TEXT) from None


def _bounded(text: str, name: str) -> str:
    if "\0" in text:
        raise Invalid(f"{name} is a binary file, no text", hint=_NOT_TEXT)
    if len(text) > TEXT_MAX:
        raise _too_long(name)
    return text


def _too_long(name: str) -> Invalid:
    return Invalid(f"{name} holds more than {TEXT_MAX:,} characters", hint="shorten it, or attach it as a file")


def editor(environ: Mapping[str, str]) -> str | None:
    """The editor that the person chose."""
    return next((environ[name] for name in ("CARE_EDITOR", "VISUAL", "EDITOR") if environ.get(name)), None)


def edited(program: str, explanation: str, begun: str = "") -> str:
    """A text written in an editor; below the scissors stands what it is for."""
    import shlex
    import subprocess
    import tempfile
    from pathlib import Path

    from carecli.config.secrets import for_programs

    comment = "\n".join(f"# {line}" for line in explanation.splitlines())
    with tempfile.TemporaryDirectory(prefix="care-") as folder:
        file = Path(folder, "TEXT.md")
        file.write_text(
            f"{begun}\n{SCISSORS}\n# All below this line is left out; an empty text aborts.\n{comment}\n"
        )
        try:
            # An editor draws on its standard output: where a pipe takes the answer, it gets the terminal instead.
            screen = None if sys.stdout.isatty() or not sys.stderr.isatty() else sys.stderr
            words = [*shlex.split(program), os.fspath(file)]
            status = subprocess.call(words, stdout=screen, env=for_programs(os.environ))  # noqa: S603 - the person's own choice
        except OSError as error:
            raise Failed(f"cannot start the editor {program}: {error.strerror}", hint="set CARE_EDITOR") from None
        if status:
            raise Failed(f"the editor {program} failed with status {status}", hint="nothing was changed")
        text = read_file(os.fspath(file)).partition(SCISSORS)[0].strip()
    if not text:
        raise Invalid(
            "the text is empty, nothing was changed", hint="write above the line, save, and leave the editor"
        )
    return text
