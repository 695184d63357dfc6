"""The order of steps of an article of the column."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="draft",
    states={
        "draft": _("起草中"),
        "proposed": _("待审核"),
        "returned": _("已退回"),
        "published": _("已发布"),
        "withdrawn": _("已撤下"),
    },
    steps=[
        Step("draft", _("起草"), (), "draft", "unit_contact", "speech.1.9"),
        Step("edit", _("修改"), ("draft", "returned"), "", "unit_contact", "speech.1.9", is_aside=True),
        Step("propose", _("投稿"), ("draft", "returned"), "proposed", "unit_contact", "speech.1.9"),
        Step("publish", _("采用并发布"), ("proposed",), "published", "discipline_officer", "speech.1.9"),
        Step("send_back", _("退回修改"), ("proposed",), "returned", "discipline_officer", "speech.1.9", is_aside=True),
        Step("withdraw", _("撤下"), ("published",), "withdrawn", "discipline_officer", "speech.1.9", dangerous=True),
    ],
    final=("published", "withdrawn"),  # most articles stay
)
