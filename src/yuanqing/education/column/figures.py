"""What units send in for the column, and what is published."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import figure


@figure(
    "education.articles_sent",
    label=_("栏目来稿"),
    unit=_("篇"),
    dims=("kind",),
    definition=_("当月首次投稿的篇数，按来稿单位计。"),
    why=_("栏目靠大家办。"),
)
def sent(t: Any) -> Any:
    rows = t.education_article
    return t.per_month(rows.filter(rows.proposed_at.notnull()), on="proposed_at", by=("kind",))


@figure(
    "education.articles_published",
    label=_("栏目采用"),
    unit=_("篇"),
    dims=("kind",),
    definition=_("当月发布的篇数，按来稿单位计，后来撤下的仍计。"),
)
def published(t: Any) -> Any:
    rows = t.education_article
    return t.per_month(rows.filter(rows.published_at.notnull()), on="published_at", by=("kind",))
