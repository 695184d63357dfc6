"""What one fills in about the five problems, and what the superior says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from yuanqing.education.examination.models import Examination
from yuanqing.org.unit.forms import ActForm, DayField

AREA = {"rows": 4}
FOUND = (("yes", gettext_lazy("有")), ("no", gettext_lazy("没有")))


class Answer(ActForm):
    is_found = forms.ChoiceField(label=gettext_lazy("有没有这方面的问题"), choices=FOUND, widget=forms.RadioSelect)
    evidence = forms.CharField(
        label=gettext_lazy("具体表现"), max_length=2000, required=False, widget=forms.Textarea(attrs=AREA),
        help_text=gettext_lazy("写具体的事：什么时候、哪件事。没有的，写明凭什么说没有。"),
    )  # fmt: skip
    cause = forms.CharField(
        label=gettext_lazy("原因"), max_length=2000, required=False, widget=forms.Textarea(attrs=AREA)
    )
    remedy = forms.CharField(
        label=gettext_lazy("整改措施"), max_length=2000, required=False, widget=forms.Textarea(attrs=AREA),
        help_text=gettext_lazy("写能检查的做法。"),
    )  # fmt: skip
    due_on = DayField(label=gettext_lazy("整改期限"), required=False)

    @property
    def values(self) -> dict[str, Any]:
        return {**super().values, "is_found": self.cleaned_data["is_found"] == "yes"}


class Comment(ActForm):
    """The opinion of the whole, and a remark on each problem."""

    opinion = forms.CharField(label=gettext_lazy("上级点评"), max_length=1000, widget=forms.Textarea(attrs=AREA))

    def __init__(self, *args: Any, account: Any, examination: Examination, **kwargs: Any) -> None:
        super().__init__(*args, account=account, **kwargs)
        self.codes = []
        for problem in examination.problems.all():
            self.codes.append(problem.code)
            self.fields[problem.code] = forms.CharField(label=problem.label, max_length=500, required=False)

    @property
    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"opinion": data["opinion"], "remarks": {code: data[code] for code in self.codes}}


class Report(ActForm):
    text = forms.CharField(
        label=gettext_lazy("整改情况"), max_length=2000, widget=forms.Textarea(attrs=AREA),
        help_text=gettext_lazy("做了什么、现在怎么样。"),
    )  # fmt: skip


class Reason(ActForm):
    reason = forms.CharField(label=gettext_lazy("哪里不到位"), max_length=500)
