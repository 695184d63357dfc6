"""Closed months: their list and the close, the month's scores as pictures and table, a unit's card, frozen figures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Avg, Count, Q
from django.db.models.functions import Length
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.discipline.monthly_return.queries import FORM, form_of
from yuanqing.discipline.review import policies, queries, rules
from yuanqing.discipline.review.models import MonthlyReview, ScoreCard
from yuanqing.discipline.review.tasks import CLOSE
from yuanqing.kernel import acts
from yuanqing.kernel.acts import Refused
from yuanqing.kernel.addresses import address
from yuanqing.kernel.almanac import Month, months_between
from yuanqing.kernel.packs.form import Form
from yuanqing.kernel.packs.published import pack_of
from yuanqing.norms.obligation.models import Obligation
from yuanqing.norms.period.models import Period
from yuanqing.shell import charts, navigation
from yuanqing.shell.filters import Choice, Search
from yuanqing.shell.job.actions import start
from yuanqing.shell.listing import Column, Listing
from yuanqing.shell.worklist.sources import Waiting, waiting_source

SOURCE = gettext_lazy("结账时冻结的考评卡")
MOST_LINES = 40
SHOWN_MONTHS = 12


def points(basis_points: int | None) -> str:
    return "" if basis_points is None else rules.points_text(basis_points)


# The list of months, and the close


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    if not request.user.can("discipline.review.view"):  # type: ignore[union-attr]
        raise Refused(_("您的角色没有这项权限。需要时请联系系统管理员。"))
    rows = Period.objects.filter(form=FORM).select_related("review")
    page = Paginator(rows, 24).get_page(request.GET.get("page"))
    counts: dict[Any, Any] = {
        row["period"]: row
        for row in MonthlyReturn.objects.filter(period__in=[p.pk for p in page])
        .order_by().values("period")
        .annotate(due=Count("pk"), sent=Count("pk", filter=Q(first_submitted_at__isnull=False)))
    }  # fmt: skip
    lacking = acts.refusal("close_month", None, by=request.user, model=MonthlyReview)
    lines = [_line(period, counts.get(period.pk, {}), lacking) for period in page]
    return render(request, "discipline/review/list.html", {"lines": lines, "page": page})


def _line(period: Period, counts: dict[str, Any], lacking: str) -> dict[str, Any]:
    review = getattr(period, "review", None)
    reason = "" if review else lacking or policies.too_early(period)
    return {**counts, "period": period, "review": review, "reason": reason, "may_close": review is None and not lacking}


@require_POST
def close(request: HttpRequest, month: str) -> HttpResponse:
    """Start the close as a job; its page shows how far it is."""
    period = _period(month)
    reason = acts.refusal("close_month", None, by=request.user, model=MonthlyReview) or policies.too_early(period)
    if reason:
        raise Refused(reason)
    title = _("%(month)s结账") % {"month": period.month.label}
    job = start(CLOSE, title=title, account=request.user, arguments={"month": month}, key=f"close:{month}")
    return redirect("job:detail", job.pk)


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise Http404 from error


def _period(month: str) -> Period:
    return get_object_or_404(Period, form=FORM, month_on=_month(month).first_day)


def _review(request: HttpRequest, month: str) -> MonthlyReview:
    rows = MonthlyReview.objects.visible_to(request.user).select_related("period", "weights", "bulletin")
    rows = rows.defer("weights__content", "bulletin__content", "bulletin__slots", "bulletin__demands")
    on = _month(month).first_day
    found: MonthlyReview = get_object_or_404(rows, period__form=FORM, period__month_on=on)
    return found


# A month


def points_of(item: str, card: ScoreCard) -> str:
    return points(next(line["points"] for line in card.lines if line["item"] == item))


class CardListing(Listing):
    name = "card"
    title = gettext_lazy("考评卡")
    order = "path"
    columns = (
        Column("unit_name", gettext_lazy("单位"), link=ScoreCard.get_absolute_url, sort="unit_name", phone=True),
        Column("peer_group", gettext_lazy("同类组"), sort="peer_group"),
        Column("place", gettext_lazy("名次"), value=lambda c: c.place, sort="rank", phone=True),
        Column("total", gettext_lazy("得分"), value=lambda c: points(c.total), sort="total", phone=True),
        *(
            Column(item, label, value=partial(points_of, item))
            for item, label in (
                ("timeliness", gettext_lazy("及时")), ("completeness", gettext_lazy("齐全")),
                ("corrections", gettext_lazy("差错")), ("agreement", gettext_lazy("与记录一致")),
                ("obligations", gettext_lazy("应履行事项")),
            )
        ),
    )  # fmt: skip
    empty = gettext_lazy("没有考评卡")
    known: int | None = None

    @property
    def counted(self) -> int | None:
        """The figures at the head count all cards."""
        return None if any(self.conditions) else self.known


@require_GET
def detail(request: HttpRequest, month: str) -> HttpResponse:
    """Who did well, is the difference real, is it better than before; then every card."""
    review = _review(request, month)
    cards = review.cards.visible_to(request.user)
    weights = pack_of(review.weights_id)
    tally = cards.tallied()
    sizes = rules.counted((one.group, one.cards) for one in tally)
    groups = list(sizes)
    filters = (
        Search("q", gettext_lazy("单位"), ("unit_name",)),
        Choice("group", gettext_lazy("同类组"), [(g, g) for g in groups if g], "peer_group"),
    )
    listing = CardListing(request, cards.defer("evidence"), filters=filters)
    listing.known = sum(sizes.values())
    given = request.GET.get("group")
    group = given if given in groups else max(groups, key=sizes.__getitem__, default="")
    opened = f"{reverse('monthly_return:list')}?month={month}"
    counts = rules.head_figures(tally, weights.entry("attention_below").value)
    return listing.respond(
        "discipline/review/detail.html",
        {
            "review": review,
            "month": review.period.month,
            "counts": {**counts, "mean": points(counts["mean"])},
            "hrefs": {"late": f"{opened}&timing=late", "missing": f"{opened}&timing=unreported"},
            "groups": [
                {"label": g or _("未分组"), "href": f"?{urlencode({'group': g})}", "current": g == group}
                for g in groups
            ],
            "ranking": ranking(cards.filter(peer_group=group), group),
            "heat": heat_map(cards, review),
            "trend": trend(request, review),
            "spread": spread(tally, weights),
            "bulletin": bulletin_of(request, review),
        },
    )


def bulletin_of(request: HttpRequest, review: MonthlyReview) -> Any:
    """The month's bulletin, as far as the reader may know of it."""
    found = getattr(review, "bulletin", None)
    if found is None or found.state == "published" or request.user.can("discipline.bulletin.view_draft"):  # type: ignore[union-attr]
        return found
    return None


