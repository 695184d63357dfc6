"""What one fills in about a pause."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from yuanqing.cases.pause import queries
from yuanqing.org.person.forms import RecordForm
from yuanqing.org.unit.forms import DayField


class Ask(RecordForm):
    ground = forms.ChoiceField(label=gettext_lazy("情形"))
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=300, help_text=gettext_lazy("不写姓名和案情。"))
    until = DayField(
        label=gettext_lazy("恢复日期"), required=False,
        help_text=gettext_lazy("能定的写明，到日自动恢复；定不了的按规则包的天数询问。"),
    )  # fmt: skip

    def __init__(self, *args: Any, clock: str, **kwargs: Any) -> None:
        self.clock = clock
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        self.choose("ground", [(code, entry.label) for code, entry in queries.grounds(self.clock).items()])


class Decide(RecordForm):
    document = forms.CharField(label=gettext_lazy("审批意见和文号"), max_length=200)
