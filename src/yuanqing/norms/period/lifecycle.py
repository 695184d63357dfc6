from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="open",
    states={"open": _("进行中"), "closed": _("已结账")},
    steps=[
        Step("open_period", _("开启月度"), (), "open", "party_group_office", "speech.2.8"),
        Step("close_period", _("结账"), ("open",), "closed", "party_group_office", "speech.2.7", dangerous=True),
    ],
    final=("closed",),
)