def ranking(cards: Any, group: str) -> charts.Chart | None:
    """What each kept of what was due over the last months, with the range that chance alone could explain."""
    ranked = cards.filter(rank__isnull=False).order_by("rank", "-total", "path")
    rows = list(ranked.only("review_id", "unit_name", "rank", "rank_high", "evidence")[:MOST_LINES])
    if not rows:
        return None
    lines = [
        charts.Interval(
            f"{c.place}  {c.unit_name}", c.evidence["estimate"] / 100, c.evidence["low"] / 100,
            c.evidence["high"] / 100, c.get_absolute_url(),
        )
        for c in rows
    ]  # fmt: skip
    title = _("%(group)s：名次的差别是真的吗？") % {"group": group or _("未分组")}
    names = (_("单位"), _("履行率"), _("下限"), _("上限"))
    return charts.dot_interval(
        title, lines, names=names, unit="%", source=_("最近几个月按时报送和履行的比例；区间重叠的分不出先后")
    )


def heat_map(cards: Any, review: MonthlyReview) -> charts.Chart:
    """Units × months: the score of each, deeper where it is lower."""
    highest = (
        cards.annotate(size=Length("path")).order_by("size", "path").only("review_id", "unit_id", "unit_name", "path")
    )
    top = sorted(highest[:MOST_LINES], key=lambda c: c.path)
    months = last_months(review)
    rows = ScoreCard.objects.filter(unit__in=[c.unit_id for c in top], **_within(months))
    known = {
        (unit, on): (pk, total)
        for pk, unit, on, total in rows.values_list("pk", "unit_id", "review__period__month_on", "total")
    }
    first = min((on for _unit, on in known), default=months[-1].first_day)
    months = [m for m in months if m.first_day >= first]
    cells = [[_heat_cell(known.get((card.unit_id, m.first_day))) for m in months] for card in top]
    return charts.heat_map(
        _("谁失了分，在哪个月？"),
        [card.unit_name for card in top],
        [str(m) for m in months],
        cells,
        unit=_("分"),
        source=str(SOURCE),
        corner=_("单位"),
        links=[card.get_absolute_url() for card in top],
    )


