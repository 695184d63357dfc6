"""What one fills in to say who is meant: a few rules, each a row of choices; a row left empty means everybody."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.org.audience.rules import Rule
from yuanqing.org.post.models import Post
from yuanqing.org.unit.models import Unit
from yuanqing.org.unit.queries import code_table, find_unit

SPLIT = re.compile(r"[、，,；;\n]+")


class CodesField(forms.MultipleChoiceField):
    """Several codes of one of the organisation's tables, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, table: str, **kwargs: Any) -> None:
        super().__init__(required=False, choices=lambda: list(code_table(table).items()), **kwargs)


class RuleForm(forms.Form):
    """One rule; `account` limits the units that can be named to those the reader sees."""

    ranks = CodesField("rank", label=gettext_lazy("职级"))
    key_posts_only = forms.BooleanField(label=gettext_lazy("只含重点岗位"), required=False)
    party_members_only = forms.BooleanField(label=gettext_lazy("只含中共党员"), required=False)
    unit_kinds = CodesField("unit_kind", label=gettext_lazy("单位类别"))
    units = forms.CharField(
        label=gettext_lazy("单位"), required=False, max_length=2000,
        help_text=gettext_lazy("代码或名称，几个之间用顿号隔开，含下级；不填就是所有单位。"),
    )  # fmt: skip
    posts = forms.CharField(
        label=gettext_lazy("岗位代码"), required=False, max_length=2000, help_text=gettext_lazy("一般不填。")
    )

    def __init__(self, *args: Any, account: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reachable: Any = Unit.objects.visible_to(account) if account else Unit.objects.all()

    def clean_units(self) -> tuple[str, ...]:
        codes = []
        for text in filter(None, map(str.strip, SPLIT.split(self.cleaned_data["units"]))):
            unit = find_unit(self.reachable, text)
            if unit is None:
                raise ValidationError(_("找不到单位“%(text)s”。") % {"text": text})
            codes.append(unit.code)
        return tuple(dict.fromkeys(codes))

    def clean_posts(self) -> tuple[str, ...]:
        codes = [text for text in map(str.strip, SPLIT.split(self.cleaned_data["posts"])) if text]
        known = set(Post.objects.filter(code__in=codes, ended_on__isnull=True).values_list("code", flat=True))
        for code in codes:
            if code not in known:
                raise ValidationError(_("没有岗位“%(code)s”。") % {"code": code})
        return tuple(dict.fromkeys(codes))

    @property
    def rule(self) -> Rule:
        data = self.cleaned_data
        return Rule(
            tuple(data["ranks"]), data["posts"], tuple(data["unit_kinds"]), data["units"],
            data["key_posts_only"], data["party_members_only"],
        )  # fmt: skip


def initial_of(rule: Rule) -> dict[str, Any]:
    """The rule as the form shows it."""
    return {
        "ranks": list(rule.ranks), "unit_kinds": list(rule.unit_kinds), "units": "、".join(rule.units),
        "posts": "、".join(rule.posts), "key_posts_only": rule.key_posts_only, "party_members_only": rule.party_members_only,
    }  # fmt: skip


Rules: Any = forms.formset_factory(RuleForm, extra=0, min_num=1, max_num=20, absolute_max=20, can_delete=True)


def rules_of(formset: Any) -> tuple[Rule, ...]:
    """The rules of a valid formset, without those ticked for removal."""
    return tuple(form.rule for form in formset.forms if not form.cleaned_data.get("DELETE"))
