"""What one fills in for an activity."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.education.activity import queries
from yuanqing.education.notice.models import Notice
from yuanqing.org.unit.forms import ActForm, DayField


class Edit(ActForm):
    kind = forms.ChoiceField(label=gettext_lazy("形式"))
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    begins_on = DayField(label=gettext_lazy("开始日期"))
    due_on = DayField(label=gettext_lazy("最迟参加日期"), help_text=gettext_lazy("过了这一天还没有参加的，就是逾期。"))
    clauses = forms.CharField(
        label=gettext_lazy("对应条款"), required=False, max_length=500,
        help_text=gettext_lazy("条款代码，几个之间用顿号隔开，例如 B1b、B2a；在规则库里可以查到。"),
    )  # fmt: skip
    summary = forms.CharField(
        label=gettext_lazy("内容"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, account=account, **kwargs)
        self.fields["kind"].choices = [(code, e.label) for code, e in queries.kinds().items()]  # type: ignore[attr-defined]


class HandOut(ActForm):
    notice = forms.ModelChoiceField(
        label=gettext_lazy("讲话或材料"), queryset=Notice.objects.none(),
        help_text=gettext_lazy("先在“告知”里起草、发出；每个人读完签收。"),
    )  # fmt: skip

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, account=account, **kwargs)
        shown = Notice.objects.visible_to(account).filter(Q(state="issued") | Q(state="draft"))
        self.fields["notice"].queryset = shown.order_by("-issued_at")  # type: ignore[attr-defined]
        self.fields["notice"].error_messages["invalid_choice"] = _("没有这份告知，或者已经撤回。")
