"""A bulletin from draft to receipt, act by act: what is refused changes nothing, what is published never changes."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from tests.discipline.bulletin.small import CASE, COUNTY, DEMANDS
from tests.discipline.monthly_return.house import clock

from yuanqing.discipline.bulletin import actions, queries, tasks
from yuanqing.discipline.bulletin.models import Bulletin, Delivery, TypicalCase
from yuanqing.discipline.violation.models import Violation
from yuanqing.kernel.acts import SYSTEM, Conflict, Refused
from yuanqing.norms.obligation.models import Obligation
from yuanqing.org.account import actions as accounts
from yuanqing.shell.inbox.models import Message

NOON = "2026-09-15 12:00"


def unchanged(record: Any) -> bool:
    fresh = type(record).objects.get(pk=record.pk)
    return fresh.version == record.version and getattr(fresh, "state", "") == getattr(record, "state", "")


def test_a_draft_takes_the_next_number_of_the_year(small, august, drafted):
    assert (drafted.number, drafted.year, drafted.serial) == ("示范集团纪通〔2026〕1号", 2026, 1)
    assert drafted.title == "示范集团关于2026年8月落实八项规定和十条纪律情况的通报"
    later = small.drafted(small.september(), "2026-10-21")
    assert later.number == "示范集团纪通〔2026〕2号"


def test_a_month_has_one_bulletin(small, august, drafted):
    with pytest.raises(Conflict, match="已经起草"):
        actions.draft(by=small.office, review=august)
    assert Bulletin.objects.count() == 1


@pytest.mark.parametrize("who", ["officer", "secretary", "head", "staff"])
def test_only_the_office_drafts(small, august, who):
    with pytest.raises(Refused, match="没有这项权限"):
        actions.draft(by=getattr(small, who), review=august)
    assert not Bulletin.objects.exists()


def test_words_go_only_where_the_template_has_a_place(small, drafted):
    with pytest.raises(ValidationError, match="没有“poem”"):
        actions.edit(drafted, by=small.office, slots={"poem": "…"})
    assert unchanged(drafted)
    assert Bulletin.objects.get().slots == {"situation": "本月问题集中在违规吃喝。"}
    actions.edit(drafted, by=small.office, slots={"situation": ""}, demands=[" 一 ", ""])
    assert (drafted.slots, drafted.demands) == ({}, ["一"])


# Typical cases


def test_a_case_is_checked_by_somebody_else(small, drafted):
    case = small.told(drafted, "2026-09-14")
    with pytest.raises(Refused, match="没有这项权限"):
        actions.check_case(case, by=small.office)
    actions.check_case(case, by=small.second)
    assert case.checked_by == small.second


def test_nobody_checks_what_he_wrote(small, drafted):
    both = small.account("两任", "party_group_office")
    accounts.grant(
        by=SYSTEM,
        account=both,
        role="discipline_officer",
        starts_on=date(2020, 1, 1),
        reason="兼任",
        unit=small.units["0"],
    )
    violation = Violation.objects.get(state="concluded")
    case = actions.tell_case(by=both, bulletin=drafted, violation=violation, text=CASE)
    with pytest.raises(Refused, match="撰写人以外"):
        actions.check_case(case, by=type(both).objects.get(pk=both.pk))
    assert TypicalCase.objects.get().checked_by is None


def test_what_identifies_somebody_must_go_or_be_explained(small, drafted):
    case = small.told(drafted, "2026-09-14")
    actions.reword_case(case, by=small.office, text="东一厂某 甲公款吃喝，电话13800001111。")
    with pytest.raises(ValidationError) as refused:
        actions.check_case(case, by=small.second)
    assert [word in str(refused.value) for word in ("东一厂", "某 甲", "13800001111")] == [True] * 3
    assert TypicalCase.objects.get().checked_by is None
    given = {"东一厂": "单位已公开曝光。", "某 甲": "泛指。"}
    with pytest.raises(ValidationError, match="13800001111"):
        actions.check_case(case, by=small.second, explanations=given)
    actions.check_case(case, by=small.second, explanations={**given, "13800001111": "举报热线。"})
    assert case.explanations == {**given, "13800001111": "举报热线。"}


def test_new_words_need_a_new_check(small, drafted):
    case = small.told(drafted, "2026-09-14")
    actions.check_case(case, by=small.second)
    actions.reword_case(case, by=small.office, text="某单位一名干部公款吃喝，受到处分。")
    assert (case.checked_by, case.explanations) == (None, {})


def test_only_a_concluded_matter_is_told(small, drafted):
    with clock("2026-09-14 11:00"):
        still_open = small.routed(COUNTY, received_on=date(2026, 9, 1))
        with pytest.raises(Refused, match="只有已查处"):
            actions.tell_case(by=small.office, bulletin=drafted, violation=still_open, text=CASE)
    assert not TypicalCase.objects.exists()


# Review, signature


def test_nothing_unchecked_goes_to_review(small, drafted):
    case = small.told(drafted, "2026-09-14")
    with pytest.raises(Refused, match="还有1个典型案例没有经过脱敏核对"):
        actions.propose(drafted, by=small.office)
    assert unchanged(drafted)
    actions.drop_case(case, by=small.office)
    actions.propose(drafted, by=small.office)
    assert drafted.state == "in_review"


def test_demands_are_required(small, drafted):
    actions.edit(drafted, by=small.office, demands=[])
    with pytest.raises(Refused, match="下月要求"):
        actions.propose(drafted, by=small.office)


def test_sent_back_it_is_a_draft_again(small, drafted):
    actions.propose(drafted, by=small.office)
    with pytest.raises(ValidationError, match="请写明"):
        actions.send_back(drafted, by=small.officer, note=" ")
    actions.send_back(drafted, by=small.officer, note="情况分析太空。")
    assert (drafted.state, drafted.review_note) == ("draft", "情况分析太空。")


def test_each_step_belongs_to_its_role(small, drafted):
    steps = (("propose", "office"), ("approve", "officer"), ("sign", "secretary"), ("publish", "office"))
    with clock(NOON):
        for step, role in steps:
            for other in {"office", "officer", "secretary", "head", "staff"} - {role}:
                if (step, other) == ("publish", "secretary"):
                    continue  # the secretary may have it printed himself
                with pytest.raises(Refused, match="没有这项权限"):
                    getattr(actions, step)(drafted, by=getattr(small, other))
            for later, owner in steps[steps.index((step, role)) + 1 :]:
                with pytest.raises(Conflict):
                    getattr(actions, later)(drafted, by=getattr(small, owner))
            getattr(actions, step)(drafted, by=getattr(small, role))
    assert drafted.state == "published"


def test_what_is_signed_is_frozen(small, drafted):
    with clock(NOON):
        actions.propose(drafted, by=small.office)
        actions.approve(drafted, by=small.officer)
        actions.sign(drafted, by=small.secretary)
    assert drafted.content["signed_on"] == "2026-09-15"
    assert drafted.content_hash == queries.fingerprint(drafted.content)
    with pytest.raises(Conflict):
        actions.edit(drafted, by=small.office, demands=["另一条"])
    assert Bulletin.objects.get().content["demands"] == DEMANDS


# Publication


def test_three_files_with_their_hashes(small, published):
    for kind in ("docx", "pdf", "xlsx"):
        data = queries.path_of(published, kind).read_bytes()
        assert hashlib.sha256(data).hexdigest() == published.files[kind]
    assert published.checkpoint.startswith("yuanqing")


def test_rendering_again_gives_the_same_bytes(small, published):
    again = queries.render(Bulletin.objects.select_related("review__period").get())
    assert {kind: hashlib.sha256(data).hexdigest() for kind, data in again.items()} == published.files


def test_everybody_concerned_gets_it_once(small, published):
    readers = set(Delivery.objects.values_list("account__username", flat=True))
    assert "职工" not in readers
    assert {"总负责", "党办", "书记", "甲纪检", "集团审核", "甲联络", "厂长"} <= readers
    assert len(readers) == Delivery.objects.count() == Message.objects.filter(key="bulletin:2026-08").count()
    leaders = Delivery.objects.filter(answers_for__isnull=False).values_list("account__username", "answers_for__code")
    assert set(leaders) == {("总负责", "0"), ("东总", "01"), ("厂长", "0101"), ("西总", "02")}
    owed = Obligation.objects.filter(kind="speech.bulletin_reading")
    assert {o.unit.code for o in owed} == {"0", "01", "0101", "02"}


def test_reading_is_the_receipt_of_the_reader_alone(small, published):
    delivery = Delivery.objects.get(account=small.leader)
    with pytest.raises(Refused, match="收件人本人"):
        actions.acknowledge(delivery, by=small.contact)
    assert Delivery.objects.get(pk=delivery.pk).read_at is None
    with clock("2026-09-16 08:00") as at:
        actions.acknowledge(delivery, by=small.leader)
    assert delivery.read_at == at
    assert Obligation.objects.get(kind="speech.bulletin_reading", unit__code="0101").fulfilled_at == at
    with pytest.raises(Conflict, match="已经阅读"):
        actions.acknowledge(delivery, by=small.leader)


def test_the_contact_does_not_read_for_the_leader(small, published):
    with clock("2026-09-16 08:00"):
        actions.acknowledge(Delivery.objects.get(account=small.contact), by=small.contact)
    assert Obligation.objects.get(kind="speech.bulletin_reading", unit__code="0101").fulfilled_at is None


def test_what_stays_unread_is_told_to_the_unit_above(small, published):
    """Delivered on Tuesday 15 September; five workdays on is Monday 21 September (Sunday the 20th is worked)."""
    end = queries.term_end(Delivery.objects.first().delivered_at)
    assert end.date() == date(2026, 9, 21)
    with clock((end.replace(hour=9)).strftime("%Y-%m-%d %H:%M")):
        assert actions.escalate_unread(by=SYSTEM) == 0
    with clock("2026-09-24 09:00"):
        actions.acknowledge(Delivery.objects.get(account=small.leader), by=small.leader)
        assert actions.escalate_unread(by=SYSTEM) == Delivery.objects.count() - 1
        assert actions.escalate_unread(by=SYSTEM) == 0
    told = Message.objects.get(account=small.east, key__startswith="unread:2026-08")
    assert (
        told.title == "示范集团纪通〔2026〕1号：2个下级收件人逾期未读"
    )  # 东一厂's two contacts; its leader has read it


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE discipline_bulletin SET title = 'x'",
        "DELETE FROM discipline_bulletin",
        "UPDATE discipline_typicalcase SET text = 'x'",
        "DELETE FROM discipline_typicalcase",
        "DELETE FROM discipline_delivery",
        "UPDATE discipline_delivery SET delivered_at = now()",
    ],
)
def test_the_database_refuses_to_change_what_is_published(published_with_case, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert tasks.verify("2026-08").startswith("2026-08: sound")


def test_no_act_is_left_on_what_is_published(small, published):
    for step, role in (
        ("edit", "office"),
        ("propose", "office"),
        ("send_back", "officer"),
        ("sign", "secretary"),
        ("publish", "office"),
    ):
        words = {"note": "改"} if step == "send_back" else {}
        with pytest.raises(Conflict):
            getattr(actions, step)(published, by=getattr(small, role), **words)
