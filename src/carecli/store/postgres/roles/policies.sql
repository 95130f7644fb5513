-- Which rows are there for whoever is at the other end (DC-1, DC-3, ACC-5, SR-1). They bind {sight}, who owns what
-- actors look through; a table that has none here shows nobody anything.
CREATE POLICY seen ON care.cases FOR SELECT TO {sight} USING (
    ((SELECT care.actor_is_staff()) OR account = ANY ((SELECT care.actor_case_accounts())::text[]))
    AND (confidential = 0 OR contact = (SELECT care.actor_email()) OR (SELECT care.actor_level()) = 'admin')
);
-- A tie to a case that is not there is not there either. Cases are looked up under their own policy.
CREATE POLICY seen ON care.events FOR SELECT TO {sight} USING (
    ((SELECT care.actor_is_staff()) OR visibility = 'public')
    AND CASE
        WHEN number IS NULL THEN (SELECT care.actor_is_staff())
        ELSE EXISTS (SELECT 1 FROM care.cases AS c WHERE c.number = events.number)
    END
    AND CASE
        WHEN kind IN ('linked', 'unlinked', 'split')
        THEN EXISTS (SELECT 1 FROM care.cases AS c WHERE c.number = CAST(care.storable(events.data) ->> 'number' AS bigint))
        ELSE true
    END
);
-- Warnings and mail are Customer Care's, and a deadline that nobody promised to the customer is so too.
CREATE POLICY seen ON care.timers FOR SELECT TO {sight} USING (
    CASE
        WHEN number = 0 THEN (SELECT care.actor_is_staff())
        WHEN (SELECT care.actor_is_staff()) THEN EXISTS (SELECT 1 FROM care.cases AS c WHERE c.number = timers.number)
        WHEN kind IN (2, 3, 7) THEN EXISTS (SELECT 1 FROM care.cases AS c WHERE c.number = timers.number)
        WHEN kind = 5 THEN EXISTS (
            SELECT 1 FROM care.cases AS c CROSS JOIN LATERAL jsonb_array_elements(c.state -> 'deadlines') AS d(one)
            WHERE c.number = timers.number AND CAST(d.one ->> 'id' AS bigint) = timers.cycle
                AND d.one ->> 'kind' <> 'action' AND coalesce(d.one ->> 'about', c.state ->> 'account') = c.state ->> 'account'
        )
        ELSE false
    END
);
CREATE POLICY seen ON care.attachments FOR SELECT TO {sight} USING (
    ((SELECT care.actor_is_staff()) OR public = 1)
    AND EXISTS (SELECT 1 FROM care.cases AS c WHERE c.number = attachments.number)
);
CREATE POLICY seen ON care.chat_presence FOR SELECT TO {sight} USING (
    EXISTS (SELECT 1 FROM care.cases AS c WHERE c.number = chat_presence.number)
);
CREATE POLICY seen ON care.search FOR SELECT TO {sight} USING (
    EXISTS (SELECT 1 FROM care.cases AS c WHERE c.number = search.rowid)
);
CREATE POLICY seen ON care.search_notes FOR SELECT TO {sight} USING (
    (SELECT care.actor_is_staff()) AND EXISTS (SELECT 1 FROM care.cases AS c WHERE c.number = search_notes.rowid)
);
CREATE POLICY seen ON care.standing FOR SELECT TO {sight} USING (
    (SELECT care.actor_is_staff()) AND EXISTS (SELECT 1 FROM care.cases AS c WHERE c.number = standing.number)
);
CREATE POLICY seen ON care.late_deadlines FOR SELECT TO {sight} USING (
    (SELECT care.actor_is_staff()) AND EXISTS (SELECT 1 FROM care.cases AS c WHERE c.number = late_deadlines.number)
);
CREATE POLICY seen ON care.externals FOR SELECT TO {sight} USING (
    (SELECT care.actor_is_staff()) AND EXISTS (SELECT 1 FROM care.cases AS c WHERE c.number = externals.number)
);
CREATE POLICY seen ON care.alerts FOR SELECT TO {sight} USING (
    (SELECT care.actor_is_staff()) AND EXISTS (SELECT 1 FROM care.cases AS c WHERE c.number = alerts.number)
);
CREATE POLICY seen ON care.received FOR SELECT TO {sight} USING (
    (SELECT care.actor_is_staff())
    AND (number IS NULL OR EXISTS (SELECT 1 FROM care.cases AS c WHERE c.number = received.number))
);
-- An automatic answer names nothing but what it answers, which may be about a hidden case.
CREATE POLICY seen ON care.outbox FOR SELECT TO {sight} USING (
    (SELECT care.actor_is_staff()) AND CASE
        WHEN number IS NOT NULL THEN EXISTS (SELECT 1 FROM care.cases AS c WHERE c.number = outbox.number)
        WHEN (SELECT care.actor_level()) = 'admin' OR named = '' THEN true
        ELSE EXISTS (SELECT 1 FROM care.received AS r WHERE r.message_id = outbox.named)
    END
);

