"""Which units and which month the official table is of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from yuanqing.kernel.almanac import Month
from yuanqing.org.unit.forms import UnitField
from yuanqing.org.unit.models import Unit


class ScopeForm(forms.Form):
    """Everything the reader may see, and last month, when nothing is chosen."""

    unit = UnitField(label=gettext_lazy("单位（含下级）"), required=False, help_text="")
    month = forms.CharField(
        label=gettext_lazy("月份"), required=False, widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m")
    )

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].units = Unit.objects.visible_to(account)  # type: ignore[attr-defined]

    def clean_month(self) -> Month:
        text = self.cleaned_data.get("month", "")
        try:
            month = Month.parse(text) if text else default_month()
            month.year_ago(), month.plus(12)  # what stands beside it must be months too
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return month


def default_month() -> Month:
    """The month that is being reported now."""
    return Month.of(timezone.localdate()).previous()
