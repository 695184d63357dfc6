"""A world with one record of every kind in every place, seen from the unit at which the actors work.

The actors work at 东部公司 (01). Above it stands 示范集团 (0), below it 东一厂 (0101), beside it 西部公司 (02), and 西一厂 (0201) is no
relation of theirs. What is `recused` lies in their own unit and concerns each of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.utils import timezone
from tests.access.aftermath import Aftermath
from tests.access.courses import Courses
from tests.access.courts import Courts
from tests.access.exchange import Exchange
from tests.access.marks import PLACES, secret
from tests.access.newer import Newer
from tests.access.standing import Standing
from tests.discipline.bulletin.small import CASE, COUNTY, Small
from tests.discipline.monthly_return.house import STATEMENT, STATES, clock

from yuanqing.discipline.bulletin import actions as bulletins
from yuanqing.discipline.bulletin.models import Bulletin
from yuanqing.discipline.monthly_return import actions as returns
from yuanqing.discipline.review.models import MonthlyReview, ScoreCard
from yuanqing.discipline.violation import actions as violations
from yuanqing.discipline.violation.actions import Someone
from yuanqing.education.activity import actions as activities
from yuanqing.education.campaign import actions as campaigns
from yuanqing.education.examination import actions as examinations
from yuanqing.education.question import actions as questions
from yuanqing.education.question.actions import Asked
from yuanqing.education.quiz import actions as quizzes
from yuanqing.education.session import actions as sessions
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.almanac import SHANGHAI
from yuanqing.norms.clause.models import Clause
from yuanqing.norms.obligation.models import Obligation
from yuanqing.norms.packs import shipped
from yuanqing.norms.period.actions import extend
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.org.audience.rules import Rule
from yuanqing.org.person.models import Person
from yuanqing.org.post import actions as posts
from yuanqing.org.signin import actions as signing
from yuanqing.org.unit.models import Unit
from yuanqing.shell.inbox.models import Message
from yuanqing.shell.job.models import Job

NOW = "2026-11-03 10:00"
BELOW = {"0": ("01", "02", "03"), "01": ("0101", "0102"), "02": ("0201", "0202"), "0101": (), "0201": ()}
SINCE, PASSWORD = date(2026, 1, 1), "quiet-river-42x"
RELATIONS = (*PLACES, "recused")


@dataclass
class World:
    """relation → kind → key; `shared` what belongs to no unit; `mine` actor → kind → key; `worked_out` what asking found out about it."""

    at: dict[str, dict[str, Any]]
    shared: dict[str, Any]
    mine: dict[str, dict[str, Any]]
    accounts: dict[str, UUID]
    worked_out: dict[Any, Any] = field(default_factory=dict)


def build() -> World:
    """Everything is written as it is in life: by acts, at the moments at which they are taken."""
    with clock("2026-03-20 10:00"):
        house = Small()
    shared = _bulletins(house)
    with clock("2026-11-02 10:00"):
        house.open("2026-10")
        period = house.open("2026-11")
        actors = _actors(house)
        for account in actors.values():
            signing.enter(by=SYSTEM, account=account, method="password", source="203.0.113.7", device="")
        at = {relation: _place(house, code) for relation, code in PLACES.items()}
        late = datetime(2026, 12, 8, 18, tzinfo=SHANGHAI)
        for code in PLACES.values():
            extend(by=house.office, period=period, unit=house.units[code], until=late, reason=secret(code))
        at["child"]["return.waiting"] = house.paper("0101", "2026-09").pk
        at["own"] |= {"second.unit": house.units["0102"].pk, "second.code": "0102"}
        at["recused"] = _matters(house, "01", list(Person.objects.filter(account__in=actors.values())))
    shared |= {"period": period.pk, "clause": Clause.objects.order_by("code").values_list("pk", flat=True)[0]}
    packs = list(Clause.objects.order_by("pack_id").values_list("pack_id", flat=True).distinct()[:2])
    shared |= {"edition": packs[0], "other_edition": packs[1]}
    mine = _own_things(actors)
    with clock("2026-11-02 15:00"):
        newer = Newer(at, mine, shared, actors)
        newer.build(house)
    with clock(NOW):
        Courses(at, mine, shared, actors).build()
        assert newer.leader is not None
        courts = Courts(at, mine, actors, newer.leader)
        courts.build()
        Aftermath(at, mine, shared, actors, courts).build()
        Exchange(at, shared, newer).build()
        Standing(at, courts).build()
    return World(at, shared, mine, {name: account.pk for name, account in actors.items()})


def _actors(house: Small) -> dict[str, Account]:
    """One account for every role there is, over 东部公司; and one that was suspended."""
    found: dict[str, Account] = {}
    for number, role in enumerate([*(entry.code for entry in shipped("roles").of_kind("role")), "suspended"]):
        person = house.person(f"行为人{number}", "01")
        account = accounts.open_account(
            by=SYSTEM, username=f"actor-{role}", display_name=f"行为人{number}", person=person, password=PASSWORD
        )
        granted = "discipline_officer" if role == "suspended" else role
        accounts.grant(
            by=SYSTEM, account=account, role=granted, unit=house.units["01"], starts_on=SINCE, reason="岗位需要"
        )
        if role == "suspended":
            accounts.suspend(account, by=SYSTEM, reason="调离")
        found[role] = account
    return found


def _bulletins(house: Small) -> dict[str, Any]:
    """A closed month for every state of a bulletin."""
    with clock("2026-04-25 10:00"):
        told = house.concluded(COUNTY, received_on=date(2026, 4, 8), on=date(2026, 4, 20))
        house.concluded(COUNTY, unit=house.units["0201"], received_on=date(2026, 4, 9), on=date(2026, 4, 20))
    made: dict[str, Any] = {}
    for state, month, opened, closed in (
        ("ready", 4, "2026-05-02", "2026-05-12"), ("in_review", 5, "2026-06-02", "2026-06-12"),
        ("reviewed", 6, "2026-07-02", "2026-07-12"), ("signed", 7, "2026-08-02", "2026-08-12"),
        ("published", 8, "2026-09-02", "2026-09-12"), ("draft", 9, "2026-10-02", "2026-10-20"),
    ):  # fmt: skip
        review = (house.quiet if state != "draft" else partial(_one_waiting, house))(
            f"2026-{month:02d}", opened, closed
        )
        bulletin = house.drafted(review, closed)
        made[f"bulletin.{state}"] = bulletin.pk
        with clock(f"{closed} 15:00"):
            _bring(house, bulletin, state)
    with clock("2026-10-21 11:00"):
        draft = Bulletin.objects.get(pk=made["bulletin.draft"])
        made["case"] = bulletins.tell_case(by=SYSTEM, bulletin=draft, violation=told, text=CASE).pk
    return made


def _one_waiting(house: Small, month: str, reported: str, closed: str) -> MonthlyReview:
    """A month that was closed while one report still waited for its review."""
    with clock(f"{reported} 10:00"):
        period = house.open(month)
        returns.submit_as_recorded(period, by=house.head, states=STATES, statement=STATEMENT)
        returns.send_back(house.paper("0101", month), by=house.group, note="请核对。")
        returns.accept_all(period, by=house.group)
        for paper in period.returns.filter(state="submitted"):
            returns.accept(paper, by=house.group)
        house.submit("0101", house.head, month)
    return house.closed(month, closed)


def _bring(house: Small, bulletin: Bulletin, state: str) -> None:
    """Along the way to its state, by those who take the steps in life."""
    way = (
        ("in_review", lambda: bulletins.propose(bulletin, by=house.office)),
        ("reviewed", lambda: bulletins.approve(bulletin, by=house.officer, note="同意")),
        ("signed", lambda: bulletins.sign(bulletin, by=house.secretary)),
        ("published", lambda: bulletins.publish(bulletin, by=house.office)),
    )
    names = [name for name, _step in way]
    for _name, step in way[: names.index(state) + 1] if state in names else ():
        step()


def _place(house: Small, code: str) -> dict[str, Any]:
    unit, mark = house.units[code], secret(code)
    person, second = house.person(f"{mark}员", code), house.person(f"{mark}停", code)
    free_person = house.person(f"{mark}无号", code)
    post = posts.create(by=SYSTEM, code=f"POST-{code}", name=f"{mark}岗", unit=unit, rank="")
    free = posts.create(by=SYSTEM, code=f"FREE-{code}", name=f"{mark}空岗", unit=unit, rank="")
    holding = posts.appoint(by=SYSTEM, post=post, person=person, starts_on=SINCE, document=mark)
    ruled = posts.set_jurisdiction(by=SYSTEM, unit=unit, rank="township_and_below", manager=unit, starts_on=SINCE)
    account = accounts.open_account(by=SYSTEM, username=f"somebody-{code}", display_name=f"{mark}号", person=person)
    stopped = accounts.open_account(by=SYSTEM, username=f"stopped-{code}", display_name=f"{mark}停", person=second)
    accounts.suspend(stopped, by=SYSTEM, reason="借调")
    grant = accounts.grant(by=SYSTEM, account=account, role="staff", unit=unit, starts_on=SINCE, reason=mark)
    job = Job.objects.create(kind="export", title=mark, account=account)
    message = Message.objects.create(account=account, key=mark, kind="notice", title=mark, sent_at=timezone.now())
    _lesson(unit, mark, person, account)
    with clock("2026-11-02 11:00"):
        house.send(code, "2026-10", gaps=list(BELOW[code]))
    return {
        "unit": unit.pk, "person": person.pk, "post": post.pk, "post.free": free.pk, "appointment": holding.pk,
        "jurisdiction": ruled.pk, "account": account.pk, "account.suspended": stopped.pk, "grant": grant.pk,
        "job": job.pk, "message": message.pk, "code": code, "unit.code": code, "person.number": person.number,
        "person.free.number": free_person.number, "person.free": free_person.pk,
        "return": house.paper(code, "2026-11").pk, "return.closed": house.paper(code, "2026-08").pk, "return.submitted": house.paper(code, "2026-10").pk,
        "obligation": Obligation.objects.filter(unit=unit, kind="speech.monthly_report", period__month_on=date(2026, 11, 1)).values_list("pk", flat=True).get(),
        "card": ScoreCard.objects.filter(unit=unit).values_list("pk", flat=True).first(),
        **_matters(house, code, []),
    }  # fmt: skip


def _lesson(unit: Unit, mark: str, person: Person, account: Account) -> None:
    """An activity of the unit: a session from which the person was away for a reason, a quiz of which she sat one try.

    It is for those below as well, so that titles and places are theirs to know, and questions of the group.
    """
    plan = campaigns.draft(by=SYSTEM, unit=unit, year=2026, title="年度教育计划", aim=mark)
    campaigns.publish(plan, by=SYSTEM)
    day = date(2026, 11, 10)
    words = {"kind": "activity.lecture", "title": "讲座", "begins_on": day, "due_on": day, "clauses": "B1b"}
    lecture = activities.plan(by=SYSTEM, campaign=plan, **words)
    activities.address(lecture, by=SYSTEM, audience=[Rule(units=(unit.code,))])
    activities.announce(lecture, by=SYSTEM)
    begins = datetime(2026, 11, 10, 9, tzinfo=SHANGHAI)
    hours: dict[str, Any] = {"begins_at": begins, "ends_at": begins + timedelta(hours=2)}
    session = sessions.schedule(by=SYSTEM, activity=lecture, unit=unit, place="一楼会议室", **hours)
    sessions.excuse(session, [person.number], by=SYSTEM, reason="absence.trip", note=mark)
    stem = "能不能收礼" if unit.parent_id is None else mark  # quizzes below may draw it
    asked = Asked("single", stem, ["能", "不能"], [2], "B1b")
    questions.activate(questions.write(by=SYSTEM, unit=unit, asked=asked), by=SYSTEM)
    terms = {"length": 1, "pass_mark": 80, "tries": 3, "minutes": 20}
    quiz = quizzes.prepare(by=SYSTEM, activity=lecture, stage="after", title="测验", **terms)
    quizzes.offer(quiz, by=SYSTEM)
    quizzes.begin(by=account, quiz=quiz)
    examinations.begin(by=account, year=2026)


def _matters(house: Small, code: str, persons: list[Person]) -> dict[str, Any]:
    """A violation in every state, about somebody who is not on the rolls and about `persons`."""
    mark = secret(code)
    whom = [Someone("township_and_below", name=f"{mark}甲", is_party_member=True)]
    whom += [Someone("township_and_below", person, person.name, True) for person in persons]
    words: dict[str, Any] = {
        "unit": house.units[code],
        "facts": f"{mark}：公款宴请。",
        "received_on": date(2026, 10, 28),
    }
    routed, measured = house.routed(*whom, **words), house.routed(*whom, **words)
    for involved in measured.involved.all():
        violations.measure(measured, by=SYSTEM, involved=involved, code="party_warning", decided_on=date(2026, 10, 30))
    concluded = house.concluded(*whom, on=date(2026, 10, 30), **words)
    return {
        "violation.received": house.record(*whom, **words).pk,
        "violation.routed": routed.pk,
        "violation.routed.involved": routed.involved.values_list("pk", flat=True)[0],
        "violation.measured": measured.pk,
        "violation.measured.involved": measured.involved.values_list("pk", flat=True)[0],
        "violation.grave": house.routed(*whom, severity="criminal", **words).pk,
        "violation.concluded": concluded.pk,
        "violation.concluded.number": concluded.number,
    }


def _own_things(actors: dict[str, Account]) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "account": account.pk,
            "person": account.person_id,
            "job": Job.objects.create(kind="export", title="自己的任务", account=account).pk,
            "message": Message.objects.create(
                account=account, key="own", kind="notice", title="自己的消息", sent_at=timezone.now(), link="/"
            ).pk,
        }
        for name, account in actors.items()
    }
