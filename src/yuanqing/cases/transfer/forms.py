"""What one fills in about a transfer; files are checked by their signatures before an act sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.cases.parcel import rules
from yuanqing.cases.parcel.queries import Codes, Matter
from yuanqing.cases.partner.models import Partner
from yuanqing.cases.petition.queries import Codes as Register
from yuanqing.cases.transfer import queries
from yuanqing.kernel.sealing.models import Holder
from yuanqing.org.account.models import Account
from yuanqing.org.person.forms import PersonField, RecordForm
from yuanqing.org.person.models import Person


class Outward(RecordForm):
    """What every sending asks for: to whom, in which way, which matters, with which words."""

    partner = forms.ModelChoiceField(Partner.objects.none(), label=gettext_lazy("发往"))
    way = forms.ChoiceField(label=gettext_lazy("方式"))
    matters = forms.MultipleChoiceField(
        label=gettext_lazy("事项"), widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("只列出您的钥匙能打开、现在可以发出的。"),
    )  # fmt: skip
    cover = forms.CharField(
        label=gettext_lazy("附言（加密）"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    inside = False

    def prepare(self) -> None:
        rows = Partner.objects.visible_to(self.account).filter(state="confirmed", unit__isnull=not self.inside)
        self.fields["partner"].queryset = rows  # type: ignore[attr-defined]
        self.found: dict[str, Matter] = {str(one.pk): one for one in self.offered()}
        self.fields["matters"].choices = [(key, self.words(one)) for key, one in self.found.items()]  # type: ignore[attr-defined]
        codes = Codes()
        ways = [(code, entry.label) for code, entry in codes.ways.items()]
        self.choose("way", [w for w in ways if not self.inside or rules.may_go(codes.value(w[0], "to"), "subordinate")])

    def offered(self) -> Sequence[Matter]:
        return [*queries.packable_petitions(self.account), *queries.packable_leads(self.account)]

    @staticmethod
    def words(one: Matter) -> str:
        return f"{one.number} · {one.get_state_display()} · {one.received_on.isoformat()}"

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        partner, way = said.get("partner"), said.get("way")
        if partner and way and not Codes().fits(way, partner):
            self.add_error("way", _("这种方式不能发往这类机关。"))
        return said

    @property
    def values(self) -> dict[str, Any]:
        said = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        said["matters"] = [self.found[key] for key in said["matters"]]
        return said


class Pack(Outward):
    with_reporter = forms.BooleanField(
        label=gettext_lazy("附上实名反映人的姓名和联系方式"), required=False, initial=True,
        help_text=gettext_lazy("对方不需要与反映人联系的，不附。"),
    )  # fmt: skip


class HandDown(Outward):
    receiver = forms.ChoiceField(
        label=gettext_lazy("签收人"), help_text=gettext_lazy("只列出已启用钥匙、有承办角色的人；应当回避的不能选。")
    )
    inside = True

    def prepare(self) -> None:
        super().prepare()
        holders = Holder.objects.active().filter(kind="person")
        accounts = Account.objects.select_related("person__unit").in_bulk([h.account_id for h in holders])
        self.holders = {
            str(h.pk): (h, accounts[h.account_id])
            for h in holders
            if h.account_id in accounts and accounts[h.account_id].can("cases.petition.conclude")
        }
        named = [(key, f"{h.name} · {one.person.unit if one.person else ''}") for key, (h, one) in self.holders.items()]
        self.choose("receiver", named)

    def offered(self) -> Sequence[Matter]:
        return list(queries.packable_petitions(self.account).filter(state__in=queries.TO_PACK["petition"]))

    @property
    def values(self) -> dict[str, Any]:
        said = super().values
        said["holder"], said["receiver"] = self.holders[said["receiver"]]
        return said


class FileOnly(RecordForm):
    """A file of another body: a package, a receipt or an answer."""

    file = forms.FileField(label=gettext_lazy("文件"))

    def clean_file(self) -> bytes:
        given: Any = self.cleaned_data["file"]
        if given.size > rules.MOST:
            raise ValidationError(_("文件太大，材料包不超过 64 MB。"))
        return bytes(given.read())


class Take(RecordForm):
    """One row of questions for each matter of an opened package."""

    def __init__(self, *args: Any, items: Sequence[dict[str, Any]], **kwargs: Any) -> None:
        self.items = items
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        codes = Register()
        levels = [(e.code, e.label) for e in codes.levels.values()]
        kinds = [(e.code, e.label) for e in codes.kinds.values()]
        for n, item in enumerate(self.items):
            said = {"n": n + 1}
            level, kind = f"level_{n}", f"kind_{n}"
            self.fields[level] = forms.ChoiceField(
                label=_("第 %(n)d 件：被反映人级别") % said,
                help_text=_("按本机关的管理权限选；反映上级管理的干部或本机关主要负责人的，不登记，直接报送上级。"),
            )
            self.choose(level, levels)
            known = item.get("kind") if item.get("kind") in codes.kinds else "accusation"
            self.fields[kind] = forms.ChoiceField(label=_("第 %(n)d 件：类别") % said, initial=known)
            self.choose(kind, kinds)
            person = PersonField(
                label=_("第 %(n)d 件：被反映的人") % said, required=False,
                help_text=_("在本单位名册上的填写：他本人、他负责的单位和下级从一开始就看不到这一件。"),
            )  # fmt: skip
            person.people = Person.objects.all()
            self.fields[f"about_{n}"] = person

    @property
    def rows(self) -> list[dict[str, Any]]:
        said = self.cleaned_data
        return [
            {"said": item, "level": said[f"level_{n}"], "kind": said[f"kind_{n}"], "about": said[f"about_{n}"]}
            for n, item in enumerate(self.items)
        ]


class Answer(RecordForm):
    text = forms.CharField(
        label=gettext_lazy("办理结果（加密）"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("逐件写明查核情况、处理结果和依据。"),
    )  # fmt: skip


class Prolong(RecordForm):
    approval = forms.CharField(label=gettext_lazy("批准人和批准文号"), max_length=200)
