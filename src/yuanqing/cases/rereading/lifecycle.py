"""Steps of a re-reading: drawn by lot, read, done."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="drawn",
    states={"drawn": _("待提出意见"), "given": _("已提出意见")},
    steps=[
        Step("draw", _("抽取盲评"), (), "drawn", "lead_manager", "speech.4.5"),
        Step("give", _("提出盲评意见"), ("drawn",), "given", "lead_rereader", "speech.4.5"),
    ],
    final=("given",),
)
