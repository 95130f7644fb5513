"""Whatever a case can be, it comes back the same."""

import json
from datetime import UTC, datetime, timedelta

from chain import check_chain
from hypothesis import given, settings
from hypothesis import strategies as st
from store.samples import undone

from carecli.domain import case_state
from carecli.domain.amount import Amount, Unit
from carecli.domain.case import Case
from carecli.domain.chat import Chat
from carecli.domain.clock import Cancelled, Clock
from carecli.domain.deadline import Deadline, DeadlineKind
from carecli.domain.escalation import Addressee, Escalation
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.exemption import Exemption
from carecli.domain.followup import Days, FollowUp
from carecli.domain.incident import Action, Affected, Asked, Incident
from carecli.domain.linking import Link
from carecli.domain.rebasing import Basis, Rebasing
from carecli.domain.request import Paper, PaperKind, Request, RequestStage, Signature
from carecli.domain.vocabulary import (
    CaseType,
    Metric,
    Plan,
    Priority,
    Standing,
    Status,
    Substatus,
    Via,
    Visibility,
)
from carecli.store import codec
from carecli.store.protocol import Store
from carecli.store.sqlite.store import SqliteStore

NUMBERS = st.integers(1, 9_999_999_999)
COUNTS = st.integers(0, 1_000)
TEXTS = st.text(max_size=40)
ACTORS = TEXTS.map(lambda text: text.replace("\0", "@"))
"""No address has a NUL in it."""
SECONDS = st.integers(0, int(timedelta(days=3_652_058).total_seconds()))
INSTANTS = SECONDS.map(lambda seconds: datetime(1, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
DOCUMENTS = st.dictionaries(TEXTS, JSON, max_size=4)


MAYBE_TEXT = st.none() | TEXTS
MAYBE_INSTANT = st.none() | INSTANTS

CLOCKS = st.builds(
    Clock,
    metric=st.sampled_from(Metric),
    cycle=COUNTS,
    priority=st.sampled_from(Priority),
    target=st.builds(Amount, COUNTS, st.sampled_from(Unit)),
    started_at=INSTANTS,
    origin=INSTANTS,
    due_at=INSTANTS,
    warn_at=INSTANTS,
    holes=st.lists(st.tuples(INSTANTS, INSTANTS), max_size=2).map(tuple),
    paused_at=MAYBE_INSTANT,
    met_at=MAYBE_INSTANT,
    warned_at=MAYBE_INSTANT,
    breached_at=MAYBE_INSTANT,
    cancelled_at=MAYBE_INSTANT,
    cancelled=st.none() | st.sampled_from(Cancelled),
    floor=MAYBE_INSTANT,
)
LADDERS = st.builds(
    FollowUp,
    round=COUNTS,
    requested_at=INSTANTS,
    stage=COUNTS,
    next_at=MAYBE_INSTANT,
    anchor_at=INSTANTS,
    anchor_days=COUNTS,
    held=st.booleans(),
    days=st.none() | st.builds(Days, st.lists(COUNTS, max_size=3).map(tuple), st.booleans()),
)
ESCALATIONS = st.builds(
    Escalation,
    to=st.sampled_from(Addressee),
    addressed=st.lists(TEXTS, max_size=2).map(tuple),
    since=INSTANTS,
    by=TEXTS,
    priority=st.none() | st.sampled_from(Priority),
    by_customer=st.booleans(),
)
BASES = st.builds(
    Basis, metric=st.sampled_from(Metric), cycle=COUNTS, priority=st.sampled_from(Priority), origin=INSTANTS
)
REBASINGS = st.builds(
    Rebasing, at=INSTANTS, policy=TEXTS, calendar=TEXTS, bases=st.lists(BASES, max_size=2).map(tuple)
)
DEADLINES = st.builds(
    Deadline,
    id=COUNTS,
    kind=st.sampled_from(DeadlineKind),
    started_at=INSTANTS,
    due_at=INSTANTS,
    target=MAYBE_TEXT,
    about=MAYBE_TEXT,
    owner=MAYBE_TEXT,
    met_at=MAYBE_INSTANT,
    missed_at=MAYBE_INSTANT,
    cancelled=st.booleans(),
)
SIGNATURES = st.none() | st.builds(Signature, by=TEXTS, at=INSTANTS)
PAPERS = st.builds(
    Paper,
    file=TEXTS,
    name=TEXTS,
    sha256=TEXTS,
    kind=st.sampled_from(PaperKind),
    customer=SIGNATURES,
    care=SIGNATURES,
)
REQUESTS = st.builds(
    Request,
    stage=st.sampled_from(RequestStage),
    cycle=COUNTS,
    papers=st.lists(PAPERS, max_size=2).map(tuple),
)
CHATS = st.builds(
    Chat,
    id=COUNTS,
    by=TEXTS,
    started_at=INSTANTS,
    idle_at=INSTANTS,
    asked=st.lists(TEXTS, max_size=2).map(tuple),
    lines=COUNTS,
    contacts=st.lists(TEXTS, max_size=2).map(tuple),
    answered=st.booleans(),
)
AFFECTED = st.builds(
    Affected,
    account=TEXTS,
    number=st.none() | NUMBERS,
    at=INSTANTS,
    told=st.lists(TEXTS, max_size=2).map(tuple),
    back_at=MAYBE_INSTANT,
)
ACTIONS = st.builds(
    Action, id=COUNTS, text=TEXTS, owner=TEXTS, due_at=INSTANTS, done_at=MAYBE_INSTANT, done_by=MAYBE_TEXT
)
ASKED = st.builds(Asked, account=TEXTS, number=st.none() | NUMBERS, at=INSTANTS, by=TEXTS, sent_at=MAYBE_INSTANT)
INCIDENTS = st.builds(
    Incident,
    declared_at=INSTANTS,
    declared_by=TEXTS,
    started_at=INSTANTS,
    restored_at=MAYBE_INSTANT,
    post_mortem_at=MAYBE_INSTANT,
    title=MAYBE_TEXT,
    details=MAYBE_TEXT,
    restoration=MAYBE_TEXT,
    root_cause=MAYBE_TEXT,
    measures=MAYBE_TEXT,
    comments=MAYBE_TEXT,
    specifics=st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple),
    affected=st.lists(AFFECTED, max_size=2).map(tuple),
    actions=st.lists(ACTIONS, max_size=2).map(tuple),
    asked=st.lists(ASKED, max_size=2).map(tuple),
    sent=st.lists(st.tuples(TEXTS, INSTANTS), max_size=2).map(tuple),
)
EXEMPTIONS = st.builds(
    Exemption,
    id=COUNTS,
    since=INSTANTS,
    until=INSTANTS,
    metric=st.none() | st.sampled_from(Metric),
    reason=TEXTS,
    by=TEXTS,
    at=INSTANTS,
)
CASES = st.builds(
    Case,
    number=NUMBERS,
    seq=COUNTS,
    type=st.sampled_from(CaseType),
    subtype=MAYBE_TEXT,
    stage=MAYBE_TEXT,
    subject=TEXTS,
    account=TEXTS,
    plan=st.sampled_from(Plan),
    deployment=MAYBE_TEXT,
    service=MAYBE_TEXT,
    component=MAYBE_TEXT,
    contact=TEXTS,
    owner=MAYBE_TEXT,
    group=MAYBE_TEXT,
    priority=st.sampled_from(Priority),
    standing=st.builds(Standing, st.sampled_from(Status), st.sampled_from(Substatus)),
    opened_at=INSTANTS,
    modified_at=INSTANTS,
    closed_at=MAYBE_INSTANT,
    closed_by=MAYBE_TEXT,
    via=st.sampled_from(Via),
    policy=TEXTS,
    calendar=TEXTS,
    rounds=COUNTS,
    clocks=st.lists(CLOCKS, max_size=3, unique_by=lambda clock: (clock.metric, clock.cycle)).map(tuple),
    followup=st.none() | LADDERS,
    links=st.lists(st.builds(Link, TEXTS, NUMBERS, st.booleans()), max_size=2).map(tuple),
    description=TEXTS,
    impact=MAYBE_TEXT,
    fields=DOCUMENTS,
    root_cause=MAYBE_TEXT,
    intake=DOCUMENTS,
    # Nobody names an empty release or defect.
    release=MAYBE_TEXT.map(lambda text: text or None),
    defect=MAYBE_TEXT.map(lambda text: text or None),
    articles=st.lists(TEXTS, max_size=2).map(tuple),
    escalation=st.none() | ESCALATIONS,
    deadlines=st.lists(DEADLINES, max_size=2, unique_by=lambda one: one.id).map(tuple),
    request=st.none() | REQUESTS,
    exemptions=st.lists(EXEMPTIONS, max_size=2).map(tuple),
    exempted=COUNTS,
    rebasings=st.lists(REBASINGS, max_size=2).map(tuple),
    chats=COUNTS,
    incident=st.none() | INCIDENTS,
    chat=st.none() | CHATS,
)
EVENTS = st.builds(
    Event,
    at=INSTANTS,
    actor=ACTORS,
    via=st.sampled_from(Via),
    kind=st.sampled_from(Kind),
    visibility=st.sampled_from(Visibility),
    data=DOCUMENTS,
)


@given(CASES)
@settings(deadline=None)
def test_every_field_of_a_case_comes_back(lasting_store: Store, case: Case) -> None:
    """What is kept beside the events is the case they add up to, to the last field (AUD-1)."""
    with undone(lasting_store) as record:
        record.save(case, ())
        assert record.case(case.number) == _as_kept(lasting_store, case)


def _as_kept(store: Store, case: Case) -> Case:
    """A case as an engine can hold it: PostgreSQL has no NUL in what it looks things up by."""
    if isinstance(store, SqliteStore):
        return case
    from carecli.store.postgres.storable import storable_json

    state = storable_json(codec.canonical(case_state.state(case)))
    return case_state.case(json.loads(state), case_state.texts(case))


@given(number=st.none() | NUMBERS, event=EVENTS, position=COUNTS, seq=COUNTS)
def test_every_field_of_an_event_comes_back(number: int | None, event: Event, position: int, seq: int) -> None:
    """A row holds an event and its place, to the last field (STAT-4)."""
    recorded = Recorded(position, number, seq, event, codec.event_digest("", number, seq, event))
    assert codec.recorded(codec.event_row(recorded)) == recorded


@given(st.lists(EVENTS, min_size=1, max_size=5), st.data())
def test_no_change_of_an_event_escapes(events: list[Event], data: st.DataObject) -> None:
    """Whatever is changed in an event, its digest and with it the chain no longer fit (AUD-1)."""
    log, digest = [], codec.GENESIS
    for seq, event in enumerate(events, start=1):
        digest = codec.event_digest(digest, 1, seq, event)
        log.append(Recorded(seq, 1, seq, event, digest))
    assert check_chain(log) is None
    place = data.draw(st.integers(0, len(log) - 1))
    other = data.draw(EVENTS.filter(lambda e: codec.canonical(e.data) != codec.canonical(log[place].event.data)))
    log[place] = log[place]._replace(event=other)
    assert check_chain(log) == place + 1
