-- The record as PostgreSQL keeps it. Instants are timestamptz, to the second; texts are compared by their bytes, as
-- SQLite does; what an event tells is json, byte for byte as its digest was made of; what is derived is jsonb, or json
-- where nobody asks into it.

-- What may be asked into: a text of PostgreSQL holds no NUL and no half of a surrogate pair, a json their escapes. Each
-- becomes U+FFFD, as in the texts and documents that are derived; behind two backslashes there is no escape.
CREATE FUNCTION storable(document json) RETURNS json LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE WHEN strpos(CAST(document AS text), '\u') > 0 AND CAST(document AS text) ~* '\\u(0000|d[89a-f])' THEN CAST(replace(
        regexp_replace(
            regexp_replace(
                replace(CAST(document AS text), '\\', chr(1)),
                '\\u(0000|d[89ab][0-9a-f]{2}(?!\\ud[c-f]))', '\\ufffd', 'gi'
            ),
            '(?<!\\ud[89ab][0-9a-f]{2})\\ud[c-f][0-9a-f]{2}', '\\ufffd', 'gi'
        ),
        chr(1), '\\'
    ) AS json) ELSE document END;

CREATE TABLE events (
    position bigint PRIMARY KEY,
    number bigint,
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    actor text COLLATE "C" NOT NULL,
    via text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    visibility text COLLATE "C" NOT NULL,
    data json NOT NULL,
    digest text COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX events_of_case ON events (number, seq);
CREATE UNIQUE INDEX events_of_desk ON events (seq) WHERE number IS NULL;
CREATE INDEX events_clock_marks ON events (number, kind) WHERE kind IN ('clock-warned', 'clock-breached');
CREATE TABLE cases (
    number bigint PRIMARY KEY,
    account text COLLATE "C" NOT NULL,
    contact text COLLATE "C" NOT NULL,
    owner text COLLATE "C",
    product_group text COLLATE "C",
    deployment text COLLATE "C",
    service text COLLATE "C",
    component text COLLATE "C",
    type text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    severity smallint NOT NULL,
    subject text COLLATE "C" NOT NULL,
    opened_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL,
    closed smallint NOT NULL,
    held smallint NOT NULL,
    state jsonb NOT NULL,
    texts json NOT NULL,
    escalated smallint NOT NULL DEFAULT 0,
    confidential smallint NOT NULL DEFAULT 0
);
CREATE INDEX cases_of_contact ON cases (contact, closed, modified_at, status, account);
CREATE INDEX cases_of_owner ON cases (owner, closed, modified_at, status);
CREATE INDEX cases_of_account ON cases (account, closed, modified_at, status);
CREATE INDEX cases_of_group ON cases (product_group, closed, modified_at, status);
CREATE INDEX cases_by_closed ON cases (closed, modified_at);
CREATE INDEX cases_by_modified ON cases (modified_at);
CREATE INDEX cases_held ON cases (number) WHERE held = 1;
CREATE TABLE counters (
    name text COLLATE "C" PRIMARY KEY,
    value bigint NOT NULL
);
-- What each transaction that wrote leaves behind, for a day: whoever lost the connection at its end looks for it.
CREATE TABLE commits (
    token bigint PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE externals (
    reference text COLLATE "C" PRIMARY KEY,
    number bigint NOT NULL
);
CREATE TABLE timers (
    fires_at timestamptz NOT NULL,
    number bigint NOT NULL,
    kind bigint NOT NULL,
    metric text COLLATE "C" NOT NULL,
    cycle bigint NOT NULL,
    PRIMARY KEY (fires_at, number, kind, metric, cycle)
);
CREATE INDEX timers_of_case ON timers (number);
CREATE TABLE standing (
    number bigint NOT NULL,
    metric text COLLATE "C" NOT NULL,
    cycle bigint NOT NULL,
    mark text COLLATE "C" NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (number, metric, cycle)
);
CREATE INDEX standing_by_mark ON standing (mark, due_at);
-- Texts with their words, folded, in their order, each between two blanks; how many; and for the index each once.
CREATE TABLE search (
    rowid bigint PRIMARY KEY,
    subject text COLLATE "C" NOT NULL,
    description text COLLATE "C" NOT NULL,
    updates text COLLATE "C" NOT NULL,
    subject_tokens text COLLATE "C" NOT NULL,
    description_tokens text COLLATE "C" NOT NULL,
    updates_tokens text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    words tsvector NOT NULL
);
-- New words wait together, so that a case that grows costs a half; so few that no search is held up by them.
CREATE INDEX search_by_word ON search USING gin (words) WITH (fastupdate = on, gin_pending_list_limit = 256);
-- Apart, as ranking weighs a row by its length: a contact's order of hits would tell of notes.
CREATE TABLE search_notes (
    rowid bigint PRIMARY KEY,
    notes text COLLATE "C" NOT NULL,
    notes_tokens text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    words tsvector NOT NULL
);
CREATE INDEX search_notes_by_word ON search_notes USING gin (words) WITH (fastupdate = on, gin_pending_list_limit = 256);
CREATE TABLE accounts (
    name text COLLATE "C" PRIMARY KEY,
    document jsonb NOT NULL
);
CREATE TABLE contacts (
    email text COLLATE "C" PRIMARY KEY,
    account text COLLATE "C" NOT NULL,
    document jsonb NOT NULL,
    pin_hash text COLLATE "C"
);
CREATE INDEX contacts_of_account ON contacts (account);
CREATE TABLE staff (
    email text COLLATE "C" PRIMARY KEY,
    document jsonb NOT NULL
);
CREATE TABLE desk (
    name text COLLATE "C" PRIMARY KEY,
    document jsonb NOT NULL
);
CREATE TABLE documents (
    digest text COLLATE "C" PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    body json NOT NULL
);
CREATE TABLE calendar_digests (
    name text COLLATE "C" PRIMARY KEY,
    digest text COLLATE "C" NOT NULL
);
CREATE INDEX cases_escalated ON cases (modified_at, closed, status, escalated) WHERE escalated = 1;
CREATE INDEX cases_unassigned ON cases (product_group, severity, opened_at) WHERE owner IS NULL AND closed = 0;
CREATE TABLE outbox (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    key text COLLATE "C" NOT NULL UNIQUE,
    number bigint,
    kind text COLLATE "C" NOT NULL,
    recipient text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    content json NOT NULL,
    message_id text COLLATE "C" NOT NULL,
    named text COLLATE "C" NOT NULL,
    queued_at timestamptz NOT NULL,
    not_before timestamptz NOT NULL,
    round bigint NOT NULL,
    stage bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    next_at timestamptz,
    attempts bigint NOT NULL,
    sent_at timestamptz,
    error text COLLATE "C"
);
CREATE INDEX outbox_of_case ON outbox (number);
CREATE INDEX outbox_waiting ON outbox (state, next_at, queued_at) WHERE state IN ('queued', 'failed');
CREATE INDEX outbox_bounced ON outbox (number) WHERE state = 'bounced';
CREATE INDEX outbox_by_message_id ON outbox (message_id);
CREATE INDEX outbox_answers ON outbox (recipient, queued_at) WHERE number IS NULL;
CREATE TABLE outbox_raw (
    id bigint PRIMARY KEY,
    raw bytea NOT NULL
);
CREATE TABLE received (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    digest text COLLATE "C" NOT NULL UNIQUE,
    received_at timestamptz NOT NULL,
    source text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    message_id text COLLATE "C",
    sender text COLLATE "C",
    subject text COLLATE "C" NOT NULL,
    outcome text COLLATE "C",
    number bigint,
    code text COLLATE "C",
    reason text COLLATE "C",
    settlement text COLLATE "C",
    settled_at timestamptz,
    settled_by text COLLATE "C",
    settled_why text COLLATE "C"
);
CREATE INDEX received_by_message_id ON received (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX received_of_case ON received (number) WHERE number IS NOT NULL;
CREATE INDEX received_waiting ON received (id) WHERE outcome = 'triaged' AND settlement IS NULL;
CREATE INDEX received_unseen ON received (id) WHERE outcome IS NULL;
CREATE TABLE received_raw (
    id bigint PRIMARY KEY,
    raw bytea NOT NULL
);
CREATE TABLE fetched (
    source text COLLATE "C" NOT NULL,
    uid text COLLATE "C" NOT NULL,
    PRIMARY KEY (source, uid)
);
CREATE TABLE secrets (
    name text COLLATE "C" PRIMARY KEY,
    value bytea NOT NULL
);
CREATE TABLE attachments (
    number bigint NOT NULL,
    place bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    public smallint NOT NULL,
    sha256 text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    by_mail smallint NOT NULL,
    document json NOT NULL,
    PRIMARY KEY (number, place)
);
CREATE INDEX attachments_by_content ON attachments (sha256);
CREATE TABLE articles (
    id bigint PRIMARY KEY,
    slug text COLLATE "C" NOT NULL UNIQUE,
    status text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    published_version bigint,
    public smallint NOT NULL,
    author text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    deflected bigint NOT NULL
);
CREATE TABLE article_versions (
    id bigint NOT NULL,
    version bigint NOT NULL,
    at timestamptz NOT NULL,
    editor text COLLATE "C" NOT NULL,
    document jsonb NOT NULL,
    PRIMARY KEY (id, version)
);
CREATE TABLE article_votes (
    id bigint NOT NULL,
    person text COLLATE "C" NOT NULL,
    helpful smallint NOT NULL,
    PRIMARY KEY (id, person)
);
CREATE TABLE article_cases (
    id bigint NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (id, number)
);
CREATE INDEX article_cases_of_case ON article_cases (number);
CREATE TABLE search_articles (
    rowid bigint PRIMARY KEY,
    title text COLLATE "C" NOT NULL,
    keywords text COLLATE "C" NOT NULL,
    body text COLLATE "C" NOT NULL,
    title_tokens text COLLATE "C" NOT NULL,
    keywords_tokens text COLLATE "C" NOT NULL,
    body_tokens text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    words tsvector NOT NULL
);
CREATE INDEX search_articles_by_word ON search_articles USING gin (words) WITH (fastupdate = off);
-- What contacts find is kept apart: ranks, counts and known words of one would tell of drafts.
CREATE TABLE search_public_articles (LIKE search_articles INCLUDING ALL);
-- How many rows and words the tables of texts have, which ranking weighs by; a hundred or so rows counted together.
CREATE TABLE search_sizes (
    name text COLLATE "C" NOT NULL,
    block bigint NOT NULL,
    rows bigint NOT NULL,
    tokens bigint NOT NULL,
    PRIMARY KEY (name, block)
);
CREATE FUNCTION search_sizes_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO search_sizes VALUES (TG_TABLE_NAME, NEW.rowid / 128, 1, NEW.size)
            ON CONFLICT (name, block) DO UPDATE
            SET rows = search_sizes.rows + 1, tokens = search_sizes.tokens + NEW.size;
    ELSIF TG_OP = 'UPDATE' THEN
        UPDATE search_sizes SET tokens = tokens + NEW.size - OLD.size
            WHERE name = TG_TABLE_NAME AND block = OLD.rowid / 128;
    ELSE
        UPDATE search_sizes SET rows = rows - 1, tokens = tokens - OLD.size
            WHERE name = TG_TABLE_NAME AND block = OLD.rowid / 128;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_sized AFTER INSERT OR DELETE OR UPDATE OF size ON search
    FOR EACH ROW EXECUTE FUNCTION search_sizes_follow();
CREATE TRIGGER search_notes_sized AFTER INSERT OR DELETE OR UPDATE OF size ON search_notes
    FOR EACH ROW EXECUTE FUNCTION search_sizes_follow();
CREATE TRIGGER search_articles_sized AFTER INSERT OR DELETE OR UPDATE OF size ON search_articles
    FOR EACH ROW EXECUTE FUNCTION search_sizes_follow();
CREATE TRIGGER search_public_articles_sized AFTER INSERT OR DELETE OR UPDATE OF size ON search_public_articles
    FOR EACH ROW EXECUTE FUNCTION search_sizes_follow();
CREATE TABLE article_words (
    public smallint NOT NULL,
    word text COLLATE "C" NOT NULL,
    articles bigint NOT NULL,
    PRIMARY KEY (public, word)
);
CREATE TABLE components (
    id bigint PRIMARY KEY,
    folded text COLLATE "C" NOT NULL UNIQUE,
    name text COLLATE "C" NOT NULL,
    examples bigint NOT NULL,
    learned_at timestamptz NOT NULL
);
CREATE TABLE component_features (
    feature bigint PRIMARY KEY,
    weights bytea NOT NULL
);
CREATE TABLE component_examples (
    digest bytea PRIMARY KEY
);
CREATE TABLE component_progress (
    one bigint PRIMARY KEY CHECK (one = 1),
    position bigint NOT NULL,
    edition bigint NOT NULL
);
CREATE INDEX cases_by_component ON cases (account, service, component) WHERE component IS NOT NULL;
CREATE TABLE alerts (
    group_hash text COLLATE "C" PRIMARY KEY,
    number bigint NOT NULL,
    firing text COLLATE "C" NOT NULL
);
CREATE INDEX cases_latest_of_owner ON cases (owner) WHERE owner IS NOT NULL;
CREATE TABLE late_deadlines (
    number bigint NOT NULL,
    id bigint NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (number, id)
);
CREATE INDEX timers_of_deadlines ON timers (fires_at, number) WHERE kind = 5;
CREATE INDEX accounts_of_parent ON accounts ((document ->> 'parent')) WHERE document ->> 'parent' IS NOT NULL;
CREATE INDEX cases_confidential ON cases (contact, status) WHERE confidential = 1;
CREATE TABLE advisories (
    id bigint PRIMARY KEY,
    status text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    document jsonb NOT NULL,
    author text COLLATE "C" NOT NULL,
    editor text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    published jsonb,
    published_version bigint,
    published_at timestamptz,
    place bigint,
    withdrawn_at timestamptz,
    reason text COLLATE "C",
    deflected bigint NOT NULL
);
CREATE INDEX advisories_published ON advisories (place) WHERE status = 'published';
CREATE TABLE advisory_publications (
    place bigint PRIMARY KEY,
    id bigint NOT NULL,
    version bigint NOT NULL,
    at timestamptz NOT NULL,
    document jsonb NOT NULL
);
CREATE INDEX advisory_publications_of ON advisory_publications (id);
CREATE TABLE advisory_reads (
    person text COLLATE "C" NOT NULL,
    id bigint NOT NULL,
    place bigint NOT NULL,
    PRIMARY KEY (person, id)
);
CREATE TABLE advisory_told (
    id bigint NOT NULL,
    person text COLLATE "C" NOT NULL,
    PRIMARY KEY (id, person)
);
CREATE TABLE subscribers (
    id bigint PRIMARY KEY,
    person text COLLATE "C" NOT NULL UNIQUE,
    address text COLLATE "C" NOT NULL,
    next_at timestamptz
);
CREATE TABLE subscriptions (
    subscriber bigint NOT NULL,
    topic text COLLATE "C" NOT NULL,
    service text COLLATE "C",
    frequency text COLLATE "C" NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (subscriber, topic)
);
CREATE TABLE owed_advisories (
    subscriber bigint NOT NULL,
    place bigint NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (subscriber, place)
);
CREATE INDEX owed_advisories_of ON owed_advisories (place);
CREATE TABLE chat_presence (
    number bigint NOT NULL,
    session text COLLATE "C" NOT NULL,
    email text COLLATE "C" NOT NULL,
    side text COLLATE "C" NOT NULL,
    beat_ms bigint NOT NULL,
    PRIMARY KEY (number, session)
);
CREATE INDEX timers_of_chats ON timers (number) WHERE kind = 7;
CREATE INDEX cases_by_opened ON cases (opened_at);
CREATE INDEX events_steps ON events (
    number, seq, at, kind, actor, (storable(data) ->> 'status'), (storable(data) ->> 'substatus'),
    (storable(data) ->> 'action'), (storable(data) ->> 'calendar')
) WHERE kind IN ('follow-up-sent', 'rebased') OR storable(data) ->> 'substatus' IS NOT NULL;
CREATE TABLE refusals (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text COLLATE "C" NOT NULL,
    client text COLLATE "C",
    key text COLLATE "C",
    words text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL
);
CREATE INDEX refusals_at ON refusals (at);
CREATE TABLE pin_tries (
    email text COLLATE "C" PRIMARY KEY,
    failures bigint NOT NULL,
    last_at timestamptz NOT NULL
);
CREATE TABLE backups (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    path text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    bytes bigint NOT NULL,
    files bigint NOT NULL,
    position bigint NOT NULL,
    digest text COLLATE "C" NOT NULL,
    itself smallint NOT NULL
);

-- Workers of the tick change cases beside each other: each adds what it changed, and none waits for another's row.
CREATE TABLE tally_changes (
    status text COLLATE "C" NOT NULL,
    cases bigint NOT NULL
);
CREATE VIEW tallies AS SELECT status, CAST(sum(cases) AS bigint) AS cases FROM tally_changes GROUP BY status;

CREATE FUNCTION cases_come() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tally_changes SELECT status, count(*) FROM come GROUP BY status;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_come AFTER INSERT ON cases
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION cases_come();

CREATE FUNCTION cases_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tally_changes
        SELECT status, sum(change) FROM (
            SELECT status, 1 AS change FROM now_so UNION ALL SELECT status, -1 FROM was_so
        ) AS changes GROUP BY status HAVING sum(change) <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_move AFTER UPDATE ON cases
    REFERENCING OLD TABLE AS was_so NEW TABLE AS now_so FOR EACH STATEMENT EXECUTE FUNCTION cases_move();

CREATE FUNCTION cases_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tally_changes SELECT status, -count(*) FROM gone GROUP BY status;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_go AFTER DELETE ON cases
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION cases_go();

-- The log grows at its end and never changes, whoever asks for it (AUD-1).
CREATE FUNCTION events_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the event log is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER events_keep BEFORE UPDATE ON events FOR EACH ROW EXECUTE FUNCTION events_keep();
CREATE TRIGGER events_stay BEFORE DELETE ON events FOR EACH ROW EXECUTE FUNCTION events_keep();
CREATE TRIGGER events_last BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION events_keep();

-- Once for however many: whoever else appends waits for it.
CREATE FUNCTION events_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    first bigint;
    last bigint;
    number bigint;
BEGIN
    SELECT min(position), max(position), count(*) INTO first, last, number FROM come;
    IF number > 0 AND (
        last - first + 1 <> number
        OR first <> (SELECT coalesce(max(position), 0) + 1 FROM events WHERE position < first)
        OR last <> (SELECT max(position) FROM events)
    ) THEN
        RAISE EXCEPTION 'the event log is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER events_follow AFTER INSERT ON events
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION events_follow();

-- The one queue knows when a mail may leave (kind 4), and when a digest is owed (kind 6).
CREATE FUNCTION outbox_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.next_at IS NOT NULL THEN
        DELETE FROM timers WHERE (fires_at, number, kind, metric, cycle)
            = (OLD.next_at, coalesce(OLD.number, 0), 4, '', OLD.id);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.next_at IS NOT NULL THEN
        INSERT INTO timers VALUES (NEW.next_at, coalesce(NEW.number, 0), 4, '', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_comes AFTER INSERT ON outbox
    FOR EACH ROW WHEN (NEW.next_at IS NOT NULL) EXECUTE FUNCTION outbox_waits();
CREATE TRIGGER outbox_moves AFTER UPDATE OF next_at ON outbox
    FOR EACH ROW WHEN (NEW.next_at IS DISTINCT FROM OLD.next_at) EXECUTE FUNCTION outbox_waits();
CREATE TRIGGER outbox_goes AFTER DELETE ON outbox FOR EACH ROW EXECUTE FUNCTION outbox_waits();

CREATE FUNCTION subscribers_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM timers WHERE (fires_at, number, kind, metric, cycle) = (OLD.next_at, 0, 6, '', OLD.id);
    IF NEW.next_at IS NOT NULL THEN
        INSERT INTO timers VALUES (NEW.next_at, 0, 6, '', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER subscribers_wait AFTER UPDATE OF next_at ON subscribers
    FOR EACH ROW WHEN (NEW.next_at IS DISTINCT FROM OLD.next_at) EXECUTE FUNCTION subscribers_wait();

INSERT INTO counters VALUES ('case', 0);
INSERT INTO component_progress VALUES (1, 0, 0);
-- What makes references unguessable: made here once, never shown, never logged (MAIL-1).
INSERT INTO secrets VALUES ('reference', uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

-- Views that other programs may rely on: what they are called, and their columns, stay (EXP-1).
CREATE VIEW care_cases AS SELECT
    c.number AS case_id, lpad(CAST(c.number AS text), 10, '0') AS number, c.type AS type, c.state ->> 'subtype' AS subtype,
    c.state ->> 'stage' AS stage, c.state ->> 'subject' AS subject, storable(c.texts) ->> 'description' AS description,
    storable(c.texts) ->> 'impact' AS impact, c.state ->> 'account' AS account, c.state ->> 'plan' AS plan, c.state ->> 'contact' AS contact,
    c.state ->> 'owner' AS owner, c.state ->> 'group' AS product_group,
    c.state ->> 'deployment' AS deployment, c.state ->> 'service' AS service, c.state ->> 'component' AS component,
    c.state ->> 'priority' AS priority, c.severity AS severity, c.status AS status,
    c.state ->> 'substatus' AS substatus, c.closed AS closed, c.escalated AS escalated,
    c.confidential AS confidential, c.opened_at AS opened_at, c.modified_at AS modified_at,
    CAST(c.state ->> 'closed_at' AS timestamptz) AS closed_at, c.state ->> 'closed_by' AS closed_by,
    c.state ->> 'via' AS via, storable(c.texts) ->> 'root_cause' AS root_cause, c.state ->> 'policy' AS policy,
    c.state ->> 'calendar' AS calendar, CAST(c.state ->> 'seq' AS bigint) AS events
FROM cases AS c;

-- A clock whose due time has gone by and that no tick has looked at since stands as the record has it: running.
CREATE VIEW care_clocks AS SELECT
    c.number AS case_id, lpad(CAST(c.number AS text), 10, '0') AS number, c.state ->> 'account' AS account, c.state ->> 'plan' AS plan, c.state ->> 'contact' AS contact,
    c.state ->> 'owner' AS owner, c.state ->> 'group' AS product_group,
    k.value ->> 'metric' AS metric, CAST(k.value ->> 'cycle' AS bigint) AS cycle,
    k.value ->> 'priority' AS priority, k.value ->> 'target' AS target, k.value ->> 'state' AS state,
    CAST(k.value ->> 'started_at' AS timestamptz) AS started_at, CAST(k.value ->> 'due_at' AS timestamptz) AS due_at,
    CAST(k.value ->> 'warn_at' AS timestamptz) AS warn_at, CAST(k.value ->> 'warned_at' AS timestamptz) AS warned_at,
    CAST(k.value ->> 'breached_at' AS timestamptz) AS breached_at, CAST(k.value ->> 'met_at' AS timestamptz) AS met_at,
    CAST(k.value ->> 'paused_at' AS timestamptz) AS paused_at,
    CAST(k.value ->> 'cancelled_at' AS timestamptz) AS cancelled_at, k.value ->> 'cancelled' AS cancelled,
    CAST(extract(epoch FROM CAST(k.value ->> 'due_at' AS timestamptz) - CAST(k.value ->> 'met_at' AS timestamptz))
        AS bigint) AS margin_s
FROM cases AS c CROSS JOIN LATERAL jsonb_array_elements(c.state -> 'clocks') AS k(value);

CREATE VIEW care_breaches AS SELECT
    k.case_id, k.number, k.account, k.plan, k.contact, k.owner, k.product_group, k.metric, k.cycle, k.priority,
    k.target, k.due_at, k.breached_at, k.met_at, CASE WHEN k.met_at IS NOT NULL THEN greatest(0, -k.margin_s) END AS late_s,
    CAST(k.met_at IS NULL AND k.cancelled_at IS NULL AND c.closed = 0 AS int) AS standing
FROM care_clocks AS k JOIN cases AS c ON c.number = k.case_id
WHERE k.breached_at IS NOT NULL;

CREATE VIEW care_follow_ups AS SELECT
    e.number AS case_id, lpad(CAST(c.number AS text), 10, '0') AS number, c.state ->> 'account' AS account, c.state ->> 'plan' AS plan, c.state ->> 'contact' AS contact,
    c.state ->> 'owner' AS owner, c.state ->> 'group' AS product_group,
    CAST(storable(e.data) ->> 'round' AS bigint) AS round, CAST(storable(e.data) ->> 'stage' AS bigint) AS stage,
    storable(e.data) ->> 'action' AS action, 'sent' AS state, CAST(storable(e.data) ->> 'due_at' AS timestamptz) AS due_at,
    e.at AS sent_at
FROM events AS e JOIN cases AS c ON c.number = e.number WHERE e.kind = 'follow-up-sent'
UNION ALL SELECT
    c.number, lpad(CAST(c.number AS text), 10, '0'), c.state ->> 'account' AS account, c.state ->> 'plan' AS plan, c.state ->> 'contact' AS contact,
    c.state ->> 'owner' AS owner, c.state ->> 'group' AS product_group,
    CAST(c.state -> 'followup' ->> 'round' AS bigint), CAST(c.state -> 'followup' ->> 'stage' AS bigint) + 1,
    NULL, CASE WHEN c.held = 1 THEN 'held' ELSE 'waiting' END,
    CAST(c.state -> 'followup' ->> 'next_at' AS timestamptz), NULL
FROM cases AS c WHERE c.state -> 'followup' ->> 'round' IS NOT NULL;

CREATE VIEW care_events AS SELECT
    position, number AS case_id, lpad(CAST(events.number AS text), 10, '0') AS number,
    seq, at, actor, via, kind, visibility, data, digest
FROM events;
