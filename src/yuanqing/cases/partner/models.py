"""Bodies and the own mailroom key."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.partner import rules
from yuanqing.cases.partner.lifecycle import LIFECYCLE
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.kernel.sealing.models import SealingKey
from yuanqing.org.account.models import Account
from yuanqing.org.unit.models import Unit


class PartnerQuerySet(RecordQuerySet["Partner"]):
    def visible_to(self, account: Any) -> PartnerQuerySet:
        return self.all() if account.can("cases.partner.view") else self.none()

    def in_use(self) -> PartnerQuerySet:
        return self.filter(state="confirmed")


class Partner(Record):
    """往来机关: a body with its keys, or a unit of this organisation, that matters are handed to."""

    name = models.CharField(_("机关名称"), max_length=100)
    relation = models.CharField(_("关系"), max_length=40)  # of the transfers pack's table `relation`
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("本系统内的单位")
    )
    origin = models.CharField(_("系统名称"), max_length=100, blank=True)
    public = models.CharField(_("收件公钥"), max_length=100, blank=True)
    verifier = models.CharField(_("签名公钥"), max_length=300, blank=True)
    proposed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("登记人")
    )
    confirmed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("核对人")
    )
    confirmed_on = models.DateField(_("核对日期"), null=True, blank=True)
    compared = models.CharField(_("怎样核对的"), max_length=200, blank=True)
    retired_on = models.DateField(_("停用日期"), null=True, blank=True)
    reason = models.CharField(_("停用理由"), max_length=300, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("往来机关")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["public"],
                condition=~Q(state="retired") & ~Q(public=""),
                name="one_body_receives_under_a_key",
                violation_error_message=_("这把收件公钥已经登记。"),
            ),
            models.UniqueConstraint(
                fields=["verifier"],
                condition=~Q(state="retired") & ~Q(verifier=""),
                name="one_body_signs_with_a_key",
                violation_error_message=_("这把签名公钥已经登记。"),
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=~Q(state="retired"),
                name="unit_is_a_partner_once",
                violation_error_message=_("这个单位已经登记。"),
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False, public="", verifier="") | (Q(unit__isnull=True) & ~Q(public="") & ~Q(verifier="")),
                name="partner_has_keys_or_is_a_unit",
                violation_error_message=_("外部机关要有两把公钥，本系统内的单位不用。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | (Q(confirmed_on__isnull=False, confirmed_by__isnull=False) & ~Q(confirmed_by=F("proposed_by"))),
                name="partner_is_confirmed_by_a_second_person",
                violation_error_message=_("指纹由登记人以外的人核对。"),
            ),
        ]  # fmt: skip

    class Secrecy:
        internal = (
            "name", "relation", "unit", "origin", "public", "verifier", "proposed_by", "confirmed_by", "confirmed_on",
            "compared", "retired_on", "reason", "state",
        )  # fmt: skip
        retention = "permanent"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("partner:detail", self.pk)

    @property
    def is_inside(self) -> bool:
        return self.unit_id is not None

    @property
    def fingerprint(self) -> str:
        return rules.fingerprint(self.public, self.verifier) if self.public else ""


class MailroomQuerySet(RecordQuerySet["Mailroom"]):
    def visible_to(self, account: Any) -> MailroomQuerySet:
        return self.all() if account.can("cases.partner.view") else self.none()

    def in_use(self) -> MailroomQuerySet:
        return self.filter(retired_on__isnull=True)


class Mailroom(Record):
    """收件室: the key under which other bodies seal what they send here; opened by those who receive reports, and the escrow."""

    name = models.CharField(_("本机关名称"), max_length=100)
    key = models.ForeignKey(SealingKey, models.PROTECT, related_name="mailrooms", verbose_name=_("收件密钥"))
    since_on = models.DateField(_("启用日期"))
    retired_on = models.DateField(_("停用日期"), null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = MailroomQuerySet.as_manager()

    class Meta:
        verbose_name = _("收件室")
        ordering = ["-since_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["retired_on"], nulls_distinct=False, condition=Q(retired_on__isnull=True),
                name="one_mailroom_at_a_time", violation_error_message=_("已经有一个在用的收件室。"),
            )
        ]  # fmt: skip

    class Secrecy:
        internal = ("name", "key", "since_on", "retired_on")
        retention = "permanent"

    def __str__(self) -> str:
        return self.name
