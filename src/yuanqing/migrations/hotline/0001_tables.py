"""Sealed reports: their tables."""

import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.db import migrations, models

from yuanqing.kernel.database.tables import Tables


class Migration(migrations.Migration):

    initial = True

    replaces = [("hotline", old) for old in ("0001_reports",)]

    dependencies = [
        ('kernel', '0001_tables'),
    ]

    operations = [Tables([
        migrations.CreateModel(
            name='Spent',
            fields=[
                ('riddle', models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ('expires_on', models.DateField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('channel', models.CharField(max_length=40, verbose_name='类别')),
                ('is_named', models.BooleanField(verbose_name='实名')),
                ('level', models.CharField(max_length=40, verbose_name='被反映人级别')),
                ('language', models.CharField(max_length=10, verbose_name='语言')),
                ('received_on', models.DateField(verbose_name='收到日期')),
                ('next_on', models.DateField(blank=True, null=True, verbose_name='下一步期限')),
                ('passes_through', models.BooleanField(default=False, verbose_name='直送上级')),
                ('tag', models.BinaryField(max_length=32, unique=True)),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='kernel.sealingkey', verbose_name='卷宗密钥')),
                ('content', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.sealedvalue', verbose_name='举报内容')),
                ('state', models.CharField(choices=[('received', '已收到'), ('accepted', '已受理'), ('passed_on', '已转送'), ('declined', '不属受理范围'), ('concluded', '已办结'), ('withdrawn', '已撤回')], db_default='received', default='received', max_length=32)),
            ],
            options={
                'verbose_name': '网络举报',
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='hotline.report', verbose_name='网络举报')),
                ('from_reporter', models.BooleanField(verbose_name='举报人所写')),
                ('written_on', models.DateField(verbose_name='日期')),
                ('content', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.sealedvalue', verbose_name='内容')),
                ('position', models.PositiveSmallIntegerField()),
            ],
            options={
                'verbose_name': '往来信件',
                'ordering': ['position'],
            },
        ),
    ])]
