"""What one fills in about a sitting; what is said there is sealed before it reaches an act."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.cases.lead.forms import ActForm, SealedText
from yuanqing.cases.sitting import policies, queries
from yuanqing.cases.sitting.models import VOTES
from yuanqing.cases.sitting.queries import CHANNEL, Codes
from yuanqing.org.person.forms import RecordForm
from yuanqing.org.unit.forms import DayField
from yuanqing.shell.form_page import ask_only_when

BLANK = ("", "—")


class SittingForm(ActForm):
    """A form of one act on one sitting; `tables` are those of the sittings pack."""

    channel = CHANNEL

    def find_codes(self) -> Codes:
        return Codes()

    def offer(self, name: str, choices: list[tuple[str, Any]], blank: bool = True) -> None:
        field: Any = self.fields[name]
        field.choices = [*([BLANK] if blank else []), *choices]


def ask_of_each(
    form: forms.Form, name: str, members: Iterable[tuple[str, str]], codes: Iterable[Any], label: str, *, required: bool = False
) -> None:  # fmt: skip
    """A choice for each of these members."""
    for pk, member in members:
        field = forms.ChoiceField(label=label % {"member": member}, choices=[BLANK, *codes], required=required)
        form.fields[f"{name}_{pk}"] = field


def answers_of_each(given: dict[str, Any], name: str, as_one: str) -> dict[str, Any]:
    """The choices together, by member, as an act takes them; what was left open is left out."""
    named = [field for field in given if field.startswith(f"{name}_")]
    chosen = {field.removeprefix(f"{name}_"): given.pop(field) for field in named}
    given[as_one] = {pk: code for pk, code in chosen.items() if code}
    return given


class Convene(RecordForm):
    """Made before there is a sitting whose key it could be sealed to."""

    body = forms.ChoiceField(label=gettext_lazy("会议"))
    held_on = DayField(label=gettext_lazy("会议日期"), initial=timezone.localdate)
    place = forms.CharField(label=gettext_lazy("地点"), max_length=200)
    question = SealedText(
        gettext_lazy("提请审议的问题（加密）"), rows=10,
        help_text=gettext_lazy("写明主要事实、审理或者承办部门的意见、拟作的处理；成员只看这里写的，看不到案卷。"),
    )  # fmt: skip

    def prepare(self) -> None:
        self.choose("body", Codes().choices("body"))


class Attend(SittingForm):
    on = DayField(label=gettext_lazy("会议日期"), initial=timezone.localdate)
    present = forms.MultipleChoiceField(
        label=gettext_lazy("到会的成员"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=gettext_lazy("没有勾选的按缺席记，在下面写明原因。要回避的，先点“登记回避”。"),
    )  # fmt: skip

    chair = forms.ChoiceField(label=gettext_lazy("主持人"))
    began_at = forms.TimeField(
        label=gettext_lazy("开始时刻"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )

    def prepare(self) -> None:
        members = [(str(row.account_id), str(row.account)) for row in queries.can_be_present(self.record)]
        self.offer("present", members, blank=False)
        self.offer("chair", members)
        ask_of_each(self, "absent", members, self.codes.choices("absence"), _("%(member)s缺席的原因（没有勾选的才填）"))
        ask_only_when(self, {f"absent_{pk}": f"present!={pk}" for pk, _name in members})
        self.order_fields(["on", "began_at", "present", "chair"])

    def clean(self) -> dict[str, Any]:
        return answers_of_each(super().clean() or self.cleaned_data, "absent", "absences")


class Withdraw(RecordForm):
    member = forms.ChoiceField(label=gettext_lazy("成员"))
    ground = forms.ChoiceField(label=gettext_lazy("回避的情形"))

    def prepare(self) -> None:
        rows = self.record.attendees.exclude(part="withdrew").select_related("account")
        self.choose("member", [(str(row.account_id), str(row.account)) for row in rows])
        self.choose("ground", [(code, entry.label) for code, entry in queries.grounds().items()])


class Speak(SittingForm):
    papers = ("words",)

    member = forms.ChoiceField(label=gettext_lazy("成员"))
    vote = forms.ChoiceField(label=gettext_lazy("表态"))
    words = SealedText(gettext_lazy("意见（加密）"), help_text=gettext_lazy("写明意见和理由；再写一次的以后一次为准。"))

    def prepare(self) -> None:
        self.offer("vote", list(VOTES.items()))
        if policies.records(self.account, self.record):
            rows = queries.present(self.record)
            self.offer("member", [(str(row.account_id), str(row.account)) for row in rows])
        else:
            del self.fields["member"]


class Resolve(SittingForm):
    papers = ("resolution", "minutes")
    tables: ClassVar[dict[str, str]] = {"outcome": "outcome"}

    outcome = forms.ChoiceField(
        label=gettext_lazy("决议"), help_text=gettext_lazy("要与表态相符；没有结论的选暂缓，以后另行审议。")
    )
    decision = forms.ChoiceField(label=gettext_lazy("同意的处理结果"), required=False)
    resolution = SealedText(gettext_lazy("决议内容（加密）"), rows=4)
    minutes = SealedText(
        gettext_lazy("会议记录（加密）"), rows=10, help_text=gettext_lazy("写明讨论经过、各人意见和表决情况。")
    )

    def prepare(self) -> None:
        if self.record.purpose == "sanction":
            self.offer("decision", queries.decisions())
        else:
            del self.fields["decision"]


class Sign(SittingForm):
    papers = ("remark",)
    remark = SealedText(
        gettext_lazy("说明（加密）"), rows=3, required=False,
        help_text=gettext_lazy("对记录没有不同意见的不用写；写了的随记录保存。"),
    )  # fmt: skip


class Objection(SittingForm):
    papers = ("objection",)
    objection = SealedText(
        gettext_lazy("异议（加密）"),
        help_text=gettext_lazy("写明对记录或者决议的不同意见和理由；随记录保存，不改变决议。"),
    )


class CloseMinutes(SittingForm):
    """One question for each member who has not signed."""

    papers = ("excuse",)
    excuse = SealedText(
        gettext_lazy("缺签说明（加密）"),
        help_text=gettext_lazy("写明怎样催签、为什么没有签字；本人能看到，可以补签或者提出异议。"),
    )

    def prepare(self) -> None:
        missing = [(str(row.account_id), str(row.account)) for row in queries.unsigned(self.record)]
        codes = self.codes.choices("excuse")
        ask_of_each(self, "excuse", missing, codes, _("%(member)s没有签字的原因"), required=True)
        self.order_fields([name for name in self.fields if name.startswith("excuse_")])

    def clean(self) -> dict[str, Any]:
        return answers_of_each(super().clean() or self.cleaned_data, "excuse", "excuses")


class Correct(SittingForm):
    papers = ("correction",)
    correction = SealedText(
        gettext_lazy("更正（加密）"), help_text=gettext_lazy("写明哪里有误、应当怎样；原来的记录不改动。")
    )


class Reason(SittingForm):
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=300, help_text=gettext_lazy("进入台账，不写姓名和案情。")
    )
