"""What one fills in about a sanction."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.cases.case.models import Case
from yuanqing.cases.sanction.queries import Codes
from yuanqing.org.person.forms import PersonField, RecordForm
from yuanqing.org.unit.forms import DayField


class Impose(RecordForm):
    person = PersonField(label=gettext_lazy("受处分人"))
    kind = forms.ChoiceField(label=gettext_lazy("处分种类"))
    decided_on = DayField(label=gettext_lazy("决定日期"), initial=timezone.localdate)
    document = forms.CharField(label=gettext_lazy("文号"), max_length=100)
    months = forms.IntegerField(
        label=gettext_lazy("留党察看的月数"), required=False, min_value=1, max_value=60,
        help_text=gettext_lazy("十二或者二十四；其他处分不填。"),
    )  # fmt: skip
    is_for_removal = forms.BooleanField(label=gettext_lazy("应撤销党内职务而没有党内职务"), required=False)
    case = forms.CharField(label=gettext_lazy("案号"), max_length=40, required=False)

    def prepare(self) -> None:
        self.choose("kind", [(e.code, e.label) for e in Codes().kinds.values()])

    def clean_case(self) -> Case | None:
        text = self.cleaned_data["case"].strip()
        found: Case | None = Case.objects.visible_to(self.account).filter(number=text).first() if text else None
        if text and found is None:
            raise ValidationError(_("没有这个编号。"))
        return found


class Restore(RecordForm):
    on = DayField(label=gettext_lazy("恢复党员权利日期"), initial=timezone.localdate)


class Revoke(RecordForm):
    reason = forms.CharField(label=gettext_lazy("撤销的理由和文号"), max_length=300)
    on = DayField(label=gettext_lazy("撤销日期"), initial=timezone.localdate)


class Ask(RecordForm):
    """Whose periods run on a day: what an integrity opinion rests on."""

    person = PersonField(label=gettext_lazy("人员"))
    on = DayField(label=gettext_lazy("哪一天"), initial=timezone.localdate)
