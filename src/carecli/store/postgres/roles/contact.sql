-- What a contact looks through: tables of the same names as the desk's own, so that its statements run as they are,
-- with each column that `care` would show and nothing else. The rows are chosen by the policies. A text joined to
-- '', a number plus 0, an instant plus INTERVAL '0' are expressions: a condition on the column itself would be held
-- against others' rows first, and EXPLAIN tell what came of it, and by its statistics how often others have a value.
-- What rows are found by (number, id) stays as it is.
CREATE VIEW care_contact.me WITH (security_barrier) AS
    SELECT care.actor_email() AS email, care.actor_level() AS level;
CREATE VIEW care_contact.desk_schema WITH (security_barrier) AS SELECT version FROM care.desk_schema;

-- As the desk's own, by which documents are asked into.
CREATE FUNCTION care_contact.storable(document json) RETURNS json LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN care.storable(document);

CREATE VIEW care_contact.cases WITH (security_barrier) AS SELECT
    c.number, c.account || '' AS account, c.contact || '' AS contact, c.owner || '' AS owner,
    c.product_group || '' AS product_group, c.deployment || '' AS deployment, c.service || '' AS service,
    c.component || '' AS component, c.type || '' AS type, c.status || '' AS status, c.severity + 0 AS severity,
    c.subject || '' AS subject, c.opened_at + INTERVAL '0' AS opened_at, c.modified_at + INTERVAL '0' AS modified_at, c.closed + 0 AS closed,
    c.held + 0 AS held,
    -- Without the count of events and when a warning went out; ties, clocks and deadlines as far as they are told.
    (c.state - 'seq' - 'links' - 'deadlines') || jsonb_build_object(
        'seq', 0,
        'links', coalesce((
            SELECT jsonb_agg(l.one ORDER BY l.place)
            FROM jsonb_array_elements(c.state -> 'links') WITH ORDINALITY AS l(one, place)
            WHERE NOT coalesce(CAST(l.one ->> 2 AS boolean), false)
                AND EXISTS (SELECT 1 FROM care.cases AS o WHERE o.number = CAST(l.one ->> 1 AS bigint))
        ), '[]'),
        'clocks', coalesce((
            SELECT jsonb_agg(k.one || '{"warned_at": null}' ORDER BY k.place)
            FROM jsonb_array_elements(c.state -> 'clocks') WITH ORDINALITY AS k(one, place)
        ), '[]')
    ) || CASE WHEN c.state ? 'deadlines' THEN jsonb_build_object('deadlines', coalesce((
        SELECT jsonb_agg(d.one || jsonb_build_object('id', d.id, 'owner', NULL) ORDER BY d.id) FROM (
            SELECT e.one, row_number() OVER (ORDER BY e.place) AS id
            FROM jsonb_array_elements(c.state -> 'deadlines') WITH ORDINALITY AS e(one, place)
            WHERE e.one ->> 'kind' <> 'action'
                AND coalesce(e.one ->> 'about', c.state ->> 'account') = c.state ->> 'account'
        ) AS d
    ), '[]')) ELSE '{}' END AS state,
    -- Part by part, in the order in which they stand.
    (SELECT json_object_agg(x.key, CASE x.key
        WHEN 'intake' THEN (
            SELECT coalesce(json_object_agg(y.key, y.value ORDER BY y.place), '{}')
            FROM json_each(x.value) WITH ORDINALITY AS y(key, value, place) WHERE y.key <> 'assessment'
        )
        WHEN 'incident' THEN (
            SELECT json_object_agg(y.key, CASE
                WHEN y.key IN ('declared_at', 'declared_by', 'started_at', 'restored_at') THEN y.value
                WHEN y.key = 'asked' THEN (
                    SELECT coalesce(json_agg(z.one ORDER BY z.place), '[]')
                    FROM json_array_elements(y.value) WITH ORDINALITY AS z(one, place)
                    WHERE z.one ->> 'account' = c.state ->> 'account'
                )
                WHEN y.key = 'sent' THEN (
                    SELECT coalesce(json_agg(z.one ORDER BY z.place), '[]')
                    FROM json_array_elements(y.value) WITH ORDINALITY AS z(one, place)
                    WHERE z.one ->> 0 = c.state ->> 'account'
                )
                WHEN json_typeof(y.value) = 'array' THEN '[]'
            END ORDER BY y.place)
            FROM json_each(x.value) WITH ORDINALITY AS y(key, value, place)
        )
        WHEN 'articles' THEN (
            SELECT coalesce(json_agg(y.one ORDER BY y.place), '[]')
            FROM json_array_elements_text(x.value) WITH ORDINALITY AS y(one, place)
            WHERE EXISTS (
                SELECT 1 FROM care.articles AS a
                WHERE a.public = 1 AND a.id = CAST(substring(y.one FROM '[0-9]+$') AS bigint)
            )
        )
        WHEN 'defect' THEN (
            SELECT care.storable(e.data) -> 'defect' FROM care.events AS e
            WHERE e.number = c.number AND e.visibility = 'public'
                AND coalesce(care.storable(e.data) ->> 'defect', '') <> ''
            ORDER BY e.seq DESC LIMIT 1
        )
        ELSE x.value
    END ORDER BY x.place) FROM json_each(care.storable(c.texts)) WITH ORDINALITY AS x(key, value, place)) AS texts,
    c.escalated + 0 AS escalated, c.confidential + 0 AS confidential
