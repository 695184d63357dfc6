"""The workbook of the organisation (units, people, posts, appointments): what its sheets mean, and the operator's commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import OperatorError, command
from yuanqing.org.account.policies import lacking
from yuanqing.org.person import actions as people
from yuanqing.org.person.models import Person
from yuanqing.org.person.queries import export_rows as person_rows
from yuanqing.org.post import actions, queries
from yuanqing.org.post.models import Appointment, Post
from yuanqing.org.unit import actions as units
from yuanqing.org.unit.models import Unit
from yuanqing.org.unit.queries import Wrong, code_of, code_table
from yuanqing.org.unit.queries import export_rows as unit_rows
from yuanqing.shell.importing.file import import_file
from yuanqing.shell.importing.sheet import Column, Counts, Problem, Rejected, Row, Sheet
from yuanqing.shell.importing.template import template

Rows = Mapping[str, list[Row]]
CODED = {("units", "kind"): "unit_kind", ("people", "level"): "level", ("posts", "rank"): "rank"}


def _names(table: str) -> str:
    names = "、".join(code_table(table).values())
    return _("可填：%(names)s。") % {"names": names} if names else ""


names_of = lazy(_names, str)

DATES = Sheet(
    name=gettext_lazy("生效日期"),
    key="dates",
    required=False,
    help=gettext_lazy("只填一行。单位的名称、上级、类别、同类组有变动时，从这一天起生效；不填就是导入当天。"),
    columns=(Column("on", gettext_lazy("变动生效日期"), kind="date"),),
)
UNITS = Sheet(
    name=gettext_lazy("单位"),
    key="units",
    unique=("code",),
    required=False,
    help=gettext_lazy("上级单位可以在同一个文件里，先后不拘。"),
    columns=(
        Column("code", gettext_lazy("单位代码"), kind="code", required=True, max_length=40),
        Column("name", gettext_lazy("单位名称"), required=True, max_length=200),
        Column(
            "parent_code",
            gettext_lazy("上级单位代码"),
            kind="code",
            max_length=40,
            help=gettext_lazy("最上级单位不填。"),
        ),
        Column("short_name", gettext_lazy("简称"), max_length=60),
        Column("kind", gettext_lazy("单位类别"), max_length=40, help=names_of("unit_kind")),
        Column("peer_group", gettext_lazy("同类组"), max_length=40, help=gettext_lazy("考评时只与同组的单位比较。")),
        Column("is_reporting", gettext_lazy("报送月报"), kind="bool"),
        Column("began_on", gettext_lazy("设立日期"), kind="date", help=gettext_lazy("新单位不填就是生效日期。")),
    ),
    example_rows=(
        {"code": "01", "name": "总部机关", "parent_code": "", "is_reporting": True, "began_on": date(2024, 1, 1)},
        {"code": "0101", "name": "财务部", "parent_code": "01", "is_reporting": True, "began_on": date(2024, 1, 1)},
    ),
)
PEOPLE = Sheet(
    name=gettext_lazy("人员"),
    key="people",
    unique=("number",),
    required=False,
    columns=(
        Column("number", gettext_lazy("人员编号"), kind="code", required=True, max_length=40),
        Column("name", gettext_lazy("姓名"), required=True, max_length=60),
        Column("unit_code", gettext_lazy("单位代码"), kind="code", required=True, max_length=40),
        Column("level", gettext_lazy("级别"), max_length=40, help=names_of("level")),
        Column("is_party_member", gettext_lazy("中共党员"), kind="bool"),
        Column("email", gettext_lazy("电子邮箱"), max_length=254),
    ),
    example_rows=({"number": "P0001", "name": "某某", "unit_code": "0101", "is_party_member": True},),
)
POSTS = Sheet(
    name=gettext_lazy("岗位"),
    key="posts",
    unique=("code",),
    required=False,
    columns=(
        Column("code", gettext_lazy("岗位代码"), kind="code", required=True, max_length=40),
        Column("name", gettext_lazy("岗位名称"), required=True, max_length=100),
        Column("unit_code", gettext_lazy("单位代码"), kind="code", required=True, max_length=40),
        Column("rank", gettext_lazy("职级"), max_length=40, help=names_of("rank")),
        Column("is_key", gettext_lazy("重点岗位"), kind="bool"),
    ),
    example_rows=({"code": "G0001", "name": "出纳", "unit_code": "0101", "is_key": True},),
)
APPOINTMENTS = Sheet(
    name=gettext_lazy("任职"),
    key="appointments",
    unique=("post_code", "person_number", "starts_on"),
    required=False,
    columns=(
        Column("post_code", gettext_lazy("岗位代码"), kind="code", required=True, max_length=40),
        Column("person_number", gettext_lazy("人员编号"), kind="code", required=True, max_length=40),
        Column("starts_on", gettext_lazy("任职日期"), kind="date", required=True),
        Column("ends_on", gettext_lazy("免职日期"), kind="date", help=gettext_lazy("还在任的不填。")),
        Column("document", gettext_lazy("任免文号"), max_length=100),
    ),
    example_rows=({"post_code": "G0001", "person_number": "P0001", "starts_on": date(2025, 3, 1)},),
)
SHEETS = (DATES, UNITS, PEOPLE, POSTS, APPOINTMENTS)
NEEDED = {
    "units": "org.unit.import_units",
    "people": "org.person.import_people",
    "posts": "org.post.import_posts",
    "appointments": "org.post.import_appointments",
}


def may_import(account: Any) -> str:
    """Why the account may not import; "" when it may import units, people and posts somewhere."""
    return next((reason for capability in NEEDED.values() if (reason := lacking(account, capability))), "")


def check(rows: Rows, by: Any) -> Iterator[Problem]:
    """Every fault at its cell, as it would be once the sheets before it are taken over."""
    given = {key: _coded(key, rows.get(key, [])) for key in NEEDED}
    for (sheet, field), table in CODED.items():
        known = code_table(table)
        for row in rows.get(sheet, []):
            if known and row.get(field) and code_of(table, row[field]) not in known:
                yield row.wrong(field, _("没有这一项。%(names)s") % {"names": _names(table)})
    faults, plan = units.import_faults(given["units"], by=by, on=_on(rows))
    yield from _placed(rows, "units", faults)
    paths = {node.code: node.path for node in [*plan.created, *plan.changed, *plan.carried]}
    paths |= {
        str(r["code"]): paths.get(str(r["code"]), "") for r in given["units"] if str(r["code"]) not in paths and faults
    }
    yield from _placed(rows, "people", people.import_faults(given["people"], by=by, coming_units=paths))
    yield from _placed(rows, "posts", queries.post_faults(given["posts"], by=by, coming_units=paths))
    faults = queries.appointment_faults(
        given["appointments"],
        by=by,
        coming_posts={str(r["code"]): paths.get(str(r.get("unit_code")), "") for r in given["posts"]},
        coming_people={str(r["number"]) for r in given["people"]},
    )
    yield from _placed(rows, "appointments", faults)


def _coded(key: str, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The rows with codes in the place of the names that a reader writes."""
    tables = {field: table for (sheet, field), table in CODED.items() if sheet == key}
    return [{k: code_of(tables[k], v) if k in tables and v else v for k, v in row.items()} for row in rows]


