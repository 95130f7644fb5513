"""How a listing answers: in which format, which fields, and to which file."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from os.path import splitext
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TextIO

from carecli.commands.declared import Option
from carecli.commands.invocation import Invocation
from carecli.errors import Failed, Invalid
from carecli.render import json_text

if TYPE_CHECKING:
    from carecli.render.sheet import Sheet

Document = dict[str, Any]

FORMATS = ("table", "json", "jsonl", "csv", "tsv")

Format = Annotated[
    str | None,
    Option("--format", metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.", completes=FORMATS),
]
Fields = Annotated[str | None, Option("--fields", metavar="A,B", help="Fields of JSON, columns of tables.")]
Output = Annotated[
    str | None,
    Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write to a file, - for standard output.",
        completes="file",
    ),
]


class Listing(NamedTuple):
    """What there is to list: a table for people and spreadsheets, documents for scripts."""

    sheet: Callable[[], "Sheet"]
    rows: Callable[[], Sequence[Document]]
    document: Callable[[list[Document]], Mapping[str, Any]]
    keys: Sequence[str] = ()
    """What a row has, to know a wrong field by where there is no row."""


class Answer(NamedTuple):
    """How a listing shall answer."""

    invocation: Invocation
    format: str
    fields: tuple[str, ...]
    output: str | None

    @property
    def all_rows(self) -> bool:
        """Whether every row belongs in it: a file for another program is not paged (FIND-2)."""
        return self.format in {"jsonl", "csv", "tsv"}

    def give(self, listing: Listing) -> None:
        """Write the listing."""
        with self.stream() as out:
            if self.format in {"json", "jsonl"}:
                self._give_documents(listing, out)
            else:
                self._give_sheet(listing.sheet(), out)

    def _give_documents(self, listing: Listing, out: TextIO) -> None:
        rows = listing.rows()
        if self.fields and not rows and listing.keys:
            picked_from(dict.fromkeys(listing.keys), self.fields)
        picked = [picked_from(row, self.fields) for row in rows]
        if self.format == "jsonl":
            json_text.write_jsonl(picked, out)
        else:
            json_text.write_json(listing.document(picked), out)

    def _give_sheet(self, sheet: "Sheet", out: TextIO) -> None:
        # Imported here: a script's JSON needs neither tables nor tabs.
        from carecli.commands import paging
        from carecli.render import delimited, terminal

        chosen = sheet.picked(self.fields) if self.fields else sheet
        screen = self.invocation.screen(out)
        if self.format == "csv":
            delimited.write_csv(chosen.usual(), out)
        elif self.format == "table" and screen.terminal:
            with paging.paged(paging.wanted(self.invocation), out, screen) as page:
                terminal.write([chosen], page, screen)
        else:
            delimited.write_tsv(chosen.usual(), out, color=screen.color and self.format == "table")

    @contextmanager
    def stream(self, newline: str | None = None) -> Iterator[TextIO]:
        """Where the answer goes; `newline` "" keeps the ends of lines as they are written."""
        if self.output is None:
            yield sys.stdout
            return
        # Imported here: it would take a tenth of the time of a list that goes to a pipe.
        from pathlib import Path

        path = Path(self.output).expanduser()
        try:
            with path.open("w", encoding="utf-8", newline=newline) as out:
                yield out
        except OSError as error:
            raise Failed(f"cannot write {path}: {error.strerror}", hint="--output - is standard output") from None


def picked_from(document: Document, names: Sequence[str]) -> Document:
    """The document with these fields alone, or whole where none are named."""
    if not names:
        return document
    from carecli.render.fields import with_fields

    return with_fields(document, names)


def named_fields(fields: str | None) -> tuple[str, ...]:
    """The fields that --fields names; naming none is a slip that the list of them answers."""
    if fields is None:
        return ()
    return tuple(name.strip() for name in fields.split(",") if name.strip()) or ("",)


def answer(invocation: Invocation, format_: str | None, fields: str | None, output: str | None) -> Answer:
    """Read the options of a listing; a file's ending tells the format where nothing else does."""
    named = format_ or (None if invocation.json else _by_ending(output))
    if named and named.lower() == "xlsx":
        raise Invalid("xlsx comes with export", hint=f"here: {', '.join(FORMATS)}")
    wanted = invocation.format(named, FORMATS)
    return Answer(invocation, wanted, named_fields(fields), None if output == "-" else output)


def _by_ending(output: str | None) -> str | None:
    ending = splitext(output or "")[1].lstrip(".").lower()
    return ending if ending in {*FORMATS[1:], "xlsx"} else None
