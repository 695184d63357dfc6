"""What one fills in about a lead; what is secret is sealed before it reaches an act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.cases.lead import rules
from yuanqing.cases.lead.policies import is_barred
from yuanqing.cases.lead.queries import CHANNEL, Codes, able, drafted
from yuanqing.kernel.sealing.models import Holder
from yuanqing.org.account.models import Account
from yuanqing.org.person.forms import PersonField
from yuanqing.org.person.models import Person
from yuanqing.org.unit.forms import DayField, UnitField
from yuanqing.org.unit.models import Unit
from yuanqing.shell.form_page import ask_only_when

SEALED = gettext_lazy("（加密）")


class SealedText(forms.CharField):
    """A text that is sealed to the file's key before anything is written."""

    def __init__(self, label: Any, rows: int = 5, required: bool = True, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
        super().__init__(label=label, widget=widget, required=required, max_length=50_000, **kwargs)


class ActForm(forms.Form):
    """A form of one act on one lead; fields named in `papers` become sealed papers of its file."""

    papers: ClassVar[tuple[str, ...]] = ()
    tables: ClassVar[dict[str, str]] = {}  # field → table of the leads pack
    channel: ClassVar[str] = CHANNEL
    when: ClassVar[Mapping[str, str]] = {}  # field → the answer under which it is asked

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, record: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record, self.account, self.codes = record, account, self.find_codes()
        for name, table in self.tables.items():
            field: Any = self.fields[name]
            blank = [] if isinstance(field, forms.MultipleChoiceField) else [("", "—")]
            field.choices = [*blank, *self.codes.choices(table)]
        self.prepare()
        ask_only_when(self, self.when)

    def find_codes(self) -> Any:
        return Codes()

    def prepare(self) -> None:
        """Fill in what depends on the record and the reader."""

    def ask_under_steps(self, field: str, table: str, asked: Mapping[str, str]) -> None:
        """Fields that are asked only where what is chosen in `field` leads to one of these steps of a lead."""
        leads_to = {code: self.codes.value(table, code, "step") for code in self.codes.table(table)}
        for name, steps in asked.items():
            codes = [code for code, step in leads_to.items() if step in steps.split()]
            ask_only_when(self, {name: f"{field}={' '.join(codes)}"})

    @property
    def values(self) -> dict[str, Any]:
        """What the act takes."""
        found = {n: v for n, v in self.cleaned_data.items() if n != "version" and n not in self.papers}
        if self.papers:
            found["drafts"] = drafted(self.record, {n: self.cleaned_data.get(n, "") for n in self.papers}, self.channel)
        return found


class Nothing(ActForm):
    """Acts that ask for nothing but a confirmation."""


class Reason(ActForm):
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=300, help_text=gettext_lazy("进入台账，不写姓名和案情。")
    )


