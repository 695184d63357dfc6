"""Steps of a return visit: planned with the sanction, held by two, or excused with a reason."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="planned",
    states={"planned": _("待回访"), "held": _("已回访"), "excused": _("不再回访")},
    steps=[
        Step("plan", _("安排回访"), (), "planned", "lead_manager", "speech.4.8"),
        Step("hold", _("登记回访情况"), ("planned",), "held", "lead_handler", "speech.4.8"),
        Step("put_off", _("推迟回访"), ("planned",), "", "lead_manager", "speech.4.8", is_aside=True),
        Step("excuse", _("不再回访"), ("planned",), "excused", "discipline_chief", "speech.4.8", dangerous=True),
    ],
    final=("held", "excused"),
)
