"""What one fills in to prepare a quiz, and how the answers on a page are read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from yuanqing.education.question.rules import ORDERING
from yuanqing.education.quiz import queries, rules
from yuanqing.education.quiz.models import STAGES
from yuanqing.org.unit.forms import ActForm


class Edit(ActForm):
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    length = forms.IntegerField(label=gettext_lazy("题数"), min_value=1, max_value=100)
    pass_mark = forms.IntegerField(label=gettext_lazy("合格分"), min_value=0, max_value=100)
    tries = forms.IntegerField(label=gettext_lazy("最多作答次数"), min_value=1, max_value=20)
    minutes = forms.IntegerField(label=gettext_lazy("限时（分钟）"), min_value=1, max_value=300)
    clauses = forms.CharField(
        label=gettext_lazy("只考这些条款"), required=False, max_length=300,
        help_text=gettext_lazy("条款代码；不填就从全部使用中的试题里抽。"),
    )  # fmt: skip

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, account=account, **kwargs)
        for name in ("length", "pass_mark", "tries", "minutes"):
            self.fields[name].initial = queries.parameter(f"quiz.{name}")


class Prepare(Edit):
    stage = forms.ChoiceField(
        label=gettext_lazy("先后"), choices=STAGES, initial="after",
        help_text=gettext_lazy("学前、学后各一次，可以看出效果。"),
    )  # fmt: skip
    field_order = ("stage", "title", "length", "pass_mark", "tries", "minutes", "clauses")


def shown_numbers(kind: str, given: list[str]) -> list[int]:
    """The options chosen, by their numbers on the page; ValueError for what no page can send."""
    if kind == ORDERING:
        return rules.ranked(given)
    return [int(one) for one in given if one]
