"""Steps of what follows a case: issued, answered by the unit, re-visited; lessons are taught instead."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

ENDED = ("verified", "taught", "withdrawn")
MANAGER, CHIEF, UNIT = "lead_manager", "discipline_chief", "unit_leader"

LIFECYCLE = Lifecycle(
    initial="issued",
    states={
        "issued": _("待落实"),
        "answered": _("已答复"),
        "verified": _("已核验"),
        "taught": _("已投稿"),
        "withdrawn": _("已撤回"),
    },
    steps=[
        Step("issue", _("提出以案促改事项"), (), "issued", MANAGER, "speech.4.7"),
        Step("answer", _("答复"), ("issued",), "answered", UNIT, "speech.4.7"),
        Step("send_back", _("退回继续整改"), ("answered",), "issued", MANAGER, "speech.4.7", is_aside=True),
        Step("verify", _("登记回访"), ("answered",), "verified", MANAGER, "speech.4.7"),
        Step("teach", _("核对脱敏并投稿"), ("issued",), "taught", CHIEF, "speech.4.7"),
        Step("withdraw", _("撤回"), ("issued", "answered"), "withdrawn", CHIEF, "speech.4.7", dangerous=True),
    ],
    final=ENDED,
)