def _placed(rows: Rows, key: str, faults: Iterable[Wrong]) -> Iterator[Problem]:
    for fault in faults:
        if fault.field == "on" and rows.get("dates"):
            yield rows["dates"][0].wrong("on", fault.sentence)
        else:
            row = rows[key][fault.row]
            yield row.wrong(fault.field if fault.field in row.letters else "", fault.sentence)


def _on(rows: Rows) -> date:
    dates = rows.get("dates") or []
    return (dates[0].get("on") if dates else None) or timezone.localdate()


def apply(rows: Rows, by: Any) -> Counts:
    """Units, then people, posts and appointments; runs in one transaction."""
    given = {key: _coded(key, rows.get(key, [])) for key in NEEDED}
    counted = [
        units.import_units(given["units"], by=by, on=_on(rows)) if given["units"] else None,
        people.import_people(given["people"], by=by) if given["people"] else None,
        actions.import_posts(given["posts"], by=by) if given["posts"] else None,
        actions.import_appointments(given["appointments"], by=by) if given["appointments"] else None,
    ]
    done = [c for c in counted if c is not None]
    return Counts(sum(c.created for c in done), sum(c.updated for c in done), sum(c.unchanged for c in done))


def current_rows(account: Any) -> dict[str, Iterable[Mapping[str, Any]]]:
    """What there is, in the shape of the import, as far as the account may see it."""
    return {
        "units": _named("units", unit_rows(Unit.objects.visible_to(account))),
        "people": _named("people", person_rows(Person.objects.visible_to(account))),
        "posts": _named("posts", queries.post_rows(Post.objects.visible_to(account))),
        "appointments": queries.appointment_rows(Appointment.objects.visible_to(account)),
    }


def _named(key: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows with names in the place of codes."""
    tables = {field: code_table(table) for (sheet, field), table in CODED.items() if sheet == key}
    for row in rows:
        yield {k: tables[k].get(v, v) if k in tables else v for k, v in row.items()}


@command("org import", help=gettext_lazy("从 XLSX 导入单位、人员、岗位和任职（全部正确才导入）"))
def import_workbook(file: str, *, on: str = "") -> str:
    """`--on` is the day from which changes of units take effect, unless the file says it."""
    day = _day(on)

    def dated(rows: Rows) -> Rows:
        if day is not None and not _given_day(rows):
            row = Row(DATES, 0, {})
            row["on"] = day
            return {**rows, "dates": [row]}
        return rows

    try:
        counts = import_file(
            Path(file),
            SHEETS,
            check=lambda rows, by: check(dated(rows), by),
            apply=lambda rows, by: apply(dated(rows), by),
            by=SYSTEM,
        )
    except Rejected as rejected:
        raise OperatorError("\n".join([_("没有导入："), *(str(p) for p in rejected.problems[:200])])) from rejected
    return _("新增 %(created)s 条，更新 %(updated)s 条，未变 %(unchanged)s 条。") % vars(counts)


def _given_day(rows: Rows) -> bool:
    return any(row.get("on") for row in rows.get("dates") or [])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise OperatorError(_("日期写成 2026-01-31 的样子。")) from error


@command("org export", help=gettext_lazy("把单位、人员、岗位和任职导出为 XLSX，可以再导入"))
def export_workbook(file: str) -> str:
    Path(file).write_bytes(template(SHEETS, current_rows(SYSTEM), on=timezone.localdate()))
    return _("已写入 %(file)s。") % {"file": file}


@command("org template", help=gettext_lazy("写出空白的导入模板"))
def write_template(file: str) -> str:
    Path(file).write_bytes(template(SHEETS, on=timezone.localdate()))
    return _("已写入 %(file)s。") % {"file": file}