class Register(ActForm):
    tables: ClassVar[dict[str, str]] = {
        "source": "source",
        "category": "category",
        "level": "level",
        "elements": "element",
    }

    unit = UnitField(label=gettext_lazy("管理单位"), help_text=gettext_lazy("由哪个单位的纪检机关办理；填代码或名称。"))
    source = forms.ChoiceField(label=gettext_lazy("来源"))
    category = forms.ChoiceField(label=gettext_lazy("问题类别"))
    level = forms.ChoiceField(label=gettext_lazy("被反映人级别"), help_text=gettext_lazy("不加密，决定审批和期限。"))
    received_on = DayField(label=gettext_lazy("入册日期"), initial=timezone.localdate)
    is_named = forms.BooleanField(label=gettext_lazy("实名"), required=False)
    who = forms.CharField(label=gettext_lazy("反映谁（加密）"), max_length=300)
    subject1 = PersonField(
        label=gettext_lazy("名册上的人"),
        required=False,
        help_text=gettext_lazy(
            "写明以后，他本人、他负责的单位的人和声明回避的人自动打不开、数不出；系统不记下他是谁。"
        ),
    )
    subject2 = PersonField(label=gettext_lazy("名册上的第二人"), required=False)
    subject3 = PersonField(label=gettext_lazy("名册上的第三人"), required=False)
    text = SealedText(gettext_lazy("问题内容（加密）"), rows=10, help_text=gettext_lazy("不写举报人是谁。"))
    elements = forms.MultipleChoiceField(
        label=gettext_lazy("写明的要素"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        self.fields["unit"].units = Unit.objects.visible_to(self.account)  # type: ignore[attr-defined]
        own = getattr(getattr(self.account, "person", None), "unit", None)
        if own is not None and self.account.can("cases.lead.register", own):
            self.fields["unit"].initial = own.name  # where most of what one registers is handled
        for name in ("subject1", "subject2", "subject3"):
            self.fields[name].people = Person.objects.select_related("unit")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        level = said.get("level")
        if level and self.codes.goes_up(level):
            sentence = _("反映上级管理的干部或本机关主要负责人的，不在本机关办理，请直接报送上级。")
            self.add_error("level", sentence)
        return said

    @property
    def persons(self) -> list[Person]:
        given = [self.cleaned_data.get(name) for name in ("subject1", "subject2", "subject3")]
        return list({p.pk: p for p in given if p}.values())

    @property
    def secret(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"], "who": self.cleaned_data["who"]}

    @property
    def envelope(self) -> dict[str, Any]:
        names = ("unit", "source", "category", "level", "received_on", "is_named", "elements")
        return {name: self.cleaned_data[name] for name in names}


class Chosen(ActForm):
    """A form that chooses somebody with a key of his own who may do `capability` and need not keep out."""

    capability: ClassVar[str] = ""
    chooses: ClassVar[str] = "handler"

    def prepare(self) -> None:
        field: Any = self.fields[self.chooses]
        field.choices = [("", "—"), *((str(h.pk), h.name) for h in self.candidates())]

    def candidates(self) -> list[Holder]:
        lead = self.record
        assert lead is not None
        found = able([self.capability], lead.unit)
        return [
            h for h in found if h.account_id and not is_barred(lead, h.account_id) and h.account_id != lead.handler_id
        ]

    @property
    def values(self) -> dict[str, Any]:
        holder = Holder.objects.get(pk=self.cleaned_data[self.chooses])
        return {"holder": holder, self.chooses: Account.objects.get(pk=holder.account_id)}


class Assign(Chosen):
    capability = "cases.lead.screen"
    handler = forms.ChoiceField(
        label=gettext_lazy("承办人"), help_text=gettext_lazy("只列出已启用钥匙、有承办角色、不需要回避的人。")
    )


class Screen(ActForm):
    papers = ("study", "plan")
    tables: ClassVar[dict[str, str]] = {"method": "method", "ground": "ground"}
    when: ClassVar[Mapping[str, str]] = {
        "plan": "method=inquire verify",
        "ground": "method=shelve close",
        "restart_when": "method=shelve",
        "restart_on": "method=shelve",
    }

    method = forms.ChoiceField(label=gettext_lazy("处置方式"))
    studied_on = DayField(label=gettext_lazy("集体研究日期"), initial=timezone.localdate)
    studied_by = forms.IntegerField(label=gettext_lazy("参加研究人数"), min_value=1, max_value=99)
    study = SealedText(
        gettext_lazy("集体研究意见（加密）"), help_text=gettext_lazy("写明各人意见和理由，有不同意见的一并写明。")
    )
    plan = SealedText(
        gettext_lazy("处置方案（加密）"), required=False, help_text=gettext_lazy("谈话函询、初步核实要写方案。")
    )
    ground = forms.ChoiceField(label=gettext_lazy("了结或暂存的情形"), required=False)
    restart_when = forms.CharField(
        label=gettext_lazy("暂存的重启条件"), required=False, max_length=300, help_text=gettext_lazy("不写姓名和案情。")
    )
    restart_on = DayField(label=gettext_lazy("暂存的重启日期"), required=False)

    def prepare(self) -> None:

        element = self.codes.table("element")
        gone = rules.missing(self.record.elements, list(element))
        if gone:
            names = _("、").join(element[code].label for code in gone)
            self.fields["method"].help_text = _("没有写明的要素：%(names)s。") % {"names": names}


class Bar(ActForm):
    person = PersonField(
        label=gettext_lazy("涉及的人"),
        help_text=gettext_lazy("他本人、他负责的单位的人和声明回避的人从此看不到这一件；系统不记下他是谁。"),
    )

    def prepare(self) -> None:
        self.fields["person"].people = Person.objects.select_related("unit")  # type: ignore[attr-defined]
