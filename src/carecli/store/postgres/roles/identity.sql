-- Who is at the other end: told by the role that logged in, which neither SET ROLE nor a function changes, and by
-- the people as they stand now. Run as the owner of the tables.
CREATE TABLE IF NOT EXISTS care.actors (
    role name PRIMARY KEY,
    email text COLLATE "C" NOT NULL
);

CREATE OR REPLACE FUNCTION care.actor_email() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.email FROM care.actors AS a WHERE a.role = session_user AND (
        EXISTS (SELECT 1 FROM care.staff AS s WHERE s.email = a.email AND (s.document ->> 'active')::boolean)
        OR EXISTS (
            SELECT 1 FROM care.contacts AS c JOIN care.accounts AS o ON o.name = c.account
            WHERE c.email = a.email AND (c.document ->> 'active')::boolean AND (o.document ->> 'active')::boolean
        )
    )
$$;

-- agent, manager or admin; basic, read-only or read-write; none for anybody who acts no more.
CREATE OR REPLACE FUNCTION care.actor_level() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(
        (
            SELECT s.document ->> 'role' FROM care.staff AS s
            WHERE s.email = care.actor_email() AND (s.document ->> 'active')::boolean
        ),
        (SELECT c.document ->> 'access' FROM care.contacts AS c WHERE c.email = care.actor_email())
    )
$$;

CREATE OR REPLACE FUNCTION care.actor_is_staff() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(care.actor_level() IN ('agent', 'manager', 'admin'), false)
$$;

-- The accounts of a contact: the own one, and for its Designated Contacts those that it is the parent of (ACC-5).
CREATE OR REPLACE FUNCTION care.actor_accounts() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(seen.name), '{}') FROM (
        SELECT c.account AS name FROM care.contacts AS c
        WHERE c.email = care.actor_email() AND NOT care.actor_is_staff()
        UNION
        SELECT sold.name FROM care.contacts AS c
            JOIN care.accounts AS own ON own.name = c.account
            JOIN care.accounts AS sold ON sold.document ->> 'parent' = own.document ->> 'name'
        WHERE c.email = care.actor_email() AND NOT care.actor_is_staff() AND c.document ->> 'access' = 'read-write'
    ) AS seen
$$;

-- Those whose cases a contact reads: basic access reads none (DC-1).
CREATE OR REPLACE FUNCTION care.actor_case_accounts() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN care.actor_level() IN ('read-only', 'read-write') THEN care.actor_accounts() ELSE '{}' END
$$;

REVOKE ALL ON TABLE care.actors FROM PUBLIC;
REVOKE ALL ON FUNCTION care.actor_email(), care.actor_level(), care.actor_is_staff(), care.actor_accounts(),
    care.actor_case_accounts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION care.actor_email(), care.actor_level(), care.actor_is_staff(), care.actor_accounts(),
    care.actor_case_accounts() TO {sight}, {contact}, {staff};
