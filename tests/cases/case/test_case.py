"""A case's way: opened from a filed lead, investigated, tried by others, decided by a third, delivered, carried out, archived."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests.cases.body import unanimous

from yuanqing.cases.case import actions, queries
from yuanqing.cases.case.models import Case, Evidence, Intervention
from yuanqing.cases.disposal import actions as decisions
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.queries import drafted, due, opened
from yuanqing.cases.trial import actions as trials
from yuanqing.kernel.acts import Conflict, Refused
from yuanqing.kernel.sealing.envelope import Unopenable

ALL = ("std_facts", "std_proof", "std_nature", "std_measure_fits", "std_formalities", "std_procedure")
DIGEST = sha256(b"a scan").hexdigest()


def today() -> date:
    return timezone.localdate()


class Court:
    """办案: the bureau with what it takes to bring a case along."""

    def __init__(self, bureau: Any) -> None:
        self.bureau = bureau

    def papers(self, case: Case, *kinds: str) -> list[Any]:
        return drafted(case, {kind: f"{kind}的内容" for kind in kinds}, "case")

    def fresh(self, case: Case) -> Case:
        found: Case = Case.objects.select_related("key", "unit", "lead").get(pk=case.pk)
        return found

    def filed(self, *about: str) -> Lead:
        lead: Lead = self.bureau.verified("check_file", self.bureau.lead(*about))
        decisions.file(lead, by=self.bureau.by("chief"), reason="同意立案")
        return lead

    def opened(self, *about: str) -> Case:
        lead = self.filed(*about)
        file = actions.opened_file(self.bureau.by("manager"), lead, self.bureau.secret("manager", lead))
        return self.fresh(actions.open(by=self.bureau.by("manager"), lead=lead, file=file))

    def join(self, case: Case, name: str, part: str) -> None:
        secret = self.bureau.secret("manager", case)
        actions.staff(
            case, by=self.bureau.by("manager"), part=part, officer=self.bureau.by(name), holder=self.bureau.holders[name],
            secret=secret,
        )  # fmt: skip

    def staffed(self, *about: str) -> Case:
        case = self.opened(*about)
        for name, part in (
            ("detective", "investigation"),
            ("detective2", "investigation"),
            ("judge", "trial"),
            ("judge2", "trial"),
        ):
            self.join(case, name, part)
        return case

    def ready(self, *about: str) -> Case:
        """Everything done that has to come before a trial."""
        case, by = self.staffed(*about), self.bureau.by("detective")
        actions.announce(case, by=by, on=today())
        actions.plan(case, by=by, drafts=self.papers(case, "plan"))
        actions.approve_plan(case, by=self.bureau.by("chief"), reason="同意")
        self.evidence(case)
        actions.show_facts(case, by=by, on=today(), drafts=self.papers(case, "facts", "answer"))
        return case

    def planned(self, *about: str) -> Case:
        case = self.staffed(*about)
        actions.plan(case, by=self.bureau.by("detective"), drafts=self.papers(case, "plan"))
        return case

    def told(self, *about: str) -> Case:
        """Decided, delivered and read out."""
        case, manager = self.decided(*about), self.bureau.by("manager")
        trials.deliver(case, by=manager, on=today())
        trials.tell(case, by=manager, on=today())
        return case

    def evidence(self, case: Case, **changes: Any) -> None:
        words = {
            "kind": "document",
            "digest": DIGEST,
            "obtained_on": today(),
            "obtained_by": 2,
            "kept_at": "案卷柜3",
            "pages": 12,
        }
        drafts = self.papers(case, "evidence_note")
        actions.add_evidence(case, by=self.bureau.by("detective"), drafts=drafts, **{**words, **changes})

    def submitted(self, *about: str) -> Case:
        case = self.ready(*about)
        actions.submit(case, by=self.bureau.by("detective"), drafts=self.papers(case, "case_report"))
        return case

    def tried(self, *about: str) -> Case:
        case = self.submitted(*about)
        drafts = self.papers(case, "trial_report")
        trials.try_case(case, by=self.bureau.by("judge"), standards=ALL, proposal="sanction", drafts=drafts)
        return case

    def agreed(self, case: Case, decision: str = "sanction") -> Case:
        """The body has sat on it and agreed."""
        case = self.fresh(case)
        unanimous(self.bureau.by, case, self.bureau.secret("manager", case), decision)
        return self.fresh(case)

    def deliberated(self, *about: str) -> Case:
        return self.agreed(self.tried(*about))

    def decided(self, *about: str) -> Case:
        case = self.deliberated(*about)
        trials.decide(
            case, by=self.bureau.by("chief"), outcome="sanction", document="纪〔2026〕1号", on=today(),
            drafts=self.papers(case, "decision"),
        )  # fmt: skip
        return case


@pytest.fixture
def court(bureau: Any) -> Court:
    return Court(bureau)


def test_a_filed_lead_becomes_a_case_under_a_key_of_its_own(court: Court) -> None:
    case, bureau = court.opened(), court.bureau
    assert case.number.startswith(f"LA{today().year}-")
    assert (case.state, case.due, case.owner) == ("investigating", "case.investigate", bureau.accounts["manager"])
    assert opened(case, bureau.unlocked("chief"))[0].text == "账外设立小金库"
    with pytest.raises(Unopenable):
        opened(case, bureau.unlocked("handler"))
    assert not Case.objects.visible_to(bureau.by("detective")).exists()
    assert list(queries.openable(bureau.by("manager"))) == []
    file = actions.opened_file(bureau.by("manager"), case.lead, bureau.secret("manager", case.lead))
    with pytest.raises(Conflict):
        actions.open(by=bureau.by("manager"), lead=case.lead, file=file)


def test_only_filed_leads_and_only_the_manager(court: Court) -> None:
    bureau = court.bureau
    lead = court.filed()
    file = actions.opened_file(bureau.by("manager"), lead, bureau.secret("manager", lead))
    with pytest.raises(Refused):
        actions.open(by=bureau.by("chief"), lead=lead, file=file)
    other = bureau.lead()
    file = actions.opened_file(bureau.by("manager"), other, bureau.secret("manager", other))
    with pytest.raises(ValidationError, match="批准立案"):
        actions.open(by=bureau.by("manager"), lead=other, file=file)
    assert Case.objects.count() == 0


@pytest.mark.parametrize("name", ["boss", "clerk", "manager2"])
def test_the_reported_leader_and_his_people_never_see_the_case(court: Court, name: str) -> None:
    case, bureau = court.opened("boss"), court.bureau
    assert not Case.objects.visible_to(bureau.by(name)).exists()
    assert bureau.client(name).get(case.get_absolute_url()).status_code == 404
    assert case.number not in bureau.client(name).get("/cases/case/").content.decode()


@pytest.mark.parametrize(
    ("name", "part", "match"),
    [
        ("judge", "investigation", "没有这种角色"),
        ("detective", "trial", "没有这种角色"),
        ("detective", "nonsense", "请选择"),
    ],
)
def test_parts_follow_roles(court: Court, name: str, part: str, match: str) -> None:
    case = court.opened()
    with pytest.raises(ValidationError, match=match):
        court.join(case, name, part)


def test_one_part_in_a_case_and_no_more(court: Court) -> None:
    case = court.staffed()
    with pytest.raises(ValidationError, match="只能承担一种"):
        court.join(case, "detective", "investigation")
    assert court.fresh(case).owner == court.bureau.accounts["detective"]
    for by, act in (("judge", actions.announce), ("handler", actions.announce)):
        with pytest.raises(Refused):
            act(court.fresh(case), by=court.bureau.by(by), on=today())


def test_each_is_told_what_waits_for_his_own_part(court: Court) -> None:
    bureau = court.bureau
    court.staffed()
    court.submitted()
    told = {name: queries.waiting(bureau.by(name)) for name in ("detective", "judge")}
    assert (told["detective"]["investigate"], told["detective"]["trial"]) == (1, 0)
    assert (told["judge"]["investigate"], told["judge"]["trial"]) == (0, 1)


def test_who_must_keep_out_is_asked_anew(court: Court) -> None:
    from yuanqing.org.recusal import actions as recusals

    case = court.opened("staff")
    recusals.declare(
        by=court.bureau.by("detective"), ground="relative", reason="亲属", subject=court.bureau.people["staff"]
    )
    with pytest.raises(ValidationError, match="回避"):
        court.join(case, "detective", "investigation")


def test_no_measure_before_the_plan_is_approved(court: Court) -> None:
    case, by = court.staffed(), court.bureau.by("detective")
    words = {"kind": "talk", "approved_by": "分管负责人 纪〔2026〕9号", "starts_on": today()}
    with pytest.raises(Refused, match="批准以前"):
        actions.use_measure(case, by=by, **words)
    case = court.fresh(case)
    with pytest.raises(Refused, match="没有等待批准"):
        actions.approve_plan(case, by=court.bureau.by("chief"), reason="同意")
    case = court.fresh(case)
    actions.plan(case, by=by, drafts=court.papers(case, "plan"))
    with pytest.raises(Refused):
        actions.approve_plan(case, by=by, reason="同意")
    actions.approve_plan(case, by=court.bureau.by("chief"), reason="同意")
    actions.use_measure(case, by=by, **words)
    assert "登记每项措施的终止日期" in queries.missing_before_trial(case)
    actions.use_measure(case, by=by, **words, ends_on=today())
    assert case.measures.count() == 1
    actions.plan(case, by=by, drafts=court.papers(case, "plan"))
    assert case.plan_on is None  # a new plan needs a new approval


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "hearsay"}, "kind"),
        ({"obtained_by": 1}, "obtained_by"),
        ({"obtained_on": date(2999, 1, 1)}, "obtained_on"),
        ({"digest": "zz"}, "digest"),
    ],
)
def test_evidence_that_cannot_be(court: Court, changes: dict[str, Any], field: str) -> None:
    case = court.staffed()
    with pytest.raises(ValidationError) as told:
        court.evidence(case, **changes)
    assert field in told.value.message_dict
    assert Evidence.objects.count() == 0


def test_the_same_evidence_is_listed_once(court: Court) -> None:
    case = court.staffed()
    court.evidence(case)
    with pytest.raises(ValidationError, match="已经登记"):
        court.evidence(court.fresh(case))
    case = court.fresh(case)
    court.evidence(case, digest=sha256(b"another").hexdigest())
    assert list(case.evidence.values_list("number", flat=True)) == [1, 2]


def test_nothing_goes_to_trial_before_everything_is_done(court: Court) -> None:
    case = court.staffed()
    with pytest.raises(Refused, match="宣布立案、批准审查方案、登记证据、事实材料见面并听取本人意见"):
        actions.submit(case, by=court.bureau.by("detective"), drafts=court.papers(case, "case_report"))


def test_trial_by_two_others_and_six_standards(court: Court) -> None:
    case = court.submitted()
    assert (case.state, case.due, case.due_on) == ("in_trial", "trial.review", due("trial.review"))
    drafts = court.papers(case, "trial_report")
    with pytest.raises(Refused):
        trials.try_case(case, by=court.bureau.by("detective"), standards=ALL, proposal="sanction", drafts=drafts)
    with pytest.raises(ValidationError, match="证据确凿"):
        trials.try_case(
            court.fresh(case),
            by=court.bureau.by("judge"),
            standards=[s for s in ALL if s != "std_proof"],
            proposal="sanction",
            drafts=drafts,
        )
    trials.supplement(court.fresh(case), by=court.bureau.by("judge"), reason="缺银行流水")
    case = court.fresh(case)
    assert (case.state, case.returns) == ("investigating", 1)


def test_reinvestigated_facts_are_shown_anew(court: Court) -> None:
    case = court.tried()
    trials.reinvestigate(case, by=court.bureau.by("chief"), reason="主要事实不清")
    assert (case.state, case.facts_on, case.due) == ("investigating", None, "case.investigate")
    assert "事实材料见面并听取本人意见" in queries.missing_before_trial(case)


def test_decision_delivery_announcement_execution_archive(court: Court) -> None:
    case, bureau = court.decided(), court.bureau
    assert (case.state, case.outcome, case.due) == ("decided", "sanction", "decision.announce")
    with pytest.raises(Refused, match="先登记送达"):
        trials.execute(case, by=bureau.by("manager"), on=today(), drafts=court.papers(case, "execution"))
    case = court.fresh(case)
    trials.deliver(case, by=bureau.by("manager"), on=today())
    assert case.due == "decision.announce"
    trials.tell(case, by=bureau.by("manager"), on=today())
    assert (case.due, case.due_on) == ("decision.exec_report", due("decision.exec_report"))
    trials.execute(case, by=bureau.by("manager"), on=today(), drafts=court.papers(case, "execution"))
    with pytest.raises(Refused, match="以案促改"):
        trials.archive(case, by=bureau.by("manager"))
    case = court.fresh(case)
    with pytest.raises(ValidationError):
        trials.extend(case, by=bureau.by("chief"), extension="无")
    case = court.fresh(case)
    trials.extend(case, by=bureau.by("chief"), extension="向财务部发纪检建议，三个月内清理账外资金")
    trials.archive(case, by=bureau.by("manager"))
    assert (case.state, case.due_on, case.ended_on) == ("archived", None, today())


def test_a_case_is_prolonged_by_a_third_with_a_reason(court: Court) -> None:
    case = court.staffed()
    before = case.due_on
    with pytest.raises(ValidationError):
        actions.prolong(case, by=court.bureau.by("chief"), until=date(2999, 1, 1), reason="复杂")
    case = court.fresh(case)
    actions.prolong(case, by=court.bureau.by("chief"), until=before + timedelta(days=60), reason="境外取证")
    assert (case.due_on, case.extensions) == (before + timedelta(days=60), 1)
    with pytest.raises(Refused):
        actions.prolong(case, by=court.bureau.by("detective"), until=before + timedelta(days=70), reason="还要")


def test_dropping_and_interventions(court: Court) -> None:
    case, bureau = court.staffed(), court.bureau
    actions.note_intervention(
        case, by=bureau.by("detective"), kind="pleaded", on=today(), drafts=court.papers(case, "intervention")
    )
    assert Intervention.objects.get().kind == "pleaded"
    with pytest.raises(ValidationError):
        actions.drop(case, by=bureau.by("chief"), reason="")
    case = court.fresh(case)
    actions.drop(case, by=bureau.by("chief"), reason="查明不构成违纪")
    assert (case.state, case.outcome, case.due_on) == ("dropped", "dropped", None)


@pytest.mark.parametrize(
    "wrong", ["due_on = NULL", "owner_id = NULL", "state = 'in_trial'", "state = 'archived'", "state = 'dropped'"]
)
def test_the_database_keeps_the_rule_too(court: Court, wrong: str) -> None:
    case = court.opened()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE cases_case SET {wrong} WHERE id = %s", [case.pk])


# Over HTTP and through the API


PAGES = [
    ("manager", "opened", "case", ("staff",)),
    ("detective", "staffed", "case", ("announce", "plan", "add-evidence", "show-facts", "note-intervention")),
    ("detective", "ready", "case", ("submit", "use-measure")),
    ("chief", "planned", "case", ("prolong", "drop", "approve-plan")),
    ("judge", "submitted", "trial", ("try-case", "supplement")),
    ("chief", "deliberated", "trial", ("decide", "reinvestigate")),
    ("manager", "decided", "trial", ("deliver", "tell")),
    ("manager", "told", "trial", ("execute",)),
    ("chief", "decided", "trial", ("extend",)),
]


@pytest.mark.parametrize(("name", "stage", "noun", "steps"), PAGES)
def test_each_act_has_its_page(court: Court, name: str, stage: str, noun: str, steps: tuple[str, ...]) -> None:
    case = getattr(court, stage)()
    client = court.bureau.client(name, unlock=True)
    for step in steps:
        assert client.get(f"/cases/{noun}/{case.pk}/{step}/").status_code == 200, step
    page = client.get(case.get_absolute_url()).content.decode()
    assert "小金库" in page
    assert "小金库" not in court.bureau.client(name).get(case.get_absolute_url()).content.decode()
    for query in ("", "?state=investigating", "?format=xlsx"):
        assert client.get(f"/cases/case/{query}").status_code == 200


def test_opening_and_staffing_over_http(court: Court) -> None:
    lead, bureau = court.filed(), court.bureau
    client = bureau.client("manager", unlock=True)
    assert lead.number in client.get("/cases/case/").content.decode()
    assert "等待开立案卷" in client.get("/").content.decode()
    assert bureau.client("manager").get(f"/cases/case/open/{lead.pk}/").url.startswith("/cases/keyring/unlock/")
    assert client.get(f"/cases/case/open/{lead.pk}/").status_code == 200
    assert client.post(f"/cases/case/open/{lead.pk}/").status_code == 302
    case = Case.objects.get()
    address = f"/cases/case/{case.pk}/staff/"
    assert client.post(address, {"chosen": "trial:nobody"}).status_code == 422
    assert client.post(address, {"chosen": f"trial:{bureau.holders['judge'].pk}"}).status_code == 302
    assert Case.objects.visible_to(bureau.by("judge")).exists()
    assert client.get(f"/cases/case/open/{lead.pk}/").status_code == 404


def test_programs_take_the_steps(court: Court) -> None:
    case, bureau, on = court.staffed(), court.bureau, today().isoformat()

    def post(who: str, noun: str, step: str, **given: Any) -> Any:
        address = f"/api/cases/{noun}/{case.pk}/{step}/"
        return bureau.client(who).post(address, given, content_type="application/json")

    assert post("judge", "case", "announce", on=on).status_code == 409
    assert post("detective", "case", "announce", on=on).json()["announced_on"] == on
    assert post("detective", "case", "plan", plan="").status_code == 422
    assert post("detective", "case", "plan", plan="方案").status_code == 200
    assert post("chief", "case", "approve-plan", reason="同意").json()["plan_on"] == on
    measure = {"kind": "query_plain", "approved_by": "部门负责人", "starts_on": on, "ends_on": on}
    assert post("detective", "case", "use-measure", **measure).status_code == 200
    item = {
        "kind": "document",
        "digest": DIGEST,
        "obtained_on": on,
        "obtained_by": 2,
        "kept_at": "柜",
        "evidence_note": "账页",
    }
    assert post("detective", "case", "add-evidence", **item).status_code == 200
    listed = bureau.client("detective").get(f"/api/cases/case/{case.pk}/evidence/").json()["items"]
    assert [one["digest"] for one in listed] == [DIGEST]
    assert post("detective", "case", "show-facts", on=on, facts="事实", answer="无异议").status_code == 200
    assert post("detective", "case", "submit", case_report="报告").json()["state"] == "in_trial"
    trial = {"standards": list(ALL), "proposal": "exempted", "trial_report": "审理"}
    assert post("judge", "trial", "try", **trial).json()["state"] == "tried"
    court.agreed(case, "exempted")
    decision = {"outcome": "exempted", "document": "纪〔2026〕2号", "on": on, "decision": "免予处分"}
    assert post("judge", "trial", "decide", **decision).status_code == 409
    assert post("chief", "trial", "decide", **decision).json()["state"] == "decided"
    assert post("manager", "trial", "deliver", on=on).status_code == 200
    assert post("manager", "trial", "tell", on=on).json()["due"] == "decision.exec_report"
    assert post("manager", "trial", "execute", on=on, execution="已执行").json()["state"] == "enforced"
    assert post("manager", "trial", "archive").status_code == 409
    assert post("chief", "trial", "extend", extension="无须以案促改：问题已在整改中").status_code == 200
    assert post("manager", "trial", "archive").json()["state"] == "archived"
    assert bureau.client("staff").get(f"/api/cases/case/{case.pk}/").status_code == 404
    assert "账页" not in bureau.client("chief").get(f"/api/cases/case/{case.pk}/").content.decode()


def test_evidence_passes_from_hand_to_hand_and_is_known_again(court: Court) -> None:
    case, bureau = court.ready(), court.bureau
    words = {
        "number": 1,
        "on": today(),
        "given_by": "张某",
        "taken_by": "李某",
        "kept_at": "物证室2柜",
        "is_same": True,
    }
    for changes, field in (
        ({"number": 9}, "number"),
        ({"taken_by": "张某"}, "taken_by"),
        ({"kept_at": " "}, "kept_at"),
        ({"on": today() - timedelta(days=1)}, "on"),
    ):
        with pytest.raises(ValidationError) as told:
            actions.hand_on(case, by=bureau.by("detective"), **{**words, **changes})
        assert field in told.value.message_dict
        case = court.fresh(case)
    assert case.custody.count() == 0
    with pytest.raises(Refused):
        actions.hand_on(case, by=bureau.by("chief"), **words)
    case = court.fresh(case)
    actions.hand_on(case, by=bureau.by("detective"), **words)
    given = {**words, "given_by": "李某", "taken_by": "王某", "kept_at": "审理室", "on": today().isoformat()}
    address = f"/cases/case/{case.pk}/hand-on/"
    client = bureau.client("judge")
    assert client.get(address).status_code == 200
    assert client.post(address, {**given, "is_same": ""}).status_code == 302
    assert [(row.taken_by, row.is_same) for row in case.custody.order_by("moved_on", "pk")].count(("王某", False)) == 1
    assert Evidence.objects.get(case=case).kept_at == "审理室"
    page = client.get(case.get_absolute_url()).content.decode()
    assert "不相符" in page
    assert bureau.client("handler").get(address).status_code == 404


def test_an_overdue_case_comes_before_those_above_the_late_person(court: Court) -> None:
    from yuanqing.cases.case import tasks
    from yuanqing.kernel.acts import SYSTEM
    from yuanqing.shell.inbox.models import Message

    case, bureau = court.staffed("boss"), court.bureau
    with pytest.raises(ValidationError, match="没有过期"):
        actions.escalate(case, by=SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET due_on = %s WHERE id = %s", [today() - timedelta(days=1), case.pk])
    case = court.fresh(case)
    with pytest.raises(Refused, match="系统"):
        actions.escalate(case, by=bureau.by("manager"))

    def told() -> set[str]:
        rows = Message.objects.filter(kind="case").select_related("account")
        return {row.account.username for row in rows}

    assert (tasks.escalate_overdue(), tasks.escalate_overdue()) == ("1 escalated", "0 escalated")
    assert told() == {"manager"}  # not manager2, who works below the boss
    with connection.cursor() as cursor:
        ago = today() - timedelta(days=7)
        cursor.execute("UPDATE cases_case SET due_on = %s, escalated_on = %s", [ago - timedelta(days=1), ago])
    assert tasks.escalate_overdue() == "1 escalated"
    assert told() == {"manager", "chief", "chief2"}
    page = bureau.client("manager").get(case.get_absolute_url()).content.decode()
    assert "逾期上报" in page  # what the system did stands in the history
