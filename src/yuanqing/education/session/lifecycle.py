"""The order of steps of a session, and of one person's presence at it."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="scheduled",
    states={"scheduled": _("待举行"), "open": _("正在签到"), "held": _("已举行"), "cancelled": _("已取消")},
    steps=[
        Step("schedule", _("安排场次"), (), "scheduled", "party_group_office", "speech.1.3"),
        Step("edit", _("修改"), ("scheduled",), "", "party_group_office", "speech.1.3", is_aside=True),
        Step("begin", _("开始签到"), ("scheduled",), "open", "unit_contact", "speech.1.3"),
        Step("close", _("结束签到"), ("open",), "held", "unit_contact", "speech.1.3"),
        Step("minute", _("写记录"), ("open", "held"), "", "unit_contact", "speech.0.1"),
        Step("cancel", _("取消"), ("scheduled",), "cancelled", "party_group_office", "speech.1.3", dangerous=True),
    ],
    final=("held", "cancelled"),
)

ATTENDANCE_LIFECYCLE = Lifecycle(
    initial="present",
    states={"present": _("到场"), "absent": _("没有到场"), "voided": _("登记有误，已更正")},
    steps=[
        Step("sign_in", _("扫码签到"), (), "present", "staff", "speech.1.3"),
        Step("register", _("登记签到名单"), (), "present", "unit_contact", "speech.1.3"),
        Step("excuse", _("登记缺席理由"), (), "absent", "unit_contact", "speech.1.3"),
        Step("ask_leave", _("请假"), (), "absent", "staff", "speech.1.3"),
        Step("arrive", _("后来到场"), ("absent", "voided"), "present", "staff", "speech.1.3"),
        Step("correct", _("更正到场"), ("present",), "voided", "party_group_office", "speech.1.3", dangerous=True),
    ],
    final=("present",),
)
