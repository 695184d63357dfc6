"""The order of steps of a package, and of one person's learning with it."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="draft",
    states={"draft": _("准备中"), "published": _("可以学习"), "withdrawn": _("已撤下")},
    steps=[
        Step("add", _("添加课件"), (), "draft", "party_group_office", "speech.1.3"),
        Step("edit", _("修改"), ("draft",), "", "party_group_office", "speech.1.3", is_aside=True),
        Step("publish", _("发布"), ("draft",), "published", "party_group_office", "speech.1.3"),
        Step("withdraw", _("撤下"), ("published",), "withdrawn", "party_group_office", "speech.1.3", dangerous=True),
    ],
    final=("withdrawn",),
)

RUN_LIFECYCLE = Lifecycle(
    initial="learning",
    states={"learning": _("正在学"), "finished": _("已学完")},
    steps=[
        Step("begin", _("开始学习"), (), "learning", "staff", "speech.1.3"),
        Step("mark", _("课件报告了结果"), ("learning", "finished"), "", "staff", "speech.1.3"),
        Step("finish", _("学完"), ("learning",), "finished", "staff", "speech.1.3"),
    ],
    final=("finished",),
)
