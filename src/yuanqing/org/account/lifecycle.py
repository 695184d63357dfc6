"""Steps of a grant: one administrator proposes it, another confirms it; only then does it count."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

GRANT_LIFECYCLE = Lifecycle(
    initial="proposed",
    states={"proposed": _("待复核"), "in_force": _("有效"), "ended": _("已终止"), "declined": _("未通过")},
    steps=[
        Step("grant", _("授权"), (), role="security_administrator", basis="speech.5.3"),
        Step(
            "confirm_grant", _("复核通过"), ("proposed",), "in_force", role="security_administrator", basis="speech.5.3"
        ),
        Step(
            "decline_grant",
            _("不同意"),
            ("proposed",),
            "declined",
            role="security_administrator",
            dangerous=True,
            basis="speech.5.3",
        ),
        Step(
            "withdraw_grant",
            _("撤回"),
            ("proposed",),
            "declined",
            role="security_administrator",
            dangerous=True,
            basis="speech.5.3",
        ),
        Step(
            "end_grant", _("终止授权"), ("in_force",), role="security_administrator", dangerous=True, basis="speech.5.3"
        ),
        Step("expire_grants", _("到期终止"), ("in_force",), "ended", basis="speech.5.3"),
    ],
    final=("ended", "declined"),
)
COUNTING = ("in_force", "ended")  # states in which a grant counts between its dates: an ended one did count then
