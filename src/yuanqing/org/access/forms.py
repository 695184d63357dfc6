"""The question that the reverse check answers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from yuanqing.kernel.acts import registry
from yuanqing.org.account.queries import NOUNS
from yuanqing.org.unit.forms import ActForm, UnitField


def capabilities() -> list[tuple[str, str]]:
    seen = [(f"{noun}.view", f"{label} · {gettext_lazy('查看')}") for noun, label in NOUNS.items()]
    acts = [
        (act.name, f"{NOUNS.get(act.name.rpartition('.')[0], act.name.rpartition('.')[0])} · {act.label}")
        for act in registry.values()
    ]
    return sorted(dict([*seen, *acts]).items(), key=lambda one: one[1])


class Check(ActForm):
    """Whether this account may do this, for this unit."""

    capability = forms.ChoiceField(label=gettext_lazy("权限"), choices=capabilities)
    unit = UnitField(label=gettext_lazy("单位"), required=False)
