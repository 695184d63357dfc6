"""Enrolling, amending, transferring and leaving, one person or many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES, validate_email
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel import acts
from yuanqing.kernel.acts import Many, Refused, act, act_many
from yuanqing.org.person import queries
from yuanqing.org.person.models import Person
from yuanqing.org.person.policies import place_refusal
from yuanqing.org.scope.rules import as_scope
from yuanqing.org.unit.actions import Counts
from yuanqing.org.unit.models import Unit
from yuanqing.org.unit.queries import Wrong
from yuanqing.org.unit.rules import sort_key, spelling

LONGEST = {"number": 40, "name": 60, "level": 40, "email": 254}


@act(Person, creates=True, label=gettext_lazy("登记人员"))
def enrol(
    *,
    by: Any,
    number: str,
    name: str,
    unit: Unit,
    level: str = "",
    is_party_member: bool = False,
    email: str = "",
) -> Person:
    _unit_lives(unit)
    key = sort_key(name)
    return Person(
        number=number,
        name=name,
        sort_key=key,
        spelling=spelling(key),
        unit=unit,
        level=level,
        is_party_member=is_party_member,
        email=email,
    )


@act(Person, label=gettext_lazy("更正人员信息"))
def amend(person: Person, *, by: Any, name: str, level: str, is_party_member: bool, email: str = "") -> None:
    person.name, person.sort_key = name, sort_key(name)
    person.spelling = spelling(person.sort_key)
    person.level, person.is_party_member, person.email = level, is_party_member, email


@act(Person, label=gettext_lazy("调动"))
def transfer(person: Person, *, by: Any, unit: Unit, on: date, reason: str) -> None:
    """To another unit; the appointments stay until they are ended, for a person may hold posts in several units."""
    _still_here(person)
    _unit_lives(unit)
    if unit.pk == person.unit_id:
        raise ValidationError({"unit": _("已经在这个单位。")})
    refused = place_refusal("transfer", unit, by=by)
    if refused:
        raise Refused(refused)
    acts.note(reason=reason, on=on, origin=person.unit.code, destination=unit.code)
    person.unit = unit


@act(Person, label=gettext_lazy("离开"))
def leave(person: Person, *, by: Any, on: date, reason: str) -> None:
    """The last day in the organisation is the day before `on`; running appointments end with it."""
    _still_here(person)
    if on > timezone.localdate():
        raise ValidationError({"on": _("日期不能晚于今天：将来的变动请到当天再办。")})
    person.left_on = on
    for held in person.appointments.filter(during__endswith__isnull=True).select_related("post"):
        if held.during.lower >= on:
            values = {"post": held.post, "day": held.during.lower}
            raise ValidationError({"on": _("“%(post)s”的任职从 %(day)s 开始，离开日期必须晚于这一天。") % values})
        held.during = DateRange(held.during.lower, on)
        acts.keep(held)
    acts.note(reason=reason, on=on)


def _still_here(person: Person) -> None:
    if person.left_on:
        raise ValidationError(_("已于 %(day)s 离开。") % {"day": person.left_on})


def _unit_lives(unit: Unit) -> None:
    if unit.ended_on:
        raise ValidationError({"unit": _("%(unit)s已经撤销。") % {"unit": unit}})


@act_many(Person, label=gettext_lazy("导入人员"))
def import_people(many: Many, rows: Sequence[Mapping[str, Any]], *, by: Any) -> Counts:
    """Enrol or amend people by number, all or nothing. Rows: number, name, unit_code, level, is_party_member, email.

    A missing key leaves the value as it is. Raises ValidationError with a sentence per fault.
    """
    faults = import_faults(rows, by=by)
    if faults:
        raise ValidationError([f"{_('第 %(row)s 行：') % {'row': f.row + 1}}{f.sentence}" for f in faults[:50]])
    units = queries.unit_ids({str(r["unit_code"]) for r in rows if r.get("unit_code")})
    known = queries.known_people({str(r["number"]) for r in rows})
    wanted = [_wanted(known.get(str(r["number"])), r, units) for r in rows]
    fresh = [w for w in wanted if w["number"] not in known]
    changed = [w for w in wanted if w["number"] in known and w != known[w["number"]]]
    acts.note(created=len(fresh), updated=len(changed), unchanged=len(rows) - len(fresh) - len(changed))
    _insert(many, fresh)
    _update(many, changed)
    return Counts(len(fresh), len(changed), len(rows) - len(fresh) - len(changed))


def import_faults(
    rows: Sequence[Mapping[str, Any]], *, by: Any, coming_units: Mapping[str, str] | None = None
) -> list[Wrong]:
    """What stands in the way; `coming_units` (code → path) are those that the same file brings along."""
    return list(_faults(rows, by, dict(coming_units or {})))


def _faults(rows: Sequence[Mapping[str, Any]], by: Any, paths: dict[str, str]) -> Iterator[Wrong]:
    known = queries.known_people({str(r["number"]) for r in rows})
    ended = queries.unit_paths({str(r["unit_code"]) for r in rows if r.get("unit_code")})
    paths = {code: path for code, (path, day) in ended.items() if day is None} | paths
    old = queries.paths_of_people(known)
    scope = as_scope(by.scopes("org.person.import_people"))
    seen: dict[str, int] = {}
    for i, row in enumerate(rows):
        number, code = str(row["number"]), str(row.get("unit_code") or "")
        if number in seen:
            values = {"number": number, "row": seen[number] + 1}
            yield Wrong(i, "number", _("人员编号“%(number)s”与第 %(row)s 行重复。") % values)
        seen.setdefault(number, i)
        yield from _cell_faults(i, row, known.get(number))
        if code and code not in paths:
            again = code in ended
            text = _("单位“%(code)s”已经撤销。") if again else _("单位代码“%(code)s”不存在。")
            yield Wrong(i, "unit_code", text % {"code": code})
        reached = [path for path in (paths.get(code), old.get(number)) if path is not None]
        if not all(scope.covers(path) for path in reached):
            yield Wrong(i, "unit_code", _("单位“%(code)s”不在您的管辖范围之内。") % {"code": code})


def _cell_faults(i: int, row: Mapping[str, Any], known: Mapping[str, Any] | None) -> Iterator[Wrong]:
    if known and known["left_on"]:
        yield Wrong(i, "number", _("这个人已于 %(day)s 离开，不能再导入。") % {"day": known["left_on"]})
    for name, sentence in (("name", _("没有姓名。")), ("unit_code", _("没有单位代码。"))):
        if (known is None and not row.get(name)) or (name in row and not row[name]):
            yield Wrong(i, name, sentence)
    for name, limit in LONGEST.items():
        if len(str(row.get(name) or "")) > limit:
            yield Wrong(i, name, _("最多 %(limit)s 个字。") % {"limit": limit})
    if row.get("email") not in EMPTY_VALUES:
        try:
            validate_email(row["email"])
        except ValidationError:
            yield Wrong(i, "email", _("不是一个电子邮箱地址。"))


def _wanted(known: Mapping[str, Any] | None, row: Mapping[str, Any], units: Mapping[str, Any]) -> dict[str, Any]:
    """The row over what is known."""
    wanted = dict(known) if known else {**queries.BLANK, "number": str(row["number"])}
    wanted |= {name: str(row[name] or "") for name in ("name", "level", "email") if name in row}
    if row.get("is_party_member") is not None:
        wanted["is_party_member"] = bool(row["is_party_member"])
    if row.get("unit_code"):
        wanted["unit_id"] = units[str(row["unit_code"])]
    return wanted


def _insert(many: Many, fresh: Sequence[Mapping[str, Any]]) -> None:
    if fresh:
        many.insert(
            """
            INSERT INTO org_person (id, version, number, name, level, email, is_party_member, unit_id, sort_key, spelling)
            SELECT gen_random_uuid(), 1, n.* FROM unnest(%(number)s::text[], %(name)s::text[], %(level)s::text[],
                %(email)s::text[], %(is_party_member)s::boolean[], %(unit_id)s::uuid[], %(sort_key)s::text[],
                %(spelling)s::text[]) AS n(number, name, level, email, is_party_member, unit_id, sort_key, spelling)
            """,
            _columns(fresh),
        )


def _update(many: Many, changed: Sequence[Mapping[str, Any]]) -> None:
    if changed:
        many.insert(
            """
            UPDATE org_person SET version = org_person.version + 1, name = n.name, level = n.level, email = n.email,
                   is_party_member = n.is_party_member, unit_id = n.unit_id, sort_key = n.sort_key,
                   spelling = n.spelling
            FROM unnest(%(number)s::text[], %(name)s::text[], %(level)s::text[], %(email)s::text[],
                        %(is_party_member)s::boolean[], %(unit_id)s::uuid[], %(sort_key)s::text[], %(spelling)s::text[])
                 AS n(number, name, level, email, is_party_member, unit_id, sort_key, spelling)
            WHERE org_person.number = n.number
            """,
            _columns(changed),
        )


def _columns(people: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    keys = [sort_key(p["name"]) for p in people]
    names = ("number", "name", "level", "email", "is_party_member", "unit_id")
    columns = {name: [p[name] for p in people] for name in names}
    return {**columns, "sort_key": keys, "spelling": [spelling(key) for key in keys]}
