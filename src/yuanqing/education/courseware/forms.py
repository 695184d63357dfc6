"""What one fills in for a package, and what a player reports."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.education.courseware.rules import MOST_SUSPENDED
from yuanqing.org.unit.forms import ActForm


class Edit(ActForm):
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    minutes = forms.IntegerField(
        label=gettext_lazy("至少学多久（分钟）"), min_value=0, max_value=600, initial=5,
        help_text=gettext_lazy("结果是课件自己报告的，可以伪造；打开课件的时间由服务器计，不到这么久不算学完。"),
    )  # fmt: skip


class Reported(forms.Form):
    """As the player sends it."""

    ticket = forms.CharField(max_length=800)
    cmi = forms.CharField(required=False, max_length=8 * MOST_SUSPENDED)

    def clean_cmi(self) -> dict[str, Any]:
        try:
            found = json.loads(self.cleaned_data["cmi"] or "{}")
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise ValidationError(_("报告不完整。"))
        return found
