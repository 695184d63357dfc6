"""How many notices reached whom, and how many were signed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import figure

DIMS = ("rank", "is_key")


def _rows(t: Any) -> Any:
    rows = t.education_receipt
    rows = rows.filter(rows.state != "released")
    return rows.mutate(is_key=rows.is_key.cast("string"))


@figure(
    "education.notices_delivered",
    label=_("告知送达"),
    unit=_("人次"),
    dims=DIMS,
    definition=_("当月送达的告知，每人每份计一次；撤回或被新版取代而未签收的不计。"),
    why=_("告知是否到人。"),
)
def delivered(t: Any) -> Any:
    return t.per_month(_rows(t), on="delivered_at", by=DIMS)


@figure(
    "education.notices_signed",
    label=_("告知签收"),
    unit=_("人次"),
    dims=DIMS,
    definition=_("当月签收的告知，每人每份计一次，含登记的纸质签收。"),
    why=_("告知是否读完并签收。"),
)
def signed(t: Any) -> Any:
    rows = _rows(t)
    return t.per_month(rows.filter(rows.signed_at.notnull()), on="signed_at", by=DIMS)
