"""教育活动: what I take part in, the list of activities, one with its coverage, the people invited, a form for each act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.education.activity import actions, forms, queries
from yuanqing.education.activity.lifecycle import LIFECYCLE, PARTICIPATION_LIFECYCLE
from yuanqing.education.activity.models import Activity, Participation
from yuanqing.education.campaign.models import Campaign
from yuanqing.kernel.acts import Refused, insist
from yuanqing.org.account.policies import lacking
from yuanqing.org.audience.pages import address_page
from yuanqing.org.audience.queries import describe, members, preview
from yuanqing.org.unit.pages import within_reach
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, InUnit, Search
from yuanqing.shell.form_page import button_page, change_page, part_page
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import record_context

TRAIL = gettext_lazy("一 教育 · 教育活动")
TONES = {"planned": "grey", "announced": "accent", "ended": "green", "cancelled": "red"}
PART_TONES = {"invited": "amber", "attended": "green", "released": "grey"}
GROUPS = {
    "party_group_member": gettext_lazy("党组成员"), "leading_official": gettext_lazy("领导干部"),
    "mid_level_leader": gettext_lazy("中层领导"), "key_post": gettext_lazy("重点岗位人员"), "other": gettext_lazy("其他人员"),
}  # fmt: skip
WAYS = {"qr": gettext_lazy("扫码签到"), "list": gettext_lazy("签到名单"), "course": gettext_lazy("学完课程")}


class ActivityListing(Listing):
    name = "activity"
    title = gettext_lazy("教育活动")
    order = "-begins_on"
    columns = (
        Column("title", gettext_lazy("名称"), link=Activity.get_absolute_url, sort="title", phone=True),
        Column("kind", gettext_lazy("形式"), value="kind_label", sort="kind"),
        Column("unit", gettext_lazy("举办单位"), "unit", sort="unit__path"),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda a: TONES[a.state], sort="state", phone=True),
        Column("begins_on", gettext_lazy("开始日期"), "day", sort="begins_on"),
        Column("due_on", gettext_lazy("最迟参加日期"), "day", sort="due_on"),
        Column("invited", gettext_lazy("应参加"), "number", sort="invited"),
        Column("attended", gettext_lazy("已参加"), "number", sort="attended"),
        Column("share", gettext_lazy("参加率"), "percent", sort="share", phone=True),
        Column("overdue", gettext_lazy("逾期"), "number", sort="overdue"),
    )  # fmt: skip
    views = (
        View(gettext_lazy("进行中"), "state=announced", Q(state="announced")),
        View(gettext_lazy("计划中"), "state=planned", Q(state="planned")),
    )
    empty = gettext_lazy("还没有教育活动")
    empty_hint = gettext_lazy("打开一份教育计划，从“安排活动”开始。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("名称"), ("title", "summary")),
            Choice("kind", gettext_lazy("形式"), lambda: [(c, e.label) for c, e in queries.kinds().items()]),
            Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
            InUnit("unit", gettext_lazy("举办单位"), "unit__path", within_reach(request.user)),
            Dates("begins", gettext_lazy("开始日期"), "begins_on"),
        )
        super().__init__(request, rows)


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    rows = queries.with_coverage(Activity.objects.visible_to(request.user).select_related("unit"))
    return ActivityListing(request, rows).respond("education/activity/list.html")


class MineListing(Listing):
    name = "my-activities"
    title = gettext_lazy("我的学习")
    order = "-due_at"
    exports = False
    columns = (
        Column("activity", gettext_lazy("教育活动"), value="activity.title", link=Participation.get_absolute_url, sort="activity__title", phone=True),
        Column("kind", gettext_lazy("形式"), value="activity.kind_label"),
        Column("unit", gettext_lazy("举办单位"), value="activity.unit"),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda p: PART_TONES[p.state], sort="state", phone=True),
        Column("due_at", gettext_lazy("最迟"), "clock", sort="due_at", value=lambda p: p.due_at if p.state == "invited" else None, phone=True),
        Column("attended_at", gettext_lazy("参加时间"), "moment", sort="attended_at"),
        Column("way", gettext_lazy("凭据"), value=lambda p: WAYS.get(p.way, "")),
    )  # fmt: skip
    views = (View(gettext_lazy("还没有参加的"), "state=invited", Q(state="invited")),)
    filters = (Choice("state", gettext_lazy("状态"), list(PARTICIPATION_LIFECYCLE.states.items())),)
    empty = gettext_lazy("还没有通知您参加的教育活动")
    empty_hint = gettext_lazy("警示教育片、专题培训、讲座、会议通知到您，会出现在这里和工作台上。")


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    return MineListing(request, queries.own(request.user)).respond("education/activity/mine.html")


def visible(request: HttpRequest, pk: UUID) -> Activity:
    rows = Activity.objects.visible_to(request.user).select_related("unit", "campaign__unit", "notice__unit")
    found: Activity = get_object_or_404(rows, pk=pk)
    return found


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What it is about, its sessions, and who has taken part: leaders and key posts first, then the units behind."""
    record, account = visible(request, pk), request.user
    rows = Participation.objects.visible_to(account).filter(activity=record).due()
    rules = queries.audience_of(record)
    manages = account.can("education.activity.view")  # type: ignore[union-attr]
    confirms = {"announce": _("发布以后，每个对象的工作台上都会出现这项活动。要发布吗？")}
    shown = record_context(
        record, by=account, url=lambda step: reverse(f"activity:{step}", args=[pk]), asks={"cancel": _("取消的理由")}, confirms=confirms
    )  # fmt: skip
    own = queries.own(account).filter(activity=record).first()
    parts = {name: list(_related(record, name, account).order_by(*order)) for name, order in PARTS.items()}
    context = {
        **shown,
        **parts,
        "to_do": _to_do(record, own, parts)
        if own and own.state == "invited" and record.state in ("announced", "ended")
        else [],
        "buttons": [b for b in shown["buttons"] if not b.reason or (b.step == "announce" and record.state == "planned")]
        if manages
        else [],
        "forms": ("edit", "address", "hand_out"),
        "clauses": queries.clauses_of(record.clauses),
        "own": own,
        "manages": manages,
        "plan": Campaign.objects.visible_to(account).filter(pk=record.campaign_id).first() if manages else None,
        "sessions": list(_related(record, "sessions", account).select_related("unit")),
        "may_add_courseware": manages
        and record.state in ("planned", "announced")
        and account.can("education.courseware.add", record.unit),  # type: ignore[union-attr]
        "may_add": manages
        and record.state in ("planned", "announced")
        and account.can("education.lesson.add", record.unit),  # type: ignore[union-attr]
        "may_quiz": manages
        and record.state in ("planned", "announced")
        and account.can("education.quiz.prepare", record.unit),  # type: ignore[union-attr]
        "may_schedule": manages and record.state == "announced" and account.can("education.session.schedule"),  # type: ignore[union-attr]
        "counts": rows.aggregate(**queries.counts()) if manages else None,
        "groups": [(GROUPS[g.code], g) for g in queries.by_group(rows)] if manages else [],
        "units": queries.by_unit(rows) if manages else [],
        "meant": preview(rules, timezone.localdate(), by=account, capability=actions.ANNOUNCE)
        if rules and record.state == "planned" and manages
        else None,
        "rules": [describe(rule) for rule in rules] if manages and record.state != "planned" else [],
        "reading": _reading(record),
    }
    return render(request, "education/activity/detail.html", context)


