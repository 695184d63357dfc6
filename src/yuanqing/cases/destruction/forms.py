"""What one fills in about a destruction."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.cases.destruction import queries
from yuanqing.cases.redress.queries import Remedies
from yuanqing.org.person.forms import RecordForm


class Propose(RecordForm):
    number = forms.CharField(
        label=gettext_lazy("线索或信访编号"), max_length=40, help_text=gettext_lazy("已经结束、您的钥匙能打开的。")
    )
    ground = forms.ChoiceField(label=gettext_lazy("依据"))
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=500, help_text=gettext_lazy("不写姓名和案情。"))

    def prepare(self) -> None:
        self.choose("ground", Remedies().choices("destruction_ground"))

    def clean_number(self) -> Any:
        row = queries.proposable(self.account, self.cleaned_data["number"].strip())
        if row is None:
            raise ValidationError(_("没有这个编号，或者还没有结束，或者内容已经销毁。"))
        return row

    @property
    def values(self) -> dict[str, Any]:
        found = super().values
        row = found.pop("number")
        return {**found, "row": row}
