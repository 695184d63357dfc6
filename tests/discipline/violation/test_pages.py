"""The pages of the register over HTTP, with CSRF enforced."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.discipline.violation.register import Register

from yuanqing.discipline.violation import actions
from yuanqing.discipline.violation.actions import Someone
from yuanqing.discipline.violation.models import Violation

DAY = date(2026, 10, 20)
MEMBER = Someone("township_and_below", name="某甲", is_party_member=True)


class Reader:
    """A browser without scripts that sends the token it was given."""

    def __init__(self, account: Any) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(account)

    def get(self, url: str, **words: Any) -> Any:
        return self.client.get(url, **words)

    def post(self, url: str, data: dict[str, Any], **words: Any) -> Any:
        self.client.get(url)
        token = self.client.cookies["csrftoken"].value
        return self.client.post(url, {**data, "csrfmiddlewaretoken": token}, **words)


@pytest.fixture
def officer(register: Register) -> Reader:
    return Reader(register.officer)


def url(step: str, record: Violation) -> str:
    return reverse(f"violation:{step}", args=[record.pk])


def text(response: Any) -> str:
    return response.content.decode()


def entry(**changes: Any) -> dict[str, Any]:
    return {
        "unit": "0101", "type": "B2a", "received_on": "2026-10-08", "source": "petition", "severity": "light", "facts": "公款宴请。",
        "people-TOTAL_FORMS": "1", "people-INITIAL_FORMS": "0", "people-0-person": "某甲", "people-0-is_outside": "on",
        "people-0-level": "county", **changes,
    }  # fmt: skip


def test_registering_by_form(register, officer):
    person = register.person("某丙", level="bureau")
    data = entry(**{"people-TOTAL_FORMS": "2", "people-1-person": person.number, "people-1-level": ""})
    response = officer.post(reverse("violation:record"), data)
    record = Violation.objects.get()
    assert response.status_code == 302
    assert response.url == record.get_absolute_url()
    assert record.level == "bureau"
    assert [(p.name, p.person, p.is_party_member) for p in record.involved.all()] == [
        ("某甲", None, False),
        ("某丙", person, True),
    ]


@pytest.mark.parametrize(("given", "lines"), [("1", 2), ("60", 60), ("", 2), ("x", 2), ("-5", 2), ("9" * 5000, 2)])
def test_another_person_is_added_whatever_the_hidden_number_says(register, officer, given, lines):
    response = officer.post(reverse("violation:record"), entry(more="1", **{"people-TOTAL_FORMS": given}))
    assert (response.status_code, len(response.context["people"].forms)) == (200, lines)
    assert "公款宴请" in text(response)


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(register, officer):
    response = officer.post(reverse("violation:record"), entry(type="", facts="写了一半", **{"people-0-level": ""}))
    page = text(response)
    assert response.status_code == 422
    assert Violation.objects.count() == 0
    assert "写了一半" in page
    assert "某甲" in page
    assert "请选择级别" in page


def test_somebody_unknown_must_be_said_to_be_outside(register, officer):
    data = entry()
    del data["people-0-is_outside"]
    response = officer.post(reverse("violation:record"), data)
    assert response.status_code == 422
    assert "名册里没有找到" in text(response)
    register.person("某甲")
    register.person("某甲")
    assert "几个同名的人" in text(officer.post(reverse("violation:record"), data))


def test_another_row_keeps_what_was_typed(register, officer):
    response = officer.post(reverse("violation:record"), entry(more="1"))
    page = text(response)
    assert response.status_code == 200
    assert 'name="people-1-person"' in page
    assert "公款宴请" in page
    assert Violation.objects.count() == 0


def test_suggestions_are_people_one_may_see(register):
    register.person("某东", "0101")
    register.person("某西", "02")
    east = Reader(register.account("东部联络员", "unit_contact", "01"))
    found = text(east.get(reverse("violation:people"), data={"people-0-person": "某"}))
    assert "某东" in found
    assert "某西" not in found
    staff = Reader(register.account("职工", "staff"))
    assert text(staff.get(reverse("violation:people"), data={"q": "某"})) == ""


def test_a_matter_from_receipt_to_conclusion_by_forms(register, officer):
    record = register.record(MEMBER, severity="criminal")
    person = record.involved.get()
    page = text(officer.get(url("route", record)))
    assert "涉嫌犯罪，移送有关部门" in page
    assert officer.post(url("route", record), {"to": "discipline_body"}).status_code == 422
    assert officer.post(url("route", record), {"to": "criminal_transfer"}).status_code == 302
    assert officer.get(url("conclude", record)).status_code == 409
    assert (
        officer.post(url("transfer", record), {"authority": "某机关", "on": "2026-10-20", "receipt": "移1"}).status_code
        == 302
    )
    measure = {"involved": str(person.pk), "code": "judicial_transfer", "decided_on": "2026-10-20"}
    assert officer.post(url("measure", record), {**measure, "code": ""}).status_code == 422
    assert officer.post(url("measure", record), measure).status_code == 302
    assert officer.post(url("conclude", record), {"on": "2026-10-25", "outcome": "移送。"}).status_code == 302
    record.refresh_from_db()
    assert record.state == "concluded"


def primary(page: str) -> list[str]:
    """The acts that stand out as the next on the page of a record."""
    return re.findall(r'<a class="btn btn-primary" href="[^"]*">([^<]+)</a>', page)


def test_what_comes_next_is_concluding_once_everybody_was_dealt_with(register, officer):
    record = register.routed(MEMBER, Someone("township_and_below", name="某乙"))
    first, second = record.involved.all()
    measure = {"involved": str(first.pk), "code": "party_warning", "decided_on": "2026-10-20"}
    assert primary(text(officer.get(record.get_absolute_url()))) == ["登记处理措施"]
    assert officer.post(url("measure", record), measure).status_code == 302
    assert primary(text(officer.get(record.get_absolute_url()))) == ["登记处理措施"]  # 某乙 has none yet
    measure |= {"involved": str(second.pk), "code": "admonition"}
    assert officer.post(url("measure", record), measure).status_code == 302
    page = text(officer.get(record.get_absolute_url()))
    assert primary(page) == ["查处办结"]
    assert url("measure", record) in page  # open still, for one more
    assert officer.post(url("conclude", record), {"on": "2026-10-25", "outcome": "查实。"}).status_code == 302
    assert primary(text(officer.get(record.get_absolute_url()))) == []


def test_the_reason_for_no_measure_is_asked_by_name(register, officer):
    record = register.routed(MEMBER)
    person = record.involved.get()
    page = text(officer.post(url("conclude", record), {"on": "2026-10-20", "outcome": "查实。"}))
    assert "某甲还没有处理措施" in page
    data = {"on": "2026-10-20", "outcome": "查实。", f"waiver-{person.pk}": "不知情"}
    assert officer.post(url("conclude", record), data).status_code == 302


def test_a_closed_act_says_why(register, officer):
    record = register.routed(MEMBER)
    page = text(officer.get(record.get_absolute_url()))
    assert "查否须由登记、分流以外的人办理" in page
    assert officer.get(url("dismiss", record)).status_code == 409
    second = Reader(register.second)
    assert second.post(url("dismiss", record), {"on": "2026-10-21", "reason": "查无实据"}).status_code == 302
    record.refresh_from_db()
    assert record.state == "unfounded"


def test_who_comes_second_is_told(register, officer):
    record = register.record(MEMBER)
    stale = {"to": "office_party_organisation", "version": str(record.version)}
    page = officer.get(url("route", record))
    assert f'value="{record.version}"' in text(page)
    actions.route(record, by=register.second)
    assert officer.post(url("route", record), stale).status_code == 409


def test_a_foreign_post_is_refused(register, officer):
    record = register.record(MEMBER)
    assert officer.client.post(url("route", record), {"to": "office_party_organisation"}).status_code == 403
    record.refresh_from_db()
    assert record.state == "received"


def test_names_and_facts_are_for_those_who_handle_it(register, officer):
    record = register.concluded(Someone("county", name="张某某", is_party_member=True), facts="在某处宴请。")
    assert "张某某" in text(officer.get(record.get_absolute_url()))
    secretary = Reader(register.secretary)
    page = text(secretary.get(record.get_absolute_url()))
    assert "张某某" not in page
    assert "在某处宴请" not in page
    assert "涉及人员 1" in page
    assert "党内警告" in page
    assert "张某某" not in text(secretary.get(reverse("statistics:people")))
    assert text(secretary.get(reverse("violation:list"), data={"q": "宴请"})).count(record.number) == 0
    assert text(officer.get(reverse("violation:list"), data={"q": "宴请"})).count(record.number) == 1


def test_names_beside_each_other_are_separated_as_the_reader_writes(register, officer):
    record = register.routed(MEMBER)
    assert "丙纪检、乙纪检、甲纪检" in text(officer.get(record.get_absolute_url()))
    officer.client.cookies["language"] = "en"
    page = text(officer.get(record.get_absolute_url()))
    assert "丙纪检, 乙纪检, 甲纪检" in page


def test_no_name_is_in_a_title_or_an_address(register, officer):
    record = register.routed(Someone("county", name="张某某"))
    for address in (record.get_absolute_url(), url("measure", record), reverse("violation:list")):
        page = text(officer.get(address))
        title = page.partition("<title>")[2].partition("</title>")[0]
        assert "张某某" not in title
        assert title


def test_what_is_not_visible_is_not_there(register):
    record = register.record(MEMBER)
    west = Reader(register.account("西部纪检", "discipline_officer", "02"))
    for step in ("detail", "route", "conclude"):
        assert west.get(url(step, record)).status_code == 404
    assert west.get(reverse("correction:correct", args=[record.pk])).status_code == 404


def test_who_is_involved_finds_no_trace(register):
    person = register.person("某纪检", "01", level="county")
    recused = Reader(register.account("被涉及的纪检", "discipline_officer", person=person))
    own = register.concluded(Someone("county", person, is_party_member=True))
    register.concluded(MEMBER)
    assert recused.get(own.get_absolute_url()).status_code == 404
    listed = text(recused.get(reverse("violation:list")))
    assert own.number not in listed
    table = recused.get(reverse("statistics:table"), data={"month": "2026-10"})
    assert table.context["changes"][0]["value"] == 1
    assert own.number not in text(recused.get(reverse("statistics:people")))
    assert recused.get(f"/api/discipline/violation/{own.pk}/").status_code == 404
    assert recused.get("/api/discipline/violation/").json()["count"] == 1


def test_correcting_by_form(register, officer):
    record = register.concluded(MEMBER)
    person = record.involved.get()
    measure = person.measures.get()
    address = reverse("correction:correct", args=[record.pk])
    page = text(officer.get(address))
    assert "党内警告" in page
    data = entry(
        route="office_party_organisation", concluded_on="2026-10-20", outcome="已处理。", reason="日期写错", received_on="2026-10-09",
        version=str(record.version),
        **{
            "people-TOTAL_FORMS": "2", "people-INITIAL_FORMS": "1", "people-0-level": "township_and_below",
            "people-0-is_party_member": "on", "people-0-measures": str(measure.pk),
        },
    )  # fmt: skip
    lighter = {**data, "people-0-measures": [], "people-0-waiver": "不当"}
    assert "请选择从轻更正的情形" in text(officer.post(address, lighter))
    assert officer.post(address, {**lighter, "lowering": "decision_changed"}).status_code == 409
    response = officer.post(address, data)
    assert response.status_code == 302, text(response)
    record.refresh_from_db()
    assert record.state == "superseded"
    assert record.corrected_by.received_on == date(2026, 10, 9)
    page = text(officer.get(record.get_absolute_url()))
    assert f"已由 {record.corrected_by.number} 取代" in page


def test_narrowing_the_list(register, officer):
    first = register.concluded(MEMBER, type="B1a")
    second = register.record(
        Someone("county", name="某处长"), type="A2", unit=register.units["02"], received_on=date(2026, 9, 1)
    )
    for given, expected in [
        ({"type": "B1"}, {first}), ({"type": "B"}, {first}), ({"level": "county"}, {second}), ({"unit": "01"}, {first}),
        ({"unit": "西部公司"}, {second}), ({"received_from": "2026-09-01", "received_until": "2026-09-30"}, {second}), ({"state": "concluded"}, {first}),
        ({"concluded_from": "2026-10-01", "concluded_until": "2026-10-31"}, {first}), ({"rules": "ten_disciplines"}, set()),
        ({"route": "office_party_organisation"}, {first}), ({"source": "petition"}, {first, second}), ({"q": second.number}, {second}),
    ]:  # fmt: skip
        page = officer.get(reverse("violation:list"), data=given)
        assert set(page.context["listing"].rows) == expected, given
        assert page.context["listing"].sums["problems"] == len(expected)


def test_the_table_alone_brings_its_sums_with_it(register, officer):
    register.record(MEMBER)
    response = officer.get(reverse("violation:list"), headers={"HX-Request": "true", "HX-Target": "listing-violation"})
    page = text(response)
    assert "<html" not in page
    assert 'hx-swap-oob="true"' in page


def test_the_list_as_a_workbook(register, officer):
    register.record(MEMBER)
    response = officer.get(reverse("violation:list"), data={"format": "xlsx"})
    assert response.headers["Content-Type"].endswith("spreadsheetml.sheet")


@pytest.mark.parametrize("matters", [3, 12])
def test_queries_do_not_grow_with_the_rows(register, officer, django_assert_max_num_queries, matters):
    for _n in range(matters):
        record = register.concluded(MEMBER, Someone("county", name="某处长", is_party_member=True))
    with django_assert_max_num_queries(14):
        officer.get(reverse("violation:list"))
    with django_assert_max_num_queries(20):
        officer.get(record.get_absolute_url())
    with django_assert_max_num_queries(18):
        officer.get(reverse("statistics:table"), data={"month": "2026-10"})


@pytest.mark.parametrize("month", ["0001-05", "9999-12"])
def test_a_month_without_a_year_beside_it_is_refused_in_words(officer, month):
    page = officer.get(reverse("statistics:table"), data={"month": month})
    assert page.status_code == 422
    assert "月份不存在" in text(page)


def test_every_number_of_the_table_opens_to_its_rows(register, officer):
    chief = Someone("county", name="某处长", is_party_member=True)
    register.concluded(chief, MEMBER, type="B1a")
    register.concluded(MEMBER, type="A2", unit=register.units["02"], measure="criticism")
    register.concluded(MEMBER, type="D3")
    for scope in ({}, {"unit": "01"}):
        page = officer.get(reverse("statistics:table"), data={"month": "2026-10", **scope})
        links = [
            (c.value, c.href) for b in page.context["blocks"] for line in b["lines"] for c in line["cells"] if c.href
        ]
        assert links
        for value, href in links:
            assert officer.get(href).context["listing"].page.paginator.count == value, href


def test_the_table_as_a_workbook(register, officer):
    from yuanqing.shell.document.unpack import Limits
    from yuanqing.shell.document.xlsx import read_book

    register.concluded(MEMBER, type="B1a")
    response = officer.get(reverse("statistics:table"), data={"month": "2026-10", "format": "xlsx"})
    rows = read_book(response.content, Limits())["统计表"]
    assert rows[1][:3] == ["范围", "指标", "总计"]
    assert [row[:3] for row in rows[2:5]] == [
        ["当月", "查处问题数", 1], ["当月", "批评教育和处理人数", 1], ["当月", "其中：党纪政务处分人数", 1],
    ]  # fmt: skip


def test_a_month_that_is_none_is_said_so(register, officer):
    response = officer.get(reverse("statistics:table"), data={"month": "soon"})
    assert response.status_code == 422
    assert "月份应写成" in text(response)


def test_the_pictures_show_what_the_table_counts(register, officer):
    register.concluded(MEMBER, type="B1a")
    register.concluded(MEMBER, type="D3")
    page = officer.get(reverse("statistics:table"), data={"month": "2026-10"})
    october = page.context["trend"].rows[9]
    assert october[1:] == (1, 0)
    assert sum(v or 0 for row in page.context["heat"].rows for v in row[1:]) == 1
