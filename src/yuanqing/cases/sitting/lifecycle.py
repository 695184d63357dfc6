"""Steps of a sitting: called, held, resolved, and concluded once everybody present has signed the minutes, or why somebody did not is on record."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

OPEN = ("called", "sitting", "resolved")
MANAGER, MEMBER = "lead_manager", "body_member"

LIFECYCLE = Lifecycle(
    initial="called",
    states={
        "called": _("待开会"),
        "sitting": _("审议中"),
        "resolved": _("待签字"),
        "concluded": _("已审结"),
        "called_off": _("已取消"),
        "lapsed": _("不再作数"),
    },
    steps=[
        Step("convene", _("召集审议"), (), "called", MANAGER, "speech.4.6"),
        Step("attend", _("登记到会"), ("called",), "sitting", MANAGER, "speech.4.6"),
        Step("withdraw", _("登记回避"), ("called", "sitting"), "", MANAGER, "speech.4.4", is_aside=True),
        Step("speak", _("发表意见"), ("sitting",), "", MEMBER, "speech.4.6"),
        Step("resolve", _("作出决议"), ("sitting",), "resolved", MANAGER, "speech.4.6"),
        Step("sign", _("签字确认"), ("resolved", "concluded"), "", MEMBER, "speech.4.6"),
        Step("object_to", _("提出异议"), ("resolved", "concluded"), "", MEMBER, "speech.4.6", is_aside=True),
        Step("close_minutes", _("缺签审结"), ("resolved",), "concluded", MANAGER, "speech.4.5"),
        Step("correct", _("更正记录"), ("resolved", "concluded"), "", MANAGER, "speech.4.5", is_aside=True),
        Step("conclude", _("全体签字，审结"), ("resolved",), "concluded", "system", "speech.4.6"),
        Step("call_off", _("取消审议"), OPEN, "called_off", MANAGER, "speech.4.5", dangerous=True),
        Step("lapse", _("事项已变，不再作数"), (*OPEN, "concluded"), "lapsed", "system", "speech.4.6"),
    ],
    final=("concluded", "called_off", "lapsed"),
)
