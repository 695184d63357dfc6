"""What one fills in about what follows a case."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from yuanqing.cases.redress.queries import Remedies, clauses
from yuanqing.education.column.queries import kinds
from yuanqing.org.person.forms import PersonField, RecordForm
from yuanqing.org.unit.forms import DayField, UnitField


class Issue(RecordForm):
    kind = forms.ChoiceField(label=gettext_lazy("种类"))
    title = forms.CharField(label=gettext_lazy("标题"), max_length=100, help_text=gettext_lazy("责任单位能看到。"))
    text = forms.CharField(
        label=gettext_lazy("内容"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("写明查出的问题、原因和要做什么；不写案件涉及的人。警示教育还不能写单位名称。"),
    )  # fmt: skip
    unit = UnitField(label=gettext_lazy("责任单位"))
    owner = PersonField(label=gettext_lazy("责任人"), required=False)
    type = forms.ChoiceField(
        label=gettext_lazy("对应条款"), required=False,
        help_text=gettext_lazy("写明以后，同一单位同一条款在观察期内又出现的，自动算作复发。"),
    )  # fmt: skip
    due_on = DayField(label=gettext_lazy("期限"), required=False, help_text=gettext_lazy("不填的，一个月。"))

    def prepare(self) -> None:
        self.choose("kind", Remedies().choices("redress_kind"))
        self.choose("type", list(clauses().items()))


class Answer(RecordForm):
    is_accepted = forms.TypedChoiceField(
        label=gettext_lazy("是否采纳"), coerce=lambda value: value == "yes",
        choices=[("", "—"), ("yes", gettext_lazy("采纳")), ("no", gettext_lazy("不采纳"))],
    )  # fmt: skip
    answer = forms.CharField(
        label=gettext_lazy("答复"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("做了什么、谁负责、什么时候完成；不采纳的写明理由。"),
    )  # fmt: skip


class Verify(RecordForm):
    on = DayField(label=gettext_lazy("回访日期"), initial=timezone.localdate)
    effect = forms.ChoiceField(label=gettext_lazy("回访结果"))
    finding = forms.CharField(
        label=gettext_lazy("回访情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("到现场看到了什么。"),
    )  # fmt: skip

    def prepare(self) -> None:
        self.choose("effect", Remedies().choices("effect"))


class Teach(RecordForm):
    kind = forms.ChoiceField(label=gettext_lazy("栏目"))
    is_deidentified = forms.BooleanField(label=gettext_lazy("已核对：看不出是谁、哪个单位、哪个项目"), required=False)

    def prepare(self) -> None:
        self.choose("kind", [(code, entry.label) for code, entry in kinds().items()])
