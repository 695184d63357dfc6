"""Pauses of the clocks of petitions, leads and cases; seen by whoever sees the matter."""

import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from yuanqing.kernel.database.walls import Wall, by_capability, by_parent

MATTER = " OR ".join(by_parent(f"cases_{name}", f"{name}_id") for name in ("petition", "lead", "case"))


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0003_transfers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('clock', models.CharField(max_length=60, verbose_name='暂停的期限')),
                ('due_on', models.DateField(verbose_name='原到期日')),
                ('ground', models.CharField(max_length=40, verbose_name='情形')),
                ('reason', models.CharField(max_length=300, verbose_name='理由')),
                ('until', models.DateField(blank=True, null=True, verbose_name='恢复日期')),
                ('asked_on', models.DateField(verbose_name='申请日期')),
                ('document', models.CharField(blank=True, max_length=200, verbose_name='审批意见和文号')),
                ('begins_on', models.DateField(blank=True, null=True, verbose_name='暂停之日')),
                ('question_on', models.DateField(blank=True, null=True, verbose_name='恢复或询问日期')),
                ('kept_on', models.PositiveSmallIntegerField(default=0, verbose_name='继续暂停次数')),
                ('resumed_on', models.DateField(blank=True, null=True, verbose_name='恢复之日')),
                ('moved_to', models.DateField(blank=True, null=True, verbose_name='顺延后的到期日')),
                ('state', models.CharField(choices=[('asked', '待审批'), ('running', '暂停中'), ('resumed', '已恢复'), ('refused', '不同意')], db_default='asked', default='asked', max_length=32)),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pauses', to='cases.case', verbose_name='立案')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审批人')),
                ('lead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pauses', to='cases.lead', verbose_name='问题线索')),
                ('petition', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pauses', to='cases.petition', verbose_name='信访举报')),
            ],
            options={
                'verbose_name': '期限暂停',
                'ordering': ['-asked_on', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', True), ('lead__isnull', True), ('petition__isnull', False)), models.Q(('case__isnull', True), ('lead__isnull', False), ('petition__isnull', True)), models.Q(('case__isnull', False), ('lead__isnull', True), ('petition__isnull', True)), _connector='OR'), name='pause_is_of_one_matter', violation_error_message='一次只暂停一件事项的期限。'), models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'running'])), fields=('petition', 'lead', 'case'), name='matter_is_paused_once_at_a_time', nulls_distinct=False, violation_error_message='这一件已有一项暂停在申请或者进行。'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), _negated=True), models.Q(('begins_on__isnull', False), ('question_on__isnull', False)), _connector='OR'), name='running_pause_has_a_clock', violation_error_message='暂停必须有恢复或者询问的日期。'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='pause_is_decided_by_a_second_person', violation_error_message='暂停由申请人以外的人审批。')],
            },
        ),
        Wall("cases_pause", f"{by_capability('cases.pause.view')} AND ({MATTER})"),
    ]
