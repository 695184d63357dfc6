"""Steps of a sanction: in force, over by itself on its last day, or revoked on appeal."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="in_force",
    states={"in_force": _("影响期内"), "over": _("影响期满"), "revoked": _("已撤销")},
    steps=[
        Step("impose", _("登记处分"), (), "in_force", "lead_manager", "speech.4.8"),
        Step("restore", _("登记恢复党员权利"), ("in_force",), "", "lead_manager", "speech.4.8"),
        Step("expire", _("影响期满"), ("in_force",), "over", "system", "speech.4.8"),
        Step(
            "revoke", _("撤销处分"), ("in_force", "over"), "revoked", "discipline_chief", "speech.4.8", dangerous=True
        ),
    ],
    final=("over", "revoked"),
)
