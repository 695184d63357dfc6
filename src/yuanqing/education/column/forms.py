"""What one fills in to write for the column."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from yuanqing.education.column import queries
from yuanqing.org.unit.forms import ActForm, UnitField
from yuanqing.org.unit.models import Unit, within


class Origin(forms.Form):
    """What led to the page: an obligation of a unit, or nothing."""

    obligation = forms.UUIDField(required=False)


class Draft(ActForm):
    unit = UnitField(label=gettext_lazy("来稿单位"))
    kind = forms.ChoiceField(label=gettext_lazy("栏目"))
    title = forms.CharField(label=gettext_lazy("标题"), max_length=120)
    summary = forms.CharField(
        label=gettext_lazy("提要"), max_length=200, required=False, help_text=gettext_lazy("一两句话，列表里显示。")
    )
    body = forms.CharField(
        label=gettext_lazy("正文"), max_length=100_000, widget=forms.Textarea(attrs={"rows": 18}),
        help_text=gettext_lazy("空一行分段；行首写“## ”是标题，“- ”是列表。不写真实姓名，案例用某某。"),
    )  # fmt: skip

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, account=account, **kwargs)
        self.fields["kind"].choices = [(code, e.label) for code, e in queries.kinds().items()]  # type: ignore[attr-defined]
        if "unit" in self.fields:
            scope = within(account.scopes("education.column.draft"))
            self.fields["unit"].units = Unit.objects.filter(scope)  # type: ignore[attr-defined]


class Edit(Draft):
    unit = None  # type: ignore[assignment]
