"""Steps of an appeal: filed, accepted, reviewed by somebody new, decided, the person told; execution goes on meanwhile."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

ENDED = ("told", "declined", "withdrawn")
MANAGER, TRIAL, CHIEF = "lead_manager", "case_trial", "discipline_chief"

LIFECYCLE = Lifecycle(
    initial="filed",
    states={
        "filed": _("待受理"),
        "accepted": _("复查中"),
        "reviewed": _("待决定"),
        "decided": _("已决定"),
        "told": _("已告知"),
        "declined": _("不予受理"),
        "withdrawn": _("已撤回"),
    },
    steps=[
        Step("file", _("提出申诉"), (), "filed", MANAGER, "speech.4.8"),
        Step("accept", _("受理申诉"), ("filed",), "accepted", MANAGER, "speech.4.8"),
        Step("review", _("提出复查意见"), ("accepted",), "reviewed", TRIAL, "speech.4.8"),
        Step("decide", _("作出复查决定"), ("reviewed",), "decided", CHIEF, "speech.4.8"),
        Step("return_review", _("退回继续复查"), ("reviewed",), "accepted", CHIEF, "speech.4.8", is_aside=True),
        Step("tell", _("告知本人"), ("decided",), "told", MANAGER, "speech.4.8"),
        Step("decline", _("不予受理"), ("filed",), "declined", CHIEF, "speech.4.8", dangerous=True),
        Step(
            "withdraw",
            _("撤回申诉"),
            ("filed", "accepted", "reviewed"),
            "withdrawn",
            MANAGER,
            "speech.4.8",
            is_aside=True,
        ),
    ],
    final=ENDED,
)
