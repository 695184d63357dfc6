"""What one fills in about a partner body."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.cases.partner import queries
from yuanqing.cases.partner.rules import LONGEST
from yuanqing.org.person.forms import RecordForm
from yuanqing.org.unit.forms import UnitField


class Propose(RecordForm):
    relation = forms.ChoiceField(label=gettext_lazy("关系"))
    card = forms.FileField(
        label=gettext_lazy("对方的名片"), required=False, help_text=gettext_lazy("对方在“往来机关”页下载的文件。")
    )
    unit = UnitField(
        label=gettext_lazy("或者本系统内的单位"), required=False,
        help_text=gettext_lazy("同一套系统里的单位不用名片，交办时不走文件。"),
    )  # fmt: skip

    def prepare(self) -> None:
        self.choose("relation", [(code, entry.label) for code, entry in queries.relations().items()])

    def clean_card(self) -> str:
        given: Any = self.cleaned_data["card"]
        if not given:
            return ""
        try:
            return str(given.read(LONGEST + 1).decode())
        except UnicodeDecodeError as error:
            raise ValidationError(_("这不是对方系统导出的名片，或者内容被改动过。")) from error


class Confirm(RecordForm):
    fingerprint = forms.CharField(
        label=gettext_lazy("对方报来的指纹"), max_length=60,
        help_text=gettext_lazy("用与名片不同的途径（电话、当面、机要公文）向对方索取后逐字填写，不要照抄本页。"),
    )  # fmt: skip
    compared = forms.CharField(label=gettext_lazy("怎样核对的"), max_length=200)

    def prepare(self) -> None:
        if self.record is not None and self.record.is_inside:
            del self.fields["fingerprint"]


class Found(RecordForm):
    name = forms.CharField(label=gettext_lazy("本机关名称"), max_length=100)
