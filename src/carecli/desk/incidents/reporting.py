"""The incident report, drawn from the record for staff or for an account, and sent (INC-2, INC-3)."""

from collections.abc import Sequence

from carecli.desk import parties
from carecli.desk.desk import Desk
from carecli.desk.incidents.declaring import account as known_account
from carecli.desk.incidents.declaring import designated
from carecli.desk.incidents.requesting import Part, part
from carecli.desk.reading import view
from carecli.desk.record import Record
from carecli.desk.rulebook import Rulebook
from carecli.domain import access, incidents
from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.events import Kind, Recorded
from carecli.domain.folding import replay
from carecli.domain.incident import Incident
from carecli.domain.incident_report import Report, Sources
from carecli.domain.incident_report import report as drawn
from carecli.domain.numbers import written
from carecli.domain.views import CaseView
from carecli.errors import NotFound, NotPermitted, Refused
from carecli.store.protocol import Reading


def report(desk: Desk, number: int, account: str | None = None) -> Report:
    """The report as it stands, for staff or as `account` would get it; for a contact as it was last sent.

    Raises Refused for a contact whose account has not been sent one.
    """
    with desk.machinery() as reading:
        case = access.seen(desk.actor, reading.case(number), written(number))
        if desk.actor.is_contact:
            if account:
                raise NotPermitted("--for is for staff", hint="leave it out", rule="INC-3")
            return _as_sent(desk, reading, part(reading.case, case))
        if account is None and case.incident:
            return _drawn(desk, reading, Part(case, "", case), None)
        named = reading.account(account) if account else None
        if account and named is None:
            raise NotFound(f"there is no account {account}", hint="`care account list` shows them", rule="INC-3")
        wanted = part(reading.case, case, named.name if named else None)
        _require_client(wanted)
        return _drawn(desk, reading, wanted, wanted.account)


def _require_client(wanted: Part) -> None:
    incident, number = incidents.of(wanted.incident), written(wanted.incident.number)
    if wanted.account not in incident.clients(wanted.incident.account):
        raise Refused(
            f"{wanted.account} is not among the accounts that incident {number} affects",
            hint=f"care incident show {number} names them",
            rule="INC-3",
        )


def _as_sent(desk: Desk, reading: Reading, wanted: Part) -> Report:
    """The report that an account was sent, as the record stood then: drafts are staff's."""
    sent = [
        entry
        for entry in reading.history(wanted.incident.number)
        if entry.event.kind is Kind.REPORT_SENT and entry.event.data.get("account") == wanted.account
    ]
    if not sent:
        waiting = incidents.of(wanted.incident).waiting(wanted.account)
        number = written(wanted.own.number if wanted.own else wanted.incident.number)
        raise Refused(
            "the incident report is not ready yet",
            hint="you are told by mail when it is" if waiting else f"ask for it: care incident request {number}",
            rule="INC-2",
        )
    then = desk.at(sent[-1].event.at)
    made = _drawn(then, reading, wanted, wanted.account, until=sent[-1].position)
    # People may bear another name by now.
    owners = zip(made.actions, sent[-1].event.data["owners"], strict=True)
    return made._replace(actions=tuple(one._replace(owner=owner) for one, owner in owners))


def _drawn(desk: Desk, reading: Reading, wanted: Part, account: str | None, until: int | None = None) -> Report:
    history = _until(reading.history(wanted.incident.number), until)
    case = wanted.incident
    if until is not None:
        case = replay((entry.event for entry in history), desk.rulebook.finding(reading))
    incident = incidents.of(case)
    owns = _owns(reading, case, incident, account)
    said = [
        entry.event
        for one in owns
        for entry in (history if one.number == case.number else _until(reading.history(one.number), until))
        if entry.event.public
    ]
    names = {member.email: member.name for member in reading.staff()}
    zone = _zone(desk.rulebook, reading, owns, account) or desk.zone
    return drawn(Sources(case, account, owns, said, names, zone, desk.now), incident)


def _until(history: Sequence[Recorded], position: int | None) -> list[Recorded]:
    return [entry for entry in history if position is None or entry.position <= position]


def _owns(reading: Reading, case: Case, incident: Incident, account: str | None) -> list[Case]:
    """The cases of the reader's account in the incident; staff read of the incident's own."""
    own = [case] if account in {None, case.account} else []
    numbers = [one.number for one in incident.affected if one.number and one.account == account]
    return [*own, *sorted(reading.cases(numbers), key=lambda one: one.number)] if numbers else own


def _zone(rulebook: Rulebook, reading: Reading, owns: Sequence[Case], account: str | None) -> str | None:
    """The zone of the account's calendar, in which its people read; the viewer's for staff (CAL-3)."""
    return rulebook.calendar(reading, owns[0].calendar).zone if account and owns else None


def send(desk: Desk, number: int, account: str | None = None) -> tuple[Report, CaseView]:
    """Send the report to an account, by default that of the case; by staff (INC-2).

    Raises Refused where something is missing that a report cannot do without, and names all of it.
    """
    with desk.record() as record:
        act, case = parties.staff_act(record), record.case(number)
        whose = known_account(record, account) if account else None
        wanted = part(record.writing.case, case, whose)
        _require_client(wanted)
        made = _drawn(desk, record.writing, wanted, wanted.account)
        _require_whole(made, wanted.incident)
        _sent(record, wanted, made, act)
        # As its reader has it from now on: with the sending among its milestones.
        after = part(record.writing.case, record.case(number), whose)
        return _drawn(desk, record.writing, after, after.account), view(desk, record.writing, after.incident)


def _require_whole(made: Report, incident: Case) -> None:
    if not made.lacks:
        return
    number = written(incident.number)
    words = [f"--{name}" if name != "details" else "-m" for name in made.lacks if name != "end"]
    reopened = [f"care reopen {number}"] if incident.closed else []
    ways = [*reopened, f"care restore {number}"] if "end" in made.lacks else []
    ways += [f"care incident describe {number} {' TEXT '.join(words)} TEXT"] if words else []
    raise Refused(
        f"the report lacks its {', '.join(made.lacks)}", hint="first: " + ", and ".join(ways), rule="INC-3"
    )


def _sent(record: Record, wanted: Part, made: Report, act: Act) -> None:
    from carecli.render.incident_report import plain

    incident, account, own = wanted
    text, owners = plain(made).strip(), [one.owner for one in made.actions]
    number = own.number if own else None
    if own is None:
        told = tuple(designated(record, account))
        if not told:
            raise Refused(
                f"{account} has no Designated Contact who could be sent it",
                hint=f"care contact list --account '{account}' shows its people",
                rule="INC-2",
            )
        event = incidents.send_report(account, None, told, text, act, record.now, public=False, owners=owners)
        record.append(incident, event)
        return
    told = _readers(record, wanted, own)
    if own.number == incident.number:
        event = incidents.send_report(account, number, told, text, act, record.now, public=True, owners=owners)
        record.append(incident, event)
        return
    record.append(own, incidents.told_report(text, told, act, record.now))
    event = incidents.send_report(account, number, (), None, act, record.now, public=False, owners=owners)
    record.append(incident, event)


def _readers(record: Record, wanted: Part, own: Case) -> tuple[str, ...]:
    """Who is sent it: the case's contact, and whoever of the account asked for it."""
    asked = incidents.of(wanted.incident).waiting(wanted.account)
    asker = record.writing.contact(asked.by) if asked else None
    also = [asker.email] if asker and asker.active and parties.acts_for(record.writing, asker, own.account) else []
    return tuple(dict.fromkeys([own.contact, *also]))
