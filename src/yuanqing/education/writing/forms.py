"""What one fills in to write, to review and to explain."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from yuanqing.org.unit.forms import ActForm
from yuanqing.shell.document.dictated import from_docx
from yuanqing.shell.document.unpack import Unreadable


class Edit(forms.Form):
    """The editor; it saves itself, and what is typed stays whatever happens."""

    title = forms.CharField(label=gettext_lazy("题目"), max_length=120, required=False)
    body = forms.CharField(
        label=gettext_lazy("正文"), required=False, max_length=200_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "class": "form-control writing-body"}),
        help_text=gettext_lazy("“## ”开头的是提纲里的标题，请留着；空一行分段。"),
    )  # fmt: skip
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class Upload(forms.Form):
    file = forms.FileField(label=gettext_lazy("DOCX 文件"))

    def clean_file(self) -> str:
        try:
            return from_docx(self.cleaned_data["file"].read())
        except Unreadable as error:
            raise ValidationError(str(error)) from error


class Explain(ActForm):
    explanation = forms.CharField(
        label=gettext_lazy("说明"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("例如引自哪份文件、与谁一起讨论过；写错了可以改稿重新提交。"),
    )  # fmt: skip


class Remark(ActForm):
    paragraph = forms.IntegerField(label=gettext_lazy("第几段"), min_value=1)
    note = forms.CharField(label=gettext_lazy("批注"), max_length=500)


class ArchiveYear(ActForm):
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100)
