"""The order of steps of a lesson, and of one person's watching it."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="draft",
    states={"draft": _("准备中"), "published": _("可以观看"), "withdrawn": _("已撤下")},
    steps=[
        Step("add", _("添加课程"), (), "draft", "party_group_office", "speech.1.3"),
        Step("edit", _("修改"), ("draft",), "", "party_group_office", "speech.1.3", is_aside=True),
        Step("publish", _("发布"), ("draft",), "published", "party_group_office", "speech.1.3"),
        Step("withdraw", _("撤下"), ("published",), "withdrawn", "party_group_office", "speech.1.3", dangerous=True),
    ],
    final=("withdrawn",),
)

VIEWING_LIFECYCLE = Lifecycle(
    initial="watching",
    states={"watching": _("正在看"), "finished": _("已看完")},
    steps=[
        Step("begin", _("开始观看"), (), "watching", "staff", "speech.1.3"),
        Step("finish", _("看完"), ("watching",), "finished", "staff", "speech.1.3"),
    ],
    final=("finished",),
)