def _heat_cell(found: tuple[UUID, int] | None) -> charts.HeatCell:
    if found is None:
        return charts.HeatCell(None, "none")
    pk, total = found
    level = min(4, (rules.WHOLE - total) // 1000) if total else 4
    return charts.HeatCell(total / 100, str(level), f"{total // 100}", address("review:card", pk), points(total))


def last_months(review: MonthlyReview) -> list[Month]:
    return list(months_between(review.period.month.plus(1 - SHOWN_MONTHS), review.period.month))


def _within(months: Sequence[Month]) -> dict[str, Any]:
    """Cards of these months, of the form that is reviewed."""
    days = (months[0].first_day, months[-1].first_day)
    return {"review__period__month_on__range": days, "review__period__form": FORM}


def trend(request: HttpRequest, review: MonthlyReview) -> charts.Chart:
    months = last_months(review)
    rows = ScoreCard.objects.visible_to(request.user).filter(
        **_within([m.year_ago() for m in months[:1]] + months[-1:])
    )
    means = dict(
        rows.order_by()
        .values("review__period__month_on")
        .annotate(mean=Avg("total"))
        .values_list("review__period__month_on", "mean")
    )
    values = {on: round(mean) / 100 for on, mean in means.items()}
    before = [values.get(m.year_ago().first_day) for m in months]
    return charts.trend(
        _("平均得分在变好吗？"), [str(m) for m in months], [values.get(m.first_day) for m in months], top=100,
        last_year=before if any(v is not None for v in before) else [], names=(_("本期"), _("上一年")), unit=_("分"),
        source=str(SOURCE), corner=_("月份"),
    )  # fmt: skip


def spread(tally: Sequence[rules.Alike], weights: Any) -> charts.Chart:
    """How many units bear each grade."""
    scale = rules.Weights.of(weights.entries)
    counted = rules.counted((scale.band(one.total), one.cards) for one in tally)
    bands = [weights.entry(code) for code, _least in scale.bands]
    values = [counted.get(band.code, 0) for band in bands]
    title = _("各等次各有多少单位？")
    return charts.bars(
        title, [b.label for b in bands], [(_("单位数"), values)], unit=_("个"), source=str(SOURCE), corner=_("等次")
    )


# A unit's card


@require_GET
def card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every point opens to what it was given for."""
    rows = ScoreCard.objects.visible_to(request.user).select_related("review__period", "unit")
    found = get_object_or_404(rows, pk=pk)
    review, weights = found.review, pack_of(found.review.weights_id)
    paper = MonthlyReturn.objects.filter(period=review.period_id, unit=found.unit_id).first()
    months = last_months(review)
    past = list(
        ScoreCard.objects.visible_to(request.user)
        .filter(unit=found.unit_id, **_within(months))
        .select_related("review__period")
        .only("total", "rank", "rank_high", "review__period__month_on")
        .order_by("-review__period__month_on")
    )
    scale = rules.Weights.of(weights.entries)
    band = {c.total: _band(scale.band(c.total), weights) for c in [found, *past]}
    totals = {c.review.period.month: c.total for c in past}
    return render(
        request,
        "discipline/review/card.html",
        {
            "card": found,
            "month": review.period.month,
            "band": band[found.total],
            "place": found.place,
            "place_note": found.place_note,
            "total": points(found.total),
            "lines": [_line_shown(line, weights, paper) for line in found.lines],
            "mismatches": mismatches(review, paper) if paper else [],
            "obligations": obligations(review, found.unit_id),
            "paper": paper,
            "past": [(c, points(c.total), c.place, band[c.total]) for c in past],
            "trend": charts.trend(
                _("最近十二个月的得分"), [str(m) for m in months],
                [totals[m] / 100 if m in totals else None for m in months], top=100,
                names=(_("得分"), ""), unit=_("分"), source=str(SOURCE), corner=_("月份"),
            ),
        },
    )  # fmt: skip


def _band(code: str, weights: Any) -> str:
    return weights.entry(code).label if code else ""


def _line_shown(line: dict[str, Any], weights: Any, paper: MonthlyReturn | None) -> dict[str, Any]:
    entry = weights.entry(line["item"])
    opened = {"agreement": "#mismatches", "obligations": "#obligations"}
    return {
        "label": entry.label, "why": entry.why, "points": points(line["points"]), "maximum": points(entry.points),
        "lost": line["points"] < entry.points, "sentence": rules.sentence_of(line["item"], line["facts"]),
        "href": opened.get(line["item"]) or (paper.get_absolute_url() if paper else ""),
    }  # fmt: skip


def mismatches(review: MonthlyReview, paper: MonthlyReturn) -> list[dict[str, Any]]:
    """Cells in which the return and the records of the close differ, with the reason given."""
    form = form_of(review.period)
    recorded = queries.recorded_cells(form, queries.frozen_of_unit(review, paper.unit_id))
    found = []
    for code, number in recorded.items():
        said = paper.cells.get(code, 0)
        if said != number:
            settled = paper.state == "accepted" and bool(paper.reasons.get(code))
            found.append({
                "label": cell_label(form, code), "reported": said, "recorded": number, "reason": paper.reasons.get(code, ""),
                "settled": settled, "href": reverse("monthly_return:records", args=[paper.pk, code]),
            })  # fmt: skip
    return found


def cell_label(form: Form, code: str) -> str:
    cell = form.cell(code)
    return " · ".join(part.label for part in (cell.item, cell.row, cell.column) if part)


def obligations(review: MonthlyReview, unit_id: Any) -> Any:
    month = review.period.month
    rows = Obligation.objects.filter(unit=unit_id, due_at__date__range=(month.first_day, month.last_day))
    return rows.exclude(kind=queries.RETURN_KIND).select_related("clause").order_by("due_at")


# Elsewhere in the shell


@waiting_source
def to_close(account: Any) -> list[Waiting]:
    """Locked months that nobody has closed yet."""
    if not account.can("discipline.review.close_month"):
        return []
    rows = Period.objects.filter(form=FORM, review__isnull=True, locks_at__lt=timezone.now())
    return [
        Waiting(_("%(month)s可以结账") % {"month": p.month.label}, reverse("review:list"), _("去结账"), "speech.2.7")
        for p in rows.order_by("month_on")
    ]


navigation.register(
    "discipline",
    gettext_lazy("月度考评"),
    "review:list",
    icon="award",
    order=30,
    when=lambda account: account.can("discipline.review.view"),
)

urlpatterns = [
    path("", list_, name="list"),
    path("card/<uuid:pk>/", card, name="card"),
    path("<str:month>/", detail, name="detail"),
    path("<str:month>/close/", close, name="close"),
]
