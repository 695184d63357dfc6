"""Partner bodies, the mailroom, transfers with their matters and packages, and the wall before them."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from yuanqing.kernel.database.walls import Wall, by_capability, by_parent

# every matter of a transfer is opened by a key in use of the account
MINE = "SELECT array_agg(h.id) FROM kernel_holder h WHERE h.retired_on IS NULL"
MINE += " AND h.account_id = (SELECT account_id FROM kernel_context_now())"
OPENED = f"(SELECT bool_and(coalesce(k.recipients && ({MINE}), false)) FROM kernel_sealingkey k WHERE k.id = ANY (guards))"  # noqa: S608 our own names


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_guards'),
        ('kernel', '0002_guards'),
        ('org', '0002_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('name', models.CharField(max_length=100, verbose_name='机关名称')),
                ('relation', models.CharField(max_length=40, verbose_name='关系')),
                ('origin', models.CharField(blank=True, max_length=100, verbose_name='系统名称')),
                ('public', models.CharField(blank=True, max_length=100, verbose_name='收件公钥')),
                ('verifier', models.CharField(blank=True, max_length=300, verbose_name='签名公钥')),
                ('confirmed_on', models.DateField(blank=True, null=True, verbose_name='核对日期')),
                ('compared', models.CharField(blank=True, max_length=200, verbose_name='怎样核对的')),
                ('retired_on', models.DateField(blank=True, null=True, verbose_name='停用日期')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='停用理由')),
                ('state', models.CharField(choices=[('proposed', '待核对指纹'), ('confirmed', '在用'), ('retired', '已停用')], db_default='proposed', default='proposed', max_length=32)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='核对人')),
                ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit', verbose_name='本系统内的单位')),
            ],
            options={
                'verbose_name': '往来机关',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='编号')),
                ('course', models.CharField(choices=[('out', '发出'), ('in', '收到'), ('inside', '本系统内')], max_length=10, verbose_name='收发')),
                ('way', models.CharField(max_length=40, verbose_name='方式')),
                ('serial', models.UUIDField(verbose_name='材料包标识')),
                ('their_number', models.CharField(blank=True, max_length=40, verbose_name='对方编号')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='材料包 SHA-256')),
                ('matters', models.PositiveSmallIntegerField(verbose_name='件数')),
                ('guards', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='所涉卷宗密钥')),
                ('sent_on', models.DateField(verbose_name='发出日期')),
                ('received_on', models.DateField(blank=True, null=True, verbose_name='签收日期')),
                ('answered_on', models.DateField(blank=True, null=True, verbose_name='答复日期')),
                ('answer_by', models.CharField(blank=True, max_length=60, verbose_name='答复期限种类')),
                ('due', models.CharField(blank=True, max_length=60, verbose_name='期限种类')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='期限')),
                ('extensions', models.PositiveSmallIntegerField(default=0, verbose_name='延长次数')),
                ('escalations', models.PositiveSmallIntegerField(default=0, verbose_name='逾期上报次数')),
                ('escalated_on', models.DateField(blank=True, null=True, verbose_name='上报日期')),
                ('state', models.CharField(choices=[('sent', '已发出，待回执'), ('delivered', '对方已登记，待答复'), ('arrived', '已收到，待拆封'), ('taken', '已登记，待答复'), ('answered', '已答复'), ('settled', '已签收，无须答复')], db_default='sent', default='sent', max_length=32)),
                ('cover', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.sealedvalue', verbose_name='附言')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='cases.partner', verbose_name='对方')),
                ('receiver', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='签收人')),
                ('reply', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.sealedvalue', verbose_name='答复内容')),
                ('sent_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='经手人')),
            ],
            options={
                'verbose_name': '材料往来',
                'ordering': ['-sent_on', '-number'],
            },
        ),
        migrations.CreateModel(
            name='PackagePiece',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('part', models.CharField(choices=[('package', '材料包'), ('answer', '答复')], max_length=10)),
                ('position', models.PositiveIntegerField()),
                ('body', models.BinaryField()),
                ('transfer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pieces', to='cases.transfer')),
            ],
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('position', models.PositiveSmallIntegerField(verbose_name='序号')),
                ('fate', models.CharField(blank=True, max_length=40, verbose_name='去向')),
                ('guard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.sealingkey', verbose_name='卷宗密钥')),
                ('lead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transfer_items', to='cases.lead', verbose_name='问题线索')),
                ('petition', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transfer_items', to='cases.petition', verbose_name='信访举报')),
                ('transfer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='cases.transfer', verbose_name='材料往来')),
            ],
            options={
                'verbose_name': '往来事项',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Mailroom',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('name', models.CharField(max_length=100, verbose_name='本机关名称')),
                ('since_on', models.DateField(verbose_name='启用日期')),
                ('retired_on', models.DateField(blank=True, null=True, verbose_name='停用日期')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mailrooms', to='kernel.sealingkey', verbose_name='收件密钥')),
            ],
            options={
                'verbose_name': '收件室',
                'ordering': ['-since_on', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('retired_on__isnull', True)), fields=('retired_on',), name='one_mailroom_at_a_time', nulls_distinct=False, violation_error_message='已经有一个在用的收件室。')],
            },
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('state', 'retired'), _negated=True), models.Q(('public', ''), _negated=True)), fields=('public',), name='one_body_receives_under_a_key', violation_error_message='这把收件公钥已经登记。'),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('state', 'retired'), _negated=True), models.Q(('verifier', ''), _negated=True)), fields=('verifier',), name='one_body_signs_with_a_key', violation_error_message='这把签名公钥已经登记。'),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'retired'), _negated=True), fields=('unit',), name='unit_is_a_partner_once', violation_error_message='这个单位已经登记。'),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('public', ''), ('unit__isnull', False), ('verifier', '')), models.Q(('unit__isnull', True), models.Q(('public', ''), _negated=True), models.Q(('verifier', ''), _negated=True)), _connector='OR'), name='partner_has_keys_or_is_a_unit', violation_error_message='外部机关要有两把公钥，本系统内的单位不用。'),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), models.Q(('confirmed_by__isnull', False), ('confirmed_on__isnull', False), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='partner_is_confirmed_by_a_second_person', violation_error_message='指纹由登记人以外的人核对。'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(fields=['state', 'due_on'], name='transfer_by_clock'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(fields=('serial', 'course'), name='package_comes_once', violation_error_message='这个材料包已经收过，不能重复收。'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['sent', 'arrived']), _negated=True), ('due_on__isnull', False), _connector='OR'), name='open_transfer_has_a_clock', violation_error_message='没有办完的往来材料必须有期限。'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['delivered', 'taken']), _negated=True), ('answer_by', ''), ('due_on__isnull', False), _connector='OR'), name='transfer_to_be_answered_has_a_clock', violation_error_message='没有答复的往来材料必须有期限。'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('course', 'inside'), ('digest__regex', '^[0-9a-f]{64}$'), _connector='OR'), name='package_is_known_by_its_digest', violation_error_message='材料包要有 SHA-256。'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('course', 'inside'), _negated=True), ('receiver__isnull', False), _connector='OR'), name='transfer_within_the_house_has_a_receiver', violation_error_message='交本系统内单位的要写明由谁签收。'),
        ),
        migrations.AddConstraint(
            model_name='packagepiece',
            constraint=models.UniqueConstraint(fields=('transfer', 'part', 'position'), name='package_pieces_in_order'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.UniqueConstraint(fields=('transfer', 'position'), name='items_of_a_transfer_are_in_order'),
        ),
        migrations.RunSQL("CREATE SEQUENCE cases_transfer_number", "DROP SEQUENCE cases_transfer_number"),
        Wall("cases_transfer", f"{by_capability('cases.transfer.view')} AND {OPENED}"),
        *(Wall(f"cases_{name}", by_parent("cases_transfer", "transfer_id")) for name in ("item", "packagepiece")),
    ]
