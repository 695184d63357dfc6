"""What one fills in to decide on a lead, or to ask for a delay, a merger, a lowering or the way up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.cases.disposal.actions import CHECKS
from yuanqing.cases.lead.forms import ActForm, Reason, SealedText
from yuanqing.cases.lead.models import Lead
from yuanqing.org.unit.forms import DayField


class WithSecretary(Reason):
    """A decision that for some levels needs the consent of the head of the Party committee of the same level first."""

    secretary_on = DayField(label=gettext_lazy("同级党委（党组）主要负责人同意的日期"), required=False)

    def prepare(self) -> None:
        if self.record is not None and self.record.level not in self.codes.table("needs_secretary"):
            del self.fields["secretary_on"]
        else:
            self.fields["secretary_on"].required = True


class Request(ActForm):
    papers = ("easing_reason",)
    tables: ClassVar[dict[str, str]] = {"kind": "easing", "ground": "ground", "level": "level"}
    when: ClassVar[Mapping[str, str]] = {
        "until": "kind=easing_delay",
        "into": "kind=easing_merge",
        "level": "kind=easing_lower",
        "passed_to": "kind=easing_send_up",
    }

    kind = forms.ChoiceField(label=gettext_lazy("申请的事项"))
    ground = forms.ChoiceField(label=gettext_lazy("情形"))
    easing_reason = SealedText(gettext_lazy("具体理由（加密）"))
    until = DayField(label=gettext_lazy("延到"), required=False)
    into = forms.CharField(label=gettext_lazy("并入哪一件（编号）"), max_length=40, required=False)
    level = forms.ChoiceField(label=gettext_lazy("改为哪一级别"), required=False)
    passed_to = forms.CharField(label=gettext_lazy("报送的上级机关"), max_length=200, required=False)

    def prepare(self) -> None:
        field: Any = self.fields["kind"]
        field.choices = [("", "—"), *((c, label) for c, label in self.codes.choices("easing") if c in CHECKS)]

    def clean_into(self) -> Lead | None:
        text = self.cleaned_data["into"].strip()
        if not text:
            return None
        found: Lead | None = Lead.objects.visible_to(self.account).filter(number=text).first()
        if found is None:
            raise ValidationError(_("没有这个编号。"))
        return found
