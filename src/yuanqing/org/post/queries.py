"""Who holds which post on a day, for how long, and which unit manages a cadre."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.org.person.models import Person
from yuanqing.org.person.queries import unit_paths
from yuanqing.org.post.models import Appointment, Jurisdiction, Post
from yuanqing.org.post.policies import Coming, obstacles
from yuanqing.org.scope.rules import as_scope
from yuanqing.org.unit.models import Unit
from yuanqing.org.unit.queries import Wrong, plain

KEPT = ("post_id", "person_id", "starts_on", "ends_on", "document")
BLANK_POST: dict[str, Any] = {"code": "", "name": "", "rank": "", "is_key": False, "unit_id": None, "ended_on": None}


def holders_on(post: Post, day: date) -> QuerySet[Any]:
    """Appointments to the post on a day."""
    return Appointment.objects.on(day).filter(post=post).select_related("person").order_by("during")


def posts_of(person: Any, day: date) -> QuerySet[Any]:
    """Appointments of the person on a day."""
    return Appointment.objects.on(day).filter(person=person).select_related("post__unit").order_by("during")


def with_holders(posts: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Posts with `holders`, the appointments of the day; one more statement whatever the number of posts."""
    held = Appointment.objects.on(day).select_related("person").order_by("during")
    return posts.prefetch_related(Prefetch("appointments", queryset=held, to_attr="holders"))


def manager_of(unit: Unit, rank: str, day: date) -> Unit | None:
    """The unit that manages cadres of a rank in `unit` on a day: the nearest rule at the unit or above it."""
    codes = [*unit.codes_above, unit.code]
    rules = Jurisdiction.objects.on(day).filter(unit__code__in=codes, rank=rank).select_related("unit", "manager")
    nearest: Jurisdiction | None = max(rules, key=lambda r: len(r.unit.path), default=None)
    return nearest.manager if nearest else None


def managed_by(manager: Unit, day: date) -> QuerySet[Any]:
    """What a unit manages on a day."""
    return Jurisdiction.objects.on(day).filter(manager=manager).select_related("unit").order_by("unit__path", "rank")


