"""The leaf of an entry, the walls that keep the ledger append-only, and for whom a transaction is."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

from yuanqing.kernel.database.walls import CONTEXT, NO_CONTEXT

LEAF = """
CREATE FUNCTION kernel_leaf(seq bigint, at timestamptz, act text, model text, record_id uuid, version bigint,
                            by_id uuid, shape_id bigint, digest bytea, note text) RETURNS bytea
LANGUAGE sql STABLE AS $$
    SELECT sha256('\\x00'::bytea || convert_to(
        seq::text || E'\\n' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || E'\\n' || act
        || E'\\n' || model || E'\\n' || record_id::text || E'\\n' || version::text || E'\\n'
        || coalesce(by_id::text, '') || E'\\n' || shape_id::text || E'\\n' || encode(digest, 'hex') || E'\\n' || note,
        'UTF8'))
$$;
CREATE FUNCTION kernel_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
"""
WALL = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION kernel_append_only();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION kernel_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'yuanqing_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM yuanqing_app;
    END IF;
END $$;
"""
TABLES = ("kernel_entry", "kernel_seal", "kernel_checkpoint", "kernel_shape")


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_tables")]
    run_before = [("org", "0001_tables")]  # dated tables need the extension
    replaces = [("kernel", old) for old in ("0002_ledger", "0004_contexts", "0005_planned_once", "0006_whole_tree")]
    operations = [
        BtreeGistExtension(),
        migrations.RunSQL(LEAF, "DROP FUNCTION kernel_append_only CASCADE; DROP FUNCTION kernel_leaf;"),
        *(migrations.RunSQL(WALL.format(table=t), migrations.RunSQL.noop) for t in TABLES),
        migrations.RunSQL(CONTEXT, NO_CONTEXT),
    ]
