"""Steps of a case: investigation, trial by others, decision, delivery, execution, archive."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

ENDED = ("archived", "dropped")
RUNNING = ("investigating", "in_trial", "tried", "decided", "enforced")
MANAGER, INVESTIGATOR, TRIAL, CHIEF = "lead_manager", "case_investigator", "case_trial", "discipline_chief"

LIFECYCLE = Lifecycle(
    initial="investigating",
    states={
        "investigating": _("审查调查中"),
        "in_trial": _("审理中"),
        "tried": _("审理完毕"),
        "decided": _("已决定"),
        "enforced": _("已执行"),
        "archived": _("已归档"),
        "dropped": _("已撤案"),
    },
    steps=[
        Step("open", _("开立案卷"), (), "investigating", MANAGER, "speech.4.6"),
        Step("staff", _("安排办案人员"), ("investigating", "in_trial"), "", MANAGER, "speech.4.6"),
        Step("announce", _("宣布立案"), ("investigating",), "", INVESTIGATOR, "speech.4.6"),
        Step("plan", _("提出审查方案"), ("investigating",), "", INVESTIGATOR, "speech.4.6"),
        Step("approve_plan", _("批准审查方案"), ("investigating",), "", CHIEF, "speech.4.6"),
        Step("use_measure", _("登记审查措施"), ("investigating",), "", INVESTIGATOR, "speech.4.6", is_aside=True),
        Step("add_evidence", _("登记证据"), ("investigating",), "", INVESTIGATOR, "speech.4.6"),
        Step("show_facts", _("事实材料见面"), ("investigating",), "", INVESTIGATOR, "speech.4.8"),
        Step("submit", _("移送审理"), ("investigating",), "in_trial", INVESTIGATOR, "speech.4.6"),
        Step("try_case", _("提出审理意见"), ("in_trial",), "tried", TRIAL, "speech.4.6"),
        Step("supplement", _("退回补充审查"), ("in_trial",), "investigating", TRIAL, "speech.4.6", is_aside=True),
        Step("reinvestigate", _("退回重新审查"), ("tried",), "investigating", CHIEF, "speech.4.6", is_aside=True),
        Step("decide", _("作出决定"), ("tried",), "decided", CHIEF, "speech.4.6"),
        Step("deliver", _("登记送达"), ("decided",), "", MANAGER, "speech.4.6"),
        Step("tell", _("登记宣布"), ("decided",), "", MANAGER, "speech.4.6"),
        Step("execute", _("登记执行情况"), ("decided",), "enforced", MANAGER, "speech.4.6"),
        Step("extend", _("决定以案促改"), ("decided", "enforced"), "", CHIEF, "speech.4.7"),
        Step("archive", _("归档"), ("enforced",), "archived", MANAGER, "speech.4.7"),
        Step("prolong", _("批准延期"), ("investigating", "in_trial", "tried"), "", CHIEF, "speech.4.5", is_aside=True),
        Step("hand_on", _("登记证据交接"), RUNNING, "", INVESTIGATOR, "speech.4.6", is_aside=True),
        Step("note_intervention", _("登记过问干预"), RUNNING, "", INVESTIGATOR, "speech.4.6", is_aside=True),
        Step("escalate", _("逾期上报"), RUNNING, "", "system", "speech.4.4"),
        Step("drop", _("撤销案件"), ("investigating",), "dropped", CHIEF, "speech.4.5", dangerous=True),
    ],
    final=ENDED,
)
