"""Obligations, periods and what hangs on them: their tables."""

import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from yuanqing.kernel.database.tables import Tables


class Migration(migrations.Migration):

    initial = True

    replaces = [("norms", old) for old in ("0001_initial", "0002_windows_and_work", "0003_obligation_subject")]

    dependencies = [
        ('kernel', '0001_tables'),
        ('org', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [Tables([
        migrations.CreateModel(
            name='Clause',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clauses', to='kernel.packversion', verbose_name='规则包')),
                ('code', models.CharField(max_length=40, verbose_name='编号')),
                ('parent_code', models.CharField(blank=True, max_length=40, verbose_name='上级编号')),
                ('title', models.CharField(max_length=300, verbose_name='标题')),
                ('text', models.TextField(blank=True, verbose_name='内容')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='出处')),
                ('mark', models.CharField(blank=True, max_length=10, verbose_name='核实程度')),
                ('position', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name': '条款',
                'ordering': ['pack', 'position'],
                'constraints': [models.UniqueConstraint(fields=('pack', 'code'), name='clause_code_is_unique_in_its_edition')],
            },
        ),
        migrations.CreateModel(
            name='Period',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('form', models.CharField(max_length=60, verbose_name='报表')),
                ('month_on', models.DateField(verbose_name='月份')),
                ('form_edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.packversion', verbose_name='报表版本')),
                ('rule', models.JSONField(blank=True, default=dict, verbose_name='期限规则')),
                ('policy', models.CharField(max_length=20, verbose_name='遇非工作日')),
                ('opens_at', models.DateTimeField(verbose_name='开始')),
                ('due_at', models.DateTimeField(verbose_name='截止')),
                ('grace_until', models.DateTimeField(verbose_name='宽限至')),
                ('locks_at', models.DateTimeField(verbose_name='锁定')),
                ('state', models.CharField(choices=[('open', '进行中'), ('closed', '已结账')], db_default='open', default='open', max_length=32)),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='结账时间')),
            ],
            options={
                'verbose_name': '月度',
                'ordering': ['-month_on'],
                'constraints': [models.UniqueConstraint(fields=('form', 'month_on'), name='month_of_a_form_opens_once', violation_error_message='这个月度已经开启。'), models.CheckConstraint(condition=models.Q(('opens_at__lt', models.F('due_at')), ('due_at__lte', models.F('grace_until')), ('grace_until__lte', models.F('locks_at'))), name='windows_follow_each_other'), models.CheckConstraint(condition=models.Q(('state', 'open'), ('closed_at__isnull', False), _connector='OR'), name='closed_period_says_when')],
            },
        ),
        migrations.CreateModel(
            name='Obligation',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('kind', models.CharField(max_length=60, verbose_name='事项')),
                ('clause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='obligations', to='norms.clause', verbose_name='依据')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='obligations', to='org.unit', verbose_name='单位')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='obligations', to='org.person')),
                ('period', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='obligations', to='norms.period')),
                ('subject', models.UUIDField(blank=True, null=True)),
                ('about', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='内容')),
                ('opens_on', models.DateField(verbose_name='开始日期')),
                ('due_at', models.DateTimeField(verbose_name='截止')),
                ('fulfilled_at', models.DateTimeField(blank=True, null=True, verbose_name='履行时间')),
                ('fulfilled_by', models.UUIDField(blank=True, null=True)),
                ('lapsed_at', models.DateTimeField(blank=True, null=True, verbose_name='逾期未履行认定时间')),
                ('excused_at', models.DateTimeField(blank=True, null=True, verbose_name='不再要求的时间')),
            ],
            options={
                'verbose_name': '应履行事项',
                'indexes': [models.Index(condition=models.Q(('fulfilled_at__isnull', True)), fields=['unit', 'due_at'], name='obligation_owed'), models.Index(fields=['period', 'unit'], name='obligation_by_period'), models.Index(condition=models.Q(('fulfilled_at__isnull', True)), fields=['due_at'], name='obligation_due'), models.Index(condition=models.Q(('person__isnull', False)), fields=['person', 'due_at'], name='obligation_of_person')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'unit', 'person', 'period', 'opens_on', 'subject'), name='obligation_is_opened_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('fulfilled_at__isnull', True), ('fulfilled_by__isnull', True)), models.Q(('fulfilled_at__isnull', False), ('fulfilled_by__isnull', False)), _connector='OR'), name='fulfilled_obligation_names_its_record')],
            },
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='norms.period', verbose_name='月度')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit', verbose_name='单位')),
                ('until', models.DateTimeField(verbose_name='延至')),
                ('reason', models.CharField(max_length=300, verbose_name='理由')),
                ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='批准人')),
            ],
            options={
                'verbose_name': '延期',
                'ordering': ['-until'],
                'indexes': [models.Index(fields=['period', 'unit', '-until'], name='extension_by_unit')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='extension_has_a_reason', violation_error_message='请写明延期理由。')],
            },
        ),
    ])]
