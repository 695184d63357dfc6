from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

OPEN = ("registered", "accepted", "assigned")
RUNNING = (*OPEN, "under_lead", "concluded")

LIFECYCLE = Lifecycle(
    initial="registered",
    states={
        "registered": _("已登记"),
        "accepted": _("已受理"),
        "assigned": _("承办中"),
        "under_lead": _("转线索办理中"),
        "concluded": _("已办结"),
        "answered": _("已反馈"),
        "repeated": _("重复件"),
        "sent_up": _("已报上级"),
        "forwarded": _("已转办"),
        "declined": _("不予受理"),
        "withdrawn": _("已撤回"),
    },
    steps=[
        Step("register", _("登记"), (), "registered", "petition_intake", "speech.4.1"),
        Step("receive", _("网络举报入册"), (), "registered", "system", "speech.4.1"),
        Step("confirm", _("核对笔录"), ("registered",), "", "petition_intake", "speech.4.1"),
        Step("accept", _("受理"), ("registered",), "accepted", "petition_intake", "speech.4.1"),
        Step("assign", _("交承办人"), ("accepted", "assigned"), "assigned", "petition_intake", "speech.4.4"),
        Step(
            "acknowledge", _("登记已告知"), ("accepted", "assigned", "under_lead"), "", "petition_intake", "speech.4.1"
        ),
        Step("hand_over", _("转为问题线索"), ("accepted", "assigned"), "under_lead", "petition_handler", "speech.4.4"),
        Step("conclude", _("办结"), ("assigned", "under_lead"), "concluded", "petition_handler", "speech.4.4"),
        Step("feed_back", _("登记已反馈"), ("concluded",), "answered", "petition_handler", "speech.4.1"),
        Step("prolong", _("延长期限"), ("assigned", "under_lead"), "", "petition_intake", "speech.4.4", is_aside=True),
        Step("forward", _("转办"), ("registered", "accepted"), "forwarded", "petition_intake", "speech.4.1"),
        Step("send_up", _("报送上级"), ("registered", "accepted"), "sent_up", "petition_intake", "speech.4.1"),
        Step("repeat", _("并入重复件"), ("registered",), "repeated", "petition_intake", "speech.4.4", is_aside=True),
        Step("withdraw", _("登记撤回"), OPEN, "withdrawn", "petition_intake", "speech.4.1", is_aside=True),
        Step("escalate", _("逾期上报"), RUNNING, "", "system", "speech.4.4"),
        Step("decline", _("不予受理"), ("registered",), "declined", "petition_intake", "speech.4.4", dangerous=True),
    ],
    final=("answered", "repeated", "sent_up", "forwarded", "declined", "withdrawn"),
)
