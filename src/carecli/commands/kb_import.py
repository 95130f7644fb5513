"""Articles brought in from Markdown files."""

from typing import Annotated

from carecli.commands.declared import Argument, Option, command
from carecli.commands.invocation import Invocation
from carecli.commands.progress import progress
from carecli.errors import ExitStatus


@command
def import_(
    invocation: Invocation,
    where: Annotated[
        list[str],
        Argument(metavar="FILE...", help="Markdown files, folders of them, or - for one.", completes="file"),
    ],
    publish: Annotated[bool, Option("--publish", help="Publish each that does not say `status: draft`.")] = False,
    dry_run: Annotated[bool, Option("--dry-run", "-n", help="Read all, keep nothing.")] = False,
) -> int:
    """Bring in articles from Markdown files, with or without front matter; for staff.

    Front matter may give title, slug, services, components, keywords, status and audience. The same file again
    changes nothing, a changed one makes a new version. A file that cannot be taken is told with its line, and
    the rest goes on; the exit status is then 2.

    care kb import articles/ --dry-run

    care kb import articles/ --publish
    """
    from carecli.desk.knowledge import importing
    from carecli.render import knowledge as pages
    from carecli.render import knowledge_document as documents

    with invocation.desk() as desk, progress(invocation, "Importing") as reached:
        report = importing.import_articles(desk, where, publish=publish, dry_run=dry_run, progress=reached)
    if invocation.json or not invocation.quiet:
        invocation.emit(documents.imported(report), lambda: pages.import_page(report))
    return ExitStatus.USAGE if report.count("refused") else ExitStatus.DONE
