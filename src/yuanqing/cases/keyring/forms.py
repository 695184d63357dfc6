"""Passphrases: never shown again, never kept in a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel.sealing.passphrase import SHORTEST


class Unlock(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("解锁口令或恢复码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        max_length=200,
        help_text=gettext_lazy("解锁以后 15 分钟不用会自动锁上。"),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class Enrol(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("解锁口令"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=200,
        help_text=gettext_lazy("至少 12 个字，与登录密码不同；可以是一句话。系统不保存，也不能替您找回。"),
    )
    again = forms.CharField(
        label=gettext_lazy("再输一遍"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=200,
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        words = said.get("words", "")
        if words and len(words.strip()) < SHORTEST:
            self.add_error("words", _("解锁口令至少 %(n)s 个字。") % {"n": SHORTEST})
        if words and said.get("again") != words:
            self.add_error("again", _("两遍不一样。"))
        return said


class Retire(forms.Form):
    reason = forms.CharField(label=gettext_lazy("停用的理由"), max_length=300)
