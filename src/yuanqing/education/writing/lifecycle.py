"""The order of steps of a summary report or a reflection, and of a question about copied words."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="draft",
    states={
        "draft": _("起草中"),
        "submitted": _("待审阅"),
        "returned": _("已退回"),
        "accepted": _("已接收"),
        "archived": _("已归档"),
    },
    steps=[
        Step("start", _("动笔"), (), "draft", "mid_level_leader", "speech.1.6"),
        Step("submit", _("提交"), ("draft", "returned"), "submitted", "mid_level_leader", "speech.1.6"),
        Step("comment", _("批注"), ("submitted",), "", "superior_reviewer", "speech.1.6", is_aside=True),
        Step("accept", _("接收"), ("submitted",), "accepted", "superior_reviewer", "speech.1.6"),
        Step("send_back", _("退回修改"), ("submitted",), "returned", "superior_reviewer", "speech.1.6", is_aside=True),
        Step("archive", _("归档"), ("accepted",), "archived", "party_group_office", "speech.1.5"),
    ],
    final=("archived",),
)

MATCH_LIFECYCLE = Lifecycle(
    initial="asked",
    states={"asked": _("请作者说明"), "explained": _("作者已说明"), "cleared": _("改后已不相同")},
    steps=[
        Step("ask", _("发现相同文字"), (), "asked", "", "speech.1.6"),
        Step("explain", _("说明"), ("asked", "explained"), "explained", "mid_level_leader", "speech.1.6"),
        Step("clear", _("改后已不相同"), ("asked", "explained"), "cleared", "", "speech.1.6"),
    ],
    final=("cleared",),
)
