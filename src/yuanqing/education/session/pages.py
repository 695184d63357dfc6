"""场次: one session with its roster, the code at the door, signing in on the phone, lists and reasons, minutes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import segno
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.education.activity.pages import GROUPS, WAYS
from yuanqing.education.activity.pages import visible as of_activity
from yuanqing.education.activity.queries import in_group
from yuanqing.education.session import actions, forms, queries
from yuanqing.education.session.lifecycle import LIFECYCLE
from yuanqing.education.session.models import Attendance, Session
from yuanqing.kernel.acts import Refused, insist, refusal
from yuanqing.org.unit.pages import within_reach
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, InUnit, Search
from yuanqing.shell.form_page import button_page, change_page, form_page, part_page
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import record_context
from yuanqing.shell.worklist.sources import Waiting, waiting_source

TRAIL = gettext_lazy("一 教育 · 场次")
TONES = {"scheduled": "grey", "open": "accent", "held": "green", "cancelled": "red"}
PRESENCE = {
    "present": gettext_lazy("到场"), "absent": gettext_lazy("有理由缺席"), "elsewhere": gettext_lazy("在别处已参加"),
    "missing": gettext_lazy("没有到场"),
}  # fmt: skip
PRESENCE_TONES = {"present": "green", "absent": "amber", "elsewhere": "grey", "missing": "red"}


class SessionListing(Listing):
    name = "session"
    title = gettext_lazy("场次")
    order = "-begins_at"
    columns = (
        Column("code", gettext_lazy("编号"), link=Session.get_absolute_url, sort="code", phone=True),
        Column("activity", gettext_lazy("教育活动"), value="activity.title", sort="activity__title", phone=True),
        Column("unit", gettext_lazy("单位"), "unit", sort="unit__path"),
        Column("begins_at", gettext_lazy("开始时间"), "moment", sort="begins_at"),
        Column("place", gettext_lazy("地点")),
        Column("host", gettext_lazy("主持人或主讲人"), optional=True),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda s: TONES[s.state], sort="state", phone=True),
    )  # fmt: skip
    views = (View(gettext_lazy("待举行"), "state=scheduled", Q(state="scheduled")),)
    empty = gettext_lazy("还没有场次")
    empty_hint = gettext_lazy("打开一项进行中的教育活动，用“安排场次”定时间和地点。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("编号、活动、地点"), ("code", "activity__title", "place")),
            Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
            InUnit("unit", gettext_lazy("单位及下级"), "unit__path", within_reach(request.user)),
            Dates("begins", gettext_lazy("日期"), "begins_at", is_instant=True),
        )
        super().__init__(request, rows)


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    rows = Session.objects.visible_to(request.user).select_related("unit", "activity").defer("minutes")
    account: Any = request.user
    context = {"may_import": account.can("education.session.register")}
    return SessionListing(request, rows).respond("education/session/list.html", context)


def visible(request: HttpRequest, pk: UUID) -> Session:
    rows = Session.objects.visible_to(request.user).select_related("unit", "activity__campaign", "minuted_by")
    found: Session = get_object_or_404(rows, pk=pk)
    return found


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where and when, how many came, what was said; to those expected: how to sign in or ask for leave."""
    record = visible(request, pk)
    account: Any = request.user
    manages = account.can("education.session.view")
    shown = record_context(
        record, by=account, url=lambda step: reverse(f"session:{step}", args=[pk]), asks={"cancel": _("取消的理由")}
    )
    may_list = manages and record.state in ("open", "held")
    expected = queries.expected(record).filter(person=account.person_id).exists() if account.person_id else False
    context = {
        **shown,
        "buttons": [b for b in shown["buttons"] if not b.reason] if manages else [],
        "forms": ("edit", "minute"),
        "manages": manages,
        "counts": queries.counts(record, account) if manages else None,
        "may_register": may_list and not refusal("register", None, by=account, model=Attendance),
        "may_excuse": manages and not refusal("excuse", None, by=account, model=Attendance),
        "may_correct": may_list and not refusal("correct", None, by=account, model=Attendance),
        "corrections": list(queries.corrections_of(record, account)) if manages else [],
        "own": Attendance.objects.filter(session=record, person=account.person_id).first() if expected else None,
        "is_expected": expected,
    }
    return render(request, "education/session/detail.html", context)


def _correction(row: Any) -> Any:
    return _("更正到场") if row.presence == "present" else ""


def _correction_url(row: Any) -> str:
    if row.presence != "present":
        return ""
    return f"{reverse('session:correct', args=[row.here])}?{urlencode({'number': row.person.number})}"


