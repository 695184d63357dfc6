"""What one fills in for a lesson, and what a player reports."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from yuanqing.org.unit.forms import ActForm


class Edit(ActForm):
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    seconds = forms.IntegerField(
        label=gettext_lazy("时长（秒）"), required=False, min_value=0, max_value=6 * 3600,
        help_text=gettext_lazy("发布时从文件里读；现场录的 WebM 常常没有写，请填。"),
    )  # fmt: skip

    def clean_seconds(self) -> int:
        return self.cleaned_data["seconds"] or 0


class Reported(forms.Form):
    """As the player sends it."""

    ticket = forms.CharField(max_length=600)
    position = forms.FloatField(min_value=0, max_value=24 * 3600)
    visible = forms.BooleanField(required=False)
    rate = forms.FloatField(min_value=0, max_value=100)
