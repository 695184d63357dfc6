"""What one fills in to open accounts and to grant."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.org.account import queries
from yuanqing.org.person.forms import PersonActForm, PersonField
from yuanqing.org.scope.rules import DEEPEST
from yuanqing.org.unit.forms import ActForm, DayField, UnitField


def _roles() -> list[tuple[str, str]]:
    return [("", "—"), *((card.code, card.label) for card in queries.role_cards().values())]


def _depths() -> list[tuple[str, str]]:
    levels = [(str(n), _("以下 %(count)d 级") % {"count": n}) for n in range(1, DEEPEST + 1)]
    return [("", _("全部下级")), ("0", _("只有本级")), *levels]


def _purposes() -> list[tuple[str, str]]:
    return [("", _("角色的全部权限")), *((card.code, card.label) for card in queries.purpose_cards().values())]


class Open(PersonActForm):
    username = forms.CharField(label=gettext_lazy("用户名"), max_length=60)
    display_name = forms.CharField(label=gettext_lazy("显示名"), max_length=60)
    person = PersonField(label=gettext_lazy("属于谁"), required=False)
    email = forms.EmailField(label=gettext_lazy("电子邮箱"), required=False)


class Grant(ActForm):
    role = forms.ChoiceField(label=gettext_lazy("角色"), choices=_roles)
    unit = UnitField(
        label=gettext_lazy("单位"),
        required=False,
    )
    everywhere = forms.BooleanField(
        label=gettext_lazy("不限单位"),
        required=False,
        help_text=gettext_lazy("勾选后，这个角色在所有单位都有效，包括以后新设的单位。"),
    )
    depth = forms.TypedChoiceField(
        label=gettext_lazy("到下面几级"),
        choices=_depths,
        coerce=lambda text: int(text) if text else None,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("填了单位才能限定级数。"),
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("用途"),
        choices=_purposes,
        required=False,
        help_text=gettext_lazy("把角色收窄到一种用途；不选就是角色的全部权限。"),
    )
    starts_on = DayField(label=gettext_lazy("起始日期"), initial=timezone.localdate)
    ends_on = DayField(
        label=gettext_lazy("终止日期"),
        required=False,
        help_text=gettext_lazy("最后一天，到期自动终止，到期前提醒；不填就一直有效。"),
    )
    reason = forms.CharField(label=gettext_lazy("授权理由"), max_length=200)

    def clean(self) -> dict[str, Any]:
        """The widest right is never given by leaving a field empty."""
        given: dict[str, Any] = super().clean() or {}
        everywhere = given.pop("everywhere", False)
        if "unit" not in self.errors and bool(given.get("unit")) == everywhere:
            said = (
                _("单位和“不限单位”只能选一个。")
                if everywhere
                else _("请选单位；要在所有单位都有效，请勾选“不限单位”。")
            )
            self.add_error("unit", said)
        return given


class EndGrant(ActForm):
    on = DayField(label=gettext_lazy("最后一天"), initial=timezone.localdate)
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200)


class Reason(ActForm):
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200)


class Password(forms.Form):
    """One's own password, typed twice."""

    current = forms.CharField(
        label=gettext_lazy("现在的密码"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    password = forms.CharField(
        label=gettext_lazy("新密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("不要用常见的密码，也不要像姓名和用户名。"),
    )
    again = forms.CharField(
        label=gettext_lazy("再输一遍新密码"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", gettext_lazy("两遍不一样。"))
        return given
