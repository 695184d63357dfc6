"""What one fills in for a token."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from yuanqing.org.token import queries
from yuanqing.org.unit.forms import DayField


def _in_ninety_days() -> Any:
    return timezone.localdate() + timedelta(days=90)


class Issue(forms.Form):
    """A token for one account."""

    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=60, help_text=gettext_lazy("哪个程序、做什么用，例如“人事系统同步”。")
    )
    expires_on = DayField(label=gettext_lazy("到期日"), initial=_in_ninety_days)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("允许的范围"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("只给程序需要的。令牌的权限不会超过账号本身；账号的授权变了，令牌随之变化。"),
    )

    def __init__(self, *args: Any, holder: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["scopes"].choices = queries.choices(holder)  # type: ignore[attr-defined]
