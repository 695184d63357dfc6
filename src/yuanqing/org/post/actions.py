"""Posts, who holds them and who manages which cadres; each change is dated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel import acts
from yuanqing.kernel.acts import Many, Refused, act, act_many
from yuanqing.org.account.policies import lacking
from yuanqing.org.person.models import Person
from yuanqing.org.person.queries import unit_ids
from yuanqing.org.post import policies, queries
from yuanqing.org.post.models import Appointment, Jurisdiction, Post
from yuanqing.org.unit.actions import Counts
from yuanqing.org.unit.models import Unit
from yuanqing.org.unit.queries import Wrong


@act(Post, creates=True, label=gettext_lazy("设置岗位"))
def create(*, by: Any, code: str, name: str, unit: Unit, rank: str = "", is_key: bool = False) -> Post:
    if unit.ended_on:
        raise ValidationError({"unit": _("%(unit)s已经撤销。") % {"unit": unit}})
    return Post(code=code, name=name, unit=unit, rank=rank, is_key=is_key)


@act(Post, label=gettext_lazy("更正岗位"))
def amend(post: Post, *, by: Any, name: str, rank: str) -> None:
    post.name, post.rank = name, rank


@act(Post, label=gettext_lazy("标记重点岗位"))
def mark_key(post: Post, *, by: Any, is_key: bool, reason: str) -> None:
    """A key post is one whose holder is looked at more closely; the reason says why it is, or no longer is."""
    post.is_key = is_key
    acts.note(reason=reason, is_key=is_key)


@act(Post, label=gettext_lazy("撤销岗位"))
def end(post: Post, *, by: Any, on: date, reason: str) -> None:
    """The last day of the post is the day before `on`; whoever holds it must have been relieved."""
    _not_in_future(on)
    if post.ended_on:
        raise ValidationError(_("已于 %(day)s 撤销。") % {"day": post.ended_on})
    held = post.appointments.filter(during__endswith__isnull=True).select_related("person").first()
    if held is not None:
        raise ValidationError(_("%(person)s还在这个岗位上，请先免职。") % {"person": held.person})
    last = max((a.during.upper for a in post.appointments.all()), default=on)
    if last > on:
        raise ValidationError({"on": _("%(day)s 之前还有人任职，撤销日期不能早于这一天。") % {"day": last}})
    post.ended_on = on
    acts.note(reason=reason)


@act(Appointment, creates=True, label=gettext_lazy("任职"))
def appoint(*, by: Any, post: Post, person: Person, starts_on: date, document: str = "") -> Appointment:
    """From `starts_on` the person holds the post; nobody holds the same post twice at a time."""
    _not_in_future(starts_on, "starts_on")
    if post.ended_on:
        raise ValidationError({"post": _("岗位已于 %(day)s 撤销。") % {"day": post.ended_on}})
    if person.left_on:
        raise ValidationError(
            {"person": _("%(person)s已于 %(day)s 离开。") % {"person": person, "day": person.left_on}}
        )
    other = Appointment.objects.filter(post=post, person=person, during__overlap=DateRange(starts_on, None)).first()
    if other is not None:
        sentence = _("%(person)s已从 %(day)s 起担任这个岗位。") % {"person": person, "day": other.during.lower}
        raise ValidationError({"starts_on": sentence})
    reason = policies.obstacles([policies.Coming(post.pk, person.pk, starts_on)])
    if reason:
        raise ValidationError(list(reason.values()))
    return Appointment(post=post, person=person, during=DateRange(starts_on, None), document=document)


@act(Appointment, label=gettext_lazy("免职"))
def end_appointment(appointment: Appointment, *, by: Any, on: date, reason: str) -> None:
    """The last day in the post is the day before `on`."""
    _not_in_future(on)
    if appointment.during.upper:
        raise ValidationError(_("这次任职已于 %(day)s 结束。") % {"day": appointment.during.upper})
    if on <= appointment.during.lower:
        raise ValidationError({"on": _("免职日期必须晚于任职日期 %(day)s。") % {"day": appointment.during.lower}})
    appointment.during = DateRange(appointment.during.lower, on)
    acts.note(reason=reason, on=on)


@act(Jurisdiction, creates=True, label=gettext_lazy("设定干部管理权限"))
def set_jurisdiction(*, by: Any, unit: Unit, rank: str, manager: Unit, starts_on: date) -> Jurisdiction:
    """From `starts_on` `manager` manages the cadres of the rank in `unit` and below; an earlier manager's time ends."""
    refused = lacking(by, "org.post.set_jurisdiction", manager)
    if refused:
        raise Refused(refused)
    running = Jurisdiction.objects.filter(unit=unit, rank=rank, ends_on__isnull=True).first()
    if running is not None:
        if running.manager_id == manager.pk:
            raise ValidationError({"manager": _("现在就是由这个单位主管。")})
        if starts_on <= running.starts_on:
            sentence = _("起始日期必须晚于现行权限的起始日期 %(day)s。") % {"day": running.starts_on}
            raise ValidationError({"starts_on": sentence})
        running.ends_on = starts_on - timedelta(days=1)
        acts.keep(running)
    return Jurisdiction(unit=unit, rank=rank, manager=manager, starts_on=starts_on)


