"""Sittings of the body; seen by whoever has the right and a key that opens the sitting."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.expressions
import uuid
from django.conf import settings
from django.db import migrations, models

from yuanqing.kernel.database.walls import Wall, by_capability, by_key, by_parent


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0005_terms'),
        ('kernel', '0002_guards'),
        ('org', '0002_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Sitting',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('number', models.CharField(max_length=40, verbose_name='编号')),
                ('purpose', models.CharField(max_length=40, verbose_name='议题')),
                ('body', models.CharField(max_length=40, verbose_name='会议')),
                ('held_on', models.DateField(verbose_name='会议日期')),
                ('place', models.CharField(max_length=200, verbose_name='地点')),
                ('convened_on', models.DateField(verbose_name='召集日期')),
                ('members', models.PositiveSmallIntegerField(verbose_name='成员人数')),
                ('due', models.PositiveSmallIntegerField(default=0, verbose_name='应到人数')),
                ('present', models.PositiveSmallIntegerField(default=0, verbose_name='到会人数')),
                ('favour', models.PositiveSmallIntegerField(default=0, verbose_name='同意票')),
                ('opposed', models.PositiveSmallIntegerField(default=0, verbose_name='不同意票')),
                ('abstained', models.PositiveSmallIntegerField(default=0, verbose_name='弃权票')),
                ('outcome', models.CharField(blank=True, choices=[('agreed', '同意'), ('against', '不同意'), ('put_off', '暂缓，另行审议')], max_length=20, verbose_name='决议')),
                ('decision', models.CharField(blank=True, max_length=40, verbose_name='同意的处理结果')),
                ('resolved_on', models.DateField(blank=True, null=True, verbose_name='决议日期')),
                ('corrections', models.PositiveSmallIntegerField(default=0, verbose_name='更正次数')),
                ('concluded_on', models.DateField(blank=True, null=True, verbose_name='审结日期')),
                ('state', models.CharField(choices=[('called', '待开会'), ('sitting', '审议中'), ('resolved', '待签字'), ('concluded', '已审结'), ('called_off', '已取消'), ('lapsed', '不再作数')], db_default='called', default='called', max_length=32)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sittings', to='cases.case', verbose_name='立案')),
                ('convened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='召集人')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sittings', to='kernel.sealingkey', verbose_name='卷宗密钥')),
                ('lead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sittings', to='cases.lead', verbose_name='问题线索')),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='记录人')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit', verbose_name='管理单位')),
            ],
            options={
                'verbose_name': '集体审议',
                'ordering': ['-held_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Minute',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('kind', models.CharField(max_length=40, verbose_name='种类')),
                ('written_on', models.DateField(verbose_name='日期')),
                ('position', models.PositiveIntegerField()),
                ('value', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.sealedvalue', verbose_name='内容')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='经手人')),
                ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='cases.sitting', verbose_name='集体审议')),
            ],
            options={
                'verbose_name': '审议材料',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Attendee',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('part', models.CharField(choices=[('called', '已通知'), ('present', '到会'), ('absent', '缺席'), ('withdrew', '已回避')], max_length=20, verbose_name='到会情况')),
                ('ground', models.CharField(blank=True, max_length=40, verbose_name='缘由')),
                ('vote', models.CharField(blank=True, choices=[('for', '同意'), ('against', '不同意'), ('abstain', '弃权')], max_length=20, verbose_name='表态')),
                ('signed_on', models.DateField(blank=True, null=True, verbose_name='签字日期')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='成员')),
                ('remark', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.minute', verbose_name='签字时的说明')),
                ('words', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.minute', verbose_name='意见')),
                ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendees', to='cases.sitting', verbose_name='集体审议')),
            ],
            options={
                'verbose_name': '参会成员',
                'ordering': ['account__display_name', 'pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', True), ('lead__isnull', False)), models.Q(('case__isnull', False), ('lead__isnull', True)), _connector='OR'), name='sitting_is_on_one_matter', violation_error_message='一次审议一件事项。'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('called', 'sitting', 'resolved'))), fields=('lead', 'case', 'purpose'), name='matter_is_sat_on_once_at_a_time', nulls_distinct=False, violation_error_message='这一件的上一次审议还没有结束。'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(('outcome', ''), ('present', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('favour'), '+', models.F('opposed')), '+', models.F('abstained'))), _connector='OR'), name='everybody_present_has_voted', violation_error_message='到会的成员要逐人表态。'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['resolved', 'concluded']), _negated=True), models.Q(models.Q(('outcome', ''), _negated=True), ('resolved_on__isnull', False)), _connector='OR'), name='resolved_sitting_has_an_outcome', violation_error_message='审议要有决议。'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'concluded'), _negated=True), ('concluded_on__isnull', False), _connector='OR'), name='concluded_sitting_says_when', violation_error_message='审结要有日期。'),
        ),
        migrations.AddConstraint(
            model_name='minute',
            constraint=models.UniqueConstraint(fields=('sitting', 'position'), name='papers_of_a_sitting_are_in_order'),
        ),
        migrations.AddConstraint(
            model_name='attendee',
            constraint=models.UniqueConstraint(fields=('sitting', 'account'), name='member_is_listed_once'),
        ),
        migrations.AddConstraint(
            model_name='attendee',
            constraint=models.CheckConstraint(condition=models.Q(('part', 'present'), models.Q(('signed_on__isnull', True), ('vote', '')), _connector='OR'), name='only_who_is_present_votes_and_signs', violation_error_message='没有到会或者回避的成员不能表态和签字。'),
        ),
        Wall("cases_sitting", f"{by_capability('cases.sitting.view')} AND {by_key()}"),
        *(Wall(f"cases_{name}", by_parent("cases_sitting", "sitting_id")) for name in ("minute", "attendee")),
    ]
