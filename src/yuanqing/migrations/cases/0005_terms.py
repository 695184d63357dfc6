"""Terms that events of petitions, leads, cases and sanctions make run; seen by whoever sees the matter."""

import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from yuanqing.kernel.database.walls import Wall, by_capability, by_parent

NAMES = ("petition", "lead", "case", "sanction")
MATTER = " OR ".join(by_parent(f"cases_{name}", f"{name}_id") for name in NAMES)
QUARTER = f"(quarter <> '' AND {by_capability('cases.petition.view')})"


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0004_pauses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('quarter', models.CharField(blank=True, max_length=10, verbose_name='季度')),
                ('kind', models.CharField(max_length=40, verbose_name='事项')),
                ('clock', models.CharField(max_length=60, verbose_name='期限种类')),
                ('starts_on', models.DateField(verbose_name='起算日期')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='期限')),
                ('extensions', models.PositiveSmallIntegerField(default=0, verbose_name='延长次数')),
                ('escalations', models.PositiveSmallIntegerField(default=0, verbose_name='逾期上报次数')),
                ('escalated_on', models.DateField(blank=True, null=True, verbose_name='上报日期')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='办理日期')),
                ('how', models.CharField(blank=True, max_length=300, verbose_name='怎样办的')),
                ('state', models.CharField(choices=[('running', '待办'), ('done', '已办'), ('void', '不再需要')], db_default='running', default='running', max_length=32)),
                ('begun_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='cases.case', verbose_name='立案')),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='办理人')),
                ('lead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='cases.lead', verbose_name='问题线索')),
                ('petition', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='cases.petition', verbose_name='信访举报')),
                ('sanction', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='cases.sanction', verbose_name='处分')),
            ],
            options={
                'verbose_name': '限期事项',
                'ordering': ['due_on', 'pk'],
                'indexes': [models.Index(fields=['state', 'due_on'], name='term_by_clock')],
                'constraints': [models.UniqueConstraint(fields=('petition', 'lead', 'case', 'sanction', 'quarter', 'kind', 'starts_on'), name='term_begins_once', nulls_distinct=False, violation_error_message='这一限期事项已经登记。'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), _negated=True), ('due_on__isnull', False), _connector='OR'), name='running_term_has_a_clock', violation_error_message='限期事项必须有期限。'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('done_on__isnull', False), models.Q(('how', ''), _negated=True)), _connector='OR'), name='done_term_says_how', violation_error_message='请写明怎样办的。'), models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', True), ('lead__isnull', True), ('petition__isnull', True), ('sanction__isnull', True), _negated=True), models.Q(('quarter', ''), _negated=True), _connector='OR'), name='term_is_of_a_matter_or_a_quarter', violation_error_message='限期事项要写明是哪一件的。')],
            },
        ),
        Wall("cases_term", f"{by_capability('cases.term.view')} AND ({MATTER} OR {QUARTER})"),
    ]
