"""Steps of an integrity opinion: asked for, drafted from the registers and the files, answered by another."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

MANAGER, CHIEF = "lead_manager", "discipline_chief"

LIFECYCLE = Lifecycle(
    initial="asked",
    states={"asked": _("待拟复"), "drafted": _("待签发"), "answered": _("已回复"), "cancelled": _("已取消")},
    steps=[
        Step("register", _("登记征求意见"), (), "asked", MANAGER, "speech.4.8"),
        Step("draft", _("拟复廉政意见"), ("asked",), "drafted", MANAGER, "speech.4.8"),
        Step("return_draft", _("退回重拟"), ("drafted",), "asked", CHIEF, "speech.4.8", is_aside=True),
        Step("sign", _("签发廉政意见"), ("drafted",), "answered", CHIEF, "speech.4.8"),
        Step("cancel", _("取消"), ("asked", "drafted"), "cancelled", CHIEF, "speech.4.8", is_aside=True),
    ],
    final=("answered", "cancelled"),
)
