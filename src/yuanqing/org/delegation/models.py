"""Delegations: one grant lent to another account between two days; a grant that ends takes them with it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account, Grant
from yuanqing.org.delegation.lifecycle import LIFECYCLE
from yuanqing.org.unit.models import within


class DelegationQuerySet(RecordQuerySet["Delegation"]):
    def visible_to(self, account: Any) -> DelegationQuerySet:
        """Both sides see it, and who looks after the delegations of the unit."""
        own = Q(grant__account=account.pk) | Q(delegate=account.pk)
        return self.filter(own | within(account.scopes("org.delegation.view"), "grant__unit__path"))

    def on(self, day: Any) -> DelegationQuerySet:
        return self.filter(state="in_force", starts_on__lte=day, ends_on__gte=day)


class Delegation(Record):
    """代理: during an absence another account acts with one of somebody's grants; it cannot be passed on."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="delegations", verbose_name=_("授权"))
    delegate = models.ForeignKey(Account, models.PROTECT, related_name="delegations", verbose_name=_("代理人"))
    starts_on = models.DateField(_("起始日期"))
    ends_on = models.DateField(_("终止日期"))
    reason = models.CharField(_("理由"), max_length=200)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("代理")
        ordering = ["-starts_on"]
        indexes = [models.Index(fields=["delegate", "starts_on"], name="delegation_by_delegate")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")),
                name="delegation_ends_after_it_starts",
                violation_error_message=_("终止日期不能早于起始日期。"),
            ),
            models.UniqueConstraint(
                fields=["grant", "delegate", "starts_on"],
                condition=Q(state="in_force"),
                name="grant_is_delegated_once",
                violation_error_message=_("这项授权已经委托给这个人代理。"),
            ),
        ]

    class Secrecy:
        internal = ("grant", "delegate", "starts_on", "ends_on", "reason", "state")
        retention = "permanent"

    def __str__(self) -> str:
        return f"{self.grant.account} → {self.delegate}"

    def get_absolute_url(self) -> str:
        return reverse("delegation:list")
