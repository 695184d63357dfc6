"""Steps of a pause: asked for by one, approved by another, and ended by hand or on its day."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="asked",
    states={"asked": _("待审批"), "running": _("暂停中"), "resumed": _("已恢复"), "refused": _("不同意")},
    steps=[
        Step("ask", _("申请暂停期限"), (), "asked", "lead_handler", "speech.4.4"),
        Step("approve", _("同意暂停"), ("asked",), "running", "discipline_chief", "speech.4.5"),
        Step("refuse", _("不同意暂停"), ("asked",), "refused", "discipline_chief", "speech.4.5", is_aside=True),
        Step("keep_on", _("仍须暂停"), ("running",), "", "discipline_chief", "speech.4.5"),
        Step("resume", _("恢复计算"), ("running",), "resumed", "lead_handler", "speech.4.4"),
        Step("lapse", _("事项已变，暂停失效"), ("asked", "running"), "resumed", "system", "speech.4.4"),
    ],
    final=("resumed", "refused"),
)
