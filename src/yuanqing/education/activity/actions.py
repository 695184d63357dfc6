"""Planning, announcing, ending activities; people are invited by the audience and take part by what proves it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.education.activity import queries
from yuanqing.education.activity.models import Activity, Participation
from yuanqing.education.campaign.models import Campaign
from yuanqing.education.notice.models import Notice
from yuanqing.kernel import acts
from yuanqing.kernel.acts import Many, act, act_many
from yuanqing.kernel.almanac import end_of
from yuanqing.norms.obligation.actions import excuse, fulfils, owes, reopen
from yuanqing.org.audience.queries import parameters, preview
from yuanqing.org.audience.rules import PEOPLE, Rule, read, written
from yuanqing.shell.search.index import searchable

ADDRESS, ANNOUNCE = "education.activity.address", "education.activity.announce"
OWED = "speech.education_attendance"


@act(Activity, creates=True)
def plan(
    *, by: Any, campaign: Campaign, kind: str, title: str, begins_on: date, due_on: date, summary: str = "", clauses: str = ""
) -> Activity:  # fmt: skip
    """An activity of the plan; `clauses` names what it teaches, by codes."""
    made = Activity(campaign=campaign, unit=campaign.unit)
    _write(made, kind, title, begins_on, due_on, summary, clauses)
    return made


@act(Activity)
def edit(
    activity: Activity, *, by: Any, kind: str, title: str, begins_on: date, due_on: date, summary: str = "", clauses: str = ""
) -> None:  # fmt: skip
    _write(activity, kind, title, begins_on, due_on, summary, clauses)


def _write(one: Activity, kind: str, title: str, begins_on: date, due_on: date, summary: str, clauses: str) -> None:
    if kind not in queries.kinds():
        raise ValidationError({"kind": _("没有这种形式。")})
    if due_on < begins_on:
        raise ValidationError({"due_on": _("最迟参加日期不能早于开始日期。")})
    cited, wrong = queries.citations(clauses)
    if wrong:
        raise ValidationError({"clauses": _("规则库里没有这些条款：%(codes)s。") % {"codes": _("、").join(wrong)}})
    one.kind, one.title, one.summary, one.clauses = kind, title, summary, cited
    one.begins_on, one.due_on = begins_on, due_on


@act(Activity)
def address(activity: Activity, *, by: Any, audience: Sequence[Rule]) -> None:
    """Who is meant; judged anew when it is announced, and daily for newcomers."""
    try:
        activity.audience = written(read(written(audience)))
    except ValueError as error:
        raise ValidationError({"audience": str(error)}) from error


@act(Activity)
def hand_out(activity: Activity, *, by: Any, notice: Notice) -> None:
    """The speech delivered at the conference, or material that goes with the activity: everybody reads and signs it."""
    if notice.state == "withdrawn":
        raise ValidationError({"notice": _("这份告知已经撤回。")})
    activity.notice = notice


@act(Activity)
def announce(activity: Activity, *, by: Any) -> None:
    """Invite everybody the audience means; from now on each of them owes it."""
    if not activity.clauses:
        raise ValidationError(_("请先写明对应哪些条款。"))
    if not activity.audience:
        raise ValidationError(_("还没有确定对象。"))
    if activity.due_on < timezone.localdate():
        raise ValidationError(_("最迟参加日期已经过了，请先修改。"))
    found = preview(queries.audience_of(activity), timezone.localdate(), by=by, capability=ANNOUNCE, shown=0)
    if not found.total:
        raise ValidationError(_("现在没有人符合对象规则。"))
    if found.outside:
        raise ValidationError(
            _("对象里有 %(count)s 人不在您的管辖范围之内，请把单位写进规则。") % {"count": found.outside}
        )
    activity.announced_at = timezone.now()
    acts.note(people=found.total)
    acts.once_saved(lambda: invite([activity], by=by))


@act(Activity)
def end(activity: Activity, *, by: Any) -> None:
    """Nobody is added any more; who has not taken part still owes it."""
    activity.ended_at = timezone.now()


@act(Activity)
def cancel(activity: Activity, *, by: Any, reason: str) -> None:
    """It is not going to take place: nobody owes it any more."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明取消的理由。")})
    activity.ended_at, activity.ended_reason = timezone.now(), reason.strip()
    acts.note(reason=reason.strip())

    def let_go() -> None:
        release(activity, by=by)
        excuse([activity.pk], by=by, reason=reason.strip())

    acts.once_saved(let_go)


INVITE = f"""
INSERT INTO education_participation (id, version, activity_id, person_id, unit_id, rank, is_key, rule, due_at, invited_at, way)
SELECT gen_random_uuid(), 1, %(activity)s, who.person_id, who.unit_id, coalesce(post.rank, ''), coalesce(post.is_key, false),
       who.rule, %(due)s::timestamptz, %(now)s::timestamptz, ''
FROM ({PEOPLE}) who LEFT JOIN org_post post ON post.id = who.post_id
ON CONFLICT (activity_id, person_id) DO NOTHING
"""  # noqa: S608 our own statement


@act_many(Participation, creates=True)
def invite(many: Many, activities: Sequence[Activity], *, by: Any) -> int:
    """Everybody meant who is not invited yet; one statement an activity. Returns the people invited."""
    today, now, total = timezone.localdate(), timezone.now(), 0
    for one in activities:
        params = {"activity": one.pk, "due": end_of(one.due_on), "now": now}
        total += many.insert(INVITE, {**params, **parameters(queries.audience_of(one), today)})
    return total


@act_many(Participation)
def attend(many: Many, statement: str, params: dict[str, Any], *, by: Any) -> int:
    """What a session or a course proves: `UPDATE education_participation …` that ends in the state attended."""
    return many.change(statement, params)


@act_many(Participation)
def unattend(many: Many, rows: QuerySet[Any], *, by: Any) -> int:
    """What proved these was entered wrongly: they have not taken part, and owe it again."""
    ids = list(rows.values_list("pk", flat=True))
    reopen(ids, by=by)
    return many.step("unattend", Participation.objects.filter(pk__in=ids), attended_at=None, way="")


@act_many(Participation)
def release(many: Many, activity: Activity, *, by: Any) -> int:
    return many.step("release", Participation.objects.filter(activity=activity))


_about = "(SELECT a.title FROM education_activity a WHERE a.id = m.activity_id)"
owes(OWED, Participation, "invite", person="person_id", subject="activity_id", about=_about, due="due_at")
fulfils(OWED, Participation, "attend", person="person_id", period=None, subject="activity_id", at="attended_at")

searchable(
    Activity,
    label=gettext_lazy("教育活动"),
    text=lambda one: "" if one.state == "planned" else f"{one.title} {one.unit.name}",
    path=lambda one: one.unit.path,
    capability="education.activity.view",
    select=("unit",),
)
