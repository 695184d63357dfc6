from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="draft",
    states={
        "draft": _("起草"),
        "in_review": _("送审"),
        "reviewed": _("审核通过"),
        "signed": _("已签发"),
        "published": _("已印发"),
    },
    steps=[
        Step("draft", _("起草"), (), "draft", "party_group_office", "speech.2.8"),
        Step("edit", _("修改"), ("draft",), "", "party_group_office", "speech.2.8", is_aside=True),
        Step("propose", _("送审"), ("draft",), "in_review", "party_group_office", "speech.2.8"),
        Step(
            "send_back",
            _("退回修改"),
            ("in_review", "reviewed"),
            "draft",
            "discipline_officer",
            "speech.2.8",
            is_aside=True,
        ),
        Step("approve", _("审核通过"), ("in_review",), "reviewed", "discipline_officer", "speech.2.8"),
        Step("sign", _("签发"), ("reviewed",), "signed", "secretary", "speech.2.8"),
        Step("publish", _("印发"), ("signed",), "published", "party_group_office", "speech.2.8", dangerous=True),
    ],
    final=("published",),
)
