"""What one fills in for a question."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.education.question.actions import Asked
from yuanqing.education.question.models import KINDS
from yuanqing.org.unit.forms import ActForm, UnitField
from yuanqing.org.unit.models import Unit, within


def numbers(text: str) -> list[int]:
    """ "2", "1、3" or "AC": the numbers of options, from 1; ValueError for anything else."""
    found = []
    for word in filter(None, re.split(r"[\s、，,;；>]+", text.strip())):
        if word.isascii() and word.isdecimal():
            found.append(int(word))
        elif word.isascii() and word.isalpha():
            found += [ord(letter) - ord("A") + 1 for letter in word.upper()]
        else:
            raise ValueError(word)
    return found


class Edit(ActForm):
    kind = forms.ChoiceField(label=gettext_lazy("题型"), choices=KINDS)
    stem = forms.CharField(label=gettext_lazy("题干"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    options = forms.CharField(
        label=gettext_lazy("选项"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("每行一个，两到八个。排序题先随便写，顺序写在答案里。"),
    )  # fmt: skip
    answer = forms.CharField(
        label=gettext_lazy("答案"), max_length=60,
        help_text=gettext_lazy("正确选项的号码，从 1 数起，也可以写 A、B；多选写几个，排序写全部，例如 2、1、3。"),
    )  # fmt: skip
    clauses = forms.CharField(
        label=gettext_lazy("对应条款"), required=False, max_length=300, help_text=gettext_lazy("条款代码，例如 B1b。")
    )
    explanation = forms.CharField(
        label=gettext_lazy("解析"), required=False, max_length=500, help_text=gettext_lazy("交卷以后给答题的人看。")
    )

    def clean_options(self) -> list[str]:
        return [line.strip() for line in str(self.cleaned_data["options"]).splitlines() if line.strip()]

    def clean_answer(self) -> list[int]:
        try:
            return numbers(self.cleaned_data["answer"])
        except ValueError:
            raise ValidationError(_("答案请写号码，例如 2，或者 1、3。")) from None

    @property
    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        names = ("kind", "stem", "options", "answer", "clauses", "explanation")
        rest = {k: v for k, v in data.items() if k not in (*names, "version")}
        return {"asked": Asked(**{name: data[name] for name in names}), **rest}


class Write(Edit):
    unit = UnitField(label=gettext_lazy("单位"), help_text=gettext_lazy("这个单位和下级单位的测验都能用。"))
    field_order = ("unit", "kind", "stem", "options", "answer", "clauses", "explanation")

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, account=account, **kwargs)
        self.fields["unit"].units = Unit.objects.filter(within(account.scopes("education.question.write")))  # type: ignore[attr-defined]
