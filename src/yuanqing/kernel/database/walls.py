"""墙: the policies of sensitive tables, as a migration writes them.

    operations = [Wall("discipline_violation", by_unit("discipline.violation.view")), …]

A condition is SQL about one row. Whoever is the system, or owns the tables, passes every wall; everybody else passes where
the condition holds. Functions of the token stand in a scalar subquery each, so that they are asked once a statement; they are
PL/pgSQL, whose plans are kept for the session, where SQL functions would be planned anew within every statement.
"""

from __future__ import annotations

from django.db import migrations

TABLE = """
CREATE TABLE kernel_context (
    token_hash bytea PRIMARY KEY, everything boolean NOT NULL, account_id uuid, persons uuid[] NOT NULL,
    reach jsonb NOT NULL, denied_paths text[] NOT NULL, denied_ids uuid[] NOT NULL, expires_at timestamptz NOT NULL
);
CREATE INDEX kernel_context_expires ON kernel_context (expires_at);
"""
FUNCTIONS = """
CREATE OR REPLACE FUNCTION kernel_context_now() RETURNS kernel_context LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE known kernel_context;
BEGIN
    SELECT * INTO known FROM kernel_context WHERE expires_at > now()
    AND token_hash = sha256(convert_to(coalesce(current_setting('yuanqing.token', true), ''), 'UTF8'));
    RETURN known;
END $$;
CREATE OR REPLACE FUNCTION kernel_everything() RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN RETURN coalesce((SELECT everything FROM kernel_context_now()), false); END $$;
CREATE OR REPLACE FUNCTION kernel_persons() RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
BEGIN RETURN coalesce((SELECT persons FROM kernel_context_now()), '{}'); END $$;
CREATE OR REPLACE FUNCTION kernel_denied_paths() RETURNS text[] LANGUAGE plpgsql STABLE AS $$
BEGIN RETURN coalesce((SELECT denied_paths FROM kernel_context_now()), '{}'); END $$;
CREATE OR REPLACE FUNCTION kernel_denied_ids() RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
BEGIN RETURN coalesce((SELECT denied_ids FROM kernel_context_now()), '{}'); END $$;
CREATE OR REPLACE FUNCTION kernel_reach(capability text) RETURNS TABLE (path text, levels integer) LANGUAGE plpgsql STABLE
ROWS 4 AS $$
BEGIN
    RETURN QUERY SELECT one.place ->> 0, (one.place ->> 1)::integer
    FROM kernel_context_now() AS c, jsonb_array_elements(c.reach -> capability) AS one (place);
END $$;
CREATE OR REPLACE FUNCTION kernel_holds(capability text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN RETURN EXISTS (SELECT FROM kernel_reach(capability)); END $$;
CREATE OR REPLACE FUNCTION kernel_everywhere(capability text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN kernel_denied_paths() = '{}'
    AND NOT EXISTS (  -- a root that no grant covers with all that is below it
        SELECT FROM org_unit u WHERE u.parent_id IS NULL
        AND NOT EXISTS (SELECT FROM kernel_reach(capability) r WHERE u.path ^@ r.path AND r.levels IS NULL)
    ) AND kernel_holds(capability);
END $$;
CREATE OR REPLACE FUNCTION kernel_units(capability text) RETURNS SETOF uuid LANGUAGE plpgsql STABLE AS $$
BEGIN
    -- a range and not ^@, so that the index on the path is used: a town's officer does not read the country's units
    RETURN QUERY SELECT u.id FROM kernel_reach(capability) r JOIN org_unit u ON u.path >= r.path AND u.path < r.path || chr(1114111)
    AND (r.levels IS NULL OR length(u.path) - length(replace(u.path, '/', '')) <= r.levels)
    WHERE NOT u.path ^@ ANY ((SELECT kernel_denied_paths())::text[]);
END $$;
"""
GRANTS = """
DO $$
DECLARE app text; auth text;
BEGIN
    -- only the role beside the application's writes contexts; default privileges gave them to the application
    FOR app IN SELECT grantee FROM information_schema.role_table_grants
               WHERE table_name = 'kernel_context' AND privilege_type = 'INSERT' AND grantee <> current_user LOOP
        EXECUTE format('REVOKE ALL ON kernel_context FROM %I', app);
        auth := regexp_replace(app, '_app$', '') || '_auth';
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = auth) THEN
            RAISE EXCEPTION 'The role % is missing. Run "yuanqing database prepare" first.', auth;
        END IF;
        EXECUTE format('GRANT SELECT, INSERT, DELETE ON kernel_context TO %I', auth);
    END LOOP;
END $$;
"""
CONTEXT = TABLE + FUNCTIONS + GRANTS
NO_CONTEXT = """
DROP FUNCTION kernel_units, kernel_everywhere, kernel_holds, kernel_reach, kernel_denied_ids, kernel_denied_paths, kernel_persons,
              kernel_everything, kernel_context_now;
DROP TABLE kernel_context;
"""
BUILD = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_works ON {table} TO CURRENT_USER USING (true);
CREATE POLICY within_reach ON {table} USING ((SELECT kernel_everything()) OR {condition});
"""
DENY = """
DO $wall$ BEGIN
    -- the owner passes first: conditions ask functions that read as the owner
    EXECUTE format('CREATE POLICY stays_out ON {table} AS RESTRICTIVE USING (current_user = %L OR '
                   '(SELECT kernel_everything()) OR NOT ({condition}))', current_user);
