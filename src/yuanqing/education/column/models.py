"""Articles of the column, and who has opened them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yuanqing.education.column.lifecycle import LIFECYCLE
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account
from yuanqing.org.scope.rules import as_scope
from yuanqing.org.unit.models import Unit, at_the_top, within


def _overseen(account: Any) -> Q:
    writes, edits = account.scopes("education.column.draft"), account.scopes("education.column.publish")
    return within(edits, "unit__path") | within(writes, "unit__path")


class ArticleQuerySet(RecordQuerySet["Article"]):
    def visible_to(self, account: Any) -> ArticleQuerySet:
        """What is published, for everybody; what is not, for those who write in the unit, and what was sent in, for editors."""
        writes = account.scopes("education.column.draft")
        own = Q(written_by=account.pk) | at_the_top(as_scope(writes), "unit__path")
        sent = _overseen(account) & ~Q(state="draft")
        return self.filter(Q(state="published") | own | sent)

    def overseen_by(self, account: Any) -> ArticleQuerySet:
        """Of units for which the account writes or edits: of these it sees what was not published too."""
        return self.filter(_overseen(account))

    def published(self) -> ArticleQuerySet:
        return self.filter(state="published")


class Article(Record):
    """廉政栏目文章: something to read, written by a unit and published after another person has read it."""

    kind = models.CharField(_("栏目"), max_length=40)  # a code of the education pack's table article_kind
    title = models.CharField(_("标题"), max_length=120)
    summary = models.CharField(_("提要"), max_length=200, blank=True)
    body = models.TextField(_("正文"), max_length=100_000)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="articles", verbose_name=_("来稿单位"))
    written_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name=_("作者"))
    proposed_at = models.DateTimeField(_("投稿时间"), null=True, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    published_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("发布人")
    )
    review_note = models.CharField(_("审核意见"), max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("廉政栏目文章")
        ordering = ["-published_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="published_article_says_when"
            ),
        ]
        indexes = [models.Index(fields=["state", "-published_at"], name="article_by_publication")]

    class Secrecy:
        open = ("kind", "title", "summary", "body", "unit", "published_at", "state")
        internal = ("written_by", "proposed_at", "published_by", "review_note", "withdrawn_at")
        retention = "30y"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address("column:detail", self.pk)


class ArticleReader(models.Model):
    """阅读: an account has opened an article; a second time does not count again."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="readers")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    first_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "account"], name="reader_is_counted_once")]
