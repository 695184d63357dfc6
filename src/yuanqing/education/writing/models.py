"""What a person writes in a year, each version submitted, the comments on it and the questions about shared words."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from yuanqing.education.notice.models import NoticeText
from yuanqing.education.writing.lifecycle import LIFECYCLE, MATCH_LIFECYCLE
from yuanqing.kernel.addresses import address
from yuanqing.kernel.packs.published import current
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit, within


class WritingQuerySet(RecordQuerySet["Writing"]):
    def visible_to(self, account: Any) -> WritingQuerySet:
        """One's own; of others within the scope what was submitted, never a draft."""
        own = Q(person_id=account.person_id) if getattr(account, "person_id", None) else Q(pk__in=[])
        return self.filter(own | (within(account.scopes("education.writing.view"), "unit__path") & ~Q(state="draft")))


class Writing(Record):
    """撰写: the summary report or reflection of one person for one year."""

    kind = models.CharField(_("种类"), max_length=40)  # a code of the education pack's table writing_kind
    year = models.PositiveSmallIntegerField(_("年度"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="writings", verbose_name=_("作者"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="writings", verbose_name=_("单位"))
    title = models.CharField(_("题目"), max_length=120, blank=True)
    edition = models.PositiveSmallIntegerField(_("第几稿"), default=0, db_default=0)
    length = models.PositiveIntegerField(_("字数"), default=0, db_default=0)
    submitted_at = models.DateTimeField(_("首次提交"), null=True, blank=True)
    reviewed_at = models.DateTimeField(_("审阅时间"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审阅人")
    )
    review_note = models.CharField(_("审阅意见"), max_length=500, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = WritingQuerySet.as_manager()

    class Meta:
        verbose_name = _("撰写")
        ordering = ["-year", "unit__path"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "year", "person"],
                name="person_writes_once_a_year",
                violation_error_message=_("这一年的这一篇已经动笔。"),
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_at__isnull=False), name="submitted_writing_says_when"
            ),
        ]

    class Secrecy:
        internal = (
            "kind", "year", "person", "unit", "title", "edition", "length", "submitted_at", "reviewed_at", "reviewed_by", "state",
        )  # fmt: skip
        sensitive = ("review_note",)
        wall = ("education.writing.view",)
        retention = "30y"

    def __str__(self) -> str:
        return _now("%(who)s %(year)s 年%(what)s") % {"who": self.person, "year": self.year, "what": self.kind_label}

    @property
    def kind_label(self) -> str:
        entry = current("education").by_code.get(self.kind)
        return str(entry.label) if entry else self.kind

    def get_absolute_url(self) -> str:
        return address("writing:detail", self.pk)


class Draft(models.Model):
    """草稿: what the author has typed so far; it belongs to nobody else until it is submitted."""

    writing = models.OneToOneField(Writing, models.CASCADE, related_name="draft")
    title = models.CharField(max_length=120, blank=True)
    body = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()


class VersionQuerySet(RecordQuerySet["Version"]):
    def visible_to(self, account: Any) -> VersionQuerySet:
        return self.filter(writing__in=Writing.objects.visible_to(account))


class Version(Record):
    """文稿: one submitted version; it never changes."""

    writing = models.ForeignKey(Writing, models.PROTECT, related_name="versions", verbose_name=_("撰写"))
    number = models.PositiveSmallIntegerField(_("第几稿"))
    title = models.CharField(_("题目"), max_length=120)
    body = models.TextField(_("正文"), max_length=200_000)
    submitted_at = models.DateTimeField(_("提交时间"))

    objects: ClassVar[models.Manager[Any]] = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("文稿")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["writing", "number"], name="version_is_numbered_once")]

    class Secrecy:
        internal = ("writing", "number", "submitted_at")
        sensitive = ("title", "body")
        retention = "30y"


class CommentQuerySet(RecordQuerySet["Comment"]):
    def visible_to(self, account: Any) -> CommentQuerySet:
        return self.filter(writing__in=Writing.objects.visible_to(account))


class Comment(Record):
    """批注: what a reviewer says about one paragraph of a version."""

    writing = models.ForeignKey(Writing, models.PROTECT, related_name="comments", verbose_name=_("撰写"))
    number = models.PositiveSmallIntegerField(_("第几稿"))
    paragraph = models.PositiveSmallIntegerField(_("第几段"))
    note = models.CharField(_("批注"), max_length=500)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name=_("批注人"))
    at = models.DateTimeField(_("时间"))

    objects: ClassVar[models.Manager[Any]] = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("批注")
        ordering = ["number", "paragraph", "at"]

    class Secrecy:
        internal = ("writing", "number", "paragraph", "by", "at")
        sensitive = ("note",)
        retention = "30y"


class MatchQuerySet(RecordQuerySet["Match"]):
    def visible_to(self, account: Any) -> MatchQuerySet:
        return self.filter(writing__in=Writing.objects.visible_to(account))


class Match(Record):
    """相同文字: words a writing shares with another or with a text handed out; a question to the author, no verdict."""

    writing = models.ForeignKey(Writing, models.PROTECT, related_name="matches", verbose_name=_("撰写"))
    number = models.PositiveSmallIntegerField(_("第几稿"))
    other = models.ForeignKey(
        Version, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("另一篇")
    )
    text = models.ForeignKey(
        NoticeText, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("下发的文字")
    )
    share = models.PositiveSmallIntegerField(_("占全文"))  # basis points
    passages = models.JSONField(_("位置"), default=list)
    asked_at = models.DateTimeField(_("询问时间"))
    explanation = models.CharField(_("作者说明"), max_length=500, blank=True)
    explained_at = models.DateTimeField(_("说明时间"), null=True, blank=True)
    state = MATCH_LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("相同文字")
        ordering = ["-share"]
        constraints = [
            models.CheckConstraint(
                condition=Q(other__isnull=True, text__isnull=False) | Q(other__isnull=False, text__isnull=True),
                name="match_names_one_source",
            )
        ]

    class Secrecy:
        internal = ("writing", "number", "other", "text", "share", "asked_at", "explained_at", "state")
        sensitive = ("passages", "explanation")
        retention = "30y"


class Fingerprint(models.Model):
    """指纹: hashes by which texts that share words are found; made from the texts, and never kept for themselves."""

    hash = models.BigIntegerField()
    version = models.ForeignKey(Version, models.CASCADE, null=True, related_name="+")
    text = models.ForeignKey(NoticeText, models.CASCADE, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["hash"], name="fingerprint_by_hash"),
            models.Index(fields=["version"], name="fingerprint_of_version", condition=Q(version__isnull=False)),
            models.Index(fields=["text"], name="fingerprint_of_text", condition=Q(text__isnull=False)),
        ]
