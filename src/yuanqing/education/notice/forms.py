"""What one fills in to draft a notice, to write its words, to answer its question and to register paper."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.education.notice import queries, rules
from yuanqing.education.notice.models import LANGUAGES, Notice
from yuanqing.org.unit.forms import ActForm, DayField, UnitField
from yuanqing.org.unit.models import Unit, within
from yuanqing.shell.document.dictated import from_docx
from yuanqing.shell.document.unpack import Unreadable


class Draft(ActForm):
    unit = UnitField(label=gettext_lazy("发出单位"))
    kind = forms.ChoiceField(label=gettext_lazy("种类"))
    title = forms.CharField(label=gettext_lazy("标题"), max_length=120)
    due_on = DayField(
        label=gettext_lazy("签收期限"), required=False, help_text=gettext_lazy("不填的，按规则库：送达以后十个工作日。")
    )

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, account=account, **kwargs)
        self.fields["kind"].choices = [(code, e.label) for code, e in queries.kinds().items()]  # type: ignore[attr-defined]
        if "unit" in self.fields:
            scope = within(account.scopes("education.notice.draft"))
            self.fields["unit"].units = Unit.objects.filter(scope)  # type: ignore[attr-defined]


class Edit(Draft):
    unit = None  # type: ignore[assignment]
    question = forms.CharField(
        label=gettext_lazy("检查题"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("看完以后问一句，答对才能签收；不填就不问。"),
    )
    options = forms.CharField(
        label=gettext_lazy("选项"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("每行一个。"),
    )
    answer = forms.IntegerField(label=gettext_lazy("第几个选项是对的"), required=False, min_value=1, max_value=8)

    def clean_options(self) -> list[str]:
        return rules.options(self.cleaned_data["options"])

    def clean_answer(self) -> int:
        return self.cleaned_data["answer"] or 0


class Write(ActForm):
    language = forms.ChoiceField(label=gettext_lazy("语言"), choices=LANGUAGES)
    body = forms.CharField(
        label=gettext_lazy("正文"), required=False, max_length=100_000, widget=forms.Textarea(attrs={"rows": 18}),
        help_text=gettext_lazy("空一行分段；行首写“## ”是标题，“- ”是列表。"),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("或者上传 DOCX"),
        required=False,
        help_text=gettext_lazy("文件里的文字会读进来，代替上面的正文。"),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        sent = data.pop("file", None)
        if sent is not None:
            try:
                data["body"] = from_docx(sent.read())
            except Unreadable as error:
                raise ValidationError({"file": str(error)}) from error
        if not data.get("body", "").strip():
            raise ValidationError({"body": _("正文还是空的。")})
        return data


class Reason(ActForm):
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=300)


class Answer(ActForm):
    choice = forms.TypedChoiceField(label=gettext_lazy("检查题"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, account: Any, notice: Notice, **kwargs: Any) -> None:
        super().__init__(*args, account=account, **kwargs)
        self.fields["choice"].label = notice.question
        self.fields["choice"].choices = list(enumerate(notice.options, 1))  # type: ignore[attr-defined]


class SignOnPaper(ActForm):
    numbers = forms.CharField(
        label=gettext_lazy("人员编号"), max_length=60_000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("每行一个，可以从 Excel 整列粘贴；只填没有账号、在纸上签了字的人。"),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("说明"), max_length=300, help_text=gettext_lazy("例如哪天的集中学习、签名表存在哪里。")
    )

    def clean_numbers(self) -> list[str]:
        return list(dict.fromkeys(re.split(r"[\s,，;；、]+", self.cleaned_data["numbers"].strip())))
