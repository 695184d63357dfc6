"""Notices with their texts in each language, and one receipt for each person they were delivered to."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from yuanqing.education.notice.lifecycle import LIFECYCLE, RECEIPT_LIFECYCLE
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit, within

LANGUAGES = [("zh-hans", _("中文")), ("en", _("英文"))]


class NoticeQuerySet(RecordQuerySet["Notice"]):
    def visible_to(self, account: Any) -> NoticeQuerySet:
        """What the units within the scope drafted, and what was delivered to oneself or to people within the scope."""
        scope = account.scopes("education.notice.view")
        delivered = Receipt.objects.visible_to(account).filter(notice=OuterRef("pk"))
        drafting = account.scopes("education.notice.draft")
        return self.filter(
            within(drafting, "unit__path") | (~Q(state="draft") & (within(scope, "unit__path") | Exists(delivered)))
        )


class Notice(Record):
    """告知: one edition of a text that those it concerns must read and sign."""

    kind = models.CharField(_("种类"), max_length=40)  # a code of the education pack's table notice_kind
    obligation = models.CharField(max_length=60, blank=True)  # the kind of obligation it makes people owe
    title = models.CharField(_("标题"), max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="notices", verbose_name=_("发出单位"))
    edition = models.PositiveSmallIntegerField(_("版次"), default=1, db_default=1)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("取代")
    )
    audience = models.JSONField(_("对象"), default=list, blank=True)
    question = models.CharField(_("检查题"), max_length=300, blank=True)
    options = models.JSONField(_("选项"), default=list, blank=True)
    answer = models.PositiveSmallIntegerField(
        _("正确选项"), default=0, db_default=0
    )  # counted from 1; 0 without a question
    due_on = models.DateField(_("签收期限"), null=True, blank=True)
    issued_at = models.DateTimeField(_("发出时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("撤回或取代时间"), null=True, blank=True)
    ended_reason = models.CharField(_("撤回理由"), max_length=300, blank=True)
    drafted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name=_("起草人"))
    issued_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("发出人")
    )
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("告知")
        ordering = ["-issued_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(issued_at__isnull=False), name="issued_notice_says_when"
            ),
        ]

    class Secrecy:
        open = ("kind", "title", "unit", "edition", "replaces", "issued_at", "state")
        internal = (
            "obligation", "audience", "question", "options", "due_on", "ended_at", "ended_reason", "drafted_by", "issued_by",
        )  # fmt: skip
        sensitive = ("answer",)
        retention = "permanent"

    def __str__(self) -> str:
        return (
            _now("%(title)s（第 %(n)s 版）") % {"title": self.title, "n": self.edition}
            if self.edition > 1
            else self.title
        )

    def get_absolute_url(self) -> str:
        return address("notice:detail", self.pk)


class NoticeTextQuerySet(RecordQuerySet["NoticeText"]):
    def visible_to(self, account: Any) -> NoticeTextQuerySet:
        return self.filter(notice__in=Notice.objects.visible_to(account))


class NoticeText(Record):
    """告知正文: the words of a notice in one language; they do not change once the notice is issued."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="texts", verbose_name=_("告知"))
    language = models.CharField(_("语言"), max_length=10, choices=LANGUAGES)
    body = models.TextField(_("正文"), max_length=100_000)
    digest = models.CharField(_("校验值"), max_length=64)  # SHA-256 of language, title and words, as shown

    objects: ClassVar[models.Manager[Any]] = NoticeTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("告知正文")
        ordering = ["-language"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "language"],
                name="notice_has_one_text_a_language",
                violation_error_message=_("这种语言的正文已经有了。"),
            )
        ]

    class Secrecy:
        internal = ("notice", "language", "body", "digest")
        retention = "permanent"


class ReceiptQuerySet(RecordQuerySet["Receipt"]):
    def visible_to(self, account: Any) -> ReceiptQuerySet:
        own = Q(person_id=account.person_id) if getattr(account, "person_id", None) else Q(pk__in=[])
        return self.filter(within(account.scopes("education.notice.view"), "unit__path") | own)

    def due(self) -> ReceiptQuerySet:
        """Without those that are no longer asked for."""
        return self.exclude(state="released")


class Receipt(Record):
    """签收: one person and one notice: what was shown in which language, how far it was read, when it was signed."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="receipts", verbose_name=_("告知"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="receipts", verbose_name=_("人员"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="receipts", verbose_name=_("单位"))
    rank = models.CharField(_("职级"), max_length=40, blank=True)
    is_key = models.BooleanField(_("重点岗位"), default=False)
    rule = models.PositiveSmallIntegerField(default=0)  # which of the audience's rules meant this person
    due_at = models.DateTimeField(_("签收期限"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("送达时间"))
    text = models.ForeignKey(
        NoticeText, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("所示正文")
    )
    page = models.PositiveSmallIntegerField(_("看到第几页"), default=0, db_default=0)
    begun_at = models.DateTimeField(_("开始阅读"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("答题次数"), default=0, db_default=0)
    answered_at = models.DateTimeField(_("答对时间"), null=True, blank=True)
    signed_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    is_on_paper = models.BooleanField(_("纸质签收"), default=False)
    signed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("办理人")
    )
    state = RECEIPT_LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("签收")
        constraints = [
            models.UniqueConstraint(fields=["notice", "person"], name="notice_is_delivered_once_to_a_person"),
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(signed_at__isnull=False), name="signed_receipt_says_when"
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(text__isnull=False) | Q(is_on_paper=True),
                name="signed_receipt_names_the_text_shown",
            ),
        ]
        indexes = [models.Index(fields=["person", "state"], name="receipt_of_person")]

    class Secrecy:
        internal = (
            "notice", "person", "unit", "rank", "is_key", "rule", "due_at", "delivered_at", "text", "page", "begun_at",
            "tries", "answered_at", "signed_at", "is_on_paper", "signed_by", "state",
        )  # fmt: skip
        retention = "30y"

    def __str__(self) -> str:
        return f"{self.notice} · {self.person}"

    def get_absolute_url(self) -> str:
        return address("reading:receipt", self.pk)
