"""Steps of a delegation: it begins and ends by its dates, and may be ended before."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="in_force",
    states={"in_force": _("有效"), "revoked": _("已收回"), "ended": _("已到期")},
    steps=[
        Step("delegate", _("委托代理"), (), basis="speech.5.3"),
        Step("revoke", _("收回代理"), ("in_force",), "revoked", dangerous=True, basis="speech.5.3"),
        Step("expire_delegations", _("到期结束"), ("in_force",), "ended", basis="speech.5.3"),
    ],
    final=("ended", "revoked"),
)
