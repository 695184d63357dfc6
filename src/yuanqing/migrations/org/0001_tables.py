"""Units, people, posts, accounts and rights: their tables."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
import yuanqing.org.post.models
from django.conf import settings
from django.db import migrations, models

from yuanqing.kernel.database.tables import Tables


class Migration(migrations.Migration):

    initial = True

    replaces = [("org", old) for old in ("0001_initial", "0003_registers", "0005_rights", "0006_programs", "0007_sign_in")]

    dependencies = [
    ]

    operations = [Tables([
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('last_at', models.DateTimeField(db_index=True)),
                ('open_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='人员编号')),
                ('name', models.CharField(max_length=60, verbose_name='姓名')),
                ('sort_key', models.CharField(blank=True, db_collation='C', max_length=200)),
                ('spelling', models.CharField(blank=True, max_length=240)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='org.unit', verbose_name='所在单位')),
                ('level', models.CharField(blank=True, max_length=40, verbose_name='级别')),
                ('is_party_member', models.BooleanField(default=False, verbose_name='中共党员')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='电子邮箱')),
                ('left_on', models.DateField(blank=True, null=True, verbose_name='离开日期')),
            ],
            options={
                'verbose_name': '人员',
                'ordering': ['sort_key', 'number'],
                'indexes': [models.Index(fields=['sort_key'], name='person_by_pinyin')],
            },
        ),
        migrations.CreateModel(
            name='Token',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to=settings.AUTH_USER_MODEL, verbose_name='账号')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('scopes', models.JSONField(default=list, verbose_name='范围')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('hint', models.CharField(max_length=10, verbose_name='开头')),
                ('expires_on', models.DateField(verbose_name='到期日')),
                ('revoked_on', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
            ],
            options={
                'verbose_name': '接口令牌',
                'ordering': ['-expires_on', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('username', models.CharField(max_length=60, unique=True, verbose_name='用户名')),
                ('display_name', models.CharField(max_length=60, verbose_name='显示名')),
                ('person', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='account', to='org.person')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='电子邮箱')),
                ('is_active', models.BooleanField(default=True, verbose_name='启用')),
            ],
            options={
                'verbose_name': '账号',
                'ordering': ['username'],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('handle', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='账号')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登录时间')),
                ('seen_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='最近使用')),
                ('device', models.CharField(blank=True, max_length=60, verbose_name='设备')),
                ('source', models.GenericIPAddressField(null=True, verbose_name='来源')),
            ],
            options={
                'verbose_name': '登录状态',
            },
        ),
        migrations.CreateModel(
            name='TokenUse',
            fields=[
                ('token', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='use', serialize=False, to='org.token')),
                ('last_on', models.DateField(verbose_name='最近使用')),
            ],
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('code', models.CharField(max_length=40, unique=True, validators=[django.core.validators.RegexValidator('^[0-9A-Za-z][0-9A-Za-z_.-]*$', '单位代码只能用字母、数字、点、横线和下划线，以字母或数字开头。')], verbose_name='单位代码')),
                ('name', models.CharField(max_length=200, verbose_name='单位名称')),
                ('short_name', models.CharField(blank=True, max_length=60, verbose_name='简称')),
                ('kind', models.CharField(blank=True, max_length=40, verbose_name='单位类别')),
                ('peer_group', models.CharField(blank=True, max_length=40, verbose_name='同类组')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='org.unit', verbose_name='上级单位')),
                ('path', models.CharField(db_collation='C', max_length=400, unique=True, verbose_name='路径')),
                ('sort_key', models.CharField(blank=True, db_collation='C', max_length=200)),
                ('spelling', models.CharField(blank=True, max_length=240)),
                ('is_reporting', models.BooleanField(default=True, verbose_name='报送月报')),
                ('began_on', models.DateField(verbose_name='设立日期')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
            ],
            options={
                'verbose_name': '单位',
                'ordering': ['path'],
                'indexes': [models.Index(fields=['sort_key'], name='unit_by_pinyin')],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9A-Za-z][0-9A-Za-z_.-]*$')), name='unit_code_fits_into_a_path', violation_error_message='单位代码只能用字母、数字、点、横线和下划线，以字母或数字开头。'), models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), ('ended_on__gt', models.F('began_on')), _connector='OR'), name='unit_ends_after_it_began', violation_error_message='撤销日期必须晚于设立日期。')],
            },
        ),
        migrations.CreateModel(
            name='Recusal',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recusals', to=settings.AUTH_USER_MODEL, verbose_name='回避人')),
                ('ground', models.CharField(max_length=40, verbose_name='情形')),
                ('about', models.CharField(choices=[('person', '人员'), ('unit', '单位及其下级'), ('record', '一条记录')], max_length=10, verbose_name='关于')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.person', verbose_name='人员')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit', verbose_name='单位')),
                ('record_model', models.CharField(blank=True, db_default='', max_length=100)),
                ('record_id', models.UUIDField(blank=True, null=True)),
                ('reason', models.CharField(max_length=300, verbose_name='理由')),
                ('state', models.CharField(choices=[('requested', '申请待决定'), ('declared', '已声明，待决定'), ('in_force', '回避'), ('declined', '不须回避'), ('lifted', '已解除')], db_default='requested', default='requested', max_length=32)),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='决定人')),
                ('decision', models.CharField(blank=True, db_default='', max_length=300, verbose_name='决定的理由')),
            ],
            options={
                'verbose_name': '回避',
                'indexes': [models.Index(fields=['account', 'state'], name='recusal_by_account')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('about', 'person'), ('person__isnull', False), ('record_id__isnull', True), ('unit__isnull', True)), models.Q(('about', 'unit'), ('person__isnull', True), ('record_id__isnull', True), ('unit__isnull', False)), models.Q(('about', 'record'), ('person__isnull', True), ('record_id__isnull', False), ('unit__isnull', True)), _connector='OR'), name='recusal_is_about_one_thing', violation_error_message='回避只能关于一个人、一个单位或者一条记录。')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('code', models.CharField(max_length=40, unique=True, verbose_name='岗位代码')),
                ('name', models.CharField(max_length=100, verbose_name='岗位名称')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='org.unit', verbose_name='单位')),
                ('rank', models.CharField(blank=True, max_length=40, verbose_name='职级')),
                ('is_key', models.BooleanField(default=False, verbose_name='重点岗位')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
            ],
            options={
                'verbose_name': '岗位',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='org.unit', verbose_name='单位')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit', verbose_name='上级单位')),
                ('name', models.CharField(max_length=200, verbose_name='单位名称')),
                ('kind', models.CharField(blank=True, max_length=40, verbose_name='单位类别')),
                ('peer_group', models.CharField(blank=True, max_length=40, verbose_name='同类组')),
                ('path', models.CharField(db_collation='C', max_length=400, verbose_name='路径')),
                ('during', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='期间')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='事由')),
            ],
            options={
                'verbose_name': '单位沿革',
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('unit', '='), ('during', '&&')], name='unit_has_one_place_at_a_time', violation_error_message='同一单位在同一时间只能有一个名称和上级。'), models.CheckConstraint(condition=models.Q(('during__isempty', False)), name='placement_lasts_at_least_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Jurisdiction',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('manager', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='manages', to='org.unit', verbose_name='主管单位')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='managed_by', to='org.unit', verbose_name='干部所在单位')),
                ('rank', models.CharField(max_length=40, verbose_name='职级')),
                ('starts_on', models.DateField(verbose_name='起始日期')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='终止日期')),
            ],
            options={
                'verbose_name': '干部管理权限',
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('unit', '='), ('rank', '='), (yuanqing.org.post.models.Days('starts_on', 'ends_on', django.contrib.postgres.fields.ranges.RangeBoundary(True, True)), '&&')], name='rank_of_a_unit_has_one_manager_at_a_time', violation_error_message='这个单位的这一职级在这段时间已经定了主管单位。'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='jurisdiction_ends_after_it_starts', violation_error_message='终止日期不能早于起始日期。')],
            },
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to=settings.AUTH_USER_MODEL, verbose_name='账号')),
                ('role', models.CharField(max_length=40, verbose_name='角色')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='org.unit', verbose_name='单位')),
                ('depth', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='到下面几级')),
                ('purpose', models.CharField(blank=True, db_default='', max_length=40, verbose_name='用途')),
                ('starts_on', models.DateField(verbose_name='起始日期')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='终止日期')),
                ('reason', models.CharField(max_length=200, verbose_name='授权理由')),
                ('state', models.CharField(choices=[('proposed', '待复核'), ('in_force', '有效'), ('ended', '已终止'), ('declined', '未通过')], db_default='proposed', default='proposed', max_length=32)),
                ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='复核人')),
                ('waiver', models.CharField(blank=True, db_default='', max_length=100, verbose_name='免于复核的依据')),
            ],
            options={
                'verbose_name': '授权',
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'in_force'])), fields=('account', 'role', 'unit', 'depth', 'purpose', 'starts_on'), name='grant_is_given_once', nulls_distinct=False, violation_error_message='同样的授权已经有了，或者正在等待复核。'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='grant_ends_after_it_starts', violation_error_message='终止日期不能早于起始日期。'), models.CheckConstraint(condition=models.Q(('depth__isnull', True), ('unit__isnull', False), _connector='OR'), name='grant_counts_levels_below_a_unit', violation_error_message='只有写明单位的授权才能限定级数。'), models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='grant_is_confirmed_by_another', violation_error_message='授权须由提出人以外的人复核。'), models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'declined']), ('proposed_by__isnull', True), ('confirmed_by__isnull', False), models.Q(('waiver', ''), _negated=True), _connector='OR'), name='grant_counts_once_confirmed', violation_error_message='授权须由提出人以外的人复核。')],
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('grant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='org.grant', verbose_name='授权')),
                ('delegate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to=settings.AUTH_USER_MODEL, verbose_name='代理人')),
                ('starts_on', models.DateField(verbose_name='起始日期')),
                ('ends_on', models.DateField(verbose_name='终止日期')),
                ('reason', models.CharField(max_length=200, verbose_name='理由')),
                ('state', models.CharField(choices=[('in_force', '有效'), ('revoked', '已收回'), ('ended', '已到期')], db_default='in_force', default='in_force', max_length=32)),
            ],
            options={
                'verbose_name': '代理',
                'ordering': ['-starts_on'],
                'indexes': [models.Index(fields=['delegate', 'starts_on'], name='delegation_by_delegate')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='delegation_ends_after_it_starts', violation_error_message='终止日期不能早于起始日期。'), models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('grant', 'delegate', 'starts_on'), name='grant_is_delegated_once', violation_error_message='这项授权已经委托给这个人代理。')],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='账号')),
                ('purpose', models.CharField(choices=[('first', '建立第一个管理员'), ('set_password', '设置密码')], max_length=20, verbose_name='用途')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('issued_at', models.DateTimeField(verbose_name='发出时间')),
                ('expires_at', models.DateTimeField(verbose_name='失效时间')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='使用时间')),
            ],
            options={
                'verbose_name': '一次性链接',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('account__isnull', True), ('purpose', 'first')), models.Q(('account__isnull', False), ('purpose', 'set_password')), _connector='OR'), name='link_is_for_an_account_or_the_first_one')],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='org.person', verbose_name='人员')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='org.post', verbose_name='岗位')),
                ('during', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='任期')),
                ('document', models.CharField(blank=True, max_length=100, verbose_name='任免文号')),
            ],
            options={
                'verbose_name': '任职',
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('person', '='), ('post', '='), ('during', '&&')], name='person_holds_a_post_once_at_a_time', violation_error_message='这个人在这段时间已经担任这个岗位。'), models.CheckConstraint(condition=models.Q(('during__isempty', False)), name='appointment_lasts_at_least_a_day')],
            },
        ),
        migrations.CreateModel(
            name='SignIn',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='账号')),
                ('happening', models.CharField(choices=[('enter', '登录'), ('leave', '退出'), ('fail', '登录失败'), ('add_factor', '添加第二因素'), ('remove_factor', '去掉第二因素'), ('end_sessions', '结束登录状态')], max_length=20, verbose_name='事项')),
                ('method', models.CharField(blank=True, choices=[('password', '密码'), ('totp', '密码和动态口令'), ('webauthn', '密码和通行密钥'), ('passkey', '通行密钥'), ('recovery_codes', '密码和恢复码'), ('socialaccount', '统一身份认证'), ('ldap', '目录服务')], max_length=20, verbose_name='方式')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('source', models.GenericIPAddressField(blank=True, null=True, verbose_name='来源')),
                ('device', models.CharField(blank=True, max_length=60, verbose_name='设备')),
                ('count', models.PositiveIntegerField(default=0, verbose_name='次数')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='理由')),
            ],
            options={
                'verbose_name': '登录记录',
                'ordering': ['-at'],
                'indexes': [models.Index(fields=['-at'], name='sign_ins_by_time'), models.Index(fields=['account', '-at'], name='sign_ins_by_account')],
            },
        ),
    ])]
