"""What one fills in for a plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from yuanqing.org.unit.forms import ActForm, UnitField
from yuanqing.org.unit.models import Unit, within


class Edit(ActForm):
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    aim = forms.CharField(
        label=gettext_lazy("目标和安排"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("空一行分段；行首写“## ”是标题，“- ”是列表。发布以前必须写。"),
    )  # fmt: skip


class Draft(Edit):
    unit = UnitField(label=gettext_lazy("单位"))
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100)
    field_order = ("unit", "year", "title", "aim")

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, account=account, **kwargs)
        self.fields["year"].initial = timezone.localdate().year
        self.fields["unit"].units = Unit.objects.filter(within(account.scopes("education.campaign.draft")))  # type: ignore[attr-defined]