PARTS = {"quizzes": ("-stage", "pk"), "lessons": ("position",), "coursewares": ("title", "pk")}


def _to_do(record: Activity, own: Participation, parts: dict[str, list[Any]]) -> list[tuple[str, Any, bool]]:
    """What somebody invited does online, in that order: in words, the thing, and whether it is done."""

    def done(name: str, **how: Any) -> set[Any]:
        rows = getattr(record, name).filter(**how) if parts[name] else ()
        return {row.pk for row in rows}

    person = own.person_id
    watched = done("lessons", viewings__person=person, viewings__state="finished")
    learnt = done("coursewares", runs__person=person, runs__state="finished")
    sat = done("quizzes", attempts__person=person, attempts__state="marked")
    passed = done("quizzes", attempts__person=person, attempts__is_passed=True)
    asked = {stage: [q for q in parts["quizzes"] if q.state == "open" and q.stage == stage] for stage in ("before", "after")}  # fmt: skip
    lines = [
        *((_("先考一次“%(title)s”"), one, one.pk in sat) for one in asked["before"]),
        *((_("看完“%(title)s”"), one, one.pk in watched) for one in parts["lessons"] if one.state == "published"),
        *((_("学完“%(title)s”"), one, one.pk in learnt) for one in parts["coursewares"] if one.state == "published"),
        *((_("考到合格：“%(title)s”"), one, one.pk in passed) for one in asked["after"]),
    ]
    return [(words % {"title": one.title}, one, is_done) for words, one, is_done in lines]


def _related(record: Activity, name: str, account: Any) -> Any:
    """What nouns above hang on the activity, as far as the account sees it."""
    return getattr(record, name).all().visible_to(account)


def _reading(record: Activity) -> dict[str, Any] | None:
    """How many have signed the speech or the material that goes with the activity."""
    notice: Any = record.notice
    if notice is None:
        return None
    due = notice.receipts.due()
    return {"notice": notice, "delivered": due.count(), "signed": due.filter(state="signed").count()}


