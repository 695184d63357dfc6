"""Steps of a recusal: declared by oneself it holds at once, asked for by others it waits for the decision."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="requested",
    states={
        "requested": _("申请待决定"),
        "declared": _("已声明，待决定"),
        "in_force": _("回避"),
        "declined": _("不须回避"),
        "lifted": _("已解除"),
    },
    steps=[
        Step("request", _("申请回避"), (), "requested", basis="speech.4.4"),
        Step("declare", _("声明回避"), (), "declared", basis="speech.4.4"),
        Step("order", _("决定回避"), (), "in_force", role="security_administrator", basis="speech.4.4"),
        Step(
            "uphold",
            _("决定回避"),
            ("requested", "declared"),
            "in_force",
            role="security_administrator",
            basis="speech.4.4",
        ),
        Step("decline", _("决定不须回避"), ("requested", "declared"), "declined", dangerous=True, basis="speech.4.4"),
        Step("lift", _("解除回避"), ("in_force",), "lifted", dangerous=True, basis="speech.4.4"),
    ],
    final=("lifted", "declined"),
)
HOLDING = ("declared", "in_force")  # states in which the account is kept out
