"""What one fills in for a session, its minutes, its lists."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.education.session import queries
from yuanqing.org.unit.forms import ActForm, UnitField
from yuanqing.org.unit.models import Unit, within
from yuanqing.shell.document.dictated import from_docx
from yuanqing.shell.document.unpack import Unreadable


class MomentField(forms.DateTimeField):
    """A day and an hour, with the browser's own calendar."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class Edit(ActForm):
    begins_at = MomentField(label=gettext_lazy("开始时间"))
    ends_at = MomentField(label=gettext_lazy("结束时间"))
    place = forms.CharField(label=gettext_lazy("地点"), max_length=120)
    host = forms.CharField(label=gettext_lazy("主持人或主讲人"), max_length=120, required=False)


class Schedule(Edit):
    unit = UnitField(
        label=gettext_lazy("单位"), help_text=gettext_lazy("这个单位和下级单位里通知参加的人，是这一场的对象。")
    )
    field_order = ("unit", "begins_at", "ends_at", "place", "host")

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, account=account, **kwargs)
        self.fields["unit"].units = Unit.objects.filter(within(account.scopes("education.session.schedule")))  # type: ignore[attr-defined]


class Minute(ActForm):
    minutes = forms.CharField(
        label=gettext_lazy("记录"), required=False, max_length=100_000, widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy("谁讲了什么、讨论了什么、定了什么。空一行分段；行首写“## ”是标题。"),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("或者上传 DOCX"),
        required=False,
        help_text=gettext_lazy("文件里的文字会读进来，代替上面的记录。"),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        sent = data.pop("file", None)
        if sent is not None:
            try:
                data["minutes"] = from_docx(sent.read())
            except Unreadable as error:
                raise ValidationError({"file": str(error)}) from error
        if not str(data.get("minutes", "")).strip():
            raise ValidationError({"minutes": _("记录还是空的。")})
        return data


class Register(ActForm):
    numbers = forms.CharField(
        label=gettext_lazy("人员编号"), max_length=60_000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("每行一个，可以从 Excel 整列粘贴。"),
    )  # fmt: skip

    def clean_numbers(self) -> list[str]:
        return list(dict.fromkeys(filter(None, re.split(r"[\s,，;；、]+", self.cleaned_data["numbers"].strip()))))


class Correct(ActForm):
    number = forms.CharField(
        label=gettext_lazy("人员编号"), max_length=40, help_text=gettext_lazy("登记为到场、其实没有到场的人。")
    )
    reason = forms.CharField(
        label=gettext_lazy("更正的理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("怎么知道没有到场，例如核对了签到表、本人说明。原来的登记保留，谁更正的、为什么，都查得到。"),
    )  # fmt: skip


class AskLeave(ActForm):
    reason = forms.ChoiceField(label=gettext_lazy("缺席理由"))
    note = forms.CharField(label=gettext_lazy("说明"), max_length=300, required=False)

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, account=account, **kwargs)
        self.fields["reason"].choices = list(queries.reasons().items())  # type: ignore[attr-defined]


class Excuse(Register, AskLeave):
    field_order = ("numbers", "reason", "note")
