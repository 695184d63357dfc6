"""Worklist, reminders, search, files, jobs and the read log: their tables."""

import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from yuanqing.kernel.database.tables import Tables


class Migration(migrations.Migration):

    initial = True

    replaces = [("shell", old) for old in ("0001_initial", "0002_windows_and_work", "0003_file", "0004_programs")]

    dependencies = [
        ('org', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [Tables([
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=100)),
                ('record_id', models.UUIDField()),
                ('path', models.CharField(db_collation='C', max_length=400)),
                ('capability', models.CharField(max_length=100)),
                ('title', models.CharField(max_length=300)),
                ('excerpt', models.CharField(blank=True, max_length=300)),
                ('link', models.CharField(max_length=300)),
                ('bigrams', django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['bigrams'], name='search_by_bigram'), models.Index(fields=['path'], name='search_by_path')],
                'constraints': [models.UniqueConstraint(fields=('model', 'record_id'), name='record_is_indexed_once')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(max_length=150)),
                ('size', models.BigIntegerField()),
                ('received', models.BigIntegerField(default=0)),
                ('purpose', models.CharField(max_length=60)),
                ('about', models.UUIDField(blank=True, null=True)),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to='org.unit')),
                ('begun_at', models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='File',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('name', models.CharField(max_length=150, verbose_name='文件名')),
                ('media_type', models.CharField(max_length=100, verbose_name='种类')),
                ('size', models.BigIntegerField(verbose_name='大小')),
                ('digest', models.CharField(db_index=True, max_length=64, verbose_name='校验值')),
                ('purpose', models.CharField(max_length=60, verbose_name='用途')),
                ('about', models.UUIDField(blank=True, db_index=True, null=True)),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='org.unit', verbose_name='单位')),
                ('level', models.CharField(choices=[('open', '公开'), ('internal', '内部'), ('sensitive', '工作秘密')], default='internal', max_length=20, verbose_name='密级')),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='files', to=settings.AUTH_USER_MODEL, verbose_name='上传人')),
                ('added_at', models.DateTimeField(verbose_name='上传时间')),
            ],
            options={
                'verbose_name': '附件',
                'ordering': ['-added_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='file_is_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=60, verbose_name='种类')),
                ('key', models.CharField(blank=True, max_length=200)),
                ('title', models.CharField(max_length=200, verbose_name='名称')),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to=settings.AUTH_USER_MODEL)),
                ('arguments', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('waiting', '等待'), ('running', '进行中'), ('done', '完成'), ('failed', '没有完成')], default='waiting', max_length=20, verbose_name='状态')),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('stage', models.CharField(blank=True, max_length=200, verbose_name='进度')),
                ('outcome', models.TextField(blank=True, verbose_name='结果')),
                ('link', models.CharField(blank=True, max_length=300)),
                ('asked_at', models.DateTimeField(auto_now_add=True, verbose_name='提交时间')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
            ],
            options={
                'ordering': ['-asked_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'running']), models.Q(('key', ''), _negated=True)), fields=('key',), name='one_job_runs_for_a_key')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to=settings.AUTH_USER_MODEL)),
                ('key', models.CharField(max_length=200)),
                ('kind', models.CharField(max_length=40, verbose_name='种类')),
                ('title', models.CharField(max_length=200, verbose_name='标题')),
                ('body', models.TextField(blank=True, verbose_name='内容')),
                ('link', models.CharField(blank=True, max_length=300)),
                ('sent_at', models.DateTimeField(verbose_name='时间')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='阅读时间')),
                ('mailed_at', models.DateTimeField(blank=True, null=True, verbose_name='邮件发送时间')),
            ],
            options={
                'ordering': ['-sent_at'],
                'indexes': [models.Index(fields=['account', '-sent_at'], name='message_by_account'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['account'], name='message_unread'), models.Index(condition=models.Q(('mailed_at__isnull', True)), fields=['sent_at'], name='message_unmailed')],
                'constraints': [models.UniqueConstraint(fields=('account', 'key'), name='message_is_sent_once')],
            },
        ),
        migrations.CreateModel(
            name='ReadEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='谁')),
                ('noun', models.CharField(max_length=80, verbose_name='对象')),
                ('kind', models.CharField(choices=[('record', '打开记录'), ('list', '看清单'), ('export', '导出'), ('file', '下载文件'), ('program', '程序读取')], max_length=10, verbose_name='方式')),
                ('record_id', models.UUIDField(null=True)),
                ('count', models.PositiveIntegerField(null=True, verbose_name='条数')),
                ('filter', models.CharField(blank=True, max_length=300, verbose_name='筛选条件')),
            ],
            options={
                'ordering': ['-at'],
                'indexes': [models.Index(fields=['-at'], name='read_by_time'), models.Index(fields=['by', '-at'], name='read_by_account'), models.Index(condition=models.Q(('record_id__isnull', False)), fields=['record_id', '-at'], name='read_by_record')],
            },
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to=settings.AUTH_USER_MODEL)),
                ('key', models.CharField(max_length=200)),
                ('fingerprint', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField(default=0)),
                ('content_type', models.CharField(blank=True, max_length=100)),
                ('body', models.BinaryField(default=b'')),
                ('answered_at', models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'key'), name='reply_to_a_key_is_one')],
            },
        ),
    ])]
