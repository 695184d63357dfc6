"""What one fills in about a term."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from yuanqing.cases.term import queries
from yuanqing.org.person.forms import RecordForm
from yuanqing.org.unit.forms import DayField


class Begin(RecordForm):
    kind = forms.ChoiceField(label=gettext_lazy("事项"))
    starts_on = DayField(label=gettext_lazy("起算日期"), initial=timezone.localdate)
    at = forms.TimeField(
        label=gettext_lazy("起算时刻"), required=False, widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=gettext_lazy("按小时计算的期限要写，例如发生事故的逐级报告；其他不写。"),
    )  # fmt: skip

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        self.choose("kind", [(code, entry.label) for code, entry in queries.by_hand(self.of).items()])


class Fulfil(RecordForm):
    on = DayField(label=gettext_lazy("办理日期"), initial=timezone.localdate)
    how = forms.CharField(label=gettext_lazy("怎样办的"), max_length=300, help_text=gettext_lazy("不写姓名和案情。"))


class Prolong(RecordForm):
    until = DayField(label=gettext_lazy("延到"))
    approval = forms.CharField(label=gettext_lazy("批准人和批准文号"), max_length=200)
