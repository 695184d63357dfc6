"""The order of steps of a notice, and of each person's receipt."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="draft",
    states={
        "draft": _("起草中"),
        "issued": _("已发出"),
        "superseded": _("已被新版取代"),
        "withdrawn": _("已撤回"),
    },
    steps=[
        Step("draft", _("起草告知"), (), "draft", "party_group_office", "speech.1.7"),
        Step("edit", _("修改"), ("draft",), "", "party_group_office", "speech.1.7", is_aside=True),
        Step("write", _("写正文"), ("draft",), "", "party_group_office", "speech.1.7"),
        Step("address", _("确定对象"), ("draft",), "", "party_group_office", "speech.1.4"),
        Step("issue", _("发出"), ("draft",), "issued", "party_group_office", "speech.1.7"),
        Step("revise", _("起草新版"), ("issued",), "", "party_group_office", "speech.1.7", is_aside=True),
        Step("supersede", _("以新版取代"), ("issued",), "superseded", "party_group_office", "speech.1.7"),
        Step("withdraw", _("撤回"), ("issued",), "withdrawn", "party_group_office", "speech.1.7", dangerous=True),
    ],
    final=("issued", "superseded", "withdrawn"),  # most notices stay in force
)

RECEIPT_LIFECYCLE = Lifecycle(
    initial="delivered",
    states={
        "delivered": _("未读"),
        "reading": _("在读"),
        "signed": _("已签收"),
        "released": _("不再要求"),
    },
    steps=[
        Step("deliver", _("送达"), (), "delivered", "party_group_office", "speech.1.7"),
        Step("begin", _("开始阅读"), ("delivered", "reading"), "reading", "staff", "speech.1.7"),
        Step("turn", _("下一页"), ("reading",), "", "staff", "speech.1.7"),
        Step("answer", _("回答检查题"), ("reading",), "", "staff", "speech.1.7"),
        Step("sign", _("签收"), ("reading",), "signed", "staff", "speech.1.7"),
        Step(
            "sign_on_paper",
            _("登记纸质签收"),
            ("delivered", "reading"),
            "signed",
            "unit_contact",
            "speech.1.7",
            is_aside=True,
        ),
        Step(
            "release",
            _("不再要求"),
            ("delivered", "reading"),
            "released",
            "party_group_office",
            "speech.1.7",
            is_aside=True,
        ),
    ],
    final=("signed", "released"),
)
