"""Every capability that the roles pack names exists, and every act is open to some role."""

from __future__ import annotations

from fnmatch import fnmatchcase

from yuanqing.kernel import acts
from yuanqing.kernel.duty import noun_modules
from yuanqing.norms.packs import shipped

list(noun_modules("actions"))
SEEN = ("view", "view_draft", "export", "fill")  # things one sees, or types, without an act


def capabilities() -> set[str]:
    names = {act.name for act in acts.registry.values()}
    seen = {f"{name.rpartition('.')[0]}.{seen}" for name in names for seen in SEEN}
    return names | seen | {
        "kernel.ledger.view", "kernel.job.view", "kernel.packs.publish_roles", "shell.job.view", "shell.reading.view",
        "org.access.view", "discipline.correction.view",
    }  # fmt: skip


def test_every_pattern_matches_something():
    known = capabilities()
    dead = [
        (role.code, pattern)
        for role in shipped("roles").of_kind("role")
        for pattern in role.capabilities
        if not any(fnmatchcase(name, pattern) for name in known)
    ]
    assert dead == []


def test_every_act_is_open_to_some_role():
    patterns = [p for role in shipped("roles").of_kind("role") for p in role.capabilities]
    # open to everybody for himself, or decided by the noun whose record it is about
    own = {
        "org.account.change_own_password",
        "shell.file.add",
        "org.delegation.delegate",
        "org.recusal.declare",
        "org.recusal.request",
        "org.token.issue",
        "org.token.revoke",
        "discipline.bulletin.acknowledge",
    }
    own |= {f"education.notice.{step}" for step in ("begin", "turn", "answer", "sign")}
    own |= {f"hotline.report.{step}" for step in ("submit", "write", "withdraw")}  # whoever holds the receipt
    own |= {f"hotline.report.{step}" for step in ("accept", "pass_on", "decline", "conclude", "expect")}  # the register
    own |= {"cases.petition.receive"}  # what the hotline received
    own |= {f"cases.{noun}.escalate" for noun in ("petition", "lead", "case", "transfer")} | {
        "cases.sanction.expire"
    }  # what is overdue or over, by the system
    own |= {
        "cases.transfer.settle",
        "cases.transfer.pass_through",
        "cases.pause.lapse",
        "cases.sitting.conclude",
        "cases.sitting.lapse",
        "cases.term.arise",
        "cases.term.end",
        "cases.term.escalate",
    }  # where nothing is waited for; what nobody here reads
    steps = ("draw", "sit", "promise", "declare", "study", "complete", "take_effect")
    own |= {f"education.induction.{step}" for step in steps}
    own |= {f"education.writing.{step}" for step in ("start", "submit", "explain", "ask", "clear")}
    own |= {f"education.activity.{step}" for step in ("invite", "attend", "unattend", "release")}
    own |= {f"education.session.{step}" for step in ("sign_in", "ask_leave", "arrive")}
    own |= {f"education.quiz.{step}" for step in ("begin", "hand_in", "collect")} | {"education.certificate.award"}
    own |= {f"education.lesson.{step}" for step in ("begin", "finish")}
    own |= {f"education.courseware.{step}" for step in ("begin", "mark", "finish")}
    own |= {f"education.examination.{step}" for step in ("begin", "answer", "submit", "report", "close")}
    own |= {f"org.signin.{step}" for step in ("enter", "leave", "fail", "add_factor", "use_link")}
    own |= {"org.account.choose_password"}
    closed = [
        a.name
        for a in acts.registry.values()
        if a.name not in own and not any(fnmatchcase(a.name, p) for p in patterns)
    ]
    assert closed == []
