"""The order of steps of a certificate."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="valid",
    states={"valid": _("有效"), "revoked": _("已撤销")},
    steps=[
        Step("award", _("发证书"), (), "valid", "", "speech.1.3"),
        Step("revoke", _("撤销"), ("valid",), "revoked", "party_group_office", "speech.1.3", dangerous=True),
    ],
    final=("valid", "revoked"),
)
