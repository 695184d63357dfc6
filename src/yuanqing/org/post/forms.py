"""What one fills in to keep posts, appointments and jurisdictions."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from yuanqing.org.person.forms import PersonActForm, PersonField
from yuanqing.org.unit.forms import ActForm, CodeChoice, DayField, UnitField


class Create(ActForm):
    unit = UnitField(label=gettext_lazy("单位"))
    code = forms.CharField(label=gettext_lazy("岗位代码"), max_length=40)
    name = forms.CharField(label=gettext_lazy("岗位名称"), max_length=100)
    rank = CodeChoice("rank", label=gettext_lazy("职级"), required=False)
    is_key = forms.BooleanField(label=gettext_lazy("重点岗位"), required=False)


class Amend(ActForm):
    name = forms.CharField(label=gettext_lazy("岗位名称"), max_length=100)
    rank = CodeChoice("rank", label=gettext_lazy("职级"), required=False)


class MarkKey(ActForm):
    is_key = forms.BooleanField(label=gettext_lazy("是重点岗位"), required=False)
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200)


class End(ActForm):
    on = DayField(label=gettext_lazy("从哪天起撤销"), initial=timezone.localdate)
    reason = forms.CharField(label=gettext_lazy("事由"), max_length=200)


class Appoint(PersonActForm):
    person = PersonField(label=gettext_lazy("人员"))
    starts_on = DayField(label=gettext_lazy("任职日期"), initial=timezone.localdate)
    document = forms.CharField(label=gettext_lazy("任免文号"), max_length=100, required=False)


class EndAppointment(ActForm):
    on = DayField(label=gettext_lazy("免职日期"), initial=timezone.localdate)
    reason = forms.CharField(label=gettext_lazy("事由"), max_length=200)


class SetJurisdiction(ActForm):
    unit = UnitField(label=gettext_lazy("干部所在单位"))
    rank = CodeChoice("rank", label=gettext_lazy("职级"))
    manager = UnitField(label=gettext_lazy("主管单位"))
    starts_on = DayField(label=gettext_lazy("起始日期"), initial=timezone.localdate)


class EndJurisdiction(ActForm):
    on = DayField(label=gettext_lazy("最后一天"), initial=timezone.localdate)
    reason = forms.CharField(label=gettext_lazy("事由"), max_length=200)
