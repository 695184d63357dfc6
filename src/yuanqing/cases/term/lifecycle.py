"""Steps of a term: begun by an event or by hand, done, or void with its matter."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

LIFECYCLE = Lifecycle(
    initial="running",
    states={"running": _("待办"), "done": _("已办"), "void": _("不再需要")},
    steps=[
        Step("arise", _("由事项引起"), (), "running", "system", "speech.4.4"),
        Step("begin", _("登记限期事项"), (), "running", "lead_manager", "speech.4.4"),
        Step("fulfil", _("登记已办"), ("running",), "done", "lead_handler", "speech.4.4"),
        Step("prolong", _("批准延长"), ("running",), "", "discipline_chief", "speech.4.5", is_aside=True),
        Step("end", _("随事项结束"), ("running",), "void", "system", "speech.4.4"),
        Step("escalate", _("逾期上报"), ("running",), "", "system", "speech.4.4"),
    ],
    final=("done", "void"),
)
