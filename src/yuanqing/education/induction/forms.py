"""What one fills in to prepare an induction and to record its items."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.education.induction import queries
from yuanqing.education.induction.models import Sitting
from yuanqing.education.notice.models import Notice
from yuanqing.org.person.forms import PersonActForm, PersonField
from yuanqing.org.post.models import Post
from yuanqing.org.post.queries import find_post
from yuanqing.org.unit.forms import ActForm, DayField


class Prepare(PersonActForm):
    person = PersonField(label=gettext_lazy("拟任人员"))
    post = forms.CharField(
        label=gettext_lazy("拟任岗位"), max_length=140, help_text=gettext_lazy("填岗位代码，或只有一个岗位用的名称。")
    )
    planned_on = DayField(label=gettext_lazy("拟任日期"), required=False)
    notice = forms.ModelChoiceField(
        Notice.objects.none(), label=gettext_lazy("学习材料"), required=False, empty_label=gettext_lazy("不另指定"),
        help_text=gettext_lazy("已发出的告知；本人读完签收就算学完。"),
    )  # fmt: skip

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, account=account, **kwargs)
        self.posts = Post.objects.visible_to(account).select_related("unit")
        chosen = Notice.objects.visible_to(account).filter(state="issued").order_by("-issued_at")
        self.fields["notice"].queryset = chosen  # type: ignore[attr-defined]

    def clean_post(self) -> Post:
        found = find_post(self.posts, self.cleaned_data["post"])
        if found is None:
            raise ValidationError(_("找不到这个岗位，或有同名的岗位。请填岗位代码。"))
        return found


class Talk(ActForm):
    on = DayField(label=gettext_lazy("谈话日期"), initial=timezone.localdate)
    summary = forms.CharField(
        label=gettext_lazy("谈话记录"), max_length=5000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("谈了什么、提醒了什么、本人怎样表态。"),
    )  # fmt: skip


class Declare(ActForm):
    has_relatives = forms.TypedChoiceField(
        label=gettext_lazy("本单位或有业务关系的岗位上，有没有应回避的亲属？"), coerce=lambda value: value == "yes",
        choices=[("no", gettext_lazy("没有")), ("yes", gettext_lazy("有"))], widget=forms.RadioSelect,
    )  # fmt: skip
    statement = forms.CharField(
        label=gettext_lazy("情况"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("有的，写明姓名、关系、单位和岗位。"),
    )  # fmt: skip


class Reason(ActForm):
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class Family(ActForm):
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=500, help_text=gettext_lazy("哪天寄出、由谁写；自愿，不是必须。")
    )


class Exam(ActForm):
    """The questions of one attempt, each with its options; one left out counts as wrong."""

    def __init__(self, *args: Any, account: Any, sitting: Sitting, **kwargs: Any) -> None:
        super().__init__(*args, account=account, **kwargs)
        known = queries.questions()
        for n, code in enumerate(sitting.questions, 1):
            label = f"{n}. {known[code].title}"
            self.fields[code] = forms.ChoiceField(
                label=label, choices=queries.options(known[code]), widget=forms.RadioSelect, required=False
            )

    @property
    def values(self) -> dict[str, Any]:
        return {"answers": {k: v for k, v in self.cleaned_data.items() if k != "version" and v}}
