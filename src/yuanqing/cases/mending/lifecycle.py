"""Steps of a correction window: ordered, reported by the person, accepted by another; or not put right."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

ENDED = ("mended", "failed")
HANDLER, CHIEF = "lead_handler", "discipline_chief"

LIFECYCLE = Lifecycle(
    initial="ordered",
    states={
        "ordered": _("改正中"),
        "reported": _("已报改正情况"),
        "mended": _("已改正"),
        "failed": _("没有改正"),
    },
    steps=[
        Step("order", _("责令限期改正"), (), "ordered", HANDLER, "speech.4.8"),
        Step("report", _("报告改正情况"), ("ordered",), "reported", "staff", "speech.4.8"),
        Step("accept", _("确认已改正"), ("reported",), "mended", HANDLER, "speech.4.8"),
        Step("send_back", _("退回继续改正"), ("reported",), "ordered", HANDLER, "speech.4.8", is_aside=True),
        Step("prolong", _("延长期限"), ("ordered",), "", CHIEF, "speech.4.5", is_aside=True),
        Step("fail", _("认定没有改正"), ("ordered", "reported"), "failed", CHIEF, "speech.4.5", dangerous=True),
    ],
    final=ENDED,
)
