"""What one fills in about a case; what is secret is sealed before it reaches an act."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy

from yuanqing.cases.case.models import PARTS
from yuanqing.cases.case.queries import CHANNEL, Codes, candidates
from yuanqing.cases.lead.forms import ActForm, SealedText
from yuanqing.kernel.sealing.models import Holder
from yuanqing.org.account.models import Account
from yuanqing.org.unit.forms import DayField


class CaseForm(ActForm):
    """A form of one act on one case; `tables` are those of the cases pack."""

    channel = CHANNEL

    def find_codes(self) -> Codes:
        return Codes()


class Confirm(CaseForm):
    """Acts that ask for nothing but a confirmation."""


class OnADay(CaseForm):
    on = DayField(label=gettext_lazy("日期"), initial=timezone.localdate)


class Reason(CaseForm):
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=300, help_text=gettext_lazy("进入台账，不写姓名和案情。")
    )


class Staff(CaseForm):
    chosen = forms.ChoiceField(
        label=gettext_lazy("人员和承担的工作"),
        help_text=gettext_lazy(
            "只列出已启用钥匙、有角色、不需要回避、在这件案子里没有别的工作的人；承办过线索的不能审理。"
        ),
    )

    def prepare(self) -> None:
        field: Any = self.fields["chosen"]
        found = [
            (f"{part}:{holder.pk}", f"{holder.name}（{label}）")
            for part, label in PARTS.items()
            for holder in candidates(self.record, part)
        ]
        field.choices = [("", "—"), *found]

    @property
    def values(self) -> dict[str, Any]:
        part, _colon, pk = self.cleaned_data["chosen"].partition(":")
        holder = Holder.objects.get(pk=pk)
        return {"part": part, "holder": holder, "officer": Account.objects.get(pk=holder.account_id)}


class Plan(CaseForm):
    papers = ("plan",)
    plan = SealedText(gettext_lazy("审查方案（加密）"), rows=8)


class UseMeasure(CaseForm):
    tables: ClassVar[dict[str, str]] = {"kind": "measure"}

    kind = forms.ChoiceField(label=gettext_lazy("措施"))
    approved_by = forms.CharField(label=gettext_lazy("批准人和文号"), max_length=200)
    starts_on = DayField(label=gettext_lazy("起始日期"), initial=timezone.localdate)
    ends_on = DayField(
        label=gettext_lazy("终止日期"),
        required=False,
        help_text=gettext_lazy("没有终止的先空着；终止时按同一措施、同一起始日期再登记一次。"),
    )

    def prepare(self) -> None:
        approver = {e.label: e.data["values"].get("approver", "") for e in self.codes.table("measure").values()}
        self.fields["kind"].help_text = "；".join(f"{name}：{who}" for name, who in approver.items() if who)


class AddEvidence(CaseForm):
    papers = ("evidence_note",)
    tables: ClassVar[dict[str, str]] = {"kind": "evidence"}

    kind = forms.ChoiceField(label=gettext_lazy("证据种类"))
    digest = forms.CharField(
        label=gettext_lazy("文件或扫描件的 SHA-256"), max_length=64,
        validators=[RegexValidator(r"^[0-9a-f]{64}$", gettext_lazy("SHA-256 是 64 位十六进制数（小写）。"))],
        help_text=gettext_lazy("选一个文件，浏览器自己算出来，文件不上传；也可以用 certutil -hashfile 文件 SHA256 得到。"),
        widget=forms.TextInput(attrs={"data-digest": "", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    pages = forms.IntegerField(label=gettext_lazy("页数"), min_value=0, max_value=100_000, required=False)
    obtained_on = DayField(label=gettext_lazy("取得日期"), initial=timezone.localdate)
    obtained_by = forms.IntegerField(label=gettext_lazy("取证人数"), min_value=1, max_value=99, initial=2)
    kept_at = forms.CharField(label=gettext_lazy("保管处"), max_length=200)
    evidence_note = SealedText(gettext_lazy("名称、来源和证明什么（加密）"))

    def clean_pages(self) -> int:
        return int(self.cleaned_data["pages"] or 0)


class HandOn(CaseForm):
    number = forms.TypedChoiceField(label=gettext_lazy("证据"), coerce=int)
    on = DayField(label=gettext_lazy("交接日期"), initial=timezone.localdate)
    given_by = forms.CharField(label=gettext_lazy("移交人"), max_length=100)
    taken_by = forms.CharField(label=gettext_lazy("接收人"), max_length=100)
    kept_at = forms.CharField(label=gettext_lazy("保管处"), max_length=200)
    is_same = forms.BooleanField(
        label=gettext_lazy("重新计算的 SHA-256 与目录相符"), required=False,
        help_text=gettext_lazy("不相符的也登记，不勾选。"),
    )  # fmt: skip

    def prepare(self) -> None:
        field: Any = self.fields["number"]
        rows = self.record.evidence.order_by("number")
        field.choices = [("", "—"), *((e.number, f"{e.number} · {self.codes.label('evidence', e.kind)}") for e in rows)]


class ShowFacts(CaseForm):
    papers = ("facts", "answer")
    on = DayField(label=gettext_lazy("见面日期"), initial=timezone.localdate)
    facts = SealedText(gettext_lazy("错误事实见面材料（加密）"), rows=8)
    answer = SealedText(gettext_lazy("本人意见（加密）"), help_text=gettext_lazy("原样记下；没有意见的也写明。"))


class Submit(CaseForm):
    papers = ("case_report",)
    case_report = SealedText(gettext_lazy("审查报告（加密）"), rows=10)


class Prolong(Reason):
    until = DayField(label=gettext_lazy("延到"))


class NoteIntervention(CaseForm):
    papers = ("intervention",)
    tables: ClassVar[dict[str, str]] = {"kind": "intervention"}

    kind = forms.ChoiceField(label=gettext_lazy("方式"))
    on = DayField(label=gettext_lazy("发生日期"), initial=timezone.localdate)
    intervention = SealedText(gettext_lazy("谁、怎样过问（加密）"))
