"""Steps of a partner body: registered by one, confirmed by another who compared the fingerprint, retired."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="proposed",
    states={"proposed": _("待核对指纹"), "confirmed": _("在用"), "retired": _("已停用")},
    steps=[
        Step("propose", _("登记往来机关"), (), "proposed", "key_manager", "speech.4.1"),
        Step("confirm", _("核对指纹并启用"), ("proposed",), "confirmed", "petition_intake", "speech.4.1"),
        Step("retire", _("停用往来机关"), ("proposed", "confirmed"), "retired", "key_manager", "speech.4.1", dangerous=True),
    ],
    final=("retired",),
)  # fmt: skip
