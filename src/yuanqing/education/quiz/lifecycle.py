"""The order of steps of a quiz, and of one attempt at it."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="draft",
    states={"draft": _("准备中"), "open": _("可以作答"), "closed": _("已结束")},
    steps=[
        Step("prepare", _("准备测验"), (), "draft", "party_group_office", "speech.1.3"),
        Step("edit", _("修改"), ("draft",), "", "party_group_office", "speech.1.3", is_aside=True),
        Step("offer", _("开放"), ("draft",), "open", "party_group_office", "speech.1.3"),
        Step("close", _("结束"), ("open",), "closed", "party_group_office", "speech.1.3"),
    ],
    final=("closed",),
)

ATTEMPT_LIFECYCLE = Lifecycle(
    initial="sitting",
    states={"sitting": _("正在作答"), "marked": _("已交卷")},
    steps=[
        Step("begin", _("开始作答"), (), "sitting", "staff", "speech.1.3"),
        Step("hand_in", _("交卷"), ("sitting",), "marked", "staff", "speech.1.3"),
        Step("collect", _("到时收卷"), ("sitting",), "marked", "", "speech.1.3"),
    ],
    final=("marked",),
)