class RosterListing(Listing):
    name = "roster"
    title = gettext_lazy("到场名单")
    order = "unit__path"
    columns: Sequence[Column] = (
        Column("person", gettext_lazy("姓名"), "person", sort="person__sort_key", phone=True),
        Column("number", gettext_lazy("人员编号"), value="person.number"),
        Column("unit", gettext_lazy("单位"), "unit", sort="unit__path", phone=True),
        Column("group", gettext_lazy("类别"), value=lambda p: GROUPS[p.group], sort="group"),
        Column("presence", gettext_lazy("到场"), "badge", value=lambda p: PRESENCE[p.presence], tone=lambda p: PRESENCE_TONES[p.presence], sort="presence", phone=True),
        Column("at", gettext_lazy("时间"), "moment", sort="at"),
        Column("way", gettext_lazy("凭据"), value=lambda p: WAYS.get(p.presented, "") if p.presence == "present" else ""),
        Column("reason", gettext_lazy("缺席理由"), value=lambda p: p.reason_label),
        Column("note", gettext_lazy("说明"), optional=True),
    )  # fmt: skip
    views = tuple(View(PRESENCE[one], f"presence={one}", Q(presence=one)) for one in ("missing", "absent", "present"))
    empty = gettext_lazy("这一场没有对象")
    empty_hint = gettext_lazy("活动通知到的人里，没有这个单位和下级单位的。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("姓名、编号"), ("person__name", "person__number", "person__spelling")),
            InUnit("unit", gettext_lazy("单位及下级"), "unit__path", within_reach(request.user)),
            Choice("group", gettext_lazy("类别"), list(GROUPS.items())),
            Choice("presence", gettext_lazy("到场"), list(PRESENCE.items())),
        )
        super().__init__(request, rows)
        self.reasons = queries.reasons()

    def _cell(self, column: Column, row: Any) -> Any:
        row.reason_label = self.reasons.get(row.reason, row.reason)
        return super()._cell(column, row)

    def _exported(self, column: Column, row: Any) -> Any:
        row.reason_label = self.reasons.get(row.reason, row.reason)
        return super()._exported(column, row)


class CorrectableRoster(RosterListing):
    """The same, for those who may correct what was entered."""

    columns: Sequence[Column] = (
        *RosterListing.columns,
        Column("correct", gettext_lazy("更正"), value=_correction, link=_correction_url),
    )