END $wall$;
"""
TEAR = """
DROP POLICY IF EXISTS stays_out ON {table}; DROP POLICY within_reach ON {table}; DROP POLICY owner_works ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""


class Wall(migrations.RunSQL):
    """Row-level security for one table: rows pass where `condition` holds, and never where `unless` does."""

    def __init__(self, table: str, condition: str, *, unless: str = "") -> None:
        text = BUILD.format(table=table, condition=condition)
        text += DENY.format(table=table, condition=unless) if unless else ""
        super().__init__(text, TEAR.format(table=table))


def by_unit(capability: str, column: str = "unit_id") -> str:
    """The row's unit lies where the capability is held: within so many levels of a unit, and not where it is denied."""
    return f"(SELECT kernel_everywhere('{capability}')) OR {column} IN (SELECT kernel_units('{capability}'))"


def kept_from(column: str = "person_id") -> str:
    """The account is recused: from the person the row is about, or from the row itself."""
    denied = f"id = ANY ((SELECT kernel_denied_ids())::uuid[]) OR {column} = ANY ((SELECT kernel_persons())::uuid[])"
    return f"({denied}) AND NOT coalesce({by_own(column)}, false)"


def by_parent(table: str, column: str) -> str:
    """Whoever sees the row that this one belongs to sees it."""
    return f"EXISTS (SELECT FROM {table} parent WHERE parent.id = {column})"


def by_key(column: str = "key_id") -> str:
    """The matter's key is sealed to a key in use of the account: what is not opened by it is not there."""
    mine = "SELECT array_agg(h.id) FROM kernel_holder h WHERE h.retired_on IS NULL"
    mine += " AND h.account_id = (SELECT account_id FROM kernel_context_now())"
    return f"(SELECT k.recipients && ({mine}) FROM kernel_sealingkey k WHERE k.id = {column})"  # noqa: S608 our own names


def by_own(column: str = "person_id") -> str:
    """The row is about the person of the account."""
    account = "SELECT account_id FROM kernel_context_now()"
    return f"{column} = (SELECT a.person_id FROM org_account a WHERE a.id = ({account}))"  # noqa: S608 our own names


def by_capability(capability: str) -> str:
    """Whoever holds the capability anywhere."""
    return f"(SELECT kernel_holds('{capability}'))"
