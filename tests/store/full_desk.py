"""A desk of some years on PostgreSQL: a first case by the rooms, thousands after it by the server itself."""

from typing import Final

from store.samples import event, mail, new_case, opening

from carecli.domain import deadlines
from carecli.store.entries import CaseTexts
from carecli.store.postgres.store import PostgresStore

CASES: Final = 6_000

# One in ten cases open, each account with its contacts, owners with their queues.
_MANY: Final = """
INSERT INTO cases SELECT n, 'account' || n % 60, 'contact' || n % 180 || '@acme.example', CASE WHEN n % 50 > 0
    THEN 'owner' || n % 31 || '@care.example' END, 'group' || n % 9, 'emea', 'service' || n % 5, 'part' || n % 40,
    type, CASE WHEN n % 10 > 0 THEN 'closed' ELSE status END, n % 4 + 1, subject,
    opened_at + n * interval '1 minute', modified_at + n * interval '1 minute',
    CAST(n % 10 > 0 AS int), CAST(n % 900 = 0 AS int), state, texts,
    CAST(n % 700 = 0 AS int), CAST(n % 300 = 0 AS int) FROM cases, generate_series(2, {cases}) AS n;
INSERT INTO events SELECT 2 * n + m, n, m + 1, at, actor, via, kind, visibility, data, digest
    FROM events, generate_series(2, {cases}) AS n, generate_series(0, 1) AS m WHERE position = 1 ORDER BY 1;
INSERT INTO timers SELECT fires_at + n * interval '1 minute', n, kind, metric, cycle
    FROM timers, generate_series(2, {cases}) AS n WHERE number = 1;
INSERT INTO standing SELECT n, 'response', 1, CASE WHEN n % 20 = 0 THEN 'clock-breached' ELSE 'clock-warned' END,
    now() + n * interval '1 minute' FROM generate_series(1, {cases}, 3) AS n;
INSERT INTO outbox (key, number, kind, recipient, subject, content, message_id, named, queued_at, not_before,
    round, stage, state, next_at, attempts, sent_at, error)
    SELECT n, nullif(n, n / 100 * 100), kind, 'contact' || n % 180, subject, content, 'id' || n, named,
    queued_at + n * interval '1 minute', not_before, round, stage, CASE WHEN n % 500 = 0 THEN 'failed'
    WHEN n % 501 = 0 THEN 'bounced' WHEN n % 400 = 0 THEN 'queued' ELSE 'sent' END,
    CASE WHEN n % 400 = 0 THEN next_at END, attempts, sent_at, error FROM outbox, generate_series(2, {cases}) AS n;
INSERT INTO received (id, digest, received_at, source, size, message_id, sender, subject, outcome, number)
    SELECT n, 'digest' || n, now(), 'dir', 9, '<' || n || '@a>', 'a', 's',
    CASE WHEN n % 600 = 0 THEN 'triaged' WHEN n % 700 > 0 THEN 'updated' END, nullif(n, n / 100 * 100)
    FROM generate_series(1, {cases}) AS n;
INSERT INTO attachments SELECT n, 1, 'a' || n, 1, 'sha' || n, 1, 0, '{{}}'
    FROM generate_series(1, {cases}, 3) AS n;
INSERT INTO search SELECT n, subject, w.said, updates, subject_tokens, ' ' || w.said || ' ', updates_tokens, size,
    words || CAST(w.said AS tsvector) FROM search, generate_series(2, {cases}) AS n, LATERAL (
        SELECT string_agg('word' || (n * 7919 + m * 104729) % 2999, ' ') AS said FROM generate_series(1, 12) AS m
    ) AS w;
INSERT INTO externals SELECT 'ref' || n, n FROM generate_series(1, {cases}) AS n;
INSERT INTO refusals (at, actor, words, reason) SELECT now(), 'a', 'b', 'c' FROM generate_series(1, {cases}) AS n;
INSERT INTO article_cases SELECT n % 90, n FROM generate_series(1, {cases}) AS n;
INSERT INTO alerts SELECT 'hash' || n, n, 'x' FROM generate_series(1, {cases}) AS n;
INSERT INTO contacts SELECT 'contact' || n || '@acme.example', 'account' || n % 60, '{{}}'
    FROM generate_series(1, {cases}) AS n;
ANALYZE"""


def fill(store: PostgresStore) -> None:
    """Put so many cases in, with what belongs to them, and have the server take statistics of it."""
    with store.write() as record:
        case = new_case()
        record.append(1, [opening(), event(minutes=1), event(minutes=2)])
        record.save(case, deadlines.timers(case))
        record.queue([mail()])
        record.index(CaseTexts(1, "Calls drop", "", "since this morning", "calls to Madrid"))
    store.db.run(_MANY.format(cases=CASES))
