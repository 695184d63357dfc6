"""The order of steps of a question."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="draft",
    states={"draft": _("起草中"), "active": _("使用中"), "retired": _("已停用")},
    steps=[
        Step("write", _("出题"), (), "draft", "party_group_office", "speech.1.3"),
        Step("edit", _("修改"), ("draft",), "", "party_group_office", "speech.1.3", is_aside=True),
        Step("activate", _("启用"), ("draft",), "active", "party_group_office", "speech.1.3"),
        Step("retire", _("停用"), ("active",), "retired", "party_group_office", "speech.1.3", is_aside=True),
    ],
    final=("retired",),
)
