"""The ledger, keys, packs and jobs: their tables."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.db import migrations, models

from yuanqing.kernel.database.tables import Tables


class Migration(migrations.Migration):

    initial = True

    replaces = [("kernel", old) for old in ("0001_initial", "0003_sealing")]

    dependencies = [
    ]

    operations = [Tables([
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('size', models.BigIntegerField(primary_key=True, serialize=False)),
                ('root', models.BinaryField(max_length=32)),
                ('note', models.TextField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('last_seq', models.BigIntegerField(primary_key=True, serialize=False)),
                ('first_seq', models.BigIntegerField()),
                ('chain', models.BinaryField(max_length=32)),
                ('mac', models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='SealingKey',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('public', models.CharField(max_length=100, verbose_name='公钥')),
                ('recipients', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='能打开的持钥人')),
                ('has_receipt', models.BooleanField(default=False, verbose_name='举报人可用回执打开')),
                ('generation', models.PositiveSmallIntegerField(default=1, verbose_name='第几代')),
            ],
            options={
                'verbose_name': '卷宗密钥',
            },
        ),
        migrations.CreateModel(
            name='Holder',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('kind', models.CharField(choices=[('person', '办案人员'), ('escrow', '托管'), ('superior', '上级机关')], default='person', max_length=20, verbose_name='类别')),
                ('account_id', models.UUIDField(blank=True, null=True, verbose_name='账号')),
                ('name', models.CharField(max_length=100, verbose_name='名称')),
                ('public', models.CharField(max_length=100, unique=True, verbose_name='公钥')),
                ('receives', models.BooleanField(default=False, verbose_name='接收举报')),
                ('needed', models.PositiveSmallIntegerField(default=0, verbose_name='打开所需人数')),
                ('custodians', models.PositiveSmallIntegerField(default=0, verbose_name='保管人数')),
                ('since_on', models.DateField(verbose_name='启用日期')),
                ('retired_on', models.DateField(blank=True, null=True, verbose_name='停用日期')),
            ],
            options={
                'verbose_name': '持钥人',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('retired_on__isnull', True)), fields=('account_id',), name='account_holds_one_key_at_a_time', violation_error_message='这个账号已经有一把在用的钥匙。'), models.UniqueConstraint(condition=models.Q(('kind', 'escrow'), ('retired_on__isnull', True)), fields=('kind',), name='one_escrow_at_a_time', violation_error_message='已经有一把在用的托管钥匙，要换请先停用。'), models.CheckConstraint(condition=models.Q(models.Q(('custodians__gte', models.F('needed')), ('kind', 'escrow'), ('needed__gte', 2)), models.Q(models.Q(('kind', 'escrow'), _negated=True), ('custodians', 0), ('needed', 0)), _connector='OR'), name='escrow_needs_two_or_more_of_its_custodians', violation_error_message='托管至少要两人才能打开，保管人数不少于所需人数。')],
            },
        ),
        migrations.CreateModel(
            name='Ceremony',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('escrow', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='kernel.holder', verbose_name='托管')),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.holder', verbose_name='交给')),
                ('opened_by_id', models.UUIDField(blank=True, null=True, verbose_name='主持人')),
                ('opened_at', models.DateTimeField(verbose_name='开启时间')),
                ('shares', models.PositiveSmallIntegerField(verbose_name='出示份数')),
                ('reason', models.CharField(max_length=300, verbose_name='事由')),
                ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='所涉卷宗密钥')),
            ],
            options={
                'verbose_name': '托管开启',
                'ordering': ['-opened_at'],
            },
        ),
        migrations.CreateModel(
            name='PackVersion',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('name', models.SlugField(max_length=60, verbose_name='规则包')),
                ('title', models.CharField(max_length=200, verbose_name='名称')),
                ('kind', models.CharField(max_length=30, verbose_name='类别')),
                ('edition', models.CharField(max_length=30, verbose_name='版本')),
                ('effective_from', models.DateField(verbose_name='施行日期')),
                ('published_at', models.DateTimeField(verbose_name='发布时间')),
                ('fingerprint', models.CharField(max_length=64, verbose_name='指纹')),
                ('content', models.JSONField(verbose_name='内容')),
            ],
            options={
                'verbose_name': '规则包版本',
                'constraints': [models.UniqueConstraint(fields=('name', 'edition'), name='pack_edition_is_published_once')],
            },
        ),
        migrations.CreateModel(
            name='SealedValue',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='values', to='kernel.sealingkey', verbose_name='卷宗密钥')),
                ('channel', models.CharField(max_length=40, verbose_name='渠道')),
                ('belongs_to', models.UUIDField(db_index=True, verbose_name='所属记录')),
                ('field', models.CharField(max_length=40, verbose_name='栏目')),
                ('salt', models.BinaryField()),
                ('commitment', models.BinaryField()),
                ('destroyed_on', models.DateField(blank=True, null=True, verbose_name='销毁日期')),
            ],
            options={
                'verbose_name': '封存内容',
            },
        ),
        migrations.CreateModel(
            name='Shape',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('model', models.CharField(max_length=100)),
                ('columns', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('model', 'columns'), name='shape_is_listed_once')],
            },
        ),
        migrations.CreateModel(
            name='Unlocked',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('account_id', models.UUIDField()),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='kernel.holder')),
                ('body', models.BinaryField()),
                ('expires_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SealedPiece',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('value', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pieces', to='kernel.sealedvalue')),
                ('position', models.PositiveIntegerField()),
                ('body', models.BinaryField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('value', 'position'), name='pieces_are_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('seq', models.BigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('act', models.CharField(max_length=100)),
                ('model', models.CharField(max_length=100)),
                ('record_id', models.UUIDField()),
                ('record_version', models.PositiveIntegerField()),
                ('by_id', models.UUIDField(null=True)),
                ('shape', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='kernel.shape')),
                ('digest', models.BinaryField(max_length=32)),
                ('note', models.TextField(blank=True, default='')),
                ('leaf', models.BinaryField(max_length=32)),
            ],
            options={
                'indexes': [models.Index(fields=['record_id', 'seq'], name='entry_by_record')],
            },
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='kernel.holder', verbose_name='持钥人')),
                ('kind', models.CharField(choices=[('passphrase', '口令'), ('recovery', '恢复码')], max_length=20, verbose_name='方式')),
                ('salt', models.BinaryField()),
                ('sealed', models.BinaryField()),
            ],
            options={
                'verbose_name': '解锁槽',
                'constraints': [models.UniqueConstraint(fields=('holder', 'kind'), name='holder_has_one_slot_of_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='Wrap',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wraps', to='kernel.sealingkey')),
                ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='wraps', to='kernel.holder')),
                ('generation', models.PositiveSmallIntegerField()),
                ('body', models.BinaryField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key', 'holder'), name='secret_is_sealed_once_to_a_holder', nulls_distinct=False)],
            },
        ),
    ])]
