"""Filling in, checking, signing and reading a return over HTTP, with CSRF enforced."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse
from tests.discipline.monthly_return.browser import Reader, hidden, text
from tests.discipline.monthly_return.house import STATES, House, clock

from yuanqing.discipline.monthly_return import actions
from yuanqing.discipline.monthly_return.models import MonthlyReturn, ReturnDraft
from yuanqing.discipline.monthly_return.pages import to_sign_or_mend
from yuanqing.kernel.acts import SYSTEM
from yuanqing.norms.period.actions import close_period

ANSWERS = {f"f-{code}": value for code, value in STATES.items()}


def url(name: str, record: MonthlyReturn, *more: str) -> str:
    return reverse(f"monthly_return:{name}", args=[record.pk, *more])


@pytest.fixture
def contact(house: House, october: Any) -> Reader:
    return Reader(house.contact)


@pytest.fixture
def leader(house: House, october: Any) -> Reader:
    return Reader(house.leader)


def typed(reader: Reader, record: MonthlyReturn, then: str = "save", **changes: str) -> Any:
    page = reader.get(url("fill", record))
    return reader.post(url("fill", record), {**hidden(page), **changes, "then": then})


# Filling in


def test_the_form_comes_with_the_numbers_of_the_records(house, contact):
    house.with_a_matter()
    record = house.paper("0101")
    page = text(contact.get(url("fill", record)))
    cell = re.search(r'<input name="f-problems.B2a.county"[^>]*>', page)[0]
    assert 'value="1"' in cell
    assert 'data-prefilled="1"' in cell
    assert url("records", record, "problems.B2a.county") in page
    assert 'name="f-received.A1.provincial" value=""' in page


def test_what_is_typed_is_kept_as_a_draft(house, contact):
    record = house.paper("0101")
    response = typed(
        contact, record, **ANSWERS, **{"f-received.B2a.county": "１", "reason-f-received.B2a.county": "补登一件"}
    )
    assert response.status_code == 302
    draft = ReturnDraft.objects.get(monthly_return=record)
    assert draft.content["cells"] == {**STATES, "received.B2a.county": "１"}
    assert draft.content["reasons"] == {"received.B2a.county": "补登一件"}
    again = text(contact.get(url("fill", record)))
    assert 'name="f-received.B2a.county" value="１"' in again
    assert "补登一件" in again


def test_an_untouched_number_follows_the_records(house, contact):
    record = house.paper("0101")
    page = contact.get(url("fill", record))
    house.with_a_matter()
    contact.post(url("fill", record), {**hidden(page), "f-problems.B2a.county": "", "then": "save"})
    assert ReturnDraft.objects.get().content["cells"] == {}
    assert 'name="f-problems.B2a.county" value="1"' in text(contact.get(url("fill", record)))


def test_what_is_no_number_is_shown_with_the_sentence(house, contact):
    record = house.paper("0101")
    typed(contact, record, **ANSWERS, **{"f-open": "两件"})
    page = text(contact.get(url("fill", record)))
    assert 'value="两件"' in page
    assert "应是不小于0的整数，现为“两件”" in page


def test_autosave_answers_204_and_tells_the_other_clerk(house, contact):
    record = house.paper("0101")
    other = Reader(house.second_contact)
    mine, theirs = hidden(contact.get(url("fill", record))), hidden(other.get(url("fill", record)))
    for number in ("1", "2"):
        response = contact.post(url("draft", record), {**mine, "f-open": number}, page=url("fill", record))
        assert response.status_code == 204
    response = other.post(url("draft", record), {**theirs, "f-open": "9"}, page=url("fill", record))
    assert response.status_code == 409
    assert text(response).startswith("甲联络在 10:00:00 保存了这份月报")
    page = other.post(url("fill", record), {**theirs, "f-open": "9", "then": "save"})
    assert page.status_code == 409
    assert 'name="f-open" value="9"' in text(page)
    assert ReturnDraft.objects.get().content["cells"] == {"open": "2"}


def test_a_token_is_required(house, contact):
    record = house.paper("0101")
    assert contact.client.post(url("fill", record), {"f-open": "1"}).status_code == 403


def test_last_months_answers_are_the_first_answers(house):
    with clock("2026-10-03 10:00"):
        house.open("2026-09")
        house.submit("0101", house.leader, "2026-09", cells={"state.D3": "not_started"})
    house.open("2026-10")
    page = text(Reader(house.contact).get(url("fill", house.paper("0101"))))
    row = re.search(r'<select[^>]*name="f-state.D3".*?</select>', page, re.S)[0]
    assert '<option value="not_started" selected>' in row


# Checking and signing


def test_the_check_shows_every_finding_with_a_way_to_mend_it(house, contact):
    house.with_a_matter()
    record = house.paper("0101")
    typed(contact, record, **{"f-open": "4", "f-problems.B2a.county": "1"})
    page = text(contact.get(url("check", record)))
    assert "请填写“落实情况·" in page
    assert f'{url("fill", record)}#f-state.D1"' in page
    assert "填报4，记录为1，请写明改动理由" in page
    assert "上月结转＋本月受理－本月办结＝月末在办（1 对 4）" in page
    assert 'value="submit"' not in page
    assert 'value="ready"' not in page


def test_the_contact_asks_the_leader_and_the_leader_signs(house, contact, leader):
    house.with_a_matter()
    record = house.paper("0101")
    typed(contact, record, then="check", **ANSWERS)
    page = contact.get(url("check", record))
    assert "请负责人签报" in text(page)
    contact.post(url("check", record), {**hidden(page), "then": "ready"})
    (line,) = to_sign_or_mend(house.leader)
    assert str(line.title) == "东一厂 2026年10月月报已填好，等您签报"
    page = leader.get(line.url)
    response = leader.post(line.url, {**hidden(page), "then": "submit"})
    assert response.url == record.get_absolute_url()
    record = house.paper("0101")
    assert (record.state, record.signed_by) == ("submitted", house.leader)
    assert to_sign_or_mend(house.leader) == []


def test_a_nil_return_takes_one_press(house, leader):
    record = house.paper("0101")
    typed(leader, record, **ANSWERS)
    page = leader.get(url("check", record))
    assert "本单位2026年10月无受理、无查处，特此签报。" in text(page)
    assert "签署零报告" in text(page)
    leader.post(url("check", record), {**hidden(page), "then": "submit"})
    record = house.paper("0101")
    assert (record.is_nil, record.nil_statement) == (True, "本单位2026年10月无受理、无查处，特此签报。")


def test_a_blocked_signature_shows_what_is_missing_and_keeps_what_was_typed(house, october):
    with clock("2026-11-06 10:00"):
        leader = Reader(house.leader)
        record = house.paper("0101")
        typed(leader, record, **ANSWERS)
        page = leader.get(url("check", record))
        response = leader.post(url("check", record), {**hidden(page), "then": "submit", "explain-late": " "})
        assert response.status_code == 422
        assert "已逾期1天，请说明原因" in text(response)
        page = hidden(response)
        leader.post(url("check", record), {**page, "then": "submit", "explain-late": "出差在外"})
    assert house.paper("0101").explanations == {"late": "出差在外"}


def test_the_leader_does_not_sign_what_she_has_not_seen(house, contact, leader):
    record = house.paper("0101")
    typed(contact, record, **ANSWERS)
    seen = hidden(leader.get(url("check", record)))
    typed(contact, record, **{"f-state.D3": "not_started"})
    response = leader.post(url("check", record), {**seen, "then": "submit"})
    assert response.status_code == 409
    assert house.paper("0101").state == "open"


def test_a_contact_cannot_sign(house, contact):
    record = house.paper("0101")
    typed(contact, record, **ANSWERS)
    page = contact.get(url("check", record))
    assert contact.post(url("check", record), {**hidden(page), "then": "submit"}).status_code == 409
    assert house.paper("0101").state == "open"


def test_a_gap_is_declared_on_the_check_page(house, october):
    reader, record = Reader(house.east_leader), house.paper("01")
    typed(reader, record, **ANSWERS)
    page = reader.get(url("check", record))
    assert "东一厂的月报还没有审核通过" in text(page)
    reader.post(url("check", record), {**hidden(page), "then": "submit", "gap-0101": "停产检修"})
    assert house.paper("01").declared_gaps == [{"unit": "0101", "name": "东一厂", "reason": "停产检修"}]
    assert "停产检修" in text(reader.get(record.get_absolute_url()))


def test_a_returned_return_comes_back_as_it_was_sent(house, october, contact):
    house.with_a_matter()
    record = house.submit(
        "0101", house.leader, cells={"people_handled.B2a.county": 2}, reasons={"people_handled.B2a.county": "另有一人"}
    )
    actions.send_back(record, by=house.east, note="请核对处理人数")
    page = text(contact.get(url("fill", record)))
    assert "请核对处理人数" in page
    assert 'name="f-people_handled.B2a.county" value="2"' in page
    assert "另有一人" in page
    assert '<option value="enforced" selected>' in page
    (line,) = to_sign_or_mend(house.contact)
    assert "被退回" in str(line.title)


# Reading


def test_the_record_shows_both_numbers_the_reason_and_the_chain(house, october):
    house.with_a_matter()
    record = house.submit(
        "0101", house.leader, cells={"people_handled.B2a.county": 2}, reasons={"people_handled.B2a.county": "另有一人"}
    )
    page = text(Reader(house.east).get(record.get_absolute_url()))
    line = re.search(r"<tr><th scope=\"row\">批评教育.*?</tr>", page, re.S)[0]
    assert re.findall(r">([^<>]+)</", line)[1:] == ["2", "1", "+1", "另有一人"]
    assert record.submissions.get().digest[:16] in page
    assert "审核通过" in page


def test_the_records_behind_a_number(house, october):
    house.with_a_matter()
    record = house.paper("0101")
    page = text(Reader(house.officer).get(url("records", record, "problems.B2a.county")))
    assert page.count("WG-2026-000001") >= 1
    assert "WG-2026-000002" not in page
    assert Reader(house.officer).get(url("records", record, "nonsense")).status_code == 404


def test_a_closed_month_opens_no_form(house, october):
    record = house.paper("0101")
    with clock("2026-11-15 10:00"):
        contact = Reader(house.contact)
        actions.declare_missing(october, by=SYSTEM)
        close_period(october, by=SYSTEM)
        assert contact.get(url("fill", record)).status_code == 409
        assert contact.get(record.get_absolute_url()).status_code == 200


def test_the_list_narrows(house, october):
    house.submit("02", house.west_leader)
    reader = Reader(house.office)
    address = reverse("monthly_return:list")
    assert "西部公司" in text(reader.get(address, data={"state": "submitted"}))
    assert "东一厂" not in text(reader.get(address, data={"nil": "True"}))
    assert "东一厂" in text(reader.get(address, data={"timing": "unreported", "unit": "01", "month": "2026-10"}))
    assert "西部公司" not in text(reader.get(address, data={"unit": "01"}))
    assert reader.get(address, data={"format": "xlsx"}).content[:2] == b"PK"


# Who sees and does what

PAGES = ("detail", "fill", "check")


@pytest.mark.parametrize(
    ("account", "unit", "statuses"),
    [
        ("contact", "0101", (200, 200, 200)),  # one's own
        ("contact", "01", (404, 404, 404)),  # the unit above
        ("contact", "02", (404, 404, 404)),  # another branch
        ("east_leader", "0101", (200, 200, 200)),  # entrusted with the subtree
        ("east", "0101", (200, 409, 409)),  # reviews, does not fill in
        ("east", "02", (404, 404, 404)),
        ("office", "0101", (200, 409, 409)),
        ("officer", "0101", (200, 409, 409)),
    ],
)
def test_scopes(house, october, account, unit, statuses):
    reader, record = Reader(getattr(house, account)), house.paper(unit)
    assert tuple(reader.get(url(page, record)).status_code for page in PAGES) == statuses


def test_nobody_signs_in_to_nothing(house, october):
    staff = house.account("职工", "staff", "0101")
    assert Reader(staff).get(house.paper("0101").get_absolute_url()).status_code == 404
    assert "东一厂" not in text(Reader(staff).get(reverse("monthly_return:list")))


@pytest.mark.parametrize(("which", "most"), [("list", 12), ("fill", 14), ("check", 14), ("detail", 15)])
def test_query_budget(house, october, django_assert_max_num_queries, which, most):
    house.with_a_matter()
    reader = Reader(house.leader)
    record = house.paper("0101")
    address = reverse("monthly_return:list") if which == "list" else url(which, record)
    reader.get(address)
    with django_assert_max_num_queries(most):
        assert reader.get(address).status_code == 200
