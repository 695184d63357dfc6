"""What one fills in to let somebody act for oneself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.org.account import queries as accounts
from yuanqing.org.delegation import queries
from yuanqing.org.unit.forms import ActForm, DayField
from yuanqing.org.unit.queries import plain


class Delegate(ActForm):
    """Which of my grants, to whom, from when to when, and why."""

    grants = forms.MultipleChoiceField(
        label=gettext_lazy("委托哪些授权"), widget=forms.CheckboxSelectMultiple, choices=()
    )
    to = forms.CharField(
        label=gettext_lazy("代理人"),
        max_length=120,
        help_text=gettext_lazy("填用户名或显示名：本单位、上级或下级的账号。"),
    )
    starts_on = DayField(label=gettext_lazy("从"), initial=timezone.localdate)
    ends_on = DayField(label=gettext_lazy("到"), help_text=gettext_lazy("最后一天，到期自动结束。"))
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=200, help_text=gettext_lazy("例如休假、出差、病假。")
    )

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, account=account, **kwargs)
        self.lendable = {str(g.pk): g for g in queries.lendable(account)}
        self.possible = queries.possible_delegates(account)
        cards = accounts.role_cards()
        self.fields["grants"].choices = [  # type: ignore[attr-defined]
            (pk, f"{cards[g.role].label if g.role in cards else g.role} · {accounts.where(g)}")
            for pk, g in self.lendable.items()
        ]

    def clean_grants(self) -> list[Any]:
        return [self.lendable[pk] for pk in self.cleaned_data["grants"]]

    def clean_to(self) -> Any:
        text = plain(self.cleaned_data["to"]).split("　")[0]
        found = list(self.possible.filter(username=text)[:1]) or list(self.possible.filter(display_name=text)[:2])
        if len(found) != 1:
            raise ValidationError(_("找不到这个账号，或有同名的账号。请填用户名。"))
        return found[0]


class Reason(ActForm):
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200)
