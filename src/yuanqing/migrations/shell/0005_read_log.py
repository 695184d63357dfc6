"""The read log: rows are only ever added, as in the ledger."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

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

    dependencies = [
        ('kernel', '0002_ledger'),
        ('shell', '0004_programs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReadEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='时间')),
                ('noun', models.CharField(max_length=80, verbose_name='对象')),
                ('kind', models.CharField(choices=[('record', '打开记录'), ('list', '看清单'), ('export', '导出'), ('file', '下载文件'), ('program', '程序读取')], max_length=10, verbose_name='方式')),
                ('record_id', models.UUIDField(null=True)),
                ('count', models.PositiveIntegerField(null=True, verbose_name='条数')),
                ('filter', models.CharField(blank=True, max_length=300, verbose_name='筛选条件')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='谁')),
            ],
            options={
                'ordering': ['-at'],
                'indexes': [models.Index(fields=['-at'], name='read_by_time'), models.Index(fields=['by', '-at'], name='read_by_account'), models.Index(condition=models.Q(('record_id__isnull', False)), fields=['record_id', '-at'], name='read_by_record')],
            },
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
