"""The order of steps of an induction."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="open",
    states={
        "open": _("进行中"),
        "complete": _("已完成"),
        "exception_asked": _("申请例外"),
        "excepted": _("例外已同意"),
        "used": _("已任职"),
        "cancelled": _("已取消"),
    },
    steps=[
        Step("prepare", _("准备任前教育"), (), "open", "party_group_office", "speech.1.8"),
        Step("study", _("学完材料"), ("open",), "", "staff", "speech.1.8"),
        Step("draw", _("开始考试"), ("open",), "", "staff", "speech.1.8"),
        Step("sit", _("交卷"), ("open",), "", "staff", "speech.1.8"),
        Step("promise", _("签承诺"), ("open",), "", "staff", "speech.1.8"),
        Step("declare", _("填回避情况"), ("open",), "", "staff", "speech.1.8"),
        Step("talk", _("登记谈话"), ("open",), "", "discipline_officer", "speech.1.8"),
        Step(
            "write_family", _("登记家属信"), ("open", "complete"), "", "party_group_office", "speech.1.8", is_aside=True
        ),
        Step("complete", _("完成"), ("open",), "complete", "", "speech.1.8"),
        Step(
            "ask_exception",
            _("申请例外"),
            ("open",),
            "exception_asked",
            "party_group_office",
            "speech.1.8",
            is_aside=True,
        ),
        Step(
            "refuse_exception", _("不同意例外"), ("exception_asked",), "open", "secretary", "speech.1.8", is_aside=True
        ),
        Step(
            "approve_exception",
            _("同意例外"),
            ("exception_asked",),
            "excepted",
            "secretary",
            "speech.1.8",
            dangerous=True,
        ),
        Step("take_effect", _("任职生效"), ("complete", "excepted"), "used", "", "speech.1.8"),
        Step(
            "cancel",
            _("取消"),
            ("open", "complete", "exception_asked"),
            "cancelled",
            "party_group_office",
            "speech.1.8",
            dangerous=True,
        ),
    ],
    final=("used", "cancelled"),
)
