"""The order of steps of a self-examination, and of each problem found in it."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="draft",
    states={
        "draft": _("正在自查"),
        "submitted": _("等待上级点评"),
        "returned": _("退回重查"),
        "remedying": _("正在整改"),
        "closed": _("整改完毕"),
    },
    steps=[
        Step("begin", _("开始自查"), (), "draft", "leading_official", "speech.1.2"),
        Step("answer", _("逐条对照"), ("draft", "returned"), "", "leading_official", "speech.1.2"),
        Step("submit", _("提交"), ("draft", "returned"), "submitted", "leading_official", "speech.1.2"),
        Step("send_back", _("退回重查"), ("submitted",), "returned", "superior_reviewer", "speech.1.2", is_aside=True),
        Step("comment", _("点评"), ("submitted",), "remedying", "superior_reviewer", "speech.1.2"),
        Step("report", _("报告整改"), ("remedying",), "", "leading_official", "speech.1.2"),
        Step("confirm", _("确认整改到位"), ("remedying",), "", "superior_reviewer", "speech.1.2"),
        Step("reject", _("整改不到位"), ("remedying",), "", "superior_reviewer", "speech.1.2", is_aside=True),
        Step("close", _("整改完毕"), ("remedying",), "closed", "", "speech.1.2"),
    ],
    final=("closed",),
)
