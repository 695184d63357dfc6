"""The clear envelope of a transfer; what goes is sealed to the other body, what is said about it to the matter's own key."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.lead.models import Lead
from yuanqing.cases.partner.models import Partner
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.transfer.lifecycle import LIFECYCLE, RUNNING
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.kernel.sealing.models import SealedValue, SealingKey, opened_by
from yuanqing.org.account.models import Account

WAYS = {"out": _("发出"), "in": _("收到"), "inside": _("本系统内")}


class TransferQuerySet(RecordQuerySet["Transfer"]):
    def visible_to(self, account: Any) -> TransferQuerySet:
        """Where the account has the right and its key opens every matter; whoever must keep out of one sees nothing."""
        if not account.can("cases.transfer.view"):
            return self.none()
        mine: Any = SealingKey.objects.filter(opened_by(account)).values("pk")
        items = Item.objects.filter(transfer=OuterRef("pk"))
        shut = ~Q(guard__in=mine)
        shut |= Q(petition__isnull=False) & ~Q(petition__in=Petition.objects.visible_to(account).values("pk"))
        shut |= Q(lead__isnull=False) & ~Q(lead__in=Lead.objects.visible_to(account).values("pk"))
        return self.filter(Exists(items)).exclude(Exists(items.filter(shut)))

    def running(self) -> TransferQuerySet:
        return self.filter(state__in=RUNNING)


class Transfer(Record):
    """材料往来: petitions or leads that go to another body or unit, or came from one, until receipt and answer."""

    number = models.CharField(_("编号"), max_length=40, unique=True)
    course = models.CharField(_("收发"), max_length=10, choices=list(WAYS.items()))
    way = models.CharField(_("方式"), max_length=40)  # of the transfers pack's table `way`
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="transfers", verbose_name=_("对方"))
    serial = models.UUIDField(_("材料包标识"))
    their_number = models.CharField(_("对方编号"), max_length=40, blank=True)
    digest = models.CharField(_("材料包 SHA-256"), max_length=64, blank=True)
    matters = models.PositiveSmallIntegerField(_("件数"))
    guards = ArrayField(models.UUIDField(), verbose_name=_("所涉卷宗密钥"))
    sent_on = models.DateField(_("发出日期"))
    received_on = models.DateField(_("签收日期"), null=True, blank=True)
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    answer_by = models.CharField(
        _("答复期限种类"), max_length=60, blank=True
    )  # code of the deadlines pack; "": none wanted
    due = models.CharField(_("期限种类"), max_length=60, blank=True)
    due_on = models.DateField(_("期限"), null=True, blank=True)
    extensions = models.PositiveSmallIntegerField(_("延长次数"), default=0)
    escalations = models.PositiveSmallIntegerField(_("逾期上报次数"), default=0)
    escalated_on = models.DateField(_("上报日期"), null=True, blank=True)
    cover = models.ForeignKey(
        SealedValue, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("附言")
    )
    reply = models.ForeignKey(
        SealedValue, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("答复内容")
    )
    sent_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经手人")
    )
    receiver = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("签收人")
    )
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("材料往来")
        ordering = ["-sent_on", "-number"]
        indexes = [models.Index(fields=["state", "due_on"], name="transfer_by_clock")]
        constraints = [
            models.UniqueConstraint(
                fields=["serial", "course"],
                name="package_comes_once",
                violation_error_message=_("这个材料包已经收过，不能重复收。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "arrived"]) | Q(due_on__isnull=False),
                name="open_transfer_has_a_clock",
                violation_error_message=_("没有办完的往来材料必须有期限。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["delivered", "taken"]) | Q(answer_by="") | Q(due_on__isnull=False),
                name="transfer_to_be_answered_has_a_clock",
                violation_error_message=_("没有答复的往来材料必须有期限。"),
            ),
            models.CheckConstraint(
                condition=Q(course="inside") | Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="package_is_known_by_its_digest",
                violation_error_message=_("材料包要有 SHA-256。"),
            ),
            models.CheckConstraint(
                condition=~Q(course="inside") | Q(receiver__isnull=False),
                name="transfer_within_the_house_has_a_receiver",
                violation_error_message=_("交本系统内单位的要写明由谁签收。"),
            ),
        ]

    class Secrecy:
        internal = (
            "number", "course", "way", "partner", "serial", "their_number", "digest", "matters", "sent_on", "received_on",
            "answered_on", "answer_by", "due", "due_on", "extensions", "escalations", "escalated_on", "sent_by", "receiver",
            "state",
        )  # fmt: skip
        sensitive = ("guards", "cover", "reply")
        wall = ("cases.transfer.view",)
        retention = "permanent"

    def __str__(self) -> str:
        return self.number

    @property
    def begun_in(self) -> str:
        """The state in which it came into this house's books."""
        return "arrived" if self.course == "in" else "sent"

    def get_absolute_url(self) -> str:
        return address("transfer:detail", self.pk)

    @property
    def wants_answer(self) -> bool:
        return bool(self.answer_by)


class ItemQuerySet(RecordQuerySet["Item"]):
    def visible_to(self, account: Any) -> ItemQuerySet:
        return self.filter(transfer__in=Transfer.objects.visible_to(account))


class Item(Record):
    """往来事项: one matter in a package: the petition or lead here, and the key that must open it."""

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="items", verbose_name=_("材料往来"))
    position = models.PositiveSmallIntegerField(_("序号"))
    petition = models.ForeignKey(
        Petition, models.PROTECT, null=True, blank=True, related_name="transfer_items", verbose_name=_("信访举报")
    )
    lead = models.ForeignKey(
        Lead, models.PROTECT, null=True, blank=True, related_name="transfer_items", verbose_name=_("问题线索")
    )
    guard = models.ForeignKey(SealingKey, models.PROTECT, related_name="+", verbose_name=_("卷宗密钥"))
    fate = models.CharField(_("去向"), max_length=40, blank=True)  # of the transfers pack's table `fate`

    objects: ClassVar[models.Manager[Any]] = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("往来事项")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["transfer", "position"], name="items_of_a_transfer_are_in_order")
        ]

    class Secrecy:
        internal = ("transfer", "position", "fate")
        sensitive = ("petition", "lead", "guard")
        wall = ("cases.transfer.view",)
        retention = "permanent"


class PackagePiece(models.Model):
    """材料包的一段: bytes of a package or an answer, which only the other body opens; each at most a mebibyte."""

    id = models.BigAutoField(primary_key=True)
    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="pieces")
    part = models.CharField(max_length=10, choices=[("package", _("材料包")), ("answer", _("答复"))])
    position = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["transfer", "part", "position"], name="package_pieces_in_order")]
