"""What one fills in to declare, ask for or order a recusal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.org.account.models import Account
from yuanqing.org.person.forms import PersonActForm, PersonField
from yuanqing.org.recusal import queries
from yuanqing.org.unit.forms import UnitField
from yuanqing.org.unit.queries import plain


def _grounds() -> list[tuple[str, str]]:
    return [("", "—"), *queries.grounds().items()]


class Declare(PersonActForm):
    """About a person, a unit, or (when the page of a record led here) that record."""

    ground = forms.ChoiceField(label=gettext_lazy("情形"), choices=_grounds)
    person = PersonField(label=gettext_lazy("关于哪个人"), required=False)
    unit = UnitField(
        label=gettext_lazy("关于哪个单位"),
        required=False,
        help_text=gettext_lazy("连同它的全部下级。填人员或者单位，只填一个。"),
    )
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=300)

    def __init__(self, *args: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record
        if record is not None:
            del self.fields["person"], self.fields["unit"]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if self.record is None and not self.errors:
            chosen = [one for one in (given.get("person"), given.get("unit")) if one is not None]
            if len(chosen) != 1:
                raise ValidationError(_("请填人员或者单位，只填一个。"))
        return given

    @property
    def values(self) -> dict[str, Any]:
        given = super().values
        subject = self.record or given.get("person") or given.get("unit")
        rest = {name: value for name, value in given.items() if name not in ("person", "unit")}
        return {**rest, "subject": subject}


class Request(Declare):
    """The same about somebody else."""

    account = forms.CharField(
        label=gettext_lazy("请谁回避"), max_length=120, help_text=gettext_lazy("填用户名或显示名。")
    )
    field_order = ("account", "ground", "person", "unit", "reason")
    within = ""  # a capability: only whom it reaches can be named

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, account=account, **kwargs)
        self.accounts = queries.nameable(account, self.within)

    def clean_account(self) -> Account:
        text = plain(self.cleaned_data["account"]).split("　")[0]
        rows = self.accounts
        found = list(rows.filter(username=text)[:1]) or list(rows.filter(display_name=text)[:2])
        if len(found) != 1:
            raise ValidationError(_("找不到这个账号，或有同名的账号。请填用户名。"))
        one: Account = found[0]
        return one


class Order(Request):
    """Ordered ex officio: whom one has no say over is as unknown as nobody."""

    within = "org.recusal.order"
