"""A case through the hands of its people in a real browser: trial, decision, oversight, the unit that answers; and an appeal."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from tests.cases.bureau import BEGAN, WORDS, Bureau, furnish
from tests.cases.case.test_case import ALL, Court
from tests.journeys.test_leads import Somebody

from yuanqing.cases.appeal.models import Appeal
from yuanqing.cases.case.models import Case
from yuanqing.cases.redress.models import Redress
from yuanqing.cases.sitting import actions
from yuanqing.cases.sitting.models import Sitting
from yuanqing.kernel.acts import SYSTEM
from yuanqing.norms.packs import shipped
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.org.account.queries import install_roles

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def court(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Court:
    monkeypatch.setattr("yuanqing.kernel.sealing.passphrase.MEMORY_KIB", 64)
    monkeypatch.setattr("yuanqing.kernel.sealing.passphrase.PASSES", 1)
    install_roles(shipped("roles"))
    bureau: Bureau = furnish()
    leader = accounts.open_account(by=SYSTEM, username="leader", display_name="分公司负责人", password=WORDS)
    accounts.grant(
        by=SYSTEM, account=leader, role="unit_leader", unit=bureau.units["S"], starts_on=BEGAN, reason="测试"
    )
    return Court(bureau)


def test_trial_decision_what_follows_and_an_appeal(court: Court, site: Any, browser: Any) -> None:
    case = court.submitted("staff")
    _tried(Somebody(browser, site, "judge"), case)
    manager, chief = Somebody(browser, site, "manager"), Somebody(browser, site, "chief")
    second = _sat(manager, chief, Somebody(browser, site, "chief2", phone=True), case)
    _decided(chief, case)
    manager = _asked(manager, case, court.bureau.people["staff"].number)
    row = Redress.objects.get()
    leader = _answered(Somebody(browser, site, "leader", phone=True), row)
    _visited(manager, row)
    staff = _appealed(Somebody(browser, site, "staff", phone=True))
    assert chief.faults == manager.faults == second.faults == leader.faults == staff.faults == []


def _tried(judge: Somebody, case: Case) -> None:
    judge.unlock()
    judge.go(case.get_absolute_url())
    expect(judge.page.get_by_text("case_report的内容")).to_be_visible()
    judge.press("提出审理意见")
    for code in ALL[:-1]:
        judge.page.locator(f"[name=standards][value={code}]").check()
    judge.page.select_option("[name=proposal]", "sanction")
    judge.page.fill("[name=trial_report]", "同意认定的事实，建议给予警告处分。")
    judge.send("提出审理意见")
    expect(judge.page.get_by_text("没有达到：程序合规").first).to_be_visible()
    judge.page.locator(f"[name=standards][value={ALL[-1]}]").check()
    judge.page.fill("[name=trial_report]", "同意认定的事实，建议给予警告处分。")
    judge.shot("case-trial")
    judge.send("提出审理意见")
    case.refresh_from_db()
    assert case.state == "tried"
    assert judge.faults == ["Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"]


def _sat(manager: Somebody, chief: Somebody, second: Somebody, case: Case) -> Somebody:
    """The body is called and held; one member speaks on his phone, the other's opinion is written down; both sign."""
    manager.unlock()
    manager.go(case.get_absolute_url())
    manager.press("召集集体审议")
    manager.page.select_option("[name=body]", "standing_committee")
    manager.page.fill("[name=place]", "三楼会议室")
    manager.page.fill("[name=question]", "事实清楚，审理建议给予警告处分，提请审议。")
    manager.shot("sitting-convene")
    manager.send("召集集体审议")
    address = manager.page.url
    manager.press("登记到会")
    for box in manager.page.locator("[name=present]").all():
        box.check()
    manager.page.fill("[name=began_at]", "09:30")
    manager.page.select_option("[name=chair]", label="chief")
    manager.shot("sitting-attend")
    manager.send("登记到会")
    second.unlock()
    second.page.goto(address)
    second.press("发表意见")
    second.page.select_option("[name=vote]", "for")
    second.page.fill("[name=words]", "事实清楚，同意审理意见。")
    second.shot("sitting-speak")
    second.send("发表意见")
    for name in ("chief", "boss"):
        manager.page.goto(address)
        manager.press("发表意见")
        manager.page.select_option("[name=member]", label=name)
        manager.page.select_option("[name=vote]", "for")
        manager.page.fill("[name=words]", "同意。")
        manager.send("发表意见")
    manager.press("作出决议")
    manager.page.select_option("[name=outcome]", "agreed")
    manager.page.select_option("[name=decision]", "sanction")
    manager.page.fill("[name=resolution]", "同意给予警告处分。")
    manager.page.fill("[name=minutes]", "审理组汇报，逐人表态，一致同意。")
    manager.send("作出决议")
    chief.unlock()
    for member in (chief, second, manager):
        member.page.goto(address)
        if member is not manager:
            member.press("签字确认")
            member.send("签字确认")
    manager.shot("sitting")
    actions.sign(Sitting.objects.get(), by=Account.objects.get(username="boss"))
    return second


