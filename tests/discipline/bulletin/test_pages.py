"""Bulletins over HTTP, with CSRF enforced: who sees what, the acts, the files, the receipt."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from tests.discipline.monthly_return.house import clock
from tests.discipline.violation.test_pages import Reader, text

from yuanqing.discipline.bulletin import actions
from yuanqing.discipline.bulletin.models import Bulletin, Delivery, TypicalCase
from yuanqing.shell.worklist.sources import waiting_for


def url(step: str, record: Any, *args: Any) -> str:
    return reverse(f"bulletin:{step}", args=[record.pk, *args])


def press(who: Any, step: str, record: Bulletin, version: int) -> Any:
    """The button on the bulletin's page."""
    reader = Reader(who)
    reader.get(url("detail", record))
    return reader.post(url(step, record), {"version": version})


def test_the_office_drafts_from_the_list(small, august):
    office = Reader(small.office)
    with clock("2026-09-14 10:00"):
        assert "起草2026年8月通报" in text(office.get(reverse("bulletin:list")))
        response = office.post(reverse("bulletin:draft", args=["2026-08"]), {})
    record = Bulletin.objects.get()
    assert (response.status_code, response.url) == (302, record.get_absolute_url())


def test_a_draft_is_not_for_everybody(small, drafted):
    for who, status in (
        (small.office, 200),
        (small.officer, 200),
        (small.secretary, 200),
        (small.leader, 404),
        (small.staff, 404),
    ):
        assert Reader(who).get(url("detail", drafted)).status_code == status
    assert drafted.number not in text(Reader(small.staff).get(reverse("bulletin:list")))
    assert Reader(small.leader).get(url("download", drafted, "pdf")).status_code == 404


def test_what_is_published_is_for_all_and_acts_are_not_shown(small, published):
    page = text(Reader(small.staff).get(url("detail", published)))
    assert "应报送8个单位，全部按时报送。" in page
    assert "办理经过" not in page
    assert "典型案例</h3>" in page or "五、典型案例" in page
    assert "会看名单" not in page


def test_opening_it_is_the_receipt_and_only_once(small, published):
    reader = Reader(small.leader)
    with clock("2026-09-16 08:00") as first:
        reader.get(url("detail", published))
    with clock("2026-09-17 08:00"):
        assert "您已于 2026-09-16 08:00 阅读" in text(reader.get(url("detail", published)))
    assert Delivery.objects.get(account=small.leader).read_at == first


def test_files_come_with_safe_headers(small, published):
    reader = Reader(small.staff)
    for kind in ("docx", "pdf", "xlsx"):
        response = reader.get(url("download", published, kind))
        assert response["Content-Disposition"] == f'attachment; filename="bulletin-2026-08.{kind}"'
        assert response["X-Content-Type-Options"] == "nosniff"
    assert reader.get(url("download", published, "json")).status_code == 404
    assert reader.get(url("download", published, "..")).status_code == 404


def test_from_draft_to_print_by_buttons(small, drafted):
    with clock("2026-09-15 15:00"):
        for step, who in (
            ("propose", small.office),
            ("approve", small.officer),
            ("sign", small.secretary),
            ("publish", small.office),
        ):
            version = Bulletin.objects.get().version
            assert press(who, step, drafted, version).status_code == 302
    assert Bulletin.objects.get().state == "published"


def test_an_older_version_is_a_conflict(small, drafted):
    version = drafted.version
    actions.edit(drafted, by=small.office, demands=["别的"])
    response = press(small.office, "propose", drafted, version)
    assert response.status_code == 409
    assert Bulletin.objects.get().state == "draft"


def test_a_refusal_is_a_sentence(small, drafted):
    response = press(small.office, "sign", drafted, drafted.version)
    assert response.status_code == 409
    assert "没有这项权限" in text(response)


def test_editing_by_form(small, drafted):
    office = Reader(small.office)
    data = {"slot-situation": "本月平稳。", "slot-opening": "", "demands": "一条\n\n另一条", "version": drafted.version}
    assert office.post(url("edit", drafted), data).status_code == 302
    record = Bulletin.objects.get()
    assert (record.slots, record.demands) == ({"situation": "本月平稳。"}, ["一条", "另一条"])
    assert "1．一条" in text(office.get(url("detail", drafted)))


def test_a_case_with_a_name_is_marked_at_the_words(small, drafted):
    case = small.told(drafted, "2026-09-14")
    actions.reword_case(case, by=small.office, text="东一厂一名干部于8月20日公款吃喝2350元。")
    officer = Reader(small.second)
    page = text(officer.get(url("check_case", case)))
    assert '<mark class="found is-hard" title="单位名称“东一厂”">东一厂</mark>' in page
    assert '<mark class="found" title="具体到日的日期“8月20日”">8月20日</mark>' in page
    assert '<mark class="found" title="确切金额“2350元”">2350元</mark>' in page
    response = officer.post(url("check_case", case), {"version": case.version, "reason-0": ""})
    assert response.status_code == 422
    assert TypicalCase.objects.get().checked_by is None
    assert officer.post(url("check_case", case), {"version": case.version, "reason-0": "已公开。"}).status_code == 302
    assert TypicalCase.objects.get().explanations == {"东一厂": "已公开。"}


def test_telling_a_case_that_is_not_there(small, drafted):
    response = Reader(small.office).post(url("tell_case", drafted), {"violation": "WG-1", "text": "某单位。"})
    assert response.status_code == 422
    assert "没有找到" in text(response)
    assert not TypicalCase.objects.exists()


def test_the_desk_says_what_waits(small, drafted):
    def titles(who: Any) -> list[str]:
        return [str(line.title) for line in waiting_for(type(who).objects.get(pk=who.pk)) if "纪通" in str(line.title)]

    assert titles(small.office) == ["示范集团纪通〔2026〕1号 正在起草"]
    actions.propose(drafted, by=small.office)
    assert titles(small.officer) == ["示范集团纪通〔2026〕1号 等待审核"]
    actions.approve(drafted, by=small.officer)
    assert titles(small.secretary) == ["示范集团纪通〔2026〕1号 等待签发"]
    with clock("2026-09-15 15:00"):
        actions.sign(drafted, by=small.secretary)
        actions.publish(drafted, by=small.office)
    assert titles(small.leader) == ["示范集团纪通〔2026〕1号 还没有阅读"]


@pytest.mark.parametrize(("step", "budget"), [("list", 13), ("detail", 22), ("deliveries", 14)])
def test_pages_stay_within_their_budget(small, published, django_assert_max_num_queries, step, budget):
    reader = Reader(small.office)
    reader.get(url("detail", published))  # the receipt
    place = reverse("bulletin:list") if step == "list" else url(step, published)
    with django_assert_max_num_queries(budget):
        assert reader.get(place).status_code == 200


def test_by_program(small, drafted):
    office, staff = Reader(small.office), Reader(small.staff)
    place = f"/api/discipline/bulletin/{drafted.pk}/"
    assert staff.get(place).status_code == 404
    assert office.get(place).json()["number"] == drafted.number
    assert staff.get("/api/discipline/bulletin/").json()["count"] == 0
    small.published(drafted, "2026-09-15")
    assert staff.get(place).json()["content"]["reporting"]["due"] == 8
    assert staff.get(f"{place}file/pdf/").status_code == 200
    assert staff.get(f"{place}deliveries/").json()["count"] == 0
    assert office.get(f"{place}deliveries/").json()["count"] == Delivery.objects.count()
