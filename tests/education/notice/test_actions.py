"""Drafting, issuing, reading, signing, replacing and withdrawing a notice; what is refused changes nothing."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from tests.education.school import EVERYBODY, School

from yuanqing.education.notice import actions, queries
from yuanqing.education.notice.models import Notice, NoticeText, Receipt
from yuanqing.education.notice.rules import digest, fastest
from yuanqing.kernel.acts import SYSTEM, Refused, history
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.figures import total, values
from yuanqing.kernel.ledger.models import Entry
from yuanqing.norms.obligation.models import Obligation
from yuanqing.org.audience.rules import Rule
from yuanqing.shell.document.prose import pages

LONG = "\n\n".join(
    f"第{n}段。" + "不得收受可能影响公正执行公务的礼品礼金。" * 20 for n in range(1, 5)
)  # four times 400


def a_notice(
    school: School, audience=EVERYBODY, body: str = LONG, question: bool = True, kind="notice.rules"
) -> Notice:
    notice = actions.draft(by=school.office, unit=school.units["0"], kind=kind, title="关于礼品礼金的规定")
    if question:
        actions.edit(
            notice,
            by=school.office,
            kind=kind,
            title=notice.title,
            question="能收吗？",
            options=["能", "不能"],
            answer=2,
        )
    actions.write(notice, by=school.office, language="zh-hans", body=body)
    actions.address(notice, by=school.office, audience=audience)
    return notice


@pytest.fixture
def notice(school):
    notice = a_notice(school)
    actions.issue(notice, by=school.office)
    return notice


def receipt_of(notice, name) -> Receipt:
    return Receipt.objects.get(notice=notice, person__name=name)


def read_through(receipt, by) -> None:
    actions.begin(receipt, by=by, language="zh-hans")
    for page in range(1, len(queries.pages_of(receipt.text))):
        actions.turn(receipt, by=by, page=page)


def state() -> list:
    return [sorted(model._base_manager.values_list(), key=str) for model in (Notice, NoticeText, Receipt, Obligation)]


def test_issuing_delivers_to_everybody_meant_who_then_owes(school, notice):
    assert Receipt.objects.count() == 6
    owed = Obligation.objects.filter(kind="speech.notice_reading")
    assert owed.count() == 6
    assert {str(one.subject) for one in owed} == {str(notice.pk)}
    one = owed.get(person__name="出纳")
    assert str(one) == "签收告知：关于礼品礼金的规定"
    assert one.due_at.date() == date(2026, 11, 16)  # ten workdays after Monday the 2nd
    found = receipt_of(notice, "东主任")
    assert (found.unit.code, found.rank, found.is_key) == ("01", "mid_level_leader", False)


def test_a_speech_is_acknowledged_under_its_own_obligation(school):
    actions.issue(a_notice(school, kind="notice.speech"), by=school.office)
    assert Obligation.objects.filter(kind="speech.speech_acknowledgement").count() == 6


def test_signing_fulfils_and_proves_what_was_shown(school, notice, clock):
    receipt = receipt_of(notice, "出纳")
    read_through(receipt, school.cashier)
    actions.answer(receipt, by=school.cashier, choice=2)
    clock("2026-11-02 09:05")
    actions.sign(receipt, by=school.cashier)
    text = notice.texts.get()
    assert (receipt.state, receipt.text) == ("signed", text)
    assert text.digest == digest("zh-hans", notice.title, LONG)
    proof = history(receipt)[0].note
    assert (proof["digest"], proof["language"], proof["edition"], proof["pages"]) == (text.digest, "zh-hans", 1, 2)
    owed = Obligation.objects.get(person=receipt.person)
    assert owed.fulfilled_by == receipt.pk


def test_pages_must_be_turned_in_order_to_the_end(school, notice, clock):
    receipt = receipt_of(notice, "出纳")
    actions.begin(receipt, by=school.cashier, language="zh-hans")
    before = state()
    for attempt in (
        lambda: actions.sign(receipt, by=school.cashier),
        lambda: actions.answer(receipt, by=school.cashier, choice=2),
        lambda: actions.turn(receipt, by=school.cashier, page=2),
    ):
        with pytest.raises(ValidationError, match="页"):
            attempt()
    assert state() == before


def test_nobody_reads_faster_than_the_fastest(school, notice, clock):
    receipt = receipt_of(notice, "出纳")
    read_through(receipt, school.cashier)
    actions.answer(receipt, by=school.cashier, choice=2)
    clock("2026-11-02 09:01")
    with pytest.raises(ValidationError, match="翻得太快了"):
        actions.sign(receipt, by=school.cashier)


def test_a_wrong_answer_counts_and_does_not_open_the_signature(school, notice, clock):
    receipt = receipt_of(notice, "出纳")
    read_through(receipt, school.cashier)
    actions.answer(receipt, by=school.cashier, choice=1)
    clock("2026-11-02 09:30")
    assert (receipt.tries, receipt.answered_at) == (1, None)
    with pytest.raises(ValidationError, match="答对"):
        actions.sign(receipt, by=school.cashier)


@pytest.mark.parametrize("who", ["office", "east", "secretary"])
def test_nobody_signs_for_another(school, notice, who):
    before = state()
    with pytest.raises(Refused, match="本人"):
        actions.begin(receipt_of(notice, "出纳"), by=getattr(school, who), language="zh-hans")
    assert state() == before


def test_paper_is_registered_by_the_contact_of_the_unit_all_or_nothing(school, notice):
    before = state()
    west = school.people["西主任"].number
    with pytest.raises(ValidationError, match="不归您管"):
        actions.sign_on_paper(notice, [school.people["工人乙"].number, west], by=school.contact, reason="集中学习")
    assert state() == before
    assert actions.sign_on_paper(notice, [school.people["工人乙"].number], by=school.contact, reason="集中学习") == 1
    found = receipt_of(notice, "工人乙")
    assert (found.state, found.is_on_paper, found.signed_by) == ("signed", True, school.contact)
    assert Obligation.objects.get(person=found.person).fulfilled_by == found.pk


def test_a_newer_edition_replaces_the_older_and_asks_those_anew(school, notice, clock):
    actions.sign_on_paper(notice, [school.people["工人乙"].number], by=school.contact, reason="集中学习")
    newer = actions.revise(notice, by=school.office)
    assert (newer.edition, newer.texts.count(), newer.state) == (2, 1, "draft")
    clock("2026-11-04 09:00")
    actions.issue(newer, by=school.office)
    notice.refresh_from_db()
    assert notice.state == "superseded"
    assert sorted(Receipt.objects.filter(notice=notice).values_list("state", flat=True)) == ["released"] * 5 + [
        "signed"
    ]
    assert Receipt.objects.filter(notice=newer, state="delivered").count() == 6
    assert Obligation.objects.filter(subject=notice.pk, excused_at__isnull=False).count() == 5
    assert Obligation.objects.owed().count() == 6


def test_withdrawn_notices_ask_nothing_more(school, notice):
    actions.withdraw(notice, by=school.office, reason="依据已废止")
    with pytest.raises(Refused, match="不用再签收"):
        actions.begin(receipt_of(notice, "出纳"), by=school.cashier, language="zh-hans")
    assert not Obligation.objects.owed().exists()


def test_newcomers_receive_what_is_in_force_once(school, notice):
    school.person_of("新人", "0102")
    assert actions.deliver([notice], by=SYSTEM) == 1
    assert actions.deliver([notice], by=SYSTEM) == 0
    assert receipt_of(notice, "新人").state == "delivered"


def test_a_notice_is_not_issued_half_made_or_beyond_ones_scope(school):
    empty = actions.draft(by=school.office, unit=school.units["0"], kind="notice.rules", title="空")
    entries = Entry.objects.count()
    with pytest.raises(ValidationError, match="没有正文"):
        actions.issue(empty, by=school.office)
    actions.write(empty, by=school.office, language="zh-hans", body="一段。")
    with pytest.raises(ValidationError, match="对象"):
        actions.issue(empty, by=school.office)
    local = school.account("party_group_office", "01", name="local")
    own = actions.draft(by=local, unit=school.units["01"], kind="notice.rules", title="东部的规定")
    actions.write(own, by=local, language="zh-hans", body="一段。")
    actions.address(own, by=local, audience=EVERYBODY)
    with pytest.raises(ValidationError, match="2 人不在您的管辖范围"):
        actions.issue(own, by=local)
    actions.address(own, by=local, audience=[Rule(units=("01",))])
    actions.issue(own, by=local)
    assert Receipt.objects.filter(notice=own).count() == 4
    assert Entry.objects.count() > entries


def test_who_may_not_draft(school):
    with pytest.raises(Refused, match="权限"):
        actions.draft(by=school.east, unit=school.units["01"], kind="notice.rules", title="x")


def test_the_figures_agree_with_a_count_by_hand(school, notice):
    actions.sign_on_paper(
        notice, [school.people["工人乙"].number, school.people["出纳"].number], by=school.contact, reason="x"
    )
    month = Month(2026, 11)
    assert total("education.notices_delivered", month) == 6
    assert total("education.notices_signed", month) == 2
    by_rank = {
        v.dims["rank"]: v.value for v in values("education.notices_delivered", [month], by=("rank",)) if v.dims["rank"]
    }
    assert by_rank == {"party_group_member": 1, "mid_level_leader": 1}
    groups = queries.by_group(Receipt.objects.filter(notice=notice))
    assert [(g.code, g.delivered, g.signed) for g in groups] == [
        ("party_group_member", 1, 0), ("mid_level_leader", 2, 0), ("key_post", 1, 1), ("other", 2, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("characters", "speed", "seconds"), [(1200, 1200, 60), (900, 1200, 45), (10, 0, 0), (0, 1200, 0)]
)
def test_the_fastest_reading(characters, speed, seconds):
    assert fastest(characters, speed) == seconds


def test_pages_are_cut_between_paragraphs():
    assert [len(page) for page in pages("甲" * 500 + "\n\n" + "乙" * 500 + "\n\n" + "丙" * 2000, 900)] == [
        500,
        500,
        2000,
    ]
    assert pages("一。\n\n二。", 900) == ["一。\n\n二。"]
