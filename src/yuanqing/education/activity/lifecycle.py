"""The order of steps of an activity, and of each person's participation in it."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="planned",
    states={
        "planned": _("计划中"),
        "announced": _("进行中"),
        "ended": _("已结束"),
        "cancelled": _("已取消"),
    },
    steps=[
        Step("plan", _("安排活动"), (), "planned", "party_group_office", "speech.1.1"),
        Step("edit", _("修改"), ("planned",), "", "party_group_office", "speech.1.1", is_aside=True),
        Step("address", _("确定对象"), ("planned",), "", "party_group_office", "speech.1.4"),
        Step("announce", _("发布"), ("planned",), "announced", "party_group_office", "speech.1.3"),
        Step(
            "hand_out",
            _("附上讲话或材料"),
            ("planned", "announced"),
            "",
            "party_group_office",
            "speech.0.1",
            is_aside=True,
        ),
        Step("end", _("结束"), ("announced",), "ended", "party_group_office", "speech.1.3"),
        Step(
            "cancel",
            _("取消"),
            ("planned", "announced"),
            "cancelled",
            "party_group_office",
            "speech.1.3",
            dangerous=True,
        ),
    ],
    final=("ended", "cancelled"),
)

PARTICIPATION_LIFECYCLE = Lifecycle(
    initial="invited",
    states={"invited": _("还没有参加"), "attended": _("已参加"), "released": _("不再要求")},
    steps=[
        Step("invite", _("通知参加"), (), "invited", "party_group_office", "speech.1.4"),
        Step("attend", _("参加"), ("invited",), "attended", "staff", "speech.1.3"),
        Step("unattend", _("更正为没有参加"), ("attended",), "invited", "", "speech.1.3", is_aside=True),
        Step("release", _("不再要求"), ("invited",), "released", "party_group_office", "speech.1.3", is_aside=True),
    ],
    final=("attended", "released"),
)
