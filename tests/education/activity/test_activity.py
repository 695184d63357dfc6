"""A plan and its activities: who is invited, who owes, what is refused, coverage that agrees with a count by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from tests.education.notice.test_actions import a_notice
from tests.education.school import EVERYBODY, Reader, School, text

from yuanqing.education.activity import actions, queries
from yuanqing.education.activity.models import Activity, Participation
from yuanqing.education.activity.rules import share
from yuanqing.education.activity.tasks import invite
from yuanqing.education.campaign import actions as campaigns
from yuanqing.education.campaign.models import Campaign
from yuanqing.education.notice import actions as notices
from yuanqing.kernel.acts import Refused
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.figures import total
from yuanqing.norms.obligation.models import Obligation
from yuanqing.org.audience.rules import Rule

TERM = {"begins_on": date(2026, 11, 10), "due_on": date(2026, 11, 20)}
FILM: dict[str, Any] = {"kind": "activity.film", "title": "警示教育片《越界》", "clauses": "B1b、B2a", **TERM}


def a_campaign(school: School, published: bool = True) -> Campaign:
    made: Campaign = campaigns.draft(
        by=school.office, unit=school.units["0"], year=2026, title="警示教育", aim="看片、讨论。"
    )
    if published:
        campaigns.publish(made, by=school.office)
    return made


def an_activity(school: School, audience: Any = EVERYBODY, announced: bool = True, **words: Any) -> Activity:
    campaign = Campaign.objects.first() or a_campaign(school)
    made: Activity = actions.plan(by=school.office, campaign=campaign, **{**FILM, **words})
    actions.address(made, by=school.office, audience=audience)
    if announced:
        actions.announce(made, by=school.office)
    return made


def state() -> list[Any]:
    models = (Campaign, Activity, Participation, Obligation)
    return [sorted(model._base_manager.values_list(), key=str) for model in models]


def test_announcing_invites_everybody_meant_who_then_owes(school):
    film = an_activity(school, [Rule(ranks=("mid_level_leader",)), Rule(key_posts_only=True)])
    found = {p.person.name: (p.unit.code, p.rank, p.is_key, p.rule) for p in Participation.objects.all()}
    assert found == {
        "东主任": ("01", "mid_level_leader", False, 0),
        "西主任": ("02", "mid_level_leader", False, 0),
        "出纳": ("0101", "", True, 1),
    }
    owed = Obligation.objects.filter(kind="speech.education_attendance")
    assert {str(one) for one in owed} == {"参加教育活动：警示教育片《越界》"}
    assert {str(one.subject) for one in owed} == {str(film.pk)}
    assert {one.due_at.astimezone().date() for one in owed} <= {date(2026, 11, 20)}
    assert total("education.activities_due", Month(2026, 11)) == 3


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"kind": "activity.dance"}, "kind"),
        ({"due_on": date(2026, 11, 9)}, "due_on"),
        ({"clauses": "B1b、Z9"}, "clauses"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_written(school, words, field):
    campaign = a_campaign(school)
    before = state()
    with pytest.raises(ValidationError) as caught:
        actions.plan(by=school.office, campaign=campaign, **{**FILM, **words})
    assert list(caught.value.message_dict) == [field]
    assert state() == before


def test_clauses_are_named_by_their_packs(school):
    assert an_activity(school, announced=False).clauses == ["eight_points.B1b", "eight_points.B2a"]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda s: an_activity(s, announced=False, clauses=""), "对应哪些条款"),
        (lambda s: an_activity(s, [Rule(posts=("G999",))], announced=False), "没有人符合"),
    ],
)
def test_what_cannot_be_announced(school, make, sentence):
    film = make(school)
    before = state()
    with pytest.raises(ValidationError, match=sentence):
        actions.announce(film, by=school.office)
    assert state() == before


def test_without_an_audience_or_with_a_plan_in_draft_nothing_is_announced(school):
    plan = a_campaign(school, published=False)
    film = actions.plan(by=school.office, campaign=plan, **FILM)
    with pytest.raises(Refused, match="还没有发布"):
        actions.announce(film, by=school.office)
    campaigns.publish(plan, by=school.office)
    film.refresh_from_db()
    with pytest.raises(ValidationError, match="还没有确定对象"):
        actions.announce(film, by=school.office)


def test_a_plan_is_one_a_year_and_says_what_it_is_for(school):
    a_campaign(school)
    with pytest.raises(Exception, match="已经有了"):
        a_campaign(school)
    other = campaigns.draft(by=school.office, unit=school.units["01"], year=2026, title="东部")
    with pytest.raises(ValidationError, match="目标和安排"):
        campaigns.publish(other, by=school.office)


def test_only_the_office_plans(school):
    campaign = a_campaign(school)
    for account in (school.east, school.contact, school.cashier, school.secretary):
        with pytest.raises(Refused):
            actions.plan(by=account, campaign=campaign, **FILM)


def test_cancelled_is_no_longer_owed(school):
    film = an_activity(school)
    with pytest.raises(ValidationError, match="理由"):
        actions.cancel(film, by=school.office, reason=" ")
    actions.cancel(film, by=school.office, reason="片源未到")
    assert not Obligation.objects.owed().filter(kind="speech.education_attendance").exists()
    assert set(Participation.objects.values_list("state", flat=True)) == {"released"}
    assert total("education.activities_due", Month(2026, 11)) == 0


def test_newcomers_are_invited_daily_until_the_end(school):
    film = an_activity(school)
    assert film.participations.count() == 6
    school.person_of("新来的", "0102")
    assert invite() == "1 invited"
    assert invite() == "0 invited"
    assert Obligation.objects.filter(person__name="新来的", subject=film.pk).exists()
    actions.end(film, by=school.office)
    school.person_of("更新来的", "0102")
    assert invite() == "0 invited"


def test_coverage_agrees_with_a_count_by_hand(school):
    film = an_activity(school)
    rows = Participation.objects.filter(activity=film)
    groups = {g.code: (g.invited, g.attended) for g in queries.by_group(rows)}
    # 某书记 | 东主任, 西主任 | 出纳 | 工人甲, 工人乙
    assert groups == {"party_group_member": (1, 0), "mid_level_leader": (2, 0), "key_post": (1, 0), "other": (2, 0)}
    assert {r["unit__code"]: r["missing"] for r in queries.by_unit(rows)} == {
        "0": 1,
        "01": 1,
        "02": 1,
        "0101": 2,
        "0102": 1,
    }


@pytest.mark.parametrize(
    ("part", "whole", "expected"), [(1, 3, 3333), (2, 3, 6667), (0, 0, 0), (1, 2, 5000), (1, 1, 10_000)]
)
def test_shares(part, whole, expected):
    assert share(part, whole) == expected


# Pages


def test_from_the_plan_to_the_announcement_by_form(school):
    office = Reader(school.office)
    answer = office.post(reverse("campaign:draft"), {"unit": "0", "year": "2026", "title": "警示教育", "aim": ""})
    plan = Campaign.objects.get()
    assert answer.url == plan.get_absolute_url()
    assert office.post(reverse("campaign:publish", args=[plan.pk])).status_code == 409
    office.post(reverse("campaign:edit", args=[plan.pk]), {"title": "警示教育", "aim": "## 目标\n\n人人看到。"})
    office.post(reverse("campaign:publish", args=[plan.pk]))
    assert "已发布" in text(office.get(plan.get_absolute_url()))
    data = {
        "kind": "activity.film",
        "title": "越界",
        "begins_on": "2026-11-10",
        "due_on": "2026-11-20",
        "clauses": "B1b",
    }
    wrong = office.post(reverse("activity:plan", args=[plan.pk]), {**data, "clauses": "没有"})
    assert wrong.status_code == 422
    assert "没有这些条款" in text(wrong)
    office.post(reverse("activity:plan", args=[plan.pk]), data)
    film = Activity.objects.get()
    rules = {"rules-TOTAL_FORMS": "1", "rules-INITIAL_FORMS": "0", "rules-0-key_posts_only": "on"}
    office.post(reverse("activity:address", args=[film.pk]), rules)
    assert "对象有 1 人" in text(office.get(film.get_absolute_url()))
    assert "出纳" in text(office.get(reverse("activity:meant", args=[film.pk])))
    office.post(reverse("activity:announce", args=[film.pk]))
    shown = text(office.get(film.get_absolute_url()))
    assert "应参加" in shown
    assert "B1b" in shown or "收受" in shown
    assert "出纳" in text(office.get(reverse("activity:participations", args=[film.pk])))
    assert office.get(reverse("activity:participations", args=[film.pk]), data={"format": "xlsx"}).status_code == 200
    assert "越界" in text(office.get(reverse("activity:list")))
    assert "警示教育" in text(office.get(reverse("campaign:list")))
    cashier = Reader(school.cashier)
    assert "越界" in text(cashier.get(reverse("activity:mine")))
    assert "通知您参加" in text(cashier.get(film.get_absolute_url()))
    assert "参加教育活动" in text(cashier.get("/"))


def test_an_outsider_sees_neither_plan_nor_activity(school):
    film = an_activity(school, [Rule(key_posts_only=True)])
    worker = Reader(school.worker)
    assert worker.get(film.get_absolute_url()).status_code == 404
    assert worker.get(film.campaign.get_absolute_url()).status_code == 404
    assert worker.get(reverse("activity:participations", args=[film.pk])).status_code == 404
    east = Reader(school.east)  # leads 01, where the cashier works
    assert "出纳" in text(east.get(reverse("activity:participations", args=[film.pk])))
    west = Reader(school.west)
    assert west.get(film.get_absolute_url()).status_code == 404


def test_an_office_below_is_told_neither_whom_the_group_means_nor_its_plan(school):
    """It is invited itself, and plans for its own units; the names of everybody meant are not its business."""
    film = an_activity(school, [Rule(units=("0",))])
    below = school.account("party_group_office", "01", name="office-01")
    shown = Reader(below).get(film.get_absolute_url())
    assert shown.status_code == 200  # people of its units are invited
    assert film.campaign.get_absolute_url() not in text(shown)
    refused = Reader(below).get(reverse("activity:meant", args=[film.pk]))
    assert refused.status_code == 409
    assert "某书记" not in text(refused)
    own = Reader(school.office)
    assert film.campaign.get_absolute_url() in text(own.get(film.get_absolute_url()))
    assert "某书记" in text(own.get(reverse("activity:meant", args=[film.pk])))


def test_the_speech_goes_with_the_conference(school):
    conference = an_activity(school, kind="activity.conference", title="新年度大会")
    speech = a_notice(school, kind="notice.speech", question=False)
    notices.issue(speech, by=school.office)
    office = Reader(school.office)
    office.post(reverse("activity:hand_out", args=[conference.pk]), {"notice": str(speech.pk)})
    conference.refresh_from_db()
    assert conference.notice == speech
    assert "6 人中 0 人已签收" in text(office.get(conference.get_absolute_url()))


def test_through_the_api(school):
    office = Reader(school.office)
    office.client.get("/")
    words = {"content_type": "application/json", "headers": {"X-CSRFToken": office.client.cookies["csrftoken"].value}}
    api = "/api/education"
    made = office.client.post(
        f"{api}/campaign/", {"unit": "0", "year": 2026, "title": "教育", "aim": "人人看到"}, **words
    )
    assert made.status_code == 201
    campaign = made.json()["id"]
    assert office.client.post(f"{api}/campaign/{campaign}/publish/", **words).json()["state"] == "published"
    film = {**FILM, "campaign": campaign, "begins_on": "2026-11-10", "due_on": "2026-11-20"}
    assert office.client.post(f"{api}/activity/", {**film, "clauses": "Z"}, **words).status_code == 422
    made = office.client.post(f"{api}/activity/", film, **words).json()
    one = f"{api}/activity/{made['id']}"
    assert office.client.post(f"{one}/announce/", **words).status_code == 422
    assert office.client.put(f"{one}/audience/", {"audience": [{"colour": 1}]}, **words).status_code == 422
    office.client.put(f"{one}/audience/", {"audience": [{"key_posts_only": True}]}, **words)
    assert office.client.post(f"{one}/announce/", **words).json()["invited"] == 1
    assert [p["person"] for p in office.client.get(f"{one}/participations/").json()["items"]] == ["N004"]
    mine = Reader(school.cashier).client.get(f"{api}/activity/mine/").json()["items"]
    assert [p["state"] for p in mine] == ["invited"]
    assert office.client.post(f"{one}/cancel/", {"reason": "改期"}, **words).json()["state"] == "cancelled"