FROM care.cases AS c;

-- Numbered as the contact knows them: a gap would tell of a note. Places in the desk's log and digests, which hold
-- what stands between, are left out; so is by which mail something came, and what the desk made of a new case.
CREATE VIEW care_contact.events WITH (security_barrier) AS SELECT
    CAST(0 AS bigint) AS position, e.number, row_number() OVER (PARTITION BY e.number ORDER BY e.seq) AS seq, e.at,
    e.actor || '' AS actor, e.via || '' AS via, e.kind || '' AS kind, e.visibility || '' AS visibility,
    CASE WHEN e.kind IN ('opened', 'split') OR d.told -> 'mail' IS NOT NULL OR d.told -> 'intake' IS NOT NULL THEN (
        SELECT json_object_agg(x.key, CASE
            WHEN x.key = 'intake' THEN (
                SELECT coalesce(json_object_agg(y.key, y.value ORDER BY y.place), '{}')
                FROM json_each(x.value) WITH ORDINALITY AS y(key, value, place) WHERE y.key <> 'assessment'
            )
            WHEN x.key = 'links' AND e.kind = 'opened' THEN (
                SELECT coalesce(json_agg(y.one ORDER BY y.place), '[]')
                FROM json_array_elements(x.value) WITH ORDINALITY AS y(one, place)
                WHERE EXISTS (SELECT 1 FROM care.cases AS o WHERE o.number = CAST(y.one ->> 'number' AS bigint))
            )
            WHEN x.key = 'seq' AND e.kind = 'split' THEN (
                SELECT to_json(count(*)) FROM care.events AS b
                WHERE b.number = e.number AND b.seq <= CAST(x.value #>> '{}' AS bigint)
            )
            ELSE x.value
        END ORDER BY x.place) FROM json_each(d.told) WITH ORDINALITY AS x(key, value, place) WHERE x.key <> 'mail'
    ) ELSE e.data END AS data,
    CAST('' AS text) AS digest
FROM care.events AS e CROSS JOIN LATERAL (SELECT care.storable(e.data) AS told) AS d
WHERE e.number IS NOT NULL;

CREATE VIEW care_contact.timers WITH (security_barrier) AS
    SELECT fires_at + INTERVAL '0' AS fires_at, number, kind + 0 AS kind, metric || '' AS metric,
        CASE WHEN kind = 5 THEN 0 ELSE cycle + 0 END AS cycle FROM care.timers;
CREATE VIEW care_contact.attachments WITH (security_barrier) AS SELECT
    number, row_number() OVER (PARTITION BY number ORDER BY place) AS place, id, public, sha256 || '' AS sha256, size,
    by_mail, CAST(CAST(care.storable(document) AS jsonb) || '{"seq": 0, "mail": null}' AS json) AS document
FROM care.attachments;
CREATE VIEW care_contact.chat_presence WITH (security_barrier) AS
    SELECT number, session || '' AS session, email || '' AS email, side || '' AS side, beat_ms + 0 AS beat_ms
    FROM care.chat_presence;
CREATE VIEW care_contact.tallies WITH (security_barrier) AS
    SELECT status, count(*) AS cases FROM care_contact.cases GROUP BY status;

CREATE VIEW care_contact.accounts WITH (security_barrier) AS SELECT name || '' AS name, document FROM care.accounts;
CREATE VIEW care_contact.contacts WITH (security_barrier) AS
    SELECT email || '' AS email, account || '' AS account, document, CAST(NULL AS text) AS pin_hash FROM care.contacts;
CREATE VIEW care_contact.staff WITH (security_barrier) AS SELECT email, document FROM care.staff;
CREATE VIEW care_contact.desk WITH (security_barrier) AS SELECT
    name, CASE WHEN name = 'last tick' THEN document || '{"position": 0}' ELSE document END AS document
FROM care.desk;
CREATE VIEW care_contact.documents WITH (security_barrier) AS SELECT digest, kind, body FROM care.documents;
CREATE VIEW care_contact.calendar_digests WITH (security_barrier) AS SELECT name, digest FROM care.calendar_digests;

CREATE VIEW care_contact.articles WITH (security_barrier) AS SELECT
    id, slug || '' AS slug, status || '' AS status, published_version + 0 AS version,
    published_version + 0 AS published_version, public + 0 AS public, author || '' AS author,
    created_at + INTERVAL '0' AS created_at, deflected + 0 AS deflected
FROM care.articles;
CREATE VIEW care_contact.article_versions WITH (security_barrier) AS
    SELECT id, version + 0 AS version, at + INTERVAL '0' AS at, editor || '' AS editor, document - 'drafted_from' AS document
    FROM care.article_versions;
CREATE VIEW care_contact.article_votes WITH (security_barrier) AS SELECT
    id, CASE WHEN person = (SELECT care.actor_email()) THEN person ELSE '' END AS person, helpful
FROM care.article_votes;
CREATE VIEW care_contact.article_cases WITH (security_barrier) AS SELECT id, number FROM care.article_cases;
CREATE VIEW care_contact.article_words WITH (security_barrier) AS
    SELECT public, word, articles FROM care.article_words WHERE public = 1;

-- As published: nothing of a text that is still being written, and not for whom else it is.
CREATE VIEW care_contact.advisories WITH (security_barrier) AS SELECT
    id, status || '' AS status, coalesce(published_version, version) + 0 AS version,
    published || '{"accounts": []}' AS document, author || '' AS author, editor || '' AS editor,
    created_at + INTERVAL '0' AS created_at, published_at + INTERVAL '0' AS updated_at,
    published || '{"accounts": []}' AS published, published_version + 0 AS published_version,
    published_at + INTERVAL '0' AS published_at, place + 0 AS place, withdrawn_at + INTERVAL '0' AS withdrawn_at,
    reason || '' AS reason, deflected + 0 AS deflected
FROM care.advisories;
CREATE VIEW care_contact.advisory_reads WITH (security_barrier) AS SELECT person || '' AS person, id, place + 0 AS place FROM care.advisory_reads;
CREATE VIEW care_contact.subscribers WITH (security_barrier) AS
    SELECT id, person || '' AS person, address || '' AS address, next_at + INTERVAL '0' AS next_at FROM care.subscribers;
CREATE VIEW care_contact.subscriptions WITH (security_barrier) AS
    SELECT subscriber, topic || '' AS topic, service || '' AS service, frequency || '' AS frequency,
        since + INTERVAL '0' AS since FROM care.subscriptions;
