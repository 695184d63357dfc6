"""Steps of a transfer: sent and received with a receipt, or arrived and registered; answered where an answer is due."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

RUNNING = ("sent", "delivered", "arrived", "taken")
ENDED = ("answered", "settled")
INTAKE, HANDLER, CHIEF = "petition_intake", "petition_handler", "discipline_chief"

LIFECYCLE = Lifecycle(
    initial="sent",
    states={
        "sent": _("已发出，待回执"),
        "delivered": _("对方已登记，待答复"),
        "arrived": _("已收到，待拆封"),
        "taken": _("已登记，待答复"),
        "answered": _("已答复"),
        "settled": _("已签收，无须答复"),
    },
    steps=[
        Step("pack", _("封装发出"), (), "sent", INTAKE, "speech.4.1"),
        Step("hand_down", _("交本系统内的单位"), (), "sent", INTAKE, "speech.4.1"),
        Step("pass_through", _("密封直送上级"), (), "sent", "system", "speech.4.1"),
        Step("arrive", _("收下材料包"), (), "arrived", INTAKE, "speech.4.1"),
        Step("take", _("拆封登记"), ("arrived",), "taken", INTAKE, "speech.4.1"),
        Step("sign_for", _("签收"), ("sent",), "delivered", HANDLER, "speech.4.4"),
        Step("acknowledge", _("登记对方回执"), ("sent",), "delivered", INTAKE, "speech.4.4"),
        Step("answer", _("答复办理结果"), ("taken", "delivered"), "answered", HANDLER, "speech.4.4"),
        Step("hear", _("登记对方答复"), ("delivered",), "answered", INTAKE, "speech.4.4"),
        Step("prolong", _("同意延长期限"), ("delivered",), "", CHIEF, "speech.4.4", is_aside=True),
        Step("settle", _("无须答复，结束"), ("delivered", "taken"), "settled", "system", "speech.4.1"),
        Step("escalate", _("逾期上报"), RUNNING, "", "system", "speech.4.4"),
    ],
    final=ENDED,
)