def months_between(first: date, last: date) -> int:
    """Whole months of tenure."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - (1 if last.day < first.day else 0)


def find_post(posts: QuerySet[Any], text: str) -> Post | None:
    """The post that a code means, or a name that only one post bears."""
    text = plain(text).split("　")[0].split(" ")[0]
    exact: Post | None = posts.filter(code=text).first() if text else None
    if exact is not None or not text:
        return exact
    named = list(posts.filter(name=text, ended_on__isnull=True)[:2])
    return named[0] if len(named) == 1 else None


def post_rows(posts: QuerySet[Any]) -> Iterable[dict[str, Any]]:
    """Posts in the shape of the import."""
    rows = posts.filter(ended_on__isnull=True).order_by("code").values("code", "name", "rank", "is_key", "unit__code")
    return ({**row, "unit_code": row.pop("unit__code")} for row in rows.iterator(chunk_size=5000))


def appointment_rows(appointments: QuerySet[Any]) -> Iterable[dict[str, Any]]:
    """Appointments of living posts and people in the shape of the import, past ones too; `ends_on` is the day of release."""
    living = Q(post__ended_on__isnull=True, person__left_on__isnull=True)
    rows = appointments.filter(living).order_by("post__code", "during", "person__number")
    for row in rows.values("post__code", "person__number", "during", "document").iterator(chunk_size=5000):
        yield {
            "post_code": row["post__code"],
            "person_number": row["person__number"],
            "starts_on": row["during"].lower,
            "ends_on": row["during"].upper,
            "document": row["document"],
        }


# What a list of posts or appointments would change, and what is wrong with it.


def known_posts(codes: Collection[str]) -> dict[str, dict[str, Any]]:
    rows = Post.objects.filter(code__in=codes).order_by()
    return {row["code"]: dict(row) for row in rows.values("code", "name", "rank", "is_key", "unit_id", "ended_on")}


def wanted_post(known: Mapping[str, Any] | None, row: Mapping[str, Any], units: Mapping[str, Any]) -> dict[str, Any]:
    """The row over what is known."""
    wanted: dict[str, Any] = dict(known or {**BLANK_POST, "code": str(row["code"])})
    wanted |= {name: str(row[name] or "") for name in ("name", "rank") if name in row}
    if row.get("is_key") is not None:
        wanted["is_key"] = bool(row["is_key"])
    if row.get("unit_code"):
        wanted["unit_id"] = units[str(row["unit_code"])]
    return wanted


def post_faults(
    rows: Sequence[Mapping[str, Any]], *, by: Any, coming_units: Mapping[str, str] | None = None
) -> list[Wrong]:
    """What stands in the way; `coming_units` (code → path) are those that the same file brings along."""
    return list(_post_faults(rows, by, dict(coming_units or {})))


def _post_faults(rows: Sequence[Mapping[str, Any]], by: Any, paths: dict[str, str]) -> Iterator[Wrong]:
    known = known_posts({str(r["code"]) for r in rows})
    units = unit_paths({str(r["unit_code"]) for r in rows if r.get("unit_code")})
    paths = {code: path for code, (path, day) in units.items() if day is None} | paths
    old = dict(Unit.objects.filter(pk__in={k["unit_id"] for k in known.values()}).values_list("pk", "path"))
    scope = as_scope(by.scopes("org.post.import_posts"))
    seen: dict[str, int] = {}
    for i, row in enumerate(rows):
        code, unit = str(row["code"]), str(row.get("unit_code") or "")
        if code in seen:
            yield Wrong(i, "code", _("岗位代码“%(code)s”与第 %(row)s 行重复。") % {"code": code, "row": seen[code] + 1})
        seen.setdefault(code, i)
        if code in known and known[code]["ended_on"]:
            yield Wrong(i, "code", _("这个岗位已于 %(day)s 撤销，不能再导入。") % {"day": known[code]["ended_on"]})
        for name, sentence in (("name", _("没有岗位名称。")), ("unit_code", _("没有单位代码。"))):
            if (code not in known and not row.get(name)) or (name in row and not row[name]):
                yield Wrong(i, name, sentence)
        for name, limit in (("code", 40), ("name", 100), ("rank", 40)):
            if len(str(row.get(name) or "")) > limit:
                yield Wrong(i, name, _("最多 %(limit)s 个字。") % {"limit": limit})
        if unit and unit not in paths:
            text = _("单位“%(code)s”已经撤销。") if unit in units else _("单位代码“%(code)s”不存在。")
            yield Wrong(i, "unit_code", text % {"code": unit})
        reached = [paths[unit]] if unit in paths else []
        reached += [old[known[code]["unit_id"]]] if code in known else []
        if not all(scope.covers(path) for path in reached):
            yield Wrong(i, "unit_code", _("单位“%(code)s”不在您的管辖范围之内。") % {"code": unit})


def ids_of(rows: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ids of the posts by code and of the people by number that the rows name."""
    posts = Post.objects.filter(code__in={str(r["post_code"]) for r in rows}).values_list("code", "pk")
    people = Person.objects.filter(number__in={str(r["person_number"]) for r in rows}).values_list("number", "pk")
    return dict(posts.order_by()), dict(people.order_by())


def known_appointments(posts: Collection[Any]) -> dict[tuple[Any, Any, date], dict[str, Any]]:
    """By post, person and first day."""
    found = {}
    for post, person, during, document in Appointment.objects.filter(post__in=posts).values_list(
        "post_id", "person_id", "during", "document"
    ):
        key = (post, person, during.lower)
        found[key] = dict(zip(KEPT, (post, person, during.lower, during.upper, document), strict=True))
    return found


def wanted_appointment(
    known: Mapping[str, Any] | None, row: Mapping[str, Any], key: tuple[Any, Any, date]
) -> dict[str, Any]:
    """The row over what is known; an end, once given, stays when the row leaves it out."""
    wanted: dict[str, Any] = dict(known or dict(zip(KEPT, (*key, None, ""), strict=True)))
    if row.get("ends_on"):
        wanted["ends_on"] = row["ends_on"]
    if "document" in row:
        wanted["document"] = str(row["document"] or "")
    return wanted


