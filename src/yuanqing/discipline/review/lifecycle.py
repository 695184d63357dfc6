from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="closed",
    states={"closed": _("已结账")},
    steps=[Step("close_month", _("结账"), (), "closed", "party_group_office", "speech.2.7", dangerous=True)],
    final=("closed",),
)
