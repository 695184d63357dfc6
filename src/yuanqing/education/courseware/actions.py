"""Adding packages; learning with them: what a package says is kept, and counts once the time it takes has passed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.education.activity.models import Activity, Participation
from yuanqing.education.courseware import queries, rules
from yuanqing.education.courseware.models import Courseware, Desk, Place, Run
from yuanqing.education.courseware.policies import not_own
from yuanqing.kernel import acts
from yuanqing.kernel.acts import Refused, act
from yuanqing.kernel.database.scope import as_system

SALT = "courseware-report"


@act(Courseware, creates=True)
def add(*, by: Any, activity: Activity, title: str, minutes: int = 1) -> Courseware:
    made = Courseware(activity=activity, unit=activity.unit)
    _write(made, title, minutes)
    return made


@act(Courseware)
def edit(courseware: Courseware, *, by: Any, title: str, minutes: int = 1) -> None:
    _write(courseware, title, minutes)


def _write(one: Courseware, title: str, minutes: int) -> None:
    if not 0 <= minutes <= 600:
        raise ValidationError({"minutes": _("应在 %(least)s 到 %(most)s 之间。") % {"least": 0, "most": 600}})
    one.title, one.minutes = title, minutes


@act(Courseware)
def publish(courseware: Courseware, *, by: Any) -> None:
    """The package is there, and its manifest can be read."""
    file = queries.package(courseware)
    if file is None:
        raise ValidationError(_("还没有上传课件包。"))
    try:
        found = queries.read_manifest(file)
    except rules.Faulty as error:
        raise ValidationError(faults()[str(error)]) from None
    courseware.edition, courseware.parts, courseware.digest = found.edition, found.as_data(), file.digest
    courseware.wants = list(found.wants)
    acts.note(digest=file.digest, standard=found.edition, parts=len(found.parts), unsupported=list(found.wants))


def faults() -> dict[str, str]:
    """What to do about a manifest that cannot be used, by the word for it."""
    return {
        "xml": _("课件包里的 imsmanifest.xml 读不懂。请从制作软件重新导出 SCORM 1.2 或 2004。"),
        "entity": _("imsmanifest.xml 里有实体声明，为安全起见不予接收。请重新导出。"),
        "empty": _("imsmanifest.xml 里没有可以打开的内容。请重新导出。"),
        "many": _("课件的部分太多，或者有重复的编号。请拆成几个课件。"),
        "missing": _("课件包不完整：缺 imsmanifest.xml（应在最外层），或者缺它点名的文件。请重新导出。"),
    }


@act(Courseware)
def withdraw(courseware: Courseware, *, by: Any, reason: str) -> None:
    """Nobody needs to learn with it any more; results stay."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明撤下的理由。")})
    acts.note(reason=reason.strip())


# Learning


@act(Run, creates=True)
def begin(*, by: Any, courseware: Courseware) -> Run:
    invited = Participation.objects.due().filter(activity=courseware.activity_id, person=by.person_id).first()
    if courseware.state != "published" or invited is None:
        raise ValidationError(_("这个课件现在不用您学。"))
    now = timezone.now()
    made = Run(courseware=courseware, person_id=by.person_id, unit_id=invited.unit_id, begun_at=now)

    def set_up() -> None:
        Desk.objects.create(run=made, heard_at=now)

    acts.once_saved(set_up)
    return made


@act(Run)
def mark(run: Run, *, by: Any, status: str, score: int | None) -> None:
    """What the parts together say now."""
    run.status, run.score = status, score
    acts.note(status=status, score=score)


@act(Run)
def finish(run: Run, *, by: Any) -> None:
    """Every part is done and enough time has passed; follows from the reports."""
    run.finished_at = timezone.now()
    acts.note(status=run.status, score=run.score, seconds=round(run.desk.seconds))


@dataclass(frozen=True)
class Opened:
    """开窗: the ticket for the first report, and the key to the package's files."""

    ticket: str
    key: str
    href: str


@dataclass(frozen=True)
class Heard:
    """回应: the ticket for the next report, whether this one came too late to be taken, and how it stands."""

    ticket: str
    is_stale: bool
    status: str
    score: int | None
    seconds: int
    is_finished: bool


