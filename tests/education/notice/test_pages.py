"""The pages of notices and of reading over HTTP, with CSRF enforced, and the same through the API."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from tests.education.notice.test_actions import LONG, a_notice, receipt_of
from tests.education.school import Reader, text

from yuanqing.education.notice import actions
from yuanqing.education.notice.models import Notice, Receipt


@pytest.fixture
def notice(school):
    notice = a_notice(school)
    actions.issue(notice, by=school.office)
    return notice


def test_from_the_draft_to_the_issue_by_form(school):
    office = Reader(school.office)
    answer = office.post(reverse("notice:draft"), {"unit": "0", "kind": "notice.rules", "title": "礼品礼金"})
    notice = Notice.objects.get()
    assert answer.url == notice.get_absolute_url()
    assert (
        office.post(reverse("notice:write", args=[notice.pk]), {"language": "zh-hans", "body": ""}).status_code == 422
    )
    office.post(reverse("notice:write", args=[notice.pk]), {"language": "zh-hans", "body": LONG})
    wrong = {"kind": "notice.rules", "title": "礼品礼金", "question": "能收吗？", "options": "能", "answer": "1"}
    answer = office.post(reverse("notice:edit", args=[notice.pk]), wrong)
    assert answer.status_code == 422
    assert "两到八个选项" in text(answer)
    rules = {
        "rules-TOTAL_FORMS": "1",
        "rules-INITIAL_FORMS": "0",
        "rules-0-ranks": ["mid_level_leader"],
        "rules-0-units": "东部公司",
    }
    more = office.post(reverse("notice:address", args=[notice.pk]), {**rules, "more": "1"})
    assert more.status_code == 200
    assert "规则 2" in text(more)
    wrong = office.post(reverse("notice:address", args=[notice.pk]), {**rules, "rules-0-units": "北部"})
    assert wrong.status_code == 422
    assert "找不到单位" in text(wrong)
    office.post(reverse("notice:address", args=[notice.pk]), rules)
    assert "对象有 1 人" in text(office.get(notice.get_absolute_url()))
    office.post(reverse("notice:issue", args=[notice.pk]))
    assert Receipt.objects.get().person.name == "东主任"
    assert "应签收" in text(office.get(notice.get_absolute_url()))


@pytest.mark.parametrize(("half", "sentence"), [("no words", "还没有正文"), ("nobody meant", "还没有确定对象")])
def test_a_notice_half_made_is_not_issued_and_the_page_says_why(school, half, sentence):
    notice = actions.draft(by=school.office, unit=school.units["0"], kind="notice.rules", title="礼品礼金")
    if half == "nobody meant":
        actions.write(notice, by=school.office, language="zh-hans", body=LONG)
    refused = Reader(school.office).post(reverse("notice:issue", args=[notice.pk]))
    assert (refused.status_code, sentence in text(refused)) == (409, True)
    notice.refresh_from_db()
    assert (notice.state, Receipt.objects.count()) == ("draft", 0)


def test_reading_and_signing_by_form(school, notice, clock):
    reader = Reader(school.cashier)
    receipt = receipt_of(notice, "出纳")
    page = receipt.get_absolute_url()
    assert "我的告知" in text(reader.get("/"))
    assert "关于礼品礼金的规定" in text(reader.get(reverse("reading:mine")))
    assert "开始阅读" in text(reader.get(page))
    reader.post(reverse("reading:begin", args=[receipt.pk]), {"language": "zh-hans"})
    assert "第1段" in text(reader.get(page))
    assert "第3段" not in text(reader.get(page + "?page=2"))
    reader.post(reverse("reading:turn", args=[receipt.pk]), {"page": "1"})
    assert "第3段" in text(reader.get(page))
    assert reader.post(reverse("reading:answer", args=[receipt.pk]), {}).status_code == 422
    reader.post(reverse("reading:answer", args=[receipt.pk]), {"choice": "1"})
    assert "答得不对" in text(reader.get(page))
    reader.post(reverse("reading:answer", args=[receipt.pk]), {"choice": "2"})
    clock("2026-11-02 09:10")
    reader.post(reverse("reading:sign", args=[receipt.pk]))
    receipt.refresh_from_db()
    assert receipt.state == "signed"
    assert "SHA-256" in text(reader.get(page))


@pytest.mark.parametrize(
    ("who", "status"), [("office", 200), ("contact", 200), ("west", 404), ("worker", 404), ("cashier", 200)]
)
def test_who_sees_a_receipt(school, notice, who, status):
    receipt = receipt_of(notice, "出纳")
    assert Reader(getattr(school, who)).get(receipt.get_absolute_url()).status_code == status


def test_drafts_are_seen_by_those_who_draft_only(school):
    draft = a_notice(school)
    assert Reader(school.office).get(draft.get_absolute_url()).status_code == 200
    for who in (school.secretary, school.cashier):
        assert Reader(who).get(draft.get_absolute_url()).status_code == 404


def test_the_lists_are_narrowed_exported_and_need_few_queries(school, notice, django_assert_max_num_queries):
    office = Reader(school.office)
    assert "出纳" in text(office.get(reverse("notice:receipts", args=[notice.pk]) + "?missing=yes&group=key_post"))
    assert "东主任" not in text(
        office.get(reverse("notice:receipts", args=[notice.pk]) + "?missing=yes&group=key_post")
    )
    assert office.get(reverse("notice:list") + "?format=xlsx").content[:2] == b"PK"
    for address in (reverse("notice:list"), notice.get_absolute_url(), reverse("notice:receipts", args=[notice.pk])):
        with django_assert_max_num_queries(22):
            assert office.get(address).status_code == 200


def test_paper_by_form(school, notice):
    contact = Reader(school.contact)
    address = reverse("notice:sign_on_paper", args=[notice.pk])
    wrong = contact.post(address, {"numbers": "N999", "reason": "集中学习"})
    assert wrong.status_code == 422
    assert "不在这份告知的送达名单里" in text(wrong)
    numbers = "\n".join(school.people[name].number for name in ("工人甲", "工人乙"))
    assert contact.post(address, {"numbers": numbers, "reason": "集中学习"}).status_code == 302
    assert Receipt.objects.filter(is_on_paper=True).count() == 2


def test_by_program(school, clock):
    office = Reader(school.office)

    def send(reader, method, address, data=None):
        reader.client.get("/")
        words = {
            "content_type": "application/json",
            "headers": {"X-CSRFToken": reader.client.cookies["csrftoken"].value},
        }
        return getattr(reader.client, method)(f"/api/education/notice/{address}", json.dumps(data or {}), **words)

    made = send(office, "post", "", {"unit": "0", "kind": "notice.rules", "title": "规定"})
    assert made.status_code == 201
    pk = made.json()["id"]
    assert send(office, "put", f"{pk}/text/", {"language": "zh-hans", "body": "一段。"}).status_code == 200
    assert send(office, "put", f"{pk}/audience/", {"audience": [{"rank": []}]}).status_code == 422
    assert send(office, "put", f"{pk}/audience/", {"audience": [{"units": ["0101"]}]}).status_code == 200
    assert send(office, "post", f"{pk}/issue/").json()["delivered"] == 2
    assert send(office, "post", f"{pk}/issue/").status_code == 409
    cashier = Reader(school.cashier)
    own = cashier.get("/api/education/notice/receipts/").json()["items"]
    assert [one["state"] for one in own] == ["delivered"]
    step = f"receipts/{own[0]['id']}"
    assert send(office, "post", f"{step}/begin/", {"language": "zh-hans"}).status_code == 409
    assert send(cashier, "post", f"{step}/sign/").status_code == 409
    assert send(cashier, "post", f"{step}/begin/", {"language": "zh-hans"}).status_code == 200
    clock("2026-11-02 09:01")
    signed = send(cashier, "post", f"{step}/sign/").json()
    assert (signed["state"], signed["language"], len(signed["digest"])) == ("signed", "zh-hans", 64)
    assert send(office, "post", f"{pk}/withdraw/", {"reason": "废止"}).json()["state"] == "withdrawn"
