from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="open",
    states={
        "open": _("待填报"),
        "submitted": _("已报送"),
        "returned": _("已退回"),
        "accepted": _("已审核"),
        "missing": _("未报送"),
    },
    steps=[
        Step("open_month", _("开启月报"), (), "open", "party_group_office", "speech.2.8"),
        Step("submit", _("报送"), ("open", "returned"), "submitted", "unit_leader", "speech.2.8"),
        Step("send_back", _("退回修改"), ("submitted",), "returned", "superior_reviewer", "speech.2.8", is_aside=True),
        Step("accept", _("审核通过"), ("submitted",), "accepted", "superior_reviewer", "speech.2.8"),
        Step(
            "declare_missing",
            _("认定未报送"),
            ("open", "returned"),
            "missing",
            "party_group_office",
            "speech.2.8",
            is_aside=True,
        ),
    ],
    final=("accepted", "missing"),
)
