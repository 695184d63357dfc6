"""The close of a month: its frozen figures and a score card for every unit."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yuanqing.discipline.review.lifecycle import LIFECYCLE
from yuanqing.discipline.review.rules import Alike
from yuanqing.kernel.addresses import address
from yuanqing.kernel.packs.models import PackVersion
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.norms.period.models import Period
from yuanqing.org.unit.models import Unit, within


class MonthlyReviewQuerySet(RecordQuerySet["MonthlyReview"]):
    def visible_to(self, account: Any) -> MonthlyReviewQuerySet:
        return self if account.can("discipline.review.view") else self.none()


class MonthlyReview(Record):
    """月度考评: one closed month, with the hash of the snapshot that everything was computed from."""

    period = models.OneToOneField(Period, models.PROTECT, related_name="review", verbose_name=_("月度"))
    weights = models.ForeignKey(PackVersion, models.PROTECT, related_name="+", verbose_name=_("权重版本"))
    snapshot = models.CharField(_("快照"), max_length=200)  # folder below HOME/snapshots
    snapshot_hash = models.CharField(_("快照哈希"), max_length=64)
    result_hash = models.CharField(_("结果哈希"), max_length=64)  # over the frozen figures and the cards
    unit_count = models.PositiveIntegerField(_("单位数"))
    closed_at = models.DateTimeField(_("结账时间"))
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = MonthlyReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("月度考评")

    class Secrecy:
        internal = ("period", "weights", "snapshot", "snapshot_hash", "result_hash", "unit_count", "closed_at", "state")
        retention = "permanent"

    def __str__(self) -> str:
        return str(self.period)

    def get_absolute_url(self) -> str:
        return reverse("review:detail", args=[str(self.period.month)])


class ScoreCardQuerySet(RecordQuerySet["ScoreCard"]):
    def tallied(self) -> list[Alike]:
        """How many cards are alike, group by group: everything that a month's page counts, in one statement."""
        marked = self.order_by("peer_group").annotate(
            missing=Coalesce(Q(evidence__is_missing=True), False), late=Coalesce(Q(evidence__days_late__gt=0), False)
        )
        rows = marked.values_list("peer_group", "total", "missing", "late").annotate(cards=Count("pk"))
        return [Alike(*row) for row in rows]

    def visible_to(self, account: Any) -> ScoreCardQuerySet:
        return self.filter(within(account.scopes("discipline.review.view"), "unit__path"))


class ScoreCard(Record):
    """考评卡: one unit's score for a month; every point opens to its evidence. Points are basis points of 100."""

    review = models.ForeignKey(MonthlyReview, models.PROTECT, related_name="cards", verbose_name=_("月度考评"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="cards", verbose_name=_("单位"))
    path = models.CharField(max_length=400, db_collation="C")
    unit_name = models.CharField(_("单位名称"), max_length=200)
    peer_group = models.CharField(_("同类组"), max_length=40, blank=True)
    evidence = models.JSONField(_("依据"))  # the plain numbers that the lines were computed from
    lines = models.JSONField(_("得分项"))  # [{"item", "points", "facts": {…}}], points in basis points
    total = models.PositiveIntegerField(_("总分"))
    rank = models.PositiveIntegerField(_("名次"), null=True)
    rank_low = models.PositiveIntegerField(_("名次下限"), null=True)
    rank_high = models.PositiveIntegerField(_("名次上限"), null=True)

    objects: ClassVar[models.Manager[Any]] = ScoreCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("考评卡")
        ordering = ["peer_group", "rank", "path"]
        constraints = [models.UniqueConstraint(fields=["review", "unit"], name="unit_has_one_card_a_month")]

    class Secrecy:
        internal = (
            "review",
            "unit",
            "path",
            "unit_name",
            "peer_group",
            "evidence",
            "lines",
            "total",
            "rank",
            "rank_low",
            "rank_high",
        )
        retention = "permanent"

    def __str__(self) -> str:
        return f"{self.unit_name} {self.review}"

    def get_absolute_url(self) -> str:
        return address("review:card", self.pk)

    @property
    def place(self) -> str:
        """3, or 1–9 where the unit cannot be told apart from those peers; — where nobody is ranked."""
        if self.rank is None:
            return "—"
        return str(self.rank) if self.rank == self.rank_high else f"{self.rank}–{self.rank_high}"

    @property
    def place_note(self) -> str:
        """The peers, and that the difference may be chance when a place is shared."""
        group = self.peer_group or gettext("未分组")
        if self.rank is None:
            return gettext("%(group)s：单位太少或没有到期事项，不排名") % {"group": group}
        if self.rank == self.rank_high:
            return group
        return gettext("%(group)s，与同列的单位分不出先后") % {"group": group}
