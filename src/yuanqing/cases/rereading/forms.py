"""What a blind reader fills in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from yuanqing.cases.lead.forms import SealedText
from yuanqing.cases.lead.queries import Codes, drafted
from yuanqing.cases.rereading.models import Rereading


class Give(forms.Form):
    opinion = forms.ChoiceField(label=gettext_lazy("意见"), widget=forms.RadioSelect)
    rereading = SealedText(gettext_lazy("理由（加密）"))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, record: Rereading, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record
        field: Any = self.fields["opinion"]
        field.choices = Codes().choices("opinion")

    @property
    def values(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "opinion": said["opinion"],
            "drafts": drafted(self.record.easing.lead, {"rereading": said["rereading"]}),
        }