@require_GET
def roster(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everybody expected, by name, as far as the reader's scope reaches."""
    record = visible(request, pk)
    rows = queries.roster(record, request.user).annotate(group=in_group())
    may_correct = not refusal("correct", None, by=request.user, model=Attendance)
    listing = (CorrectableRoster if may_correct else RosterListing)(request, rows)
    return listing.respond("education/session/roster.html", {"record": record})


@never_cache
@require_GET
def screen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the screen at the door shows; the code alone when htmx asks for the next one."""
    record = visible(request, pk)
    insist("close", record, by=request.user)
    address = request.build_absolute_uri(
        f"{reverse('session:sign_in', args=[pk])}?{urlencode({'code': queries.code_now(record)})}"
    )
    counted = queries.counts(record, request.user)
    context = {
        "record": record, "counts": counted, "step": queries.parameter("session.step"),
        "picture": segno.make(address, error="m").svg_data_uri(scale=8, border=2, dark="#10312f", light="#ffffff"),
    }  # fmt: skip
    template = "education/session/code.html" if request.headers.get("HX-Request") else "education/session/screen.html"
    return render(request, template, context)


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where the code leads: one button; the code is judged when it is pressed."""
    record = visible(request, pk)
    code = request.POST.get("code", "") if request.method == "POST" else request.GET.get("code", "")
    account: Any = request.user
    own = Attendance.objects.filter(session=record, person=account.person_id).first() if account.person_id else None
    sentence = ""
    if request.method == "POST" and (own is None or own.state != "present"):
        try:
            if own is None:
                actions.sign_in(by=account, session=record, code=code[:80])
            else:
                actions.arrive(own, by=account, code=code[:80])
            return redirect("session:sign_in", pk)
        except (ValidationError, Refused) as error:
            sentence = " ".join(getattr(error, "messages", [str(error)]))
    context = {"record": record, "code": code[:80], "own": own, "sentence": sentence}
    return render(request, "education/session/sign_in.html", context, status=422 if sentence else 200)


schedule = part_page(
    "schedule", actions.schedule, of_activity, forms.Schedule, model=Session, title=gettext_lazy("安排场次"), trail=TRAIL,
    initial=lambda activity: {"unit": activity.unit},
)  # fmt: skip


edit = change_page(
    "edit", actions.edit, visible, forms.Edit, title=gettext_lazy("修改场次"), trail=TRAIL,
    initial=lambda one: {"begins_at": one.begins_at, "ends_at": one.ends_at, "place": one.place, "host": one.host},
)  # fmt: skip
minute = change_page(
    "minute", actions.minute, visible, forms.Minute, title=gettext_lazy("写记录"), trail=TRAIL,
    initial=lambda one: {"minutes": one.minutes},
)  # fmt: skip


def _list(step: str, form_class: Any, title: Any) -> Callable[..., HttpResponse]:
    @require_http_methods(["GET", "POST"])
    def page(request: HttpRequest, pk: UUID) -> HttpResponse:
        record = visible(request, pk)
        insist(step, None, by=request.user, model=Attendance)
        form = form_class(request.POST or None, account=request.user)

        def run(**values: Any) -> Session:
            count = getattr(actions, step)(record, by=request.user, **values)
            messages.info(request, _("登记了 %(n)s 人。") % {"n": count})
            return record

        return form_page(request, form, run, title=title, back=record.get_absolute_url(), trail=TRAIL, about=record)

    page.__name__ = step
    return page


register = _list("register", forms.Register, gettext_lazy("登记签到名单"))
excuse = _list("excuse", forms.Excuse, gettext_lazy("登记缺席理由"))


@require_http_methods(["GET", "POST"])
def ask_leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = visible(request, pk)
    form = forms.AskLeave(request.POST or None, account=request.user)

    def run(**values: Any) -> Session:
        actions.ask_leave(by=request.user, session=record, **values)
        return record

    note = _("请假以后仍要参加这项活动：可以参加别的场次，或者按通知补学。")
    back = record.get_absolute_url()
    return form_page(request, form, run, title=_("请假"), back=back, trail=TRAIL, about=record, note=note)


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Somebody was entered as present who was not there; the roster's links fill in the number."""
    record = visible(request, pk)
    insist("correct", None, by=request.user, model=Attendance)
    initial = {"number": request.GET.get("number", "")[:40]}
    form = forms.Correct(request.POST or None, account=request.user, initial=initial)

    def run(**values: Any) -> Session:
        actions.correct(_present(record, request.user, values["number"]), by=request.user, reason=values["reason"])
        messages.info(request, _("已更正；这个人仍要参加这项活动。"))
        return record

    note = _("更正不删除原来的登记：到场名单改为没有到场，下面留下更正的理由。已经封账的月份不变，变化记在以后。")
    back = record.get_absolute_url()
    return form_page(request, form, run, title=_("更正到场"), back=back, trail=TRAIL, about=record, note=note)


def _present(record: Session, account: Any, number: str) -> Attendance:
    found = queries.attended_by(record, account, number.strip())
    if found is None:
        raise ValidationError({"number": _("“%(n)s”这一场没有登记为到场，或者不归您管。") % {"n": number}})
    return found


begin, close, cancel = (
    button_page(actions.begin, visible),
    button_page(actions.close, visible),
    button_page(actions.cancel, visible, "reason"),
)


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    """Sessions held whose minutes nobody has written."""
    if not account.can("education.session.minute"):
        return []
    rows = Session.objects.visible_to(account).filter(state="held", minutes="")
    count, url = rows.count(), f"{reverse('session:list')}?state=held"
    return [Waiting(_("%(n)s 场教育活动还没有写记录") % {"n": count}, url, _("去写"), "speech.1.3", count=count)]


navigation.register(
    "education", gettext_lazy("场次"), "session:list", icon="clock", order=18,
    when=lambda account: account.can("education.session.view"),
)  # fmt: skip

urlpatterns = [
    path("", list_, name="list"),
    path("schedule/<uuid:activity>/", schedule, name="schedule"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/roster/", roster, name="roster"),
    path("<uuid:pk>/screen/", screen, name="screen"),
    path("<uuid:pk>/sign-in/", sign_in, name="sign_in"),
    path("<uuid:pk>/edit/", edit, name="edit"),
    path("<uuid:pk>/begin/", begin, name="begin"),
    path("<uuid:pk>/close/", close, name="close"),
    path("<uuid:pk>/cancel/", cancel, name="cancel"),
    path("<uuid:pk>/minute/", minute, name="minute"),
    path("<uuid:pk>/register/", register, name="register"),
    path("<uuid:pk>/excuse/", excuse, name="excuse"),
    path("<uuid:pk>/correct/", correct, name="correct"),
    path("<uuid:pk>/ask-leave/", ask_leave, name="ask_leave"),
]
