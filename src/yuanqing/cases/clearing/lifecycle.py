"""Steps of a clearing: proposed by the body or asked for by the person, approved by the chief, carried out."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

ENDED = ("done", "declined")
HANDLER, CHIEF = "lead_handler", "discipline_chief"

LIFECYCLE = Lifecycle(
    initial="proposed",
    states={
        "proposed": _("待批准"),
        "approved": _("待澄清"),
        "done": _("已澄清"),
        "declined": _("不予澄清"),
    },
    steps=[
        Step("propose", _("提出澄清"), (), "proposed", HANDLER, "speech.4.8"),
        Step("approve", _("批准澄清"), ("proposed",), "approved", CHIEF, "speech.4.8"),
        Step("carry_out", _("登记澄清情况"), ("approved",), "done", HANDLER, "speech.4.8"),
        Step("decline", _("不予澄清"), ("proposed", "approved"), "declined", CHIEF, "speech.4.8", dangerous=True),
    ],
    final=ENDED,
)
