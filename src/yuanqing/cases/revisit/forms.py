"""What one fills in about a return visit."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from yuanqing.cases.redress.queries import Remedies
from yuanqing.cases.sanction.models import Sanction
from yuanqing.cases.sanction.queries import Codes
from yuanqing.org.person.forms import ReasonForm, RecordForm
from yuanqing.org.unit.forms import DayField


class Plan(RecordForm):
    sanction = forms.ModelChoiceField(Sanction.objects.none(), label=gettext_lazy("处分"))
    due_on = DayField(label=gettext_lazy("应当回访日期"))

    def prepare(self) -> None:
        field, codes = self.fields["sanction"], Codes()
        rows = Sanction.objects.visible_to(self.account).exclude(state="revoked").select_related("person", "unit")
        field.queryset = rows.order_by("-decided_on")  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{one.person.name} · {codes.label(one.kind)} · {one.document}"  # type: ignore[attr-defined]


class Hold(RecordForm):
    on = DayField(label=gettext_lazy("回访日期"), initial=timezone.localdate)
    people = forms.IntegerField(label=gettext_lazy("回访人数"), min_value=1, max_value=99, initial=2)
    impression = forms.ChoiceField(label=gettext_lazy("总的情况"))
    record = forms.CharField(
        label=gettext_lazy("谈话情况"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("对处分的认识、思想状况、工作表现、单位和家人的态度。"),
    )  # fmt: skip
    help = forms.CharField(label=gettext_lazy("需要的帮助"), max_length=500, required=False)

    def prepare(self) -> None:
        self.choose("impression", Remedies().choices("impression"))


class PutOff(ReasonForm):
    until = DayField(label=gettext_lazy("推迟到"))
