"""Figure of easings."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import Tables, figure


@figure(
    "leads.eased",
    label=_("从轻事项"),
    unit=_("件次"),
    dims=("kind",),
    definition=_("当月批准的延期、并案、降低、了结、暂存、提醒和移送，按事项分列。"),
    why=_("从轻的比例本身就是一项监督指标。"),
)
def eased(t: Tables) -> Any:
    lead, one = t.cases_lead, t.cases_easing
    granted = one.filter(one.state == "granted")
    rows = granted.join(lead, granted.lead_id == lead.id).select(lead.unit_id, granted.decided_on, granted.kind)
    return t.per_month(rows, on="decided_on", by=("kind",))
