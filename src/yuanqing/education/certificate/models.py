"""Certificates."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yuanqing.education.certificate.lifecycle import LIFECYCLE
from yuanqing.education.certificate.rules import new_code
from yuanqing.education.quiz.models import Attempt
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit, within


class CertificateQuerySet(RecordQuerySet["Certificate"]):
    def visible_to(self, account: Any) -> CertificateQuerySet:
        own = Q(person_id=account.person_id) if getattr(account, "person_id", None) else Q(pk__in=[])
        return self.filter(within(account.scopes("education.certificate.view"), "unit__path") | own)


class Certificate(Record):
    """合格证书: that a person passed a quiz, under a code by which a stranger can check it."""

    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="certificate", verbose_name=_("答卷"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="certificates", verbose_name=_("人员"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="certificates", verbose_name=_("单位"))
    code = models.CharField(_("证书编号"), max_length=14, unique=True, default=new_code)
    awarded_at = models.DateTimeField(_("发证时间"))
    revoked_reason = models.CharField(_("撤销的理由"), max_length=300, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("合格证书")
        ordering = ["-awarded_at"]

    class Secrecy:
        open = ("code", "awarded_at", "state")
        internal = ("attempt", "person", "unit", "revoked_reason")
        retention = "30y"

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return address("certificate:detail", self.pk)
