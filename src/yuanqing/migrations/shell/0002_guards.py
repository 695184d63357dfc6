"""The read log: rows are only ever added, as in the ledger."""

from django.db import migrations

WALL = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON shell_readentry
    FOR EACH ROW EXECUTE FUNCTION kernel_append_only();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON shell_readentry
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'yuanqing_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON shell_readentry FROM yuanqing_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_guards"), ("shell", "0001_tables")]
    replaces = [("shell", old) for old in ("0005_read_log",)]
    operations = [
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
