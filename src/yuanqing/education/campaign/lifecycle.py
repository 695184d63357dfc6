"""The order of steps of a year's education plan."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="draft",
    states={"draft": _("起草中"), "published": _("已发布"), "closed": _("已结束")},
    steps=[
        Step("draft", _("起草教育计划"), (), "draft", "party_group_office", "speech.1.1"),
        Step("edit", _("修改"), ("draft", "published"), "", "party_group_office", "speech.1.1", is_aside=True),
        Step("publish", _("发布"), ("draft",), "published", "party_group_office", "speech.1.1"),
        Step("close", _("结束"), ("published",), "closed", "party_group_office", "speech.1.1", dangerous=True),
    ],
    final=("closed",),
)
