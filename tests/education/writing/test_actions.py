"""From the first word to the archive: what must be there, who may, and questions about shared words."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from tests.education.school import EVERYBODY
from tests.education.writing.texts import copied, honest, reflection

from yuanqing.education.notice import actions as notices
from yuanqing.education.writing import actions
from yuanqing.education.writing.models import Draft, Fingerprint, Match, Version, Writing
from yuanqing.kernel.acts import SYSTEM, Conflict, Refused
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.figures import total
from yuanqing.norms.obligation.actions import open_due
from yuanqing.norms.obligation.models import Obligation

KIND = "writing.reflection"


def begun(account, year=2026) -> Writing:
    return actions.start(by=account, kind=KIND, year=year, person=account.person, unit=account.person.unit)


def submitted(account, sentences, year=2026) -> Writing:
    writing = begun(account, year)
    actions.save_draft(writing, by=account, title="观后", body=reflection(sentences))
    actions.submit(writing, by=account)
    return writing


@pytest.fixture
def reviewer(school):
    return school.account("superior_reviewer", "0", name="reviewer")


def test_from_the_outline_to_the_acceptance_which_fulfils_by_the_day_of_submission(school, reviewer, clock):
    open_due(timezone.localdate(), by=SYSTEM)
    writing = begun(school.east)
    assert "## 对照自己" in writing.draft.body
    actions.save_draft(writing, by=school.east, title="观后", body=reflection(honest(1)))
    actions.submit(writing, by=school.east)
    clock("2026-12-20 09:00")
    actions.accept(writing, by=reviewer, note="写得实")
    owed = Obligation.objects.get(kind="speech.mid_level_reflection", person=school.east.person)
    assert (owed.fulfilled_by, owed.fulfilled_at, owed.is_late) == (writing.pk, writing.submitted_at, False)
    actions.archive(writing, by=school.office)
    assert writing.state == "archived"
    assert total("education.writings_submitted", Month(2026, 11)) == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "看了什么、想到什么”这一部分写了 0 字"),
        (reflection(["短。"] * 3), "至少 200 字"),
        (reflection(honest(1)).replace("对照自己", "别的标题"), "“对照自己”这一部分写了 0 字"),
        (reflection(honest(1, 560)), "全文"),
    ],
)
def test_what_is_not_whole_is_not_submitted(school, body, said):
    writing = begun(school.east)
    actions.save_draft(writing, by=school.east, title="观后", body=body)
    with pytest.raises(ValidationError, match=said):
        actions.submit(writing, by=school.east)
    assert (Version.objects.count(), Writing.objects.get().state) == (0, "draft")


def test_only_the_author_writes_and_nobody_reviews_himself(school, reviewer):
    writing = begun(school.east)
    for other in (school.west, school.office):
        with pytest.raises(Refused):
            actions.save_draft(writing, by=other, title="x", body="y")
    actions.save_draft(writing, by=school.east, title="观后", body=reflection(honest(1)))
    with pytest.raises(Refused, match="作者本人"):
        actions.submit(writing, by=school.west)
    actions.submit(writing, by=school.east)
    with pytest.raises(Refused, match="权限"):
        actions.accept(writing, by=school.west)
    own = submitted(school.secretary, honest(2))
    with pytest.raises(Refused, match="自己写的"):
        actions.accept(own, by=school.secretary)
    assert Draft.objects.get(writing=writing).title == "观后"


def test_an_older_window_does_not_overwrite_what_a_newer_one_saved(school):
    writing = begun(school.east)
    first = actions.save_draft(writing, by=school.east, title="观后", body="新的", revision=0)
    with pytest.raises(Conflict, match="另一个窗口"):
        actions.save_draft(writing, by=school.east, title="观后", body="旧的", revision=0)
    assert actions.save_draft(writing, by=school.east, title="观后", body="更新", revision=first.revision).revision == 2


def test_sent_back_with_comments_and_submitted_again(school, reviewer):
    writing = submitted(school.east, honest(1))
    actions.comment(writing, by=reviewer, paragraph=2, note="请举例")
    with pytest.raises(ValidationError, match="没有这一段"):
        actions.comment(writing, by=reviewer, paragraph=99, note="x")
    with pytest.raises(ValidationError, match="哪里要改"):
        actions.send_back(writing, by=reviewer, note=" ")
    actions.send_back(writing, by=reviewer, note="第二段太空")
    first = writing.submitted_at
    actions.save_draft(writing, by=school.east, title="观后", body=reflection(honest(3)))
    actions.submit(writing, by=school.east)
    assert (writing.edition, writing.submitted_at, writing.versions.count()) == (2, first, 2)
    assert writing.comments.get().number == 1


def test_a_copy_from_a_peer_asks_the_later_author_and_a_rewrite_clears_the_question(school):
    source = honest(10)
    first = submitted(school.west, source)
    writing = submitted(school.east, copied(honest(11), source, 0.3, 1))
    match = Match.objects.get()
    assert (match.writing, match.other.writing, match.state) == (writing, first, "asked")
    assert 2500 <= match.share <= 4500
    with pytest.raises(Refused, match="作者本人"):
        actions.explain(match, by=school.west, explanation="x")
    actions.explain(match, by=school.east, explanation="一起讨论过")
    assert total("education.writing_questions", Month(2026, 11)) == 1
    reviewer = school.account("superior_reviewer", "0", name="r2")
    actions.send_back(writing, by=reviewer, note="请用自己的话")
    actions.save_draft(writing, by=school.east, title="观后", body=reflection(honest(12)))
    actions.submit(writing, by=school.east)
    assert Match.objects.exclude(state="cleared").count() == 0
    assert set(Fingerprint.objects.filter(version__writing=writing).values_list("version__number", flat=True)) == {2}


def test_a_copy_from_last_year_is_found_and_ones_own_versions_are_not_compared(school, clock):
    clock("2025-11-02 09:00")
    source = honest(20)
    earlier = submitted(school.east, source, year=2025)
    clock("2026-11-02 09:00")
    submitted(school.east, source, year=2026)
    match = Match.objects.get()
    assert match.other.writing == earlier
    assert match.share >= 9500


def test_words_of_a_text_handed_out_are_its_own_and_not_the_peers(school):
    handed = "".join(honest(30, 400))
    notice = notices.draft(by=school.office, unit=school.units["0"], kind="notice.rules", title="学习材料")
    notices.write(notice, by=school.office, language="zh-hans", body=handed)
    notices.address(notice, by=school.office, audience=EVERYBODY)
    notices.issue(notice, by=school.office)
    quoted = honest(30, 400)
    submitted(school.west, honest(31, 700) + quoted)
    submitted(school.east, honest(32, 700) + quoted)
    found = list(Match.objects.order_by("pk"))
    assert len(found) == 2
    assert all(match.text is not None and match.other is None for match in found)


def test_honest_authors_are_not_asked(school):
    submitted(school.west, honest(40))
    submitted(school.east, honest(41))
    submitted(school.secretary, honest(42))
    assert not Match.objects.exists()


def test_a_year_is_archived_in_one_go(school, reviewer):
    for account, seed in ((school.west, 50), (school.east, 51)):
        actions.accept(submitted(account, honest(seed)), by=reviewer)
    submitted(school.secretary, honest(52))
    assert actions.archive_year(2026, by=school.office) == 2
    assert sorted(Writing.objects.values_list("state", flat=True)) == ["archived", "archived", "submitted"]


def test_a_text_that_very_many_hand_in_is_still_asked_about(school, monkeypatch):
    """What more than a few hold is a set phrase; a whole text that they hold is none."""
    monkeypatch.setattr("yuanqing.education.writing.rules.COMMON", 2)
    people = [school.learner(f"主任{n}", "01", rank="mid_level_leader", role="unit_leader") for n in range(5)]
    theirs = [submitted(account, honest(5)) for account in people]
    asked = {
        one.writing_id: one.other.writing_id
        for one in Match.objects.select_related("other").order_by("other__submitted_at")
    }
    assert set(asked) == {one.pk for one in theirs[1:]}
    phrases = honest(5)[:2]
    own = submitted(school.east, [*honest(6), *phrases])
    assert not Match.objects.filter(writing=own).exists()
