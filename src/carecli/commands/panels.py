"""Every command by its name: where it is found and what it is for, in the panels of the home page."""

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from carecli.commands.declared import Command, Family


class Named(NamedTuple):
    """A command: where it is found, `module:name`, and what it is for."""

    name: str
    target: str
    summary: str


PANELS: dict[str, tuple[Named, ...]] = {
    "Cases": (
        Named("open", "opening:open_case", "Open a case."),
        Named("list", "finding:list_cases", "List cases: your own, a group's, all."),
        Named("search", "finding:search", "Find cases by number or words."),
        Named("show", "reading:show", "Show a case and what happens next."),
        Named("similar", "similar:similar", "Find cases like one, or like a subject."),
        Named("kb", "kb:app", "Knowledge articles: found, read, written."),
        Named("log", "reading:log", "Show the events of a case or the desk."),
        Named("explain", "explain:explain", "Prove a case's clocks, to add up by hand."),
        Named("export", "export:export", "Write cases to a spreadsheet or another file."),
        Named("bundle", "bundle:app", "A case as a file that proves itself: written, verified."),
        Named("attachment", "attachment:app", "Files on a case: attached, listed, fetched."),
        Named("update", "update:update", "Add an update or an internal note."),
        Named("close", "close:close", "Close a case."),
        Named("reopen", "close:reopen", "Reopen a closed case."),
        Named("accept", "verdicts:accept", "Accept a solution; the case closes."),
        Named("reject", "verdicts:reject", "Reject a solution; work goes on."),
        Named("chat", "chat:app", "Chat with the owner of an open case."),
        Named("escalate", "escalate:escalate", "Escalate a case to a manager, or answer that."),
    ),
    "Customer Care": (
        Named("assign", "assign:assign", "Take a case, or give it to somebody."),
        Named("investigate", "answers:investigate", "Begin to work on a case."),
        Named("ask", "answers:ask", "Ask the customer for information."),
        Named("propose", "answers:propose", "Propose a solution."),
        Named("restore", "answers:restore", "Record that the service works again."),
        Named("priority", "priority:priority", "Set a case's priority."),
        Named("link", "link:link", "Link two cases."),
        Named("split", "split:split", "Make an update a case of its own."),
        Named("component", "component:app", "Which component a case is about: learned, chosen, set."),
    ),
    "Service": (
        Named("incident", "incident:app", "Incidents: declared, described, reported."),
        Named("request", "request:app", "Service requests: acknowledged, decided, signed, completed."),
        Named("feature", "feature:app", "Feature requests: evaluated, planned, delivered."),
        Named("approve", "approve:approve", "Approve what an admin case asks for."),
        Named("decline", "approve:decline", "Decline what an admin case asks for."),
        Named("maintenance", "maintenance:app", "Maintenance windows: the next ones, moved, announced."),
        Named("advisory", "advisory:app", "Service advisories: published, read, subscribed to."),
        Named("contact-us", "contact_us:contact_us", "How to reach Customer Care now."),
        Named("whatnext", "whatnext:whatnext", "Find the right channel for a need."),
    ),
    "Time": (
        Named("tick", "tick:tick", "Do everything that is due by now; for cron."),
        Named("forecast", "forecast:forecast", "List what time will do next."),
        Named("report", "report:report", "How well promises are kept: attainment, breaches, backlog."),
        Named("exempt", "exempt:exempt", "Exempt a stretch of time from a case's clocks."),
        Named("cron", "cron:app", "Have `care tick` run by cron or systemd."),
        Named("calendar", "calendar:app", "Business time: shown, checked, reckoned, changed."),
    ),
    "The desk": (
        Named("init", "init:init", "Set up a desk."),
        Named("policy", "policy:app", "The policy: shown, checked, compared, changed."),
        Named("mail", "mail:app", "Mail in and out: the outbox, fetching, triage."),
        Named("demo", "demo:demo", "Walk through a trial desk."),
        Named("account", "account:app", "Accounts and what they bought."),
        Named("contact", "contact:app", "The people at an account."),
        Named("staff", "staff:app", "The people of the desk."),
        Named("gate", "gate:app", "People come by SSH: their keys, what was refused."),
        Named("import", "importing:import_cases", "Bring in another desk's cases."),
        Named("postgres", "postgres:app", "Roles of a PostgreSQL database for each person."),
        Named("completion", "completion:completion", "Print the completion script of a shell."),
        Named("verify", "verify:verify", "Hold the record against its events."),
        Named("backup", "backup:backup", "Copy the desk, verified, while others work."),
        Named("copy", "copy:copy", "Copy the desk to another place, a server's too."),
        Named("doctor", "doctor:doctor", "Say how the desk is doing, and what mends it."),
        Named("schema", "schema:schema", "Print the JSON Schema of the answers."),
        Named("help", "", "Explain a command, exit-codes, environment, formats, times, ssh."),
    ),
}
COMMANDS = {command.name: command for panel in PANELS.values() for command in panel}
HOME = Named("home", "home:home", "What needs you next, counts, and what time will do next.")
"""What `care` alone shows."""
HIDDEN = {"complete": Named("complete", "complete:complete", "Answer a shell that completes a word.")}
"""What the scripts of `completion` call, and nobody else."""


def loaded(named: Named) -> "Command | Family":
    """The command's declaration; its module is imported for it, and no other command's."""
    module, _, attribute = named.target.partition(":")
    found: Command | Family = getattr(import_module(f"carecli.commands.{module}"), attribute)
    return found
