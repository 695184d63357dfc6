"""Steps of a lead: pool, handler, opinion, decision, work, decision, end; nothing ends without a second person."""

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Lifecycle, Step

POOL = ("pooled", "assigned", "screening")  # before an opinion is proposed
RUNNING = (*POOL, "proposed", "inquiring", "inquired", "verifying", "verified", "held")
ENDED = ("filed", "closed", "passed_on", "sent_up", "merged")
MANAGER, HANDLER, CHIEF = "lead_manager", "lead_handler", "discipline_chief"

LIFECYCLE = Lifecycle(
    initial="pooled",
    states={
        "pooled": _("待分办"),
        "assigned": _("待确认承办"),
        "screening": _("研判中"),
        "proposed": _("处置意见待批"),
        "inquiring": _("谈话函询中"),
        "inquired": _("函询意见待批"),
        "verifying": _("初步核实中"),
        "verified": _("核实意见待批"),
        "held": _("暂存待查"),
        "filed": _("已立案"),
        "closed": _("已了结"),
        "passed_on": _("已移送"),
        "sent_up": _("已报上级"),
        "merged": _("已并案"),
    },
    steps=[
        Step("register", _("登记线索"), (), "pooled", MANAGER, "speech.4.4"),
        Step("assign", _("分办"), POOL, "assigned", MANAGER, "speech.4.4"),
        Step("confirm", _("确认承办"), ("assigned",), "screening", HANDLER, "speech.4.4"),
        Step("hand_back", _("退回分办"), ("assigned",), "pooled", HANDLER, "speech.4.4", is_aside=True),
        Step("screen", _("提出处置意见"), ("screening",), "proposed", HANDLER, "speech.4.2"),
        Step("inquire", _("批准谈话函询"), ("proposed", "inquired"), "inquiring", CHIEF, "speech.4.4"),
        Step("verify", _("批准初步核实"), ("proposed", "inquired"), "verifying", CHIEF, "speech.4.4"),
        Step("file", _("批准立案"), ("verified",), "filed", CHIEF, "speech.4.6"),
        Step("send_back", _("退回重新研判"), ("proposed",), "screening", CHIEF, "speech.4.5", is_aside=True),
        Step("return_inquiry", _("退回继续函询"), ("inquired",), "inquiring", CHIEF, "speech.4.5", is_aside=True),
        Step("return_check", _("退回继续核实"), ("verified",), "verifying", CHIEF, "speech.4.5", is_aside=True),
        Step("ask", _("发函或安排谈话"), ("inquiring",), "", HANDLER, "speech.4.4"),
        Step("answer", _("登记答复或笔录"), ("inquiring",), "", HANDLER, "speech.4.4"),
        Step("check_reply", _("抽查答复"), ("inquiring",), "", HANDLER, "speech.4.4", is_aside=True),
        Step("report_inquiry", _("报送函询意见"), ("inquiring",), "inquired", HANDLER, "speech.4.4"),
        Step("join", _("加入核查组"), ("verifying",), "", HANDLER, "speech.4.4"),
        Step("write_report", _("起草核实报告"), ("verifying",), "", HANDLER, "speech.4.4"),
        Step("sign", _("签署核实报告"), ("verifying",), "", HANDLER, "speech.4.4"),
        Step("report_check", _("报送核实意见"), ("verifying",), "verified", HANDLER, "speech.4.4"),
        Step("restart", _("重启"), ("held",), "screening", HANDLER, "speech.4.4", is_aside=True),
        Step("request", _("申请延期、并案、降低或报上级"), RUNNING, "", HANDLER, "speech.4.5", is_aside=True),
        Step("deny", _("不同意申请"), RUNNING, "", CHIEF, "speech.4.5", is_aside=True),
        Step("delay", _("同意延期"), RUNNING, "", CHIEF, "speech.4.5", is_aside=True),
        Step("lower", _("同意降低"), RUNNING, "", CHIEF, "speech.4.5", is_aside=True),
        Step("shelve", _("批准暂存待查"), ("proposed", "verified"), "held", CHIEF, "speech.4.5", dangerous=True),
        Step("merge", _("同意并案"), POOL, "merged", CHIEF, "speech.4.5", dangerous=True),
        Step("send_up", _("同意报上级"), POOL, "sent_up", CHIEF, "speech.4.4", dangerous=True),
        Step("remind", _("批准提醒处理"), ("inquired", "verified"), "closed", CHIEF, "speech.4.8", dangerous=True),
        Step("pass_on", _("批准移送"), ("verified",), "passed_on", CHIEF, "speech.4.4", dangerous=True),
        Step("close", _("批准了结"), ("proposed", "inquired", "verified"), "closed", CHIEF, "speech.4.5", dangerous=True),
        Step("reopen", _("重新启动"), ("closed",), "screening", CHIEF, "speech.4.5", is_aside=True),
        Step("escalate", _("逾期上报"), RUNNING, "", "system", "speech.4.4"),
        Step("bar", _("登记回避"), RUNNING, "", MANAGER, "speech.4.4", is_aside=True),
    ],
    final=ENDED,
)  # fmt: skip