def _decided(chief: Somebody, case: Case) -> Somebody:
    chief.go(case.get_absolute_url())
    chief.press("作出决定")
    chief.page.select_option("[name=outcome]", "sanction")
    chief.page.fill("[name=document]", "纪〔2026〕1号")
    chief.page.fill("[name=decision]", "给予政务警告处分。")
    chief.send("作出决定")
    case.refresh_from_db()
    assert case.state == "decided"
    return chief


def _asked(manager: Somebody, case: Case, number: str) -> Somebody:
    manager.go("/cases/sanction/impose/")
    manager.page.fill("[name=person]", number)
    manager.page.select_option("[name=kind]", "admin_warning")
    manager.page.fill("[name=document]", "纪〔2026〕1号")
    manager.page.fill("[name=case]", case.number)
    manager.send("登记处分")
    manager.go(case.get_absolute_url())
    manager.press("提出以案促改事项")
    manager.page.select_option("[name=kind]", "recommendation")
    manager.page.fill("[name=title]", "票据管理的纪检建议")
    manager.page.fill("[name=text]", "收入票据由经办人自行保管，领用没有登记；请改由财务统一保管，每月核对。")
    manager.page.fill("[name=unit]", "S")
    manager.page.select_option("[name=type]", "B4")
    manager.shot("redress-issue")
    manager.page.locator(".form-foot button").click()
    manager.page.wait_for_load_state()
    expect(manager.page.get_by_text("待落实").first).to_be_visible()
    manager.go(f"/cases/paperwork/case/{case.pk}/")
    expect(manager.page.get_by_text("处分决定书")).to_be_visible()
    manager.shot("case-documents")
    with manager.page.expect_download() as got:
        manager.page.locator("tr", has_text="处分决定书").get_by_role("link", name="PDF").click()
    assert got.value.suggested_filename == f"{case.number}-decision.pdf"
    return manager


def _answered(leader: Somebody, row: Redress) -> Somebody:
    expect(leader.page.get_by_text("票据管理的纪检建议").first).to_be_visible()  # on the desk, as what the unit owes
    leader.go(row.get_absolute_url())
    leader.press("答复")
    leader.page.select_option("[name=is_accepted]", "yes")
    leader.page.fill("[name=answer]", "票据已收归财务统一保管，登记簿已建立，由会计负责，每月核对。")
    leader.shot("redress-answer-phone")
    assert leader.fits()
    leader.page.locator(".form-foot button").click()
    leader.page.wait_for_load_state()
    expect(leader.page.get_by_text("已答复").first).to_be_visible()
    assert leader.fits()
    return leader


def _visited(manager: Somebody, row: Redress) -> None:
    manager.go(row.get_absolute_url())
    manager.press("登记回访")
    manager.page.select_option("[name=effect]", "mended")
    manager.page.fill("[name=finding]", "到现场看过，票据柜和登记簿都在。")
    manager.page.locator(".form-foot button").click()
    manager.page.wait_for_load_state()
    expect(manager.page.get_by_text("已核验").first).to_be_visible()
    manager.shot("redress-record")
    manager.go("/cases/redress/")
    manager.shot("redress-list")
    for noun in (
        "appeal",
        "revisit",
        "mending",
        "clearing",
        "slander",
        "opinion",
        "destruction",
        "intervention",
        "rates",
    ):
        manager.go(f"/cases/{noun}/")
        manager.shot(f"{noun}-list")


def _appealed(staff: Somebody) -> Somebody:
    staff.go("/cases/appeal/file/")
    staff.page.select_option("[name=sanction]", index=1)
    staff.page.select_option("[name=kind]", "office_review")
    staff.page.fill("[name=known_on]", str(Case.objects.get().decided_on))
    staff.page.fill("[name=grounds]", "票据由我保管，但没有占有，请求减轻处理。")
    staff.shot("appeal-file-phone")
    assert staff.fits()
    staff.page.locator(".form-foot button").click()
    staff.page.wait_for_load_state()
    expect(staff.page.get_by_text("待受理").first).to_be_visible()
    assert Appeal.objects.get().kind == "office_review"
    assert staff.fits()
    return staff
