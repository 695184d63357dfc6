"""Grants get depth, purpose and confirmation; those given before keep counting as they did. Delegations, recusals."""

import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('org', '0004_paths'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('starts_on', models.DateField(verbose_name='起始日期')),
                ('ends_on', models.DateField(verbose_name='终止日期')),
                ('reason', models.CharField(max_length=200, verbose_name='理由')),
                ('state', models.CharField(choices=[('in_force', '有效'), ('revoked', '已收回'), ('ended', '已到期')], db_default='in_force', default='in_force', max_length=32)),
            ],
            options={
                'verbose_name': '代理',
                'ordering': ['-starts_on'],
            },
        ),
        migrations.CreateModel(
            name='Recusal',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('ground', models.CharField(max_length=40, verbose_name='情形')),
                ('about', models.CharField(choices=[('person', '人员'), ('unit', '单位及其下级'), ('record', '一条记录')], max_length=10, verbose_name='关于')),
                ('record_model', models.CharField(blank=True, db_default='', max_length=100)),
                ('record_id', models.UUIDField(blank=True, null=True)),
                ('reason', models.CharField(max_length=300, verbose_name='理由')),
                ('state', models.CharField(choices=[('requested', '申请待决定'), ('declared', '已声明，待决定'), ('in_force', '回避'), ('declined', '不须回避'), ('lifted', '已解除')], db_default='requested', default='requested', max_length=32)),
                ('decision', models.CharField(blank=True, db_default='', max_length=300, verbose_name='决定的理由')),
            ],
            options={
                'verbose_name': '回避',
            },
        ),
        migrations.RemoveConstraint(
            model_name='grant',
            name='grant_is_given_once',
        ),
        migrations.AddField(
            model_name='grant',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='复核人'),
        ),
        migrations.AddField(
            model_name='grant',
            name='depth',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='到下面几级'),
        ),
        migrations.AddField(
            model_name='grant',
            name='proposed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人'),
        ),
        migrations.AddField(
            model_name='grant',
            name='purpose',
            field=models.CharField(blank=True, db_default='', max_length=40, verbose_name='用途'),
        ),
        migrations.AddField(
            model_name='grant',
            name='state',
            field=models.CharField(choices=[('proposed', '待复核'), ('in_force', '有效'), ('ended', '已终止'), ('declined', '未通过')], db_default='in_force', default='in_force', max_length=32),
        ),
        migrations.AlterField(
            model_name='grant',
            name='state',
            field=models.CharField(choices=[('proposed', '待复核'), ('in_force', '有效'), ('ended', '已终止'), ('declined', '未通过')], db_default='proposed', default='proposed', max_length=32),
        ),
        migrations.RunSQL("UPDATE org_grant SET state = 'ended' WHERE ends_on < current_date", migrations.RunSQL.noop),
        migrations.AddField(
            model_name='grant',
            name='waiver',
            field=models.CharField(blank=True, db_default='', max_length=100, verbose_name='免于复核的依据'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'in_force'])), fields=('account', 'role', 'unit', 'depth', 'purpose', 'starts_on'), name='grant_is_given_once', nulls_distinct=False, violation_error_message='同样的授权已经有了，或者正在等待复核。'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('depth__isnull', True), ('unit__isnull', False), _connector='OR'), name='grant_counts_levels_below_a_unit', violation_error_message='只有写明单位的授权才能限定级数。'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='grant_is_confirmed_by_another', violation_error_message='授权须由提出人以外的人复核。'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'declined']), ('proposed_by__isnull', True), ('confirmed_by__isnull', False), models.Q(('waiver', ''), _negated=True), _connector='OR'), name='grant_counts_once_confirmed', violation_error_message='授权须由提出人以外的人复核。'),
        ),
        migrations.AddField(
            model_name='delegation',
            name='delegate',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to=settings.AUTH_USER_MODEL, verbose_name='代理人'),
        ),
        migrations.AddField(
            model_name='delegation',
            name='grant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='org.grant', verbose_name='授权'),
        ),
        migrations.AddField(
            model_name='recusal',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recusals', to=settings.AUTH_USER_MODEL, verbose_name='回避人'),
        ),
        migrations.AddField(
            model_name='recusal',
            name='asked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人'),
        ),
        migrations.AddField(
            model_name='recusal',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='决定人'),
        ),
        migrations.AddField(
            model_name='recusal',
            name='person',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.person', verbose_name='人员'),
        ),
        migrations.AddField(
            model_name='recusal',
            name='unit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit', verbose_name='单位'),
        ),
        migrations.AddIndex(
            model_name='delegation',
            index=models.Index(fields=['delegate', 'starts_on'], name='delegation_by_delegate'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='delegation_ends_after_it_starts', violation_error_message='终止日期不能早于起始日期。'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('grant', 'delegate', 'starts_on'), name='grant_is_delegated_once', violation_error_message='这项授权已经委托给这个人代理。'),
        ),
        migrations.AddIndex(
            model_name='recusal',
            index=models.Index(fields=['account', 'state'], name='recusal_by_account'),
        ),
        migrations.AddConstraint(
            model_name='recusal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('about', 'person'), ('person__isnull', False), ('record_id__isnull', True), ('unit__isnull', True)), models.Q(('about', 'unit'), ('person__isnull', True), ('record_id__isnull', True), ('unit__isnull', False)), models.Q(('about', 'record'), ('person__isnull', True), ('record_id__isnull', False), ('unit__isnull', True)), _connector='OR'), name='recusal_is_about_one_thing', violation_error_message='回避只能关于一个人、一个单位或者一条记录。'),
        ),
    ]
