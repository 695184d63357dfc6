"""Flows in a real browser: a notice, a reflection, an induction, the column, a conference, a quiz, a film, a package, a self-examination."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone
from tests.discipline.monthly_return.house import clock
from tests.education.activity.test_activity import an_activity
from tests.education.courseware.package import package
from tests.education.examination.test_examination import CODES, LONG
from tests.education.induction.test_induction import WORDS
from tests.education.quiz.test_quiz import a_bank, a_quiz
from tests.education.school import School
from tests.education.writing.test_actions import submitted
from tests.education.writing.texts import copied, honest, reflection

from yuanqing.demo.film import film
from yuanqing.education.activity.models import Activity, Participation
from yuanqing.education.courseware.models import Courseware, Place, Run
from yuanqing.education.examination.models import Examination
from yuanqing.education.induction.models import Induction
from yuanqing.education.induction.queries import questions
from yuanqing.education.lesson.models import Lesson, Progress, Viewing
from yuanqing.education.notice.models import Notice, Receipt
from yuanqing.education.quiz.models import Answer, Attempt
from yuanqing.education.session.models import Session
from yuanqing.education.session.queries import code_now
from yuanqing.education.writing.models import Writing
from yuanqing.kernel.acts import SYSTEM
from yuanqing.org.account import actions as accounts
from yuanqing.org.post.actions import create

pytestmark = [pytest.mark.django_db(transaction=True)]
PASSWORD = "yuan-qing-2026-journey"
PICTURES = os.environ.get("JOURNEY_PICTURES", "")
SIZES = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture
def school(site: Any) -> Iterator[School]:
    with clock("2026-11-02 09:00"):
        found = School()
        found.reviewer = found.account("superior_reviewer", "0", name="reviewer")  # type: ignore[attr-defined]
        found.editor = found.account("discipline_officer", "0", name="editor")  # type: ignore[attr-defined]
        for account in (
            found.office,
            found.cashier,
            found.east,
            found.reviewer,
            found.worker,
            found.contact,
            found.editor,
        ):  # type: ignore[attr-defined]
            accounts.reset_password(account, by=SYSTEM, password=PASSWORD)
        yield found


def sign_in(browser: Any, site: Any, account: Any) -> Any:
    page = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=SIZES["wide"]).new_page()
    page.set_default_timeout(40_000)
    page.goto(site.url + "/sign-in/")
    page.fill("input[name=username]", account.username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(site.url + "/")
    return page


def picture(page: Any, name: str) -> None:
    """Kept only when asked for: JOURNEY_PICTURES=docs/guide/images."""
    if not PICTURES:
        return
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        for theme in ("light", "dark"):
            page.evaluate("theme => document.documentElement.setAttribute('data-bs-theme', theme)", theme)
            page.wait_for_timeout(300)
            page.screenshot(path=str(Path(PICTURES) / f"{name}-{size}-{theme}.png"), full_page=True)
    page.set_viewport_size(SIZES["wide"])
    page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'light')")


def test_a_notice_from_the_draft_to_the_signature(browser: Any, site: Any, school: School) -> None:
    office = sign_in(browser, site, school.office)
    office.goto(site.url + "/education/notice/draft/")
    office.fill("input[name=unit]", "0")
    office.select_option("select[name=kind]", "notice.rules")
    office.fill("input[name=title]", "节日期间收送礼品礼金的规定")
    office.get_by_role("button", name="起草告知").click()
    office.get_by_role("link", name="写正文").click()
    office.fill(
        "textarea[name=body]",
        "## 不能收\n\n业务往来单位的礼品、礼金、购物卡。\n\n## 收到了怎么办\n\n当面退不掉的，登记上交。",
    )
    picture(office, "notice-write")
    office.get_by_role("button", name="写正文").click()
    office.get_by_role("link", name="修改").click()
    office.fill("input[name=question]", "当面退不掉的怎么办？")
    office.fill("textarea[name=options]", "自己留着\n登记上交")
    office.fill("input[name=answer]", "2")
    office.get_by_role("button", name="修改告知").click()
    office.get_by_role("link", name="确定对象").click()
    picture(office, "notice-audience")
    office.get_by_role("button", name="确定").click()
    office.get_by_text("对象有 6 人").wait_for()
    picture(office, "notice-preview")
    office.get_by_role("button", name="发出").click()
    office.locator("dialog button.btn-primary, dialog button.btn-danger").first.click()
    office.get_by_text("应签收").first.wait_for()

    cashier = sign_in(browser, site, school.cashier)
    cashier.get_by_role("link", name="去办理").first.click()
    cashier.get_by_role("button", name="中文").click()
    cashier.get_by_text("业务往来单位的礼品").wait_for()
    picture(cashier, "notice-read")
    cashier.get_by_label("登记上交").check()
    cashier.get_by_role("button", name="回答").click()
    with clock("2026-11-02 09:30"):
        cashier.get_by_role("button", name="我已读完，签收").click()
        cashier.get_by_text("已签收。").wait_for()
    picture(cashier, "notice-signed")
    assert Receipt.objects.get(person__name="出纳").state == "signed"
    office.goto(site.url + Notice.objects.get().get_absolute_url())
    picture(office, "notice-coverage")
    office.goto(site.url + "/education/notice/")
    picture(office, "notice-list")


def test_a_reflection_from_the_first_word_to_the_acceptance(browser: Any, site: Any, school: School) -> None:
    source = honest(10)
    submitted(school.west, source)
    east = sign_in(browser, site, school.east)
    east.goto(site.url + "/education/writing/mine/")
    picture(east, "writing-mine")
    east.get_by_role("link", name="感受体会", exact=True).click()
    picture(east, "writing-start")
    east.get_by_role("button", name="动笔").click()
    east.wait_for_url("**/edit/")
    east.fill("textarea[name=body]", reflection(copied(honest(11), source, 0.3, 1)))
    east.locator("[data-saved]", has_text="已自动保存").wait_for()
    east.close()
    east = east.context.new_page()
    writing = Writing.objects.get(person=school.east.person)
    east.goto(f"{site.url}/education/writing/{writing.pk}/edit/")
    assert "## 对照自己" in east.input_value("textarea[name=body]")
    picture(east, "writing-edit")
    east.get_by_role("button", name="提交").click()
    east.get_by_text("与哪里相同").wait_for()
    east.get_by_role("link", name="另一篇 2026 年的感受体会").click()
    picture(east, "writing-compare")
    east.fill("textarea[name=explanation]", "与西部同事一起讨论过。")
    east.get_by_role("button", name="说明").click()

    reviewer = sign_in(browser, site, school.reviewer)  # type: ignore[attr-defined]
    reviewer.goto(site.url + writing.get_absolute_url())
    reviewer.locator(".writing-paragraph summary").nth(1).click()
    reviewer.locator(".writing-paragraph textarea").nth(1).fill("请举一个自己的例子")
    reviewer.locator(".writing-paragraph form button").nth(1).click()
    reviewer.get_by_text("请举一个自己的例子").wait_for()
    picture(reviewer, "writing-review")
    reviewer.get_by_role("button", name="接收").click()
    reviewer.get_by_text("已接收").first.wait_for()
    reviewer.goto(site.url + "/education/writing/")
    picture(reviewer, "writing-list")
    writing.refresh_from_db()
    assert writing.state == "accepted"


def test_an_induction_from_the_preparation_to_the_promise(browser: Any, site: Any, school: School) -> None:
    create(by=SYSTEM, code="G900", name="采购部主任", unit=school.units["0101"], rank="mid_level_leader")
    office = sign_in(browser, site, school.office)
    office.goto(site.url + "/education/induction/prepare/?post=G900")
    office.fill("input[name=person]", school.worker.person.number)
    office.get_by_role("button", name="准备任前教育").click()
    office.get_by_text("还差").first.wait_for()
    record = Induction.objects.get()

    worker = sign_in(browser, site, school.worker)
    worker.get_by_role("link", name="去办理").first.click()
    worker.wait_for_url(f"**{record.get_absolute_url()}")
    picture(worker, "induction-open")
    worker.get_by_role("link", name="去办").first.click()
    worker.get_by_role("button", name="开始考试").click()
    worker.get_by_role("button", name="交卷").wait_for()
    picture(worker, "induction-exam")
    known = questions()
    for code in record.sittings.get().questions:
        worker.locator(f'input[name="{code}"][value="{known[code].values["right"]}"]').check()
    worker.get_by_role("button", name="交卷").click()
    worker.get_by_text("考了 100 分，合格。").wait_for()
    worker.goto(f"{site.url}/education/induction/{record.pk}/promise/")
    picture(worker, "induction-promise")
    worker.get_by_role("button", name="我承诺").click()
    worker.goto(f"{site.url}/education/induction/{record.pk}/declare/")
    worker.get_by_label("没有", exact=True).check()
    worker.get_by_role("button", name="填回避情况").click()

    leader = sign_in(browser, site, school.east)
    leader.goto(f"{site.url}/education/induction/{record.pk}/talk/")
    leader.fill("textarea[name=summary]", WORDS)
    leader.get_by_role("button", name="登记谈话").click()
    leader.get_by_text("已经全部完成").wait_for()
    picture(leader, "induction-complete")
    record.refresh_from_db()
    assert record.state == "complete"


def test_the_column_from_the_unit_to_the_reader(browser: Any, site: Any, school: School) -> None:
    contact = sign_in(browser, site, school.contact)
    contact.goto(site.url + "/education/column/articles/draft/")
    contact.fill("input[name=unit]", "01")
    contact.select_option("select[name=kind]", "column.case")
    contact.fill("input[name=title]", "一张购物卡的来回")
    contact.fill("input[name=summary]", "某某收了卡，当晚退了回去。")
    contact.fill(
        "textarea[name=body]",
        "节前，业务单位的人在桌上放了一张卡。\n\n## 怎么办的\n\n- 当面没有追上；\n- 当晚登记上交。",
    )
    contact.get_by_role("button", name="写一篇").click()
    contact.get_by_role("button", name="投稿").click()
    contact.get_by_text("待审核").first.wait_for()
    editor = sign_in(browser, site, school.editor)  # type: ignore[attr-defined]
    editor.get_by_role("link", name="去审核").first.click()
    editor.get_by_role("link", name="一张购物卡的来回").click()
    editor.get_by_role("button", name="采用并发布").click()
    editor.get_by_text("已发布").first.wait_for()
    picture(editor, "column-article")
    reader = sign_in(browser, site, school.worker)
    reader.goto(site.url + "/education/column/?q=购物卡")
    reader.get_by_role("link", name="一张购物卡的来回").first.click()
    reader.get_by_text("当晚登记上交").wait_for()
    reader.goto(site.url + "/education/column/")
    picture(reader, "column-front")


def test_a_conference_from_the_plan_to_the_sign_in(browser: Any, site: Any, school: School) -> None:
    office = sign_in(browser, site, school.office)
    office.goto(site.url + "/education/campaign/draft/")
    office.fill("input[name=unit]", "0")
    office.fill("input[name=title]", "警示教育计划")
    office.fill("textarea[name=aim]", "## 目标\n\n领导干部和重点岗位人员先学、学深。")
    office.get_by_role("button", name="起草教育计划").click()
    office.get_by_role("button", name="发布").click()
    office.get_by_role("link", name="安排活动").click()
    office.select_option("select[name=kind]", "activity.conference")
    office.fill("input[name=title]", "新年度党风廉政建设大会")
    office.fill("input[name=begins_on]", "2026-11-02")
    office.fill("input[name=due_on]", "2026-11-12")
    office.fill("input[name=clauses]", "B1b、A1")
    office.get_by_role("button", name="安排活动").click()
    office.get_by_role("link", name="确定对象").click()
    office.get_by_role("button", name="确定", exact=True).click()
    office.get_by_text("对象有 6 人").wait_for()
    picture(office, "activity-preview")
    office.get_by_role("button", name="发布").click()
    office.locator("dialog button.btn-primary, dialog button.btn-danger").first.click()
    office.get_by_role("link", name="安排场次").click()
    office.fill("input[name=begins_at]", "2026-11-02T09:00")
    office.fill("input[name=ends_at]", "2026-11-02T11:00")
    office.fill("input[name=place]", "一楼礼堂")
    office.get_by_role("button", name="安排场次").click()
    office.get_by_role("button", name="开始签到").click()
    office.get_by_role("link", name="放签到码").click()
    office.locator(".sign-in-code img").wait_for()
    picture(office, "session-code")

    session = Session.objects.get()
    cashier = sign_in(browser, site, school.cashier)
    cashier.goto(f"{site.url}/education/session/{session.pk}/sign-in/?code={code_now(session)}")
    cashier.get_by_role("button", name="签到").click()
    cashier.get_by_text("签到。").first.wait_for()
    assert Participation.objects.get(person__name="出纳").state == "attended"
    office.goto(site.url + session.get_absolute_url())
    picture(office, "session-detail")
    office.goto(site.url + Activity.objects.get().get_absolute_url())
    picture(office, "activity-coverage")
    office.goto(site.url + "/education/coverage/")
    office.get_by_text("还差谁").wait_for()
    picture(office, "coverage")


def test_a_quiz_goes_on_where_the_browser_was_closed(browser: Any, site: Any, school: School) -> None:
    a_bank(school)
    quiz = a_quiz(school, activity=an_activity(school))
    cashier = sign_in(browser, site, school.cashier)
    cashier.goto(site.url + quiz.get_absolute_url())
    cashier.get_by_role("button", name="开始作答").click()
    cashier.locator("dialog button.btn-primary, dialog button.btn-danger").first.click()
    cashier.get_by_role("button", name="交卷").wait_for()
    choice = cashier.locator("input[type=radio], input[type=checkbox]").first
    choice.check()
    cashier.locator(".saved", has_text="已保存").first.wait_for()
    picture(cashier, "quiz-paper")
    cashier.close()  # not handed in
    assert Answer.objects.count() == 1
    again = sign_in(browser, site, school.cashier)
    again.goto(site.url + Attempt.objects.get().get_absolute_url())
    again.get_by_text("已答 1 / 5 题").wait_for()
    assert again.locator("input:checked").count() == 1
    again.get_by_role("button", name="交卷").click()
    again.get_by_text("题还没有答").first.wait_for()
    picture(again, "quiz-sure")
    again.get_by_role("button", name="就这样交卷").click()
    again.get_by_text("还没有合格").wait_for()
    picture(again, "quiz-result")


def test_a_self_examination_from_the_first_answer_to_the_comment(browser: Any, site: Any, school: School) -> None:
    east = sign_in(browser, site, school.east)
    east.goto(site.url + "/education/examination/mine/")
    east.get_by_role("button", name="开始 2026 年自查").click()
    east.get_by_text("提交以前还要补").wait_for()
    record = Examination.objects.get()
    for n, code in enumerate(CODES):
        east.goto(f"{site.url}/education/examination/{record.pk}/{code}/answer/")
        east.get_by_label("有", exact=True).check() if n == 0 else east.get_by_label("没有", exact=True).check()
        east.fill("textarea[name=evidence]", LONG)
        if n == 0:
            east.fill("textarea[name=cause]", "遇事先想自己的得失，担当精神不够，学习也不够。")
            east.fill("textarea[name=remedy]", "每周一列出要定的事，三天内给出答复，月底报告。")
            east.fill("input[name=due_on]", "2026-12-01")
        east.get_by_role("button", name="保存").click()
    picture(east, "examination-own")
    east.get_by_role("button", name="提交").click()
    east.get_by_text("等待上级点评").first.wait_for()
    reviewer = sign_in(browser, site, school.reviewer)  # type: ignore[attr-defined]
    reviewer.get_by_role("link", name="去点评").first.click()
    picture(reviewer, "examination-list")
    reviewer.get_by_role("link", name="东主任").first.click()
    reviewer.get_by_role("link", name="点评").click()
    reviewer.fill("textarea[name=opinion]", "查得实，第一条要盯住期限。")
    reviewer.get_by_role("button", name="点评").click()
    reviewer.get_by_text("正在整改").first.wait_for()
    picture(reviewer, "examination-remedying")
    record.refresh_from_db()
    assert record.state == "remedying"


@contextmanager
def running() -> Iterator[None]:
    """The clock of the school, but it goes: watching takes its time."""
    began, base = time.monotonic(), timezone.now()
    with patch("django.utils.timezone.now", lambda: base + timedelta(seconds=time.monotonic() - began)):
        yield


def sent(page: Any, name: str, kind: str, content: bytes) -> None:
    """Choose a file and send it in pieces; the page comes again with it."""
    page.set_input_files("form[data-upload] input[type=file]", {"name": name, "mimeType": kind, "buffer": content})
    with page.expect_navigation():
        page.get_by_role("button", name="上传", exact=True).click()


FORGED = """async (url) => {
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const send = async (to, fields) => (await fetch(to, {method: "POST", body: new URLSearchParams(fields), headers: {"X-CSRFToken": token}})).json();
  const box = document.querySelector("[data-lesson]");
  const opened = await send(box.dataset.open, {});
  const told = await send(box.dataset.report, {ticket: opened.ticket, position: 6, visible: "on", rate: 1});
  const again = await send(box.dataset.report, {ticket: opened.ticket, position: 6, visible: "on", rate: 1});
  return [told.verdict, told.share, again.verdict, again.share];
}"""


def test_a_film_from_the_upload_to_the_credit(browser: Any, site: Any, school: School) -> None:
    activity = an_activity(school, kind="activity.course")
    office = sign_in(browser, site, school.office)
    office.goto(site.url + activity.get_absolute_url())
    office.get_by_role("link", name="添加课程").click()
    office.fill("input[name=title]", "越线")
    office.get_by_role("button", name="添加课程").click()
    lesson = Lesson.objects.get()
    office.goto(site.url + lesson.get_absolute_url())
    sent(
        office,
        "越线.mp4",
        "video/mp4",
        film([("越线", "一张卡"), ("第一幕", "桌上多了一张卡"), ("退回去", "就还在线的这一边")], 2),
    )
    picture(office, "lesson-uploaded")
    office.get_by_role("button", name="发布").click()
    office.get_by_text("可以观看").first.wait_for()
    with running():
        cashier = sign_in(browser, site, school.cashier)
        cashier.goto(site.url + lesson.get_absolute_url())
        assert cashier.evaluate(FORGED) == ["fast", 0, "stale", 0]
        assert Participation.objects.get(person__name="出纳").state == "invited"
        cashier.reload()
        cashier.locator("video").evaluate("film => { film.muted = true; return film.play(); }")
        cashier.get_by_text("看完了，已经记下。").wait_for(timeout=60_000)
        picture(cashier, "lesson-watched")
    assert Viewing.objects.get().state == "finished"
    assert Progress.objects.get().refused["fast"] == 1
    assert Participation.objects.get(person__name="出纳").way == "course"
    office.goto(f"{site.url}/education/lesson/{lesson.pk}/viewings/")
    picture(office, "lesson-viewings")


REACHES = """async () => {
  const found = [window.stolen];
  try { found.push(document.cookie); } catch (error) { found.push("no cookies"); }
  try { await fetch("/"); found.push("fetched"); } catch (error) { found.push("no fetch"); }
  return found;
}"""


def test_a_package_from_the_upload_to_the_result(browser: Any, site: Any, school: School) -> None:
    activity = an_activity(school, kind="activity.course")
    office = sign_in(browser, site, school.office)
    for edition in ("1.2", "2004"):
        office.goto(site.url + activity.get_absolute_url())
        office.get_by_role("link", name="添加课件").click()
        office.fill("input[name=title]", f"廉洁第一课（{edition}）")
        office.fill("input[name=minutes]", "0")
        office.get_by_role("button", name="添加课件").click()
        made = Courseware.objects.get(title__contains=edition)
        office.goto(site.url + made.get_absolute_url())
        sent(office, "course.zip", "application/zip", package(edition))
        office.get_by_role("button", name="发布").click()
        office.get_by_text("可以学习").first.wait_for()
    cashier = sign_in(browser, site, school.cashier)
    for made in Courseware.objects.order_by("title"):
        cashier.goto(site.url + made.get_absolute_url())
        cashier.get_by_role("link", name="开始学").click()
        inside = cashier.frame_locator("iframe")
        inside.get_by_text("上次：", exact=True).wait_for()
        assert cashier.frames[1].evaluate(REACHES) == ["none", "no cookies", "no fetch"]
        inside.get_by_role("button", name="学完").click()
        cashier.get_by_text("已学完，已经记下。").wait_for()
        picture(cashier, f"courseware-play-{made.edition}")
        cashier.reload()
        cashier.frame_locator("iframe").get_by_text("上次：page=3").wait_for()  # it goes on where it stopped
        cashier.frame_locator("iframe").get_by_text("答过 1 题，目标 passed").wait_for()  # and knows what was answered
        cashier.goto(site.url + made.get_absolute_url())
        picture(cashier, f"courseware-detail-{made.edition}")
        cashier.get_by_role("link", name="看我答了什么").click()
        cashier.get_by_role("cell", name="card").wait_for()
        cashier.get_by_role("cell", name="gifts").wait_for()
        picture(cashier, f"courseware-answers-{made.edition}")
    assert [(run.status, run.score) for run in Run.objects.all()] == [("passed", 90), ("passed", 90)]
    assert set(Place.objects.values_list("suspended", flat=True)) == {"page=3"}
    assert Participation.objects.get(person__name="出纳").state == "attended"
    office.goto(f"{site.url}/education/courseware/{made.pk}/runs/")
    picture(office, "courseware-runs")
