from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

OPEN = ("received", "accepted")
ANY = (*OPEN, "passed_on", "declined", "concluded", "withdrawn")

# What the reporter is told; the register's own lifecycle is finer.
LIFECYCLE = Lifecycle(
    initial="received",
    states={
        "received": _("已收到"),
        "accepted": _("已受理"),
        "passed_on": _("已转送"),
        "declined": _("不属受理范围"),
        "concluded": _("已办结"),
        "withdrawn": _("已撤回"),
    },
    steps=[
        Step("submit", _("提交举报"), (), "received", "reporter", "speech.4.1"),
        Step("accept", _("告知已受理"), ("received",), "accepted", "petition_intake", "speech.4.1"),
        Step("pass_on", _("告知已转送"), OPEN, "passed_on", "petition_intake", "speech.4.1"),
        Step("decline", _("告知不属受理范围"), OPEN, "declined", "petition_intake", "speech.4.1"),
        Step("conclude", _("告知已办结"), OPEN, "concluded", "petition_handler", "speech.4.1"),
        Step("withdraw", _("撤回举报"), OPEN, "withdrawn", "reporter", "speech.4.1", dangerous=True),
        Step("write", _("补充材料"), ANY, "", "reporter", "speech.4.1"),
        Step("answer", _("回复举报人"), ANY, "", "petition_handler", "speech.4.1"),
    ],
    final=("concluded", "passed_on", "declined", "withdrawn"),
)
