"""How a report is told: on a screen, as JSON, as a page, a workbook, or the lists behind its figures (RPT-1)."""

import sys
from typing import TYPE_CHECKING

from carecli.commands import listing
from carecli.commands.invocation import Invocation
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.desk.reporting import Question
    from carecli.domain.report import Report


def give(answer: listing.Answer, told: "Report", zone: str, again: str) -> None:
    """Tell the whole report, as JSON, a workbook, or for people; `again` is the command that asks for it."""
    if answer.format == "xlsx":
        _write_workbook(answer, told, zone)
        return
    with answer.stream() as out:
        if answer.format == "json":
            from carecli.render import json_text
            from carecli.render.report import document

            json_text.write_json(listing.picked_from(document.report(told), answer.fields), out)
            return
        from carecli.commands import paging
        from carecli.render import delimited, terminal
        from carecli.render.report.terminal import report_page

        screen = answer.invocation.screen(out)
        sections = report_page(told, zone, width=screen.width if screen.terminal else None, again=again)
        if not screen.terminal:
            delimited.write_plain(sections, out, color=screen.color)
            return
        with paging.paged(paging.wanted(answer.invocation), out, screen) as page:
            terminal.write(sections, page, screen)


def _write_workbook(answer: listing.Answer, told: "Report", zone: str) -> None:
    if answer.output is None and sys.stdout.isatty():
        raise Invalid("a terminal shows no xlsx", hint="--output FILE.xlsx, or a pipe", rule="EXP-1")
    from carecli.render.report.workbook import workbook

    with answer.bytes() as out:
        out.write(workbook(told, zone))


def write_page(invocation: Invocation, told: "Report", zone: str, path: str) -> None:
    """Write the report as one HTML page to a file, `-` for standard output; raises Failed."""
    from carecli.render.report.page import page

    written = page(told, zone)
    answer = listing.Answer(invocation, "html", (), None if path == "-" else path)
    with answer.stream() as out:
        out.write(written)
    if answer.output:
        invocation.done({"written": path}, f"report written to {path}")


def give_attainment(answer: listing.Answer, told: "Report") -> None:
    """Tell the first table, a row for each of its clocks, for another program (EXP-1)."""
    from carecli.render.report import document
    from carecli.render.report.sheets import attainment_sheet

    table = told.tables[0]
    answer.give(
        listing.Listing(
            lambda: attainment_sheet(table, told),
            lambda: list(document.attainment_rows(table)),
            lambda rows: {"attainment": rows},
        )
    )


def give_list(answer: listing.Answer, desk: "Desk", question: "Question", what: str) -> None:
    """Tell which promises, cases or clocks are behind the figures, row by row."""
    from carecli.desk import reporting
    from carecli.render.report import document as documents
    from carecli.render.report import sheets

    if what == "breaches":
        missed = reporting.report(desk, question).breaches
        answer.give(
            listing.Listing(
                lambda: sheets.breaches_sheet(missed, desk.zone),
                lambda: [documents.breach(one) for one in missed],
                lambda rows: {"breaches": rows},
            )
        )
    elif what == "backlog":
        aged = reporting.backlog(desk, question)
        answer.give(
            listing.Listing(
                lambda: sheets.aged_sheet(aged, desk.zone),
                lambda: [documents.aged(one) for one in aged],
                lambda rows: {"backlog": rows},
            )
        )
    else:
        _give_counted(answer, desk, question, what)


def _give_counted(answer: listing.Answer, desk: "Desk", question: "Question", what: str) -> None:
    """Every clock or case that is counted, read as it is written."""
    from carecli.desk import reporting
    from carecli.render.report import document as documents
    from carecli.render.report import sheets

    flow, rows = (
        (sheets.clocks_flow, documents.clock_rows)
        if what == "clocks"
        else (sheets.cases_flow, lambda told: iter((documents.case_row(told),)))
    )
    with reporting.cases(desk, question) as told:
        answer.give(
            listing.Listing(
                lambda: sheets.kept(flow(told, desk.zone)),
                lambda: (row for case in told for row in rows(case)),
                lambda found: {what: found},
                sheets.CLOCK_FIELDS if what == "clocks" else sheets.CASE_FIELDS,
                lambda: flow(told, desk.zone),
            )
        )