CREATE POLICY seen ON care.accounts FOR SELECT TO {sight} USING (
    (SELECT care.actor_is_staff()) OR name = ANY ((SELECT care.actor_accounts())::text[])
);
CREATE POLICY seen ON care.contacts FOR SELECT TO {sight} USING (
    (SELECT care.actor_is_staff()) OR account = ANY ((SELECT care.actor_accounts())::text[])
);
CREATE POLICY seen ON care.staff FOR SELECT TO {sight} USING ((SELECT care.actor_is_staff()));
CREATE POLICY seen ON care.desk FOR SELECT TO {sight} USING (
    (SELECT care.actor_is_staff()) OR (SELECT care.actor_email()) IS NOT NULL AND name IN ('settings', 'last tick')
);
-- Policies are everybody's to read; a calendar is whose case runs by it.
CREATE POLICY seen ON care.documents FOR SELECT TO {sight} USING (
    (SELECT care.actor_is_staff()) OR (SELECT care.actor_email()) IS NOT NULL AND (
        kind = 'policy'
        OR EXISTS (SELECT 1 FROM care.cases AS c WHERE c.state ->> 'calendar' = documents.digest)
        OR EXISTS (
            SELECT 1 FROM care.cases AS c
                CROSS JOIN LATERAL jsonb_path_query(c.state -> 'rebasings', 'lax $.**.calendar') AS d(one)
            WHERE d.one = to_jsonb(documents.digest)
        )
    )
);
CREATE POLICY seen ON care.calendar_digests FOR SELECT TO {sight} USING ((SELECT care.actor_is_staff()));
CREATE POLICY seen ON care.desk_schema FOR SELECT TO {sight} USING ((SELECT care.actor_email()) IS NOT NULL);

CREATE POLICY seen ON care.articles FOR SELECT TO {sight} USING (
    (SELECT care.actor_is_staff()) OR (SELECT care.actor_email()) IS NOT NULL AND public = 1
);
CREATE POLICY seen ON care.article_versions FOR SELECT TO {sight} USING (
    (SELECT care.actor_is_staff()) OR EXISTS (
        SELECT 1 FROM care.articles AS a
        WHERE a.id = article_versions.id AND a.public = 1 AND a.published_version = article_versions.version
    )
);
CREATE POLICY seen ON care.article_votes FOR SELECT TO {sight} USING (
    EXISTS (SELECT 1 FROM care.articles AS a WHERE a.id = article_votes.id)
);
CREATE POLICY seen ON care.article_cases FOR SELECT TO {sight} USING (
    EXISTS (SELECT 1 FROM care.articles AS a WHERE a.id = article_cases.id)
    AND EXISTS (SELECT 1 FROM care.cases AS c WHERE c.number = article_cases.number)
);
CREATE POLICY seen ON care.search_articles FOR SELECT TO {sight} USING ((SELECT care.actor_is_staff()));
CREATE POLICY seen ON care.search_public_articles FOR SELECT TO {sight} USING (
    EXISTS (SELECT 1 FROM care.articles AS a WHERE a.id = search_public_articles.rowid AND a.public = 1)
);
CREATE POLICY seen ON care.article_words FOR SELECT TO {sight} USING (
    (SELECT care.actor_is_staff()) OR (SELECT care.actor_email()) IS NOT NULL AND public = 1
);

-- An advisory is for the accounts that it names, or for all, and for those that have one of its services (ADV-1).
CREATE POLICY seen ON care.advisories FOR SELECT TO {sight} USING (
    (SELECT care.actor_is_staff()) OR published IS NOT NULL AND EXISTS (
        SELECT 1 FROM care.accounts AS a
        WHERE a.name = ANY ((SELECT care.actor_accounts())::text[]) AND (a.document ->> 'active')::boolean
        AND (
            jsonb_array_length(published -> 'accounts') = 0
            OR EXISTS (
                SELECT 1 FROM jsonb_array_elements_text(published -> 'accounts') AS n(name)
                WHERE n.name = a.document ->> 'name' OR lower(n.name) = a.name
            )
        )
        AND (
            jsonb_array_length(published -> 'services') = 0
            OR EXISTS (
                SELECT 1 FROM jsonb_array_elements_text(published -> 'services') AS n(name)
                    CROSS JOIN LATERAL jsonb_array_elements(a.document -> 'deployments') AS d(one)
                    CROSS JOIN LATERAL jsonb_array_elements(d.one -> 'services') AS s(one)
                WHERE lower(s.one ->> 'name') = lower(n.name)
            )
        )
    )
);
CREATE POLICY seen ON care.advisory_publications FOR SELECT TO {sight} USING ((SELECT care.actor_is_staff()));
CREATE POLICY seen ON care.advisory_told FOR SELECT TO {sight} USING ((SELECT care.actor_is_staff()));
CREATE POLICY seen ON care.advisory_reads FOR SELECT TO {sight} USING (
    (SELECT care.actor_is_staff()) OR person = (SELECT care.actor_email())
);
CREATE POLICY seen ON care.subscribers FOR SELECT TO {sight} USING (
    (SELECT care.actor_is_staff()) OR person = (SELECT care.actor_email())
);
CREATE POLICY seen ON care.subscriptions FOR SELECT TO {sight} USING (
    EXISTS (SELECT 1 FROM care.subscribers AS b WHERE b.id = subscriptions.subscriber)
);
CREATE POLICY seen ON care.owed_advisories FOR SELECT TO {sight} USING ((SELECT care.actor_is_staff()));
CREATE POLICY seen ON care.components FOR SELECT TO {sight} USING ((SELECT care.actor_is_staff()));
CREATE POLICY seen ON care.component_features FOR SELECT TO {sight} USING ((SELECT care.actor_is_staff()));
CREATE POLICY seen ON care.component_progress FOR SELECT TO {sight} USING ((SELECT care.actor_is_staff()));
