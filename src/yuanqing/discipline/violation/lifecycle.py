from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="received",
    states={
        "received": _("已受理"),
        "routed": _("已分流"),
        "concluded": _("已查处"),
        "unfounded": _("查否"),
        "superseded": _("已更正"),
    },
    steps=[
        Step("record", _("登记"), (), "received", "discipline_officer", "speech.2.8"),
        Step("route", _("分流"), ("received",), "routed", "discipline_officer", "speech.2.5"),
        Step("transfer", _("登记移送回执"), ("routed",), "", "discipline_officer", "speech.2.5"),
        Step("measure", _("登记处理措施"), ("routed", "concluded"), "", "discipline_officer", "speech.2.5"),
        Step("conclude", _("查处办结"), ("routed",), "concluded", "discipline_officer", "speech.2.8"),
        Step("dismiss", _("查否"), ("routed",), "unfounded", "discipline_officer", "speech.2.6", dangerous=True),
        Step(
            "correct",
            _("更正"),
            ("received", "routed", "concluded", "unfounded"),
            "superseded",
            "discipline_officer",
            "speech.2.6",
            dangerous=True,
        ),
    ],
    final=("concluded", "unfounded", "superseded"),
)
