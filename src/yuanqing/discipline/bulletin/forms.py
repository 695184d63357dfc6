"""What people write into a bulletin: narrative parts, demands, typical cases and why words in them may stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yuanqing.discipline.typical_case.rules import Finding
from yuanqing.discipline.violation.models import Violation

SLOT, REASON = "slot-", "reason-"


class EditForm(forms.Form):
    """The narrative parts of the template, and the demands, one a line."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, parts: Mapping[str, Any], slots: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, part in parts.items():
            self.fields[f"{SLOT}{code}"] = forms.CharField(
                label=part.label, required=False, max_length=4000, initial=slots.get(code, ""),
                widget=forms.Textarea(attrs={"rows": 6}), help_text="" if "{" in part.text else part.text,
            )  # fmt: skip
        self.fields["demands"] = forms.CharField(
            label=_("下月要求"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
            help_text=_("一条一行，印出时自动编号。"),
        )  # fmt: skip

    @property
    def slots(self) -> dict[str, str]:
        found = self.cleaned_data.items()
        return {name.removeprefix(SLOT): text for name, text in found if name.startswith(SLOT)}

    @property
    def demands(self) -> list[str]:
        return str(self.cleaned_data["demands"]).splitlines()


class CaseForm(forms.Form):
    """A concluded violation by its number, and how it is told."""

    violation = forms.CharField(label=_("违规问题编号"), max_length=40, help_text=_("只有已查处的违规问题才能写。"))
    text = forms.CharField(
        label=_("案例文字"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("不写姓名、单位名称、证件和电话号码；日期不写到日，金额不写确数。"),
    )  # fmt: skip

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_violation(self) -> Violation:
        number = str(self.cleaned_data["violation"]).strip()
        found = Violation.objects.visible_to(self.account).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("没有找到这个编号的违规问题。"))
        return found


class RewordForm(forms.Form):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label=_("案例文字"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}))


class CheckForm(forms.Form):
    """A reason for each hard finding that may stand."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, findings: Sequence[Finding], known: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = list(dict.fromkeys(one.words for one in findings if one.is_hard))
        for number, words in enumerate(self.words):
            sentence = next(one.sentence for one in findings if one.words == words)
            self.fields[f"{REASON}{number}"] = forms.CharField(
                label=sentence,
                max_length=200,
                initial=known.get(words, ""),
                help_text=_("为什么可以保留；不能保留的请退给撰写人改写。"),
            )

    @property
    def explanations(self) -> dict[str, str]:
        return {words: self.cleaned_data[f"{REASON}{number}"] for number, words in enumerate(self.words)}
