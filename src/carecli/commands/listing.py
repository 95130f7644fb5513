"""How a listing answers: in which format, which fields, and to which file."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from os.path import splitext
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, NamedTuple, TextIO

from carecli.commands.declared import Option
from carecli.commands.invocation import Invocation
from carecli.errors import Invalid
from carecli.render import json_text

if TYPE_CHECKING:
    from carecli.render.sheet import Flow, Sheet, Table

Document = dict[str, Any]

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "xlsx")

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
    """What there is to list: a table for people and spreadsheets, documents for scripts.

    Only one of them is asked for, once; rows that are read as they are written stay out of memory.
    """

    sheet: Callable[[], "Sheet"]
    rows: Callable[[], Iterable[Document]]
    document: Callable[[list[Document]], Mapping[str, Any]]
    keys: Sequence[str] = ()
    """What a row has, to know a wrong field by where there is no row."""
    flow: Callable[[], "Flow"] | None = None
    """The same table for other programs, where it may be longer than memory."""


class Answer(NamedTuple):
    """How a listing shall answer."""

    invocation: Invocation
    format: str
    fields: tuple[str, ...]
    output: str | None
    every_column: bool = False
    """Whether also those columns belong in a file that nobody asked for by name (EXP-1)."""

    @property
    def all_rows(self) -> bool:
        """Whether every row belongs in it: a file for another program is not paged (FIND-2)."""
        return self.format in {"jsonl", "csv", "tsv", "xlsx"}

    @property
    def documents(self) -> bool:
        """Whether it is made of documents, for scripts; tables show less of each row."""
        return self.format in {"json", "jsonl"}

    def give(self, listing: Listing) -> None:
        """Write the listing."""
        if self.format == "xlsx":
            self._give_workbook(listing)
            return
        with self.stream(newline="") as out:
            if self.documents:
                self._give_documents(listing, out)
            else:
                self._give_table(listing, out)

    def _give_documents(self, listing: Listing, out: TextIO) -> None:
        rows = listing.rows()
        if self.fields:
            rows = _picked(rows, self.fields, listing.keys)
        if self.format == "jsonl":
            json_text.write_jsonl(rows, out)
        elif isinstance(rows, list):
            json_text.write_json(listing.document(rows), out)
        else:
            place: list[Document] = []
            json_text.write_json_around(listing.document(place), place, rows, out)

    def _give_table(self, listing: Listing, out: TextIO) -> None:
        # Imported here: a script's JSON needs neither tables nor tabs.
        from carecli.render import delimited

        screen = self.invocation.screen(out)
        if self.format == "csv":
            delimited.write_csv(self._chosen(listing), out)
        elif self.format == "tsv":
            delimited.write_tsv(self._chosen(listing), out, spreadsheet=True)
        elif screen.terminal:
            from carecli.commands import paging
            from carecli.render import terminal

            sheet = listing.sheet()
            with paging.paged(paging.wanted(self.invocation), out, screen) as page:
                terminal.write([sheet.picked(self.fields) if self.fields else sheet], page, screen)
        else:
            delimited.write_tsv(self._chosen(listing), out, color=screen.color)

    def _give_workbook(self, listing: Listing) -> None:
        if self.output is None and sys.stdout.isatty():
            raise Invalid("a terminal shows no xlsx", hint="--output FILE.xlsx, or a pipe", rule="EXP-1")
        # Imported here: few write a workbook.
        from carecli.render import workbook

        chosen = self._chosen(listing)
        with self.bytes() as out:
            workbook.write_xlsx(chosen, out)

    def _chosen(self, listing: Listing) -> "Table":
        """The columns that a file for another program shall have."""
        table = listing.flow() if listing.flow else listing.sheet()
        if self.fields:
            return table.picked(self.fields)
        return table if self.every_column else table.usual()

    @contextmanager
    def stream(self, newline: str | None = None) -> Iterator[TextIO]:
        """Where the answer goes; `newline` "" keeps the ends of lines as they are written.

        A file gets its name when all of it is written; until then what was there stays (EXP-1). Raises Failed.
        """
        if self.output is None:
            yield sys.stdout
            return
        # Imported here: it would take a tenth of the time of a list that goes to a pipe.
        from io import TextIOWrapper

        with self.bytes() as raw:
            out = TextIOWrapper(raw, encoding="utf-8", newline=newline)
            try:
                yield out
            finally:
                # Whoever opened the file closes it.
                out.detach()

    @contextmanager
    def bytes(self) -> Iterator[BinaryIO]:
        """Where an answer that is no text goes, as `stream`."""
        if self.output is None:
            sys.stdout.flush()
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
            return
        from carecli.desk import exporting

        with exporting.written(self.output) as raw:
            yield raw


def picked_from(document: Document, names: Sequence[str]) -> Document:
    """The document with these fields alone, or whole where none are named."""
    if not names:
        return document
    from carecli.render.fields import with_fields

    return with_fields(document, names)


def _picked(rows: Iterable[Document], names: Sequence[str], keys: Sequence[str]) -> Iterable[Document]:
    """These fields of each row; a wrong name is refused before anything is written, also where there is no row."""
    coming = iter(rows)
    first = next(coming, None)
    if first is None:
        if keys:
            picked_from(dict.fromkeys(keys), names)
        return []
    known = [picked_from(first, names)]
    others = (picked_from(row, names) for row in coming)
    return [*known, *others] if isinstance(rows, list) else chain(known, others)


def named_fields(fields: str | None) -> tuple[str, ...]:
    """The fields that --fields names; naming none is a slip that the list of them answers."""
    if fields is None:
        return ()
    return tuple(name.strip() for name in fields.split(",") if name.strip()) or ("",)


def answer(invocation: Invocation, format_: str | None, fields: str | None, output: str | None) -> Answer:
    """Read the options of a listing; a file's ending tells the format where nothing else does."""
    named = format_ or (None if invocation.json else by_ending(output))
    wanted = invocation.format(named, FORMATS)
    return Answer(invocation, wanted, named_fields(fields), None if output == "-" else output)


def by_ending(output: str | None) -> str | None:
    """The format that a file's name tells by its ending, if it does."""
    ending = splitext(output or "")[1].lstrip(".").lower()
    return ending if ending in FORMATS[1:] else None
