"""Steps of a grant: one administrator proposes it, another confirms it; only then does it count."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

GRANT_LIFECYCLE = Lifecycle(
    initial="proposed",
    states={"proposed": _("待复核"), "in_force": _("有效"), "ended": _("已终止"), "declined": _("未通过")},
    steps=[
        Step("grant", _("授权"), (), role="security_administrator"),
        Step("confirm_grant", _("复核通过"), ("proposed",), "in_force", role="security_administrator"),
        Step("decline_grant", _("不同意"), ("proposed",), "declined", role="security_administrator", dangerous=True),
        Step("withdraw_grant", _("撤回"), ("proposed",), "declined", role="security_administrator", dangerous=True),
        Step("end_grant", _("终止授权"), ("in_force",), role="security_administrator", dangerous=True),
        Step("expire_grants", _("到期终止"), ("in_force",), "ended"),
    ],
    final=("ended", "declined"),
)
COUNTING = ("in_force", "ended")  # states in which a grant counts between its dates: an ended one did count then
