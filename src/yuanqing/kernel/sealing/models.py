"""Who may open what: the directory of keys, the keys of matters, the sealed values themselves."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.kernel.sealing.envelope import fingerprint

HOLDER_KINDS = (("person", _("办案人员")), ("escrow", _("托管")), ("superior", _("上级机关")))


class HolderQuerySet(RecordQuerySet["Holder"]):
    def visible_to(self, account: Any) -> HolderQuerySet:
        return self  # public keys are public inside the organisation

    def active(self) -> HolderQuerySet:
        return self.filter(retired_on__isnull=True)


class Holder(Record):
    """持钥人: whose public key may be sealed to; every change of the directory is in the ledger."""

    kind = models.CharField(_("类别"), max_length=20, choices=HOLDER_KINDS, default="person")
    account_id = models.UUIDField(_("账号"), null=True, blank=True)
    name = models.CharField(_("名称"), max_length=100)
    public = models.CharField(_("公钥"), max_length=100, unique=True)
    receives = models.BooleanField(_("接收举报"), default=False)
    needed = models.PositiveSmallIntegerField(_("打开所需人数"), default=0)  # of the escrow: k of n
    custodians = models.PositiveSmallIntegerField(_("保管人数"), default=0)
    since_on = models.DateField(_("启用日期"))
    retired_on = models.DateField(_("停用日期"), null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = HolderQuerySet.as_manager()

    class Meta:
        verbose_name = _("持钥人")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["account_id"],
                condition=Q(retired_on__isnull=True),
                name="account_holds_one_key_at_a_time",
                violation_error_message=_("这个账号已经有一把在用的钥匙。"),
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(retired_on__isnull=True, kind="escrow"),
                name="one_escrow_at_a_time",
                violation_error_message=_("已经有一把在用的托管钥匙，要换请先停用。"),
            ),
            models.CheckConstraint(
                condition=Q(kind="escrow", needed__gte=2, custodians__gte=models.F("needed"))
                | (~Q(kind="escrow") & Q(needed=0, custodians=0)),
                name="escrow_needs_two_or_more_of_its_custodians",
                violation_error_message=_("托管至少要两人才能打开，保管人数不少于所需人数。"),
            ),
        ]

    class Secrecy:
        open = ("kind", "name", "public", "receives", "needed", "custodians", "since_on", "retired_on")
        internal = ("account_id",)
        retention = "permanent"

    def __str__(self) -> str:
        return self.name

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.public)


class SlotQuerySet(RecordQuerySet["Slot"]):
    def visible_to(self, account: Any) -> SlotQuerySet:
        return self.filter(holder__account_id=account.pk)


class Slot(Record):
    """解锁槽: one way to a holder's secret: a passphrase, or the recovery code."""

    holder = models.ForeignKey(Holder, models.PROTECT, related_name="slots", verbose_name=_("持钥人"))
    kind = models.CharField(_("方式"), max_length=20, choices=[("passphrase", _("口令")), ("recovery", _("恢复码"))])
    salt = models.BinaryField()
    sealed = models.BinaryField()

    objects: ClassVar[models.Manager[Any]] = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("解锁槽")
        constraints = [models.UniqueConstraint(fields=["holder", "kind"], name="holder_has_one_slot_of_a_kind")]

    class Secrecy:
        internal = ("holder", "kind")
        sealed = ("salt", "sealed")
        retention = "permanent"


class SealingKeyQuerySet(RecordQuerySet["SealingKey"]):
    def visible_to(self, account: Any) -> SealingKeyQuerySet:
        return self.filter(opened_by(account))


def opened_by(account: Any, prefix: str = "") -> Q:
    """Rows whose key this account's holder is a recipient of."""
    mine = Holder.objects.active().order_by().filter(account_id=account.pk).values("pk")
    return Q(**{f"{prefix}recipients__overlap": ArraySubquery(mine)})


