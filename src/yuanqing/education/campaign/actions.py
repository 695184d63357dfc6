"""Drafting, publishing and closing the plan of a year."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.education.campaign.models import Campaign
from yuanqing.kernel import acts
from yuanqing.kernel.acts import act
from yuanqing.org.unit.models import Unit
from yuanqing.shell.search.index import searchable


@act(Campaign, creates=True)
def draft(*, by: Any, unit: Unit, year: int, title: str, aim: str = "") -> Campaign:
    if not 2000 <= year <= 2100:
        raise ValidationError({"year": _("年度写错了。")})
    return Campaign(unit=unit, year=year, title=title, aim=aim)


@act(Campaign)
def edit(campaign: Campaign, *, by: Any, title: str, aim: str = "") -> None:
    campaign.title, campaign.aim = title, aim


@act(Campaign)
def publish(campaign: Campaign, *, by: Any) -> None:
    """From now on its activities can be announced."""
    if not campaign.aim.strip():
        raise ValidationError(_("请先写明目标和安排。"))
    campaign.published_at, campaign.published_by_id = timezone.now(), by.pk


@act(Campaign)
def close(campaign: Campaign, *, by: Any, outcome: str) -> None:
    """The year is over: what came of it, in a sentence or two."""
    if not outcome.strip():
        raise ValidationError({"outcome": _("请写一写效果。")})
    campaign.closed_at, campaign.outcome = timezone.now(), outcome.strip()
    acts.note(note=outcome.strip())


searchable(
    Campaign,
    label=gettext_lazy("教育计划"),
    text=lambda one: "" if one.state == "draft" else f"{one.title} {one.unit.name}",
    path=lambda one: one.unit.path,
    capability="education.campaign.view",
    select=("unit",),
)