def open_window(courseware: Courseware, *, by: Any, part: str = "") -> Opened:
    """This window learns with the package now, and no other of this person."""
    chosen = next((one for one in queries.parts(courseware) if part in ("", one.code)), None)
    if courseware.state != "published" or chosen is None:
        raise Refused(_("这个课件还没有发布，或者已经撤下。"))
    run = queries.own(courseware, by) or begin(by=by, courseware=courseware)
    with as_system(), transaction.atomic():
        desk = Desk.objects.select_for_update().get(run=run)
        desk.window, desk.sequence, desk.heard_at = secrets.token_hex(16), desk.sequence + 1, timezone.now()
        desk.save()
        _next_session(run, chosen.code)
    return Opened(_ticket(desk, chosen.code), queries.key_to(run, chosen), chosen.href)


def _next_session(run: Run, part: str) -> None:
    """What the session before took is added to the time of those before it."""
    place, _is_new = Place.objects.get_or_create(run=run, part=part)
    place.seconds, place.session = place.seconds + place.session, 0
    place.save()


def _ticket(desk: Desk, part: str) -> str:
    said = {"run": str(desk.run_id), "window": desk.window, "sequence": desk.sequence, "part": part}
    return signing.dumps(said, salt=SALT)


def report(ticket: str, *, by: Any, cmi: Mapping[str, Any]) -> Heard:
    """The whole data model of a part as it is now. A ticket is good for one report of its window."""
    try:
        said = signing.loads(ticket, salt=SALT)
    except signing.BadSignature:
        raise ValidationError({"ticket": _("票据不对，请刷新页面。")}) from None
    run = Run.objects.visible_to(by).select_related("courseware").filter(pk=said["run"]).first()
    reason = _("只能记本人的学习。") if run is None else not_own(run, by)
    if reason or run is None:
        raise Refused(reason)
    if run.courseware.state != "published":
        raise Refused(_("这个课件还没有发布，或者已经撤下。"))
    try:
        told = rules.said(run.courseware.edition, cmi) if cmi else None
    except ValueError:
        raise ValidationError({"cmi": _("课件要保存的内容太大，没有保存。")}) from None
    with as_system(), transaction.atomic():
        desk = Desk.objects.select_for_update().get(run=run)
        if desk.window != said["window"]:
            raise Refused(_("您在另一个窗口里打开了这个课件，这里不再记。"))
        if desk.sequence != said["sequence"]:
            return _heard(run, desk, said["part"], is_stale=True)
        _count(desk)
        if told is not None:
            _keep(run, said["part"], told)
        _judge(run, desk, by)
    return _heard(run, desk, said["part"])


def _count(desk: Desk) -> None:
    now = timezone.now()
    desk.seconds += rules.counted((now - desk.heard_at).total_seconds(), queries.parameter("lesson.gap"))
    desk.heard_at, desk.sequence = now, desk.sequence + 1
    desk.save()


def _keep(run: Run, part: str, told: rules.Said) -> None:
    """A part that was done once stays so, whatever a later visit leaves open."""
    place, _is_new = Place.objects.get_or_create(run=run, part=part)
    if not (place.status in rules.DONE and told.status not in rules.DONE):
        place.status = told.status or place.status
    place.score = told.score if told.score is not None else place.score
    place.session, place.location, place.suspended = told.seconds, told.location, told.suspended
    place.completion, place.success = told.completion or place.completion, told.success or place.success
    place.interactions = list(told.interactions) or place.interactions
    place.objectives = list(told.objectives) or place.objectives
    place.save()


def _judge(run: Run, desk: Desk, by: Any) -> None:
    said = {place.part: (place.status, place.score) for place in Place.objects.filter(run=run)}
    status, score = rules.together(queries.codes(queries.parts(run.courseware)), said)
    if (status, score) != (run.status, run.score):
        mark(run, by=by, status=status, score=score)
    if run.state == "learning" and status in rules.DONE and desk.seconds >= run.courseware.minutes * 60:
        finish(run, by=by)


def _heard(run: Run, desk: Desk, part: str, *, is_stale: bool = False) -> Heard:
    is_finished = run.state == "finished"
    return Heard(_ticket(desk, part), is_stale, run.status, run.score, int(desk.seconds), is_finished)
