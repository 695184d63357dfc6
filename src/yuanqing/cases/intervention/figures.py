"""Figures of interventions, counted where the case is handled."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import Tables, figure


@figure(
    "interventions.registered",
    label=_("登记过问干预"),
    unit=_("件次"),
    dims=("kind",),
    definition=_("发生日期在当月的过问干预，按方式分列，算在办理案件的单位。"),
)
def registered(t: Tables) -> Any:
    i, c = t.cases_intervention, t.cases_case
    rows = i.join(c, i.case_id == c.id).select(c.unit_id, i.happened_on, i.kind)
    return t.per_month(rows, on="happened_on", by=("kind",))
