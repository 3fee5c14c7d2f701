-- Who owns what. The journal belongs to a role that cannot log in, so that whoever runs the
-- service can add to it and nobody can rewrite it; the views belong to the service, which must be
-- able to rebuild them.
--
-- Roles are shared by all databases of a server: another database may be adding them right now.
DO $$
BEGIN
    CREATE ROLE wardbook_owner NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END
$$;

DO $$
BEGIN
    CREATE ROLE wardbook_service NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END
$$;

-- An admin that is no superuser (a managed server) has to be a member of both to act as them.
DO $$
BEGIN
    IF NOT pg_has_role(current_user, 'wardbook_owner', 'USAGE') THEN
        EXECUTE format('GRANT wardbook_owner TO %I', current_user);
    END IF;
    IF NOT pg_has_role(current_user, 'wardbook_service', 'USAGE') THEN
        EXECUTE format('GRANT wardbook_service TO %I', current_user);
    END IF;
END
$$;

DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format(
        'GRANT CONNECT, TEMPORARY ON DATABASE %I TO wardbook_service', current_database()
    );
END
$$;

CREATE SCHEMA journal AUTHORIZATION wardbook_owner;
CREATE SCHEMA views AUTHORIZATION wardbook_service;
-- Where a view is built anew, and where the tables it replaced are kept for going back.
CREATE SCHEMA rebuild AUTHORIZATION wardbook_service;
CREATE SCHEMA retired AUTHORIZATION wardbook_service;

SET ROLE wardbook_owner;

GRANT USAGE ON SCHEMA journal TO wardbook_service;

CREATE TABLE journal.migrations (
    number integer PRIMARY KEY CHECK (number > 0),
    name text NOT NULL UNIQUE,
    -- A released file never changes: `wardbook doctor` compares it with this.
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    applied_at timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT ON journal.migrations TO wardbook_service;

RESET ROLE;
