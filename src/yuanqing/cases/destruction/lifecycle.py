"""Steps of a destruction: proposed (by the system when a term is over), carried out by another, or refused."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="proposed",
    states={"proposed": _("待决定"), "destroyed": _("已销毁"), "refused": _("不予销毁")},
    steps=[
        Step("propose", _("提出销毁内容"), (), "proposed", "lead_manager", "speech.4.4"),
        Step(
            "carry_out", _("批准并销毁"), ("proposed",), "destroyed", "discipline_chief", "speech.4.4", dangerous=True
        ),
        Step("refuse", _("不予销毁"), ("proposed",), "refused", "discipline_chief", "speech.4.4", is_aside=True),
    ],
    final=("destroyed", "refused"),
)
