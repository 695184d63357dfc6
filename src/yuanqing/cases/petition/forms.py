"""What one fills in about a petition; what is secret is sealed before it reaches an act."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.cases.petition.models import Petition
from yuanqing.cases.petition.queries import WEB, Codes, is_barred
from yuanqing.kernel.sealing.models import Holder
from yuanqing.org.account.models import Account
from yuanqing.org.person.forms import PersonField
from yuanqing.org.person.models import Person
from yuanqing.org.unit.forms import DayField
from yuanqing.shell.form_page import ask_only_when


class ActForm(forms.Form):
    """A form of one act on one petition."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, record: Petition | None, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record, self.account = record, account
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the record and the reader."""

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class Register(ActForm):
    channel = forms.ChoiceField(label=gettext_lazy("来源渠道"))
    kind = forms.ChoiceField(label=gettext_lazy("类别"))
    level = forms.ChoiceField(
        label=gettext_lazy("被反映人级别"), help_text=gettext_lazy("不加密，决定由谁办理和期限。")
    )
    received_on = DayField(label=gettext_lazy("收到日期"), initial=timezone.localdate)
    is_assigned_from_above = forms.BooleanField(label=gettext_lazy("上级交办（要报结果）"), required=False)
    who = forms.CharField(label=gettext_lazy("反映谁（加密）"), max_length=300)
    text = forms.CharField(
        label=gettext_lazy("内容或笔录（加密）"), widget=forms.Textarea(attrs={"rows": 10}), max_length=50_000
    )
    is_named = forms.BooleanField(label=gettext_lazy("实名（有真实姓名或单位名称，并且能联系上）"), required=False)
    name = forms.CharField(label=gettext_lazy("反映人姓名或单位（加密）"), required=False, max_length=300)
    contact = forms.CharField(label=gettext_lazy("联系方式（加密）"), required=False, max_length=300)

    def prepare(self) -> None:
        codes = Codes()
        tables = {"channel": codes.channels, "kind": codes.kinds, "level": codes.levels}
        for name, table in tables.items():
            choices = [(e.code, e.label) for e in table.values() if e.code != WEB]
            self.fields[name].choices = [("", "—"), *choices]  # type: ignore[attr-defined]
        ask_only_when(self, {"name": "is_named=on", "contact": "is_named=on"})

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("is_named"):
            for name in ("name", "contact"):
                if not said.get(name):
                    self.add_error(name, _("实名要有真实姓名（单位名称）和能联系上的方式；没有的按匿名登记。"))
        return said

    @property
    def secret(self) -> dict[str, Any]:
        """What is sealed."""
        said = self.cleaned_data
        content: dict[str, Any] = {"text": said["text"], "answers": {"who": said["who"]}, "files": []}
        if said["is_named"]:
            content["reporter"] = {"name": said["name"], "contact": said["contact"]}
        return content

    @property
    def envelope(self) -> dict[str, Any]:
        names = ("channel", "kind", "level", "received_on", "is_named", "is_assigned_from_above")
        return {name: self.cleaned_data[name] for name in names}


class Nothing(ActForm):
    """Acts that ask for nothing but a confirmation."""


class Acknowledge(ActForm):
    on = DayField(label=gettext_lazy("告知日期"), initial=timezone.localdate)


class Repeat(ActForm):
    of = forms.CharField(label=gettext_lazy("与哪一件重复（编号）"), max_length=40)

    def clean_of(self) -> Petition:
        found: Petition | None = (
            Petition.objects.visible_to(self.account).filter(number=self.cleaned_data["of"]).first()
        )
        if found is None:
            raise ValidationError(_("没有这个编号。"))
        return found


class PassOn(ActForm):
    to = forms.CharField(label=gettext_lazy("送往的机关或单位"), max_length=200)
    on = DayField(label=gettext_lazy("送出日期"), initial=timezone.localdate)


class Decline(ActForm):
    reason = forms.CharField(label=gettext_lazy("不予受理的理由"), max_length=300)


class Assign(ActForm):
    handler = forms.ChoiceField(
        label=gettext_lazy("承办人"), help_text=gettext_lazy("只列出已启用钥匙、有承办角色、不需要回避的人。")
    )

    def prepare(self) -> None:
        self.fields["handler"].choices = [("", "—"), *((str(h.pk), h.name) for h in self.candidates())]  # type: ignore[attr-defined]

    def candidates(self) -> list[Holder]:
        holders = Holder.objects.active().filter(kind="person")
        accounts = Account.objects.in_bulk([h.account_id for h in holders])
        return [
            h
            for h in holders
            if h.account_id is not None
            and h.account_id in accounts
            and accounts[h.account_id].can("cases.petition.conclude")
            and (self.record is None or not is_barred(self.record, h.account_id))
        ]

    @property
    def values(self) -> dict[str, Any]:
        holder = Holder.objects.get(pk=self.cleaned_data["handler"])
        return {"holder": holder, "handler": Account.objects.get(pk=holder.account_id)}


class Prolong(ActForm):
    approval = forms.CharField(
        label=gettext_lazy("批准人和批准文号"),
        max_length=200,
        help_text=gettext_lazy("第一次由本机关主要负责人批准并报告上级；再延长由上级决定。"),
    )


class Conclude(ActForm):
    outcome = forms.ChoiceField(label=gettext_lazy("办理结果"))

    def prepare(self) -> None:
        choices = [(e.code, e.label) for e in Codes().outcomes.values() if e.code != "declined"]
        self.fields["outcome"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]


class FeedBack(ActForm):
    how = forms.CharField(label=gettext_lazy("怎样反馈的"), max_length=300)


class Bar(ActForm):
    person = PersonField(
        label=gettext_lazy("被反映的人"),
        help_text=gettext_lazy("他本人、他负责的单位和下级的账号从此看不到这一件；系统只记下谁要回避，不记下他是谁。"),
    )

    def prepare(self) -> None:
        self.fields["person"].people = Person.objects.all()  # type: ignore[attr-defined]


class Answer(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("写给举报人"), widget=forms.Textarea(attrs={"rows": 5}), max_length=20_000
    )