class SealingKey(Record):
    """卷宗密钥: the identity of one matter, and whom its secret is sealed to."""

    public = models.CharField(_("公钥"), max_length=100)
    recipients = ArrayField(models.UUIDField(), verbose_name=_("能打开的持钥人"))
    has_receipt = models.BooleanField(_("举报人可用回执打开"), default=False)
    generation = models.PositiveSmallIntegerField(_("第几代"), default=1)  # grows when it is re-sealed

    objects: ClassVar[models.Manager[Any]] = SealingKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("卷宗密钥")

    @property
    def is_destroyed(self) -> bool:
        """Whether every way to open it went with its content: nothing is to be sealed to it any more."""
        return not self._state.adding and not self.wraps.exists()

    class Secrecy:
        internal = ("public", "recipients", "has_receipt", "generation")
        retention = "permanent"


class Wrap(models.Model):
    """密钥封装: the secret of a matter sealed to one holder, or (no holder) to the reporter's receipt."""

    id = models.BigAutoField(primary_key=True)
    key = models.ForeignKey(SealingKey, models.PROTECT, related_name="wraps")
    holder = models.ForeignKey(Holder, models.PROTECT, null=True, related_name="wraps")
    generation = models.PositiveSmallIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "holder"], name="secret_is_sealed_once_to_a_holder", nulls_distinct=False
            )
        ]


class SealedValueQuerySet(RecordQuerySet["SealedValue"]):
    def visible_to(self, account: Any) -> SealedValueQuerySet:
        return self.filter(opened_by(account, "key__"))


class SealedValue(Record):
    """封存内容: the ledger knows it by a salted commitment only; its body is an age file."""

    key = models.ForeignKey(SealingKey, models.PROTECT, related_name="values", verbose_name=_("卷宗密钥"))
    channel = models.CharField(_("渠道"), max_length=40)
    belongs_to = models.UUIDField(_("所属记录"), db_index=True)
    field = models.CharField(_("栏目"), max_length=40)
    salt = models.BinaryField()
    commitment = models.BinaryField()  # SHA-256 of salt and the SHA-256 of the body
    destroyed_on = models.DateField(_("销毁日期"), null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = SealedValueQuerySet.as_manager()

    class Meta:
        verbose_name = _("封存内容")

    class Secrecy:
        internal = ("key", "channel", "belongs_to", "field", "salt", "commitment", "destroyed_on")
        retention = "permanent"


class SealedPiece(models.Model):
    """封存内容的一段: pieces of the age file in order, each at most a mebibyte."""

    id = models.BigAutoField(primary_key=True)
    value = models.ForeignKey(SealedValue, models.PROTECT, related_name="pieces")
    position = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["value", "position"], name="pieces_are_in_order")]


class Unlocked(models.Model):
    """已解锁: a holder's secret, sealed under the key in the browser's cookie; useless without it, gone when idle."""

    id = models.UUIDField(primary_key=True)
    account_id = models.UUIDField()
    holder = models.ForeignKey(Holder, models.CASCADE)
    body = models.BinaryField()
    expires_at = models.DateTimeField()


class CeremonyQuerySet(RecordQuerySet["Ceremony"]):
    def visible_to(self, account: Any) -> CeremonyQuerySet:
        return self  # every holder is told of every opening


class Ceremony(Record):
    """托管开启: the escrow was opened, by whom, why, and who was given access to how many matters."""

    escrow = models.ForeignKey(Holder, models.PROTECT, related_name="openings", verbose_name=_("托管"))
    to = models.ForeignKey(Holder, models.PROTECT, related_name="+", verbose_name=_("交给"))
    opened_by_id = models.UUIDField(_("主持人"), null=True, blank=True)
    opened_at = models.DateTimeField(_("开启时间"))
    shares = models.PositiveSmallIntegerField(_("出示份数"))
    reason = models.CharField(_("事由"), max_length=300)
    keys = ArrayField(models.UUIDField(), verbose_name=_("所涉卷宗密钥"))

    objects: ClassVar[models.Manager[Any]] = CeremonyQuerySet.as_manager()

    class Meta:
        verbose_name = _("托管开启")
        ordering = ["-opened_at"]

    class Secrecy:
        internal = ("escrow", "to", "opened_by_id", "opened_at", "shares", "reason", "keys")
        retention = "permanent"
