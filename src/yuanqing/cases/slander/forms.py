"""What one fills in about a false accusation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from yuanqing.cases.redress.queries import Remedies
from yuanqing.org.person.forms import RecordForm
from yuanqing.org.unit.forms import DayField, UnitField


class SeveralField(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


class Propose(RecordForm):
    unit = UnitField(label=gettext_lazy("办理单位"))
    matter = forms.CharField(label=gettext_lazy("信访编号"), max_length=40)
    was_named = forms.BooleanField(label=gettext_lazy("实名举报"), required=False)
    unmasking = forms.CharField(
        label=gettext_lazy("批准查明身份的文号"), max_length=100, required=False,
        help_text=gettext_lazy("匿名举报必填：没有设区的市级以上批准，不得追查举报人身份。"),
    )  # fmt: skip
    who = forms.CharField(label=gettext_lazy("诬告人"), max_length=100)
    elements = SeveralField(label=gettext_lazy("已查实的要件"), required=False)
    evidence = forms.CharField(
        label=gettext_lazy("证据"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("不实不等于诬告，要有故意的证据。"),
    )  # fmt: skip

    def prepare(self) -> None:
        field: Any = self.fields["elements"]
        field.choices = Remedies().choices("slander_element")


class Confirm(RecordForm):
    level = forms.ChoiceField(label=gettext_lazy("批准机关级别"))
    approver = forms.CharField(label=gettext_lazy("批准机关"), max_length=100)
    document = forms.CharField(label=gettext_lazy("批准文号"), max_length=100)
    on = DayField(label=gettext_lazy("认定日期"), initial=timezone.localdate)
    handling = forms.ChoiceField(label=gettext_lazy("处理方式"))
    heavier = SeveralField(label=gettext_lazy("从重情形"), required=False)
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def prepare(self) -> None:
        codes, field = Remedies(), self.fields["heavier"]
        self.choose("level", codes.choices("slander_level"))
        self.choose("handling", codes.choices("slander_handling"))
        field.choices = codes.choices("slander_heavier")  # type: ignore[attr-defined]
