"""Mappings by name or file: read, judged, with each fault's line (IMP-1)."""

import io
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from carecli.domain.import_mapping import ImportMapping, mapping
from carecli.domain.import_mapping_check import Problem, problems
from carecli.errors import Invalid

SHIPPED = ("servicenow", "zendesk", "zendesk-csv")
LARGEST = 1 << 20
SHOWS = "`care import --show-mapping servicenow` prints one that works, docs/importing.md explains it"


def load(name: str) -> ImportMapping:
    """The mapping of this name or file; raises Invalid that lists everything wrong with it, by line."""
    return mapping(checked(name, text(name)))


def checked(name: str, source: str) -> dict[str, Any]:
    """The document that a mapping's text is; raises Invalid that lists everything wrong with it, by line."""
    try:
        document = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"mapping {name}: {error}", hint="mend the line that is named", rule="IMP-1") from error
    found = [*problems(document), *_unusable(document)]
    if found:
        told = "; ".join(_told(problem, source) for problem in found)
        raise Invalid(f"mapping {name}: {told}", hint=SHOWS, rule="IMP-1")
    return document


def text(name: str) -> str:
    """A mapping as it is written; raises Invalid for one that is neither shipped nor a file of text."""
    if name in SHIPPED:
        return (files("carecli") / "mappings" / f"{name}.toml").read_text("utf-8")
    try:
        with Path(name).expanduser().open("rb") as file:
            raw = file.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise Invalid(f"{name} is no mapping: it is larger than 1 MiB", hint=SHOWS, rule="IMP-1")
        return raw.decode("utf-8-sig")
    except OSError as error:
        known = ", ".join(SHIPPED)
        raise Invalid(
            f"cannot read the mapping {name[:200]!r}: {error.strerror}",
            hint=f"--from care, {known} or a file; {SHOWS}",
            rule="IMP-1",
        ) from error
    except (UnicodeDecodeError, ValueError) as error:
        raise Invalid(f"the mapping {name[:200]!r} is no UTF-8 text", hint=SHOWS, rule="IMP-1") from error


def _unusable(document: Mapping[str, Any]) -> Iterator[Problem]:
    """What only trying tells: an encoding that Python does not know, a pattern that reads no time."""
    encoding = document.get("encoding")
    if isinstance(encoding, str) and not _is_encoding(encoding):
        yield Problem("encoding", f"{encoding!r} is no encoding of text; write such as utf-8 or cp1252")
    for pattern in document.get("times", ()):
        if isinstance(pattern, str) and "%" in pattern and not _reads(pattern):
            yield Problem("times", f"{pattern!r} reads no time; the letters are those of strptime")


def _is_encoding(name: str) -> bool:
    try:
        io.TextIOWrapper(io.BytesIO(), name).close()
    except (LookupError, ValueError):
        return False
    return True


def _reads(pattern: str) -> bool:
    moment = datetime(2021, 3, 4, tzinfo=UTC)
    try:
        return datetime.strptime(moment.strftime(pattern), pattern).date() == moment.date()  # noqa: DTZ007
    except ValueError:
        return False


def _told(problem: Problem, source: str) -> str:
    line = _line(problem.where, source)
    where = f"line {line}, {problem.where}" if line else problem.where
    return f"{where} {problem.what}"


def _line(where: str, source: str) -> int | None:
    """The line where a key stands, as far as a plain look tells: its own, else that of its table."""
    table, _, key = where.rpartition(".")
    name, _, number = table.partition(" ")
    number, _, below = number.partition(".")
    headed = f"{name}.{below}" if below else name
    here, seen, found = "", 0, None
    for line, written in enumerate(source.splitlines(), 1):
        stripped = written.strip()
        if stripped.startswith("["):
            here = stripped.split("#")[0].strip("[] ")
            seen += here == name
            if here == headed and seen == int(number or seen):
                found = line
        elif here == headed and seen == int(number or seen) and _key(stripped) == key:
            return line
    return found


def _key(line: str) -> str:
    return line.partition("=")[0].strip().strip("\"'")