def appointment_faults(
    rows: Sequence[Mapping[str, Any]],
    *,
    by: Any,
    coming_posts: Mapping[str, str] | None = None,
    coming_people: Collection[str] = (),
) -> list[Wrong]:
    """What stands in the way; posts (code → unit path) and people that the same file brings along are given."""
    return list(_appointment_faults(rows, by, dict(coming_posts or {}), set(coming_people)))


def _appointment_faults(
    rows: Sequence[Mapping[str, Any]], by: Any, coming_posts: dict[str, str], coming_people: set[str]
) -> Iterator[Wrong]:
    codes = {str(r["post_code"]) for r in rows}
    living = Post.objects.filter(code__in=codes, ended_on__isnull=True).values_list("code", "unit__path")
    paths = dict(living.order_by()) | coming_posts
    posts, people = ids_of(rows)
    here = set(Person.objects.filter(pk__in=people.values(), left_on__isnull=True).values_list("number", flat=True))
    here |= coming_people
    scope = as_scope(by.scopes("org.post.import_appointments"))
    today = timezone.localdate()
    for i, row in enumerate(rows):
        post, person = str(row["post_code"]), str(row["person_number"])
        starts_on, ends_on = row.get("starts_on"), row.get("ends_on")
        if post not in paths:
            text = _("岗位“%(code)s”已经撤销。") if post in posts else _("岗位代码“%(code)s”不存在。")
            yield Wrong(i, "post_code", text % {"code": post})
        elif not scope.covers(paths[post]):
            yield Wrong(i, "post_code", _("岗位“%(code)s”不在您的管辖范围之内。") % {"code": post})
        if person not in here:
            text = _("编号“%(number)s”的人已经离开。") if person in people else _("人员编号“%(number)s”不存在。")
            yield Wrong(i, "person_number", text % {"number": person})
        if not starts_on:
            yield Wrong(i, "starts_on", _("没有任职日期。"))
        elif starts_on > today:
            yield Wrong(i, "starts_on", _("%(day)s 还没有到：日期不能晚于今天。") % {"day": starts_on})
        elif ends_on and ends_on <= starts_on:
            yield Wrong(i, "ends_on", _("免职日期必须晚于任职日期。"))
    yield from _overlaps(rows, posts, people)
    yield from _obstacles(rows, posts, people)


def _obstacles(
    rows: Sequence[Mapping[str, Any]], posts: Mapping[str, Any], people: Mapping[str, Any]
) -> Iterator[Wrong]:
    """New appointments that something else stands in the way of; those of unknown posts or people are wrong anyway."""
    known = known_appointments(posts.values())
    coming: dict[Coming, int] = {}
    for i, row in enumerate(rows):
        post, person = posts.get(str(row["post_code"])), people.get(str(row["person_number"]))
        first = row.get("starts_on")
        if post and person and first and (post, person, first) not in known:
            coming[Coming(post, person, first)] = i
    for one, sentence in obstacles(list(coming)).items():
        yield Wrong(coming[one], "person_number", sentence)


def _overlaps(
    rows: Sequence[Mapping[str, Any]], posts: Mapping[str, Any], people: Mapping[str, Any]
) -> Iterator[Wrong]:
    """Two periods of one person in one post may not overlap, in the file or with what is known."""
    periods: dict[tuple[Any, Any], dict[date, tuple[date, int]]] = {}
    for (post, person, first), known in known_appointments(posts.values()).items():
        periods.setdefault((post, person), {})[first] = (known["ends_on"] or date.max, -1)
    for i, row in enumerate(rows):
        if row.get("starts_on"):
            post, person = str(row["post_code"]), str(row["person_number"])
            held = periods.setdefault((posts.get(post, post), people.get(person, person)), {})
            known_end = held.get(row["starts_on"], (date.max, -1))[0]
            held[row["starts_on"]] = (row.get("ends_on") or known_end, i)
    for held in periods.values():
        line = sorted((first, *rest) for first, rest in held.items())
        for (_first, last, before), (first, _last, after) in pairwise(line):
            if first < last:
                sentence = _("与同一人在同一岗位的另一段任职重叠（%(day)s 起）。")
                values = {"day": first if after < 0 else _first}
                yield Wrong(max(before, after), "starts_on", sentence % values)
