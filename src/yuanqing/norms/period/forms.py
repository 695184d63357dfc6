"""Opening a month and granting an extension."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel.almanac import Month, end_of
from yuanqing.org.unit.models import Unit


class MonthField(forms.CharField):
    """A month written as 2026-10; the value is a Month."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-10"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return Month.parse(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class UnitField(forms.CharField):
    """A unit by code or name, among those given; the value is a Unit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = Unit.objects.none()

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        found = list(self.units.filter(code=text)[:1]) or list(self.units.filter(name=text)[:2])
        if len(found) != 1:
            raise ValidationError(_("没有找到“%(text)s”。请填写单位代码，或单位全称。") % {"text": text})
        return found[0]


class OpenMonth(forms.Form):
    """The next month to open."""

    month = MonthField(label=gettext_lazy("月份"))


class ExtendDue(forms.Form):
    """One unit, a later day, and why."""

    unit = UnitField(label=gettext_lazy("单位"), help_text=gettext_lazy("单位代码，或单位全称。"))
    until = forms.DateField(
        label=gettext_lazy("延至"),
        help_text=gettext_lazy("到这一天结束为止；不能晚于锁定时间。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300})
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].units = units  # type: ignore[attr-defined]

    def clean_until(self) -> Any:
        return end_of(self.cleaned_data["until"])
