"""Figure of inquiries."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import Tables, figure


@figure(
    "leads.inquiries",
    label=_("谈话函询"),
    unit=_("件次"),
    dims=("mode",),
    definition=_("当月发函或者通知谈话的次数，按方式分列。"),
    why=_("公开统计的“谈话函询”一项。"),
)
def inquiries(t: Tables) -> Any:
    lead, one = t.cases_lead, t.cases_inquiry
    rows = one.join(lead, one.lead_id == lead.id).select(lead.unit_id, one.asked_on, one.mode)
    return t.per_month(rows, on="asked_on", by=("mode",))
