"""Asking for a pause, approving it, and going on with what was left of the clock."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.case.models import Case
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.pause import queries
from yuanqing.cases.pause.models import Pause
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.petition.queries import clock_label
from yuanqing.cases.petition.rules import PAUSED
from yuanqing.kernel.acts import SYSTEM, Touched, act, after, again, condition, keep, note

NAMES: dict[type, str] = {Petition: "petition", Lead: "lead", Case: "case"}


@act(Pause, creates=True)
def ask(*, by: Any, matter: Any, ground: str, reason: str, until: date | None = None) -> Pause:
    """Until a second person approves it the clock runs on."""
    today, wrong = timezone.localdate(), dict[str, str]()
    if matter.due_on is None or matter.due_on < today:
        raise ValidationError(_("没有在走的期限，或者已经过期，不能暂停。"))
    allowed = queries.grounds(matter.due)
    if not allowed:
        raise ValidationError(_("这种期限（%(clock)s）不能暂停。") % {"clock": clock_label(matter.due)})
    if ground not in allowed:
        wrong["ground"] = _("请选择这种期限可以暂停的情形。")
    elif until is not None and not today < until <= today + timedelta(days=queries.longest(ground)):
        last = today + timedelta(days=queries.longest(ground))
        wrong["until"] = _("恢复日期应在今天之后、%(day)s 以前。") % {"day": last.isoformat()}
    if not reason.strip():
        wrong["reason"] = _("请写明理由（不写姓名和案情）。")
    if wrong:
        raise ValidationError(wrong)
    return Pause(
        **{NAMES[type(matter)]: matter}, clock=matter.due, due_on=matter.due_on, ground=ground, reason=reason.strip(),
        until=until, asked_by_id=by.pk, asked_on=today,
    )  # fmt: skip


def _matter(pause: Pause) -> Any:
    """The matter as it stands now, locked for this act."""
    model = type(pause.matter)
    return model._base_manager.select_for_update(no_key=True).get(pk=pause.matter.pk)


@act(Pause)
def approve(pause: Pause, *, by: Any, document: str) -> None:
    """From today the clock stands still; what runs instead is the day of resumption, or of the question."""
    matter, today = _matter(pause), timezone.localdate()
    if not document.strip():
        raise ValidationError({"document": _("请写明审批意见和文号。")})
    if matter.due != pause.clock or matter.due_on is None:
        raise ValidationError(_("期限已经另行变动，这项申请不再合适，请不同意后重新申请。"))
    if matter.due_on < today:
        raise ValidationError(_("期限已经过期，不能再暂停。"))
    if pause.until is not None and pause.until <= today:
        raise ValidationError(_("申请的恢复日期已经到了，请不同意。"))
    pause.decided_by_id, pause.document = by.pk, document.strip()
    pause.begins_on, pause.due_on = today, matter.due_on
    pause.question_on = pause.until or queries.question(today)
    matter.due, matter.due_on = PAUSED, pause.question_on
    keep(matter)
    note(clock=pause.clock, was_due_on=pause.due_on.isoformat(), until=str(pause.until or ""))


@act(Pause)
def refuse(pause: Pause, *, by: Any, document: str) -> None:
    if not document.strip():
        raise ValidationError({"document": _("请写明不同意的理由。")})
    pause.decided_by_id, pause.document = by.pk, document.strip()


@condition(Pause, "keep_on")
def _ends_by_itself(pause: Pause) -> str:
    return _("写明了恢复日期的到日恢复；还要暂停的另行申请。") if pause.until is not None else ""


@again(Pause, "keep_on")
def _is_not_questioned_yet(pause: Pause, by: Any) -> bool:
    return pause.question_on is not None and timezone.localdate() < pause.question_on


@act(Pause)
def keep_on(pause: Pause, *, by: Any, document: str) -> None:
    """The question is answered: it has to go on standing still, and will be questioned again."""
    if not document.strip():
        raise ValidationError({"document": _("请写明仍须暂停的理由。")})
    matter = _matter(pause)
    pause.question_on = queries.question(timezone.localdate())
    pause.kept_on += 1
    matter.due_on = pause.question_on
    keep(matter)
    note(reason=document, question_on=pause.question_on.isoformat())


@act(Pause)
def resume(pause: Pause, *, by: Any, reason: str) -> None:
    """The clock goes on; its last day has moved by the days of the pause."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明恢复的缘由。")})
    matter, today = _matter(pause), timezone.localdate()
    on = min(today, pause.until) if pause.until else today
    pause.resumed_on, pause.moved_to = on, queries.moved(pause, on)
    if matter.due == PAUSED:
        matter.due, matter.due_on = pause.clock, pause.moved_to
        keep(matter)
    note(reason=reason, due_on=pause.moved_to.isoformat())


@act(Pause)
def lapse(pause: Pause, *, by: Any) -> None:
    """The matter ended or went another way: there is nothing left to pause."""
    pause.resumed_on = timezone.localdate()


def _elsewhere(touched: Touched) -> None:
    """Whatever else sets a clock of the matter, or ends it, ends the pause."""
    if touched.are_new:
        return
    name = NAMES[touched.model]
    rows = Pause.objects.filter(**{f"{name}__in": touched.records()}, state__in=["asked", "running"])
    for pause in rows.select_related(name):
        runs = pause.matter.due == (PAUSED if pause.state == "running" else pause.clock)
        if not runs and touched.step:  # "" is an act on the pause itself that keeps its matter
            lapse(pause, by=SYSTEM)


for _model in NAMES:
    after(_model, "*")(_elsewhere)
