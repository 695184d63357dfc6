"""Figures of what followed cases, counted where something has to be done."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import Tables, figure


@figure(
    "redress.issued",
    label=_("以案促改事项"),
    unit=_("件"),
    dims=("kind",),
    definition=_("提出日期在当月的以案促改事项，按种类分列，算在责任单位。"),
    exclusions=_("已撤回的。"),
)
def issued(t: Tables) -> Any:
    rows = t.cases_redress
    return t.per_month(rows.filter(rows.state != "withdrawn"), on="issued_on", by=("kind",))


@figure(
    "redress.verified",
    label=_("核验的以案促改事项"),
    unit=_("件"),
    dims=("effect",),
    definition=_("回访日期在当月的以案促改事项，按回访结果分列。"),
)
def verified(t: Tables) -> Any:
    rows = t.cases_redress
    return t.per_month(rows.filter(rows.verified_on.notnull()), on="verified_on", by=("effect",))


@figure(
    "redress.open",
    label=_("没有落实的以案促改事项"),
    unit=_("件"),
    accumulates=False,
    definition=_("当月结束时已经提出、还没有核验、投稿或撤回的以案促改事项。"),
)
def still_open(t: Tables) -> Any:
    return t.open_in_month(t.cases_redress, began="issued_on", ended="ended_on", at="end")


@figure(
    "redress.recurred",
    label=_("同类问题复发"),
    unit=_("起"),
    dims=("type",),
    definition=_("以案促改事项发出以后，在观察期内，同一单位又受理的同一条款的违规问题。"),
    why=_("案件暴露的漏洞有没有真正堵上。"),
    exclusions=_("已被更正取代的登记；没有写明对应条款的事项。"),
)
def recurred(t: Tables) -> Any:
    e, v = t.cases_redress, t.discipline_violation
    watched = e.filter((e.type != "") & (e.state != "withdrawn"))
    watched = watched.select(
        where=watched.unit_id, what=watched.type, since=watched.issued_on, until=watched.watched_until
    )
    standing = v.filter(v.state != "superseded")
    again = standing.semi_join(
        watched,
        (standing.unit_id == watched["where"])
        & (standing.type == watched.what)
        & (standing.received_on > watched.since)
        & (standing.received_on <= watched.until),
    )
    return t.per_month(again, on="received_on", by=("type",))