@act(Jurisdiction, label=gettext_lazy("终止干部管理权限"))
def end_jurisdiction(jurisdiction: Jurisdiction, *, by: Any, on: date, reason: str) -> None:
    """`on` is the last day; afterwards the rank is managed as the unit above says."""
    if jurisdiction.ends_on and jurisdiction.ends_on <= timezone.localdate():
        raise ValidationError(_("已于 %(day)s 终止。") % {"day": jurisdiction.ends_on})
    jurisdiction.ends_on = on
    acts.note(reason=reason)


def _not_in_future(on: date, name: str = "on") -> None:
    if on > timezone.localdate():
        raise ValidationError({name: _("日期不能晚于今天：将来的变动请到当天再办。")})


INSERT_POSTS = """
    INSERT INTO org_post (id, version, code, name, rank, is_key, unit_id)
    SELECT gen_random_uuid(), 1, n.code, n.name, n.rank, n.is_key, n.unit_id
    FROM unnest(%(code)s::text[], %(name)s::text[], %(rank)s::text[], %(is_key)s::boolean[], %(unit_id)s::uuid[])
         AS n(code, name, rank, is_key, unit_id)
"""
UPDATE_POSTS = """
    UPDATE org_post SET version = org_post.version + 1, name = n.name, rank = n.rank, is_key = n.is_key,
           unit_id = n.unit_id
    FROM unnest(%(code)s::text[], %(name)s::text[], %(rank)s::text[], %(is_key)s::boolean[], %(unit_id)s::uuid[])
         AS n(code, name, rank, is_key, unit_id)
    WHERE org_post.code = n.code
"""
INSERT_APPOINTMENTS = """
    INSERT INTO org_appointment (id, version, post_id, person_id, during, document)
    SELECT gen_random_uuid(), 1, n.post_id, n.person_id, daterange(n.starts_on, n.ends_on), n.document
    FROM unnest(%(post_id)s::uuid[], %(person_id)s::uuid[], %(starts_on)s::date[], %(ends_on)s::date[],
                %(document)s::text[]) AS n(post_id, person_id, starts_on, ends_on, document)
"""
UPDATE_APPOINTMENTS = """
    UPDATE org_appointment SET version = org_appointment.version + 1, document = n.document,
           during = daterange(n.starts_on, n.ends_on)
    FROM unnest(%(post_id)s::uuid[], %(person_id)s::uuid[], %(starts_on)s::date[], %(ends_on)s::date[],
                %(document)s::text[]) AS n(post_id, person_id, starts_on, ends_on, document)
    WHERE org_appointment.post_id = n.post_id AND org_appointment.person_id = n.person_id
          AND lower(org_appointment.during) = n.starts_on
"""


@act_many(Post, label=gettext_lazy("导入岗位"))
def import_posts(many: Many, rows: Sequence[Mapping[str, Any]], *, by: Any) -> Counts:
    """Create or amend posts by code, all or nothing. Rows: code, name, unit_code, rank, is_key; a missing key stays."""
    _raise(queries.post_faults(rows, by=by))
    known = queries.known_posts({str(r["code"]) for r in rows})
    units = unit_ids({str(r["unit_code"]) for r in rows if r.get("unit_code")})
    wanted = [queries.wanted_post(known.get(str(r["code"])), r, units) for r in rows]
    fresh = [w for w in wanted if w["code"] not in known]
    changed = [w for w in wanted if w["code"] in known and w != known[w["code"]]]
    names = ("code", "name", "rank", "is_key", "unit_id")
    return _write(many, rows, (INSERT_POSTS, fresh), (UPDATE_POSTS, changed), names)


@act_many(Appointment, label=gettext_lazy("导入任职"))
def import_appointments(many: Many, rows: Sequence[Mapping[str, Any]], *, by: Any) -> Counts:
    """Appoint, or change the end or document of an appointment known by post, person and first day, all or nothing.

    Rows: post_code, person_number, starts_on, ends_on (the day of release), document.
    """
    _raise(queries.appointment_faults(rows, by=by))
    posts, people = queries.ids_of(rows)
    known = queries.known_appointments(posts.values())
    fresh: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for row in rows:
        key = (posts[str(row["post_code"])], people[str(row["person_number"])], row["starts_on"])
        wanted = queries.wanted_appointment(known.get(key), row, key)
        if wanted != known.get(key):
            (changed if key in known else fresh).append(wanted)
    return _write(many, rows, (INSERT_APPOINTMENTS, fresh), (UPDATE_APPOINTMENTS, changed), queries.KEPT)


def _write(
    many: Many,
    rows: Sequence[Any],
    fresh: tuple[str, list[dict[str, Any]]],
    changed: tuple[str, list[dict[str, Any]]],
    names: Sequence[str],
) -> Counts:
    """Changes first, so that an appointment that ends makes room for the next."""
    counts = Counts(len(fresh[1]), len(changed[1]), len(rows) - len(fresh[1]) - len(changed[1]))
    acts.note(**counts._asdict())
    for statement, wanted in (changed, fresh):
        if wanted:
            many.insert(statement, {name: [row[name] for row in wanted] for name in names})
    return counts


def _raise(faults: Sequence[Wrong]) -> None:
    if faults:
        raise ValidationError([f"{_('第 %(row)s 行：') % {'row': f.row + 1}}{f.sentence}" for f in faults[:50]])