class ParticipationListing(Listing):
    name = "participation"
    title = gettext_lazy("参加名单")
    order = "unit__path"
    columns = (
        Column("person", gettext_lazy("姓名"), "person", sort="person__sort_key", phone=True),
        Column("number", gettext_lazy("人员编号"), value="person.number"),
        Column("unit", gettext_lazy("单位"), "unit", sort="unit__path", phone=True),
        Column("group", gettext_lazy("类别"), value=lambda p: GROUPS[p.group], sort="group"),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda p: PART_TONES[p.state], sort="state", phone=True),
        Column("due_at", gettext_lazy("最迟"), "moment", sort="due_at", optional=True),
        Column("attended_at", gettext_lazy("参加时间"), "moment", sort="attended_at"),
        Column("way", gettext_lazy("凭据"), value=lambda p: WAYS.get(p.way, "")),
    )  # fmt: skip
    views = (
        View(gettext_lazy("还没有参加的"), "state=invited", Q(state="invited")),
        View(gettext_lazy("已参加"), "state=attended", Q(state="attended")),
    )
    empty = gettext_lazy("还没有通知到人")
    empty_hint = gettext_lazy("发布以后，每个对象参加的情况列在这里。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("姓名、编号"), ("person__name", "person__number", "person__spelling")),
            InUnit("unit", gettext_lazy("单位及下级"), "unit__path", within_reach(request.user)),
            Choice("group", gettext_lazy("类别"), list(GROUPS.items()), facets=True),
            Choice("state", gettext_lazy("状态"), list(PARTICIPATION_LIFECYCLE.states.items())),
        )
        super().__init__(request, rows)


@require_GET
def participations(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everybody invited, by name, as far as the reader's scope reaches."""
    record = visible(request, pk)
    rows = Participation.objects.visible_to(request.user).filter(activity=record).select_related("person", "unit")
    rows = rows.annotate(group=queries.in_group())
    return ParticipationListing(request, rows).respond("education/activity/participations.html", {"record": record})


@require_GET
def meant(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everybody whom the audience means today, and by which rule."""
    record = visible(request, pk)
    if reason := lacking(request.user, actions.ADDRESS, record.unit):  # it names people of whatever unit is meant
        raise Refused(reason)
    found = members(queries.audience_of(record), timezone.localdate(), limit=2000)
    return render(request, "education/activity/meant.html", {"record": record, "members": found, "limit": 2000})


def _campaign(request: HttpRequest, pk: UUID) -> Campaign:
    found: Campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    return found


plan = part_page(
    "plan", actions.plan, _campaign, forms.Edit, model=Activity, title=gettext_lazy("安排活动"), trail=TRAIL
)


def _held(record: Activity) -> dict[str, Any]:
    names = ("kind", "title", "begins_on", "due_on", "summary")
    return {name: getattr(record, name) for name in names} | {"clauses": "、".join(record.clauses)}


edit = change_page(
    "edit", actions.edit, visible, forms.Edit, title=gettext_lazy("修改活动"), trail=TRAIL, initial=_held
)
hand_out = change_page(
    "hand_out", actions.hand_out, visible, forms.HandOut, title=gettext_lazy("附上讲话或材料"), trail=TRAIL,
    initial=lambda record: {"notice": record.notice},
)  # fmt: skip


@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = visible(request, pk)
    insist("address", record, by=request.user)
    run: Callable[..., Any] = lambda audience: actions.address(record, by=request.user, audience=audience)  # noqa: E731
    return address_page(request, record, queries.audience_of(record), run, str(TRAIL))


announce, end, cancel = (
    button_page(actions.announce, visible),
    button_page(actions.end, visible),
    button_page(actions.cancel, visible, "reason"),
)

navigation.register(
    "education", gettext_lazy("我的学习"), "activity:mine", icon="school", order=11,
    when=lambda account: bool(account.person_id),
    count=lambda request: queries.own(request.user).filter(state="invited").count(),
)  # fmt: skip
navigation.register(
    "education", gettext_lazy("教育活动"), "activity:list", icon="users", order=16,
    when=lambda account: account.can("education.activity.view"),
)  # fmt: skip

urlpatterns = [
    path("", list_, name="list"),
    path("mine/", mine, name="mine"),
    path("plan/<uuid:campaign>/", plan, name="plan"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/participations/", participations, name="participations"),
    path("<uuid:pk>/meant/", meant, name="meant"),
    path("<uuid:pk>/edit/", edit, name="edit"),
    path("<uuid:pk>/address/", address, name="address"),
    path("<uuid:pk>/hand-out/", hand_out, name="hand_out"),
    path("<uuid:pk>/announce/", announce, name="announce"),
    path("<uuid:pk>/end/", end, name="end"),
    path("<uuid:pk>/cancel/", cancel, name="cancel"),
]
