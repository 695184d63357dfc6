"""What one fills in about an appeal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.cases.appeal import queries
from yuanqing.cases.redress.queries import Remedies
from yuanqing.cases.sanction.models import Sanction
from yuanqing.kernel.database.scope import as_system
from yuanqing.org.person.forms import RecordForm
from yuanqing.org.unit.forms import DayField


class File(RecordForm):
    sanction = forms.ChoiceField(label=gettext_lazy("处分"))
    kind = forms.ChoiceField(label=gettext_lazy("申诉种类"))
    known_on = DayField(label=gettext_lazy("知道决定的日期"), help_text=gettext_lazy("决定送达本人的日期。"))
    filed_on = DayField(label=gettext_lazy("提出日期"), initial=timezone.localdate)
    grounds = forms.CharField(
        label=gettext_lazy("申诉理由"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("不服的是什么、为什么、请求什么。"),
    )  # fmt: skip

    def prepare(self) -> None:
        self.choose("sanction", queries.appealable(self.account))
        self.choose("kind", Remedies().choices("appeal_kind"))

    def clean_sanction(self) -> Sanction:
        with as_system():  # it stands among the choices
            found: Sanction = Sanction.objects.select_related("person", "unit").get(pk=self.cleaned_data["sanction"])
        return found


class Accept(RecordForm):
    reviewer = forms.ChoiceField(
        label=gettext_lazy("复查人"), help_text=gettext_lazy("只列出没有参加过原案审查、审理、决定、登记的人。")
    )
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=300, required=False)

    def prepare(self) -> None:
        self.found = {str(one.pk): one for one in queries.reviewers(self.record)}
        self.choose("reviewer", [(pk, str(one)) for pk, one in self.found.items()])
        if self.record.is_late:
            self.fields["reason"].help_text = _("超过期限提出的，受理要写明理由。")

    def clean_reviewer(self) -> Any:
        return self.found[self.cleaned_data["reviewer"]]


class Review(RecordForm):
    proposal = forms.ChoiceField(label=gettext_lazy("建议"))
    report = forms.CharField(
        label=gettext_lazy("复查意见"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8})
    )

    def prepare(self) -> None:
        self.choose("proposal", Remedies().choices("appeal_outcome"))


class Decide(RecordForm):
    outcome = forms.ChoiceField(label=gettext_lazy("复查结果"))
    document = forms.CharField(label=gettext_lazy("决定文号"), max_length=100)
    on = DayField(label=gettext_lazy("决定日期"), initial=timezone.localdate)
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("本人能看到。"),
    )  # fmt: skip

    def prepare(self) -> None:
        self.choose("outcome", Remedies().choices("appeal_outcome"))


class Tell(RecordForm):
    on = DayField(label=gettext_lazy("告知日期"), initial=timezone.localdate)
