"""Figures of the register: 起, 人 and 人次, by type and level, of the month in which the matter came in or was dealt with."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import Tables, figure

BY_TYPE = ("type", "level")
NOT_SUPERSEDED = _("已被更正取代的登记。")


def _standing(t: Tables) -> Any:
    v = t.discipline_violation
    return v.filter(v.state != "superseded")


def _concluded(t: Tables) -> Any:
    v = t.discipline_violation
    return v.filter(v.state == "concluded")


def _people(t: Tables) -> Any:
    """Persons involved in concluded violations, with the unit, type and date of the matter."""
    v, i = _concluded(t), t.discipline_involved
    return i.join(v, i.violation_id == v.id).select(v.unit_id, v.concluded_on, v.type, i.level, i.form, i.is_sanctioned)


@figure(
    "violation.received",
    label=_("受理违规问题"),
    unit=_("起"),
    dims=BY_TYPE,
    definition=_("受理日期在当月的违规问题，按问题类型和所涉人员的最高级别分列。"),
    why=_("月报“受理”一栏，也是“上月结转＋本月受理－本月办结＝月末在办”的一项。"),
    exclusions=NOT_SUPERSEDED,
)
def received(t: Tables) -> Any:
    return t.per_month(_standing(t), on="received_on", by=BY_TYPE)


@figure(
    "violation.problems",
    label=_("查处问题数"),
    unit=_("起"),
    dims=BY_TYPE,
    definition=_("查处日期在当月、已查处的违规问题，按问题类型和所涉人员的最高级别分列。"),
    why=_("统计表的第一项指标。"),
    exclusions=_("查否的问题；已被更正取代的登记。"),
)
def problems(t: Tables) -> Any:
    return t.per_month(_concluded(t), on="concluded_on", by=BY_TYPE)


@figure(
    "violation.people_handled",
    label=_("批评教育和处理人数"),
    unit=_("人"),
    dims=BY_TYPE,
    definition=_("当月查处的问题中，至少有一项处理措施的涉及人员，按问题类型和本人级别分列。"),
    why=_("统计表的第二项指标。"),
    exclusions=_("写明理由不予处理的人员；查否和已被更正取代的问题所涉人员。"),
)
def people_handled(t: Tables) -> Any:
    rows = _people(t)
    return t.per_month(rows.filter(rows.form > 0), on="concluded_on", by=BY_TYPE)


@figure(
    "violation.people_sanctioned",
    label=_("党纪政务处分人数"),
    unit=_("人"),
    dims=BY_TYPE,
    definition=_(
        "当月查处的问题中，受到党纪处分或者政务处分的涉及人员，按问题类型和本人级别分列；一人受几种处分计一人。"
    ),
    why=_("统计表的第三项指标，是第二项的一部分。"),
    exclusions=_("只受批评教育、组织处理的人员。"),
)
def people_sanctioned(t: Tables) -> Any:
    rows = _people(t)
    return t.per_month(rows.filter(rows.is_sanctioned), on="concluded_on", by=BY_TYPE)


@figure(
    "violation.by_rules",
    label=_("按规则包和条款的查处问题数"),
    unit=_("起"),
    dims=("rules", "type"),
    definition=_("查处日期在当月、已查处的违规问题，按违反的规则包（八项规定、十条纪律）和条款分列。"),
    exclusions=_("查否的问题；已被更正取代的登记。"),
)
def by_rules(t: Tables) -> Any:
    return t.per_month(_concluded(t), on="concluded_on", by=("rules", "type"))


@figure(
    "violation.carried",
    label=_("上月结转"),
    unit=_("起"),
    accumulates=False,
    definition=_("当月开始时已经受理、还没有办结的违规问题。"),
    exclusions=NOT_SUPERSEDED,
)
def carried(t: Tables) -> Any:
    return t.open_in_month(_standing(t), began="received_on", ended="concluded_on", at="start")


@figure(
    "violation.concluded",
    label=_("本月办结"),
    unit=_("起"),
    dims=("state",),
    definition=_("当月办结的违规问题，包括查处的和查否的。"),
    exclusions=NOT_SUPERSEDED,
)
def concluded(t: Tables) -> Any:
    v = _standing(t)
    return t.per_month(v.filter(v.concluded_on.notnull()), on="concluded_on", by=("state",))


@figure(
    "violation.open",
    label=_("月末在办"),
    unit=_("起"),
    accumulates=False,
    definition=_("当月结束时已经受理、还没有办结的违规问题。"),
    exclusions=NOT_SUPERSEDED,
)
def still_open(t: Tables) -> Any:
    return t.open_in_month(_standing(t), began="received_on", ended="concluded_on", at="end")


@figure(
    "violation.transfers",
    label=_("移送司法"),
    unit=_("起"),
    definition=_("当月登记移送、已有回执的违规问题。"),
    exclusions=NOT_SUPERSEDED,
)
def transfers(t: Tables) -> Any:
    v = _standing(t)
    return t.per_month(v.filter(v.transferred_on.notnull()), on="transferred_on")


@figure(
    "violation.forms",
    label=_("运用“四种形态”"),
    unit=_("人次"),
    dims=("form",),
    definition=_("当月查处的问题中，每名受处理的人在一起问题里按最重的一种形态计一人次。"),
    why=_("四种形态之和等于批评教育和处理人数。"),
    exclusions=_("写明理由不予处理的人员。"),
)
def forms(t: Tables) -> Any:
    rows = _people(t)
    return t.per_month(rows.filter(rows.form > 0), on="concluded_on", by=("form",))


@figure(
    "violation.corrections",
    label=_("更正"),
    unit=_("起"),
    definition=_("更正日期在当月的更正登记。"),
)
def corrections(t: Tables) -> Any:
    v = t.discipline_violation
    return t.per_month(v.filter(v.corrected_on.notnull()), on="corrected_on")


@figure(
    "violation.lowerings",
    label=_("从轻更正"),
    unit=_("起"),
    dims=("lowering",),
    definition=_("更正日期在当月、把级别、情节、类型、去向、人员或者处理措施改轻的更正，按情形分列。"),
    why=_("改轻的比例本身就是一项监督指标：绝不允许网开一面。"),
    exclusions=_("没有改轻任何认定的更正。"),
)
def lowerings(t: Tables) -> Any:
    v = t.discipline_violation
    return t.per_month(v.filter(v.lowering != ""), on="corrected_on", by=("lowering",))
